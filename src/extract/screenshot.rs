//! Screenshots and photographs told apart: by what the picture looks like where it was read from pixels, by its captions
//! and the words on it else.

use chrono::NaiveDate;

use crate::extract::label::Fragment;
use crate::extract::typed::{Typed, weaken};
use crate::extract::{Extracted, Extractor, View};
use crate::model::{BBox, Confidence, Field, Grade, Kind, Look, Page, Place, Value};
use crate::pack::{Lexicon, Pack};
use crate::text::{date, normal};

/// Words that a picture is told by count below this many characters of text a page.
const MOST: usize = 600;

/// Says what material of this sort shows: `picture`.
#[derive(Clone, Copy, Debug)]
pub struct Screenshot;

impl Extractor for Screenshot {
    fn kind(&self) -> Kind {
        Kind::Screenshot
    }

    fn extract(&self, view: &View<'_>, pack: &Pack) -> Extracted {
        let lexicon = pack.lexicon("screenshot");
        let typed = Typed::new(&view.file);
        let mut found: Vec<(&'static str, Fragment, f32)> = Vec::new();
        for page in &view.pages {
            for (what, at, sure) in of_page(page, lexicon) {
                if !found.iter().any(|f| f.0 == what) {
                    found.push((what, at, sure));
                }
            }
        }
        let mut out = Extracted::default();
        found.sort_by_key(|f| f.0);
        let sure = found.iter().map(|f| f.2).fold(1.0, f32::min);
        let names: Vec<&str> = found.iter().map(|f| f.0).collect();
        if let Some((_, at, _)) = found.first() {
            let field: Field = typed.found(Value::Text(names.join("、")), at);
            out.fields.insert("picture".to_string(), weaken(field, sure));
        }
        if let Some((day, at)) = clock(&view.pages) {
            out.fields.insert("clock".to_string(), typed.found(Value::Date(day), &at));
        }
        out
    }
}

/// The latest day that stands with a time of day, as clocks and logs print it. Days that are planned or at which
/// something ends lie in the future of every honest screenshot.
fn clock(pages: &[&Page]) -> Option<(NaiveDate, Fragment)> {
    const AHEAD: [&str; 9] = ["计划", "预计", "到期", "有效", "截止", "下次", "交付", "交货", "预约"];
    let mut latest: Option<(NaiveDate, Fragment)> = None;
    for line in pages.iter().flat_map(|p| &p.lines) {
        if AHEAD.iter().any(|w| line.text.contains(w)) {
            continue;
        }
        for (range, day) in date::find_dates(&line.text) {
            let rest = normal::fold(line.text.get(range.end..).unwrap_or_default());
            let rest = rest.trim_start_matches([
                ' ', 'T', ',', '星', '期', '周', '一', '二', '三', '四', '五', '六', '日',
            ]);
            let hours = rest.bytes().take_while(u8::is_ascii_digit).count();
            let timed = (1..=2).contains(&hours) && rest[hours..].starts_with(':');
            if timed && latest.as_ref().is_none_or(|l| day > l.0) {
                latest = Some((day, Fragment::of_line(line)));
            }
        }
    }
    latest
}

/// What a page shows. The look of the pixels decides before words: a photograph may be taken of a screen's building.
fn of_page(page: &Page, lexicon: &Lexicon) -> Vec<(&'static str, Fragment, f32)> {
    let whole = || Fragment {
        text: String::new(),
        place: Place::Page { page: page.number, bbox: BBox::new(0.0, 0.0, page.width, page.height) },
        grade: Grade::Ocr,
        confidence: Confidence(900),
        edges: Vec::new(),
    };
    match page.look {
        Some(Look::Screen) => return vec![("截图", whole(), 1.0)],
        Some(Look::Photo) => return vec![("照片", whole(), 1.0)],
        Some(Look::Dark) | None => {}
    }
    let texts: Vec<String> = page.lines.iter().map(|l| normal::squash(&l.text)).collect();
    if texts.iter().map(|t| t.chars().count()).sum::<usize>() > MOST {
        return Vec::new();
    }
    let mut out = Vec::new();
    for (what, key, least) in [("截图", "截图", 1), ("截图", "界面", 2), ("照片", "照片", 1)] {
        let words = lexicon.of(key);
        let hits: Vec<usize> = texts
            .iter()
            .enumerate()
            .filter(|(_, t)| words.iter().any(|w| t.contains(w.as_str())))
            .map(|(i, _)| i)
            .collect();
        let pictured = !page.images.is_empty() || key == "界面" || !page.tables.is_empty();
        let known = out.iter().any(|(w, ..): &(&str, Fragment, f32)| *w == what);
        if hits.len() >= least && !known && (pictured || hits.len() > 1 || texts.len() < 12) {
            out.push((what, Fragment::of_line(&page.lines[hits[0]]), 0.85));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::extract::fixture;
    use crate::model::Segment;

    fn read(page: &Page) -> Option<String> {
        let segment = Segment {
            pages: (1, 1),
            area: None,
            kind: Kind::Screenshot,
            confidence: Confidence::FULL,
            why: Vec::new(),
        };
        let view = View { file: Arc::from("图.pdf"), segment: &segment, pages: vec![page] };
        let out = Screenshot.extract(&view, &Pack::embedded().unwrap());
        Some(out.fields.get("picture")?.found()?.value.to_plain())
    }

    #[test]
    fn the_clock_is_the_latest_day_with_a_time_that_is_not_planned() {
        let page = fixture::page(
            &[
                ("2023-01-05 10:22:31 设备上线", 20.0, 60.0, 10.0),
                ("2023年2月9日 星期四 08:15", 300.0, 60.0, 10.0),
                ("计划完成 2024-05-01 18:00", 20.0, 90.0, 10.0),
                ("2025-12-31 证书", 20.0, 120.0, 10.0),
            ],
            Grade::Text,
        );
        assert_eq!(clock(&[&page]).unwrap().0.to_string(), "2023-02-09");
        assert!(clock(&[&fixture::page(&[("2023-01-05", 20.0, 60.0, 10.0)], Grade::Text)]).is_none());
    }

    #[test]
    fn by_look_by_caption_and_by_the_words_of_an_interface() {
        let mut page = fixture::page(&[("图2 应用场景现场照片", 100.0, 300.0, 10.0)], Grade::Text);
        assert_eq!(read(&page).as_deref(), Some("照片"));
        page.look = Some(Look::Screen);
        assert_eq!(read(&page).as_deref(), Some("截图"));
        let screen =
            fixture::page(&[("系统首页", 20.0, 60.0, 10.0), ("用户管理", 20.0, 90.0, 10.0)], Grade::Text);
        assert_eq!(read(&screen).as_deref(), Some("截图"));
        let both = fixture::page(
            &[("图1 平台功能界面截图", 100.0, 180.0, 10.0), ("图2 应用场景现场照片", 100.0, 300.0, 10.0)],
            Grade::Text,
        );
        assert_eq!(read(&both).as_deref(), Some("截图、照片"));
        assert_eq!(read(&fixture::page(&[("说明", 100.0, 180.0, 10.0)], Grade::Text)), None);
    }
}
