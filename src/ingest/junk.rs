//! Files that systems and editors leave behind and nobody submits.

/// Whether a file or folder of this name is passed over.
pub fn is_junk(name: &str) -> bool {
    const NAMES: &[&str] = &[
        ".ds_store",
        "thumbs.db",
        "ehthumbs.db",
        "desktop.ini",
        "__macosx",
        ".localized",
        ".spotlight-v100",
        ".trashes",
    ];
    const PREFIXES: &[&str] = &["~$", "._", ".~lock.", "~wrl", ".~wps"];
    let lower = name.to_lowercase();
    NAMES.contains(&lower.as_str()) || PREFIXES.iter().any(|p| lower.starts_with(p))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leftovers_and_real_files() {
        for name in ["~$申报书.docx", ".DS_Store", "Thumbs.db", "desktop.ini", "__MACOSX", "._发票.pdf"]
        {
            assert!(is_junk(name), "{name}");
        }
        for name in ["申报书.docx", "~附件.pdf", "发票.pdf", ".发票.pdf"] {
            assert!(!is_junk(name), "{name}");
        }
    }
}
