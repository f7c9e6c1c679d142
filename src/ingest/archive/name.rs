//! Names of members: decoded as people wrote them, and without anything that leads out of the archive.

/// A member's or file's name as text: UTF-8 if it is valid, else GB18030, which Chinese Windows writes.
pub(crate) fn decode_name(raw: &[u8]) -> String {
    match std::str::from_utf8(raw) {
        Ok(name) => name.to_string(),
        Err(_) => encoding_rs::GB18030.decode_without_bom_handling(raw).0.into_owned(),
    }
}

/// A member's name without anything that leads out of the archive, and whether something had to go.
pub(crate) fn neutralise(name: &str) -> (String, bool) {
    let mut escaped = name.starts_with(['/', '\\']);
    let mut parts = Vec::new();
    for part in name.split(['/', '\\']) {
        let drive =
            part.len() == 2 && part.ends_with(':') && part.starts_with(|c: char| c.is_ascii_alphabetic());
        if part == ".." || drive {
            escaped = true;
        } else if !part.is_empty() && part != "." {
            // `!` at the end of a folder would read like an archive of ours.
            parts.push(part.chars().filter(|c| !c.is_control()).collect::<String>());
        }
    }
    parts.retain(|p| !p.is_empty());
    (parts.join("/"), escaped)
}

/// The last part of a path in the input.
pub(super) fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// A name that may hold separators as one that is a single part, for names that people made up (subjects of mails).
pub(super) fn single(name: &str) -> String {
    const MOST: usize = 80;
    let plain: String = name
        .chars()
        .map(|c| if matches!(c, '/' | '\\' | ':' | '!') || c.is_control() { ' ' } else { c })
        .take(MOST)
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_inside() {
        assert_eq!(neutralise("../../etc/passwd"), ("etc/passwd".into(), true));
        assert_eq!(neutralise("C:\\发票\\1.pdf"), ("发票/1.pdf".into(), true));
        assert_eq!(neutralise("/abs.pdf"), ("abs.pdf".into(), true));
        assert_eq!(neutralise("./甲/1.pdf"), ("甲/1.pdf".into(), false));
        assert_eq!(neutralise("\u{1}/\u{2}"), (String::new(), false));
        assert_eq!(single("转发：合同/发票\r\n 2022"), "转发：合同 发票 2022");
    }
}
