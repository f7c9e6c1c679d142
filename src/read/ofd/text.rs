//! Where the characters of a text object stand: `X`, `Y`, and steps between them, with `g n d` for n steps of d.

use crate::read::dom::Node;

/// Most characters of one piece of text.
const MOST: usize = 20_000;

/// A character in the space of its object: millimetres before the object's own transformation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Placed {
    pub(super) ch: char,
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
}

/// The characters of a text object.
pub(super) fn characters(object: &Node, size: f64, stretch: f64) -> Vec<Placed> {
    let mut out = Vec::new();
    let (mut x, mut y) = (0.0, 0.0);
    for code in object.nodes().filter(|n| n.name == "TextCode") {
        // Without a start of its own a piece begins where the last one began.
        x = number(code.attribute("X")).unwrap_or(x);
        y = number(code.attribute("Y")).unwrap_or(y);
        let text = content(code);
        let count = text.chars().count().min(MOST);
        let dx = steps(code.attribute("DeltaX"), count);
        let dy = steps(code.attribute("DeltaY"), count);
        let (mut at_x, mut at_y) = (x, y);
        for (i, ch) in text.chars().take(MOST).enumerate() {
            let natural = em(ch) * size * stretch;
            let step = dx.get(i).copied();
            out.push(Placed { ch, x: at_x, y: at_y, width: width(ch, natural, step, size * stretch) });
            at_x += step.unwrap_or_else(|| going_on(&dx, &dy, natural, size));
            at_y += dy.get(i).copied().or(dy.last().copied().filter(|_| dx.is_empty())).unwrap_or(0.0);
        }
    }
    out
}

/// The step after the last one that is given: the same again if it may be one, else as the font would have it.
/// Text that goes downwards stays in line.
fn going_on(dx: &[f64], dy: &[f64], natural: f64, size: f64) -> f64 {
    match dx.last() {
        Some(last) if *last > 0.0 && *last < 3.0 * size => *last,
        None if dy.iter().any(|d| *d != 0.0) => 0.0,
        _ => natural,
    }
}

/// The text of a piece. Line breaks are the producer's indentation.
pub(super) fn content(code: &Node) -> String {
    let text = code.text();
    if text.contains('\n') { text.trim().replace(['\n', '\r', '\t'], "") } else { text }
}

/// The width of a character: what follows narrow letters tells theirs, for Chinese it is the size.
fn width(ch: char, natural: f64, step: Option<f64>, size: f64) -> f64 {
    match step {
        Some(step) if step > 0.0 && step < natural => step,
        Some(step) if ch.is_ascii() && step > 0.0 && step <= 0.8 * size => step,
        _ => natural,
    }
}

/// The usual width of a character in parts of the size.
fn em(ch: char) -> f64 {
    if ch.is_ascii() { 0.5 } else { 1.0 }
}

/// Steps, at most one for each character.
fn steps(text: Option<&str>, count: usize) -> Vec<f64> {
    let mut out = Vec::new();
    let mut words = text.unwrap_or_default().split_ascii_whitespace();
    while let Some(word) = words.next() {
        if out.len() >= count {
            break;
        }
        if word.eq_ignore_ascii_case("g") {
            let times: f64 = words.next().and_then(|w| w.parse().ok()).unwrap_or(0.0);
            let times = times.clamp(0.0, (count - out.len()) as f64) as usize;
            let Some(step) = number(words.next()) else { break };
            out.extend(std::iter::repeat_n(step, times));
        } else if let Some(step) = number(Some(word)) {
            out.push(step);
        }
    }
    out
}

/// A finite number within reason.
pub(super) fn number(text: Option<&str>) -> Option<f64> {
    let value: f64 = text?.trim().parse().ok()?;
    (value.is_finite() && value.abs() < 1e6).then_some(value)
}

/// Numbers parted by blanks.
pub(super) fn numbers(text: Option<&str>) -> Vec<f64> {
    let words = text.unwrap_or_default().split(|c: char| c.is_whitespace() || c == ',');
    words.take(64).filter_map(|w| number(Some(w))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::dom;

    fn read(xml: &str, size: f64) -> Vec<Placed> {
        characters(dom::parse(xml).unwrap().0.nodes().next().unwrap(), size, 1.0)
    }

    #[test]
    fn steps_and_repeats() {
        assert_eq!(steps(Some("1 g 3 2.5 -7"), 9), [1.0, 2.5, 2.5, 2.5, -7.0]);
        assert_eq!(steps(Some("g 999999999 1"), 3), [1.0, 1.0, 1.0]);
        assert_eq!(steps(Some("g x 1 g"), 3), [] as [f64; 0]);
        assert_eq!(steps(Some("1 nan inf 2"), 3), [1.0, 2.0]);
    }

    #[test]
    fn characters_follow_their_steps() {
        let all = read(r#"<T><TextCode X="1" Y="2" DeltaX="g 2 3">甲a乙</TextCode></T>"#, 3.0);
        assert_eq!(all.iter().map(|p| p.x).collect::<Vec<_>>(), [1.0, 4.0, 7.0]);
        let down = read(r#"<T><TextCode X="1" Y="2" DeltaY="10">备注</TextCode></T>"#, 3.0);
        assert_eq!(down.iter().map(|p| (p.x, p.y)).collect::<Vec<_>>(), [(1.0, 2.0), (1.0, 12.0)]);
        // Steps that end too early go on.
        let short = read(r#"<T><TextCode X="0" Y="0" DeltaX="3" DeltaY="0">甲乙丙</TextCode></T>"#, 3.0);
        assert_eq!(
            short.iter().map(|p| (p.x, p.y)).collect::<Vec<_>>(),
            [(0.0, 0.0), (3.0, 0.0), (6.0, 0.0)]
        );
        // Without steps characters stand side by side.
        let plain = read(r#"<T><TextCode X="0" Y="0">13%</TextCode></T>"#, 4.0);
        assert_eq!(plain.iter().map(|p| p.x).collect::<Vec<_>>(), [0.0, 2.0, 4.0]);
    }
}
