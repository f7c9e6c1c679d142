//! What an invoice's QR code says (`domain.md` §2.5): `01,kind,code,number,amount,date,check code,crc`, or an address of
//! the tax administration that carries the number.

use chrono::NaiveDate;

use super::normal;

/// Which of the printed amounts a code's amount is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// 合计金额, without tax.
    Net,
    /// 价税合计.
    Gross,
    /// Issuers wrote either.
    Either,
}

/// What an invoice's QR code says. What it does not say is absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Payload {
    /// The kind of invoice as two digits.
    pub kind: Option<String>,
    /// 发票代码.
    pub code: Option<String>,
    /// 发票号码: 8 or 20 digits.
    pub number: String,
    /// The amount in 元 as written, or converted from the 分 of an address.
    pub amount: Option<String>,
    /// The day of issue.
    pub date: Option<NaiveDate>,
    /// 校验码: 20 digits, or the 5 hexadecimal ones of Shenzhen.
    pub check_code: Option<String>,
    address: bool,
}

impl Payload {
    /// Parses a code's text; none if it is no invoice's.
    pub fn parse(text: &str) -> Option<Self> {
        let text = normal::squash(text);
        match text.split_once("://") {
            Some((scheme, rest)) if scheme.to_ascii_lowercase().starts_with("http") => address(rest),
            _ => listed(&text),
        }
    }

    /// Whether invoices carry such a code; addresses of delivery are also sent in messages.
    pub fn is_printed(&self) -> bool {
        self.kind.is_some() || self.amount.is_some()
    }

    /// Which printed amount the code repeats, as far as its kind tells.
    pub fn basis(&self) -> Basis {
        match self.kind.as_deref() {
            _ if self.address || self.number.len() == 20 => Basis::Gross,
            // Paper and special invoices: without tax. Of the electronic ones of tax control some carry the total.
            Some("01" | "02" | "04" | "08") => Basis::Net,
            _ => Basis::Either,
        }
    }
}

/// The list of fields parted by commas.
fn listed(text: &str) -> Option<Payload> {
    let parts: Vec<&str> = text.split(',').map(|p| p.trim_matches(['"', '\''])).collect();
    let [version, kind, code, number, amount, date, rest @ ..] = parts.as_slice() else { return None };
    let coded = code.is_empty() || (digits(code) && matches!(code.len(), 10 | 12));
    let numbered = digits(number) && matches!(number.len(), 8 | 20);
    if *version != "01" || !digits(kind) || kind.len() > 2 || !coded || !numbered || rest.len() > 6 {
        return None;
    }
    let plain: String = date.chars().filter(char::is_ascii_digit).take(8).collect();
    // A tail of four hexadecimal digits is no check code, wherever it stands.
    let checks = |c: &&&str| (c.len() == 20 && digits(c)) || (c.len() == 5 && hexadecimal(c));
    Some(Payload {
        kind: Some(format!("{kind:0>2}")),
        code: some(code),
        number: (*number).to_string(),
        amount: some(amount),
        date: NaiveDate::parse_from_str(&plain, "%Y%m%d").ok(),
        check_code: rest.first().filter(checks).map(|c| (*c).to_string()),
        address: false,
    })
}

/// An address below chinatax.gov.cn: `…/verify/scan?hash=…&bill_num=…&total_amount=<分>` of block chain invoices,
/// `…/v/2_<number>_<time>` and `…/qrcode?cs=2_<number>_<time>` of fully digitalised ones.
fn address(rest: &str) -> Option<Payload> {
    let (host, path) = rest.split_once('/')?;
    let host = host.split(':').next().unwrap_or_default().to_ascii_lowercase();
    if host != "chinatax.gov.cn" && !host.ends_with(".chinatax.gov.cn") {
        return None;
    }
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let of = |name: &str| {
        let mut pairs = query.split('&').filter_map(|p| p.split_once('='));
        pairs.find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v)
    };
    if let Some(number) = of("bill_num").filter(|n| digits(n) && matches!(n.len(), 8 | 20)) {
        let cents = of("total_amount").filter(|a| digits(a) && a.len() <= 15);
        let amount = cents.map(|c| {
            let c = format!("{c:0>3}");
            let (yuan, fen) = c.split_at(c.len() - 2);
            format!("{}.{fen}", yuan.trim_start_matches('0').parse::<u64>().unwrap_or(0))
        });
        return Some(Payload { number: number.to_string(), amount, address: true, ..Payload::default() });
    }
    let delivered = of("cs").or_else(|| path.strip_prefix("v/"))?;
    let number = delivered.split('_').find(|p| p.len() == 20 && digits(p))?;
    Some(Payload { number: number.to_string(), address: true, ..Payload::default() })
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn hexadecimal(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_hexdigit())
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Payload {
        Payload::parse(text).unwrap_or_else(|| panic!("{text}"))
    }

    fn day(y: i32, m: u32, d: u32) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(y, m, d)
    }

    #[test]
    fn ordinary_paper_with_check_code_crc_and_a_comma_at_the_end() {
        let p = parse("01,04,4200161350,00015045,165106.00,20160501,48114255542168294433,DBFE,");
        assert_eq!((p.kind.as_deref(), p.code.as_deref()), (Some("04"), Some("4200161350")));
        assert_eq!((p.number.as_str(), p.amount.as_deref()), ("00015045", Some("165106.00")));
        assert_eq!((p.date, p.check_code.as_deref()), (day(2016, 5, 1), Some("48114255542168294433")));
        assert_eq!(p.basis(), Basis::Net);
    }

    #[test]
    fn special_paper_without_check_code() {
        let p = parse("01,01,1200154130,03630024,94339.62,20160621,,9335,");
        assert_eq!((p.check_code.clone(), p.basis()), (None, Basis::Net));
        // The empty field left out altogether: the tail is no check code.
        assert_eq!(parse("01,01,1200154130,03630024,94339.62,20160621,9335").check_code, None);
    }

    #[test]
    fn electronic_of_tax_control_without_crc() {
        let p = parse("01,10,011001605111,80100798,64.9,20161018,85342965681116380258");
        assert_eq!((p.amount.as_deref(), p.basis()), (Some("64.9"), Basis::Either));
        assert_eq!(p.check_code.as_deref(), Some("85342965681116380258"));
    }

    #[test]
    fn fully_digitalised_with_dashes_blanks_and_wide_commas() {
        let p = parse("01，32，，26427000000375586818， 10.70 ，2026-04-30，，fafb");
        assert_eq!((p.code.clone(), p.date, p.basis()), (None, day(2026, 4, 30), Basis::Gross));
        assert_eq!(p.amount.as_deref(), Some("10.70"));
        let p = parse("01,31,,24432000000012345678,-1130.00,20240305101500,,1A2B");
        assert_eq!((p.amount.as_deref(), p.date), (Some("-1130.00"), day(2024, 3, 5)));
    }

    #[test]
    fn all_kinds() {
        for kind in ["01", "02", "03", "04", "08", "10", "11", "14", "15", "31", "32", "51", "61", "85"] {
            let p = parse(&format!("01,{kind},,24432000000012345678,1.00,20240305,,ABCD"));
            assert_eq!(p.kind.as_deref(), Some(kind));
            assert_eq!(p.basis(), Basis::Gross);
        }
        assert_eq!(parse("01,4,4200161350,00015045,1,20160501,,").kind.as_deref(), Some("04"));
        assert_eq!(parse("01,14,051001900112,00015045,1,20160501,,").basis(), Basis::Either);
    }

    #[test]
    fn an_unreadable_day_or_amount_costs_only_itself() {
        let p = parse("01,10,011001605111,80100798,,20161340,,");
        assert_eq!((p.amount, p.date, p.number.as_str()), (None, None, "80100798"));
    }

    #[test]
    fn block_chain_of_shenzhen() {
        let p = parse(
            "https://bcfp.shenzhen.chinatax.gov.cn/verify/scan?hash=01645d47&bill_num=09826096&total_amount=96200",
        );
        assert_eq!(
            (p.number.as_str(), p.amount.as_deref(), p.basis()),
            ("09826096", Some("962.00"), Basis::Gross)
        );
        let of = |cents: &str| {
            parse(&format!(
                "HTTPS://bcfp.shenzhen.chinatax.gov.cn/verify/scan?bill_num=09826096&total_amount={cents}"
            ))
            .amount
        };
        assert_eq!(of("5").as_deref(), Some("0.05"));
        assert_eq!(of("100005").as_deref(), Some("1000.05"));
        assert_eq!((of("1.5"), of("")), (None, None));
    }

    #[test]
    fn delivery_of_a_fully_digitalised_invoice() {
        for text in [
            "https://dppt.hunan.chinatax.gov.cn:8443/v/2_25432000000012345678_20250403093525000A1",
            "https://dppt.hunan.chinatax.gov.cn:8443/qrcode?cs=2_25432000000012345678_2025040309352500&jrxt=EWM",
        ] {
            let p = parse(text);
            assert_eq!((p.number.as_str(), p.amount, p.date), ("25432000000012345678", None, None));
        }
    }

    #[test]
    fn other_codes_are_no_invoices() {
        for text in [
            "",
            "https://example.com/a,b,c,d,e,f",
            "https://example.com/verify/scan?bill_num=09826096&total_amount=100",
            "https://chinatax.gov.cn.example.com/v/2_25432000000012345678_1",
            "https://inv-veri.chinatax.gov.cn/",
            "https://dppt.hunan.chinatax.gov.cn/v/2_123_1",
            "01,x,1,2,3,4",
            "01,10,1,12345678,1,20200101",
            "01,10,011001605111,1234567,1,20200101,,",
            "02,10,011001605111,12345678,1,20200101",
            "01,10,011001605111,12345678",
            "01,001,011001605111,12345678,1,20200101,,",
        ] {
            assert_eq!(Payload::parse(text), None, "{text}");
        }
    }
}
