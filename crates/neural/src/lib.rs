//! Runs a neural model on one thread: the chain of layers at its beginning fused, the rest by `rten`.
//!
//! `rten` runs an exported graph operator by operator; in the networks of PP-OCR two thirds of its time go into walking
//! through memory between them and into depthwise convolutions. Fused, the same sums take a third of the time. What a
//! model has that is not known here, `rten` runs, be it all of it.

mod onnx;
mod program;
mod simd;
#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::sync::Arc;

pub use rten::ThreadPool;
use rten::{Model, NodeId, RunOptions, Value, ValueOrView};
use rten_tensor::prelude::*;

use onnx::Head;
use program::{Map, Scratch};

/// The shape of a tensor and its values.
pub type Tensor = (Vec<usize>, Vec<f32>);

/// One loaded model.
pub struct Net {
    model: Model,
    head: Option<(Head, Vec<NodeId>)>,
    scratch: RefCell<Scratch>,
    pool: Arc<ThreadPool>,
}

impl Net {
    /// Loads an ONNX file's bytes; None if they are no model.
    pub fn load(bytes: Vec<u8>, pool: &Arc<ThreadPool>) -> Option<Self> {
        let head = onnx::head(&bytes);
        let model = Model::load(bytes).ok()?;
        let head = head.and_then(|head| {
            let ids = head.outputs.iter().map(|name| model.find_node(name)).collect::<Option<Vec<_>>>()?;
            Some((head, ids))
        });
        Some(Self { model, head, scratch: RefCell::default(), pool: Arc::clone(pool) })
    }

    /// A text the model carries under a name.
    pub fn note(&self, name: &str) -> Option<&str> {
        self.model.metadata().get(name)
    }

    /// Runs the model on one tensor; None if the model refuses.
    pub fn run(&self, shape: [usize; 4], data: Vec<f32>) -> Option<Tensor> {
        match &self.head {
            Some((head, ids)) => self.fused(head, ids, shape, &data).or_else(|| self.whole(shape, data)),
            None => self.whole(shape, data),
        }
    }

    /// Runs all of the model by `rten`.
    fn whole(&self, shape: [usize; 4], data: Vec<f32>) -> Option<Tensor> {
        let input = Value::from_shape(&shape[..], data).ok()?;
        tensor(self.model.run_one(input.into(), Some(self.options())).ok()?)
    }

    fn fused(&self, head: &Head, ids: &[NodeId], shape: [usize; 4], data: &[f32]) -> Option<Tensor> {
        let mut maps = self.head_maps(head, shape, data)?;
        if head.is_all {
            return maps.pop();
        }
        let values = maps.into_iter().map(|(shape, values)| Value::from_shape(&shape[..], values).ok());
        let values: Vec<Value> = values.collect::<Option<_>>()?;
        let inputs: Vec<(NodeId, ValueOrView<'_>)> =
            ids.iter().copied().zip(values.into_iter().map(Into::into)).collect();
        let result = self.model.output_ids().get(..1)?;
        tensor(self.model.run(inputs, result, Some(self.options())).ok()?.pop()?)
    }

    /// What the chain hands on, each for the whole batch.
    fn head_maps(&self, head: &Head, shape: [usize; 4], data: &[f32]) -> Option<Vec<Tensor>> {
        let [batch, channels, height, width] = shape;
        let mut scratch = self.scratch.take();
        let mut all: Vec<Tensor> = Vec::new();
        for item in data.chunks_exact((channels * height * width).max(1)) {
            let mut values = scratch.take(item.len());
            values.copy_from_slice(item);
            let input = Map { shape: [channels, height, width], values };
            let maps = self.pool.run(|| head.program.run(input, &mut scratch))?;
            all.resize_with(maps.len(), Tensor::default);
            for ((shape, values), map) in all.iter_mut().zip(maps) {
                *shape = vec![batch, map.shape[0], map.shape[1], map.shape[2]];
                values.extend_from_slice(&map.values);
                scratch.give(map.values);
            }
        }
        scratch.shrink();
        self.scratch.replace(scratch);
        Some(all)
    }

    fn options(&self) -> RunOptions {
        RunOptions::default().with_thread_pool(Some(Arc::clone(&self.pool)))
    }
}

fn tensor(value: Value) -> Option<Tensor> {
    let tensor = value.into_tensor::<f32>()?;
    Some((tensor.shape().to_vec(), tensor.to_vec()))
}
