//! A PDF that asks for a password.

use lopdf::{Document, EncryptionState, EncryptionVersion, Object, Permissions};

/// The same PDF, encrypted with a user password.
pub fn encrypted(bytes: &[u8]) -> Vec<u8> {
    let mut doc = Document::load_mem(bytes).expect("our own PDF");
    let id = Object::string_literal("0123456789abcdef");
    doc.trailer.set("ID", Object::Array(vec![id.clone(), id]));
    let version = EncryptionVersion::V1 {
        document: &doc,
        owner_password: "owner",
        user_password: "user",
        permissions: Permissions::empty(),
    };
    let state = EncryptionState::try_from(version).expect("a key");
    doc.encrypt(&state).expect("encrypts");
    let mut out = Vec::new();
    doc.save_to(&mut out).expect("in memory");
    out
}
