//! What the signatures of a PDF say about its bytes: the digest over the signed ranges recomputed, and what was
//! appended after the last signature. Whether a certificate is to be trusted is not asked: no list of trust is here.

use cms::cert::x509::der::{Decode, Encode, SliceReader};
use cms::content_info::ContentInfo;
use cms::signed_data::{SignedData, SignerInfo};
use memchr::memmem;
use sha2::Digest;

use super::revision;
use crate::model::{Integrity, IntegrityState};

/// Most signatures looked at.
const MOST: usize = 64;
const SHA1_BYTES: usize = 20;
const MESSAGE_DIGEST: &str = "1.2.840.113549.1.9.4";

/// A signature's ranges: everything before and after its own value.
struct Signed<'a> {
    before: &'a [u8],
    value: Vec<u8>,
    after: &'a [u8],
    /// Where the signed bytes end in the file.
    end: usize,
}

/// The facts; none for a file without signatures.
pub(super) fn facts(bytes: &[u8]) -> Vec<Integrity> {
    let signatures = signatures(bytes);
    let mut out = Vec::new();
    for (i, s) in signatures.iter().enumerate() {
        out.push(Integrity { what: format!("PDF 签名{}的摘要", i + 1), state: digest_state(s) });
        if bytes[s.end..].iter().any(|b| !b.is_ascii_whitespace() && *b != 0) {
            out.push(Integrity {
                what: format!("PDF 签名{}之后追加的内容", i + 1),
                state: appended(bytes, s.end),
            });
        }
    }
    out
}

/// Where the signed bytes of each signature end in the file.
pub(super) fn ends(bytes: &[u8]) -> Vec<usize> {
    signatures(bytes).iter().map(|s| s.end).collect()
}

fn appended(bytes: &[u8], end: usize) -> IntegrityState {
    let Some(change) = revision::change(&bytes[..end], bytes) else {
        return IntegrityState::Unknown("追加的部分不能解析".into());
    };
    if !change.shown.is_empty() {
        return IntegrityState::Broken(format!("签名之后{}被改动", change.shown.join("、")));
    }
    if change.rewritten.is_empty() {
        return IntegrityState::Verified;
    }
    let numbers: Vec<String> = change.rewritten.iter().take(8).map(u32::to_string).collect();
    IntegrityState::Unknown(format!("页面内容未变，但对象 {} 被改写，用途不明", numbers.join("、")))
}

/// Signatures by their `/ByteRange`: the dictionary cannot be compressed, since its ranges are filled in last.
fn signatures(bytes: &[u8]) -> Vec<Signed<'_>> {
    const KEY: &[u8] = b"/ByteRange";
    let mut out = Vec::new();
    let mut from = 0;
    while out.len() < MOST
        && let Some(at) = memmem::find(&bytes[from..], KEY)
    {
        from += at + KEY.len();
        out.extend(ranges(&bytes[from..]).and_then(|r| signed(bytes, r)));
    }
    out
}

fn ranges(after_key: &[u8]) -> Option<[usize; 4]> {
    let text = after_key.get(..after_key.len().min(200))?;
    let open = text.iter().position(|b| *b == b'[')?;
    let close = text.iter().position(|b| *b == b']')?;
    let inner = std::str::from_utf8(text.get(open + 1..close)?).ok()?;
    let numbers: Vec<usize> = inner.split_ascii_whitespace().map_while(|n| n.parse().ok()).collect();
    numbers.try_into().ok()
}

fn signed(bytes: &[u8], [a, len, c, rest]: [usize; 4]) -> Option<Signed<'_>> {
    let gap_starts = a.checked_add(len)?;
    let end = c.checked_add(rest)?;
    let gap = bytes.get(gap_starts..c)?;
    let hex = gap.strip_prefix(b"<")?.strip_suffix(b">")?;
    (a == 0 && end <= bytes.len()).then_some(Signed {
        before: &bytes[..gap_starts],
        value: unhex(hex)?,
        after: bytes.get(c..end)?,
        end,
    })
}

fn unhex(hex: &[u8]) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = hex
        .iter()
        .filter(|b| !b.is_ascii_whitespace())
        .map(|b| char::from(*b).to_digit(16).map(|d| d as u8))
        .collect();
    Some(digits?.chunks(2).map(|p| p[0] << 4 | p.get(1).copied().unwrap_or(0)).collect())
}

fn digest_state(s: &Signed<'_>) -> IntegrityState {
    let unknown = |why: &str| IntegrityState::Unknown(why.into());
    // The value is padded with zeros: only the first object counts.
    let info = SliceReader::new(&s.value).ok().and_then(|mut r| ContentInfo::decode(&mut r).ok());
    let data = info.and_then(|i| i.content.to_der().ok()).and_then(|der| SignedData::from_der(&der).ok());
    let Some(data) = data else { return unknown("签名的编码不认识") };
    let mut states = data.signer_infos.0.iter().map(|signer| signer_state(s, &data, signer));
    states.next().unwrap_or_else(|| unknown("签名中没有签名人"))
}

fn signer_state(s: &Signed<'_>, data: &SignedData, signer: &SignerInfo) -> IntegrityState {
    let oid = signer.digest_alg.oid.to_string();
    let Some(over_file) = digest(&oid, &[s.before, s.after]) else {
        return IntegrityState::Unknown(format!("摘要算法 {oid}"));
    };
    let content = data.encap_content_info.econtent.as_ref().map(|c| c.value().to_vec());
    let attribute = signer.signed_attrs.iter().flat_map(|set| set.iter()).find_map(|a| {
        let value = (a.oid.to_string() == MESSAGE_DIGEST).then(|| a.values.iter().next())??;
        Some(value.value().to_vec())
    });
    match (content, attribute) {
        (_, Some(attribute)) if attribute == over_file => IntegrityState::Verified,
        // adbe.pkcs7.sha1: what is signed is itself the SHA-1 digest of the file.
        (Some(content), attribute) if content.len() == SHA1_BYTES => {
            let inner = attribute.is_none_or(|a| digest(&oid, &[&content]).as_ref() == Some(&a));
            let of_file = sha1::Sha1::new_with_prefix(s.before).chain_update(s.after).finalize();
            judged(inner && content == of_file.as_slice())
        }
        (Some(_), _) => IntegrityState::Unknown("签名另带内容，与文件的关系不能确定".into()),
        (None, Some(_)) => judged(false),
        (None, None) => IntegrityState::Unknown("签名没有摘要属性".into()),
    }
}

fn judged(intact: bool) -> IntegrityState {
    if intact {
        IntegrityState::Verified
    } else {
        IntegrityState::Broken("所签范围的内容与签名时不同".into())
    }
}

fn digest(oid: &str, parts: &[&[u8]]) -> Option<Vec<u8>> {
    fn of<D: Digest>(parts: &[&[u8]]) -> Vec<u8> {
        parts.iter().fold(D::new(), |d, part| d.chain_update(part)).finalize().to_vec()
    }
    Some(match oid {
        "1.3.14.3.2.26" => of::<sha1::Sha1>(parts),
        "2.16.840.1.101.3.4.2.1" => of::<sha2::Sha256>(parts),
        "2.16.840.1.101.3.4.2.2" => of::<sha2::Sha384>(parts),
        "2.16.840.1.101.3.4.2.3" => of::<sha2::Sha512>(parts),
        "2.16.840.1.101.3.4.2.4" => of::<sha2::Sha224>(parts),
        "1.2.840.113549.2.5" => of::<md5::Md5>(parts),
        "1.2.156.10197.1.401" => {
            parts.iter().fold(sm3::Sm3::new(), |d, part| d.chain_update(part)).finalize().to_vec()
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const DRAWN: &[u8] = include_bytes!("../../../tests/fixtures/signed/drawn.pdf");
    const ANNOTATED: &[u8] = include_bytes!("../../../tests/fixtures/signed/annotated.pdf");
    const REFILLED: &[u8] = include_bytes!("../../../tests/fixtures/signed/refilled.pdf");
    const TWICE: &[u8] = include_bytes!("../../../tests/fixtures/signed/twice.pdf");

    fn told(bytes: &[u8]) -> Vec<String> {
        facts(bytes).into_iter().map(|f| format!("{}: {:?}", f.what, f.state)).collect()
    }

    #[test]
    fn a_page_drawn_over_after_the_signature_is_told() {
        assert_eq!(
            told(DRAWN),
            ["PDF 签名1的摘要: Verified", "PDF 签名1之后追加的内容: Broken(\"签名之后第1页的内容被改动\")"]
        );
        assert_eq!(told(REFILLED)[1], "PDF 签名1之后追加的内容: Broken(\"签名之后第1页的表单内容被改动\")");
    }

    #[test]
    fn annotations_and_a_second_signature_are_lawful() {
        let verified = ["PDF 签名1的摘要: Verified", "PDF 签名1之后追加的内容: Verified"];
        assert_eq!(told(ANNOTATED), verified);
        assert_eq!(told(TWICE)[..2], verified);
        assert_eq!(told(TWICE)[2..], ["PDF 签名2的摘要: Verified"]);
    }

    #[test]
    fn one_byte_within_the_signed_range_breaks_the_digest() {
        let mut bytes = TWICE.to_vec();
        bytes[20] ^= 1;
        assert_eq!(told(&bytes)[0], "PDF 签名1的摘要: Broken(\"所签范围的内容与签名时不同\")");
    }

    #[test]
    fn an_algorithm_not_known_is_no_break() {
        let sha256 = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];
        let hex: Vec<u8> = sha256.iter().flat_map(|b| format!("{b:02x}").into_bytes()).collect();
        let mut bytes = DRAWN.to_vec();
        while let Some(at) = memmem::find(&bytes, &hex) {
            bytes[at + 16..at + 18].copy_from_slice(b"7f");
        }
        assert!(told(&bytes)[0].starts_with("PDF 签名1的摘要: Unknown("), "{:?}", told(&bytes));
    }

    #[test]
    fn national_digests_are_known() {
        // The first example of GM/T 0004.
        let own = digest("1.2.156.10197.1.401", &[b"a", b"bc"]).unwrap();
        assert_eq!(own[..4], [0x66, 0xc7, 0xf0, 0xf4]);
        assert!(digest("1.2.3", &[b"abc"]).is_none());
    }

    #[test]
    fn damaged_signatures_end() {
        for step in (0..TWICE.len()).step_by(7) {
            let mut bytes = TWICE.to_vec();
            bytes[step] = bytes[step].wrapping_add(1 + (step % 7) as u8);
            let _ = signatures(&bytes).iter().map(digest_state).count();
        }
    }

    #[test]
    fn public_samples_come_out_right() {
        #[allow(clippy::disallowed_methods)]
        let read = |name: &str| std::fs::read(format!("../shared/samples/signed/{name}")).ok();
        for (name, broken, unknown) in [
            ("minimal-two-fields-signed-twice.pdf", false, false),
            ("minimal-signed-twice-second-created.pdf", false, false),
            ("sig-no-signed-attrs.pdf", false, true),
            // What the second signature shows is an object that the first one covered.
            ("form-update-override-appearance-stream-sneaky.pdf", false, true),
        ] {
            let Some(bytes) = read(name) else { continue };
            let facts = facts(&bytes);
            assert!(!facts.is_empty(), "{name}");
            assert_eq!(facts.iter().any(|f| matches!(f.state, IntegrityState::Broken(_))), broken, "{name}");
            assert_eq!(
                facts.iter().any(|f| matches!(f.state, IntegrityState::Unknown(_))),
                unknown,
                "{name}"
            );
        }
    }
}
