//! The cities' summary tables: one a workbook, one scanned.

use crate::cases::Draft;
use crate::flow;
use crate::form::{Entry, summary as table};
use crate::paper::{Look, Paper, Part};
use crate::rng::Rng;
use crate::scan::Scan;
use crate::truth::{Case, Doc};

/// The summary table of a city with its labels.
pub fn summary(seed: u64, n: usize, city: &'static str, drafts: &[Draft]) -> (Vec<(String, Vec<u8>)>, Case) {
    let mut rng = Rng::new(seed, city);
    let parks = ["长沙高新区", "株洲高新区", "湘潭高新区"];
    let districts = ["岳麓区", "天元区", "岳塘区"];
    let mut entries: Vec<Entry> = drafts
        .iter()
        .filter(|d| d.s.city == city && d.listed)
        .map(|d| Entry {
            cells: [
                d.s.platform.clone(),
                d.s.us.name.clone(),
                format!("{city}{}", districts[n]),
                parks[n].to_string(),
                format!("{} {}", d.s.contact.0, d.s.contact.1),
            ],
        })
        .collect();
    if n == 1 {
        // A row for which nothing was handed in.
        let missing = crate::names::company(&mut rng, &crate::names::ZHUZHOU, "信息科技");
        let platform = format!("{}数字工厂工业互联网平台", missing.brand);
        let contact = format!("{} 1390733{}", missing.legal, rng.digits(4));
        entries.push(Entry {
            cells: [platform, missing.name, format!("{city}{}", districts[n]), parks[n].into(), contact],
        });
    }
    let contact = format!("{} 0731-2{}", crate::names::person(&mut rng), rng.digits(7));
    let (blocks, grid) = table(&format!("{city}工业和信息化局"), &contact, &entries);
    let name = format!("{city}/附件2-推荐汇总表");
    let parts = vec![Part { key: "summary".into(), kind: "summary_table", pages: (1, 1) }];
    let (paper, grade) = if n == 2 || (n as u64 + seed).is_multiple_of(2) {
        let (bytes, marks) = crate::office::xlsx(&[("汇总表", &grid)]);
        (Paper { name, parts, pages: Vec::new(), office: Some(("xlsx", bytes, marks)) }, "text")
    } else {
        let pages = flow::set(&blocks, Look::of(seed, 3).style);
        let how = Scan { dpi: 160.0, skew: 1.0, turn: 0, colour: true, noise: 6.0, quality: 40 };
        (Paper { name, parts, pages, office: None }.scanned(how, seed), "ocr")
    };
    let (file, bytes) = paper.file();
    let doc = Doc {
        key: "summary".into(),
        file: file.clone(),
        kind: "summary_table",
        pages: (1, 1),
        grade,
        marks: paper.marks(),
    };
    let mut case =
        Case { id: city.into(), clean: n != 1, scanned: grade == "ocr", docs: vec![doc], ..Case::default() };
    if n == 1 {
        let outcome = if grade == "ocr" { "any" } else { "anomaly" };
        case.expected.push(crate::truth::Expected {
            rule: "PROC-002",
            outcome,
            what: "汇总表有一行没有申报材料".into(),
        });
    }
    (vec![(file, bytes)], case)
}
