//! An invoice without a readable label: its template is a picture nobody could read, or was left out. Numbers, codes and
//! sums tell it where they agree with one another.

use rust_decimal::Decimal;

use super::facts::Facts;
use crate::model::Unit;
use crate::text::code::{CodeCheck, check_uscc, clean_code, province_of};
use crate::text::{amount, capital, date};

/// More text than this is a paper of words.
const MOST: usize = 3_000;

/// Whether a page without labels has the shape of an invoice: its number, a taxpayer, a day, one amount in capital
/// numerals and in digits, and two others that make it up. Any of these stands on other papers, all of them on none.
pub(super) fn is_invoice(facts: &Facts) -> bool {
    if facts.flow || facts.len() > MOST {
        return false;
    }
    let texts: Vec<&str> = facts.rows.iter().filter(|r| r.single).map(|r| r.text.as_str()).collect();
    let digits = |t: &str, count: usize| t.len() == count && t.bytes().all(|b| b.is_ascii_digit());
    let region = |t: &str, at: usize| t.get(at..at + 2).is_some_and(|r| province_of(r).is_some());
    let long = |t: &&str| digits(t, 20) && ("21".."46").contains(&&t[..2]) && region(t, 2);
    let code = |t: &&str| {
        (digits(t, 12) && ((t.starts_with('0') && region(t, 1)) || t.starts_with("144")))
            || (digits(t, 10) && region(t, 0))
    };
    let short = |t: &&str| digits(t, 8) && date::parse_date(t).is_none();
    let numbered = texts.iter().any(long) || (texts.iter().any(code) && texts.iter().any(short));
    let taxed = texts.iter().any(|t| {
        let id = clean_code(t);
        id.len() == 18 && check_uscc(&id) == CodeCheck::Valid
    });
    let dated = || texts.iter().any(|t| date::find_dates(t).len() == 1);
    numbered && taxed && dated() && sums_agree(&texts)
}

/// Whether an amount in capital numerals is printed in digits as well and is the sum of two others, all with ¥.
fn sums_agree(texts: &[&str]) -> bool {
    let capitals = texts.iter().filter_map(|t| capital::find_capital(t));
    let marked: Vec<Decimal> = texts
        .iter()
        .flat_map(|t| amount::find_money(t, Unit::Yuan))
        .filter(|m| m.marked)
        .map(|m| m.money.yuan)
        .take(64)
        .collect();
    let exempt = texts.contains(&"***");
    capitals.take(4).any(|(_, total)| {
        let count = marked.iter().filter(|m| m.abs() == total.abs()).count();
        let pair = marked.iter().enumerate().any(|(i, a)| {
            marked[i + 1..].iter().any(|b| (*a + *b).abs() == total.abs() && *a != Decimal::ZERO)
        });
        total != Decimal::ZERO && count >= 1 && (pair || (exempt && count >= 2))
    })
}

#[cfg(test)]
mod tests {
    use crate::classify::segments;
    use crate::model::{BBox, Code, Confidence, Grade, Kind, Line, Page, Place, ReadBy, Reading};
    use crate::pack::Pack;

    fn page(runs: &[&str]) -> Page {
        let mut page = Page::empty(1, 600.0, 400.0, ReadBy::Pdf);
        for (row, text) in (0u32..).zip(runs) {
            let y = 20.0 + 14.0 * row as f32;
            let bbox = BBox::new(40.0, y, 40.0 + 9.0 * text.chars().count() as f32, y + 9.0);
            page.lines.push(Line {
                text: (*text).to_string(),
                place: Place::Page { page: 1, bbox },
                grade: Grade::Text,
                confidence: Confidence::FULL,
                row,
                table: None,
                edges: Vec::new(),
                size: 9.0,
            });
        }
        page
    }

    fn kind(page: Page) -> Kind {
        segments(&Reading::new(ReadBy::Pdf, vec![page]), &Pack::embedded().unwrap())[0].kind
    }

    const VALUES: [&str; 9] = [
        "23432000000012345678",
        "2023年05月06日",
        "株洲云帆软件有限公司",
        "91430200MA4L00011Q",
        "*软件*平台技术开发",
        "¥1000.00",
        "¥130.00",
        "壹仟壹佰叁拾圆整",
        "¥1130.00",
    ];

    #[test]
    fn values_that_agree_are_an_invoice_without_a_label() {
        assert_eq!(kind(page(&VALUES)), Kind::Invoice);
    }

    #[test]
    fn values_that_do_not_agree_are_none() {
        for (at, other) in
            [(0, "2343200000001234567"), (3, "91430200MA4L00012Q"), (6, "¥131.00"), (7, "壹仟圆整")]
        {
            let mut values = VALUES;
            values[at] = other;
            assert_eq!(kind(page(&values)), Kind::Other, "{other}");
        }
    }

    #[test]
    fn an_invoices_code_alone_tells_an_invoice_but_not_on_a_list_of_invoices() {
        let coded = |runs: &[&str]| {
            let mut page = page(runs);
            page.codes.push(Code {
                text: "01,32,,23432000000012345678,1130.00,20230506,,A1B2".into(),
                bbox: BBox::new(20.0, 20.0, 70.0, 70.0),
            });
            kind(page)
        };
        assert_eq!(coded(&["株洲云帆软件有限公司", "*软件*平台技术开发", "张三"]), Kind::Invoice);
        assert_eq!(coded(&["发票清单", "株洲云帆软件有限公司", "张三"]), Kind::Other);
    }
}
