//! The value of an electronic seal (GB/T 38540, GM/T 0031): it holds the digest of the list of digests.

use crate::model::IntegrityState;

use super::integrity::digest;

const INTEGER: u8 = 0x02;
const BITS: u8 = 0x03;
const SEQUENCE: u8 = 0x30;

/// Whether a seal's value was made over this signature file.
pub(super) fn check(value: &[u8], signature: &[u8]) -> IntegrityState {
    let Some(stated) = data_hash(value) else {
        return IntegrityState::Unknown("签名值的格式不是电子签章，未验证".into());
    };
    let own = ["SM3", "SHA256", "SHA1"].into_iter().filter_map(|m| digest(m, signature));
    let same_length: Vec<Vec<u8>> = own.filter(|d| d.len() == stated.len()).collect();
    if same_length.is_empty() {
        return IntegrityState::Unknown("电子签章的摘要算法不认识".into());
    }
    if same_length.iter().any(|d| d == stated) {
        IntegrityState::Verified
    } else {
        IntegrityState::Broken("签名列表在签章之后被改动，与签章内的摘要不符".into())
    }
}

/// The digest a seal states: version, seal, time, digest, in what is signed.
fn data_hash(value: &[u8]) -> Option<&[u8]> {
    let (tag, outer, _) = element(value)?;
    let (inner_tag, signed, _) = element(outer).filter(|_| tag == SEQUENCE)?;
    if inner_tag != SEQUENCE {
        return None;
    }
    let mut rest = signed;
    let mut tags = Vec::new();
    let mut last: &[u8] = &[];
    for _ in 0..4 {
        let (tag, content, next) = element(rest)?;
        tags.push(tag);
        (last, rest) = (content, next);
    }
    let fits = tags[0] == INTEGER && tags[1] == SEQUENCE && tags[3] == BITS;
    // A bit string says first how many bits of its last byte do not count.
    let (unused, hash) = last.split_first().filter(|_| fits)?;
    (*unused == 0).then_some(hash)
}

/// The first element of DER: tag, content, what follows.
fn element(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = der.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = if first < 0x80 {
        (usize::from(first), rest)
    } else {
        let count = usize::from(first & 0x7f);
        if count == 0 || count > 4 || rest.len() < count {
            return None;
        }
        let (bytes, rest) = rest.split_at(count);
        (bytes.iter().fold(0usize, |n, b| n << 8 | usize::from(*b)), rest)
    };
    (rest.len() >= length).then(|| (tag, &rest[..length], &rest[length..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A seal's value with this digest.
    fn value(hash: &[u8]) -> Vec<u8> {
        let der = |tag: u8, content: &[u8]| [&[tag, content.len() as u8], content].concat();
        let bits = |bytes: &[u8]| der(BITS, &[&[0], bytes].concat());
        let signed =
            [der(INTEGER, &[4]), der(SEQUENCE, &[]), der(0x18, b"20200101000000Z"), bits(hash)].concat();
        der(SEQUENCE, &der(SEQUENCE, &signed))
    }

    #[test]
    fn a_seal_fits_its_list_or_does_not() {
        let own = digest("SM3", b"<Signature/>").unwrap();
        assert_eq!(check(&value(&own), b"<Signature/>"), IntegrityState::Verified);
        assert!(matches!(check(&value(&own), b"<Signature />"), IntegrityState::Broken(_)));
    }

    #[test]
    fn what_is_no_seal_is_no_reproach() {
        let odd = value(&[1, 2, 3]);
        for bytes in [&b""[..], b"\x30\x84\xff\xff\xff\xff", b"\x30\x80", &odd] {
            assert!(matches!(check(bytes, b"x"), IntegrityState::Unknown(_)), "{bytes:?}");
        }
    }
}
