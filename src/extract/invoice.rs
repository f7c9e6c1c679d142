//! VAT invoices: paper, electronic of tax control, fully digitalised; by labels where they can be read, by the shape
//! of values where they cannot. Arithmetic never alters a reading.

mod apart;
mod cipher;
mod data;
mod head;
mod items;
mod marks;
mod party;
mod qr;
mod seams;
mod shapes;
mod totals;

use crate::extract::columns::Header;
use crate::extract::label::{Finder, Fragment, Options, best};
use crate::extract::sheet::{Sheet, Word, bounds};
use crate::extract::typed::Typed;
use crate::extract::{Extracted, Extractor, View};
use crate::model::{BBox, Field, Kind, ReadBy};
use crate::pack::Pack;
use crate::text::normal;
use crate::text::payload::Basis;

/// Reads VAT invoices.
#[derive(Debug)]
pub struct Invoice;

impl Extractor for Invoice {
    fn kind(&self) -> Kind {
        Kind::Invoice
    }

    fn extract(&self, view: &View<'_>, pack: &Pack) -> Extracted {
        let typed = Typed::new(&view.file);
        let data = data::read(view, pack, &typed);
        let print = if view.pages.iter().all(|p| p.read_by == ReadBy::Xml) {
            Extracted::default()
        } else {
            self.print(view, pack)
        };
        match data {
            Some(data) => data.beside(print),
            None => print,
        }
    }
}

impl Invoice {
    /// What is printed on the pages.
    fn print(&self, view: &View<'_>, pack: &Pack) -> Extracted {
        let lexicon = pack.lexicon("invoice");
        let sheet = Sheet::of(view);
        let typed = Typed::new(&view.file);
        let known: Vec<String> = lexicon.labels.values().flatten().cloned().collect();
        let finder = Finder::new(view, &known);
        let headers = items::find_headers(view, &sheet, lexicon);
        let capital = totals::capital_row(&sheet);
        let mut out = Extracted::default();

        let first = headers.first();
        let upper = |w: &&Word| first.is_none_or(|h| w.page == h.page && w.bbox.mid_y() < h.bbox.y0);
        let words: Vec<&Word> = sheet.words().filter(upper).collect();
        cipher::read(&words, &typed, &mut out);
        head::Head { finder: &finder, lexicon, typed: &typed, words }.read(&sheet, &mut out);
        totals::read(&sheet, &headers, &typed, &mut out);
        party::Parties { finder: &finder, lexicon, typed: &typed, sheet: &sheet }
            .read(&headers, capital, &mut out);
        out.items = items::items(view, &sheet, &headers, &typed);
        if out.items.is_empty() {
            out.items = items::bare(&sheet, capital, &typed);
        }
        for name in ["drawer", "payee", "reviewer"] {
            let person = |t: &str| {
                (1..=16).contains(&normal::squash(t).chars().count()) && !t.contains(['¥', '<', ':', '：'])
            };
            let options = Options { accept: Some(&person), not_below: true, ..Options::default() };
            if let Some(hit) = best(finder.find(lexicon.of(name), &options), lexicon.of(name)) {
                out.fields.insert(name.into(), typed.text(&hit.value));
            }
        }
        apart::ticket(&finder, lexicon, &typed, &mut out);
        if let Some(at) = remark(&sheet, &headers, capital) {
            out.fields.insert("remark".into(), typed.text(&at));
        }
        marks::read(view, &sheet, &typed, &mut out);
        codes(view, &typed, &mut out);
        out
    }
}

/// What stands in the remarks, to the right of 备注 (often written downwards) below the totals.
fn remark(sheet: &Sheet, headers: &[Header], capital: Option<usize>) -> Option<Fragment> {
    let row = &sheet.rows[capital?];
    let (page, total) = (row[0].page, bounds(row));
    let below = |w: &&Word| w.page == page && w.bbox.y0 > total.mid_y();
    let letters: Vec<&Word> = sheet
        .words()
        .filter(below)
        .filter(|w| matches!(normal::squash(&w.text).as_str(), "备" | "注" | "备注" | "备注:"))
        .collect();
    let label = letters.iter().map(|w| w.bbox).reduce(BBox::union)?;
    let signed = |w: &&Word| {
        let text = normal::squash(&w.text);
        ["开票人", "收款人", "复核", "销售方:", "销货单位:"].iter().any(|l| text.starts_with(l))
    };
    let floor = sheet.words().filter(below).filter(signed).map(|w| w.bbox.y0).fold(f32::MAX, f32::min);
    // Beyond the last column there is only the edge of the paper.
    let edge =
        headers.iter().filter(|h| h.page == page).flat_map(|h| &h.columns).map(|c| c.x1).fold(0.0, f32::max);
    let inside = |w: &&Word| edge == 0.0 || w.bbox.x0 < edge + 20.0;
    sheet
        .words()
        .filter(below)
        .filter(inside)
        .filter(|w| w.bbox.x0 >= label.x1 - 1.0 && w.bbox.mid_y() < floor && w.bbox.y0 > total.y1 - 2.0)
        .map(|w| w.at.clone())
        .reduce(|a, b| a.join(&b, "\n"))
}

/// The QR code's fields, and those of the print that could not be read: the code is part of the document.
fn codes(view: &View<'_>, typed: &Typed, out: &mut Extracted) {
    let Some((payload, at)) = qr::find(view) else { return };
    for (name, field) in qr::fields(&payload, &at, typed) {
        let printed = match (name.as_str(), payload.basis()) {
            ("qr.kind", _) => None,
            // The base of the amount depends on the kind; tax-control e-invoices carry either.
            ("qr.amount", Basis::Gross) => Some("total"),
            ("qr.amount", Basis::Net) => Some("amount"),
            ("qr.amount", Basis::Either) => None,
            (other, _) => other.strip_prefix("qr."),
        };
        if let Some(printed) = printed
            && out.fields.get(printed).and_then(Field::found).is_none()
        {
            out.fields.insert(printed.to_string(), field.clone());
        }
        out.fields.insert(name, field);
    }
}

#[cfg(test)]
#[path = "invoice/tests.rs"]
mod tests;
#[cfg(test)]
#[path = "invoice/tests_scanned.rs"]
mod tests_scanned;
