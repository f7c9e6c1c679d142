//! Archives that were cut into volumes, told by their names: a volume alone is of no use, whatever its bytes look like.

use crate::model::Format;

/// Why a volume of an archive stays closed, for people.
pub(crate) const CLOSED: &str =
    "分卷压缩包中的一卷，不能单独打开；请把各卷放在同一文件夹中解压，或合并为一个压缩包后重新提交";

/// Whether a name is that of a volume (`a.7z.001`, `a.part2.rar`, `a.z01`, `a.r00`).
pub(crate) fn is_volume(path: &str) -> bool {
    let lower = path.rsplit('/').next().unwrap_or(path).to_lowercase();
    let Some((stem, ending)) = lower.rsplit_once('.') else { return false };
    let digits = |text: &str, least: usize| text.len() >= least && text.bytes().all(|b| b.is_ascii_digit());
    if digits(ending, 3) {
        return [".7z", ".zip", ".rar", ".tar", ".gz"].iter().any(|e| stem.ends_with(e));
    }
    if ending == "rar" {
        let last = stem.rsplit_once('.').map_or("", |p| p.1);
        return last.strip_prefix("part").is_some_and(|n| digits(n, 1));
    }
    ["z", "r"].iter().any(|letter| ending.strip_prefix(letter).is_some_and(|n| digits(n, 2) && n.len() == 2))
}

/// Whether what this file holds could be a volume: an archive, or bytes that mean nothing alone.
pub(crate) fn may_be(format: Format) -> bool {
    matches!(format, Format::Zip | Format::SevenZ | Format::Rar | Format::Archive | Format::Unknown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for name in
            ["a/材料.7z.001", "材料.part1.RAR", "材料.part02.rar", "材料.z01", "材料.r00", "材料.zip.012"]
        {
            assert!(is_volume(name), "{name}");
        }
        for name in
            ["材料.7z", "材料.rar", "合同.001", "a.part1/材料.zip", "材料.z", "发票.r1", "材料.part.rar"]
        {
            assert!(!is_volume(name), "{name}");
        }
    }
}
