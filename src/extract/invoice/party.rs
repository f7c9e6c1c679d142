//! Buyer and seller: two blocks of name, tax id, address and bank, one above the other or side by side.

use crate::extract::Extracted;
use crate::extract::columns::Header;
use crate::extract::label::{Finder, Fragment, Options, best, is_cjk};
use crate::extract::sheet::{Sheet, Word, bounds};
use crate::extract::typed::{Typed, weaken};
use crate::model::{BBox, Field, Grade};
use crate::pack::Lexicon;
use crate::text::normal;

use super::shapes::{
    after_colon, ends_a_name, is_company, is_id, is_last, is_name, is_sure_id, is_tail, is_words,
};

/// How much less sure a value is that only its shape told.
const BY_SHAPE: f32 = 0.85;

/// By what a block was found: a label of its name or the name, the label of its id, or the id itself.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Anchor {
    Name,
    IdLabel,
    Id,
}

/// What is printed narrower than this is a roll.
const NARROW: f32 = 260.0;

/// Where the two blocks are.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Blocks {
    pub(super) buyer: (u32, BBox),
    pub(super) seller: (u32, BBox),
}

pub(super) struct Parties<'a> {
    pub(super) finder: &'a Finder<'a>,
    pub(super) lexicon: &'a Lexicon,
    pub(super) typed: &'a Typed,
    pub(super) sheet: &'a Sheet,
}

impl Parties<'_> {
    pub(super) fn read(&self, headers: &[Header], capital: Option<usize>, out: &mut Extracted) {
        self.explicit(out);
        if self.ticket(out) {
            return;
        }
        let Some(blocks) = self.blocks(headers, capital).map(|b| self.in_order(b)) else { return };
        for (who, block) in [("buyer", blocks.buyer), ("seller", blocks.seller)] {
            self.block(who, block, out);
        }
        self.one_role_each(out);
    }

    /// A name that was found by its shape in both blocks belongs to neither by that.
    fn one_role_each(&self, out: &mut Extracted) {
        let read = |out: &Extracted, who: &str| {
            let name = out.fields.get(&format!("{who}_name")).and_then(Field::found)?;
            Some((name.value.to_plain(), name.confidence))
        };
        let (Some(buyer), Some(seller)) = (read(out, "buyer"), read(out, "seller")) else { return };
        if buyer.0 == seller.0 && buyer.1 != seller.1 {
            let less = if buyer.1 < seller.1 { "buyer_name" } else { "seller_name" };
            out.fields.remove(less);
        }
    }

    /// Tickets of railways and airlines name their buyer only, whose id stands by itself.
    fn ticket(&self, out: &mut Extracted) -> bool {
        let kind = out.fields.get("kind_name").and_then(Field::found).map(|k| k.value.to_plain());
        if !kind.is_some_and(|k| k.contains("客票") || k.contains("行程单")) {
            return false;
        }
        let options = Options { accept: Some(&is_id), not_below: true, ..Options::default() };
        let mut ids = self.finder.find(self.lexicon.of("tax_id"), &options).into_iter();
        if let (Some(hit), None) = (ids.next(), ids.next()) {
            out.fields.entry("buyer_tax_id".into()).or_insert_with(|| self.typed.taxpayer_id(&hit.value));
        }
        true
    }

    /// The blocks with the roles that the labels give them: rolls print the seller first.
    fn in_order(&self, blocks: Blocks) -> Blocks {
        let top = |who: &str| {
            let places = self.finder.places(self.lexicon.of(who), &Options::default());
            places.iter().find_map(|f| Some((f.place.page()?, f.place.bbox()?.mid_y())))
        };
        match (top("buyer_name"), top("seller_name")) {
            (Some(buyer), Some(seller)) if seller.0 == buyer.0 && seller.1 < buyer.1 - 4.0 => {
                Blocks { buyer: blocks.seller, seller: blocks.buyer }
            }
            _ => blocks,
        }
    }

    /// Labels that name the party themselves.
    fn explicit(&self, out: &mut Extracted) {
        for who in ["buyer", "seller"] {
            for (field, accept) in [
                ("name", &is_name as &dyn Fn(&str) -> bool),
                ("tax_id", &is_id),
                ("bank", &is_words),
                ("address", &is_words),
            ] {
                let name = format!("{who}_{field}");
                let labels = self.lexicon.of(&name);
                let options = Options { accept: Some(accept), not_below: true, ..Options::default() };
                if let Some(mut hit) = best(self.finder.find(labels, &options), labels) {
                    if field == "name" {
                        hit.value = self.name_lines(self.on_roll(hit.value));
                    }
                    let made = if field == "tax_id" {
                        self.typed.taxpayer_id(&hit.value)
                    } else {
                        self.typed.text(&hit.value)
                    };
                    out.fields.insert(name, made);
                }
            }
        }
    }

    /// A name that runs to the edge of a narrow roll goes on at the left of the next line.
    fn on_roll(&self, at: Fragment) -> Fragment {
        let (Some(page), Some(b)) = (at.place.page(), at.place.bbox()) else { return at };
        let Some(all) = self.sheet.extent(page).filter(|a| a.width() < NARROW) else { return at };
        if b.x1 < all.x1 - 1.6 * b.height() {
            return at;
        }
        let below = |r: &&Vec<Word>| r[0].page == page && bounds(r).mid_y() > b.y1;
        match self.sheet.rows.iter().find(below).map(Vec::as_slice) {
            Some([rest])
                if rest.bbox.y0 - b.y1 < b.height() && !rest.text.contains(' ') && !is_id(&rest.text) =>
            {
                at.join(&rest.at, "\n")
            }
            _ => at,
        }
    }

    fn block(&self, who: &str, block: (u32, BBox), out: &mut Extracted) {
        let first = |field: &str, accept: &dyn Fn(&str) -> bool| {
            let options =
                Options { accept: Some(accept), within: Some(block), not_below: true, ..Options::default() };
            self.finder.find(self.lexicon.of(field), &options).into_iter().next().map(|h| h.value)
        };
        let id = first("tax_id", &is_id).map(|at| self.whole_id(self.own_id(at, block), block));
        let name =
            first("name", &is_name).map(|at| self.whole_name(self.own_run(at, block), block, id.as_ref()));
        let words: Vec<&Word> = self.words_in(block).collect();
        let shaped_id = || words.iter().find(|w| is_sure_id(&w.text)).map(|w| w.at.clone());
        let shaped_name = || {
            words.iter().find_map(|last| {
                let whole = is_company(&last.text);
                if !whole && !is_tail(&last.text) {
                    return None;
                }
                let end = after_colon(&last.at);
                let first = words.iter().find(|w| goes_on(w, last)).map(|w| after_colon(&w.at));
                first.map(|at| at.join(&end, "\n")).or_else(|| whole.then_some(end))
            })
        };
        for (field, value, shaped) in
            [("name", name, &shaped_name as &dyn Fn() -> Option<Fragment>), ("tax_id", id, &shaped_id)]
        {
            let key = format!("{who}_{field}");
            if out.fields.contains_key(&key) {
                continue;
            }
            let factor = if value.is_some() { 1.0 } else { BY_SHAPE };
            if let Some(at) = value.or_else(shaped) {
                let made = if field == "tax_id" {
                    self.typed.taxpayer_id(&at)
                } else {
                    self.typed.text(&without_label_end(without_last_ink(at)))
                };
                out.fields.insert(key, weaken(made, factor));
            }
        }
        for (field, accept) in [("address", &is_words as &dyn Fn(&str) -> bool), ("bank", &is_words)] {
            let key = format!("{who}_{field}");
            if let Some(at) = first(field, accept)
                && !out.fields.contains_key(&key)
            {
                let at = self.whole_line(at, block);
                out.fields.insert(key, self.typed.text(&at));
            }
        }
    }

    /// A value with what of it stands on further lines, down to the next label of the block.
    fn whole_line(&self, at: Fragment, block: (u32, BBox)) -> Fragment {
        let Some(b) = at.place.bbox() else { return at };
        let labels = ["name", "tax_id", "address", "bank"].iter().flat_map(|f| {
            let options = Options { within: Some(block), ..Options::default() };
            self.finder.places(self.lexicon.of(f), &options)
        });
        let next = labels
            .filter_map(|l| l.place.bbox())
            .filter(|l| l.mid_y() > b.mid_y() + 0.5 * b.height())
            .map(|l| l.mid_y() - 0.35 * l.height())
            .fold(b.y1 + 1.8 * b.height(), f32::min);
        let rest = self.words_in(block).filter(|w| {
            let below = w.bbox.mid_y() > b.mid_y() + 0.4 * b.height() && w.bbox.mid_y() < next;
            let begins = (w.bbox.x0 - b.x0).abs() < 1.2 * b.height();
            below && begins && !w.text.contains([':', '：', '<', '>'])
        });
        rest.fold(at, |at, w| at.join(&w.at, "\n"))
    }

    /// A name with the rest of it from the line below, where it was too long for one.
    fn whole_name(&self, at: Fragment, block: (u32, BBox), id: Option<&Fragment>) -> Fragment {
        let Some(b) = at.place.bbox() else { return at };
        let floor = id.and_then(|i| i.place.bbox()).map_or(b.y1 + 1.6 * b.height(), |i| i.y0);
        let rest = self.words_in(block).find(|w| {
            let below = w.bbox.y0 > b.mid_y() && w.bbox.mid_y() < floor && w.bbox.mid_y() > b.y1;
            let aligned = w.bbox.x0 > b.x0 - 0.8 * b.height() && w.bbox.x0 < b.x0 + 1.5 * b.height();
            // What follows a name that is whole belongs to it only if it ends like one (长沙分公司).
            let more = if is_company(&at.text) { ends_a_name(&w.text) } else { is_name(&w.text) };
            below && aligned && (more || is_last(&w.text)) && !w.text.contains([':', '：'])
        });
        self.name_lines(rest.map_or(at.clone(), |w| at.join(&w.at, "\n")))
    }

    /// A recognised name as the run that is one by itself, where what was taken with it is no part of a name: letters
    /// of a seal or specks beside it on its row or below.
    fn own_run(&self, at: Fragment, block: (u32, BBox)) -> Fragment {
        let Some(all) = at.place.bbox().filter(|_| at.grade == Grade::Ocr) else { return at };
        let text = normal::squash(&at.text);
        let own = self.words_in(block).find_map(|w| {
            let own = after_colon(&w.at);
            let name = normal::squash(&own.text);
            let (before, after) = text.split_once(&name)?;
            let junk = |t: &str| t.chars().filter(|c| is_cjk(*c)).count() < 2;
            let cut =
                !(before.is_empty() && after.is_empty()) && junk(before) && junk(after) && !is_last(after);
            (is_company(&own.text) && all.shared_height(w.bbox) > 0.0 && cut).then_some(own)
        });
        own.unwrap_or(at)
    }

    /// A recognised id as the run that is one by itself, where something else was taken with it.
    fn own_id(&self, at: Fragment, block: (u32, BBox)) -> Fragment {
        let Some(all) = at.place.bbox().filter(|_| at.grade == Grade::Ocr && !is_sure_id(&at.text)) else {
            return at;
        };
        let text = normal::squash(&at.text);
        let own = self.words_in(block).find(|w| {
            let within = w.bbox.shared_height(all) > 0.0 && text.contains(&normal::squash(&w.text));
            within && is_sure_id(&w.text)
        });
        own.map_or(at, |w| after_colon(&w.at))
    }

    /// An id that was too long for its line, with the rest of its 18 characters from the line below.
    fn whole_id(&self, at: Fragment, block: (u32, BBox)) -> Fragment {
        let Some(b) = at.place.bbox() else { return at };
        let length = |t: &str| {
            let t = normal::squash(t);
            t.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit()).then_some(t.len())
        };
        let Some(have) = length(&at.text).filter(|n| (8..18).contains(n)) else { return at };
        let rest = self.words_in(block).find(|w| {
            let below = w.bbox.mid_y() > b.y1 - 0.2 * b.height() && w.bbox.y0 < b.y1 + 1.2 * b.height();
            below && w.bbox.x0 < b.x1 && length(&w.text) == Some(18 - have)
        });
        rest.map_or(at.clone(), |w| at.join(&w.at, ""))
    }

    /// The lines of a cell that are its name: what a rule or speck left before it is none, nor is the next label,
    /// whole or in part, and what follows that.
    fn name_lines(&self, at: Fragment) -> Fragment {
        let says = |line: &&str| line.chars().any(char::is_alphanumeric);
        let lines: Vec<&str> = at.text.lines().filter(says).collect();
        let other =
            |(i, l): (usize, &&str)| is_id(l) || self.is_of_id_label(l) || (i > 0 && l.contains([':', '：']));
        let end = lines.iter().enumerate().position(other).unwrap_or(lines.len());
        if end == 0 || end == at.text.lines().count() {
            return at;
        }
        Fragment { text: lines[..end].join("\n"), edges: Vec::new(), ..at }
    }

    /// Whether a line is the label of a tax id, or a part of it that was cut off.
    fn is_of_id_label(&self, line: &str) -> bool {
        let own: String = normal::squash(line).chars().filter(|c| c.is_alphanumeric()).collect();
        let own = own.trim_end_matches(|c: char| c.is_ascii_alphanumeric());
        own.chars().count() >= 3
            && self.lexicon.of("tax_id").iter().any(|l| l.contains(own) || own.contains(l.as_str()))
    }

    fn words_in(&self, block: (u32, BBox)) -> impl Iterator<Item = &Word> {
        self.sheet
            .words()
            .filter(move |w| w.page == block.0 && block.1.contains(w.bbox.mid_x(), w.bbox.mid_y()))
    }

    /// Finds the blocks by their labels, else by what stands in them: side by side when two anchors share a row.
    pub(super) fn blocks(&self, headers: &[Header], capital: Option<usize>) -> Option<Blocks> {
        let header = headers.first();
        let total = capital.map(|r| (self.sheet.rows[r][0].page, bounds(&self.sheet.rows[r])));
        // What stands in the list of goods belongs to no party.
        let in_list = |page: u32, b: BBox| match (header, total) {
            (Some(h), Some((p, t))) if h.page == p => page == p && b.mid_y() > h.bbox.y0 && b.mid_y() < t.y1,
            (Some(h), _) if total.is_none() => {
                page == h.page && b.mid_y() > h.bbox.y0 && b.mid_y() < h.bbox.y1
            }
            _ => false,
        };
        let outside = |found: Vec<(u32, BBox)>| -> Vec<(u32, BBox)> {
            found.into_iter().filter(|(p, b)| !in_list(*p, *b)).collect()
        };
        let labelled = |field: &str| {
            let places = self.finder.places(self.lexicon.of(field), &Options::default());
            outside(places.iter().filter_map(|f| Some((f.place.page()?, f.place.bbox()?))).collect())
        };
        let shaped = |is: &dyn Fn(&str) -> bool| {
            outside(self.sheet.words().filter(|w| is(&w.text)).map(|w| (w.page, w.bbox)).collect())
        };
        // A name stands above its id: what is found by ids begins higher than what is found by names.
        if let Some(anchors) = pair(&labelled("name")) {
            return Some(self.around(anchors, Anchor::Name, header, total));
        }
        if let Some(anchors) = pair(&labelled("tax_id")) {
            return Some(self.around(anchors, Anchor::IdLabel, header, total));
        }
        // Rolls print the seller first, others last: without labels nothing tells whose a value is.
        let roll = |p: &u32| self.sheet.extent(*p).is_some_and(|a| a.width() < NARROW);
        let by_shape = [(shaped(&is_sure_id), Anchor::Id), (shaped(&is_company), Anchor::Name)];
        let anchors = by_shape.into_iter().find_map(|(found, by)| Some((pair(&found)?, by)));
        anchors
            .filter(|(a, _)| !roll(&a[0].0))
            .map(|(a, by)| self.around(a, by, header, total))
            .or_else(|| self.by_totals(header, total))
    }

    /// Without two of anything: above the list and below the totals, the order of tax-control invoices, if anything
    /// that is a party stands below.
    fn by_totals(&self, header: Option<&Header>, total: Option<(u32, BBox)>) -> Option<Blocks> {
        let (page, total) = total?;
        let all = self.sheet.extent(page)?;
        let below = BBox::new(all.x0, total.y1, all.x0 + 0.62 * all.width(), all.y1);
        let party = |w: &Word| is_sure_id(&w.text) || is_company(&w.text);
        self.words_in((page, below)).any(party).then(|| {
            let floor =
                header.filter(|h| h.page == page).map_or(all.y0 + 0.45 * (total.y0 - all.y0), |h| h.bbox.y0);
            let above = BBox::new(all.x0, all.y0 + 0.2 * (total.y0 - all.y0), below.x1, floor);
            Blocks { buyer: (page, above), seller: (page, below) }
        })
    }

    fn around(
        &self,
        [first, second]: [(u32, BBox); 2],
        by: Anchor,
        header: Option<&Header>,
        total: Option<(u32, BBox)>,
    ) -> Blocks {
        let page = first.0;
        let all = self.sheet.extent(page).unwrap_or(first.1);
        let lead = if by == Anchor::Name { 1.2 } else { 4.5 } * first.1.height();
        if second.0 == page && is_beside(second.1, first.1) {
            let floor =
                header.filter(|h| h.page == page && h.bbox.y0 > first.1.y1).map_or(all.y1, |h| h.bbox.y0);
            let middle = all.mid_x();
            let split = match by {
                // Of values that stand behind labels of different lengths the left edges say nothing.
                Anchor::Id if first.1.x1 < middle && middle < second.1.x0 => middle,
                Anchor::Id => f32::midpoint(first.1.x1, second.1.x0),
                _ => second.1.x0 - 0.5 * second.1.height(),
            };
            let (top, y1) = (first.1.y0 - lead, floor);
            return Blocks {
                buyer: (page, BBox::new(all.x0, top, split, y1)),
                seller: (page, BBox::new(split, top, all.x1, y1)),
            };
        }
        let below = self.sheet.extent(second.0).unwrap_or(second.1);
        // What is above the second begins below the first.
        let before = if second.0 == page { first.1.y1 } else { f32::MIN };
        let second_top = (second.1.y0 - lead).max(before);
        let ceiling =
            header.filter(|h| h.page == page && h.bbox.y0 > first.1.y1).map_or(second_top, |h| h.bbox.y0);
        let ceiling = if second.0 == page { ceiling.min(second.1.y0) } else { ceiling };
        let top =
            total.filter(|t| t.0 == second.0 && t.1.y1 < second.1.mid_y()).map_or(second_top, |t| t.1.y1);
        // The cipher block and the remarks stand to the right of the parties.
        let right = |page: u32, y0: f32, y1: f32| {
            self.sheet
                .words()
                .filter(|w| w.page == page && w.bbox.mid_y() > y0 && w.bbox.mid_y() < y1)
                .filter(|w| {
                    matches!(
                        normal::squash(&w.text).as_str(),
                        "密" | "码" | "区" | "备" | "注" | "密码区" | "备注"
                    )
                })
                .map(|w| w.bbox.x0)
                .filter(|x| *x > all.x0 + 0.4 * all.width())
                .fold(all.x1, f32::min)
        };
        let (b0, s1) = (first.1.y0 - lead, below.y1);
        Blocks {
            buyer: (page, BBox::new(all.x0, b0, right(page, b0, ceiling), ceiling)),
            seller: (second.0, BBox::new(below.x0, top.min(second.1.y0), right(second.0, top, s1), s1)),
        }
    }
}

/// A recognised name without the last character of its label (名　称), which no company's name begins with.
fn without_label_end(at: Fragment) -> Fragment {
    match at.text.strip_prefix('称') {
        Some(rest) if at.grade == Grade::Ocr && is_company(rest) => at.slice(1, at.text.chars().count()),
        _ => at,
    }
}

/// A recognised name without what was read of ink right behind it, the line of a seal or of a cell: wider than any
/// letter, and the name is whole without it.
fn without_last_ink(at: Fragment) -> Fragment {
    let mut widths: Vec<f32> = at.edges.windows(2).map(|e| e[1] - e[0]).collect();
    let (Some(last), true) = (widths.pop(), at.grade == Grade::Ocr) else { return at };
    widths.sort_by(f32::total_cmp);
    let usual = widths.get(widths.len() / 2).copied().unwrap_or(last);
    let name = at.slice(0, widths.len());
    if last > 1.5 * usual && is_company(&name.text) && !is_company(&at.text) { name } else { at }
}

/// Whether a name begins on the line right above its last words.
fn goes_on(above: &Word, last: &Word) -> bool {
    let h = last.bbox.height();
    let near = above.bbox.mid_y() < last.bbox.mid_y() - 0.5 * h && last.bbox.y0 - above.bbox.y1 < 0.8 * h;
    let aligned = (above.bbox.x0 - last.bbox.x0).abs() < 0.8 * h && above.bbox.x1 > last.bbox.x1;
    near && aligned && is_name(&above.text) && !is_company(&above.text) && !last.text.contains([':', '：'])
}

/// Whether the places stand side by side: level, or a little off because a long name pushed one of them up.
fn is_beside(b: BBox, first: BBox) -> bool {
    let level = b.shared_height(first) > 0.3 * first.height();
    let near = (b.mid_y() - first.mid_y()).abs() < 2.5 * first.height();
    level || (near && (b.x0 - first.x0).abs() > 8.0 * first.height())
}

/// The first place and the first other one: to the right on its row, or lower down.
fn pair(found: &[(u32, BBox)]) -> Option<[(u32, BBox); 2]> {
    let mut sorted = found.to_vec();
    sorted.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.mid_y().total_cmp(&b.1.mid_y())));
    let first = *sorted.first()?;
    let beside: Vec<(u32, BBox)> =
        sorted.iter().copied().filter(|o| o.0 == first.0 && is_beside(o.1, first.1)).collect();
    if beside.len() >= 2 {
        let left = beside.iter().copied().min_by(|a, b| a.1.x0.total_cmp(&b.1.x0))?;
        let right = beside.iter().copied().max_by(|a, b| a.1.x0.total_cmp(&b.1.x0))?;
        return Some([left, right]);
    }
    let second = sorted.get(1)?;
    Some([first, *second])
}
