//! A chain of fused layers and its interpreter.

use rten_gemm::{BiasVector, GemmExecutor, GemmInputA, GemmInputB, GemmOptions, PackedAMatrix};
use rten_simd::{SimdOp, SimdUnaryOp};
use rten_tensor::NdTensorView;
use rten_vecmath::Sigmoid;

use super::simd::{After, Dense, SLACK, TOGETHER, Taps, finish};

/// Channels, height and width.
pub(super) type Shape = [usize; 3];

/// A layer with its weights.
pub(super) enum Layer {
    /// A product with a matrix at each place.
    Pointwise(Pointwise),
    /// A convolution by taps.
    Conv(Conv),
    /// The mean of each channel.
    Mean,
    /// Each channel times a number of the second input.
    Scale,
    /// The sum of two inputs.
    Sum,
    /// Each value becomes a square of this side.
    Enlarge(usize),
    /// A transposed convolution whose squares do not overlap: a product, then its rows become squares of this side.
    Unfold(Pointwise, usize),
    /// The channels of all inputs, one after the other.
    Join,
    /// 1 / (1 + e⁻ˣ).
    Sigmoid,
}

pub(super) struct Pointwise {
    pub from: usize,
    pub to: usize,
    pub weights: Vec<f32>,
    pub packed: Option<PackedAMatrix<f32>>,
    pub bias: Vec<f32>,
    pub after: After,
}

pub(super) struct Conv {
    /// Channels of the output.
    pub to: usize,
    /// Input channels of each output channel: one for a depthwise convolution.
    pub from: usize,
    /// Whether output channel i sees input channel i only.
    pub depthwise: bool,
    /// Height and width.
    pub kernel: [usize; 2],
    pub strides: [usize; 2],
    /// Top, left, bottom, right.
    pub pads: [usize; 4],
    pub weights: Vec<f32>,
    /// The weights as [`Dense`] takes them.
    pub together: Vec<[f32; TOGETHER]>,
    pub bias: Vec<f32>,
    pub after: After,
}

/// A layer with the slots it reads and the one it writes.
pub(super) struct Step {
    pub layer: Layer,
    pub inputs: Vec<usize>,
    pub output: usize,
}

/// The layers in their order. Slot 0 is the input.
pub(super) struct Program {
    pub steps: Vec<Step>,
    pub slots: usize,
    /// Slots whose values are wanted.
    pub outputs: Vec<usize>,
    pub gemm: GemmExecutor<f32>,
}

/// A map of values.
#[derive(Default)]
pub(super) struct Map {
    pub shape: Shape,
    pub values: Vec<f32>,
}

/// Values whose memory is kept between runs: the maps of the detector on an A4 page that live at a time.
const KEPT: usize = 24 << 20;

/// Memory used again from run to run.
#[derive(Default)]
pub(super) struct Scratch {
    free: Vec<Vec<f32>>,
    planes: Vec<f32>,
}

impl Scratch {
    pub(super) fn take(&mut self, len: usize) -> Vec<f32> {
        // The tightest that is large enough: a vector that grows is filled again.
        let fitting = self.free.iter().enumerate().filter(|(_, v)| v.capacity() >= len);
        let best = fitting.min_by_key(|(_, v)| v.capacity()).map(|(i, _)| i);
        let mut v = match best {
            Some(i) => self.free.swap_remove(i),
            None => {
                // What is too small makes room for what is allocated in its place.
                self.free.sort_by_key(Vec::capacity);
                self.free.pop();
                Vec::new()
            }
        };
        v.resize(len, 0.0);
        v
    }

    /// Takes back memory that is no longer used.
    pub(super) fn give(&mut self, memory: Vec<f32>) {
        self.free.push(memory);
    }

    /// Gives the system back what only an unusually large input needed, and what more is given back than taken.
    pub(super) fn shrink(&mut self) {
        self.free.sort_by_key(Vec::capacity);
        let mut kept = 0;
        self.free.retain(|memory| {
            kept += memory.capacity();
            kept <= KEPT
        });
    }

    /// Values held between runs.
    #[cfg(test)]
    pub(super) fn held(&self) -> (usize, usize) {
        (self.free.len(), self.free.iter().map(Vec::capacity).sum())
    }
}

impl Program {
    /// Packs the matrices for the machine's kernels.
    pub(super) fn pack(&mut self) {
        for step in &mut self.steps {
            match &mut step.layer {
                Layer::Pointwise(p) | Layer::Unfold(p, _) => {
                    let rows = p.weights.len() / p.from;
                    let matrix = NdTensorView::from_data([rows, p.from], &p.weights[..]);
                    p.packed = Some(self.gemm.prepack_a(matrix));
                    p.weights = Vec::new();
                    p.bias = p.bias.iter().flat_map(|b| vec![*b; rows / p.to]).collect();
                }
                Layer::Conv(c) if !c.depthwise => c.interleave(),
                _ => {}
            }
        }
    }

    /// Runs the layers on one input; the wanted maps, or None where shapes do not fit.
    pub(super) fn run(&self, input: Map, scratch: &mut Scratch) -> Option<Vec<Map>> {
        let mut last = vec![0; self.slots];
        for (i, step) in self.steps.iter().enumerate() {
            step.inputs.iter().for_each(|slot| last[*slot] = i);
        }
        self.outputs.iter().for_each(|slot| last[*slot] = usize::MAX);
        let mut maps: Vec<Option<Map>> = (0..self.slots).map(|_| None).collect();
        maps[0] = Some(input);
        for (i, step) in self.steps.iter().enumerate() {
            let inputs: Vec<&Map> =
                step.inputs.iter().map(|slot| maps[*slot].as_ref()).collect::<Option<_>>()?;
            let out = self.layer(&step.layer, &inputs, scratch)?;
            maps[step.output] = Some(out);
            for slot in &step.inputs {
                if last[*slot] == i
                    && let Some(map) = maps[*slot].take()
                {
                    scratch.give(map.values);
                }
            }
        }
        self.outputs.iter().map(|slot| maps[*slot].take()).collect()
    }

    fn product(&self, p: &Pointwise, x: &Map, scratch: &mut Scratch) -> Option<Vec<f32>> {
        let plane = x.shape[1] * x.shape[2];
        let packed = p.packed.as_ref().filter(|_| x.shape[0] == p.from)?;
        let mut values = scratch.take(p.bias.len() * plane);
        let by = NdTensorView::from_data([p.from, plane], &x.values[..]);
        let options = GemmOptions { bias: Some(BiasVector::Column(&p.bias)), ..GemmOptions::default() };
        self.gemm.gemm(&mut values, GemmInputA::Packed(packed), GemmInputB::Unpacked(by), options).ok()?;
        finish(&mut values, p.after);
        Some(values)
    }

    fn layer(&self, layer: &Layer, inputs: &[&Map], scratch: &mut Scratch) -> Option<Map> {
        let x = *inputs.first()?;
        let y = inputs.get(1);
        let [channels, height, width] = x.shape;
        let plane = height * width;
        match layer {
            Layer::Pointwise(p) => {
                let values = self.product(p, x, scratch)?;
                Some(Map { shape: [p.to, height, width], values })
            }
            Layer::Unfold(p, side) => {
                let rows = self.product(p, x, scratch)?;
                let mut values = scratch.take(rows.len());
                unfold(&rows, [height, width], *side, &mut values);
                scratch.give(rows);
                Some(Map { shape: [p.to, height * side, width * side], values })
            }
            Layer::Enlarge(side) => {
                let mut values = scratch.take(x.values.len() * side * side);
                let lines = values.chunks_exact_mut(width * side * side).zip(x.values.chunks_exact(width));
                for (out, from) in lines {
                    let (first, others) = out.split_at_mut(width * side);
                    for (square, v) in first.chunks_exact_mut(*side).zip(from) {
                        square.fill(*v);
                    }
                    others.chunks_exact_mut(width * side).for_each(|other| other.copy_from_slice(first));
                }
                Some(Map { shape: [channels, height * side, width * side], values })
            }
            Layer::Join => {
                if inputs.iter().any(|input| input.shape[1..] != x.shape[1..]) {
                    return None;
                }
                let channels = inputs.iter().map(|input| input.shape[0]).sum();
                let mut values = scratch.take(channels * plane);
                let mut rest = &mut values[..];
                for input in inputs {
                    let (to, others) = rest.split_at_mut(input.values.len());
                    to.copy_from_slice(&input.values);
                    rest = others;
                }
                Some(Map { shape: [channels, height, width], values })
            }
            Layer::Sigmoid => {
                let mut values = scratch.take(x.values.len());
                values.copy_from_slice(&x.values);
                Sigmoid {}.map_mut(&mut values);
                Some(Map { shape: x.shape, values })
            }
            Layer::Conv(conv) => conv.run(x, scratch),
            Layer::Mean => {
                let mut values = scratch.take(channels);
                for (mean, plane) in values.iter_mut().zip(x.values.chunks_exact(plane)) {
                    *mean = sum(plane) / plane.len() as f32;
                }
                Some(Map { shape: [channels, 1, 1], values })
            }
            Layer::Scale => {
                let by = *y.filter(|y| y.shape == [channels, 1, 1])?;
                let mut values = scratch.take(x.values.len());
                let planes = values.chunks_exact_mut(plane).zip(x.values.chunks_exact(plane));
                for ((to, from), by) in planes.zip(&by.values) {
                    to.iter_mut().zip(from).for_each(|(to, v)| *to = v * by);
                }
                Some(Map { shape: x.shape, values })
            }
            Layer::Sum => {
                let other = *y.filter(|y| y.shape == x.shape)?;
                let mut values = scratch.take(x.values.len());
                for ((to, a), b) in values.iter_mut().zip(&x.values).zip(&other.values) {
                    *to = a + b;
                }
                Some(Map { shape: x.shape, values })
            }
        }
    }
}

/// Lays each row of a product, a plane of `height` by `width`, into its corner of the squares of its output plane.
fn unfold(rows: &[f32], [height, width]: [usize; 2], side: usize, out: &mut [f32]) {
    let plane = height * width;
    for (i, row) in rows.chunks_exact(plane).enumerate() {
        let (to, dy, dx) = (i / (side * side), i / side % side, i % side);
        let out = &mut out[to * plane * side * side..];
        for (y, from) in row.chunks_exact(width).enumerate() {
            let line = &mut out[(y * side + dy) * width * side..][..width * side];
            line[dx..].iter_mut().step_by(side).zip(from).for_each(|(t, v)| *t = *v);
        }
    }
}

/// A sum in eight strands: exact enough for means of long planes, and the same on every machine.
fn sum(values: &[f32]) -> f32 {
    let mut strands = [0f32; 8];
    let chunks = values.chunks_exact(8);
    let rest: f32 = chunks.remainder().iter().sum();
    for chunk in chunks {
        strands.iter_mut().zip(chunk).for_each(|(s, v)| *s += v);
    }
    strands.iter().sum::<f32>() + rest
}

impl Conv {
    /// Lays the weights of output channels that are computed together side by side.
    fn interleave(&mut self) {
        let taps = self.weights.len() / self.to;
        let mut out = Vec::with_capacity(self.weights.len());
        for four in self.weights.chunks(taps * TOGETHER) {
            for tap in 0..taps {
                out.push(std::array::from_fn(|c| four.get(c * taps + tap).copied().unwrap_or(0.0)));
            }
        }
        self.together = out;
        self.weights = Vec::new();
    }

    fn run(&self, x: &Map, scratch: &mut Scratch) -> Option<Map> {
        let [channels, height, width] = x.shape;
        let [kernel_y, kernel_x] = self.kernel;
        let [stride_y, stride_x] = self.strides;
        let [top, left, bottom, right] = self.pads;
        if channels != if self.depthwise { self.to } else { self.from } {
            return None;
        }
        let (padded_h, padded_w) = (height + top + bottom, width + left + right);
        let out_h = padded_h.checked_sub(kernel_y)? / stride_y + 1;
        let out_w = padded_w.checked_sub(kernel_x)? / stride_x + 1;
        let planes = if self.depthwise { 1 } else { channels };
        let grid = Grid { planes, columns: padded_w.div_ceil(stride_x), stride_x, top, left, width };
        let mut padded = std::mem::take(&mut scratch.planes);
        padded.clear();
        padded.resize(grid.row() * padded_h + SLACK * 4, 0.0);
        let offsets: Vec<usize> = (0..planes)
            .flat_map(|c| (0..kernel_y).flat_map(move |y| (0..kernel_x).map(move |x| (c, y, x))))
            .map(|(c, y, x)| grid.at(c, y, x))
            .collect();
        let mut values = scratch.take(self.to * out_h * out_w);
        let (row, out_plane) = (grid.row() * stride_y, out_h * out_w);
        if self.depthwise {
            let maps = values.chunks_exact_mut(out_plane).zip(x.values.chunks_exact(height * width));
            let weights = self.weights.chunks_exact(offsets.len()).zip(&self.bias);
            for ((out, source), (weights, bias)) in maps.zip(weights) {
                grid.fill(&mut padded, 0, source);
                let (planes, offsets, after) = (&padded[..], &offsets[..], self.after);
                Taps { planes, offsets, weights, bias: *bias, row, width: out_w, out, after }.dispatch();
            }
        } else {
            for (c, source) in x.values.chunks_exact(height * width).enumerate() {
                grid.fill(&mut padded, c, source);
            }
            let mut spare = Vec::new();
            let weights = self.together.chunks_exact(offsets.len());
            for (i, (out, weights)) in values.chunks_mut(out_plane * TOGETHER).zip(weights).enumerate() {
                let bias =
                    std::array::from_fn(|c| self.bias.get(i * TOGETHER + c).copied().unwrap_or_default());
                let whole = out.len() == out_plane * TOGETHER;
                if !whole {
                    spare.resize(out_plane * TOGETHER, 0.0);
                }
                let to = if whole { &mut out[..] } else { &mut spare[..] };
                let (planes, offsets, after) = (&padded[..], &offsets[..], self.after);
                Dense { planes, offsets, weights, bias, row, width: out_w, out: to, after }.dispatch();
                if !whole {
                    out.copy_from_slice(&spare[..out.len()]);
                }
            }
        }
        scratch.planes = padded;
        Some(Map { shape: [self.to, out_h, out_w], values })
    }
}

/// How padded planes lie in memory: row by row, in a row plane by plane, and the columns of a plane so that those a
/// stride apart are neighbours.
#[derive(Clone, Copy)]
struct Grid {
    planes: usize,
    /// Columns of one phase of the stride.
    columns: usize,
    stride_x: usize,
    top: usize,
    left: usize,
    /// Width of a plane before padding.
    width: usize,
}

impl Grid {
    fn row(&self) -> usize {
        self.planes * self.stride_x * self.columns
    }

    fn at(&self, plane: usize, y: usize, x: usize) -> usize {
        y * self.row() + (plane * self.stride_x + x % self.stride_x) * self.columns + x / self.stride_x
    }

    fn fill(&self, padded: &mut [f32], plane: usize, source: &[f32]) {
        for (y, from) in source.chunks_exact(self.width).enumerate() {
            for first in 0..self.stride_x.min(self.width) {
                let to = &mut padded[self.at(plane, y + self.top, first + self.left)..];
                if self.stride_x == 1 {
                    to[..self.width].copy_from_slice(from);
                } else {
                    let values = from[first..].iter().step_by(self.stride_x);
                    to.iter_mut().zip(values).for_each(|(t, v)| *t = *v);
                }
            }
        }
    }
}
