//! Identity codes with valid check characters.

use crate::rng::Rng;

/// An organisation code's check character for its eight characters (GB 11714).
pub fn organisation_check(body: &str) -> char {
    let sum: u32 =
        body.chars().zip([3, 7, 9, 10, 5, 8, 4, 2]).map(|(c, w)| c.to_digit(36).unwrap_or(0) * w).sum();
    match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        n => char::from(b'0' + n as u8),
    }
}

/// A unified social credit code's check character for its first 17 characters (GB 32100).
pub fn uscc_check(first: &str) -> char {
    const SET: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    let mut weight = 1;
    let mut sum = 0;
    for c in first.bytes() {
        sum += SET.iter().position(|&s| s == c).unwrap_or(0) * weight;
        weight = weight * 3 % 31;
    }
    char::from(SET[(31 - sum % 31) % 31])
}

/// A unified social credit code of a company registered in `region` (six digits).
pub fn uscc(rng: &mut Rng, region: &str) -> String {
    const SET: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    let mut body = String::from("MA");
    body.push(char::from(*rng.pick(b"4567")));
    for _ in 0..5 {
        body.push(char::from(*rng.pick(SET)));
    }
    let first = format!("91{region}{body}{}", organisation_check(&body));
    let check = uscc_check(&first);
    format!("{first}{check}")
}

/// Holds the worked examples against the functions.
pub fn self_test() {
    assert_eq!(uscc_check("91430200MA4L00011"), 'Q');
    assert_eq!(uscc_check("91433101MA4Q9X9Y2"), 'W');
    assert_eq!(organisation_check("MA4L0001"), '1');
    assert_eq!(organisation_check("44517525"), 'X');
}
