//! Finds the chain of layers at the beginning of an ONNX graph and fuses it.
//!
//! Exported networks spell a layer out: a convolution, a product and a sum that scale it, four operators of a hard
//! swish, again a product and a sum. Run one by one, most of the time goes into walking through memory.

use std::collections::HashMap;

use rten_gemm::GemmExecutor;
use rten_onnx::onnx::{AttributeProto, DataType, ModelProto, NodeProto, TensorProto};

use super::program::{Conv, Layer, Pointwise, Program, Step};
use super::simd::{Act, After};

/// More taps than this are a matter for a matrix product.
const MOST_TAPS: usize = 4096;

/// A shorter chain is not worth it.
const FEWEST: usize = 16;

/// A chain and the names of the values it hands on.
pub(super) struct Head {
    pub program: Program,
    pub outputs: Vec<String>,
    /// Whether the chain is all of the model.
    pub is_all: bool,
}

/// The chain at the beginning of a model; None if there is none.
pub(super) fn head(model: &[u8]) -> Option<Head> {
    let model = ModelProto::parse_buf(model).ok()?;
    let graph = model.graph.as_ref()?;
    let mut constants: HashMap<&str, Tensor> = HashMap::new();
    for tensor in &graph.initializer {
        if let (Some(name), Some(t)) = (tensor.name.as_deref(), Tensor::read(tensor)) {
            constants.insert(name, t);
        }
    }
    for node in graph.node.iter().filter(|n| n.op_type.as_deref() == Some("Constant")) {
        let value = attribute(node, "value").and_then(|a| Tensor::read(a.t.as_ref()?));
        if let (Some(name), Some(value)) = (node.output.first(), value) {
            constants.insert(name, value);
        }
    }
    let mut users: HashMap<&str, Vec<usize>> = HashMap::new();
    for (i, node) in graph.node.iter().enumerate() {
        node.input.iter().for_each(|name| users.entry(name).or_default().push(i));
    }
    let results: Vec<&str> = graph.output.iter().filter_map(|o| o.name.as_deref()).collect();
    let input = graph.input.iter().filter_map(|i| i.name.as_deref()).find(|n| !constants.contains_key(n))?;
    let mut builder = Builder {
        nodes: &graph.node,
        constants,
        users,
        slots: HashMap::from([(input, 0)]),
        steps: Vec::new(),
        done: vec![false; graph.node.len()],
        next: 1,
    };
    for i in 0..graph.node.len() {
        if !builder.done[i] && builder.take(i).is_some() {
            builder.done[i] = true;
        }
    }
    builder.end(&results)
}

/// Floats with their shape.
struct Tensor {
    dims: Vec<usize>,
    values: Vec<f32>,
}

impl Tensor {
    fn read(proto: &TensorProto) -> Option<Self> {
        if proto.data_type != Some(DataType::FLOAT) {
            return None;
        }
        let values: Vec<f32> = match &proto.raw_data {
            Some(raw) => {
                raw.borrow().chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect()
            }
            None => proto.float_data.clone(),
        };
        let dims: Vec<usize> = proto.dims.iter().map(|d| usize::try_from(*d).ok()).collect::<Option<_>>()?;
        (dims.iter().product::<usize>() == values.len()).then_some(Self { dims, values })
    }

    fn scalar(&self) -> Option<f32> {
        (self.values.len() == 1).then(|| self.values[0])
    }
}

fn attribute<'a>(node: &'a NodeProto, name: &str) -> Option<&'a AttributeProto> {
    node.attribute.iter().find(|a| a.name.as_deref() == Some(name))
}

fn ints<const N: usize>(node: &NodeProto, name: &str, default: [usize; N]) -> Option<[usize; N]> {
    let Some(a) = attribute(node, name) else {
        return Some(default);
    };
    let v: Vec<usize> = a.ints.iter().map(|i| usize::try_from(*i).ok()).collect::<Option<_>>()?;
    v.try_into().ok()
}

struct Builder<'a> {
    nodes: &'a [NodeProto],
    constants: HashMap<&'a str, Tensor>,
    users: HashMap<&'a str, Vec<usize>>,
    /// Slot of each value that the chain computes.
    slots: HashMap<&'a str, usize>,
    steps: Vec<Step>,
    /// Nodes that are part of the chain.
    done: Vec<bool>,
    next: usize,
}

impl<'a> Builder<'a> {
    /// Makes a node part of the chain, if it can be.
    fn take(&mut self, i: usize) -> Option<()> {
        let node = &self.nodes[i];
        match node.op_type.as_deref()? {
            "Conv" => self.conv(node),
            "BatchNormalization" => self.batch_norm(node),
            "Relu" => self.activate(node, Act::Relu),
            "HardSigmoid" => {
                let alpha = attribute(node, "alpha").and_then(|a| a.f).unwrap_or(0.2);
                let beta = attribute(node, "beta").and_then(|a| a.f).unwrap_or(0.5);
                self.activate(node, Act::HardSigmoid(alpha, beta))
            }
            "GlobalAveragePool" => {
                let slot = self.slot(node.input.first()?)?;
                self.push(node, Layer::Mean, vec![slot])
            }
            "Add" => self
                .hard_swish(node)
                .or_else(|| self.affine(node))
                .or_else(|| self.channel_bias(node))
                .or_else(|| self.both(node, Layer::Sum)),
            "Resize" => self.enlarge(node),
            "ConvTranspose" => self.unfold(node),
            "Concat" if attribute(node, "axis").and_then(|a| a.i) == Some(1) => {
                let inputs = node.input.iter().map(|n| self.slot(n)).collect::<Option<Vec<_>>>()?;
                self.push(node, Layer::Join, inputs)
            }
            "Sigmoid" => {
                let slot = self.slot(node.input.first()?)?;
                self.push(node, Layer::Sigmoid, vec![slot])
            }
            "Mul" => self.affine(node).or_else(|| self.scale(node)),
            _ => None,
        }
    }

    fn slot(&self, name: &str) -> Option<usize> {
        self.slots.get(name).copied()
    }

    fn constant(&self, name: &str) -> Option<&Tensor> {
        self.constants.get(name)
    }

    fn push(&mut self, node: &'a NodeProto, layer: Layer, inputs: Vec<usize>) -> Option<()> {
        let output = self.next;
        self.next += 1;
        self.slots.insert(node.output.first()?, output);
        self.steps.push(Step { layer, inputs, output });
        Some(())
    }

    /// The step that makes a value nobody else uses.
    fn own(&mut self, name: &str, used: usize) -> Option<&mut Step> {
        let slot = self.slot(name)?;
        if self.users.get(name)?.len() != used {
            return None;
        }
        self.steps.iter_mut().find(|s| s.output == slot)
    }

    /// Gives the value of a step another name.
    fn rename(&mut self, from: &str, to: &'a str) {
        if let Some(slot) = self.slots.remove(from) {
            self.slots.insert(to, slot);
        }
    }

    fn conv(&mut self, node: &'a NodeProto) -> Option<()> {
        let slot = self.slot(node.input.first()?)?;
        let weights = self.constant(node.input.get(1)?)?;
        let [to, from, kernel_y, kernel_x] = weights.dims[..].try_into().ok()?;
        let bias = match node.input.get(2).filter(|n| !n.is_empty()) {
            Some(name) => self.constant(name)?.values.clone(),
            None => vec![0.0; to],
        };
        let group =
            attribute(node, "group").and_then(|a| a.i).map_or(Some(1), |g| usize::try_from(g).ok())?;
        let strides = ints(node, "strides", [1, 1])?;
        let pads = ints(node, "pads", [0; 4])?;
        let auto = attribute(node, "auto_pad").and_then(|a| a.s.as_deref()).is_some_and(|s| s != "NOTSET");
        if auto || ints(node, "dilations", [1, 1])? != [1, 1] || bias.len() != to || strides.contains(&0) {
            return None;
        }
        let values = weights.values.clone();
        let after = After::NOTHING;
        let layer = if group == 1 && [kernel_y, kernel_x] == [1, 1] && strides == [1, 1] && pads == [0; 4] {
            Layer::Pointwise(Pointwise { from, to, weights: values, packed: None, bias, after })
        } else {
            let depthwise = group == to && from == 1 && group > 1;
            if !(depthwise || group == 1) || from * kernel_y * kernel_x > MOST_TAPS {
                return None;
            }
            let kernel = [kernel_y, kernel_x];
            Layer::Conv(Conv {
                to,
                from,
                depthwise,
                kernel,
                strides,
                pads,
                weights: values,
                together: Vec::new(),
                bias,
                after,
            })
        };
        self.push(node, layer, vec![slot])
    }

    /// Scales each output channel of a convolution and adds to it.
    fn fold(step: &mut Step, scale: impl Fn(usize) -> f32, shift: impl Fn(usize) -> f32) -> Option<()> {
        let (weights, bias, after) = match &mut step.layer {
            Layer::Pointwise(p) | Layer::Unfold(p, _) => (&mut p.weights, &mut p.bias, &p.after),
            Layer::Conv(c) => (&mut c.weights, &mut c.bias, &c.after),
            _ => return None,
        };
        if after.act != Act::None {
            return None;
        }
        let per_channel = weights.len() / bias.len();
        for (i, (weights, bias)) in weights.chunks_exact_mut(per_channel).zip(bias).enumerate() {
            weights.iter_mut().for_each(|w| *w *= scale(i));
            *bias = *bias * scale(i) + shift(i);
        }
        Some(())
    }

    fn batch_norm(&mut self, node: &'a NodeProto) -> Option<()> {
        let [x, gamma, beta, mean, variance] = node.input.get(..5)? else {
            return None;
        };
        let epsilon = attribute(node, "epsilon").and_then(|a| a.f).unwrap_or(1e-5);
        let values = |name: &String| Some(self.constant(name)?.values.clone());
        let (gamma, beta) = (values(gamma)?, values(beta)?);
        let (mean, variance) = (values(mean)?, values(variance)?);
        let scale: Vec<f32> = gamma.iter().zip(&variance).map(|(g, v)| g / (v + epsilon).sqrt()).collect();
        let shift: Vec<f32> = beta.iter().zip(&mean).zip(&scale).map(|((b, m), s)| b - m * s).collect();
        let channels = scale.len();
        let step = self.own(x, 1)?;
        let to = match &step.layer {
            Layer::Pointwise(p) | Layer::Unfold(p, _) => p.to,
            Layer::Conv(c) => c.to,
            _ => return None,
        };
        if to != channels || shift.len() != channels {
            return None;
        }
        Self::fold(step, |i| scale[i], |i| shift[i])?;
        self.rename(x, node.output.first()?);
        Some(())
    }

    fn after(step: &mut Step) -> Option<&mut After> {
        match &mut step.layer {
            Layer::Pointwise(p) | Layer::Unfold(p, _) => Some(&mut p.after),
            Layer::Conv(c) => Some(&mut c.after),
            _ => None,
        }
    }

    fn activate(&mut self, node: &'a NodeProto, act: Act) -> Option<()> {
        let name = node.input.first()?;
        let after = Self::after(self.own(name, 1)?)?;
        if after.act != Act::None || after.scale != 1.0 || after.shift != 0.0 {
            return None;
        }
        after.act = act;
        self.rename(name, node.output.first()?);
        Some(())
    }

    /// The value and the number of a node with one of each.
    fn with_number(&self, node: &'a NodeProto) -> Option<(&'a str, f32)> {
        let (a, b) = (node.input.first()?, node.input.get(1)?);
        let number = |n: &str| self.constant(n).and_then(Tensor::scalar);
        match (number(a), number(b)) {
            (Some(v), None) => Some((b, v)),
            (None, Some(v)) => Some((a, v)),
            _ => None,
        }
    }

    /// A product with a number, or a sum with one.
    fn affine(&mut self, node: &'a NodeProto) -> Option<()> {
        let (name, number) = self.with_number(node)?;
        let product = node.op_type.as_deref() == Some("Mul");
        let step = self.own(name, 1)?;
        let after = Self::after(step)?;
        if after.act == Act::None {
            let (scale, shift) = if product { (number, 0.0) } else { (1.0, number) };
            Self::fold(step, |_| scale, |_| shift)?;
        } else if product {
            after.scale *= number;
            after.shift *= number;
        } else {
            after.shift += number;
        }
        self.rename(name, node.output.first()?);
        Some(())
    }

    /// A sum with one number for each channel.
    fn channel_bias(&mut self, node: &'a NodeProto) -> Option<()> {
        let (a, b) = (node.input.first()?, node.input.get(1)?);
        let (name, other) = if self.constant(b).is_some() { (a, b) } else { (b, a) };
        let tensor = self.constant(other)?;
        let [1, channels, 1, 1] = tensor.dims[..] else {
            return None;
        };
        let shift = tensor.values.clone();
        let step = self.own(name, 1)?;
        let to = match &step.layer {
            Layer::Pointwise(p) | Layer::Unfold(p, _) => p.to,
            Layer::Conv(c) => c.to,
            _ => return None,
        };
        if to != channels {
            return None;
        }
        Self::fold(step, |_| 1.0, |i| shift[i])?;
        self.rename(name, node.output.first()?);
        Some(())
    }

    /// Nearest neighbours, a whole number of times as large.
    fn enlarge(&mut self, node: &'a NodeProto) -> Option<()> {
        let slot = self.slot(node.input.first()?)?;
        let text = |name: &str| attribute(node, name).and_then(|a| a.s.as_deref());
        let scales = &self.constant(node.input.get(2)?)?.values;
        let [1.0, 1.0, y, x] = scales[..] else {
            return None;
        };
        let nearest = text("mode") == Some("nearest")
            && text("coordinate_transformation_mode") == Some("asymmetric")
            && text("nearest_mode") == Some("floor");
        if !nearest || x != y || x.fract() != 0.0 || !(1.0..=64.0).contains(&x) || node.input.len() > 3 {
            return None;
        }
        self.push(node, Layer::Enlarge(x as usize), vec![slot])
    }

    /// A transposed convolution whose stride is its kernel's side.
    fn unfold(&mut self, node: &'a NodeProto) -> Option<()> {
        let slot = self.slot(node.input.first()?)?;
        let weights = self.constant(node.input.get(1)?)?;
        let [from, to, side, kernel_x] = weights.dims[..] else {
            return None;
        };
        let fits = side == kernel_x
            && ints(node, "strides", [1, 1])? == [side, side]
            && ints(node, "pads", [0; 4])? == [0; 4]
            && ints(node, "dilations", [1, 1])? == [1, 1]
            && attribute(node, "group").and_then(|a| a.i).unwrap_or(1) == 1
            && ["output_padding", "output_shape", "auto_pad"].iter().all(|n| attribute(node, n).is_none());
        if !fits {
            return None;
        }
        let bias = match node.input.get(2).filter(|n| !n.is_empty()) {
            Some(name) => self.constant(name)?.values.clone(),
            None => vec![0.0; to],
        };
        let rows = to * side * side;
        let mut turned = vec![0.0; rows * from];
        for (c, values) in weights.values.chunks_exact(rows).enumerate() {
            values.iter().enumerate().for_each(|(row, v)| turned[row * from + c] = *v);
        }
        let after = After::NOTHING;
        let product = Pointwise { from, to, weights: turned, packed: None, bias, after };
        self.push(node, Layer::Unfold(product, side), vec![slot])
    }

    /// `x · clip(x + 3, 0, 6) / 6`, beginning at its sum.
    fn hard_swish(&mut self, node: &'a NodeProto) -> Option<()> {
        let (x, three) = self.with_number(node)?;
        let only = |b: &Self, name: &str| match b.users.get(name).map(Vec::as_slice) {
            Some([one]) => Some(*one),
            _ => None,
        };
        let nodes = self.nodes;
        let clip = only(self, node.output.first()?)?;
        let times = only(self, nodes[clip].output.first()?)?;
        let divided = only(self, nodes[times].output.first()?)?;
        let is = |i: usize, op: &str| nodes[i].op_type.as_deref() == Some(op);
        let bound = |place: usize, name: &str| {
            let given = nodes[clip].input.get(place).filter(|n| !n.is_empty());
            match given {
                Some(n) => self.constant(n)?.scalar(),
                None => attribute(&nodes[clip], name)?.f,
            }
        };
        let sixth = self.with_number(&nodes[divided]).filter(|(n, _)| *n == nodes[times].output[0]);
        let fits = three == 3.0
            && is(clip, "Clip")
            && is(times, "Mul")
            && is(divided, "Div")
            && nodes[times].input.iter().any(|n| n == x)
            && bound(1, "min") == Some(0.0)
            && bound(2, "max") == Some(6.0)
            && sixth.is_some_and(|s| s.1 == 6.0)
            && nodes[divided].input[0] == nodes[times].output[0];
        if !fits {
            return None;
        }
        let step = self.own(x, 2)?;
        let after = Self::after(step)?;
        if after.act != Act::None || after.scale != 1.0 || after.shift != 0.0 {
            return None;
        }
        after.act = Act::HardSwish;
        for i in [clip, times, divided] {
            self.done[i] = true;
        }
        self.rename(x, nodes[divided].output.first()?);
        Some(())
    }

    /// A product with one number for each channel.
    fn scale(&mut self, node: &'a NodeProto) -> Option<()> {
        let (a, b) = (self.slot(node.input.first()?)?, self.slot(node.input.get(1)?)?);
        let by_channel = |slot: usize| {
            self.steps.iter().find(|s| s.output == slot).is_some_and(
                |s| matches!(&s.layer, Layer::Pointwise(p) if matches!(p.after.act, Act::HardSigmoid(..))),
            )
        };
        let inputs = match (by_channel(a), by_channel(b)) {
            (false, true) => vec![a, b],
            (true, false) => vec![b, a],
            _ => return None,
        };
        self.push(node, Layer::Scale, inputs)
    }

    fn both(&mut self, node: &'a NodeProto, layer: Layer) -> Option<()> {
        let inputs = vec![self.slot(node.input.first()?)?, self.slot(node.input.get(1)?)?];
        self.push(node, layer, inputs)
    }

    fn end(self, results: &[&str]) -> Option<Head> {
        let wanted = |name: &str| {
            let outside = self.users.get(name).is_some_and(|u| u.iter().any(|i| !self.done[*i]));
            outside || results.contains(&name)
        };
        let mut outputs: Vec<(usize, String)> = self
            .slots
            .iter()
            .filter(|(name, slot)| **slot > 0 && wanted(name))
            .map(|(name, slot)| (*slot, (*name).to_owned()))
            .collect();
        outputs.sort();
        let is_all = results.first().is_some_and(|r| outputs.len() == 1 && outputs[0].1 == *r);
        if outputs.is_empty() || self.steps.len() < FEWEST {
            return None;
        }
        let (slots, names) = outputs.into_iter().unzip();
        let mut program =
            Program { steps: self.steps, slots: self.next, outputs: slots, gemm: GemmExecutor::default() };
        program.pack();
        Some(Head { program, outputs: names, is_all })
    }
}
