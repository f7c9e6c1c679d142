//! Office files behind a password: a compound file that holds the encrypted package (Office 2007 and later, WPS too).
//!
//! The two ways of [MS-OFFCRYPTO] that Office writes are undone here with the ciphers that are in the tree anyway.

mod agile;
mod standard;

use aes::cipher::{BlockCipherDecrypt, KeyInit};
use aes::{Aes128, Aes192, Aes256};
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::docx::DocxReader;
use super::ole::{Ole, u16_at};
use super::xlsx::XlsxReader;
use super::{ReadContext, Reader};
use crate::model::{Format, ReadError, Reading};

/// Office opens workbooks that are only protected against changes with this one, without asking.
const DEFAULT: &str = "VelvetSweatshop";
/// Most rounds of hashing for one password, ten times what Office takes.
const ROUNDS: u32 = 1_000_000;
/// Most rounds for all passwords of a file.
const ALL_ROUNDS: u64 = 40_000_000;
/// Bytes of a block of the cipher.
const BLOCK: usize = 16;

/// Reads DOCX and XLSX that are encrypted, when they are unlocked.
pub struct LockedReader;

impl Reader for LockedReader {
    fn formats(&self) -> &'static [Format] {
        &[Format::LockedOffice]
    }

    fn unlock(&self, bytes: &[u8], passwords: &[&str]) -> Option<Result<Vec<u8>, ReadError>> {
        Some(unlock(bytes, passwords))
    }

    fn read(&self, bytes: &[u8], cx: &ReadContext<'_>) -> Result<Reading, ReadError> {
        if bytes.starts_with(b"\xd0\xcf\x11\xe0") {
            return Err(ReadError::Encrypted);
        }
        let zip = zip::ZipArchive::new(std::io::Cursor::new(bytes))
            .map_err(|e| ReadError::Damaged(format!("解密后的内容无法识别：{e}")))?;
        let has = |folder: &[u8]| zip.file_names_raw().any(|n| n.starts_with(folder));
        match (has(b"word/"), has(b"xl/")) {
            (true, _) => DocxReader.read(bytes, cx),
            (_, true) => XlsxReader.read(bytes, cx),
            _ => Err(ReadError::Unsupported("加密的演示文稿等，请另存为 PDF 后重新提交".into())),
        }
    }

    fn render(&self, _bytes: &[u8], _page: u32, _dpi: f32) -> Option<image::RgbImage> {
        None
    }
}

/// How a file is locked.
trait Lock {
    /// Rounds of hashing that a try takes.
    fn rounds(&self) -> u32;
    /// The key of the package, if the password is right.
    fn key(&self, password: &[u8]) -> Option<Vec<u8>>;
    /// The package, to be cut to its length.
    fn open(&self, key: &[u8], package: &[u8]) -> Option<Vec<u8>>;
}

fn unlock(bytes: &[u8], passwords: &[&str]) -> Result<Vec<u8>, ReadError> {
    // What is broken as well stays closed, whatever the password.
    let mut ole = Ole::open(bytes, ReadContext::MAX_INFLATED).map_err(|_| ReadError::Encrypted)?;
    let missing = |name: &str| ReadError::Damaged(format!("缺少 {name} 数据流"));
    let info = ole.stream("EncryptionInfo")?.ok_or_else(|| missing("EncryptionInfo"))?;
    let package = ole.stream("EncryptedPackage")?.ok_or_else(|| missing("EncryptedPackage"))?;
    let unknown =
        || ReadError::Unsupported("这种加密方式的 Office 文件，请申报单位提供未加密的文件".to_string());
    let rest = info.get(8..).ok_or_else(unknown)?;
    let lock: Box<dyn Lock> = match (u16_at(&info, 0), u16_at(&info, 2)) {
        (Some(4), Some(4)) => Box::new(agile::Agile::parse(rest).ok_or_else(unknown)?),
        (Some(2..=4), Some(2)) => Box::new(standard::Standard::parse(rest).ok_or_else(unknown)?),
        _ => return Err(unknown()),
    };
    if lock.rounds() > ROUNDS {
        return Err(unknown());
    }
    let most = ALL_ROUNDS / u64::from(lock.rounds().max(1));
    let tried = passwords.len().min(usize::try_from(most).unwrap_or(usize::MAX));
    let wide = |p: &str| p.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let key = std::iter::once(DEFAULT)
        .chain(passwords.iter().take(tried).copied())
        .find_map(|p| lock.key(&wide(p)))
        .ok_or(ReadError::Locked(tried))?;
    let size = package.first_chunk::<8>().map(|b| u64::from_le_bytes(*b));
    let cut = || ReadError::Damaged("加密的内容不完整".to_string());
    let mut opened = package.get(8..).and_then(|body| lock.open(&key, body)).ok_or_else(cut)?;
    opened.truncate(size.and_then(|s| usize::try_from(s).ok()).ok_or_else(cut)?);
    Ok(opened)
}

/// A hash function by its name.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Hash {
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    fn of(name: &str) -> Option<Self> {
        match name.to_ascii_uppercase().replace('-', "").as_str() {
            "SHA1" => Some(Hash::Sha1),
            "SHA256" => Some(Hash::Sha256),
            "SHA384" => Some(Hash::Sha384),
            "SHA512" => Some(Hash::Sha512),
            _ => None,
        }
    }

    /// The digest of parts, one behind the other.
    fn digest(self, parts: &[&[u8]]) -> Vec<u8> {
        fn run<D: Digest>(parts: &[&[u8]]) -> Vec<u8> {
            let mut hash = D::new();
            parts.iter().for_each(|p| hash.update(p));
            hash.finalize().to_vec()
        }
        match self {
            Hash::Sha1 => run::<Sha1>(parts),
            Hash::Sha256 => run::<Sha256>(parts),
            Hash::Sha384 => run::<Sha384>(parts),
            Hash::Sha512 => run::<Sha512>(parts),
        }
    }

    /// A password hashed with its salt and then over and over, so that guessing takes time.
    fn spun(self, salt: &[u8], password: &[u8], rounds: u32) -> Vec<u8> {
        let mut hash = self.digest(&[salt, password]);
        for round in 0..rounds {
            hash = self.digest(&[&round.to_le_bytes(), &hash]);
        }
        hash
    }
}

/// Undoes AES on whole blocks; what is left over is dropped. With `iv` the blocks are chained. None: no key of AES.
fn decrypt(key: &[u8], iv: Option<&[u8]>, data: &[u8]) -> Option<Vec<u8>> {
    match key.len() {
        16 => Some(blocks(&Aes128::new_from_slice(key).ok()?, iv, data)),
        24 => Some(blocks(&Aes192::new_from_slice(key).ok()?, iv, data)),
        32 => Some(blocks(&Aes256::new_from_slice(key).ok()?, iv, data)),
        _ => None,
    }
}

fn blocks<C>(cipher: &C, iv: Option<&[u8]>, data: &[u8]) -> Vec<u8>
where
    C: BlockCipherDecrypt + aes::cipher::BlockSizeUser<BlockSize = aes::cipher::consts::U16>,
{
    let mut out = Vec::with_capacity(data.len());
    let mut before = iv.map(|iv| iv.to_vec());
    for chunk in data.chunks_exact(BLOCK) {
        let mut block = [0u8; BLOCK];
        block.copy_from_slice(chunk);
        cipher.decrypt_block((&mut block).into());
        if let Some(before) = &mut before {
            block.iter_mut().zip(before.iter()).for_each(|(b, v)| *b ^= v);
            *before = chunk.to_vec();
        }
        out.extend_from_slice(&block);
    }
    out
}

#[cfg(test)]
mod tests;
