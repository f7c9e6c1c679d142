//! From the recogniser's scores per time step to characters.

/// A recognised character with its step and its probability.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Glyph {
    pub text: String,
    /// Middle of the steps that said so, in steps.
    pub at: f32,
    pub score: f32,
    /// What the model took into account besides, the likeliest first.
    pub others: Vec<(String, f32)>,
}

/// How many other readings of a character are kept, and how likely they are at least.
const OTHERS: usize = 6;
const LIKELY: f32 = 0.01;

/// Best path: the strongest class of each step, repeats merged, blanks dropped.
pub(super) fn best_path(scores: &[f32], alphabet: &[String]) -> Vec<Glyph> {
    let mut out: Vec<Glyph> = Vec::new();
    let mut peaks: Vec<usize> = Vec::new();
    let mut last = 0;
    let mut from = 0;
    for (step, row) in scores.chunks_exact(alphabet.len()).enumerate() {
        let (class, score) = row
            .iter()
            .enumerate()
            .fold((0, f32::MIN), |best, (i, v)| if *v > best.1 { (i, *v) } else { best });
        if class != 0 {
            if class != last {
                from = step;
                peaks.push(step);
                let text = alphabet[class].clone();
                out.push(Glyph { text, at: step as f32 + 0.5, score, others: Vec::new() });
            } else if let Some(glyph) = out.last_mut() {
                glyph.at = (from + step) as f32 / 2.0 + 0.5;
                if score > glyph.score {
                    glyph.score = score;
                    peaks.pop();
                    peaks.push(step);
                }
            }
        }
        last = class;
    }
    let rows: Vec<&[f32]> = scores.chunks_exact(alphabet.len()).collect();
    for (glyph, step) in out.iter_mut().zip(peaks) {
        if glyph.score < 1.0 - LIKELY {
            glyph.others = others(rows[step], alphabet, &glyph.text);
            // ¥ or ￥, （ or (: doubt between two widths of one sign is no doubt about the text.
            let same = glyph.others.iter().filter(|o| alike(&o.0, &glyph.text));
            glyph.score = same.fold(glyph.score, |sum, o| sum + o.1).min(1.0);
        }
    }
    out
}

/// Whether two readings are one sign in two widths.
fn alike(a: &str, b: &str) -> bool {
    const SIGNS: &[&str] = &["¥￥", "(（", ")）", ":：", ";；", ",，", "%％", "-－−", "+＋", "/／"];
    SIGNS.iter().any(|both| both.contains(a) && both.contains(b))
}

/// The likeliest characters of a step besides the one chosen.
fn others(row: &[f32], alphabet: &[String], chosen: &str) -> Vec<(String, f32)> {
    let likely = row.iter().enumerate().skip(1).filter(|(i, v)| **v >= LIKELY && alphabet[*i] != chosen);
    let mut found: Vec<(String, f32)> = likely.map(|(i, v)| (alphabet[i].clone(), *v)).collect();
    found.sort_by(|a, b| b.1.total_cmp(&a.1));
    found.truncate(OTHERS);
    found
}

/// How sure a line is: between the mean of its characters and the weakest of them.
pub(super) fn confidence(glyphs: &[Glyph]) -> f32 {
    if glyphs.is_empty() {
        return 0.0;
    }
    let mean = glyphs.iter().map(|g| g.score).sum::<f32>() / glyphs.len() as f32;
    let least = glyphs.iter().map(|g| g.score).fold(1.0, f32::min);
    0.6 * mean + 0.4 * least
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeats_merge_and_blanks_part() {
        let alphabet: Vec<String> = ["", "0", "1"].map(String::from).to_vec();
        let row = |c: usize| -> Vec<f32> { (0..3).map(|i| if i == c { 0.9 } else { 0.05 }).collect() };
        let scores: Vec<f32> = [1, 1, 0, 1, 2, 2, 2, 0].into_iter().flat_map(row).collect();
        let glyphs = best_path(&scores, &alphabet);
        let text: String = glyphs.iter().map(|g| g.text.as_str()).collect();
        assert_eq!(text, "001");
        assert_eq!(glyphs.iter().map(|g| g.at).collect::<Vec<_>>(), [1.0, 3.5, 5.5]);
        assert!((confidence(&glyphs) - 0.9).abs() < 1e-3);
        assert_eq!(confidence(&[]), 0.0);
        assert_eq!(glyphs[0].others, [("1".to_string(), 0.05)]);
    }

    #[test]
    fn two_widths_of_a_sign_are_one() {
        let alphabet: Vec<String> = ["", "¥", "￥", "X"].map(String::from).to_vec();
        let glyphs = best_path(&[0.02, 0.55, 0.4, 0.03], &alphabet);
        assert_eq!(glyphs[0].text, "¥");
        assert!((glyphs[0].score - 0.95).abs() < 1e-3);
    }
}
