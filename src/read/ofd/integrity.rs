//! Digests and signatures of an OFD: what changed since it was signed. Nothing unknown is a reproach.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use md5::Md5;
use sha1::Sha1;
use sha2::{Sha256, Sha384, Sha512};
use sm3::{Digest, Sm3};

use super::document::MM;
use super::package::{Package, folder};
use super::text::numbers;
use crate::model::{BBox, Integrity, IntegrityState, ReadError};
use crate::read::dom::Node;

/// Where a seal is shown.
pub(super) struct Stamp {
    /// Id of its page.
    pub(super) page: String,
    pub(super) bbox: BBox,
}

/// Checks all signatures of a document; gives the places of their seals.
pub(super) fn check(
    package: &Package<'_>,
    body: &Node,
    shown: &[String],
    out: &mut Vec<Integrity>,
) -> Result<Vec<Stamp>, ReadError> {
    let mut stamps = Vec::new();
    let list = body.child("Signatures").map(Node::text).and_then(|l| package.resolve("", &l));
    let tree = list.as_deref().map(|l| package.tree(l)).transpose()?.flatten();
    let (Some(list), Some(tree)) = (list, tree) else {
        let state = match body.child("Signatures") {
            Some(_) => IntegrityState::Unknown("签名列表不在文件中".into()),
            None => IntegrityState::Absent,
        };
        out.push(Integrity { what: "OFD 签名".into(), state });
        return Ok(stamps);
    };
    let mut any = false;
    for signature in tree.nodes().filter(|n| n.name == "Signature") {
        any = true;
        let location = signature.attribute("BaseLoc").unwrap_or_default();
        let Some(name) = package.resolve(folder(&list), location) else {
            out.push(unknown(format!("OFD 签名 {location}"), "签名描述文件不在文件中"));
            continue;
        };
        one(package, &name, shown, out, &mut stamps)?;
    }
    if !any {
        out.push(Integrity { what: "OFD 签名".into(), state: IntegrityState::Absent });
    }
    Ok(stamps)
}

fn unknown(what: String, why: &str) -> Integrity {
    Integrity { what, state: IntegrityState::Unknown(why.into()) }
}

/// One signature: the digests it lists, and whether its value fits that list.
fn one(
    package: &Package<'_>,
    name: &str,
    shown: &[String],
    out: &mut Vec<Integrity>,
    stamps: &mut Vec<Stamp>,
) -> Result<(), ReadError> {
    let Some(bytes) = package.bytes(name)? else {
        out.push(unknown(format!("OFD 签名 {name}"), "签名描述文件无法读取"));
        return Ok(());
    };
    let tree = package.tree(name)?;
    let Some(info) = tree.as_deref().and_then(|t| t.child("SignedInfo")) else {
        out.push(unknown(format!("OFD 签名 {name}"), "签名描述文件不完整"));
        return Ok(());
    };
    for stamp in info.nodes().filter(|n| n.name == "StampAnnot") {
        if let [x, y, w, h] = numbers(stamp.attribute("Boundary")).as_slice() {
            let points = |v: f64| (v * MM) as f32;
            let bbox = BBox::new(points(*x), points(*y), points(x + w), points(y + h));
            stamps.push(Stamp { page: stamp.attribute("PageRef").unwrap_or_default().into(), bbox });
        }
    }
    digests(package, name, info, shown, out)?;
    let value = tree.as_deref().and_then(|t| t.child("SignedValue")).map(Node::text);
    let value = value.and_then(|l| package.resolve(folder(name), &l));
    let value = value.map(|v| package.bytes(&v)).transpose()?.flatten();
    let what = format!("OFD 签名值 {name}");
    let state = match value {
        Some(value) => super::seal::check(&value, &bytes),
        None => IntegrityState::Unknown("签名值不在文件中".into()),
    };
    out.push(Integrity { what, state });
    Ok(())
}

/// Recomputes the digests of all parts a signature names.
fn digests(
    package: &Package<'_>,
    name: &str,
    info: &Node,
    shown: &[String],
    out: &mut Vec<Integrity>,
) -> Result<(), ReadError> {
    let Some(references) = info.child("References") else {
        out.push(unknown(format!("OFD 摘要 {name}"), "签名没有列出受保护的文件"));
        return Ok(());
    };
    // The standard's default is MD5.
    let method = references.attribute("CheckMethod").unwrap_or("MD5");
    let (mut equal, mut covered, mut different) = (0usize, Vec::new(), Vec::new());
    for reference in references.nodes().filter(|n| n.name == "Reference") {
        let location = reference.attribute("FileRef").unwrap_or_default();
        let what = location.trim_start_matches('/').to_string();
        let stated: String = reference.child("CheckValue").map(Node::text).unwrap_or_default();
        let stated: String = stated.split_whitespace().collect();
        let state = match package.resolve(folder(name), location) {
            None => IntegrityState::Broken("签名时存在的文件已被删除".into()),
            Some(part) => {
                let state = match package.bytes(&part)? {
                    None => IntegrityState::Unknown("文件无法解压，不能重新计算".into()),
                    Some(bytes) => compare(method, &stated, &bytes),
                };
                covered.push(part);
                state
            }
        };
        match state {
            IntegrityState::Verified => equal += 1,
            state => different.push(Integrity { what, state }),
        }
    }
    let bare: Vec<&String> = shown.iter().filter(|p| !covered.contains(p)).collect();
    soften(&mut different, bare.is_empty());
    for part in bare {
        out.push(unknown(format!("OFD 摘要 {part}"), "页面内容不在签名的保护范围内"));
    }
    for mut fact in different {
        fact.what.insert_str(0, "OFD 摘要 ");
        out.push(fact);
    }
    if equal > 0 {
        let what = format!("OFD 摘要（{name} 所列 {equal} 个文件）");
        out.push(Integrity { what, state: IntegrityState::Verified });
    }
    Ok(())
}

/// A reader that saves a file anew writes its structure and annotations again. Where nothing else changed and every
/// page is still the one that was signed, that is no reproach.
fn soften(different: &mut [Integrity], pages_covered: bool) {
    let outer = |what: &str| {
        let lower = what.to_lowercase();
        lower.ends_with("/document.xml") || lower.contains("/annot")
    };
    let broken = |i: &&Integrity| matches!(i.state, IntegrityState::Broken(_));
    if !pages_covered || !different.iter().filter(broken).all(|i| outer(&i.what)) {
        return;
    }
    for fact in different.iter_mut().filter(|i| broken(&&**i)) {
        let why = "文档结构或批注在签名之后被改写，页面内容和数据未变，多为阅读软件另存所致";
        fact.state = IntegrityState::Unknown(why.into());
    }
}

fn compare(method: &str, stated: &str, bytes: &[u8]) -> IntegrityState {
    let Some(own) = digest(method, bytes) else {
        return IntegrityState::Unknown(format!("不认识的摘要算法 {method}"));
    };
    let Ok(stated) = STANDARD.decode(stated) else {
        return IntegrityState::Unknown("摘要值不是 Base64".into());
    };
    if stated.len() != own.len() {
        return IntegrityState::Unknown("摘要值的长度与算法不符".into());
    }
    if stated == own {
        IntegrityState::Verified
    } else {
        IntegrityState::Broken("内容在签名之后被改动，摘要不符".into())
    }
}

/// A digest by its name or object identifier.
pub(super) fn digest(method: &str, bytes: &[u8]) -> Option<Vec<u8>> {
    let method = method.trim().trim_start_matches("urn:oid:");
    let name: String = method.chars().filter(|c| !matches!(c, '-' | '_')).collect::<String>().to_uppercase();
    Some(match name.as_str() {
        "SM3" | "1.2.156.10197.1.401" => Sm3::digest(bytes).to_vec(),
        "MD5" | "1.2.840.113549.2.5" => Md5::digest(bytes).to_vec(),
        "SHA1" | "1.3.14.3.2.26" => Sha1::digest(bytes).to_vec(),
        "SHA256" | "2.16.840.1.101.3.4.2.1" => Sha256::digest(bytes).to_vec(),
        "SHA384" | "2.16.840.1.101.3.4.2.2" => Sha384::digest(bytes).to_vec(),
        "SHA512" | "2.16.840.1.101.3.4.2.3" => Sha512::digest(bytes).to_vec(),
        _ => return None,
    })
}
