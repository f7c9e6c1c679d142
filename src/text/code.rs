//! Identity codes and their check characters (`domain.md` §1).

use super::normal;

/// What a check of a code says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeCheck {
    /// Shape and check character fit.
    Valid,
    /// The shape fits, the check character does not.
    WrongCheck {
        /// What the check character should be.
        expected: char,
    },
    /// Not a code of that kind.
    Malformed,
}

/// The alphabet of GB 32100: no I, O, S, V, Z.
const ALPHABET: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// Letters and digits of a code in upper case, without blanks, dashes and other marks. Nothing is corrected.
pub fn clean_code(text: &str) -> String {
    normal::squash(text).chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

/// Checks a unified social credit code (18 characters).
pub fn check_uscc(text: &str) -> CodeCheck {
    let code = clean_code(text);
    if code.len() != 18 || !code.as_bytes()[2..8].iter().all(u8::is_ascii_digit) {
        return CodeCheck::Malformed;
    }
    let Some(values) =
        code.bytes().map(|b| ALPHABET.iter().position(|a| *a == b)).collect::<Option<Vec<_>>>()
    else {
        return CodeCheck::Malformed;
    };
    let mut weight = 1;
    let mut sum = 0;
    for value in &values[..17] {
        sum += value * weight;
        weight = weight * 3 % 31;
    }
    verdict(char::from(ALPHABET[(31 - sum % 31) % 31]), &code)
}

/// Checks an organisation code (9 characters, `XXXXXXXX-X`).
pub fn check_organisation_code(text: &str) -> CodeCheck {
    const WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
    let code = clean_code(text);
    if code.len() != 9 {
        return CodeCheck::Malformed;
    }
    let Some(values) = code[..8].chars().map(|c| c.to_digit(36)).collect::<Option<Vec<_>>>() else {
        return CodeCheck::Malformed;
    };
    let sum: u32 = values.iter().zip(WEIGHTS).map(|(v, w)| v * w).sum();
    let expected = match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        n => char::from_digit(n, 10).unwrap_or('0'),
    };
    verdict(expected, &code)
}

/// Checks a taxpayer id: a unified social credit code, a 15-character id of before 2015 (region and organisation code) or the
/// id of a person (identity-card number, alone or with two digits behind it).
pub fn check_taxpayer_id(text: &str) -> CodeCheck {
    let code = clean_code(text);
    match code.len() {
        18 if check_identity_card(&code) == CodeCheck::Valid => CodeCheck::Valid,
        18 => check_uscc(&code),
        15 if code.as_bytes()[..6].iter().all(u8::is_ascii_digit) => check_organisation_code(&code[6..]),
        20 => match check_identity_card(&code[..18]) {
            // Twenty digits that hold no identity card are an invoice number.
            CodeCheck::Valid => CodeCheck::Valid,
            _ => CodeCheck::Malformed,
        },
        _ => CodeCheck::Malformed,
    }
}

/// Checks a 15-digit business registration number (工商注册号, GS15-2006).
pub fn check_registration_number(text: &str) -> CodeCheck {
    let code = clean_code(text);
    if code.len() != 15 || !code.bytes().all(|b| b.is_ascii_digit()) {
        return CodeCheck::Malformed;
    }
    let mut p = 10;
    for b in &code.as_bytes()[..14] {
        let s = match (u32::from(b - b'0') + p) % 10 {
            0 => 10,
            s => s,
        };
        p = 2 * s % 11;
    }
    verdict(char::from_digit((11 - p) % 10, 10).unwrap_or('0'), &code)
}

/// Checks a Chinese patent or application number: four-digit year, kind, seven digits and check character (since October
/// 2003), or two-digit year, kind, five digits and check character. `ZL`, `CN`, points and blanks do not count.
pub fn check_patent_number(text: &str) -> CodeCheck {
    let code = clean_code(text);
    let body = code.strip_prefix("ZL").or_else(|| code.strip_prefix("CN")).unwrap_or(&code);
    let (year, kind) = match body.len() {
        13 => (body.get(..4).and_then(|y| y.parse::<u32>().ok()), body.get(4..5)),
        9 => (body.get(..2).and_then(|y| y.parse::<u32>().ok().map(|y| 1900 + y)), body.get(2..3)),
        _ => return CodeCheck::Malformed,
    };
    let known = year.is_some_and(|y| (1985..=2100).contains(&y))
        && kind.is_some_and(|k| matches!(k, "1" | "2" | "3" | "8" | "9"));
    let digits: Option<Vec<u32>> = body[..body.len() - 1].chars().map(|c| c.to_digit(10)).collect();
    let (Some(digits), true) = (digits, known && body.ends_with(|c: char| c.is_ascii_digit() || c == 'X'))
    else {
        return CodeCheck::Malformed;
    };
    // Weights 2 to 9, then 2 to 5.
    let sum: u32 = digits.iter().zip((2..=9).cycle()).map(|(d, w)| d * w).sum();
    let expected = if sum % 11 == 10 { 'X' } else { char::from_digit(sum % 11, 10).unwrap_or('0') };
    verdict(expected, body)
}

/// The province of a code: of a unified social credit code by its characters 3 and 4, of an old taxpayer id or a region code
/// by its first two digits.
pub fn province_of(text: &str) -> Option<&'static str> {
    let code = clean_code(text);
    let digits = match code.len() {
        18 => code.get(2..4)?,
        2 | 4 | 6 | 12 | 15 => code.get(..2)?,
        _ => return None,
    };
    PROVINCES.iter().find(|(number, _)| *number == digits).map(|(_, name)| *name)
}

fn verdict(expected: char, code: &str) -> CodeCheck {
    if code.ends_with(expected) { CodeCheck::Valid } else { CodeCheck::WrongCheck { expected } }
}

/// An identity-card number: region, plausible birthday, ISO 7064 check.
fn check_identity_card(code: &str) -> CodeCheck {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let digits: Option<Vec<u32>> = code.chars().take(17).map(|c| c.to_digit(10)).collect();
    let Some(digits) = digits.filter(|d| d.len() == 17) else { return CodeCheck::Malformed };
    let known = PROVINCES.iter().any(|(number, _)| code.starts_with(number));
    let born = code.get(6..14).and_then(super::date::parse_date).is_some();
    if !known || !born {
        return CodeCheck::Malformed;
    }
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(d, w)| d * w).sum();
    verdict(char::from(b"10X98765432"[(sum % 11) as usize]), code)
}

/// GB/T 2260, first level.
const PROVINCES: &[(&str, &str)] = &[
    ("11", "北京市"),
    ("12", "天津市"),
    ("13", "河北省"),
    ("14", "山西省"),
    ("15", "内蒙古自治区"),
    ("21", "辽宁省"),
    ("22", "吉林省"),
    ("23", "黑龙江省"),
    ("31", "上海市"),
    ("32", "江苏省"),
    ("33", "浙江省"),
    ("34", "安徽省"),
    ("35", "福建省"),
    ("36", "江西省"),
    ("37", "山东省"),
    ("41", "河南省"),
    ("42", "湖北省"),
    ("43", "湖南省"),
    ("44", "广东省"),
    ("45", "广西壮族自治区"),
    ("46", "海南省"),
    ("50", "重庆市"),
    ("51", "四川省"),
    ("52", "贵州省"),
    ("53", "云南省"),
    ("54", "西藏自治区"),
    ("61", "陕西省"),
    ("62", "甘肃省"),
    ("63", "青海省"),
    ("64", "宁夏回族自治区"),
    ("65", "新疆维吾尔自治区"),
    ("71", "台湾省"),
    ("81", "香港特别行政区"),
    ("82", "澳门特别行政区"),
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::CodeCheck::*;
    use super::*;

    #[test]
    fn worked_examples() {
        for code in ["91430200MA4L00011Q", "91433101MA4Q9X9Y2W", "9143 0200 ma4l0001 1q"] {
            assert_eq!(check_uscc(code), Valid, "{code}");
            assert_eq!(check_taxpayer_id(code), Valid, "{code}");
            assert_eq!(check_organisation_code(&clean_code(code)[8..17]), Valid, "{code}");
        }
        for (code, expected) in
            [("91350211M000100Y43", '6'), ("911100001000013428", 'C'), ("91430000712164273L", 'J')]
        {
            assert_eq!(check_uscc(code), WrongCheck { expected }, "{code}");
        }
        for code in
            ["", "91430200MA4LOO011Q", "91430200MA4L00011", "9143020AMA4L00011Q", "20220305123456789012"]
        {
            assert_eq!(check_uscc(code), Malformed, "{code}");
        }
        assert_eq!(check_organisation_code("MA4L0001-1"), Valid);
        assert_eq!(check_organisation_code("44517525-X"), Valid);
        assert_eq!(check_organisation_code("MA4L0001-2"), WrongCheck { expected: '1' });
    }

    #[test]
    fn older_ids() {
        assert_eq!(check_taxpayer_id("430200MA4L00011"), Valid);
        assert_eq!(check_taxpayer_id("430200MA4L00012"), WrongCheck { expected: '1' });
        assert_eq!(check_taxpayer_id("22432000000012345678"), Malformed);
        assert_eq!(check_registration_number("110108000000016"), Valid);
        assert_eq!(check_registration_number("110108000000017"), WrongCheck { expected: '6' });
    }

    #[test]
    fn patent_numbers() {
        for code in
            ["200310102344.5", "ZL 2021 1 0123456.7", "ZL202120123456.2", "98101234.5", "CN202110123456.7"]
        {
            assert_eq!(check_patent_number(code), Valid, "{code}");
        }
        assert_eq!(check_patent_number("ZL202110123456.8"), WrongCheck { expected: '7' });
        for code in ["ZL202110123456", "202150123456.2", "2022SR0220373", "", "ZL2021101234E6.7"] {
            assert_eq!(check_patent_number(code), Malformed, "{code}");
        }
    }

    #[test]
    fn provinces() {
        assert_eq!(province_of("91430200MA4L00011Q"), Some("湖南省"));
        assert_eq!(province_of("4403"), Some("广东省"));
        assert_eq!(province_of("91990200MA4L00011Q"), None);
        assert_eq!(province_of("湖南"), None);
    }

    proptest! {
        #[test]
        fn any_single_change_is_seen(at in 0usize..18, with in 0usize..31) {
            let code = "91430200MA4L00011Q";
            let mut bytes = code.as_bytes().to_vec();
            bytes[at] = ALPHABET[with];
            let changed = String::from_utf8(bytes).unwrap();
            prop_assert_eq!(check_uscc(&changed) == Valid, changed == code);
        }

        #[test]
        fn soup_never_panics(text in "\\PC{0,22}") {
            check_uscc(&text);
            check_taxpayer_id(&text);
            check_organisation_code(&text);
            check_registration_number(&text);
            check_patent_number(&text);
            province_of(&text);
        }
    }
}
