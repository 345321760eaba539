//! A language model as the estimate needs it: parameters per tensor class, cache and state per token, experts.

use serde::{Deserialize, Serialize};

use super::{Basis, Date, Format, Sources};

/// Whether every parameter works on every token, and whether some layers keep a state instead of a cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ModelKind {
    /// All parameters on every token, attention in every layer.
    Dense,
    /// Dense, with linear-attention layers.
    DenseHybrid,
    /// A few experts per token.
    Moe,
    /// A few experts per token, with linear-attention layers.
    MoeHybrid,
}

impl ModelKind {
    /// Whether the model routes tokens to experts.
    #[must_use]
    pub fn is_moe(self) -> bool {
        matches!(self, ModelKind::Moe | ModelKind::MoeHybrid)
    }

    /// The class that weight kernels care about: dense or moe.
    #[must_use]
    pub fn class(self) -> &'static str {
        if self.is_moe() { "moe" } else { "dense" }
    }

    /// The class that prefill cares about: dense, dense-hybrid, moe or moe-hybrid.
    #[must_use]
    pub fn shape(self) -> &'static str {
        match self {
            ModelKind::Dense => "dense",
            ModelKind::DenseHybrid => "dense-hybrid",
            ModelKind::Moe => "moe",
            ModelKind::MoeHybrid => "moe-hybrid",
        }
    }

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            ModelKind::Dense => "dense",
            ModelKind::DenseHybrid => "dense hybrid",
            ModelKind::Moe => "MoE",
            ModelKind::MoeHybrid => "MoE hybrid",
        }
    }
}

/// One value per tensor class: parameters, bits or bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PerClass {
    /// Attention projections.
    #[serde(default)]
    pub attention: f64,
    /// Projections of linear-attention or Mamba layers.
    #[serde(default)]
    pub linear_attention: f64,
    /// Feed-forward matrices of dense layers.
    #[serde(default)]
    pub dense_ffn: f64,
    /// Shared experts, active on every token.
    #[serde(default)]
    pub shared_experts: f64,
    /// Routed experts, all of them.
    #[serde(default)]
    pub experts: f64,
    /// Routers.
    #[serde(default)]
    pub router: f64,
    /// Norms and other small tensors.
    #[serde(default)]
    pub norm: f64,
    /// The output matrix; 0 where it is the embedding matrix (tied).
    #[serde(default)]
    pub head: f64,
    /// The input embedding.
    #[serde(default)]
    pub embedding: f64,
}

impl PerClass {
    /// The classes in a fixed order, for sums and loops.
    #[must_use]
    pub fn values(&self) -> [f64; 9] {
        [
            self.attention,
            self.linear_attention,
            self.dense_ffn,
            self.shared_experts,
            self.experts,
            self.router,
            self.norm,
            self.head,
            self.embedding,
        ]
    }

    /// The inverse of [`PerClass::values`].
    #[must_use]
    pub fn from_values(v: [f64; 9]) -> Self {
        let [attention, linear_attention, dense_ffn, shared_experts, experts, router, norm, head, embedding] = v;
        Self { attention, linear_attention, dense_ffn, shared_experts, experts, router, norm, head, embedding }
    }

    /// Sum over the classes.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.values().iter().sum()
    }

    /// Class by class, `f(self, other)`.
    #[must_use]
    pub fn zip(&self, other: &Self, f: impl Fn(f64, f64) -> f64) -> Self {
        let (a, b) = (self.values(), other.values());
        Self::from_values(std::array::from_fn(|i| f(a[i], b[i])))
    }
}

/// Experts of a mixture-of-experts model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MoeShape {
    /// Routed experts per `MoE` layer.
    pub experts: f64,
    /// Routed experts that work on one token.
    pub per_token: f64,
    /// Layers with experts.
    pub layers: f64,
}

/// The key-value cache: elements (K and V together, or one latent) per token of context.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KvShape {
    /// Elements per token over all layers that see the whole context.
    pub full_elems: f64,
    /// Elements per token over all layers that see a sliding window.
    #[serde(default)]
    pub window_elems: f64,
    /// The window in tokens; 0 where there is none.
    #[serde(default)]
    pub window: f64,
    /// Layers that see the whole context.
    pub full_layers: f64,
    /// Layers that see the window.
    #[serde(default)]
    pub window_layers: f64,
}

/// The recurrent state of linear-attention or Mamba layers: constant, whatever the context.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StateShape {
    /// Linear-attention or Mamba layers.
    pub layers: f64,
    /// Elements of the recurrent state, over all layers.
    pub state_elems: f64,
    /// Elements of the convolution state, over all layers.
    pub conv_elems: f64,
}

/// A model with its architecture. Numbers share the entry's source, date and basis.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Identifier, lower case.
    pub id: String,
    /// Name as its makers write it.
    pub name: String,
    /// Where its weights are published, as owner/repository.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub repo: String,
    /// Architecture family.
    pub family: String,
    /// Dense or experts, hybrid or not.
    pub kind: ModelKind,
    /// Sources of every number here.
    pub source: Sources,
    /// Date of the numbers.
    pub date: Date,
    /// Basis of the numbers.
    pub basis: Basis,
    /// When the model was released.
    #[serde(default)]
    pub released: Option<Date>,
    /// Parameters of the text model.
    pub total_params: f64,
    /// Parameters that work on one token, embedding and head included.
    pub active_params: f64,
    /// Parameters per tensor class.
    pub params: PerClass,
    /// Whether the output matrix is the embedding matrix.
    #[serde(default)]
    pub tied: bool,
    /// Layers.
    pub layers: f64,
    /// Hidden size.
    pub hidden: f64,
    /// Query heads.
    pub heads: f64,
    /// Dimension of a head.
    pub head_dim: f64,
    /// Vocabulary.
    pub vocab: f64,
    /// Longest context it was trained or released for, tokens.
    pub max_context: f64,
    /// Experts, where it has them.
    #[serde(default)]
    pub moe: Option<MoeShape>,
    /// Key-value cache.
    pub kv: KvShape,
    /// Recurrent state, where it has one.
    #[serde(default)]
    pub state: Option<StateShape>,
    /// The attention in words.
    pub attention: String,
    /// Precision of the release.
    pub native: String,
    /// Licence of the weights.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub license: String,
    /// Parameters in the release that decode never reads (vision tower, MTP head).
    #[serde(default)]
    pub extra_params: f64,
    /// What a reader should know.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Exact bytes per tensor class in mixed formats, where known; other formats follow the format's rule.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exact_bytes: Vec<(String, PerClass)>,
}

impl Model {
    /// Share of the parameters that work on one token, 0..=1.
    #[must_use]
    pub fn active_share(&self) -> f64 {
        self.active_params / self.total_params
    }

    /// Exact bytes per tensor class in `format`, where the entry has them.
    #[must_use]
    pub fn bytes_in(&self, format: &str) -> Option<&PerClass> {
        self.exact_bytes.iter().find(|(id, _)| id == format).map(|(_, bytes)| bytes)
    }

    /// Bits per weight in `format`, scales included, on average over all tensors.
    #[must_use]
    pub fn bits_in(&self, format: &Format) -> f64 {
        let bits = self.bytes_in(&format.id).map_or_else(
            || self.params.zip(&format.bits, |params, bits| params * bits).total(),
            |bytes| bytes.total() * 8.0,
        );
        bits / self.params.total()
    }
}
