//! Passwords that the operator knows, tried on what is locked. They are never shown, logged or kept.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::text::hex::hex;

/// A list of passwords, tried in its order.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passwords {
    list: Arc<[String]>,
}

/// Shows how many there are and nothing of what they are.
impl fmt::Debug for Passwords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Passwords({})", self.list.len())
    }
}

impl Passwords {
    /// Most passwords in a list: each may cost a fifth of a second for every locked archive.
    pub const MOST: usize = 200;
    /// Longest password, in bytes.
    const LONGEST: usize = 256;

    /// A list as a file holds it: UTF-8, one a line; empty lines count for nothing, blanks within a line do.
    ///
    /// # Errors
    /// When it is no such file; the reason in Chinese.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        let text =
            std::str::from_utf8(bytes).map_err(|_| "不是 UTF-8 编码的文本，请另存为 UTF-8".to_string())?;
        let mut list: Vec<String> = Vec::new();
        for (number, line) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
            if line.is_empty() || list.iter().any(|known| known == line) {
                continue;
            }
            if line.len() > Self::LONGEST {
                return Err(format!("第 {number} 行过长，每行应是一个密码，不超过 {} 字节", Self::LONGEST));
            }
            list.push(line.to_string());
        }
        if list.len() > Self::MOST {
            return Err(format!("密码超过 {} 个，请只保留可能用到的", Self::MOST));
        }
        Ok(Self { list: list.into() })
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The passwords.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.list.iter().map(String::as_str)
    }

    /// The bytes that may have been meant: as UTF-8, and as Chinese Windows writes them where that differs.
    pub(crate) fn spellings(&self) -> Vec<Vec<u8>> {
        let mut out: Vec<Vec<u8>> = Vec::new();
        for password in self.list.iter() {
            out.push(password.as_bytes().to_vec());
            let (gbk, _, unmappable) = encoding_rs::GBK.encode(password);
            if !unmappable && gbk.as_ref() != password.as_bytes() {
                out.push(gbk.into_owned());
            }
        }
        out
    }

    /// Names the list without telling it: results that depend on passwords are kept under this.
    pub fn key(&self) -> String {
        let mut hash = Sha256::new();
        for password in self.list.iter() {
            hash.update((password.len() as u64).to_le_bytes());
            hash.update(password.as_bytes());
        }
        hex(&hash.finalize())
    }

    /// Why something locked stays closed, for people.
    pub(crate) fn closed(&self, what: &str) -> String {
        match self.list.len() {
            0 => format!(
                "{what}已加密，需要密码；请申报单位提供未加密的文件，或把密码逐行写入文本文件，用 --passwords 指定后重新运行"
            ),
            n => format!(
                "{what}已加密，已试过密码清单中的 {n} 个密码，均不能打开；请补充密码，或请申报单位提供未加密的文件"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_a_line_and_never_shown() {
        let list = Passwords::parse("\u{feff}a b\r\n\r\n密码1\na b\n".as_bytes()).unwrap();
        assert_eq!(list.iter().collect::<Vec<_>>(), ["a b", "密码1"]);
        assert_eq!(format!("{list:?}"), "Passwords(2)");
        assert_eq!(list.spellings().len(), 3, "GBK where it differs");
        assert_ne!(list.key(), Passwords::default().key());
        assert!(Passwords::parse(&encoding_rs::GBK.encode("密码").0).is_err());
        let many: String = (0..=Passwords::MOST).map(|n| format!("{n}\n")).collect();
        assert!(Passwords::parse(many.as_bytes()).is_err());
    }
}
