//! Whether a paper's text mentions a name, read well or badly.

/// Whether the text holds the name; where it was recognised from pixels a fifth of the characters may be misread.
pub(super) fn mentions(text: &str, name: &str, doubtful: bool) -> bool {
    if name.is_empty() {
        return false;
    }
    if text.contains(name) {
        return true;
    }
    let name: Vec<char> = name.chars().collect();
    let wrong = if doubtful { name.len() / 5 } else { 0 };
    if wrong == 0 {
        return false;
    }
    let text: Vec<char> = text.chars().collect();
    text.windows(name.len()).any(|w| w.iter().zip(&name).filter(|(a, b)| a != b).count() <= wrong)
}

#[cfg(test)]
mod tests {
    use super::mentions;

    #[test]
    fn some_characters_may_be_misread_on_scans_only() {
        let text = "采购边缘计算网美设备十台";
        assert!(mentions(text, "边缘计算", false));
        assert!(mentions(text, "边缘计算网关设备", true));
        assert!(!mentions(text, "边缘计算网关设备", false));
        assert!(!mentions(text, "工业视觉相机", true));
        assert!(!mentions(text, "", true));
    }
}
