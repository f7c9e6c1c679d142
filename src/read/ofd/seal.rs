//! The value of an electronic seal (GB/T 38540, GM/T 0031): it holds the digest of the list of digests, and an SM2
//! signature over it. Who owns the certificate is not asked: there is no list of trusted ones at hand.

use sm2::dsa::signature::Verifier;
use sm2::dsa::{Signature, VerifyingKey};

use super::integrity::digest;
use crate::model::IntegrityState;

const INTEGER: u8 = 0x02;
const BITS: u8 = 0x03;
const OCTETS: u8 = 0x04;
const SEQUENCE: u8 = 0x30;
/// The identity signers sign under, unless they agreed on another.
const IDENTITY: &str = "1234567812345678";

/// Whether a seal's value was made over this signature file.
pub(super) fn check(value: &[u8], signature: &[u8]) -> IntegrityState {
    let Some(seal) = Seal::parse(value) else {
        return IntegrityState::Unknown("签名值的格式不是电子签章，未验证".into());
    };
    let own = ["SM3", "SHA256", "SHA1"].into_iter().filter_map(|m| digest(m, signature));
    let same_length: Vec<Vec<u8>> = own.filter(|d| d.len() == seal.hash.len()).collect();
    if same_length.is_empty() {
        return IntegrityState::Unknown("电子签章的摘要算法不认识".into());
    }
    if !same_length.iter().any(|d| d == seal.hash) {
        return IntegrityState::Broken("签名列表在签章之后被改动，与签章内的摘要不符".into());
    }
    match seal.is_signed() {
        Some(true) => IntegrityState::Verified,
        // Signers may have agreed on another identity or form: that is no proof of a change.
        Some(false) => IntegrityState::Unknown("签章内的摘要相符，但其 SM2 签名按通行方式验证不通过".into()),
        None => IntegrityState::Unknown("签章内的摘要相符，其签名不是 SM2 或格式不认识，未验证".into()),
    }
}

/// What matters of a seal's value.
struct Seal<'a> {
    /// The digest of the signature file.
    hash: &'a [u8],
    /// What is signed, with its own head.
    signed: &'a [u8],
    certificate: Option<&'a [u8]>,
    signature: Option<&'a [u8]>,
}

impl<'a> Seal<'a> {
    /// What is signed: version, seal, time, digest, …; then, in the order of either edition, certificate and signature.
    fn parse(value: &'a [u8]) -> Option<Self> {
        let (tag, outer, _) = element(value)?;
        let (inner_tag, inner, after) = element(outer).filter(|_| tag == SEQUENCE)?;
        let signed = outer.get(..outer.len() - after.len()).filter(|_| inner_tag == SEQUENCE)?;
        let (inner, after) = (children(inner), children(after));
        let fits = matches!(inner.as_slice(), [(INTEGER, _), (SEQUENCE, _), _, (BITS, _), ..]);
        let hash = inner.get(3).filter(|_| fits).and_then(|e| whole_bits(e.1))?;
        let of = |list: &[(u8, &'a [u8])], tag: u8| list.iter().rev().find(|e| e.0 == tag).map(|e| e.1);
        let certificate = of(&after, OCTETS).or_else(|| of(&inner[4..], OCTETS));
        Some(Self { hash, signed, certificate, signature: of(&after, BITS).and_then(whole_bits) })
    }

    /// Whether the signature is one of the certificate's key over what is signed; none if that cannot be told.
    fn is_signed(&self) -> Option<bool> {
        let certificate = self.certificate?;
        // The key of a certificate: an uncompressed point in a bit string.
        let mark = [BITS, 0x42, 0, 4];
        let at = certificate.windows(mark.len()).position(|w| w == mark)?;
        let point = certificate.get(at + 3..at + 68)?;
        let key = VerifyingKey::from_sec1_bytes(IDENTITY, point).ok()?;
        let signature = Signature::from_slice(&numbers(self.signature?)?).ok()?;
        Some(key.verify(self.signed, &signature).is_ok())
    }
}

/// The two numbers of a signature side by side: as they are, or as a sequence of integers.
fn numbers(bytes: &[u8]) -> Option<Vec<u8>> {
    if bytes.len() == 64 {
        return Some(bytes.to_vec());
    }
    let (_, content, _) = element(bytes).filter(|e| e.0 == SEQUENCE)?;
    let mut out = Vec::new();
    for (tag, integer) in children(content).into_iter().take(2) {
        let from = integer.iter().position(|b| *b != 0)?;
        let digits = integer[from..].len();
        if tag != INTEGER || digits > 32 {
            return None;
        }
        out.extend(std::iter::repeat_n(0, 32 - digits));
        out.extend(&integer[from..]);
    }
    Some(out)
}

/// The elements one after another, at most some.
fn children(mut der: &[u8]) -> Vec<(u8, &[u8])> {
    let mut out = Vec::new();
    while let Some((tag, content, rest)) = element(der).filter(|_| out.len() < 16) {
        out.push((tag, content));
        der = rest;
    }
    out
}

/// A bit string says first how many bits of its last byte do not count.
fn whole_bits(bits: &[u8]) -> Option<&[u8]> {
    bits.split_first().filter(|(unused, _)| **unused == 0).map(|(_, bytes)| bytes)
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
        // The digest fits; without a certificate nothing more can be told.
        assert!(matches!(check(&value(&own), b"<Signature/>"), IntegrityState::Unknown(_)));
        assert!(matches!(check(&value(&own), b"<Signature />"), IntegrityState::Broken(_)));
    }

    #[test]
    fn a_signature_of_the_certificates_key_verifies_and_another_does_not() {
        use sm2::dsa::SigningKey;
        use sm2::dsa::signature::Signer;
        let der = |tag: u8, content: &[u8]| match content.len() {
            short @ ..128 => [&[tag, short as u8], content].concat(),
            long => [&[tag, 0x81, long as u8], content].concat(),
        };
        let own = digest("SM3", b"<Signature/>").unwrap();
        let signed = value(&own)[2..].to_vec();
        let secret = sm2::SecretKey::from_slice(&[7; 32]).unwrap();
        let key = SigningKey::new(IDENTITY, &secret).unwrap();
        let signature: Signature = key.sign(&signed);
        let point = key.verifying_key().to_sec1_bytes();
        let certificate = der(OCTETS, &der(SEQUENCE, &der(BITS, &[&[0], &point[..]].concat())));
        let whole = |signature: &[u8]| {
            let bits = der(BITS, &[&[0], signature].concat());
            der(SEQUENCE, &[signed.clone(), certificate.clone(), bits].concat())
        };
        let bytes = signature.to_vec();
        assert_eq!(check(&whole(&bytes), b"<Signature/>"), IntegrityState::Verified);
        let mut other = bytes.clone();
        other[40] ^= 1;
        assert!(matches!(check(&whole(&other), b"<Signature/>"), IntegrityState::Unknown(_)));
    }

    #[test]
    fn what_is_no_seal_is_no_reproach() {
        let odd = value(&[1, 2, 3]);
        for bytes in [&b""[..], b"\x30\x84\xff\xff\xff\xff", b"\x30\x80", &odd] {
            assert!(matches!(check(bytes, b"x"), IntegrityState::Unknown(_)), "{bytes:?}");
        }
    }
}
