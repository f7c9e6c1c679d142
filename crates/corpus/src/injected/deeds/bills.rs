//! Electronic bills (电子银行承兑汇票) with the endorsements on their back.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::canvas::{Align, Area, BLACK, Canvas, GREY, shows};
use crate::font::Face;
use crate::money::{capital, grouped, plain};
use crate::names::Company;
use crate::paper::Paper;
use crate::rng::Rng;

/// A bill.
#[derive(Clone, Debug)]
pub struct Bill {
    /// 票据号码, thirty digits.
    pub number: String,
    /// 出票日期.
    pub issued: NaiveDate,
    /// 汇票到期日.
    pub due: NaiveDate,
    /// 出票人.
    pub drawer: Company,
    /// 收款人.
    pub payee: Company,
    /// Amount.
    pub amount: Decimal,
    /// Who passed it on, to whom, when.
    pub passed: Vec<(Company, Company, NaiveDate)>,
}

impl Bill {
    /// A bill of half a year at most; the day of issue stands in its number.
    pub fn new(
        rng: &mut Rng,
        issued: NaiveDate,
        (drawer, payee): (&Company, &Company),
        amount: Decimal,
    ) -> Self {
        let number = format!("13135510{}{}{}", rng.digits(5), issued.format("%Y%m%d"), rng.digits(9));
        let due = issued + chrono::Months::new(6);
        let (drawer, payee) = (drawer.clone(), payee.clone());
        Self { number, issued, due, drawer, payee, amount, passed: Vec::new() }
    }

    /// Face and back.
    pub fn paper(&self, name: &str, key: &str, face: Face) -> Paper {
        let mut pages = vec![self.face(face)];
        if !self.passed.is_empty() {
            pages.push(self.back(face));
        }
        Paper::one(name, key, "payment", pages)
    }

    fn grouped(&self) -> String {
        let n = &self.number;
        format!("{} {} {} {} {}", &n[..1], &n[1..13], &n[13..21], &n[21..29], &n[29..])
    }

    fn face(&self, face: Face) -> Canvas {
        let mut cv = Canvas::new(680.0, 420.0);
        let e = Vec::new();
        cv.text(236.0, 38.0, 18.0, face, BLACK, "电子银行承兑汇票");
        let state = if self.passed.is_empty() { "提示收票已签收" } else { "背书已签收" };
        let iso = |day: NaiveDate| day.format("%Y-%m-%d").to_string();
        cv.text(40.0, 64.0, 9.5, face, BLACK, "出票日期");
        cv.field((100.0, 64.0), 9.5, face, BLACK, &iso(self.issued), &shows("date", iso(self.issued)));
        cv.text(330.0, 64.0, 9.5, face, BLACK, "票据状态");
        cv.text(390.0, 64.0, 9.5, face, BLACK, state);
        cv.text(40.0, 82.0, 9.5, face, BLACK, "汇票到期日");
        cv.text(100.0, 82.0, 9.5, face, BLACK, &iso(self.due));
        cv.text(330.0, 82.0, 9.5, face, BLACK, "票据号码");
        cv.field((390.0, 82.0), 9.5, face, BLACK, &self.grouped(), &shows("receipt_number", &self.number));
        let xs = [36.0, 60.0, 120.0, 340.0, 364.0, 424.0, 644.0];
        let ys: Vec<f32> = (0..=3).map(|i| 92.0 + 26.0 * i as f32).collect();
        for x in xs {
            cv.line((x, ys[0]), (x, ys[3]), 0.8, BLACK);
        }
        for (i, y) in ys.iter().enumerate() {
            let outer = i == 0 || i == 3;
            for (a, b) in if outer { vec![(xs[0], xs[6])] } else { vec![(xs[1], xs[3]), (xs[4], xs[6])] } {
                cv.line((a, *y), (b, *y), 0.8, BLACK);
            }
        }
        for (k, who, word) in [(0, &self.drawer, "出票人"), (3, &self.payee, "收款人")] {
            cv.column(Area(xs[k], ys[0], 24.0, 78.0), 9.5, face, BLACK, word);
            let rows = [("全　称", &who.name), ("账　号", &who.account), ("开户银行", &who.bank)];
            for (i, (label, text)) in rows.iter().enumerate() {
                cv.boxed(Area(xs[k + 1], ys[i], 60.0, 26.0), Align::Centre, 9.5, face, BLACK, label, &e);
                cv.boxed(Area(xs[k + 2], ys[i], 220.0, 26.0), Align::Left, 9.5, face, BLACK, text, &e);
            }
        }
        let y = ys[3];
        cv.grid(&[xs[0], xs[2], xs[6]], &[y, y + 28.0, y + 54.0, y + 80.0, y + 106.0], 0.8, BLACK);
        cv.boxed(Area(xs[0], y, 84.0, 28.0), Align::Centre, 9.5, face, BLACK, "票据金额", &e);
        cv.text(126.0, y + 18.0, 9.5, face, BLACK, "人民币（大写）");
        let words = capital(self.amount, "元");
        let shown = shows("amount_capital", plain(self.amount));
        cv.field((196.0, y + 18.0), 10.0, face, BLACK, &words, &shown);
        let figure = format!("¥{}", grouped(self.amount));
        cv.field((540.0, y + 18.0), 10.0, face, BLACK, &figure, &shows("amount", plain(self.amount)));
        let rows = [
            ("承兑人信息", self.drawer.bank.clone()),
            ("交易合同号", String::new()),
            ("能否转让", "可再转让".to_string()),
        ];
        for (i, (label, text)) in rows.iter().enumerate() {
            let y = y + 28.0 + 26.0 * i as f32;
            cv.boxed(Area(xs[0], y, 84.0, 26.0), Align::Centre, 9.5, face, BLACK, label, &e);
            cv.boxed(Area(xs[2], y, 500.0, 26.0), Align::Left, 9.5, face, BLACK, text, &e);
        }
        cv.text(40.0, y + 128.0, 8.5, face, GREY, "本汇票已经承兑，到期无条件付款。");
        cv
    }

    fn back(&self, face: Face) -> Canvas {
        let mut cv = Canvas::new(680.0, 420.0);
        cv.text(236.0, 38.0, 18.0, face, BLACK, "电子银行承兑汇票");
        cv.text(330.0, 64.0, 9.5, face, BLACK, "票据号码");
        cv.text(390.0, 64.0, 9.5, face, BLACK, &self.grouped());
        let e = Vec::new();
        for (n, (from, to, day)) in self.passed.iter().enumerate() {
            let top = 80.0 + 118.0 * n as f32;
            let rows = [
                ("转让背书", String::new()),
                ("背书人名称", from.name.clone()),
                ("被背书人名称", to.name.clone()),
                ("不得转让标记", "可再转让".into()),
                ("背书日期", day.format("%Y-%m-%d").to_string()),
            ];
            let ys: Vec<f32> = (0..=rows.len()).map(|i| top + 21.0 * i as f32).collect();
            cv.grid(&[36.0, 160.0, 644.0], &ys, 0.8, BLACK);
            for (i, (label, text)) in rows.iter().enumerate() {
                cv.boxed(Area(36.0, ys[i], 124.0, 21.0), Align::Centre, 9.5, face, BLACK, label, &e);
                cv.boxed(Area(164.0, ys[i], 476.0, 21.0), Align::Left, 9.5, face, BLACK, text, &e);
            }
        }
        cv
    }
}
