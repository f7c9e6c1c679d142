//! Characters of the CJK Radicals Supplement and CJK Strokes that NFKC leaves alone. PDF files whose ToUnicode map
//! was reversed from glyphs hold them in place of the ordinary ideographs ("⻓" for "长", "⻔" for "门").

/// U+2E80 to U+2EF3 in order (Unicode's EquivalentUnifiedIdeograph; where that names a character outside the Basic
/// Multilingual Plane, the ordinary ideograph of the radical). `　` marks an unassigned code point.
const SUPPLEMENT: &str = concat!(
    "冫厂乛乚乙亻冂几刀刂卜㔾小小兀尣", // 2E80
    "尢尢巳幺彑彐忄㣺扌攵　旡日月歺母", // 2E90
    "民氵氺灬爫爫丬牛犭王疋目示礻竹糹", // 2EA0
    "纟罓罒㓁冇网羊羊羊耂肀聿肉臼艹艹", // 2EB0
    "艹虎衤覀西见角角讠贝足车辶辶辶阝", // 2EC0
    "钅長镸长门阜阝雨青韦页风飞食食飠", // 2ED0
    "饣首马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜", // 2EE0
    "龙龜亀龟",                         // 2EF0
);

/// The ordinary ideograph of a supplementary radical or stroke; any other character as it is.
pub fn ordinary(c: char) -> char {
    match c {
        '\u{2E80}'..='\u{2EF3}' => {
            let at = c as usize - 0x2E80;
            SUPPLEMENT.chars().nth(at).filter(|o| *o != '\u{3000}').unwrap_or(c)
        }
        // Not a radical, but met in the same files: the glyph variant that NFKC keeps apart.
        '戶' => '户',
        '\u{31D0}' => '一',
        '\u{31D1}' => '丨',
        '\u{31D2}' => '丿',
        '\u{31D4}' => '丶',
        '\u{31DA}' => '亅',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_covers_the_block() {
        assert_eq!(SUPPLEMENT.chars().count(), 0x2EF3 - 0x2E80 + 1);
        // Spot checks against EquivalentUnifiedIdeograph.txt at the start of each line of the table and between.
        for (radical, plain) in [
            ('⻓', '长'),
            ('⻔', '门'),
            ('⻋', '车'),
            ('⻉', '贝'),
            ('⻅', '见'),
            ('⻛', '风'),
            ('⻚', '页'),
            ('⻢', '马'),
            ('⻬', '齐'),
            ('⻰', '龙'),
            ('⺠', '民'),
            ('⻄', '西'),
            ('⻘', '青'),
            ('⻩', '黄'),
            ('⺟', '母'),
            ('⺒', '巳'),
            ('⻆', '角'),
            ('⻝', '食'),
            ('⻮', '齿'),
            ('⻳', '龟'),
            ('⺝', '月'),
            ('⻨', '麦'),
        ] {
            assert_eq!(ordinary(radical), plain, "{radical}");
        }
        assert_eq!(ordinary('\u{2E9A}'), '\u{2E9A}');
        assert_eq!(ordinary('长'), '长');
    }
}
