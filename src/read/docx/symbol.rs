//! Characters of the symbol fonts Word draws tick boxes with.

/// A box without a mark.
pub(super) const OPEN: char = '☐';
/// A box with a mark.
pub(super) const TICKED: char = '☑';

/// The character that a code of a symbol font shows; `None` if the font is no symbol font or the code unknown.
pub(super) fn of(font: &str, code: u32) -> Option<char> {
    let font = font.to_ascii_lowercase();
    // Symbol fonts keep their glyphs at U+F000..U+F0FF.
    let code = if (0xF000..=0xF0FF).contains(&code) { code - 0xF000 } else { code };
    if font.starts_with("wingdings 2") {
        return match code {
            0x2A | 0x30 | 0x35 | 0x99 | 0xA3 => Some(OPEN),
            0x51..=0x54 | 0x98 | 0xA2 => Some(TICKED),
            0x50 => Some('✓'),
            0x4F => Some('✗'),
            0x81..=0x8A => char::from_u32(0x2460 + code - 0x81),
            _ => None,
        };
    }
    if font.starts_with("wingdings") {
        return match code {
            0x6F | 0x70 | 0x71 | 0x72 | 0xA8 => Some(OPEN),
            0x78 | 0xFD | 0xFE => Some(TICKED),
            0x6E => Some('■'),
            0xFC => Some('✓'),
            0xFB => Some('✗'),
            0x6C => Some('●'),
            0x9F | 0xA7 => Some('•'),
            0xE0 => Some('→'),
            _ => None,
        };
    }
    if font == "symbol" {
        return match code {
            0xD6 => Some('√'),
            0xB4 => Some('×'),
            0xB7 => Some('•'),
            0x2D => Some('-'),
            _ => None,
        };
    }
    if font.contains("ui symbol") || font.contains("gothic") || font.contains("zapf") {
        char::from_u32(code)
    } else {
        None
    }
}

/// Whether a run in this font is written in symbol codes.
pub(super) fn is_symbol_font(font: &str) -> bool {
    font.to_ascii_lowercase().starts_with("wingdings")
}
