//! Building the models of a [`Family`] from their configuration, layer by layer.

use super::family::{Bias, Family, Ffn, Mixer, Window};
use super::fields::{Fields, Read};
use super::layout::{Attention, DeltaNet, Latent, Moe, QkNorm};
use crate::model_file::Shape;

/// A configuration with what its family takes for missing fields.
struct Stack<'a> {
    family: &'static Family,
    fields: Fields<'a>,
    layers: usize,
}

/// The shape of a model of `family`.
pub fn build(family: &'static Family, fields: Fields<'_>) -> Read<Shape> {
    let stack = Stack { family, fields, layers: fields.layers()? };
    let mut shape = stack.begin()?;
    if let Some(flag) = stack.unknown()? {
        return Err(format!("what `{flag}` turns on is not known"));
    }
    let latent =
        if matches!(family.mixer, Mixer::Latent | Mixer::SparseLatent) { Some(stack.latent(&shape)?) } else { None };
    let attention = if latent.is_none() { Some(stack.attention(&shape)?) } else { None };
    let delta = if family.mixer == Mixer::DeltaNet { Some(stack.delta_net()?) } else { None };
    let moe = if family.ffn == Ffn::Dense { None } else { stack.moe()? };
    for layer in 0..stack.layers {
        match (&latent, &delta, attention) {
            (Some(latent), ..) if stack.has_indexer(layer)? => shape.latent(latent),
            (Some(latent), ..) => shape.latent(&Latent { indexer: None, ..*latent }),
            (_, Some(delta), _) if stack.is_linear(layer)? => shape.delta_net(delta),
            (.., Some(attention)) => shape.attention(&Attention { window: stack.window(layer)?, ..attention }),
            (.., None) => {}
        }
        match &moe {
            Some(moe) if stack.has_experts(layer)? => shape.routed(moe),
            _ => shape.dense(stack.dense_inner()?, family.matrices, stack.is(family.mlp_bias)?),
        }
        shape.norms(family.norms, family.norm_bias);
    }
    if let Some(latent) = latent {
        shape.head_dim = fields.or("head_dim", 0.0)?.max(latent.nope + latent.rope);
    }
    shape.norms(family.norms.min(1.0), family.norm_bias);
    shape.matrices(fields.flag("tie_word_embeddings", family.tied)?);
    shape.params.head += if stack.is(family.head_bias)? { shape.vocab } else { 0.0 };
    Ok(shape)
}

impl Stack<'_> {
    fn default(&self, name: &str) -> Option<f64> {
        self.family.defaults.iter().find(|(own, _)| *own == name).map(|(_, value)| *value)
    }

    /// A number of the configuration, or what the family takes for it.
    fn number(&self, name: &str) -> Read<f64> {
        match (self.fields.maybe(name)?, self.default(name)) {
            (None, Some(value)) => Ok(value),
            _ => self.fields.number(name),
        }
    }

    fn is(&self, bias: Bias) -> Read<bool> {
        match bias {
            Bias::Never => Ok(false),
            Bias::Always => Ok(true),
            Bias::Field(name) => self.fields.flag(name, false),
            Bias::Unless(name) => self.fields.flag(name, true),
        }
    }

    /// A flag that turns on what is not known.
    fn unknown(&self) -> Read<Option<&'static str>> {
        for flag in self.family.unknown {
            if self.fields.flag(flag, false)? {
                return Ok(Some(flag));
            }
        }
        Ok(None)
    }

    /// Heads of keys and values.
    fn kv_heads(&self, heads: f64) -> Read<f64> {
        match self.fields.maybe("num_key_value_heads")?.or(self.default("num_key_value_heads")) {
            Some(own) => Ok(own),
            None if self.family.heads_alike => Ok(heads),
            None => self.number("num_key_value_heads"),
        }
    }

    fn begin(&self) -> Read<Shape> {
        let heads = self.number("num_attention_heads")?;
        let hidden = self.number("hidden_size")?;
        let head_dim = match (self.fields.maybe("head_dim")?, self.default("head_dim")) {
            (Some(own), _) => own,
            (None, Some(value)) => value,
            (None, None) => (hidden / heads).floor(),
        };
        Ok(Shape {
            layers: self.layers as f64,
            hidden,
            heads,
            head_dim,
            vocab: self.number("vocab_size")?,
            max_context: self.fields.maybe("max_position_embeddings")?.or(self.default("max_position_embeddings")),
            ..Shape::default()
        })
    }

    fn attention(&self, shape: &Shape) -> Read<Attention> {
        let family = self.family;
        let normed = family.qk_flag.map_or(Ok(true), |flag| self.fields.flag(flag, false))?;
        Ok(Attention {
            heads: shape.heads,
            kv_heads: self.kv_heads(shape.heads)?,
            head_dim: shape.head_dim,
            value_dim: shape.head_dim,
            bias: self.is(family.bias)?,
            out_bias: self.is(family.out_bias)?,
            qk_norm: if normed { family.qk_norm } else { QkNorm::None },
            gated: family.mixer == Mixer::DeltaNet,
            sinks: family.sinks,
            values_are_keys: false,
            window: None,
        })
    }

    fn latent(&self, shape: &Shape) -> Read<Latent> {
        Ok(Latent {
            heads: shape.heads,
            q_rank: self.fields.said_or_null("q_lora_rank")?,
            kv_rank: self.number("kv_lora_rank")?,
            nope: self.number("qk_nope_head_dim")?,
            rope: self.number("qk_rope_head_dim")?,
            value_dim: self.number("v_head_dim")?,
            bias: self.fields.flag("attention_bias", false)?,
            indexer: match self.family.mixer {
                Mixer::SparseLatent => Some((self.number("index_n_heads")?, self.number("index_head_dim")?)),
                _ => None,
            },
        })
    }

    /// Whether a layer has the indexer that its kind may have; one without takes the choice of the layer before.
    fn has_indexer(&self, layer: usize) -> Read<bool> {
        if self.family.mixer != Mixer::SparseLatent {
            return Ok(true);
        }
        if !self.fields.has("indexer_types") {
            let every = self.fields.or("index_topk_freq", 1.0)?;
            let whole = every <= 1.0 && self.fields.value("index_topk_pattern").is_none();
            return if whole { Ok(true) } else { Err("the field `indexer_types` is missing".to_owned()) };
        }
        let kinds = self.fields.texts("indexer_types");
        match kinds.as_ref().and_then(|kinds| kinds.get(layer).copied()) {
            Some("full") => Ok(true),
            Some("shared") => Ok(false),
            _ => Err(format!("the field `indexer_types` does not say what layer {layer} is")),
        }
    }

    fn delta_net(&self) -> Read<DeltaNet> {
        Ok(DeltaNet {
            keys: (self.number("linear_num_key_heads")?, self.number("linear_key_head_dim")?),
            values: (self.number("linear_num_value_heads")?, self.number("linear_value_head_dim")?),
            kernel: self.number("linear_conv_kernel_dim")?,
        })
    }

    /// What `layer_types` says of a layer.
    fn layer_type(&self, layer: usize) -> Read<Option<&str>> {
        let Some(value) = self.fields.value("layer_types") else { return Ok(None) };
        let kind = value.as_array().and_then(|kinds| kinds.get(layer)).and_then(|kind| kind.as_str());
        kind.map(Some).ok_or_else(|| format!("the field `layer_types` does not say what layer {layer} is"))
    }

    fn is_linear(&self, layer: usize) -> Read<bool> {
        match self.layer_type(layer)? {
            Some("linear_attention") => Ok(true),
            Some("full_attention") => Ok(false),
            Some(other) => Err(format!("layers of the type \"{other}\" are not known")),
            None => {
                let every = self.number("full_attention_interval")? as usize;
                Ok(!(layer + 1).is_multiple_of(every.max(1)))
            }
        }
    }

    /// The window of a layer, where it has one.
    fn window(&self, layer: usize) -> Read<Option<f64>> {
        // Null says that there is no window; a field that is missing says nothing.
        let own = self.fields.maybe("sliding_window")?;
        let size = if self.fields.has("sliding_window") { own } else { self.default("sliding_window") };
        let size = size.filter(|size| *size > 0.0);
        let windowed = match (self.layer_type(layer)?, self.family.window) {
            (Some("full_attention" | "attention"), _) | (None, Window::Never) => false,
            (Some("sliding_attention"), _) | (None, Window::All) => true,
            (Some(other), _) => return Err(format!("layers of the type \"{other}\" are not known")),
            (None, Window::Stated) => {
                return Err("the field `layer_types` is missing, and nothing else says it".to_owned());
            }
            (None, Window::Flagged) => self.fields.flag("use_sliding_window", false)?,
            (None, Window::Late) => {
                let first = self.fields.or("max_window_layers", 28.0)?;
                self.fields.flag("use_sliding_window", false)? && layer as f64 >= first
            }
            (None, Window::But(every)) => {
                let named = self.fields.maybe("sliding_window_pattern").ok().flatten();
                let every = named.map_or(every, |every| every as usize);
                !(layer + 1).is_multiple_of(every.max(1))
            }
        };
        Ok(size.filter(|_| windowed))
    }

    fn dense_inner(&self) -> Read<f64> {
        self.number("intermediate_size")
    }

    fn moe(&self) -> Read<Option<Moe>> {
        let (fields, family) = (self.fields, self.family);
        let experts = fields.any(&["num_experts", "n_routed_experts", "num_local_experts"]);
        let own = if family.ffn == Ffn::Everywhere { "intermediate_size" } else { "moe_intermediate_size" };
        let inner = self.number(own)?;
        let shared = match family.ffn {
            Ffn::Sparse => {
                let own = fields.maybe("shared_expert_intermediate_size")?;
                own.or(self.default("shared_expert_intermediate_size")).unwrap_or(0.0)
            }
            Ffn::AfterFirst => inner * fields.said("n_shared_experts")?,
            Ffn::Everywhere => fields.or("shared_intermediate_size", 0.0)?,
            Ffn::Dense => 0.0,
        };
        Ok(Some(Moe {
            experts: experts?,
            per_token: fields.any(&["num_experts_per_tok", "num_experts_per_token", "experts_per_token"])?,
            inner,
            latent: None,
            shared,
            shared_gate: family.ffn == Ffn::Sparse,
            matrices: family.matrices,
            bias: family.sinks,
            correction: family.correction,
        }))
    }

    fn has_experts(&self, layer: usize) -> Read<bool> {
        let fields = self.fields;
        if let Some(kinds) = fields.texts("mlp_layer_types") {
            return Ok(kinds.get(layer).is_some_and(|kind| *kind == "sparse"));
        }
        Ok(match self.family.ffn {
            Ffn::Dense => false,
            Ffn::Everywhere => true,
            Ffn::Sparse => {
                let step = fields.or("decoder_sparse_step", 1.0)?.max(1.0) as usize;
                let only = fields.numbers("mlp_only_layers").unwrap_or_default();
                !only.contains(&layer) && (layer + 1).is_multiple_of(step)
            }
            Ffn::AfterFirst => {
                let every = fields.or("moe_layer_freq", 1.0)?.max(1.0) as usize;
                layer as f64 >= fields.said("first_k_dense_replace")? && layer.is_multiple_of(every)
            }
        })
    }
}
