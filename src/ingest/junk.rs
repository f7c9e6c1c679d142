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

/// Whether a name (with its path) is one of plain text or a web page: a note about the folder, a saved page.
pub fn is_plain(path: &str) -> bool {
    const ENDINGS: &[&str] =
        &["txt", "text", "md", "html", "htm", "csv", "log", "json", "ini", "url", "yml", "yaml"];
    let name = path.rsplit('/').next().unwrap_or(path);
    // The second member of one name in an archive is `name#2`.
    let name =
        name.rsplit_once('#').filter(|(_, n)| n.bytes().all(|b| b.is_ascii_digit())).map_or(name, |n| n.0);
    match name.rsplit_once('.') {
        Some((_, ending)) => ENDINGS.contains(&ending.to_lowercase().as_str()),
        None => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_by_name() {
        for name in ["说明.txt", "甲.zip!/读我.MD", "a.b/README", "首页.html", "a.zip!/b.txt#2"] {
            assert!(is_plain(name), "{name}");
        }
        for name in ["发票.pdf", "a.txt/发票.xml", "合同.docx"] {
            assert!(!is_plain(name), "{name}");
        }
    }

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
