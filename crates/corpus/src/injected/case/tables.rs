//! The cities' summary tables of these submissions.

use crate::cases::Draft;
use crate::flow;
use crate::form::{Entry, summary as table};
use crate::names::{self, HUNAN, Place, YUEYANG};
use crate::paper::{Look, Paper, Part};
use crate::rng::Rng;
use crate::scan::Scan;
use crate::truth::{Case, Doc, Expected};

/// A city that recommends.
pub struct City {
    /// Name of the label file.
    pub key: &'static str,
    /// Folder.
    pub name: &'static str,
    seat: &'static Place,
    /// How many rows stand for submissions that another office holds.
    others: usize,
    scanned: bool,
}

/// One recommends more than the plan has room for; the other's table is a scan.
pub const CITIES: [City; 2] = [
    City { key: "Sc1", name: "衡阳市", seat: &HUNAN[3], others: 27, scanned: false },
    City { key: "Sc2", name: "岳阳市", seat: &YUEYANG, others: 0, scanned: true },
];

fn entry(d: &Draft, district: &str, park: &str) -> Entry {
    let mut cells = [
        d.s.platform.clone(),
        d.s.us.name.clone(),
        district.into(),
        park.into(),
        format!("{} {}", d.s.contact.0, d.s.contact.1),
    ];
    for (column, text) in &d.in_table {
        cells[*column].clone_from(text);
    }
    Entry { cells }
}

/// The summary table of a city with its labels.
pub fn summary(seed: u64, city: &City, drafts: &[Draft]) -> (Vec<(String, Vec<u8>)>, Case) {
    let mut rng = Rng::new(seed, city.name);
    let (district, park) = (format!("{}高新区", city.name), format!("{}高新区", &city.name[..6]));
    let mut entries: Vec<Entry> = drafts
        .iter()
        .filter(|d| d.s.city == city.name && d.listed)
        .map(|d| entry(d, &district, &park))
        .collect();
    for n in 0..city.others {
        let trade = ["智能科技", "数字技术", "信息科技", "装备制造"][n % 4];
        let other = names::company(&mut rng, city.seat, trade);
        let field = ["机械", "化工", "输变电装备", "食品", "建材"][n % 5];
        let platform = format!("{}{field}工业互联网平台", other.brand);
        let contact = format!("{} 139{}", other.legal, rng.digits(8));
        entries.push(Entry { cells: [platform, other.name, district.clone(), park.clone(), contact] });
    }
    let contact = format!("{} {}-8{}", names::person(&mut rng), city.seat.dial, rng.digits(7));
    let (blocks, grid) = table(&format!("{}工业和信息化局", city.name), &contact, &entries);
    let name = format!("{}/附件2-推荐汇总表", city.name);
    let part = |pages| vec![Part { key: "summary".into(), kind: "summary_table", pages }];
    let (paper, grade) = if city.scanned {
        let pages = flow::set(&blocks, Look::of(seed, 3).style);
        let how = Scan { dpi: 160.0, skew: 0.8, turn: 0, colour: true, noise: 5.0, quality: 45 };
        let parts = part((1, pages.len() as u32));
        (Paper { name, parts, pages, office: None }.scanned(how, seed), "ocr")
    } else {
        let (bytes, marks) = crate::office::xlsx(&[("汇总表", &grid)]);
        (Paper { name, parts: part((1, 1)), pages: Vec::new(), office: Some(("xlsx", bytes, marks)) }, "text")
    };
    let (file, bytes) = paper.file();
    let doc = Doc {
        key: "summary".into(),
        file: file.clone(),
        kind: "summary_table",
        pages: paper.parts[0].pages,
        grade,
        marks: paper.marks(),
    };
    let expected = if city.others == 0 {
        Vec::new()
    } else {
        let what = "汇总表所列项目多于计划总数".into();
        vec![Expected { rule: "PROC-003", outcome: "anomaly", what }]
    };
    let case = Case {
        id: city.name.into(),
        clean: expected.is_empty(),
        scanned: city.scanned,
        docs: vec![doc],
        expected,
        ..Case::default()
    };
    (vec![(file, bytes)], case)
}
