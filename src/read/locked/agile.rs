//! The locking of Office 2010 and later: a description in XML, AES in chained blocks.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{BLOCK, Hash, Lock, decrypt};
use crate::read::dom::{self, Node};

/// Bytes of the package that are chained together.
const SEGMENT: usize = 4096;
/// What the keys are derived for.
const VERIFIER: [u8; 8] = [0xfe, 0xa7, 0xd2, 0x76, 0x3b, 0x4b, 0x9e, 0x79];
const VERIFIED: [u8; 8] = [0xd7, 0xaa, 0x0f, 0x6d, 0x30, 0x61, 0x34, 0x4e];
const KEY: [u8; 8] = [0x14, 0x6e, 0x0b, 0xe7, 0xab, 0xac, 0xd0, 0xd6];

/// Salt, hash and length of a key.
struct Parameters {
    salt: Vec<u8>,
    hash: Hash,
    key: usize,
}

pub(super) struct Agile {
    data: Parameters,
    password: Parameters,
    rounds: u32,
    verifier: Vec<u8>,
    verified: Vec<u8>,
    key: Vec<u8>,
}

impl Agile {
    /// Reads the description; `None` for what is done with other ciphers or keys.
    pub(super) fn parse(xml: &[u8]) -> Option<Self> {
        let (root, _) = dom::parse(&String::from_utf8_lossy(xml)).ok()?;
        let data = root.find("keyData")?;
        let password = root.find("encryptedKey")?;
        Some(Self {
            data: parameters(data)?,
            password: parameters(password)?,
            rounds: password.attribute("spinCount")?.parse().ok()?,
            verifier: bytes(password, "encryptedVerifierHashInput")?,
            verified: bytes(password, "encryptedVerifierHashValue")?,
            key: bytes(password, "encryptedKeyValue")?,
        })
    }
}

fn bytes(node: &Node, name: &str) -> Option<Vec<u8>> {
    STANDARD.decode(node.attribute(name)?).ok()
}

fn parameters(node: &Node) -> Option<Parameters> {
    let aes = node.attribute("cipherAlgorithm") == Some("AES")
        && node.attribute("cipherChaining") == Some("ChainingModeCBC")
        && node.attribute("blockSize") == Some("16");
    let hash = Hash::of(node.attribute("hashAlgorithm")?)?;
    let bits: usize = node.attribute("keyBits")?.parse().ok()?;
    (aes && matches!(bits, 128 | 192 | 256)).then_some(())?;
    Some(Parameters { salt: bytes(node, "saltValue")?, hash, key: bits / 8 })
}

/// As long as asked for: cut, or filled up as the format says.
fn fitted(mut bytes: Vec<u8>, length: usize) -> Vec<u8> {
    bytes.resize(length, 0x36);
    bytes
}

impl Lock for Agile {
    fn rounds(&self) -> u32 {
        self.rounds
    }

    fn key(&self, password: &[u8]) -> Option<Vec<u8>> {
        let p = &self.password;
        let spun = p.hash.spun(&p.salt, password, self.rounds);
        let iv = fitted(p.salt.clone(), BLOCK);
        let open = |what: &[u8; 8], data: &[u8]| {
            decrypt(&fitted(p.hash.digest(&[&spun, what]), p.key), Some(&iv), data)
        };
        let mut input = open(&VERIFIER, &self.verifier)?;
        input.truncate(p.salt.len());
        let right = p.hash.digest(&[&input]);
        open(&VERIFIED, &self.verified)?.starts_with(&right).then_some(())?;
        let mut key = open(&KEY, &self.key)?;
        key.truncate(self.data.key);
        Some(key)
    }

    fn open(&self, key: &[u8], package: &[u8]) -> Option<Vec<u8>> {
        let mut out = Vec::with_capacity(package.len());
        for (number, segment) in (0u32..).zip(package.chunks(SEGMENT)) {
            let iv = fitted(self.data.hash.digest(&[&self.data.salt, &number.to_le_bytes()]), BLOCK);
            out.extend(decrypt(key, Some(&iv), segment)?);
        }
        Some(out)
    }
}
