//! VAT invoices: the paper form (专票, 普票, 电子普票 share its grid) and the digital form (数电票).

use crate::canvas::{Align, Area, BLACK, BROWN, Canvas, RED, shows};
use crate::deal::{Form, Invoice, Item};
use crate::font::Face;
use crate::money::{capital, grouped, plain};
use crate::rng::Rng;

/// Faces of labels and values.
#[derive(Clone, Copy, Debug)]
pub struct Ink {
    /// The printed form.
    pub form: Face,
    /// What was filled in.
    pub value: Face,
}

/// Draws an invoice.
pub fn invoice(inv: &Invoice, ink: Ink, sealed: bool) -> Canvas {
    let mut cv = match inv.form {
        Form::DigitalPlain | Form::DigitalSpecial => digital(inv, ink),
        _ => grid_form(inv, ink, sealed),
    };
    if inv.void {
        // A stamp of the accounts department, in the free part of the lines.
        cv.rect(Area(250.0, 206.0, 92.0, 38.0), None, Some((RED, 2.0)));
        cv.text(268.0, 234.0, 26.0, Face::SansBold, RED, "作废");
    }
    cv
}

fn kind_name(inv: &Invoice) -> &'static str {
    match inv.form {
        Form::PaperSpecial => "湖南增值税专用发票",
        Form::PaperPlain => "湖南增值税普通发票",
        Form::ElectronicPlain => "湖南增值税电子普通发票",
        Form::DigitalSpecial => "电子发票（增值税专用发票）",
        Form::DigitalPlain => "电子发票（普通发票）",
        Form::Toll => "湖南增值税电子普通发票",
        Form::Chain => "深圳电子普通发票",
    }
}

const X0: f32 = 36.0;
const X1: f32 = 576.0;

fn grid_form(inv: &Invoice, ink: Ink, sealed: bool) -> Canvas {
    let mut cv = Canvas::new(612.0, 396.0);
    let Ink { form, value } = ink;
    let title = kind_name(inv);
    let tw = form.width(title, 19.0);
    let tx = 306.0 - tw / 2.0;
    cv.field((tx, 42.0), 19.0, form, BROWN, title, &shows("kind_name", title));
    cv.line((tx - 8.0, 50.0), (tx + tw + 8.0, 50.0), 0.8, BROWN);
    cv.line((tx - 8.0, 53.0), (tx + tw + 8.0, 53.0), 0.8, BROWN);
    cv.ring((306.0, 62.0), (26.0, 15.0), 1.0, RED);
    let office = if inv.form == Form::Chain { "深圳税务" } else { "湖南税务" };
    cv.text(292.0, 65.0, 7.0, form, RED, office);
    if inv.form == Form::Toll {
        cv.text(112.0, 36.0, 12.0, form, BROWN, "通行费");
    }
    cv.qr(Area(38.0, 22.0, 58.0, 58.0), &inv.payload());
    head(&mut cv, inv, ink);
    let (top, buyer, table, sums, words, bottom) = (92.0, 92.0 + 62.0, 154.0, 262.0, 280.0, 300.0);
    cv.rect(Area(X0, top, X1 - X0, 268.0), None, Some((BROWN, 1.0)));
    for y in [buyer, sums, words, bottom] {
        cv.line((X0, y), (X1, y), 0.8, BROWN);
    }
    party(&mut cv, inv, ink, (top, buyer), true);
    cv.line((356.0, top), (356.0, buyer), 0.8, BROWN);
    cv.line((374.0, top), (374.0, buyer), 0.8, BROWN);
    cv.column(Area(356.0, top, 18.0, buyer - top), 9.0, form, BROWN, "密码区");
    let mut rng = Rng::new(3, inv.cipher_of.as_ref().unwrap_or(&inv.number));
    let marks: Vec<char> = "0123456789+-*/<>".chars().collect();
    for i in 0..4 {
        let line: String = (0..27).map(|_| *rng.pick(&marks)).collect();
        cv.text(378.0, top + 15.0 + 13.5 * i as f32, 9.0, Face::Sans, BLACK, &line);
    }
    items(&mut cv, inv, ink, (table, sums));
    totals(&mut cv, inv, ink, (sums, words, bottom));
    party(&mut cv, inv, ink, (bottom, 360.0), false);
    cv.line((356.0, bottom), (356.0, 360.0), 0.8, BROWN);
    cv.line((374.0, bottom), (374.0, 360.0), 0.8, BROWN);
    cv.column(Area(356.0, bottom, 18.0, 60.0), 9.0, form, BROWN, "备注");
    if !inv.remark.is_empty() {
        cv.boxed(
            Area(376.0, bottom + 2.0, 198.0, 30.0),
            Align::Left,
            8.0,
            value,
            BLACK,
            &inv.remark,
            &Vec::new(),
        );
    }
    for (i, label) in ["收款人：", "复核：", "开票人："].iter().enumerate() {
        let x = 44.0 + 130.0 * i as f32;
        cv.text(x, 376.0, 9.0, form, BROWN, label);
        cv.text(x + form.width(label, 9.0), 376.0, 9.0, value, BLACK, &inv.staff[i]);
    }
    cv.text(440.0, 376.0, 9.0, form, BROWN, "销售方：（章）");
    if sealed || is_electronic(inv) {
        let owner = inv.sealed_by.as_ref().unwrap_or(&inv.seller);
        cv.oval_seal((470.0, 340.0), 54.0, &owner.name, &owner.uscc);
    }
    cv
}

/// Code, number, date and check code: paper has them at both sides, the electronic form as a column at the right.
fn head(cv: &mut Canvas, inv: &Invoice, ink: Ink) {
    let Ink { form, value } = ink;
    let date = inv.date.format("%Y年%m月%d日").to_string();
    let iso = inv.date.format("%Y-%m-%d");
    if is_electronic(inv) {
        let rows = [
            ("发票代码：", inv.code.clone(), shows("code", &inv.code)),
            ("发票号码：", inv.number.clone(), shows("number", &inv.number)),
            ("开票日期：", date, shows("date", iso)),
            ("校 验 码：", spaced(&inv.check), shows("check_code", &inv.check)),
        ];
        for (i, (label, text, shown)) in rows.iter().enumerate() {
            let y = 30.0 + 15.0 * i as f32;
            cv.text(424.0, y, 9.5, form, BROWN, label);
            cv.field((424.0 + form.width(label, 9.5), y), 9.5, value, BLACK, text, shown);
        }
        cv.text(112.0, 84.0, 9.0, form, BROWN, "机器编号：");
        cv.text(160.0, 84.0, 9.0, value, BLACK, &inv.machine);
        return;
    }
    cv.field((112.0, 38.0), 14.0, Face::Sans, BLACK, &inv.code, &shows("code", &inv.code));
    cv.text(438.0, 38.0, 15.0, form, BROWN, "No");
    cv.field((462.0, 38.0), 15.0, Face::Sans, (40, 40, 90), &inv.number, &shows("number", &inv.number));
    cv.text(526.0, 52.0, 8.0, Face::Sans, BLACK, &inv.code);
    cv.text(526.0, 63.0, 8.0, Face::Sans, BLACK, &inv.number);
    cv.text(430.0, 82.0, 10.0, form, BROWN, "开票日期：");
    cv.field((482.0, 82.0), 10.0, value, BLACK, &date, &shows("date", iso));
    if inv.check.is_empty() {
        cv.text(258.0, 86.0, 9.0, form, BROWN, "抵　扣　联");
    } else {
        cv.text(112.0, 82.0, 9.0, form, BROWN, "校验码");
        cv.field((146.0, 82.0), 9.0, value, BLACK, &spaced(&inv.check), &shows("check_code", &inv.check));
    }
}

/// Electronic in the old grid.
fn is_electronic(inv: &Invoice) -> bool {
    matches!(inv.form, Form::ElectronicPlain | Form::Toll | Form::Chain)
}

fn spaced(code: &str) -> String {
    code.as_bytes().chunks(5).map(|c| String::from_utf8_lossy(c).into_owned()).collect::<Vec<_>>().join(" ")
}

fn party(cv: &mut Canvas, inv: &Invoice, ink: Ink, (top, bottom): (f32, f32), buyer: bool) {
    let (who, role, word) =
        if buyer { (&inv.buyer, "buyer", "购买方") } else { (&inv.seller, "seller", "销售方") };
    cv.line((X0 + 18.0, top), (X0 + 18.0, bottom), 0.8, BROWN);
    cv.column(Area(X0, top, 18.0, bottom - top), 9.0, ink.form, BROWN, word);
    let rows = [
        ("名　　　　称：", who.name.clone(), shows(&format!("{role}_name"), &who.name)),
        ("纳税人识别号：", who.uscc.clone(), shows(&format!("{role}_tax_id"), &who.uscc)),
        ("地 址、电 话：", format!("{} {}", who.address, who.phone), Vec::new()),
        ("开户行及账号：", format!("{} {}", who.bank, who.account), Vec::new()),
    ];
    let step = (bottom - top - 4.0) / 4.0;
    for (i, (label, text, shown)) in rows.iter().enumerate() {
        let y = top + 4.0 + step * (i as f32 + 0.7);
        cv.text(X0 + 22.0, y, 8.5, ink.form, BROWN, label);
        let x = X0 + 24.0 + ink.form.width(label, 8.5);
        let room = 354.0 - x;
        let size = (8.8 * (room / ink.value.width(text, 8.8)).min(1.0)).max(5.5);
        cv.field((x, y), size, ink.value, BLACK, text, shown);
    }
}

fn items(cv: &mut Canvas, inv: &Invoice, ink: Ink, (top, bottom): (f32, f32)) {
    let xs = [X0, 176.0, 240.0, 272.0, 322.0, 384.0, 466.0, 502.0, X1];
    let heads = if inv.form == Form::Toll {
        ["项目名称", "车牌号", "类型", "通行日期起", "通行日期止", "金　额", "税率", "税　额"]
    } else {
        ["货物或应税劳务、服务名称", "规格型号", "单位", "数 量", "单 价", "金　额", "税率", "税　额"]
    };
    for x in &xs[1..8] {
        cv.line((*x, top), (*x, bottom + 18.0), 0.8, BROWN);
    }
    for (i, h) in heads.iter().enumerate() {
        cv.boxed(
            Area(xs[i], top, xs[i + 1] - xs[i], 15.0),
            Align::Centre,
            8.5,
            ink.form,
            BROWN,
            h,
            &Vec::new(),
        );
    }
    let step = ((bottom - top - 16.0) / inv.items.len().max(4) as f32).min(21.0);
    for (n, it) in inv.items.iter().enumerate() {
        let y = top + 16.0 + step * n as f32;
        let cells = if inv.form == Form::Toll { passage(inv, n, it) } else { line(n, it) };
        for (i, (text, shown, align)) in cells.into_iter().enumerate() {
            cv.boxed(
                Area(xs[i] + 1.0, y, xs[i + 1] - xs[i] - 2.0, step),
                align,
                8.5,
                ink.value,
                BLACK,
                &text,
                &shown,
            );
        }
    }
    cv.boxed(
        Area(xs[0], bottom, xs[1] - xs[0], 18.0),
        Align::Centre,
        9.0,
        ink.form,
        BROWN,
        "合　　　　计",
        &Vec::new(),
    );
    cv.boxed(
        Area(xs[5], bottom, xs[6] - xs[5], 18.0),
        Align::Right,
        9.0,
        ink.value,
        BLACK,
        &format!("¥{}", plain(inv.amount)),
        &shows("amount", plain(inv.amount)),
    );
    cv.boxed(
        Area(xs[7], bottom, xs[8] - xs[7], 18.0),
        Align::Right,
        9.0,
        ink.value,
        BLACK,
        &tax_sum(inv).0,
        &tax_sum(inv).1,
    );
}

type Printed = (String, crate::canvas::Shows, Align);

/// The sum of the taxes, or stars where nothing is taxed.
fn tax_sum(inv: &Invoice) -> (String, crate::canvas::Shows) {
    if inv.items.iter().all(|i| i.rate == 0) {
        return ("***".into(), Vec::new());
    }
    (format!("¥{}", plain(inv.tax)), shows("tax", plain(inv.tax)))
}

/// The eight cells of a line.
fn line(n: usize, it: &Item) -> Vec<Printed> {
    let k = |name: &str| format!("items[{n}].{name}");
    let name = format!("*{}*{}", it.class, it.name);
    let q = it.quantity.map(|q| q.normalize().to_string()).unwrap_or_default();
    let p = it.net_price().map(|p| p.to_string()).unwrap_or_default();
    let cell = |field: &str, text: String, value: String, align| {
        let shown = if text.is_empty() { Vec::new() } else { shows(&k(field), value) };
        (text, shown, align)
    };
    vec![
        cell("name", name.clone(), name, Align::Left),
        cell("model", it.model.clone(), it.model.clone(), Align::Left),
        cell(
            "unit",
            if q.is_empty() { String::new() } else { it.unit.clone() },
            it.unit.clone(),
            Align::Centre,
        ),
        cell("quantity", q.clone(), q, Align::Right),
        cell("unit_price", p.clone(), p, Align::Right),
        cell("amount", plain(it.amount), plain(it.amount), Align::Right),
        // A line that is free of tax says so and shows stars.
        if it.starred {
            ("***".into(), Vec::new(), Align::Centre)
        } else if it.rate == 0 {
            ("免税".into(), Vec::new(), Align::Centre)
        } else {
            cell("rate", format!("{}%", it.rate), it.rate.to_string(), Align::Centre)
        },
        if it.rate == 0 {
            ("***".into(), Vec::new(), Align::Right)
        } else {
            cell("tax", plain(it.tax), plain(it.tax), Align::Right)
        },
    ]
}

/// The eight cells of a line of a toll: number plate, kind of vehicle and days stand where others have model and price.
fn passage(inv: &Invoice, n: usize, it: &Item) -> Vec<Printed> {
    let mut cells = line(n, it);
    let day = |before: u64| (inv.date - chrono::Days::new(before)).format("%Y%m%d").to_string();
    let plate = format!("湘A{}", &inv.machine[4..9]);
    for (at, text) in [(1, plate), (2, "货车".into()), (3, day(9)), (4, day(2))] {
        cells[at] = (text, Vec::new(), Align::Centre);
    }
    cells
}

fn totals(cv: &mut Canvas, inv: &Invoice, ink: Ink, (_, words, bottom): (f32, f32, f32)) {
    cv.line((176.0, words), (176.0, bottom), 0.8, BROWN);
    cv.boxed(
        Area(X0, words, 140.0, bottom - words),
        Align::Centre,
        9.0,
        ink.form,
        BROWN,
        "价税合计（大写）",
        &Vec::new(),
    );
    let text = capital(inv.capital, "圆");
    cv.ring((187.0, words + 10.0), (4.5, 4.5), 0.8, BLACK);
    cv.line((183.8, words + 6.8), (190.2, words + 13.2), 0.8, BLACK);
    cv.line((190.2, words + 6.8), (183.8, words + 13.2), 0.8, BLACK);
    cv.field(
        (196.0, words + 13.5),
        10.0,
        ink.value,
        BLACK,
        &text,
        &shows("total_capital", plain(inv.capital)),
    );
    cv.text(430.0, words + 13.5, 9.0, ink.form, BROWN, "（小写）");
    cv.field(
        (470.0, words + 13.5),
        10.0,
        ink.value,
        BLACK,
        &format!("¥{}", plain(inv.total)),
        &shows("total", plain(inv.total)),
    );
}

fn digital(inv: &Invoice, ink: Ink) -> Canvas {
    let mut cv = Canvas::new(612.0, 396.0);
    let Ink { form, value } = ink;
    let title = kind_name(inv);
    let tx = 306.0 - form.width(title, 18.0) / 2.0;
    cv.field((tx, 40.0), 18.0, form, BROWN, title, &shows("kind_name", title));
    cv.line((tx - 6.0, 47.0), (tx + form.width(title, 18.0) + 6.0, 47.0), 0.8, BROWN);
    cv.line((tx - 6.0, 49.5), (tx + form.width(title, 18.0) + 6.0, 49.5), 0.8, BROWN);
    cv.ring((306.0, 62.0), (30.0, 17.0), 1.0, RED);
    cv.text(281.0, 61.0, 6.5, form, RED, "全国统一发票");
    cv.text(288.0, 69.0, 6.5, form, RED, "国家税务总局");
    cv.qr(Area(36.0, 20.0, 56.0, 56.0), &inv.payload());
    if inv.items.iter().any(|i| i.starred) {
        cv.text(100.0, 30.0, 9.0, form, BROWN, "差额征税-差额开票");
    }
    let date = inv.date.format("%Y年%m月%d日").to_string();
    cv.text(430.0, 36.0, 9.5, form, BROWN, "发票号码：");
    cv.field((478.0, 36.0), 9.5, value, BLACK, &inv.number, &shows("number", &inv.number));
    cv.text(430.0, 54.0, 9.5, form, BROWN, "开票日期：");
    cv.field((478.0, 54.0), 9.5, value, BLACK, &date, &shows("date", inv.date.format("%Y-%m-%d")));
    let (top, mid) = (88.0, 140.0);
    cv.rect(Area(X0, top, X1 - X0, 262.0), None, Some((BROWN, 1.0)));
    cv.line((X0, mid), (X1, mid), 0.8, BROWN);
    for (x, who, role, word) in
        [(X0, &inv.buyer, "buyer", "购买方信息"), (306.0, &inv.seller, "seller", "销售方信息")]
    {
        cv.line((x + 16.0, top), (x + 16.0, mid), 0.8, BROWN);
        cv.line((x, top), (x, mid), 0.8, BROWN);
        cv.column(Area(x, top, 16.0, mid - top), 8.0, form, BROWN, word);
        cv.text(x + 21.0, top + 17.0, 9.0, form, BROWN, "名称：");
        let room = 216.0;
        let size = (9.5 * (room / value.width(&who.name, 9.5)).min(1.0)).max(6.0);
        cv.field(
            (x + 48.0, top + 17.0),
            size,
            value,
            BLACK,
            &who.name,
            &shows(&format!("{role}_name"), &who.name),
        );
        cv.text(x + 21.0, top + 42.0, 9.0, form, BROWN, "统一社会信用代码/纳税人识别号：");
        let lx = x + 22.0 + form.width("统一社会信用代码/纳税人识别号：", 9.0);
        cv.field(
            (lx, top + 42.0),
            9.5,
            value,
            BLACK,
            &who.uscc,
            &shows(&format!("{role}_tax_id"), &who.uscc),
        );
    }
    let xs = [X0, 168.0, 238.0, 274.0, 320.0, 394.0, 462.0, 512.0, X1];
    let heads = ["项目名称", "规格型号", "单 位", "数 量", "单 价", "金 额", "税率/征收率", "税 额"];
    for (i, h) in heads.iter().enumerate() {
        cv.boxed(
            Area(xs[i], mid + 1.0, xs[i + 1] - xs[i], 14.0),
            Align::Centre,
            8.5,
            form,
            BROWN,
            h,
            &Vec::new(),
        );
    }
    let step = (86.0 / inv.items.len().max(4) as f32).min(22.0);
    for (n, it) in inv.items.iter().enumerate() {
        let y = mid + 16.0 + step * n as f32;
        for (i, (text, shown, align)) in line(n, it).into_iter().enumerate() {
            cv.boxed(
                Area(xs[i] + 1.0, y, xs[i + 1] - xs[i] - 2.0, step),
                align,
                8.5,
                value,
                BLACK,
                &text,
                &shown,
            );
        }
    }
    let sums = 250.0;
    cv.boxed(
        Area(xs[0], sums, xs[1] - xs[0], 16.0),
        Align::Centre,
        9.0,
        form,
        BROWN,
        "合　　计",
        &Vec::new(),
    );
    cv.boxed(
        Area(xs[4], sums, xs[6] - xs[4], 16.0),
        Align::Right,
        9.5,
        value,
        BLACK,
        &format!("¥{}", plain(inv.amount)),
        &shows("amount", plain(inv.amount)),
    );
    cv.boxed(
        Area(xs[6], sums, xs[8] - xs[6], 16.0),
        Align::Right,
        9.5,
        value,
        BLACK,
        &tax_sum(inv).0,
        &tax_sum(inv).1,
    );
    cv.line((X0, 270.0), (X1, 270.0), 0.8, BROWN);
    cv.line((X0, 292.0), (X1, 292.0), 0.8, BROWN);
    cv.line((168.0, 270.0), (168.0, 292.0), 0.8, BROWN);
    totals_at(&mut cv, inv, ink, 270.0);
    cv.line((X0 + 16.0, 292.0), (X0 + 16.0, 350.0), 0.8, BROWN);
    cv.column(Area(X0, 292.0, 16.0, 58.0), 9.0, form, BROWN, "备注");
    let remark = format!("购方开户银行:{}; 银行账号:{};{}", inv.buyer.bank, inv.buyer.account, inv.remark);
    cv.boxed(Area(X0 + 18.0, 294.0, 500.0, 24.0), Align::Left, 8.0, value, BLACK, &remark, &Vec::new());
    cv.text(60.0, 370.0, 9.0, form, BROWN, "开票人：");
    cv.text(98.0, 370.0, 9.0, value, BLACK, &inv.staff[2]);
    cv
}

fn totals_at(cv: &mut Canvas, inv: &Invoice, ink: Ink, y: f32) {
    cv.boxed(Area(X0, y, 132.0, 22.0), Align::Centre, 9.0, ink.form, BROWN, "价税合计（大写）", &Vec::new());
    cv.ring((180.0, y + 11.0), (4.5, 4.5), 0.8, BLACK);
    cv.line((176.8, y + 7.8), (183.2, y + 14.2), 0.8, BLACK);
    cv.line((183.2, y + 7.8), (176.8, y + 14.2), 0.8, BLACK);
    cv.field(
        (190.0, y + 14.5),
        10.0,
        ink.value,
        BLACK,
        &capital(inv.capital, "圆"),
        &shows("total_capital", plain(inv.capital)),
    );
    cv.text(420.0, y + 14.5, 9.0, ink.form, BROWN, "（小写）");
    let shown = if inv.seller.uscc.ends_with(|c: char| c.is_ascii_digit()) {
        plain(inv.total)
    } else {
        grouped(inv.total).replace(',', "")
    };
    cv.field(
        (462.0, y + 14.5),
        10.0,
        ink.value,
        BLACK,
        &format!("¥{shown}"),
        &shows("total", plain(inv.total)),
    );
}
