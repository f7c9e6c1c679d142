//! What a pixel measures: the resolution a file states where it is plausible, else the one that makes it a page.

/// Shorter and longer side of A4, in inches.
const A4: (f32, f32) = (8.27, 11.69);

/// Pixels per inch of a page picture.
pub(in crate::read) fn dpi(width: u32, height: u32, stated: Option<f32>) -> f32 {
    let (short, long) = (width.min(height) as f32, width.max(height) as f32);
    if let Some(dpi) = stated.filter(|d| (90.0..=1300.0).contains(d)) {
        // A sheet between a receipt and A3; cameras and editors state values that make posters.
        if (2.5..=12.5).contains(&(short / dpi)) && (4.0..=17.5).contains(&(long / dpi)) {
            return dpi;
        }
    }
    let ratio = long / short.max(1.0);
    let guess = if width > height && (1.5..2.1).contains(&ratio) {
        // An invoice or a receipt on its slip, about 240 mm wide.
        long / 9.45
    } else if ratio > 2.1 {
        // A long slip or a strip of screenshots: its short side is about a page wide.
        short / A4.0
    } else {
        (long / A4.1).max(short / A4.0)
    };
    guess.clamp(30.0, 1300.0)
}

/// The resolution that a file's header states, in dots per inch.
pub(super) fn stated(bytes: &[u8]) -> Option<f32> {
    if bytes.starts_with(&[0xFF, 0xD8]) {
        return jfif(bytes);
    }
    if bytes.starts_with(b"\x89PNG") {
        return phys(bytes);
    }
    None
}

fn jfif(bytes: &[u8]) -> Option<f32> {
    let at = bytes.get(..64.min(bytes.len()))?.windows(5).position(|w| w == b"JFIF\0")?;
    let unit = *bytes.get(at + 7)?;
    let density = f32::from(u16::from_be_bytes([*bytes.get(at + 8)?, *bytes.get(at + 9)?]));
    match unit {
        1 => Some(density),
        2 => Some(density * 2.54),
        _ => None,
    }
}

fn phys(bytes: &[u8]) -> Option<f32> {
    let mut at = 8;
    while let Some(head) = bytes.get(at..at + 8) {
        let length = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
        match &head[4..] {
            b"pHYs" => {
                let data = bytes.get(at + 8..at + 17)?;
                let per_metre = u32::from_be_bytes([data[0], data[1], data[2], data[3]]);
                return (data[8] == 1).then_some(per_metre as f32 * 0.0254);
            }
            b"IDAT" | b"IEND" => return None,
            _ => at = at.checked_add(length)?.checked_add(12)?,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_have_the_size_of_pages() {
        assert!((dpi(1654, 2339, None) - 200.0).abs() < 1.0);
        assert!((dpi(1654, 2339, Some(200.0)) - 200.0).abs() < 0.1);
        // a photograph that claims 72 dpi
        assert!((dpi(3024, 4032, Some(72.0)) - 365.0).abs() < 3.0);
        // an invoice
        assert!((dpi(1900, 1100, None) - 201.0).abs() < 1.0);
        assert!(dpi(1, 1, None) >= 30.0);
    }
}
