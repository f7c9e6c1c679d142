//! How submissions are handed in, and how their labels follow.

use crate::canvas::Mark;
use crate::deal::Invoice;
use crate::forge::{self, Touch};
use crate::names::{CHANGSHA, Place, XIANGTAN, ZHUZHOU};
use crate::ofd::Carrier;
use crate::paper::{Faults, Look, Paper, bundle, draw, group};
use crate::scan::Scan;
use crate::truth::{Case, Doc, Expected};
use crate::world::{Plan, Row, Submission};

/// How a submission is handed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pack {
    /// One file a document.
    Files,
    /// One file for each attachment.
    Groups,
    /// One file a document, all scanned.
    Scans,
    /// One file a document, contracts, invoices and receipts scanned.
    Mixed,
    /// Everything in one PDF, some of its pages scanned.
    Bundle,
    /// A zip with GBK names.
    Zip,
    /// The form apart, all evidence in one long PDF with separator sheets and blank pages.
    Binder,
    /// One file a document, some invoices and receipts photographed.
    Photos,
}

/// A submission on its way to the disk.
pub struct Draft {
    /// Letter.
    pub key: &'static str,
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
    /// Whether the summary table names it.
    pub listed: bool,
    /// Seed of the scanner.
    pub seed: u64,
    /// Invoices handed in as data: key, how, and what the data say where that is not the print.
    pub carriers: Vec<(&'static str, Carrier, Option<Invoice>)>,
    /// Papers beside those of its deals.
    pub more: Vec<Paper>,
    /// What was done to finished papers.
    pub touches: Vec<Touch>,
    /// What the city's table says of it otherwise, by column.
    pub in_table: Vec<(usize, String)>,
    /// Whether the papers of each purchase are bound in another order than the notice wants.
    pub muddled: bool,
}

/// Cities whose submissions go to Changsha; the others go to Zhuzhou.
const IN_CHANGSHA: &str = "ACEFK";
/// Those that came later go to a city of their own, so that the tables of the others stay as they are.
const IN_XIANGTAN: &str = "MNOP";

impl Draft {
    /// An honest submission.
    pub fn new(
        seed: u64,
        key: &'static str,
        class: &'static str,
        bank: &str,
        pack: Pack,
        plans: &[Plan],
    ) -> Self {
        let seat = if IN_CHANGSHA.contains(key) {
            (&CHANGSHA, "长沙市")
        } else if IN_XIANGTAN.contains(key) {
            (&XIANGTAN, "湘潭市")
        } else {
            (&ZHUZHOU, "株洲市")
        };
        Self::at(seed, (key, key.as_bytes()[0] - b'A'), seat, (class, bank), pack, plans)
    }

    /// An honest submission at a place, with the look of a number.
    pub fn at(
        seed: u64,
        (key, n): (&'static str, u8),
        seat: (&Place, &'static str),
        (class, bank): (&'static str, &str),
        pack: Pack,
        plans: &[Plan],
    ) -> Self {
        let s = Submission::new(seed, key, seat, class, bank, plans);
        let mut look = Look::of(seed, n);
        look.word &= !matches!(pack, Pack::Bundle | Pack::Scans | Pack::Binder);
        // No font of the drawn papers has ☑; a Word file takes it from the reader's machine.
        if !look.word && look.form.ticks.0 == "☑" {
            look.form.ticks = ("√", "□");
        }
        if matches!(pack, Pack::Bundle | Pack::Scans | Pack::Binder) && look.books == 2 {
            look.books = 1;
        }
        let case = Case {
            id: format!("{}/{}", seat.1, s.us.name),
            applicant: s.us.name.clone(),
            clean: true,
            ..Case::default()
        };
        let seed = seed * 100 + u64::from(n);
        Self {
            key,
            s,
            look,
            faults: Faults::default(),
            pack,
            case,
            extra: Vec::new(),
            listed: true,
            seed,
            carriers: Vec::new(),
            more: Vec::new(),
            touches: Vec::new(),
            in_table: Vec::new(),
            muddled: false,
        }
    }

    /// Labels what should be found.
    pub fn expect(&mut self, rule: &'static str, what: impl Into<String>) {
        self.case.clean = false;
        let outcome = if matches!(self.pack, Pack::Scans | Pack::Mixed) { "any" } else { "anomaly" };
        self.case.expected.push(Expected { rule, outcome, what: what.into() });
    }

    /// Labels what a scan shows, where it may allow no more than a doubt.
    pub fn suspect(&mut self, rule: &'static str, what: impl Into<String>) {
        self.expect(rule, what);
        if let Some(last) = self.case.expected.last_mut() {
            last.outcome = "any";
        }
    }

    /// The files and the labels.
    pub fn finish(mut self) -> (Vec<(String, Vec<u8>)>, Case) {
        let papers = draw(&self.s, &self.look, &self.faults);
        let root = self.case.id.clone();
        let mut files = Vec::new();
        let mut papers: Vec<Paper> =
            papers.into_iter().chain(self.more.clone()).map(|p| self.carried(p)).collect();
        if self.muddled {
            muddle(&mut papers);
        }
        for (paper, flags) in self.packaged(papers) {
            let touch = self.touches.iter().find(|t| paper.name.ends_with(t.paper)).cloned();
            let before = paper.clone();
            let (paper, flags) = match &touch {
                None => (paper, flags),
                Some(touch) => {
                    let (paper, scanned) = forge::on_paper(paper, &touch.how, self.seed);
                    let pages = paper.pages.len();
                    (paper, if scanned { vec![true; pages] } else { flags })
                }
            };
            let (name, mut bytes) = paper.file();
            if let Some(touch) = &touch {
                bytes = forge::on_file(bytes, &touch.how, &before);
            }
            self.label(&paper, &flags, &format!("{root}/{name}"));
            files.push((format!("{root}/{name}"), bytes));
        }
        for (name, bytes) in &self.extra {
            let path = format!("{root}/{name}");
            files.retain(|(n, _)| *n != path);
            files.push((path, bytes.clone()));
        }
        self.case.rows = order(&self.s);
        self.case.scanned = self.case.docs.iter().any(|d| d.grade == "ocr");
        if self.pack == Pack::Zip {
            files = self.packed(&files);
        }
        (files, self.case)
    }

    /// The paper as data, where it is handed in so.
    fn carried(&self, mut paper: Paper) -> Paper {
        let key = paper.parts[0].key.as_str();
        let Some((_, carrier, stated)) = self.carriers.iter().find(|c| c.0 == key) else { return paper };
        let printed = self.s.deals.iter().flat_map(|d| &d.invoices).find(|i| i.key == key);
        let Some(stated) = stated.as_ref().or(printed) else { return paper };
        let (extension, bytes) = carrier.file(&paper.pages[0], stated, self.seed);
        // Data have no place on a page; where they differ from the print, they are the invoice.
        let total = crate::money::plain(stated.total);
        let value = |m: &Mark| if m.field == "total" { total.clone() } else { m.value.clone() };
        let mut marks: Vec<Mark> =
            paper.marks().into_iter().map(|m| Mark { bbox: None, value: value(&m), ..m }).collect();
        if printed.is_some_and(|p| p.total != stated.total) {
            // The numerals are the print's.
            marks.retain(|m| m.field != "total_capital");
        }
        paper.office = Some((extension, bytes, marks));
        paper
    }

    /// The papers as they are handed in, with a flag for each page that is a scan.
    fn packaged(&self, papers: Vec<Paper>) -> Vec<(Paper, Vec<bool>)> {
        let scan = Scan { dpi: 150.0, skew: 1.4, turn: 0, colour: true, noise: 3.0, quality: 29 };
        let of_list = |p: &Paper| p.name.contains("/3-") && p.office.is_none();
        match self.pack {
            Pack::Files => papers.into_iter().map(|p| (p, Vec::new())).collect(),
            Pack::Groups | Pack::Zip => group(papers).into_iter().map(|p| (p, Vec::new())).collect(),
            Pack::Scans | Pack::Mixed => if self.pack == Pack::Mixed { apart(papers) } else { papers }
                .into_iter()
                .enumerate()
                .map(|(i, p)| {
                    if p.office.is_some()
                        || p.name.contains("/1-")
                        || (self.pack == Pack::Mixed && !of_list(&p))
                    {
                        return (p, Vec::new());
                    }
                    let turn = if p.name.ends_with("02-2发票1") { 180 } else { 0 };
                    let how = Scan {
                        turn,
                        colour: i % 2 == 0,
                        dpi: if of_list(&p) && !p.name.ends_with("合同") { 160.0 } else { 150.0 },
                        ..scan
                    };
                    let n = p.pages.len();
                    let scanned = p.scanned(how, self.seed);
                    let scanned = if p.name.contains("营业执照") || p.name.contains("01-2发票") {
                        scanned.pictured()
                    } else {
                        scanned
                    };
                    (scanned, vec![true; n])
                })
                .collect(),
            Pack::Binder => crate::binder::bind(papers, &self.s, &self.look, self.seed),
            Pack::Photos => {
                let mut left = 4;
                papers
                    .into_iter()
                    .map(|p| {
                        let kind = p.parts.first().map_or("", |k| k.kind);
                        let small = matches!(kind, "invoice" | "payment") && p.pages.len() == 1;
                        if left == 0 || !small || !of_list(&p) {
                            return (p, Vec::new());
                        }
                        left -= 1;
                        (p.photographed(self.seed + left), vec![true])
                    })
                    .collect()
            }
            Pack::Bundle => {
                let (pages, office): (Vec<Paper>, Vec<Paper>) =
                    papers.into_iter().partition(|p| p.office.is_none());
                let mut flags = Vec::new();
                let list: Vec<Paper> = pages
                    .into_iter()
                    .map(|p| {
                        let scanned =
                            p.parts.iter().any(|k| ["invoice", "business_licence"].contains(&k.kind))
                                && !p.name.contains("客户");
                        flags.extend(vec![scanned; p.pages.len()]);
                        if scanned { p.scanned(Scan { dpi: 160.0, ..scan }, self.seed) } else { p }
                    })
                    .collect();
                let mut out = vec![(bundle("申报材料合订本", &list), flags)];
                out.extend(office.into_iter().map(|p| (p, Vec::new())));
                out
            }
        }
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

/// The receipts of each purchase first, the contract last.
fn muddle(papers: &mut [Paper]) {
    let Some(from) = papers.iter().position(|p| p.name.contains("/3-")) else { return };
    let to = papers.iter().rposition(|p| p.name.contains("/3-")).map_or(from, |i| i + 1);
    let rank = |p: &Paper| match p.parts[0].kind {
        "payment" => 0,
        "invoice" => 1,
        _ => 2,
    };
    let deal = |p: &Paper| p.name.rsplit('/').next().and_then(|n| n.get(..2)).unwrap_or_default().to_owned();
    papers[from..to].sort_by_key(|p| (deal(p), rank(p)));
}

/// Grouped, but for the papers of the list.
fn apart(papers: Vec<Paper>) -> Vec<Paper> {
    let (list, rest): (Vec<Paper>, Vec<Paper>) = papers.into_iter().partition(|p| p.name.contains("/3-"));
    let mut out = group(rest);
    out.extend(list);
    out
}

/// Rows in the order of the list: by category.
fn order(s: &Submission) -> Vec<Row> {
    ["hardware", "software", "cloud", "labour"]
        .iter()
        .flat_map(|k| s.rows.iter().filter(move |r| r.category == *k).cloned())
        .collect()
}
