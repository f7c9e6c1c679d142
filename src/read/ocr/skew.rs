//! The angle by which a page lies askew, from the sharpness of its row profile.

use super::Grey;

/// Largest skew looked for, in degrees.
const MOST: f32 = 6.0;
/// Skew below this is left alone.
pub(super) const LEAST: f32 = 0.08;

/// Degrees by which the page must be rotated (`Grey::rotated`) to lie straight; 0 where nothing tells.
pub(super) fn find(page: &Grey) -> f32 {
    let longest = page.w.max(page.h).max(700);
    let small = page.resized((page.w * 700 / longest).max(1), (page.h * 700 / longest).max(1));
    let ink = ink_points(&small);
    if ink.len() < 60 {
        return 0.0;
    }
    let sharp = |degrees: f32| sharpness(&ink, small.w, small.h, degrees);
    let level = sharp(0.0);
    let coarse: Vec<(f32, f32)> = (0..=24).map(|i| i as f32 * 0.5 - MOST).map(|a| (a, sharp(a))).collect();
    let mean = coarse.iter().map(|c| c.1).sum::<f32>() / coarse.len() as f32;
    let mut best = coarse.iter().copied().fold((0.0, level), |best, c| if c.1 > best.1 { c } else { best });
    for (reach, step) in [(0.4f32, 0.1f32), (0.08, 0.02)] {
        let middle = best.0;
        let steps = (2.0 * reach / step).round() as i32;
        for a in (0..=steps).map(|i| middle - reach + i as f32 * step) {
            let s = sharp(a);
            if s > best.1 {
                best = (a, s);
            }
        }
    }
    // Lines of text or rulings sharpen the profile clearly; noise and photographs do not.
    let (angle, top) = best;
    if angle.abs() < LEAST || top < level * 1.015 || top < mean * 1.4 { 0.0 } else { angle }
}

fn ink_points(small: &Grey) -> Vec<(i32, i32)> {
    let mut out = Vec::new();
    // A margin is left out: shadows of the scanner's lid lie there.
    let (mx, my) = (small.w / 40, small.h / 40);
    for y in my..small.h - my {
        for (x, v) in small.row(y).iter().enumerate().skip(mx).take(small.w - 2 * mx) {
            if *v < 170 {
                out.push((x as i32, y as i32));
            }
        }
    }
    // Pictures full of ink are thinned: a third is plenty to tell an angle.
    if out.len() > 120_000 {
        out = out.into_iter().step_by(3).collect();
    }
    out
}

/// Sum of squared differences of neighbouring rows' ink, after shearing by the angle.
fn sharpness(ink: &[(i32, i32)], w: usize, h: usize, degrees: f32) -> f32 {
    let slope = (degrees.to_radians().tan() * 65536.0) as i64;
    let reach = (w as f32 * degrees.to_radians().tan().abs()).ceil() as usize + 2;
    let mut rows = vec![0f32; h + 2 * reach];
    for (x, y) in ink {
        // A pixel row is dithered by its column: otherwise no shear at all would look sharper than it is.
        let dither = (i64::from(*x) * 40_503) & 65_535;
        let at = ((i64::from(*y) + reach as i64) << 16) + dither - i64::from(*x) * slope;
        if let Some(n) = rows.get_mut((at >> 16).max(0) as usize) {
            *n += 1.0;
        }
    }
    rows.windows(2).map(|r| (r[1] - r[0]) * (r[1] - r[0])).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page_of_lines(degrees: f32) -> Grey {
        let mut g = Grey::new(600, 800, 255);
        let t = degrees.to_radians().tan();
        for line in 0..20 {
            for x in 60..540 {
                if (x / 9) % 4 == 3 {
                    continue;
                }
                let y = 60.0 + line as f32 * 35.0 + (x as f32 - 300.0) * t;
                for k in 0..10 {
                    g.px[(y as usize + k) * 600 + x] = 0;
                }
            }
        }
        g
    }

    #[test]
    fn finds_the_angle_that_levels() {
        for angle in [-2.0f32, -0.6, 0.0, 0.3, 1.3, 4.0] {
            let found = find(&page_of_lines(angle));
            assert!((found - angle).abs() < 0.12, "{angle}: {found}");
        }
    }

    #[test]
    fn noise_and_emptiness_have_no_skew() {
        assert_eq!(find(&Grey::new(300, 300, 255)), 0.0);
        let mut g = Grey::new(300, 300, 255);
        let mut s = 0x9e37_79b9_7f4a_7c15u64;
        for v in &mut g.px {
            s ^= s << 13;
            s ^= s >> 7;
            s ^= s << 17;
            *v = (s >> 40) as u8;
        }
        assert_eq!(find(&g), 0.0);
    }
}
