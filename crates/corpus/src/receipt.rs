//! Bank payment receipts in the manner of five banks.

use crate::canvas::{Align, Area, BLACK, BLUE, Canvas, GREY, RED, Shows, shows};
use crate::deal::Payment;
use crate::font::Face;
use crate::money::{capital, grouped, plain};

/// Which bank's manner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// 中国工商银行 网上银行电子回单.
    Icbc,
    /// 中国建设银行单位客户专用回单, three a page.
    Ccb,
    /// 中国农业银行 电子回单.
    Abc,
    /// 招商银行 付款回单, without rulings.
    Cmb,
    /// 长沙银行 客户回单.
    Local,
    /// 中国银行 国内支付业务付款回单, words without rulings.
    Boc,
}

impl Manner {
    /// The manner of a payer's bank.
    pub fn of(bank: &str) -> Self {
        match bank {
            b if b.contains("工商") => Self::Icbc,
            b if b.contains("建设") => Self::Ccb,
            b if b.contains("农业") => Self::Abc,
            b if b.contains("招商") => Self::Cmb,
            b if b.starts_with("中国银行") => Self::Boc,
            _ => Self::Local,
        }
    }
}

/// Draws receipts; several on a page where the bank prints them so. Marks carry the number of their payment.
pub fn receipts(list: &[&Payment], face: Face) -> Vec<Canvas> {
    let mut out = Vec::new();
    let manner = list.first().map_or(Manner::Icbc, |p| Manner::of(&p.payer.bank));
    let (per, height) = match manner {
        Manner::Ccb => (3, 272.0),
        Manner::Local => (2, 400.0),
        _ => (1, 0.0),
    };
    for (page, chunk) in list.chunks(per).enumerate() {
        let mut cv = if per > 1 { Canvas::a4() } else { Canvas::new(595.0, 390.0) };
        for (i, p) in chunk.iter().enumerate() {
            let before = cv.marks.len();
            let y = 14.0 + height * i as f32;
            match manner {
                Manner::Icbc => icbc(&mut cv, p, face),
                Manner::Ccb => ccb(&mut cv, p, face, y),
                Manner::Abc => abc(&mut cv, p, face),
                Manner::Cmb => cmb(&mut cv, p, face),
                Manner::Local => local(&mut cv, p, face, y),
                Manner::Boc => crate::kinds::boc(&mut cv, p, face),
            }
            cv.marks[before..].iter_mut().for_each(|m| m.part = page * per + i);
        }
        out.push(cv);
    }
    out
}

fn iso(p: &Payment) -> Shows {
    shows("date", p.date.format("%Y-%m-%d"))
}

fn four(number: &str) -> String {
    number.as_bytes().chunks(4).map(|c| String::from_utf8_lossy(c).into_owned()).collect::<Vec<_>>().join("-")
}

fn icbc(cv: &mut Canvas, p: &Payment, face: Face) {
    cv.text(60.0, 42.0, 17.0, Face::SansBold, RED, "中国工商银行");
    cv.text(236.0, 42.0, 16.0, face, BLACK, "网上银行电子回单");
    cv.text(60.0, 68.0, 9.0, face, BLACK, "电子回单号码：");
    let shown = four(&p.receipt);
    cv.field((124.0, 68.0), 9.0, face, BLACK, &shown, &shows("receipt_number", &shown));
    let (x0, x1) = (50.0, 545.0);
    let xs = [x0, 72.0, 126.0, 298.0, 320.0, 374.0, x1];
    let ys = [76.0, 102.0, 128.0, 154.0];
    let empty = Vec::new();
    cv.grid(&[x0, x1], &[76.0, 154.0, 180.0, 206.0, 232.0, 258.0, 310.0], 0.8, BLACK);
    for x in [72.0, 126.0, 298.0, 320.0, 374.0] {
        cv.line((x, 76.0), (x, 154.0), 0.8, BLACK);
    }
    for y in &ys[1..3] {
        cv.line((72.0, *y), (298.0, *y), 0.8, BLACK);
        cv.line((320.0, *y), (x1, *y), 0.8, BLACK);
    }
    cv.column(Area(xs[0], ys[0], 22.0, 78.0), 10.0, face, BLACK, "付款人");
    cv.column(Area(xs[3], ys[0], 22.0, 78.0), 10.0, face, BLACK, "收款人");
    for (k, who, role) in [(1, &p.payer, "payer"), (4, &p.payee, "payee")] {
        let rows = [
            ("户　名", &who.name, shows(&format!("{role}_name"), &who.name)),
            ("账　号", &who.account, shows(&format!("{role}_account"), &who.account)),
            ("开户银行", &who.bank, Vec::new()),
        ];
        for (i, (label, text, shown)) in rows.iter().enumerate() {
            cv.boxed(Area(xs[k], ys[i], 54.0, 26.0), Align::Centre, 9.5, face, BLACK, label, &empty);
            cv.boxed(
                Area(xs[k + 1], ys[i], xs[k + 2] - xs[k + 1], 26.0),
                Align::Left,
                9.5,
                face,
                BLACK,
                text,
                shown,
            );
        }
    }
    let amount = format!("¥{}元", grouped(p.amount));
    let words = format!("人民币（大写）：{}", capital(p.capital, "元"));
    let date = p.date.format("%Y年%m月%d日").to_string();
    let rows: [[(&str, String, Shows); 2]; 4] = [
        [
            ("金　额", amount, shows("amount", plain(p.amount))),
            ("", words, shows("amount_capital", plain(p.capital))),
        ],
        [("摘　要", "网银互联汇款".into(), Vec::new()), ("业务（产品）种类", "跨行汇款".into(), Vec::new())],
        [("用　途", p.purpose.clone(), shows("purpose", &p.purpose)), ("记账日期", date, iso(p))],
        [
            ("交易流水号", p.serial.clone(), Vec::new()),
            ("时间戳", p.date.format("%Y-%m-%d-10.26.41.318224").to_string(), Vec::new()),
        ],
    ];
    for (i, row) in rows.iter().enumerate() {
        let y = 154.0 + 26.0 * i as f32;
        cv.line((126.0, y), (126.0, y + 26.0), 0.8, BLACK);
        cv.line((298.0, y), (298.0, y + 26.0), 0.8, BLACK);
        cv.boxed(Area(x0, y, 76.0, 26.0), Align::Centre, 9.5, face, BLACK, row[0].0, &empty);
        cv.boxed(Area(126.0, y, 172.0, 26.0), Align::Left, 9.5, face, BLACK, &row[0].1, &row[0].2);
        if row[1].0.is_empty() {
            cv.boxed(Area(298.0, y, x1 - 298.0, 26.0), Align::Left, 9.5, face, BLACK, &row[1].1, &row[1].2);
        } else {
            cv.line((384.0, y), (384.0, y + 26.0), 0.8, BLACK);
            cv.boxed(Area(298.0, y, 86.0, 26.0), Align::Centre, 9.0, face, BLACK, row[1].0, &empty);
            cv.boxed(Area(384.0, y, x1 - 384.0, 26.0), Align::Left, 9.0, face, BLACK, &row[1].1, &row[1].2);
        }
    }
    cv.text(
        56.0,
        276.0,
        9.0,
        face,
        BLACK,
        &format!("备注：　附言：{}　验证码：K7xQ2{}", p.purpose, &p.serial[p.serial.len() - 4..]),
    );
    cv.text(
        56.0,
        300.0,
        9.0,
        face,
        BLACK,
        "记账网点：0901　　记账柜员：00023　　　　打印日期：2023年02月03日",
    );
    cv.text(60.0, 330.0, 8.0, face, GREY, "重要提示：本回单不作为收款方发货依据，并请勿重复记账。");
    cv.seal((470.0, 292.0), 34.0, "中国工商银行电子回单专用章", "");
}

fn ccb(cv: &mut Canvas, p: &Payment, face: Face, top: f32) {
    let empty = Vec::new();
    cv.text(188.0, top + 20.0, 14.0, face, BLUE, "中国建设银行单位客户专用回单");
    cv.text(46.0, top + 40.0, 9.0, face, BLACK, "币别：人民币");
    let date = p.date.format("%Y年%m月%d日").to_string();
    cv.field((270.0, top + 40.0), 9.5, face, BLACK, &date, &iso(p));
    let no = "流水号：";
    cv.text(400.0, top + 40.0, 9.0, face, BLACK, no);
    cv.field(
        (400.0 + face.width(no, 9.0), top + 40.0),
        9.0,
        face,
        BLACK,
        &p.receipt,
        &shows("receipt_number", &p.receipt),
    );
    let y0 = top + 48.0;
    let xs = [40.0, 58.0, 106.0, 296.0, 314.0, 362.0, 556.0];
    for x in xs {
        cv.line((x, y0), (x, y0 + 66.0), 0.7, BLACK);
    }
    for y in [y0, y0 + 66.0, y0 + 88.0, y0 + 110.0, y0 + 132.0, y0 + 178.0] {
        cv.line((40.0, y), (556.0, y), 0.7, BLACK);
    }
    cv.line((40.0, y0 + 66.0), (40.0, y0 + 178.0), 0.7, BLACK);
    cv.line((556.0, y0 + 66.0), (556.0, y0 + 178.0), 0.7, BLACK);
    for (k, who, role, word) in [(0, &p.payer, "payer", "付款人"), (3, &p.payee, "payee", "收款人")] {
        cv.column(Area(xs[k], y0, 18.0, 66.0), 9.0, face, BLUE, word);
        let rows = [
            ("全 称", &who.name, shows(&format!("{role}_name"), &who.name)),
            ("账 号", &who.account, shows(&format!("{role}_account"), &who.account)),
            ("开户行", &who.bank, Vec::new()),
        ];
        for (i, (label, text, shown)) in rows.iter().enumerate() {
            let y = y0 + 22.0 * i as f32;
            if i > 0 {
                cv.line((xs[k + 1], y), (xs[k + 3], y), 0.7, BLACK);
            }
            cv.boxed(Area(xs[k + 1], y, 48.0, 22.0), Align::Centre, 9.0, face, BLUE, label, &empty);
            cv.boxed(
                Area(xs[k + 2], y, xs[k + 3] - xs[k + 2], 22.0),
                Align::Left,
                9.0,
                face,
                BLACK,
                text,
                shown,
            );
        }
    }
    cv.boxed(Area(40.0, y0 + 66.0, 66.0, 22.0), Align::Centre, 9.0, face, BLUE, "金　额", &empty);
    cv.text(110.0, y0 + 80.0, 9.0, face, BLUE, "（大写）");
    cv.field(
        (148.0, y0 + 80.0),
        9.0,
        face,
        BLACK,
        &format!("人民币{}", capital(p.capital, "元")),
        &shows("amount_capital", plain(p.capital)),
    );
    cv.text(400.0, y0 + 80.0, 9.0, face, BLUE, "（小写）");
    cv.field(
        (440.0, y0 + 80.0),
        9.5,
        face,
        BLACK,
        &format!("￥{}", grouped(p.amount)),
        &shows("amount", plain(p.amount)),
    );
    let pairs = [
        ("凭证种类", "电子转账凭证".to_string(), Vec::new(), "凭证号码", p.serial.clone(), Vec::new()),
        ("结算方式", "转账".to_string(), Vec::new(), "用途", p.purpose.clone(), shows("purpose", &p.purpose)),
    ];
    for (i, (a, av, ashow, b, bv, bshow)) in pairs.iter().enumerate() {
        let y = y0 + 88.0 + 22.0 * i as f32;
        cv.boxed(Area(40.0, y, 66.0, 22.0), Align::Centre, 9.0, face, BLUE, a, &empty);
        cv.boxed(Area(106.0, y, 190.0, 22.0), Align::Left, 9.0, face, BLACK, av, ashow);
        cv.boxed(Area(296.0, y, 66.0, 22.0), Align::Centre, 9.0, face, BLUE, b, &empty);
        cv.boxed(Area(362.0, y, 194.0, 22.0), Align::Left, 9.0, face, BLACK, bv, bshow);
        for x in [106.0, 296.0, 362.0] {
            cv.line((x, y), (x, y + 22.0), 0.7, BLACK);
        }
    }
    cv.text(
        46.0,
        y0 + 150.0,
        8.5,
        face,
        BLACK,
        "打印时间：2023-02-02 15:40:07　　交易机构：430000016　　借方回单",
    );
    cv.text(46.0, y0 + 168.0, 8.0, face, GREY, "此回单以客户真实交易为依据，请勿重复使用。");
    cv.seal((498.0, y0 + 148.0), 30.0, "中国建设银行电子回单专用章", "");
}

fn abc(cv: &mut Canvas, p: &Payment, face: Face) {
    let empty = Vec::new();
    cv.text(60.0, 40.0, 16.0, Face::SansBold, (0, 120, 90), "中国农业银行");
    cv.text(250.0, 40.0, 16.0, face, BLACK, "电 子 回 单");
    cv.text(60.0, 66.0, 9.5, face, BLACK, "回单编号：");
    cv.field((110.0, 66.0), 9.5, face, BLACK, &p.receipt, &shows("receipt_number", &p.receipt));
    cv.text(380.0, 66.0, 9.5, face, BLACK, "交易时间：");
    cv.field((430.0, 66.0), 9.5, face, BLACK, &p.date.format("%Y-%m-%d 14:22:05").to_string(), &iso(p));
    let ys: Vec<f32> = (0..=8).map(|i| 76.0 + 27.0 * i as f32).collect();
    cv.grid(&[50.0, 140.0, 545.0], &ys, 0.8, (0, 120, 90));
    let rows: Vec<(&str, String, Shows)> = vec![
        ("付款方户名", p.payer.name.clone(), shows("payer_name", &p.payer.name)),
        ("付款方账号", p.payer.account.clone(), shows("payer_account", &p.payer.account)),
        ("付款方开户行", p.payer.bank.clone(), Vec::new()),
        ("收款方户名", p.payee.name.clone(), shows("payee_name", &p.payee.name)),
        ("收款方账号", p.payee.account.clone(), shows("payee_account", &p.payee.account)),
        ("收款方开户行", p.payee.bank.clone(), Vec::new()),
        ("金额（小写）", grouped(p.amount), shows("amount", plain(p.amount))),
        ("金额（大写）", capital(p.capital, "元"), shows("amount_capital", plain(p.capital))),
    ];
    for (i, (label, text, shown)) in rows.iter().enumerate() {
        cv.boxed(Area(50.0, ys[i], 90.0, 27.0), Align::Centre, 10.0, face, BLACK, label, &empty);
        cv.boxed(Area(144.0, ys[i], 395.0, 27.0), Align::Left, 10.0, face, BLACK, text, shown);
    }
    cv.text(56.0, 312.0, 9.5, face, BLACK, "币种：人民币　　　摘要：转账支出");
    cv.text(250.0, 312.0, 9.5, face, BLACK, "用途：");
    cv.field((282.0, 312.0), 9.5, face, BLACK, &p.purpose, &shows("purpose", &p.purpose));
    cv.text(56.0, 332.0, 9.5, face, BLACK, &format!("凭证号：{}", p.serial));
    cv.text(56.0, 360.0, 8.0, face, GREY, "本回单可通过网上银行验证，重复打印无效。");
    cv.seal((470.0, 310.0), 34.0, "中国农业银行电子回单专用章", "");
}

fn cmb(cv: &mut Canvas, p: &Payment, face: Face) {
    cv.text(50.0, 42.0, 17.0, Face::SansBold, RED, "招商银行");
    cv.text(250.0, 42.0, 16.0, face, BLACK, if p.received { "收款回单" } else { "付款回单" });
    cv.line((46.0, 54.0), (549.0, 54.0), 1.2, RED);
    let left: Vec<(&str, String, Shows)> = vec![
        ("交易日期：", p.date.format("%Y年%m月%d日").to_string(), iso(p)),
        ("付款账号：", p.payer.account.clone(), shows("payer_account", &p.payer.account)),
        ("付款人：", p.payer.name.clone(), shows("payer_name", &p.payer.name)),
        ("付款开户行：", p.payer.bank.clone(), Vec::new()),
        ("收款账号：", p.payee.account.clone(), shows("payee_account", &p.payee.account)),
        ("收款人：", p.payee.name.clone(), shows("payee_name", &p.payee.name)),
        ("收款开户行：", p.payee.bank.clone(), Vec::new()),
        ("交易金额（小写）：", format!("CNY{}", grouped(p.amount)), shows("amount", plain(p.amount))),
        (
            "交易金额（大写）：",
            format!("人民币{}", capital(p.capital, "元")),
            shows("amount_capital", plain(p.capital)),
        ),
        ("交易摘要：", p.purpose.clone(), shows("purpose", &p.purpose)),
        ("经办：", format!("网银经办　　　交易状态：{}", p.state), Vec::new()),
    ];
    for (i, (label, text, shown)) in left.iter().enumerate() {
        let y = 76.0 + 23.0 * i as f32;
        cv.text(54.0, y, 10.0, face, BLACK, label);
        cv.field((160.0, y), 10.0, face, BLACK, text, shown);
    }
    cv.text(330.0, 76.0, 10.0, face, BLACK, "回单编号：");
    cv.field((384.0, 76.0), 10.0, face, BLACK, &p.receipt, &shows("receipt_number", &p.receipt));
    cv.text(330.0, 99.0, 10.0, face, BLACK, &format!("交易流水：{}", p.serial));
    cv.line((46.0, 336.0), (549.0, 336.0), 0.8, GREY);
    cv.text(54.0, 354.0, 8.5, face, GREY, "提示：1.电子回单验证码唯一对应一笔交易；2.回单不作为发货依据。");
    cv.seal((480.0, 290.0), 36.0, "招商银行股份有限公司电子回单", "");
}

fn local(cv: &mut Canvas, p: &Payment, face: Face, top: f32) {
    let empty = Vec::new();
    cv.text(228.0, top + 26.0, 15.0, face, BLACK, "长沙银行客户回单");
    cv.text(60.0, top + 50.0, 9.5, face, BLACK, "日期：");
    cv.field((90.0, top + 50.0), 9.5, face, BLACK, &p.date.format("%Y/%m/%d").to_string(), &iso(p));
    cv.text(330.0, top + 50.0, 9.5, face, BLACK, "回单号：");
    cv.field((372.0, top + 50.0), 9.5, face, BLACK, &p.receipt, &shows("receipt_number", &p.receipt));
    let ys: Vec<f32> = (0..=6).map(|i| top + 60.0 + 28.0 * i as f32).collect();
    cv.grid(&[50.0, 130.0, 297.0, 377.0, 545.0], &ys[0..4], 0.8, BLACK);
    cv.grid(&[50.0, 130.0, 545.0], &ys[3..7], 0.8, BLACK);
    let rows = [
        (
            "付款户名",
            &p.payer.name,
            shows("payer_name", &p.payer.name),
            "收款户名",
            &p.payee.name,
            shows("payee_name", &p.payee.name),
        ),
        (
            "付款账户",
            &p.payer.account,
            shows("payer_account", &p.payer.account),
            "收款账户",
            &p.payee.account,
            shows("payee_account", &p.payee.account),
        ),
        ("付款行名称", &p.payer.bank, Vec::new(), "收款行名称", &p.payee.bank, Vec::new()),
    ];
    for (i, (a, av, ashow, b, bv, bshow)) in rows.iter().enumerate() {
        cv.boxed(Area(50.0, ys[i], 80.0, 28.0), Align::Centre, 9.5, face, BLACK, a, &empty);
        cv.boxed(Area(130.0, ys[i], 167.0, 28.0), Align::Left, 9.5, face, BLACK, av, ashow);
        cv.boxed(Area(297.0, ys[i], 80.0, 28.0), Align::Centre, 9.5, face, BLACK, b, &empty);
        cv.boxed(Area(377.0, ys[i], 168.0, 28.0), Align::Left, 9.5, face, BLACK, bv, bshow);
    }
    let wide: [(&str, String, Shows); 3] = [
        ("交易金额", format!("人民币 {}", grouped(p.amount)), shows("amount", plain(p.amount))),
        ("大写金额", capital(p.capital, "圆"), shows("amount_capital", plain(p.capital))),
        ("用　　途", p.purpose.clone(), shows("purpose", &p.purpose)),
    ];
    for (i, (label, text, shown)) in wide.iter().enumerate() {
        cv.boxed(Area(50.0, ys[i + 3], 80.0, 28.0), Align::Centre, 9.5, face, BLACK, label, &empty);
        cv.boxed(Area(130.0, ys[i + 3], 415.0, 28.0), Align::Left, 9.5, face, BLACK, text, shown);
    }
    cv.text(
        56.0,
        ys[6] + 18.0,
        9.0,
        face,
        BLACK,
        &format!("交易流水号：{}　　借贷标志：借　　业务类型：网银转账", p.serial),
    );
    cv.text(56.0, ys[6] + 38.0, 8.0, face, GREY, "本回单为电子回单，请通过本行渠道核验，注意避免重复记账。");
    cv.seal((480.0, ys[6] + 4.0), 32.0, "长沙银行股份有限公司回单", "");
}
