//! All papers of a submission, drawn; and the ways to hand them in: one file each, scanned, bundled, packed.

use crate::canvas::{Canvas, Mark, to_pdf};
use crate::deal::Deal;
use crate::flow::{self, Style};
use crate::font::Face;
use crate::form::{self, Layout, Slips};
use crate::invoice::Ink;
use crate::rng::Rng;
use crate::scan::Scan;
use crate::statement::{self, Edits};
use crate::world::Submission;
use crate::{contract, invoice, office, papers, receipt};

/// One document of a paper.
#[derive(Clone, Debug)]
pub struct Part {
    /// Key within the submission.
    pub key: String,
    /// Kind, as in the report.
    pub kind: &'static str,
    /// Pages within the paper, from 1.
    pub pages: (u32, u32),
}

/// A file to be: pages, or an office file.
#[derive(Clone, Debug)]
pub struct Paper {
    /// Path without extension.
    pub name: String,
    /// Its documents.
    pub parts: Vec<Part>,
    /// Drawn pages.
    pub pages: Vec<Canvas>,
    /// Or a finished office file: extension, bytes, fields.
    pub office: Option<(&'static str, Vec<u8>, Vec<Mark>)>,
}

impl Paper {
    pub(crate) fn one(name: &str, key: &str, kind: &'static str, pages: Vec<Canvas>) -> Self {
        let parts = vec![Part { key: key.into(), kind, pages: (1, pages.len() as u32) }];
        Self { name: name.into(), parts, pages, office: None }.numbered()
    }

    pub(crate) fn join(name: &str, list: Vec<(String, &'static str, Vec<Canvas>)>) -> Self {
        let mut out = Self { name: name.into(), parts: Vec::new(), pages: Vec::new(), office: None };
        for (n, (key, kind, mut pages)) in list.into_iter().enumerate() {
            let from = out.pages.len() as u32 + 1;
            out.parts.push(Part { key, kind, pages: (from, from + pages.len() as u32 - 1) });
            for page in &mut pages {
                page.marks.iter_mut().for_each(|m| m.part = n);
            }
            out.pages.extend(pages);
        }
        out.numbered()
    }

    fn office(
        name: &str,
        key: &str,
        kind: &'static str,
        ext: &'static str,
        (bytes, marks): (Vec<u8>, Vec<Mark>),
    ) -> Self {
        let parts = vec![Part { key: key.into(), kind, pages: (1, 1) }];
        Self { name: name.into(), parts, pages: Vec::new(), office: Some((ext, bytes, marks)) }
    }

    /// Gives every mark the number of its page.
    pub(crate) fn numbered(mut self) -> Self {
        for (i, page) in self.pages.iter_mut().enumerate() {
            page.marks.iter_mut().for_each(|m| m.page = i as u32 + 1);
        }
        self
    }

    /// The paper as a scan.
    pub fn scanned(&self, how: Scan, seed: u64) -> Self {
        let mut rng = Rng::new(seed, &self.name);
        let pages = self
            .pages
            .iter()
            .map(|p| {
                let skew = if how.skew == 0.0 { 0.0 } else { (rng.unit() * 2.0 - 1.0) * how.skew };
                crate::scan::as_page(p, Scan { skew, ..how }, rng.bits())
            })
            .collect();
        Self { pages, ..self.clone() }
    }

    /// The paper as a photograph of its only page.
    pub fn photographed(mut self, seed: u64) -> Self {
        let bytes = crate::scan::photograph(&self.pages[0], seed);
        // Where things lie on the photograph is not known.
        let marks = self.pages[0].marks.iter().map(|m| Mark { bbox: None, ..m.clone() }).collect();
        self.office = Some(("jpg", bytes, marks));
        self
    }

    /// A scan handed in as a picture.
    pub fn pictured(mut self) -> Self {
        if let [page] = &self.pages[..]
            && let Some(bytes) = page.picture()
        {
            self.office = Some(("jpg", bytes, page.marks.clone()));
        }
        self
    }

    /// Its marks.
    pub fn marks(&self) -> Vec<Mark> {
        match &self.office {
            Some((_, _, marks)) => marks.clone(),
            None => self.pages.iter().flat_map(|p| p.marks.clone()).collect(),
        }
    }

    /// The file: path with extension, bytes.
    pub fn file(&self) -> (String, Vec<u8>) {
        match &self.office {
            Some((ext, bytes, _)) => (format!("{}.{ext}", self.name), bytes.clone()),
            None => (format!("{}.pdf", self.name), to_pdf(&self.pages.iter().collect::<Vec<_>>())),
        }
    }
}

/// Several papers as one.
pub fn bundle(name: &str, list: &[Paper]) -> Paper {
    let mut out = Paper { name: name.into(), parts: Vec::new(), pages: Vec::new(), office: None };
    for paper in list {
        let (page, part) = (out.pages.len() as u32, out.parts.len());
        out.parts.extend(
            paper.parts.iter().map(|p| Part { pages: (p.pages.0 + page, p.pages.1 + page), ..p.clone() }),
        );
        for canvas in &paper.pages {
            let mut canvas = canvas.clone();
            canvas.marks.iter_mut().for_each(|m| m.part += part);
            out.pages.push(canvas);
        }
    }
    out.numbered()
}

/// Papers put together by their place among the attachments.
pub fn group(list: Vec<Paper>) -> Vec<Paper> {
    let mut out: Vec<(String, Vec<Paper>)> = Vec::new();
    for p in list {
        let stem: String = p.name.split(['-', '/']).take(2).collect::<Vec<_>>().join("-");
        let stem = if p.office.is_some() || !p.name.starts_with("附件") { p.name.clone() } else { stem };
        match out.iter_mut().find(|(s, _)| *s == stem) {
            Some((_, l)) => l.push(p),
            None => out.push((stem, vec![p])),
        }
    }
    let one =
        |(stem, mut l): (String, Vec<Paper>)| if l.len() == 1 { l.remove(0) } else { bundle(&stem, &l) };
    out.into_iter().map(one).collect()
}

/// How a submission's papers look.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Form layout.
    pub form: Layout,
    /// Form as a Word file.
    pub word: bool,
    /// Setting of flowing papers.
    pub style: Style,
    /// Invoice faces.
    pub ink: Ink,
    /// Face of receipts, statements and certificates.
    pub face: Face,
    /// Contract style: 0, 1, 2, or 3 for a different one each.
    pub contract: u8,
    /// Statements: 0 two-sided with rulings, 1 one list without, 2 a workbook.
    pub books: u8,
    /// Whether contracts are Word files.
    pub word_contracts: bool,
}

impl Look {
    /// A look for a seed.
    pub fn of(seed: u64, n: u8) -> Self {
        let mut rng = Rng::new(seed, &format!("look {n}"));
        let ticks = [("☑", "□"), ("■", "□"), ("√", "□"), ("☑", "☐")];
        let styles = [
            Style { body: Face::Serif, head: Face::SansBold, sub: Face::Kai, size: 12.0, lead: 1.75 },
            Style { body: Face::Ming, head: Face::ZenHei, sub: Face::Kai, size: 12.0, lead: 1.7 },
            Style { body: Face::Sans, head: Face::SansBold, sub: Face::Sans, size: 11.5, lead: 1.7 },
            Style { body: Face::Kai, head: Face::ZenHei, sub: Face::Kai, size: 12.5, lead: 1.6 },
        ];
        let inks = [
            Ink { form: Face::Kai, value: Face::Serif },
            Ink { form: Face::Serif, value: Face::Ming },
            Ink { form: Face::Kai, value: Face::Sans },
            Ink { form: Face::Ming, value: Face::ZenHei },
        ];
        let at = |len: usize, shift: i64| (i64::from(n) + shift).rem_euclid(len as i64) as usize;
        let shift = if seed == 1 { 0 } else { rng.int(0, 11) };
        Self {
            form: Layout { kind: at(2, shift) as u8, ticks: ticks[at(4, shift)], two: at(3, shift) == 0 },
            word: at(2, shift + n as i64 / 2) == 0,
            style: styles[at(4, shift)],
            ink: inks[at(4, shift + 1)],
            face: [Face::Serif, Face::Sans, Face::Ming, Face::ZenHei][at(4, shift + 2)],
            contract: at(4, shift) as u8,
            books: at(3, shift) as u8,
            word_contracts: false,
        }
    }
}

/// What is printed wrongly, and what is left out.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    /// On the form.
    pub form: Slips,
    /// In the statements of 2021 and 2022.
    pub books: [Edits; 2],
    /// Keys of documents left out; a prefix ending in `*` leaves out all that begin so.
    pub without: Vec<&'static str>,
    /// Company printed on the licence instead of the applicant.
    pub licence: Option<crate::names::Company>,
    /// Company on the tax certificate of a year (0 is 2021) instead of the applicant.
    pub taxpayer: Option<(usize, crate::names::Company)>,
    /// Papers added: name and blocks.
    pub added: Vec<(&'static str, Vec<flow::Block>)>,
    /// What the licence says otherwise: `type`, `head`, `term`.
    pub on_licence: Vec<(&'static str, String)>,
    /// What the opinions of 2021 and 2022 say otherwise: `number`, `opinion_head`, `opinion`, `basis_head`, `basis`.
    pub on_audit: [Vec<(&'static str, String)>; 2],
    /// What the clock on the screens shows.
    pub clock: Option<String>,
    /// Material that the list of attachments names beside the usual.
    pub listed: Vec<&'static str>,
    /// The paper's size of the form in points, where it is not A4.
    pub sheet: Option<(f32, f32)>,
}

/// Draws all papers of a submission, in the order in which they are attached.
pub fn draw(s: &Submission, look: &Look, faults: &Faults) -> Vec<Paper> {
    let mut rng = Rng::new(17, &s.us.uscc);
    let mut out = Vec::new();
    let blocks = form::form(s, look.form, &faults.form);
    if look.word {
        out.push(Paper::office("申报书", "form", "application_form", "docx", office::docx(&blocks)));
    } else {
        let mut pages = flow::set(&blocks, look.style);
        if let Some((w, h)) = faults.sheet {
            pages.iter_mut().for_each(|p| (p.w, p.h) = (w, h));
        }
        out.push(Paper::one("申报书", "form", "application_form", pages));
    }
    let names: Vec<String> = [
        "平台功能界面截图和现场照片",
        "企业法人营业执照",
        "平台建设投入合同、发票和支付凭证",
        "服务区域列表",
        "服务企业列表、客户合同、发票和支付凭证",
        "软件著作权登记证书",
        "2021、2022年度审计报告",
        "完税证明",
    ]
    .iter()
    .chain(&faults.listed)
    .map(|n| (*n).to_string())
    .collect();
    out.push(Paper::one(
        "附件/0-证明材料清单",
        "list",
        "evidence_list",
        flow::set(&papers::contents(s, &names), look.style),
    ));
    let mut photo = Canvas::new(595.0, 420.0);
    photo.image(crate::canvas::Area(40.0, 40.0, 515.0, 320.0), papers::photo(rng.bits(), 640, 400), true);
    photo.text(210.0, 386.0, 12.0, look.face, crate::canvas::BLACK, "图3　平台应用场景现场照片");
    let clock = faults.clock.as_deref().unwrap_or("2023-01-16 10:32");
    let screens = vec![papers::screen(s, 1, look.face, clock), papers::screen(s, 2, look.face, clock), photo];
    out.push(Paper::one("附件/1-平台截图及现场照片", "screens", "screenshot", screens));
    let (owner, region) = match &faults.licence {
        Some(k) => (k, if k.uscc.starts_with("9143") { s.city } else { "广州市" }),
        None => (&s.us, s.city),
    };
    out.push(Paper::one(
        "附件/2-营业执照",
        "licence",
        "business_licence",
        vec![papers::licence(owner, look.face, region, &faults.on_licence)],
    ));
    for (i, deal) in s.deals.iter().enumerate() {
        purchase(&mut out, deal, look, &format!("附件/3-合同发票支付凭证/{:02}", i + 1), i);
    }
    out.push(Paper::one(
        "附件/4-服务区域列表",
        "regions",
        "service_list",
        flow::set(&papers::regions(s), look.style),
    ));
    out.push(Paper::one(
        "附件/5-客户/服务企业列表",
        "customers",
        "service_list",
        flow::set(&papers::service(s), look.style),
    ));
    for (i, deal) in s.sales.iter().enumerate() {
        purchase(&mut out, deal, look, &format!("附件/5-客户/{:02}", i + 1), i + 3);
    }
    out.push(Paper::one(
        "附件/6-软件著作权",
        "copyright",
        "ip_certificate",
        vec![papers::copyright(s, look.face)],
    ));
    books(&mut out, s, look, faults);
    for (y, list) in s.taxes.iter().enumerate() {
        let number = format!("{}{}", ["343016220", "343016230"][y], rng.digits(9));
        let office = format!("国家税务总局{}税务局", s.city);
        let whose = faults.taxpayer.as_ref().filter(|f| f.0 == y).map_or(&s.us, |f| &f.1);
        let page = papers::tax(whose, list, &number, &office, look.face);
        out.push(Paper::one(
            &format!("附件/8-完税证明{}", 2021 + y),
            &format!("tax{}", 2021 + y),
            "tax_certificate",
            vec![page],
        ));
    }
    for (name, blocks) in &faults.added {
        out.push(Paper::one(name, "added", "other", flow::set(blocks, look.style)));
    }
    retain(&mut out, &faults.without);
    out
}

fn is_gone(key: &str, without: &[&str]) -> bool {
    without.iter().any(|w| w.strip_suffix('*').map_or(*w == key, |p| key.starts_with(p)))
}

fn retain(list: &mut Vec<Paper>, without: &[&str]) {
    list.retain(|p| !p.parts.iter().all(|part| is_gone(&part.key, without)));
}

fn purchase(out: &mut Vec<Paper>, deal: &Deal, look: &Look, stem: &str, n: usize) {
    let mut rng = Rng::new(19, stem);
    if let Some(k) = &deal.contract {
        let style = if look.contract == 3 { (n % 3) as u8 } else { look.contract };
        let blocks = contract::contract(k, style, &mut rng);
        let name = format!("{stem}-1合同");
        out.push(if look.word_contracts {
            Paper::office(&name, &k.key, "contract", "docx", office::docx(&blocks))
        } else {
            let style = Style { size: 11.0, lead: 1.65, ..look.style };
            Paper::one(&name, &k.key, "contract", flow::set(&blocks, style))
        });
    }
    for (i, inv) in deal.invoices.iter().enumerate() {
        let page = invoice::invoice(inv, look.ink, true);
        out.push(Paper::one(&format!("{stem}-2发票{}", i + 1), &inv.key, "invoice", vec![page]));
    }
    if deal.payments.is_empty() {
        return;
    }
    let list: Vec<&crate::deal::Payment> = deal.payments.iter().filter(|p| !p.bill).collect();
    for bill in deal.payments.iter().filter(|p| p.bill) {
        let page = crate::kinds::bill(bill, look.face);
        out.push(Paper::one(&format!("{stem}-4承兑汇票"), &bill.key, "payment", vec![page]));
    }
    if list.is_empty() {
        return;
    }
    let pages = receipt::receipts(&list, look.face);
    let per = list.len().div_ceil(pages.len());
    let per = if pages.len() > 1 && list.len() > pages.len() { if per > 2 { 3 } else { 2 } } else { per };
    let parts = list
        .iter()
        .enumerate()
        .map(|(i, p)| Part {
            key: p.key.clone(),
            kind: "payment",
            pages: ((i / per) as u32 + 1, (i / per) as u32 + 1),
        })
        .collect();
    out.push(Paper { name: format!("{stem}-3付款回单"), parts, pages, office: None }.numbered());
}

fn books(out: &mut Vec<Paper>, s: &Submission, look: &Look, faults: &Faults) {
    for (y, b) in s.books.iter().enumerate() {
        let mut rng = Rng::new(23 + y as u64, &s.us.uscc);
        let number = format!("湘衡审字〔{}〕第{}号", b.year + 1, rng.int(1001, 9899));
        let firm = "湖南衡砚会计师事务所（普通合伙）";
        let opinion = flow::set(&papers::audit(s, b.year, &number, firm, &faults.on_audit[y]), look.style);
        let edits = &faults.books[y];
        let key = |k: &str| format!("{k}{}", b.year);
        let unaudited = is_gone(&key("audit"), &faults.without);
        if look.books == 2 {
            out.push(Paper::one(
                &format!("附件/7-审计报告{}", b.year),
                &key("audit"),
                "audit_report",
                opinion,
            ));
            let (left, right) = statement::sheets(b, &s.us, edits);
            let parts = vec![
                Part { key: key("balance"), kind: "balance_sheet", pages: (1, 1) },
                Part { key: key("income"), kind: "income_statement", pages: (2, 2) },
            ];
            let (bytes, marks) = office::xlsx(&[("资产负债表", &left), ("利润表", &right)]);
            out.push(Paper {
                name: format!("附件/7-财务报表{}", b.year),
                parts,
                pages: Vec::new(),
                office: Some(("xlsx", bytes, marks)),
            });
            continue;
        }
        let balance = statement::balance(b, &s.us, look.books, look.face, edits);
        let income = statement::income(b, &s.us, look.books, look.face, edits);
        let statements = vec![
            (key("balance"), "balance_sheet", vec![balance]),
            (key("income"), "income_statement", vec![income]),
        ];
        let (name, mut parts) = if unaudited {
            ("财务报表", Vec::new())
        } else {
            ("审计报告", vec![(key("audit"), "audit_report", opinion)])
        };
        parts.extend(statements);
        out.push(Paper::join(&format!("附件/7-{name}{}", b.year), parts));
    }
}
