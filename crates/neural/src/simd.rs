//! The two inner loops: a convolution of planes by its taps, and what follows a matrix product.

use rten_simd::ops::{BitOps, NumOps};
use rten_simd::{Isa, SimdOp};

/// What is done to each value of a layer's output.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Act {
    /// Nothing.
    None,
    /// max(x, 0).
    Relu,
    /// x · clamp(x + 3, 0, 6) / 6.
    HardSwish,
    /// clamp(αx + β, 0, 1).
    HardSigmoid(f32, f32),
}

/// Activation, then `x · scale + shift`.
#[derive(Clone, Copy, Debug)]
pub(super) struct After {
    pub act: Act,
    pub scale: f32,
    pub shift: f32,
}

impl After {
    /// Leaves a value as it is.
    pub(super) const NOTHING: Self = Self { act: Act::None, scale: 1.0, shift: 0.0 };
}

const NONE: u8 = 0;
const RELU: u8 = 1;
const HARD_SWISH: u8 = 2;
const HARD_SIGMOID: u8 = 3;

/// An `After` spread over the lanes of a vector.
#[derive(Clone, Copy)]
struct Spread<V> {
    scale: V,
    shift: V,
    alpha: V,
    beta: V,
}

impl<V: Copy> Spread<V> {
    #[inline(always)]
    fn new<O: NumOps<f32, Simd = V>>(ops: O, after: After) -> Self {
        let (alpha, beta) = match after.act {
            Act::HardSwish => (1.0 / 6.0, 0.5),
            Act::HardSigmoid(alpha, beta) => (alpha, beta),
            Act::None | Act::Relu => (0.0, 0.0),
        };
        Self {
            scale: ops.splat(after.scale),
            shift: ops.splat(after.shift),
            alpha: ops.splat(alpha),
            beta: ops.splat(beta),
        }
    }

    #[inline(always)]
    fn apply<O: NumOps<f32, Simd = V>, const ACT: u8>(&self, ops: O, x: V) -> V {
        let gate = |x| ops.min(ops.max(ops.mul_add(x, self.alpha, self.beta), ops.zero()), ops.one());
        let y = match ACT {
            RELU => ops.max(x, ops.zero()),
            HARD_SWISH => ops.mul(x, gate(x)),
            HARD_SIGMOID => gate(x),
            _ => x,
        };
        ops.mul_add(y, self.scale, self.shift)
    }
}

/// Calls the copy of a method that was made for an activation.
macro_rules! for_act {
    ($act:expr, $self:ident.$method:ident($isa:expr)) => {
        match $act {
            Act::None => $self.$method::<I, NONE>($isa),
            Act::Relu => $self.$method::<I, RELU>($isa),
            Act::HardSwish => $self.$method::<I, HARD_SWISH>($isa),
            Act::HardSigmoid(..) => $self.$method::<I, HARD_SIGMOID>($isa),
        }
    };
}

/// Applies `after` to values in place.
pub(super) fn finish(values: &mut [f32], after: After) {
    if after.act != Act::None || after.scale != 1.0 || after.shift != 0.0 {
        Finish { values, after }.dispatch();
    }
}

struct Finish<'a> {
    values: &'a mut [f32],
    after: After,
}

impl SimdOp for Finish<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) {
        for_act!(self.after.act, self.with(isa))
    }
}

impl Finish<'_> {
    #[inline(always)]
    fn with<I: Isa, const ACT: u8>(self, isa: I) {
        let ops = isa.f32();
        let spread = Spread::new(ops, self.after);
        let width = ops.len();
        let f = |x| spread.apply::<_, ACT>(ops, x);
        let (whole, rest) = self.values.split_at_mut(self.values.len() / width * width);
        for chunk in whole.chunks_exact_mut(width) {
            let y = f(ops.load(chunk));
            ops.store(y, chunk);
        }
        if !rest.is_empty() {
            let mut tail = [0f32; 64];
            tail[..rest.len()].copy_from_slice(rest);
            let y = f(ops.load(&tail));
            ops.store(y, &mut tail);
            rest.copy_from_slice(&tail[..rest.len()]);
        }
    }
}

/// A convolution of one output plane: each output value is the sum of its taps.
pub(super) struct Taps<'a> {
    /// Padded input planes, each row `row` long; at least one vector longer than what is used.
    pub planes: &'a [f32],
    /// Where each tap of the first output value lies in `planes`.
    pub offsets: &'a [usize],
    /// Weight of each tap.
    pub weights: &'a [f32],
    /// Added to each sum.
    pub bias: f32,
    /// Distance in `planes` between the taps of two output rows.
    pub row: usize,
    /// Width of an output row.
    pub width: usize,
    /// The output plane.
    pub out: &'a mut [f32],
    /// What follows.
    pub after: After,
}

/// Planes must go on for this many values behind the last used one.
pub(super) const SLACK: usize = 64;

impl SimdOp for Taps<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) {
        for_act!(self.after.act, self.with(isa))
    }
}

impl Taps<'_> {
    #[inline(always)]
    fn with<I: Isa, const ACT: u8>(self, isa: I) {
        let ops = isa.f32();
        let spread = Spread::new(ops, self.after);
        let f = |x| spread.apply::<_, ACT>(ops, x);
        let lanes = ops.len();
        let bias = ops.splat(self.bias);
        for (y, out) in self.out.chunks_exact_mut(self.width).enumerate() {
            let from = y * self.row;
            let mut x = 0;
            while x + 4 * lanes <= self.width {
                let (mut a, mut b, mut c, mut d) = (bias, bias, bias, bias);
                for (offset, weight) in self.offsets.iter().zip(self.weights) {
                    let w = ops.splat(*weight);
                    let [i, j, k, l] = ops.load_many::<4>(&self.planes[from + x + offset..]);
                    a = ops.mul_add(i, w, a);
                    b = ops.mul_add(j, w, b);
                    c = ops.mul_add(k, w, c);
                    d = ops.mul_add(l, w, d);
                }
                ops.store(f(a), &mut out[x..]);
                ops.store(f(b), &mut out[x + lanes..]);
                ops.store(f(c), &mut out[x + 2 * lanes..]);
                ops.store(f(d), &mut out[x + 3 * lanes..]);
                x += 4 * lanes;
            }
            while x < self.width {
                let mut a = bias;
                for (offset, weight) in self.offsets.iter().zip(self.weights) {
                    a = ops.mul_add(ops.load(&self.planes[from + x + offset..]), ops.splat(*weight), a);
                }
                let a = f(a);
                if x + lanes <= self.width {
                    ops.store(a, &mut out[x..]);
                } else {
                    let mut tail = [0f32; SLACK];
                    ops.store(a, &mut tail);
                    let rest = self.width - x;
                    out[x..].copy_from_slice(&tail[..rest]);
                }
                x += lanes;
            }
        }
    }
}

/// Output channels that are computed together: each loaded value serves them all.
pub(super) const TOGETHER: usize = 4;

/// A convolution of four output planes over all input planes.
pub(super) struct Dense<'a> {
    /// Padded input planes; see [`Taps`].
    pub planes: &'a [f32],
    /// Where each tap of the first output value lies in `planes`.
    pub offsets: &'a [usize],
    /// Weights of each tap for the four planes.
    pub weights: &'a [[f32; TOGETHER]],
    /// Added to each sum.
    pub bias: [f32; TOGETHER],
    /// Distance in `planes` between the taps of two output rows.
    pub row: usize,
    /// Width of an output row.
    pub width: usize,
    /// The four output planes, one after the other.
    pub out: &'a mut [f32],
    /// What follows.
    pub after: After,
}

impl SimdOp for Dense<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) {
        for_act!(self.after.act, self.with(isa))
    }
}

impl Dense<'_> {
    #[inline(always)]
    fn with<I: Isa, const ACT: u8>(mut self, isa: I) {
        let lanes = isa.f32().len();
        let spread = Spread::new(isa.f32(), self.after);
        let rows = self.out.len() / TOGETHER / self.width;
        for y in 0..rows {
            let mut x = 0;
            // Sixteen sums fit the registers of the widest instruction set only.
            while lanes >= 16 && x + 4 * lanes <= self.width {
                self.block::<I, ACT, 4>(isa, &spread, y, x);
                x += 4 * lanes;
            }
            while x + 2 * lanes <= self.width {
                self.block::<I, ACT, 2>(isa, &spread, y, x);
                x += 2 * lanes;
            }
            while x < self.width {
                self.block::<I, ACT, 1>(isa, &spread, y, x);
                x += lanes;
            }
        }
    }

    /// Computes `N` vectors of each plane at a place of a row.
    #[inline(always)]
    fn block<I: Isa, const ACT: u8, const N: usize>(
        &mut self,
        isa: I,
        spread: &Spread<I::F32>,
        y: usize,
        x: usize,
    ) {
        let ops = isa.f32();
        let lanes = ops.len();
        let from = y * self.row + x;
        let mut sums = self.bias.map(|b| [ops.splat(b); N]);
        for (offset, weights) in self.offsets.iter().zip(self.weights) {
            let values = ops.load_many::<N>(&self.planes[from + offset..]);
            for (sums, weight) in sums.iter_mut().zip(weights) {
                let weight = ops.splat(*weight);
                for (sum, value) in sums.iter_mut().zip(values) {
                    *sum = ops.mul_add(value, weight, *sum);
                }
            }
        }
        let plane = self.out.len() / TOGETHER;
        for (c, sums) in sums.into_iter().enumerate() {
            let out = &mut self.out[c * plane + y * self.width..][..self.width];
            for (i, sum) in sums.into_iter().enumerate() {
                let sum = spread.apply::<_, ACT>(ops, sum);
                let to = &mut out[x + i * lanes..];
                if to.len() >= lanes {
                    ops.store(sum, to);
                } else {
                    let mut tail = [0f32; SLACK];
                    ops.store(sum, &mut tail);
                    to.copy_from_slice(&tail[..to.len()]);
                }
            }
        }
    }
}
