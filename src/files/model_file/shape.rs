//! A model as its file describes it: sizes, parameters per class, cache, state, experts.

use super::class::Class;
use crate::model::facts::{KvShape, ModelKind, MoeShape, PerClass, StateShape};

/// Matrices of one kind in one layer, as quantizations name them; the rest of a class (norms, biases, convolutions) is in none.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// The class its parameters are counted in.
    pub class: Class,
    /// Its layer; `None` outside of the layers.
    pub layer: Option<u32>,
    /// Names of the module within the layer, as published checkpoints write them.
    pub names: &'static [&'static str],
    /// Parameters.
    pub params: f64,
}

/// The build of a model; the fields are those of [`crate::model::facts::Model`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shape {
    /// Layers.
    pub layers: f64,
    /// Hidden size.
    pub hidden: f64,
    /// Query heads; 0 without attention.
    pub heads: f64,
    /// Dimension of a head; 0 without attention.
    pub head_dim: f64,
    /// Vocabulary.
    pub vocab: f64,
    /// Longest context, where it says one.
    pub max_context: Option<f64>,
    /// True if the output matrix is the embedding matrix.
    pub tied: bool,
    /// Parameters per class.
    pub params: PerClass,
    /// Cache per token.
    pub kv: KvShape,
    /// Recurrent state; no layers where there is none.
    pub state: StateShape,
    /// Experts; no layers where there are none.
    pub moe: MoeShape,
    /// Matrices by name, where a configuration leads to them.
    pub parts: Vec<Part>,
    /// The layer that is being built.
    pub(super) layer: u32,
}

impl Shape {
    /// The experts, where it has some.
    #[must_use]
    pub fn experts(&self) -> Option<MoeShape> {
        (self.moe.layers > 0.0).then_some(self.moe)
    }

    /// The recurrent state, where it has one.
    #[must_use]
    pub fn recurrent(&self) -> Option<StateShape> {
        (self.state.layers > 0.0).then_some(self.state)
    }

    /// Cache elements per token, over layers of all kinds.
    #[must_use]
    pub fn kv_elems(&self) -> f64 {
        self.kv.full_elems + self.kv.window_elems
    }

    /// Parameters that work on one token.
    #[must_use]
    pub fn active_params(&self) -> f64 {
        let idle = self.experts().map_or(0.0, |moe| (1.0 - moe.per_token / moe.experts) * self.params.experts);
        (self.params.total() - idle).round()
    }

    /// Dense or experts, hybrid or not.
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
