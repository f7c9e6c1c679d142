//! Balance sheet and income statement: two-sided with rulings, in one column without, or as a workbook.

use rust_decimal::Decimal;

use crate::canvas::{Align, Area, BLACK, Canvas, Shows, shows};
use crate::flow::{Cell, Grid, c, cf};
use crate::font::Face;
use crate::money::{grouped, plain};
use crate::names::Company;
use crate::world::Books;

const ASSETS: &[&str] = &[
    "#流动资产：",
    "货币资金",
    "应收票据",
    "应收账款",
    "预付款项",
    "其他应收款",
    "存货",
    "流动资产合计",
    "#非流动资产：",
    "固定资产",
    "在建工程",
    "无形资产",
    "开发支出",
    "长期待摊费用",
    "非流动资产合计",
    "",
    "",
    "资产总计",
];
const CLAIMS: &[&str] = &[
    "#流动负债：",
    "短期借款",
    "应付账款",
    "合同负债",
    "应付职工薪酬",
    "应交税费",
    "其他应付款",
    "流动负债合计",
    "#非流动负债：",
    "长期借款",
    "递延收益",
    "非流动负债合计",
    "负债合计",
    "实收资本",
    "资本公积",
    "盈余公积",
    "未分配利润",
    "负债和所有者权益总计",
];
const INCOME: &[(&str, &str)] = &[
    ("一、", "营业收入"),
    ("减：", "营业成本"),
    ("　　", "税金及附加"),
    ("　　", "销售费用"),
    ("　　", "管理费用"),
    ("　　", "研发费用"),
    ("　　", "财务费用"),
    ("加：", "其他收益"),
    ("二、", "营业利润"),
    ("加：", "营业外收入"),
    ("减：", "营业外支出"),
    ("三、", "利润总额"),
    ("减：", "所得税费用"),
    ("四、", "净利润"),
];

/// What is printed wrongly, by line and column (`closing`, `opening`, `current`, `prior`).
pub type Edits = Vec<(&'static str, &'static str, Decimal)>;

fn look(edits: &Edits, name: &str, column: &str, value: Decimal) -> Decimal {
    edits.iter().find(|(n, c, _)| *n == name && *c == column).map_or(value, |e| e.2)
}

fn field(name: &str, column: &str, value: Decimal) -> Shows {
    shows(&format!("{name}.{column}"), plain(value))
}

fn balance_of(b: &Books, edits: &Edits, name: &str) -> Option<(Decimal, Decimal)> {
    let line = b.balance.iter().find(|l| l.0 == name)?;
    Some((look(edits, name, "closing", line.1), look(edits, name, "opening", line.2)))
}

/// The head of a statement: company, date, unit.
fn head(cv: &mut Canvas, title: &str, us: &Company, period: (&str, String), face: Face, form: &str) {
    let w = face.width(title, 18.0);
    cv.text((cv.w - w) / 2.0, 56.0, 18.0, face, BLACK, title);
    cv.text(cv.w - 100.0, 66.0, 9.0, face, BLACK, form);
    cv.text(46.0, 84.0, 9.5, face, BLACK, "编制单位：");
    cv.field((94.0, 84.0), 9.5, face, BLACK, &us.name, &shows("company", &us.name));
    cv.field((cv.w / 2.0 - 34.0, 84.0), 9.5, face, BLACK, period.0, &shows("period", period.1));
    let unit = "单位：元";
    cv.field((cv.w - 90.0, 84.0), 9.5, face, BLACK, unit, &shows("unit", "元"));
}

/// A balance sheet; style 0 two-sided and ruled, style 1 one list without rulings.
pub fn balance(b: &Books, us: &Company, style: u8, face: Face, edits: &Edits) -> Canvas {
    let date = format!("{}年12月31日", b.year);
    let period = (date.as_str(), format!("{}-12-31", b.year));
    if style == 0 {
        let mut cv = Canvas::new(842.0, 595.0);
        head(&mut cv, "资产负债表", us, period, face, "会企01表");
        let xs = [40.0, 180.0, 206.0, 312.0, 420.0, 560.0, 586.0, 694.0, 802.0];
        let ys: Vec<f32> = (0..=ASSETS.len() + 1).map(|i| 92.0 + 22.5 * i as f32).collect();
        cv.grid(&xs, &ys, 0.7, BLACK);
        let heads =
            ["资　产", "行次", "期末余额", "年初余额", "负债和所有者权益", "行次", "期末余额", "年初余额"];
        for (i, h) in heads.iter().enumerate() {
            cv.boxed(
                Area(xs[i], ys[0], xs[i + 1] - xs[i], 22.5),
                Align::Centre,
                9.5,
                face,
                BLACK,
                h,
                &Vec::new(),
            );
        }
        for (k, names) in [(0, ASSETS), (4, CLAIMS)] {
            for (i, name) in names.iter().enumerate() {
                let y = ys[i + 1];
                let label = name.trim_start_matches('#');
                let text = if name.starts_with('#') || label.ends_with('计') {
                    label.to_string()
                } else {
                    format!("　{label}")
                };
                cv.boxed(
                    Area(xs[k], y, xs[k + 1] - xs[k], 22.5),
                    Align::Left,
                    9.0,
                    face,
                    BLACK,
                    &text,
                    &Vec::new(),
                );
                let Some((now, before)) = balance_of(b, edits, label) else { continue };
                cv.boxed(
                    Area(xs[k + 1], y, 26.0, 22.5),
                    Align::Centre,
                    8.5,
                    face,
                    BLACK,
                    &(i + 1 + k * 5).to_string(),
                    &Vec::new(),
                );
                cv.boxed(
                    Area(xs[k + 2], y, xs[k + 3] - xs[k + 2], 22.5),
                    Align::Right,
                    9.0,
                    face,
                    BLACK,
                    &grouped(now),
                    &field(label, "closing", now),
                );
                cv.boxed(
                    Area(xs[k + 3], y, xs[k + 4] - xs[k + 3], 22.5),
                    Align::Right,
                    9.0,
                    face,
                    BLACK,
                    &grouped(before),
                    &field(label, "opening", before),
                );
            }
        }
        sign(&mut cv, us, 560.0, face);
        return cv;
    }
    let mut cv = Canvas::a4();
    head(&mut cv, "资 产 负 债 表", us, period, face, "会企01表");
    cv.line((40.0, 92.0), (555.0, 92.0), 1.2, BLACK);
    cv.text(60.0, 106.0, 10.0, face, BLACK, "项　　目");
    let right = |cv: &mut Canvas, x: f32, y: f32, text: &str, shown: &Shows| {
        let w = face.width(text, 9.5);
        cv.field((x - w, y), 9.5, face, BLACK, text, shown);
    };
    right(&mut cv, 420.0, 106.0, "期末余额", &Vec::new());
    right(&mut cv, 545.0, 106.0, "上年年末余额", &Vec::new());
    cv.line((40.0, 112.0), (555.0, 112.0), 0.6, BLACK);
    let mut y = 128.0;
    let mut claims = CLAIMS.to_vec();
    claims.insert(claims.len() - 1, "所有者权益合计");
    claims.insert(13, "#所有者权益：");
    for name in ASSETS.iter().chain(claims.iter()).filter(|n| !n.is_empty()) {
        let label = name.trim_start_matches('#');
        let x = if name.starts_with('#') || label.ends_with('计') { 46.0 } else { 62.0 };
        cv.text(x, y, 9.5, face, BLACK, label);
        if let Some((now, before)) = balance_of(b, edits, label) {
            right(&mut cv, 420.0, y, &grouped(now), &field(label, "closing", now));
            right(&mut cv, 545.0, y, &grouped(before), &field(label, "opening", before));
        }
        y += 17.6;
    }
    cv.line((40.0, y - 8.0), (555.0, y - 8.0), 1.2, BLACK);
    sign(&mut cv, us, y + 10.0, face);
    cv
}

fn sign(cv: &mut Canvas, us: &Company, y: f32, face: Face) {
    let text =
        format!("法定代表人：{}　　　　主管会计工作负责人：殷念慈　　　　会计机构负责人：颜静姝", us.legal);
    cv.text(46.0, y, 9.0, face, BLACK, &text);
    cv.seal((cv.w - 130.0, y - 18.0), 38.0, &us.name, "");
}

/// An income statement; style 0 ruled, style 1 without.
pub fn income(b: &Books, us: &Company, style: u8, face: Face, edits: &Edits) -> Canvas {
    let mut cv = Canvas::a4();
    let label = format!("{}年度", b.year);
    head(
        &mut cv,
        if style == 0 { "利润表" } else { "利 润 表" },
        us,
        (label.as_str(), b.year.to_string()),
        face,
        "会企02表",
    );
    let xs = [40.0, 290.0, 322.0, 440.0, 555.0];
    let step = if style == 0 { 26.0 } else { 23.0 };
    let ys: Vec<f32> = (0..=INCOME.len() + 1).map(|i| 92.0 + step * i as f32).collect();
    if style == 0 {
        cv.grid(&xs, &ys, 0.7, BLACK);
    } else {
        for y in [ys[0], ys[1], ys[ys.len() - 1]] {
            cv.line((40.0, y), (555.0, y), 0.8, BLACK);
        }
    }
    let heads = if style == 0 {
        ["项　目", "行次", "本期金额", "上期金额"]
    } else {
        ["项　　目", "附注", "本年累计数", "上年同期数"]
    };
    for (i, h) in heads.iter().enumerate() {
        cv.boxed(
            Area(xs[i], ys[0], xs[i + 1] - xs[i], step),
            Align::Centre,
            10.0,
            face,
            BLACK,
            h,
            &Vec::new(),
        );
    }
    for (i, (lead, name)) in INCOME.iter().enumerate() {
        let y = ys[i + 1];
        cv.boxed(
            Area(xs[0], y, 250.0, step),
            Align::Left,
            9.5,
            face,
            BLACK,
            &format!("{lead}{name}"),
            &Vec::new(),
        );
        if style == 0 {
            cv.boxed(
                Area(xs[1], y, 32.0, step),
                Align::Centre,
                9.0,
                face,
                BLACK,
                &(i + 1).to_string(),
                &Vec::new(),
            );
        }
        let Some(line) = b.income.iter().find(|l| l.0 == *name) else { continue };
        let (now, before) = (look(edits, name, "current", line.1), look(edits, name, "prior", line.2));
        cv.boxed(
            Area(xs[2], y, xs[3] - xs[2], step),
            Align::Right,
            9.5,
            face,
            BLACK,
            &grouped(now),
            &field(name, "current", now),
        );
        cv.boxed(
            Area(xs[3], y, xs[4] - xs[3], step),
            Align::Right,
            9.5,
            face,
            BLACK,
            &grouped(before),
            &field(name, "prior", before),
        );
    }
    sign(&mut cv, us, ys[ys.len() - 1] + 28.0, face);
    cv
}

/// Both statements as sheets.
pub fn sheets(b: &Books, us: &Company, edits: &Edits) -> (Grid, Grid) {
    let num = |name: &str, column: &str, v: Decimal| Cell {
        shows: field(name, column, v),
        ..c(grouped(v)).right()
    };
    let top = |title: &str, cols: usize, period: (String, String)| -> Vec<Vec<Cell>> {
        vec![
            vec![c(title).wide(cols)],
            vec![
                cf("company", &us.name, format!("编制单位：{}", us.name)).left(),
                cf("period", period.1, period.0).wide(cols - 2),
                cf("unit", "元", "单位：元").right(),
            ],
        ]
    };
    let mut left = top("资产负债表", 6, (format!("{}年12月31日", b.year), format!("{}-12-31", b.year)));
    left.push(
        ["资产", "期末余额", "年初余额", "负债和所有者权益", "期末余额", "年初余额"]
            .iter()
            .map(|h| c(*h))
            .collect(),
    );
    for (a, l) in ASSETS.iter().zip(CLAIMS) {
        let mut row = Vec::new();
        for name in [a, l] {
            let label = name.trim_start_matches('#');
            row.push(c(label).left());
            match balance_of(b, edits, label) {
                Some((now, before)) => {
                    row.extend([num(label, "closing", now), num(label, "opening", before)])
                }
                None => row.extend([c(""), c("")]),
            }
        }
        left.push(row);
    }
    let mut right = top("利润表", 3, (format!("{}年度", b.year), b.year.to_string()));
    right.push(["项目", "本期金额", "上期金额"].iter().map(|h| c(*h)).collect());
    for (lead, name) in INCOME {
        let Some(line) = b.income.iter().find(|l| l.0 == *name) else { continue };
        let (now, before) = (look(edits, name, "current", line.1), look(edits, name, "prior", line.2));
        right.push(vec![
            c(format!("{lead}{name}")).left(),
            num(name, "current", now),
            num(name, "prior", before),
        ]);
    }
    let of = |widths: &[f32], rows| Grid { widths: widths.to_vec(), rows, ruled: true, scale: 0.8 };
    (of(&[1.6, 1.2, 1.2, 1.6, 1.2, 1.2], left), of(&[2.0, 1.2, 1.2], right))
}
