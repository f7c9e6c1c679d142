//! The locking of Office 2007: a binary description, SHA-1, AES block by block.

use super::{Hash, Lock, decrypt};
use crate::read::ole::{slice, u32_at};

/// Rounds of hashing, which this way does not state.
const ROUNDS: u32 = 50_000;
const SALT: usize = 16;
const VERIFIER: usize = 16;
const VERIFIED: usize = 32;

pub(super) struct Standard {
    salt: Vec<u8>,
    verifier: Vec<u8>,
    verified: Vec<u8>,
    key: usize,
}

impl Standard {
    /// Reads the description; `None` for what is not done with AES.
    pub(super) fn parse(info: &[u8]) -> Option<Self> {
        let header = slice(info, 4, u32_at(info, 0)? as usize)?;
        let key = match u32_at(header, 8)? {
            0x660E => 16,
            0x660F => 24,
            0x6610 => 32,
            _ => return None,
        };
        let at = 4 + header.len();
        let salt = (u32_at(info, at)? as usize == SALT).then(|| slice(info, at + 4, SALT)).flatten()?;
        let at = at + 4 + SALT;
        let verifier = slice(info, at, VERIFIER)?;
        // The length of the hash stands between.
        let verified = slice(info, at + VERIFIER + 4, VERIFIED)?;
        Some(Self { salt: salt.to_vec(), verifier: verifier.to_vec(), verified: verified.to_vec(), key })
    }
}

impl Lock for Standard {
    fn rounds(&self) -> u32 {
        ROUNDS
    }

    fn key(&self, password: &[u8]) -> Option<Vec<u8>> {
        let hash = Hash::Sha1;
        let spun = hash.spun(&self.salt, password, ROUNDS);
        let last = hash.digest(&[&spun, &[0; 4]]);
        let half = |fill: u8| {
            let mut padded = [fill; 64];
            padded.iter_mut().zip(&last).for_each(|(p, b)| *p ^= b);
            hash.digest(&[&padded])
        };
        let mut key = [half(0x36), half(0x5C)].concat();
        key.truncate(self.key);
        let right = hash.digest(&[&decrypt(&key, None, &self.verifier)?]);
        decrypt(&key, None, &self.verified)?.starts_with(&right).then_some(key)
    }

    fn open(&self, key: &[u8], package: &[u8]) -> Option<Vec<u8>> {
        decrypt(key, None, package)
    }
}
