//! Evidence bound into one long PDF: separator sheets, blank pages, several receipts a page, page numbers.

use crate::canvas::{Area, BLACK, Canvas, GREY, Op};
use crate::flow::{self, Block, c, t};
use crate::form::grid;
use crate::paper::{Look, Paper, Part, bundle};
use crate::receipt;
use crate::rng::Rng;
use crate::world::Submission;

const NUMERALS: [&str; 9] = ["零", "一", "二", "三", "四", "五", "六", "七", "八"];

/// The form and what is a file of its own, then everything else as one file.
pub fn bind(papers: Vec<Paper>, s: &Submission, look: &Look, seed: u64) -> Vec<(Paper, Vec<bool>)> {
    let mut rng = Rng::new(seed, "binder");
    let (bound, mut out): (Vec<Paper>, Vec<Paper>) =
        papers.into_iter().partition(|p| p.office.is_none() && p.name.starts_with("附件/"));
    let mut list: Vec<Paper> = Vec::new();
    let mut section = String::new();
    for paper in bound {
        let number = paper.name.chars().nth(3).unwrap_or('0').to_string();
        // The receipts of the purchases come together behind them.
        if number == "3" && paper.name.contains("付款回单") {
            continue;
        }
        if number != section {
            if section == "3" {
                list.push(sheet("支付凭证", true, &mut rng));
                list.push(receipts(s, look));
            }
            if number != "0" {
                list.push(sheet(&divider(&number, &mut rng), rng.int(0, 1) == 1, &mut rng));
            }
            section.clone_from(&number);
        }
        let contract = paper.parts.iter().any(|p| p.kind == "contract");
        list.push(if contract { annexed(paper, look, &mut rng) } else { paper });
        if rng.int(0, 4) == 0 {
            list.push(empty(Canvas::a4()));
        }
    }
    let mut whole = bundle("附件/证明材料（合订本）", &list);
    let n = whole.pages.len();
    for (i, page) in whole.pages.iter_mut().enumerate() {
        let text = format!("{}/{n}", i + 1);
        page.text(page.w - 60.0, 16.0, 8.0, look.face, GREY, &text);
    }
    out.push(whole);
    out.into_iter().map(|p| (p, Vec::new())).collect()
}

fn divider(number: &str, rng: &mut Rng) -> String {
    let n: usize = number.parse().unwrap_or(0);
    let name = [
        "",
        "平台截图",
        "营业执照",
        "合同、发票、付款凭证",
        "服务区域",
        "服务企业",
        "软件著作权",
        "审计报告",
        "完税证明",
    ]
    .get(n)
    .copied()
    .unwrap_or("其他");
    match rng.int(0, 2) {
        0 => format!("附件{}", NUMERALS.get(n).copied().unwrap_or("九")),
        1 => format!("证明材料{n}\n{name}"),
        _ => format!("附件{n}　{name}"),
    }
}

fn empty(page: Canvas) -> Paper {
    Paper { name: String::new(), parts: Vec::new(), pages: vec![page], office: None }
}

/// A sheet that says what follows.
fn sheet(text: &str, coloured: bool, rng: &mut Rng) -> Paper {
    let mut cv = if rng.int(0, 1) == 1 { Canvas::a4() } else { Canvas::new(842.0, 595.0) };
    if coloured {
        cv.rect(Area(0.0, 0.0, cv.w, cv.h), Some((250, 236, 170)), None);
    }
    let size = rng.int(26, 44) as f32;
    for (i, line) in text.lines().enumerate() {
        let x = (cv.w - crate::font::Face::SansBold.width(line, size)) / 2.0;
        let y = cv.h * 0.42 + 1.6 * size * i as f32;
        cv.text(x, y, size, crate::font::Face::SansBold, BLACK, line);
    }
    empty(cv)
}

/// All receipts of the purchases, several a page.
fn receipts(s: &Submission, look: &Look) -> Paper {
    let list: Vec<&crate::deal::Payment> = s.deals.iter().flat_map(|d| &d.payments).collect();
    let pages = receipt::receipts(&list, look.face);
    let parts = list
        .iter()
        .enumerate()
        .map(|(i, p)| {
            let page = (i / 3) as u32 + 1;
            Part { key: p.key.clone(), kind: "payment", pages: (page, page) }
        })
        .collect();
    Paper { name: "回单".into(), parts, pages, office: None }.numbered()
}

/// A contract with an annex, its pages numbered as 第N页 共M页.
fn annexed(mut paper: Paper, look: &Look, rng: &mut Rng) -> Paper {
    let title = *rng.pick(&["附件：技术要求", "附件一　技术规格书", "附件　设备清单"]);
    let mut rows = vec![vec![c("序号"), c("项目"), c("技术要求"), c("备注")]];
    for i in 1..=rng.int(8, 30) {
        let what = *rng.pick(&["接口协议", "采集频率", "并发连接数", "存储容量", "外壳防护", "供电方式"]);
        let how = *rng.pick(&["支持主流工业协议", "不低于招标要求", "不少于5000路", "满足现场环境要求"]);
        rows.push(vec![c(i.to_string()), c(what), c(how).left(), c("")]);
    }
    let style = crate::flow::Style { size: 11.0, lead: 1.65, ..look.style };
    let blocks = [Block::Title(vec![t(title)], 1.3), grid(&[0.5, 1.2, 2.6, 0.8], rows, 0.85)];
    paper.pages.extend(flow::set(&blocks, style));
    let n = paper.pages.len();
    for (i, page) in paper.pages.iter_mut().enumerate() {
        let drawn = page.ops.iter_mut().rev().find_map(|op| match op {
            Op::Text { text, .. } if text.starts_with("- ") && text.ends_with(" -") => Some(text),
            _ => None,
        });
        let text = format!("第{}页　共{n}页", i + 1);
        match drawn {
            Some(old) => *old = text,
            None => page.text(265.0, 806.0, 9.0, look.style.body, BLACK, &text),
        }
    }
    if let Some(part) = paper.parts.first_mut() {
        part.pages.1 = n as u32;
    }
    paper
}
