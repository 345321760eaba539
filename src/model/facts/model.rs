//! Language models as the estimate needs them: parameters per tensor class, cache and state per token, experts.

use serde::{Deserialize, Serialize};

use super::{Basis, Date, Format, Sources};

/// The architecture in the coarsest classes: dense or with experts, full attention or hybrid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ModelKind {
    /// All parameters work on every token, and every layer has attention.
    Dense,
    /// All parameters work on every token, and some layers have linear attention.
    DenseHybrid,
    /// A few experts work on each token.
    Moe,
    /// A few experts work on each token, and some layers have linear attention.
    MoeHybrid,
}

impl ModelKind {
    /// Returns true if the model routes tokens to experts.
    #[must_use]
    pub fn is_moe(self) -> bool {
        matches!(self, ModelKind::Moe | ModelKind::MoeHybrid)
    }

    /// Returns the class by which weight kernels differ: `dense` or `moe`.
    #[must_use]
    pub fn class(self) -> &'static str {
        if self.is_moe() { "moe" } else { "dense" }
    }

    /// Returns the class by which prefill differs: `dense`, `dense-hybrid`, `moe` or `moe-hybrid`.
    #[must_use]
    pub fn shape(self) -> &'static str {
        match self {
            ModelKind::Dense => "dense",
            ModelKind::DenseHybrid => "dense-hybrid",
            ModelKind::Moe => "moe",
            ModelKind::MoeHybrid => "moe-hybrid",
        }
    }

    /// Returns the architecture as words.
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
    /// All routed experts.
    #[serde(default)]
    pub experts: f64,
    /// Routers.
    #[serde(default)]
    pub router: f64,
    /// Norms and other small tensors.
    #[serde(default)]
    pub norm: f64,
    /// The output matrix; 0 if it is the embedding matrix (tied).
    #[serde(default)]
    pub head: f64,
    /// The input embedding table.
    #[serde(default)]
    pub embedding: f64,
}

impl PerClass {
    /// Returns the values of the classes in a fixed order.
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

    /// Returns the classes from their values in the order of [`PerClass::values`].
    #[must_use]
    pub fn from_values(v: [f64; 9]) -> Self {
        let [attention, linear_attention, dense_ffn, shared_experts, experts, router, norm, head, embedding] = v;
        Self { attention, linear_attention, dense_ffn, shared_experts, experts, router, norm, head, embedding }
    }

    /// Returns the sum over the classes.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.values().iter().sum()
    }

    /// Returns `f(self, other)` for each class.
    #[must_use]
    pub fn zip(&self, other: &Self, f: impl Fn(f64, f64) -> f64) -> Self {
        let (a, b) = (self.values(), other.values());
        Self::from_values(std::array::from_fn(|i| f(a[i], b[i])))
    }
}

/// The experts of a mixture-of-experts model.
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
    /// The window in tokens; 0 if there is none.
    #[serde(default)]
    pub window: f64,
    /// Layers that see the whole context.
    pub full_layers: f64,
    /// Layers that see only the window.
    #[serde(default)]
    pub window_layers: f64,
    /// The latent of multi-head latent attention; `None` if the full layers do not use it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mla: Option<MlaShape>,
    /// Sparse attention; `None` if a step reads the whole cache.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sparse: Option<SparseShape>,
}

/// Multi-head latent attention: each layer caches one latent and one rotary key per token, shared by all heads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MlaShape {
    /// Elements of the latent per token and layer.
    pub latent: f64,
    /// Elements of the rotary key per token and layer; 0 if there is none.
    pub rope: f64,
}

/// Sparse attention: an indexer reads a small key of every token and picks the tokens whose cache a layer reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SparseShape {
    /// Layers that read a selection of the tokens; the other full layers read all of them.
    pub layers: f64,
    /// Most tokens whose cache such a layer reads in one step.
    pub read_tokens: f64,
    /// Elements of the indexer's keys per token, over all these layers; they are part of `full_elems` and read for
    /// every token.
    pub index_elems: f64,
}

/// The recurrent state of linear-attention or Mamba layers, whose size does not depend on the context.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StateShape {
    /// Number of linear-attention or Mamba layers.
    pub layers: f64,
    /// Elements of the recurrent state, over all layers.
    pub state_elems: f64,
    /// Elements of the convolution state, over all layers.
    pub conv_elems: f64,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(value: &f64) -> bool {
    *value == 0.0
}

/// A model with its architecture. All numbers have the entry's source, date and basis.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Identifier, lower case.
    pub id: String,
    /// Name as its makers write it.
    pub name: String,
    /// Repository of its weights on the Hugging Face hub, as owner/repository.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub repo: String,
    /// Other names that users type, including models of the same architecture.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Family of architectures.
    pub family: String,
    /// Dense or experts, hybrid or not.
    pub kind: ModelKind,
    /// Sources of every number here.
    pub source: Sources,
    /// Date of the numbers.
    pub date: Date,
    /// Basis of the numbers.
    pub basis: Basis,
    /// The date on which the model was released.
    #[serde(default)]
    pub released: Option<Date>,
    /// Parameters of the text model: the sum of `params` and `table_params`.
    pub total_params: f64,
    /// Parameters that work on one token, embedding and head included.
    pub active_params: f64,
    /// Parameters per tensor class.
    pub params: PerClass,
    /// Parameters of lookup tables (per-layer embeddings, n-gram memories): in memory, but a step reads only a few
    /// rows.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub table_params: f64,
    /// True if the output matrix is the embedding matrix.
    #[serde(default)]
    pub tied: bool,
    /// Number of layers.
    pub layers: f64,
    /// Hidden size.
    pub hidden: f64,
    /// Number of query heads.
    pub heads: f64,
    /// Dimension of a head.
    pub head_dim: f64,
    /// Size of the vocabulary.
    pub vocab: f64,
    /// Longest context that it was trained or released for, tokens.
    pub max_context: f64,
    /// Experts; `None` for dense models.
    #[serde(default)]
    pub moe: Option<MoeShape>,
    /// Key-value cache.
    pub kv: KvShape,
    /// Recurrent state; `None` if it has none.
    #[serde(default)]
    pub state: Option<StateShape>,
    /// The kind of attention, in words.
    pub attention: String,
    /// Formats of the release.
    pub native: String,
    /// Licence of the weights.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub license: String,
    /// Parameters in the release that decode does not read (vision tower, MTP head).
    #[serde(default)]
    pub extra_params: f64,
    /// True where the release has a head that predicts several tokens, false where it is known to have none: all published
    /// parameters are the model's own, or its source says so. `None` where that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prediction_head: Option<bool>,
    /// A remark for the reader.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Exact bytes per tensor class by the id of a mixed format, if known; other formats follow their rule of bits.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exact_bytes: Vec<(String, PerClass)>,
}

impl Model {
    /// Returns the share of the parameters that work on one token, 0..=1.
    #[must_use]
    pub fn active_share(&self) -> f64 {
        self.active_params / self.total_params
    }

    /// Returns the parameters of the routed experts that work on one token.
    #[must_use]
    pub fn active_expert_params(&self) -> f64 {
        self.moe.map_or(0.0, |moe| self.params.experts * moe.per_token / moe.experts)
    }

    /// Returns true if each layer caches one latent per token (MLA).
    fn has_latent_attention(&self) -> bool {
        self.attention.contains("MLA")
    }

    /// Returns half of the multiply-adds of attention per head and pair of tokens, in scores and values together: the
    /// head dimension, or for MLA the mean of the latent with its rotary part and the latent alone: (576 + 512) ÷ 2 for
    /// a latent of 512.
    #[must_use]
    pub fn attention_dim(&self) -> f64 {
        /// Rotary elements beside the latent, the same in all published models with MLA.
        const ROTARY: f64 = 64.0;
        if !self.has_latent_attention() || self.kv.full_layers <= 0.0 {
            return self.head_dim;
        }
        self.kv.full_elems / self.kv.full_layers - ROTARY / 2.0
    }

    /// Returns the kind of attention by which kernels differ: latent, or the head dimension, with windows or without.
    #[must_use]
    pub fn attention_class(&self) -> &'static str {
        // A custom model's head dimension is interpolated, but its kind of attention must not change with its size.
        if self.basis == Basis::Assumed {
            return "128";
        }
        let windowed = self.kv.window_layers > 0.0;
        match (self.has_latent_attention(), windowed) {
            (true, _) => "latent",
            (false, true) if self.head_dim <= 64.0 => "window-64",
            (false, true) if self.head_dim <= 128.0 => "window-128",
            (false, true) => "window-256",
            (false, false) if self.head_dim <= 64.0 => "64",
            (false, false) if self.head_dim <= 128.0 => "128",
            (false, false) => "256",
        }
    }

    /// Returns the exact bytes per tensor class in `format`; `None` if they are not known.
    #[must_use]
    pub fn bytes_in(&self, format: &str) -> Option<&PerClass> {
        self.exact_bytes.iter().find(|(id, _)| id == format).map(|(_, bytes)| bytes)
    }

    /// Returns the bytes of the lookup tables in `format`, with the bits of its input embedding.
    #[must_use]
    pub fn table_bytes(&self, format: &Format) -> f64 {
        self.table_params * format.bits.embedding / 8.0
    }

    /// Returns the mean bits per weight in `format`, scales included, over all tensors but lookup tables.
    #[must_use]
    pub fn bits_in(&self, format: &Format) -> f64 {
        let bits = self.bytes_in(&format.id).map_or_else(
            || self.params.zip(&format.bits, |params, bits| params * bits).total(),
            |bytes| bytes.total() * 8.0,
        );
        bits / self.params.total()
    }
}
