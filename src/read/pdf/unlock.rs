//! Opening a PDF that asks for a password: it is written anew without its lock, and everything else reads that.

use hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use lopdf::{Document, LoadOptions};

use crate::model::ReadError;

/// Most bytes a stream may inflate to while the file is rewritten.
const MOST_INFLATED: usize = 64 << 20;

/// The file without its lock; none if it has none, or opens without a password.
pub(super) fn unlock(bytes: &[u8], passwords: &[&str]) -> Option<Result<Vec<u8>, ReadError>> {
    if passwords.is_empty() || memchr::memmem::find(bytes, b"/Encrypt").is_none() {
        return None;
    }
    match Pdf::new(bytes.to_vec()) {
        Err(LoadPdfError::Decryption(DecryptionError::PasswordProtected)) => {}
        _ => return None,
    }
    let open = |password: &&str| {
        let options = LoadOptions {
            password: Some((*password).to_string()),
            max_decompressed_size: Some(MOST_INFLATED),
            ..Default::default()
        };
        let document = Document::load_mem_with_options(bytes, options).ok()?;
        (!document.get_pages().is_empty()).then_some(document)
    };
    let Some(mut document) = passwords.iter().find_map(open) else {
        return Some(Err(ReadError::Locked(passwords.len())));
    };
    let mut out = Vec::new();
    let saved = document.save_to(&mut out);
    Some(saved.map(|()| out).map_err(|e| ReadError::Damaged(format!("解密后无法重写：{e}"))))
}
