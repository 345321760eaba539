//! A model as its file describes it: sizes, parameters per class, cache, state, experts.

use super::class::Class;
use crate::model::facts::{KvShape, ModelKind, MoeShape, PerClass, StateShape};

/// Matrices of one kind in one layer, by the names that quantizations use; norms, biases and convolutions belong to no
/// part.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Class in which the parameters are counted.
    pub class: Class,
    /// Layer of the matrices; `None` outside of the layers.
    pub layer: Option<u32>,
    /// Possible names of the module within the layer, as published checkpoints write them.
    pub names: &'static [&'static str],
    /// Number of parameters.
    pub params: f64,
    /// True if the published checkpoints leave the matrices unquantized and their quantization does not list them.
    pub is_left: bool,
}

/// The build of a model; the fields are those of [`crate::model::facts::Model`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shape {
    /// Number of layers.
    pub layers: f64,
    /// Hidden size, elements.
    pub hidden: f64,
    /// Query heads; 0 without attention.
    pub heads: f64,
    /// Dimension of a head; 0 without attention.
    pub head_dim: f64,
    /// Vocabulary size, tokens.
    pub vocab: f64,
    /// Longest context in tokens, if the file states it.
    pub max_context: Option<f64>,
    /// True if the output matrix is the embedding matrix.
    pub tied: bool,
    /// Parameters per class.
    pub params: PerClass,
    /// KV cache per token.
    pub kv: KvShape,
    /// Recurrent state; 0 layers if there is none.
    pub state: StateShape,
    /// Routed experts; 0 layers if there are none.
    pub moe: MoeShape,
    /// Matrices by name; empty if the shape does not come from a configuration.
    pub parts: Vec<Part>,
    /// Layer that is being added.
    pub(super) layer: u32,
}

impl Shape {
    /// Returns the routed experts, if the model has any.
    #[must_use]
    pub fn experts(&self) -> Option<MoeShape> {
        (self.moe.layers > 0.0).then_some(self.moe)
    }

    /// Returns the recurrent state, if the model has one.
    #[must_use]
    pub fn recurrent(&self) -> Option<StateShape> {
        (self.state.layers > 0.0).then_some(self.state)
    }

    /// Returns the cache elements per token, summed over all layers.
    #[must_use]
    pub fn kv_elems(&self) -> f64 {
        self.kv.full_elems + self.kv.window_elems
    }

    /// Returns the number of parameters that are used for one token.
    #[must_use]
    pub fn active_params(&self) -> f64 {
        let idle = self.experts().map_or(0.0, |moe| (1.0 - moe.per_token / moe.experts) * self.params.experts);
        (self.params.total() - idle).round()
    }

    /// Returns the kind of the model: dense or mixture of experts, hybrid or not.
    #[must_use]
    pub fn kind(&self) -> ModelKind {
        match (self.experts().is_some(), self.recurrent().is_some()) {
            (false, false) => ModelKind::Dense,
            (false, true) => ModelKind::DenseHybrid,
            (true, false) => ModelKind::Moe,
            (true, true) => ModelKind::MoeHybrid,
        }
    }
}
