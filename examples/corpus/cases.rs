//! The submissions of the corpus: which are honest, what is wrong with the others, and how they are handed in.

use crate::canvas::Mark;
use crate::deal::{Course, Form};
use crate::names::{CHANGSHA, ZHUZHOU};
use crate::paper::{Faults, Look, Paper, bundle, draw};
use crate::scan::Scan;
use crate::truth::{Case, Doc, Expected};
use crate::world::{Plan, Submission};

/// How a submission is handed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pack {
    /// One file a document.
    Files,
    /// One file a document, all scanned but the form if that is a Word file.
    Scans,
    /// Everything in one PDF, some of its pages scanned.
    Bundle,
    /// A zip with GBK names.
    Zip,
}

/// A submission on its way to the disk.
pub struct Draft {
    /// Facts.
    pub s: Submission,
    /// Look.
    pub look: Look,
    /// What is printed wrongly.
    pub faults: Faults,
    /// How it is handed in.
    pub pack: Pack,
    /// Labels so far.
    pub case: Case,
    /// Files beside the papers.
    pub extra: Vec<(String, Vec<u8>)>,
    /// Seed of the scanner.
    pub seed: u64,
}

fn plan(category: &'static str, lines: usize, form: Form, course: Course, year: i32) -> Plan {
    Plan { category, lines, form, course, year }
}

impl Draft {
    fn new(seed: u64, n: u8, key: &str, class: &'static str, pack: Pack, plans: &[Plan]) -> Self {
        let (place, city) =
            if "ACEF".contains(key) { (&CHANGSHA, "长沙市") } else { (&ZHUZHOU, "株洲市") };
        let s = Submission::new(seed, key, place, city, class, plans);
        let look = Look::of(seed, n);
        let case =
            Case { id: format!("{city}/{}", s.us.name), applicant: s.us.name.clone(), ..Case::default() };
        Self {
            s,
            look,
            faults: Faults::default(),
            pack,
            case,
            extra: Vec::new(),
            seed: seed * 100 + u64::from(n),
        }
    }

    fn expect(&mut self, rule: &'static str, what: impl Into<String>) {
        self.case.expected.push(Expected { rule, outcome: "anomaly", what: what.into() });
    }

    /// The files and the labels.
    pub fn finish(mut self) -> (Vec<(String, Vec<u8>)>, Case) {
        let papers = draw(&self.s, &self.look, &self.faults);
        let root = self.case.id.clone();
        let scan = Scan { dpi: 150.0, skew: 1.4, turn: 0, colour: true, noise: 7.0, quality: 42 };
        let mut files = Vec::new();
        let mut done: Vec<(Paper, Vec<bool>)> = Vec::new();
        match self.pack {
            Pack::Files | Pack::Zip => done.extend(papers.into_iter().map(|p| (p, Vec::new()))),
            Pack::Scans => {
                for (i, p) in papers.into_iter().enumerate() {
                    let how = Scan {
                        turn: if p.name.ends_with("02-2发票1") { 180 } else { 0 },
                        colour: i % 3 != 2,
                        dpi: if i % 4 == 1 { 170.0 } else { 150.0 },
                        ..scan
                    };
                    let n = p.pages.len();
                    let p = if p.office.is_some() { p } else { p.scanned(how, self.seed) };
                    done.push((p, vec![true; n]));
                }
            }
            Pack::Bundle => {
                let (pages, office): (Vec<Paper>, Vec<Paper>) =
                    papers.into_iter().partition(|p| p.office.is_none());
                let mut flags = Vec::new();
                let list: Vec<Paper> = pages
                    .into_iter()
                    .map(|p| {
                        let scanned = p
                            .parts
                            .iter()
                            .any(|k| ["invoice", "business_licence", "payment"].contains(&k.kind))
                            && !p.name.contains("客户");
                        flags.extend(vec![scanned; p.pages.len()]);
                        if scanned { p.scanned(Scan { dpi: 160.0, ..scan }, self.seed) } else { p }
                    })
                    .collect();
                done.push((bundle("申报材料合订本", &list), flags));
                done.extend(office.into_iter().map(|p| (p, Vec::new())));
            }
        }
        for (paper, flags) in done {
            let (name, bytes) = paper.file();
            self.label(&paper, &flags, &format!("{root}/{name}"));
            files.push((format!("{root}/{name}"), bytes));
        }
        files.extend(self.extra.iter().map(|(n, b)| (format!("{root}/{n}"), b.clone())));
        self.case.rows = order(&self.s);
        self.case.scanned = matches!(self.pack, Pack::Scans | Pack::Bundle);
        if self.pack == Pack::Zip {
            files = self.packed(&files);
        }
        (files, self.case)
    }

    fn label(&mut self, paper: &Paper, flags: &[bool], file: &str) {
        let marks = paper.marks();
        for (n, part) in paper.parts.iter().enumerate() {
            let own: Vec<Mark> = marks.iter().filter(|m| m.part == n).cloned().collect();
            let ocr = flags.get(part.pages.0 as usize - 1).copied().unwrap_or(false);
            self.case.docs.push(Doc {
                key: part.key.clone(),
                file: file.to_string(),
                kind: part.kind,
                pages: part.pages,
                grade: if ocr { "ocr" } else { "text" },
                marks: own,
            });
        }
    }

    /// Everything in one zip whose names are GBK, as Windows packers write them.
    fn packed(&mut self, files: &[(String, Vec<u8>)]) -> Vec<(String, Vec<u8>)> {
        let root = format!("{}/", self.case.id);
        let parts: Vec<(Vec<u8>, Vec<u8>)> = files
            .iter()
            .map(|(n, b)| {
                (encoding_rs::GBK.encode(n.strip_prefix(&root).unwrap_or(n)).0.into_owned(), b.clone())
            })
            .collect();
        let zip = format!("{}.zip", self.case.id);
        for d in &mut self.case.docs {
            d.file = d.file.replacen(&root, &format!("{zip}!/"), 1);
        }
        self.case.id.clone_from(&zip);
        vec![(zip, crate::office::zip(&parts))]
    }
}

/// Rows in the order of the list: by category.
fn order(s: &Submission) -> Vec<crate::world::Row> {
    ["hardware", "software", "cloud", "labour"]
        .iter()
        .flat_map(|k| s.rows.iter().filter(move |r| r.category == *k).cloned())
        .collect()
}

/// A: honest, electronic.
pub fn clean_electronic(seed: u64) -> Draft {
    let plans = [
        plan("hardware", 2, Form::ElectronicPlain, Course::Plain, 2021),
        plan("software", 1, Form::DigitalSpecial, Course::Prepaid, 2022),
        plan("cloud", 1, Form::PaperSpecial, Course::Plain, 2022),
    ];
    let mut d = Draft::new(seed, 0, "A", "综合型", Pack::Files, &plans);
    d.case.clean = true;
    d
}
