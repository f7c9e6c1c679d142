//! Which way up a page lies.

use super::Grey;
use super::crops;
use super::detect::TextBox;
use super::engine::Models;
use super::recognise;

/// Whether most text runs down the page: it lies on its side.
pub(super) fn sideways(boxes: &[TextBox]) -> bool {
    let long = |b: &&TextBox| b.width().max(b.height()) > 2.5 * b.width().min(b.height());
    let length = |tall: bool| -> f32 {
        boxes.iter().filter(long).filter(|b| b.tall() == tall).map(|b| b.width().max(b.height())).sum()
    };
    length(true) > 1.5 * length(false)
}

/// Whether the page is upside down. The classifier votes on the longest lines; where it is not unanimous the
/// recogniser decides by reading a few of them both ways.
pub(super) fn upside_down(models: &Models, page: &Grey, boxes: &[TextBox]) -> bool {
    let mut lines: Vec<&TextBox> =
        boxes.iter().filter(|b| !b.tall() && b.width() > 2.5 * b.height()).collect();
    // Lines of middling length say most: short ones are ambiguous, very long ones are shrunk too far.
    lines.sort_by(|a, b| b.width().total_cmp(&a.width()).then(a.y0.total_cmp(&b.y0)));
    let strips: Vec<Grey> =
        lines.iter().take(8).filter_map(|b| crops::strip(page, b)).map(|s| s.grey).collect();
    if strips.is_empty() {
        return false;
    }
    let votes: Vec<f32> = strips.iter().filter_map(|s| vote(models, s)).collect();
    let against = votes.iter().filter(|v| **v > 0.5).count();
    if against == 0 && !votes.is_empty() {
        return false;
    }
    let (mut upright, mut flipped) = (0.0, 0.0);
    for strip in strips.iter().take(5) {
        let strip = strip.crop(0, 0, (strip.h * 10) as i64, strip.h as i64);
        upright += recognise::read(models, &strip).confidence;
        flipped += recognise::read(models, &strip.turned(180)).confidence;
    }
    flipped > upright
}

/// The classifier's probability that a strip is upside down.
fn vote(models: &Models, strip: &Grey) -> Option<f32> {
    const W: usize = 192;
    const H: usize = 48;
    let width = ((strip.w * H).div_ceil(strip.h.max(1))).clamp(8, 4 * W);
    let line = strip.resized(width, H).crop(0, 0, W as i64, H as i64);
    let mut plane = vec![0f32; W * H];
    for y in 0..H {
        for (to, v) in plane[y * W..].iter_mut().zip(line.row(y)) {
            *to = f32::from(*v) / 127.5 - 1.0;
        }
    }
    let mut input = Vec::with_capacity(plane.len() * 3);
    for _ in 0..3 {
        input.extend_from_slice(&plane);
    }
    let (_, scores) = models.cls.as_ref()?.run([1, 3, H, W], input)?;
    scores.get(1).copied()
}
