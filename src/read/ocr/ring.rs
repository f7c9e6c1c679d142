//! The name on a seal's ring: the ring is cut open at its foot and laid out straight, for the recogniser to read.

use image::RgbImage;

use super::Grey;

/// A ring is laid out in at most this many pixels of height.
const HEIGHT: usize = 56;
/// Where the frame is looked for and how deep letters reach, as shares of the radius.
const OUTER: f32 = 1.04;
const INNER: f32 = 0.45;
/// Steps of the radial profile.
const STEPS: usize = 118;

/// How much ink of the seal's colour stands at a pixel, 0 to 255.
fn ink(p: [u8; 3]) -> u8 {
    let [r, g, b] = p.map(i32::from);
    (3 * (r - g.min(b)) - 40).clamp(0, 255) as u8
}

/// Ink at a place given by angle (0 at the foot, clockwise, as the name runs) and share of the radius.
struct Ring<'a> {
    picture: &'a RgbImage,
    middle: (f32, f32),
    radius: (f32, f32),
}

impl Ring<'_> {
    fn at(&self, angle: f32, share: f32) -> u8 {
        let (sin, cos) = angle.sin_cos();
        let x = self.middle.0 - sin * share * self.radius.0 - 0.5;
        let y = self.middle.1 + cos * share * self.radius.1 - 0.5;
        let (w, h) = self.picture.dimensions();
        if x < 0.0 || y < 0.0 || x + 1.0 >= w as f32 || y + 1.0 >= h as f32 {
            return 0;
        }
        let (x0, y0) = (x as u32, y as u32);
        let (fx, fy) = (x.fract(), y.fract());
        let v = |dx: u32, dy: u32| f32::from(ink(self.picture.get_pixel(x0 + dx, y0 + dy).0));
        let top = v(0, 0) * (1.0 - fx) + v(1, 0) * fx;
        let low = v(0, 1) * (1.0 - fx) + v(1, 1) * fx;
        (top * (1.0 - fy) + low * fy) as u8
    }

    /// Share of inked places on each of [`STEPS`] circles from the outermost inwards.
    fn profile(&self) -> Vec<f32> {
        let share = |i: usize| OUTER - (OUTER - INNER) * i as f32 / STEPS as f32;
        let inked = |share: f32| (0..360).filter(|a| self.at((*a as f32).to_radians(), share) > 70).count();
        (0..STEPS).map(|i| inked(share(i)) as f32 / 360.0).collect()
    }

    /// The radii between which the letters stand, if the seal has a frame and letters inside it.
    fn letters(&self) -> Option<(f32, f32)> {
        let profile = self.profile();
        let share = |i: usize| OUTER - (OUTER - INNER) * i as f32 / STEPS as f32;
        // The frame is the densest circle near the edge.
        let edge = STEPS / 3;
        let frame = (0..edge).max_by(|a, b| profile[*a].total_cmp(&profile[*b]))?;
        let strong = profile[frame];
        if strong < 0.5 {
            return None;
        }
        let inside = (frame..STEPS).find(|i| profile[*i] < 0.2 * strong)?;
        let first = (inside..STEPS).find(|i| profile[*i] > 0.06)?;
        let quiet = |i: &usize| profile[*i..(*i + 3).min(STEPS)].iter().all(|v| *v < 0.05);
        let last = (first + STEPS / 12..STEPS).find(quiet).unwrap_or(STEPS - 1);
        let (outer, inner) = (share(first), share(last));
        (outer - inner > 0.12 && outer - inner < 0.42).then_some((outer, inner))
    }
}

/// A seal's ring as a straight line of text, dark on white, or None where the seal has none. The box is in pixels.
pub(super) fn laid_out(picture: &RgbImage, b: [f32; 4]) -> Option<Grey> {
    let b = tight(picture, b)?;
    let (w, h) = (b[2] - b[0], b[3] - b[1]);
    if w.min(h) < 60.0 {
        return None;
    }
    let ring =
        Ring { picture, middle: ((b[0] + b[2]) / 2.0, (b[1] + b[3]) / 2.0), radius: (w / 2.0, h / 2.0) };
    let (outer, inner) = ring.letters()?;
    let margin = 0.12 * (outer - inner);
    let (outer, inner) = (outer + margin, inner - margin);
    let mean = f32::midpoint(ring.radius.0, ring.radius.1);
    let high = (((outer - inner) * mean).ceil() as usize).clamp(12, HEIGHT);
    let scale = high as f32 / ((outer - inner) * mean);
    let long = (std::f32::consts::TAU * mean * f32::midpoint(outer, inner) * scale) as usize;
    let mut out = Grey::new(long, high, 255);
    for y in 0..high {
        let share = outer - (outer - inner) * (y as f32 + 0.5) / high as f32;
        for x in 0..long {
            let angle = std::f32::consts::TAU * (x as f32 + 0.5) / long as f32;
            out.px[y * long + x] = 255 - ring.at(angle, share);
        }
    }
    Some(without_foot(&out))
}

/// The box drawn in to the outermost rows and columns with more ink than specks.
fn tight(picture: &RgbImage, b: [f32; 4]) -> Option<[f32; 4]> {
    let side = |v: f32, most: u32| (v.max(0.0) as u32).min(most);
    let (x0, y0) = (side(b[0], picture.width()), side(b[1], picture.height()));
    let (x1, y1) = (side(b[2], picture.width()), side(b[3], picture.height()));
    let inked = |x: u32, y: u32| ink(picture.get_pixel(x, y).0) > 70;
    let least = ((x1.saturating_sub(x0)).max(y1.saturating_sub(y0)) / 60).max(2) as usize;
    let row = |y: &u32| (x0..x1).filter(|x| inked(*x, *y)).count() >= least;
    let column = |x: &u32| (y0..y1).filter(|y| inked(*x, *y)).count() >= least;
    let (top, bottom) = ((y0..y1).find(row)?, (y0..y1).rev().find(row)?);
    let (left, right) = ((x0..x1).find(column)?, (x0..x1).rev().find(column)?);
    Some([left as f32, top as f32, right as f32 + 1.0, bottom as f32 + 1.0])
}

/// The strip begins and ends with the paper at the seal's foot: the widest gap is brought to the ends and cut off.
fn without_foot(strip: &Grey) -> Grey {
    let inked: Vec<bool> =
        (0..strip.w).map(|x| (0..strip.h).any(|y| strip.px[y * strip.w + x] < 150)).collect();
    if !inked.contains(&true) {
        return strip.clone();
    }
    // The widest run of empty columns on the closed ring.
    let (mut best, mut run) = ((0, 0), 0);
    for i in 0..2 * strip.w {
        run = if inked[i % strip.w] { 0 } else { run + 1 };
        if run > best.0 && run <= strip.w {
            best = (run, (i + 1) % strip.w);
        }
    }
    let (gap, from) = best;
    let keep = (strip.w - gap.min(strip.w)) + strip.h / 2;
    let mut out = Grey::new(keep, strip.h, 255);
    let start = from + strip.w - (strip.h / 4).min(gap);
    for y in 0..strip.h {
        for x in 0..keep {
            out.px[y * keep + x] = strip.px[y * strip.w + (start + x) % strip.w];
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A frame, and bars as letters from the lower left over the top to the lower right.
    fn seal(letters: usize) -> RgbImage {
        let mut p = RgbImage::from_pixel(240, 240, image::Rgb([245, 245, 245]));
        for (x, y, pixel) in p.enumerate_pixels_mut() {
            let (dx, dy) = (x as f32 - 120.0, y as f32 - 120.0);
            let r = dx.hypot(dy);
            let angle = (-dx).atan2(dy).rem_euclid(std::f32::consts::TAU).to_degrees();
            let frame = (108.0..114.0).contains(&r);
            let inside = (60.0..300.0).contains(&angle) && (76.0..98.0).contains(&r);
            let bar = inside && ((angle - 60.0) / 240.0 * letters as f32).fract() < 0.5;
            if frame || bar {
                pixel.0 = [205, 40, 50];
            }
        }
        p
    }

    #[test]
    fn a_ring_is_laid_out_from_its_foot() {
        let strip = laid_out(&seal(12), [6.0, 6.0, 234.0, 234.0]).expect("a ring");
        let middle = strip.h / 2;
        let inked: Vec<bool> = (0..strip.w).map(|x| strip.px[middle * strip.w + x] < 128).collect();
        let bars = inked.windows(2).filter(|p| p[1] && !p[0]).count();
        assert_eq!(bars, 12, "{inked:?}");
        // The gap at the foot is gone.
        assert!(inked.iter().take_while(|on| !**on).count() < strip.h);
    }

    #[test]
    fn a_blot_has_no_ring() {
        let p = RgbImage::from_pixel(200, 200, image::Rgb([205, 40, 50]));
        assert_eq!(laid_out(&p, [0.0, 0.0, 200.0, 200.0]), None);
        let blank = RgbImage::from_pixel(200, 200, image::Rgb([250, 250, 250]));
        assert_eq!(laid_out(&blank, [0.0, 0.0, 200.0, 200.0]), None);
    }
}
