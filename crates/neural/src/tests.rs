//! Graphs written here give the same values fused as they do by `rten`.

use std::path::Path;
use std::sync::Arc;

use rten::ThreadPool;
use rten_onnx::onnx::{
    AttributeProto, AttributeType, DataType, GraphProto, ModelProto, NodeProto, OperatorSetIdProto,
    TensorProto, ValueInfoProto,
};
use rten_onnx::protobuf::{EncodeMessage, ValueWriter};

use super::Net;

/// A graph that grows by one operator at a time; each reads the value before it.
#[derive(Default)]
struct Graph {
    nodes: Vec<NodeProto>,
    constants: Vec<TensorProto>,
    last: String,
    seed: u32,
}

impl Graph {
    fn new() -> Self {
        Self { last: "x".into(), seed: 1, ..Self::default() }
    }

    fn random(&mut self, count: usize) -> Vec<f32> {
        (0..count)
            .map(|_| {
                self.seed = self.seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (self.seed >> 8) as f32 / (1 << 24) as f32 - 0.5
            })
            .collect()
    }

    fn constant(&mut self, dims: &[i64], values: Vec<f32>) -> String {
        let name = format!("c{}", self.constants.len());
        self.constants.push(TensorProto {
            dims: dims.to_vec(),
            data_type: Some(DataType::FLOAT),
            float_data: values,
            name: Some(name.clone()),
            ..TensorProto::default()
        });
        name
    }

    fn weights(&mut self, dims: [i64; 4]) -> String {
        let count = dims.iter().product::<i64>() as usize;
        let values = self.random(count);
        self.constant(&dims, values)
    }

    fn node(&mut self, op: &str, inputs: &[&str], attributes: Vec<AttributeProto>) -> String {
        let out = format!("v{}", self.nodes.len());
        self.nodes.push(NodeProto {
            input: inputs.iter().map(|s| (*s).to_owned()).collect(),
            output: vec![out.clone()],
            op_type: Some(op.into()),
            name: Some(format!("n{}", self.nodes.len())),
            attribute: attributes,
            ..NodeProto::default()
        });
        self.last.clone_from(&out);
        out
    }

    /// A convolution of the last value.
    fn conv(&mut self, dims: [i64; 4], group: i64, strides: [i64; 2], pads: [i64; 4]) -> &mut Self {
        let (w, b) = (self.weights(dims), self.random(dims[0] as usize));
        let b = self.constant(&[dims[0]], b);
        let x = self.last.clone();
        let attributes = vec![
            int("group", group),
            ints("strides", &strides),
            ints("pads", &pads),
            ints("dilations", &[1, 1]),
        ];
        self.node("Conv", &[&x, &w, &b], attributes);
        self
    }

    /// A product with a number and a sum with one.
    fn affine(&mut self, by: f32, plus: f32) -> &mut Self {
        let (by, plus) = (self.constant(&[1], vec![by]), self.constant(&[1], vec![plus]));
        let x = self.last.clone();
        let y = self.node("Mul", &[&by, &x], Vec::new());
        self.node("Add", &[&y, &plus], Vec::new());
        self
    }

    fn hard_swish(&mut self) -> &mut Self {
        let [three, zero, six] = [3.0, 0.0, 6.0].map(|v| self.constant(&[], vec![v]));
        let x = self.last.clone();
        let a = self.node("Add", &[&x, &three], Vec::new());
        let c = self.node("Clip", &[&a, &zero, &six], Vec::new());
        let m = self.node("Mul", &[&x, &c], Vec::new());
        self.node("Div", &[&m, &six], Vec::new());
        self
    }

    fn batch_norm(&mut self, channels: i64) -> &mut Self {
        let mut inputs = vec![self.last.clone()];
        for lift in [1.0, 0.0, 0.0, 1.0] {
            let values = self.random(channels as usize).into_iter().map(|v| v + lift).collect();
            inputs.push(self.constant(&[channels], values));
        }
        let inputs: Vec<&str> = inputs.iter().map(String::as_str).collect();
        self.node("BatchNormalization", &inputs, Vec::new());
        self
    }

    /// Each channel times what is found in the means of all, and the whole added to it.
    fn squeeze(&mut self, channels: i64) -> &mut Self {
        let x = self.last.clone();
        self.node("GlobalAveragePool", &[&x], Vec::new());
        self.conv([3, channels, 1, 1], 1, [1, 1], [0; 4]);
        let y = self.last.clone();
        self.node("Relu", &[&y], Vec::new());
        self.conv([channels, 3, 1, 1], 1, [1, 1], [0; 4]);
        let y = self.last.clone();
        let gate = self.node("HardSigmoid", &[&y], Vec::new());
        let scaled = self.node("Mul", &[&x, &gate], Vec::new());
        self.node("Add", &[&x, &scaled], Vec::new());
        self
    }

    fn bytes(self) -> Vec<u8> {
        let value = |name: String| ValueInfoProto { name: Some(name), ..ValueInfoProto::default() };
        let model = ModelProto {
            ir_version: Some(8),
            opset_import: vec![OperatorSetIdProto { domain: None, version: Some(14) }],
            graph: Some(GraphProto {
                node: self.nodes,
                initializer: self.constants,
                input: vec![value("x".into())],
                output: vec![value(self.last)],
                ..GraphProto::default()
            }),
            ..ModelProto::default()
        };
        let mut bytes = Vec::new();
        model.encode(ValueWriter::new(&mut bytes)).expect("the model is written");
        bytes
    }
}

fn int(name: &str, i: i64) -> AttributeProto {
    AttributeProto {
        name: Some(name.into()),
        i: Some(i),
        r#type: Some(AttributeType::INT),
        ..Default::default()
    }
}

fn ints(name: &str, ints: &[i64]) -> AttributeProto {
    AttributeProto {
        name: Some(name.into()),
        ints: ints.to_vec(),
        r#type: Some(AttributeType::INTS),
        ..Default::default()
    }
}

fn net(bytes: Vec<u8>) -> Net {
    Net::load(bytes, &Arc::new(ThreadPool::with_num_threads(1))).expect("the model loads")
}

/// The largest difference between the fused and the plain run, and how many layers were fused.
fn difference(net: &Net, shape: [usize; 4]) -> (f32, usize) {
    let count = shape.iter().product();
    let data: Vec<f32> = (0..count).map(|i| ((i * 7919) % 255) as f32 / 127.5 - 1.0).collect();
    let (head, ids) = net.head.as_ref().expect("a chain is found");
    let (fused_shape, fused) = net.fused(head, ids, shape, &data).expect("the chain runs");
    let (plain_shape, plain) = net.whole(shape, data).expect("rten runs");
    assert_eq!(fused_shape, plain_shape);
    assert!(plain.iter().any(|v| *v != plain[0]), "the values say nothing");
    let far = fused.iter().zip(&plain).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    (far, head.program.steps.len())
}

/// A network with every layer that is known.
fn everything() -> Graph {
    let mut g = Graph::new();
    g.conv([10, 3, 3, 3], 1, [2, 2], [1; 4]).batch_norm(10);
    for (kernel, strides) in [(3, [1, 1]), (5, [2, 1]), (5, [1, 2]), (3, [2, 2]), (5, [1, 1]), (3, [1, 1])] {
        let pad = (kernel - 1) / 2;
        g.conv([10, 1, kernel, kernel], 10, strides, [pad; 4])
            .affine(1.5, -0.1)
            .hard_swish()
            .affine(0.7, 0.2);
        g.conv([10, 10, 1, 1], 1, [1, 1], [0; 4]).affine(-0.5, 0.3).hard_swish().affine(2.0, -0.2);
    }
    g.squeeze(10).conv([7, 10, 3, 3], 1, [1, 1], [1; 4]);
    g
}

#[test]
fn a_chain_gives_what_rten_gives() {
    let net = net(everything().bytes());
    assert!(net.head.as_ref().is_some_and(|h| h.0.is_all));
    for shape in [[1, 3, 48, 320], [2, 3, 33, 71], [3, 3, 8, 9]] {
        let (far, steps) = difference(&net, shape);
        assert!(far < 1e-3, "{far} for {shape:?}");
        assert!(steps > 16);
    }
}

#[test]
fn what_is_not_known_is_left_to_rten() {
    let mut g = everything();
    let x = g.last.clone();
    let y = g.node("Sin", &[&x], Vec::new());
    g.node("Mul", &[&x, &y], Vec::new());
    let net = net(g.bytes());
    assert!(net.head.as_ref().is_some_and(|h| !h.0.is_all));
    let (far, _) = difference(&net, [2, 3, 40, 64]);
    assert!(far < 1e-3, "{far}");
}

#[test]
fn a_value_used_twice_is_not_scaled_in_place() {
    let mut g = everything();
    let x = g.last.clone();
    g.affine(3.0, 1.0);
    let y = g.last.clone();
    g.node("Add", &[&x, &y], Vec::new());
    let (far, _) = difference(&net(g.bytes()), [1, 3, 40, 64]);
    assert!(far < 1e-3, "{far}");
}

#[test]
fn a_short_chain_is_not_worth_it() {
    let mut g = Graph::new();
    g.conv([4, 3, 3, 3], 1, [1, 1], [1; 4]);
    assert!(net(g.bytes()).head.is_none());
    assert!(Net::load(b"no model".to_vec(), &Arc::new(ThreadPool::with_num_threads(1))).is_none());
}

/// The models users have, where they lie beside the project.
#[test]
// A model is part of the installation, not of the input.
#[allow(clippy::disallowed_methods)]
fn the_models_in_use_are_fused() {
    for (name, shape) in
        [("ch_PP-OCRv4_rec_infer.onnx", [2, 3, 48, 320]), ("ch_PP-OCRv4_det_infer.onnx", [1, 3, 64, 96])]
    {
        let Ok(bytes) = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models").join(name))
        else {
            continue;
        };
        let (far, steps) = difference(&net(bytes), shape);
        assert!(far < 1e-4 && steps > 30, "{name}: {far} in {steps}");
    }
}

/// Runs of many sizes take back what they gave: the memory kept between runs stops growing.
#[test]
fn memory_does_not_grow_from_run_to_run() {
    let net = net(everything().bytes());
    let run = |width: usize| {
        let shape = [1, 3, 48, width];
        let data = vec![0.5; shape.iter().product()];
        net.run(shape, data).unwrap();
        net.scratch.borrow().held()
    };
    let (count, _) = run(320);
    let held: Vec<(usize, usize)> = (0..40).map(|i| run(320 - 8 * (i % 20))).collect();
    assert!(count > 0);
    assert_eq!(held.iter().map(|h| h.0).max(), Some(count), "{held:?}");
    assert_eq!(held[19], held[39]);
}
