//! Tables on scans: how many cells come to the right row and column, by the kind of ruling. Needs the models and a
//! Chinese font; skips with a note without them.

use image::RgbImage;
use krilla::geom::{PathBuilder, Point};
use krilla::paint::Stroke;
use krilla::text::{Font, TextDirection};

use super::Chain;
use super::tests::{FONTS, models};
use crate::model::{Page, Table};
use crate::read::pdf::PdfReader;
use crate::read::{Reader, Recogniser};
use crate::text::normal::likeness;

const DPI: f32 = 200.0;
const WORDS: &[&str] = &[
    "边缘计算网关",
    "数据采集软件",
    "工业交换机",
    "伺服电机",
    "传感器",
    "云平台服务",
    "安装调试",
    "可编程控制器",
    "检测设备",
    "湖南长沙星河科技有限公司",
    "株洲天衡机械厂",
    "货款",
    "往来款",
    "工资",
    "退款",
    "中国银行长沙支行",
];

/// Numbers as a generator gives them, the same in every run.
struct Dice(u32);

impl Dice {
    fn roll(&mut self, sides: u32) -> u32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 16) % sides.max(1)
    }
}

/// How a table is ruled.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Ruled {
    /// All around every cell.
    Full,
    /// Between rows only, or around the whole and below the head.
    Partly,
    /// Nowhere.
    None,
}

/// Cells by row and column, with the widths of the columns.
struct Drawn {
    cells: Vec<Vec<String>>,
    widths: Vec<f32>,
    high: f32,
}

fn table(dice: &mut Dice, ruled: Ruled) -> Drawn {
    let (rows, cols) = (6 + dice.roll(8) as usize, 4 + dice.roll(3) as usize);
    let heads = ["序号", "项目名称", "金额（元）", "日期", "余额", "备注"];
    let widths: Vec<f32> = (0..cols).map(|c| [34.0, 150.0, 84.0, 76.0, 84.0, 66.0][c]).collect();
    let mut cells = vec![heads[..cols].iter().map(|h| (*h).to_owned()).collect::<Vec<_>>()];
    for row in 1..=rows {
        let amount =
            |dice: &mut Dice| format!("{},{:03}.{:02}", 1 + dice.roll(900), dice.roll(1000), dice.roll(100));
        let of = |c: usize, dice: &mut Dice| match c {
            0 => row.to_string(),
            1 => WORDS[dice.roll(WORDS.len() as u32) as usize].to_owned(),
            3 => format!("2022-{:02}-{:02}", 1 + dice.roll(12), 1 + dice.roll(28)),
            5 if dice.roll(3) == 0 => String::new(),
            5 => WORDS[4 + dice.roll(4) as usize].to_owned(),
            _ => amount(dice),
        };
        cells.push((0..cols).map(|c| of(c, dice)).collect());
    }
    let high = if ruled == Ruled::None { 15.0 } else { 18.0 } + dice.roll(5) as f32;
    Drawn { cells, widths, high }
}

/// Where the table begins on its page.
const AT: (f32, f32) = (40.0, 90.0);

/// The table drawn on a page of paper with some noise, as a scanner gives it.
fn scan(t: &Drawn, ruled: Ruled, dice: &mut Dice) -> Option<RgbImage> {
    #[allow(clippy::disallowed_methods, reason = "a font of the machine")]
    let font = FONTS.iter().find_map(|(p, i)| Font::new(std::fs::read(p).ok()?.into(), *i))?;
    let mut doc = krilla::Document::new();
    let mut page = doc.start_page_with(krilla::page::PageSettings::from_wh(595.0, 420.0)?);
    let mut s = page.surface();
    s.draw_text(
        Point::from_xy(200.0, 60.0),
        font.clone(),
        14.0,
        "设备采购明细表",
        false,
        TextDirection::Auto,
    );
    let edges: Vec<f32> = t
        .widths
        .iter()
        .scan(AT.0, |x, w| {
            *x += w;
            Some(*x)
        })
        .collect();
    for (r, row) in t.cells.iter().enumerate() {
        for (c, text) in row.iter().enumerate().filter(|c| !c.1.is_empty()) {
            let wide: f32 = text.chars().map(|c| if c.is_ascii() { 5.0 } else { 9.0 }).sum();
            let left = edges[c] - t.widths[c];
            // Amounts stand at the right of their column.
            let right = matches!(c, 2 | 4);
            let x = if right { edges[c] - wide - 5.0 } else { left + 5.0 };
            let y = AT.1 + t.high * r as f32 + t.high * 0.5 + 3.2;
            s.draw_text(Point::from_xy(x, y), font.clone(), 9.0, text, false, TextDirection::Auto);
        }
    }
    let (right, bottom) = (*edges.last()?, AT.1 + t.high * t.cells.len() as f32);
    let mut lines = PathBuilder::new();
    let rules: Vec<usize> = match ruled {
        Ruled::Full => (0..=t.cells.len()).collect(),
        Ruled::Partly if t.cells.len() & 1 == 0 => (0..=t.cells.len()).collect(),
        Ruled::Partly => vec![0, 1, t.cells.len()],
        Ruled::None => Vec::new(),
    };
    for r in &rules {
        let y = AT.1 + t.high * *r as f32;
        lines.move_to(AT.0, y);
        lines.line_to(right, y);
    }
    if ruled == Ruled::Full {
        for x in std::iter::once(AT.0).chain(edges.iter().copied()) {
            lines.move_to(x, AT.1);
            lines.line_to(x, bottom);
        }
    }
    s.set_fill(None);
    s.set_stroke(Some(Stroke { width: 0.6, ..Stroke::default() }));
    if !rules.is_empty() {
        s.draw_path(&lines.finish()?);
    }
    s.finish();
    page.finish();
    let mut picture = PdfReader.render(&doc.finish().ok()?, 1, DPI)?;
    for p in picture.pixels_mut() {
        let grain = dice.roll(13) as i32 - 6;
        p.0 = p.0.map(|v| (20 + i32::from(v) * 225 / 255 + grain).clamp(0, 255) as u8);
    }
    Some(picture)
}

/// Right cells, cells that were found, and cells there are. What is empty counts for nothing.
fn score(page: &Page, t: &Drawn) -> (usize, usize, usize) {
    let all = t.cells.iter().flatten().filter(|c| !c.is_empty()).count();
    let rows = |table: &Table| table.rows as usize * table.cols as usize;
    let Some(found) = page.tables.iter().max_by_key(|t| rows(t)) else { return (0, 0, all) };
    let filled: Vec<_> = found.cells.iter().filter(|c| !c.text.trim().is_empty()).collect();
    let right = filled.iter().filter(|c| {
        let want = t.cells.get(c.row as usize).and_then(|r| r.get(c.col as usize));
        c.row_span == 1 && c.col_span == 1 && want.is_some_and(|w| likeness(w, &c.text) >= 0.75)
    });
    (right.count(), filled.len(), all)
}

#[test]
#[allow(clippy::print_stderr, reason = "the figures are what the test is for")]
fn cells_come_to_their_rows_and_columns() {
    let Some(models) = models() else {
        eprintln!("skipped: no OCR models (./models or HECHA_MODELS)");
        return;
    };
    let chain = Chain::new(Some(&models), None);
    for (ruled, floor) in [(Ruled::Full, 0.98), (Ruled::Partly, 0.90), (Ruled::None, 0.90)] {
        let (mut right, mut found, mut all) = (0, 0, 0);
        for seed in 1..=3 {
            let mut dice = Dice(seed * 77);
            let t = table(&mut dice, ruled);
            let Some(picture) = scan(&t, ruled, &mut dice) else {
                eprintln!("skipped: no Chinese font");
                return;
            };
            let of = score(&chain.page(&picture, DPI, 1), &t);
            (right, found, all) = (right + of.0, found + of.1, all + of.2);
        }
        let f1 = 2.0 * right as f32 / (found + all).max(1) as f32;
        eprintln!(
            "cells of tables ruled {ruled:?}: F1 {f1:.3} ({right} right of {found} found and {all} there)"
        );
        assert!(f1 >= floor, "{ruled:?}: {f1:.3} < {floor}");
    }
}
