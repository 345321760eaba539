//! Building a model of a [`Family`] from its configuration, layer by layer.

use super::family::{Bias, Extra, Family, Ffn, Mixer, Shared, Window};
use super::fields::{Fields, Read};
use super::layout::{Attention, DeltaNet, Latent, Moe, QkNorm};
use crate::files::model_file::Shape;

/// A configuration and its family, which has values for missing fields.
struct Stack<'a> {
    family: &'static Family,
    fields: Fields<'a>,
    layers: usize,
}

/// Returns the shape of a model of `family`.
pub fn build(family: &'static Family, fields: Fields<'_>) -> Read<Shape> {
    let stack = Stack { family, fields, layers: fields.layers()? };
    for name in family.unknown {
        if fields.or(name, 0.0)? > 0.0 {
            return Err(format!("what the field `{name}` says is not known"));
        }
    }
    let mut shape = stack.begin()?;
    let attention = stack.attention(&shape)?;
    let latent = if family.mixer == Mixer::Latent { Some(stack.latent(&shape)?) } else { None };
    let delta = if family.mixer == Mixer::DeltaNet { Some(stack.delta_net()?) } else { None };
    let moe = if family.ffn == Ffn::Dense { None } else { stack.moe()? };
    let norms = stack.norms()?;
    let extra = stack.extra(&shape)?;
    for layer in 0..stack.layers {
        shape.begin_layer(layer);
        match (&latent, &delta) {
            (Some(latent), _) => shape.latent(&Latent { indexer: stack.indexer(layer)?, ..*latent }),
            (_, Some(delta)) if stack.is_linear(layer)? => shape.delta_net(delta),
            _ => shape.attention(&Attention { window: stack.window(layer)?, ..attention }),
        }
        match &moe {
            Some(moe) if stack.has_experts(layer)? => shape.routed(moe),
            _ => shape.dense(stack.dense_inner()?, family.matrices, stack.is(family.mlp_bias)?),
        }
        shape.norms(norms, family.norm_bias);
        match family.extra {
            Extra::Gate | Extra::SquareOutput => shape.params.attention += extra,
            _ => shape.params.norm += extra,
        }
    }
    if let Some(latent) = latent {
        shape.head_dim = fields.or("head_dim", 0.0)?.max(latent.nope + latent.rope);
    }
    shape.norms(norms.min(1.0), family.norm_bias);
    shape.matrices(fields.flag("tie_word_embeddings", family.tied)?);
    shape.params.head += if stack.is(family.head_bias)? { shape.vocab } else { 0.0 };
    Ok(shape)
}

impl Stack<'_> {
    fn default(&self, name: &str) -> Option<f64> {
        self.family.defaults.iter().find(|(own, _)| *own == name).map(|(_, value)| *value)
    }

    /// Returns a number of the configuration, or the family's value if the field is missing.
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
        let kv_heads = self.fields.maybe("num_key_value_heads")?.or(self.default("num_key_value_heads"));
        let normed = family.qk_flag.map_or(Ok(true), |(flag, missing)| self.fields.flag(flag, missing))?;
        Ok(Attention {
            heads: shape.heads,
            kv_heads: kv_heads.unwrap_or(shape.heads),
            head_dim: shape.head_dim,
            value_dim: shape.head_dim,
            bias: self.is(family.bias)?,
            out_bias: self.is(family.out_bias)?,
            qk_norm: if normed { family.qk_norm } else { QkNorm::None },
            gated: family.gated,
            sinks: family.sinks,
            values_are_keys: false,
            window: None,
        })
    }

    fn latent(&self, shape: &Shape) -> Read<Latent> {
        Ok(Latent {
            heads: shape.heads,
            q_rank: self.fields.maybe("q_lora_rank")?,
            kv_rank: self.number("kv_lora_rank")?,
            nope: self.number("qk_nope_head_dim")?,
            rope: self.number("qk_rope_head_dim")?,
            value_dim: self.number("v_head_dim")?,
            bias: self.fields.flag("attention_bias", false)?,
            indexer: None,
            read_tokens: if self.family.indexer { self.fields.or("index_topk", 2048.0)? } else { 0.0 },
        })
    }

    /// Returns the number and the dimension of the indexer's heads in a layer.
    ///
    /// `None` if the layer has no indexer or uses the tokens that the indexer of an earlier layer selected.
    fn indexer(&self, layer: usize) -> Read<Option<(f64, f64)>> {
        if !self.family.indexer {
            return Ok(None);
        }
        match self.fields.texts("indexer_types").map(|types| types.get(layer).copied()) {
            Some(Some("shared")) => Ok(None),
            None | Some(Some("full")) => Ok(Some((self.number("index_n_heads")?, self.number("index_head_dim")?))),
            Some(_) => Err(format!("the field `indexer_types` does not say what layer {layer} is")),
        }
    }

    /// Returns the number of norms per layer.
    fn norms(&self) -> Read<f64> {
        let parallel = self.family.parallel.map_or(Ok(false), |flag| self.fields.flag(flag, false))?;
        Ok(self.family.norms - f64::from(u8::from(parallel)))
    }

    /// Returns the parameters of a layer that [`Extra`] describes.
    fn extra(&self, shape: &Shape) -> Read<f64> {
        Ok(match self.family.extra {
            Extra::Activation(params) => params,
            Extra::Gate => shape.hidden * shape.heads * shape.head_dim,
            Extra::SquareOutput => shape.hidden * (shape.hidden - shape.heads * shape.head_dim),
            Extra::Within => shape.hidden + self.dense_inner()?,
            Extra::Norms(flag) if self.fields.flag(flag, false)? => 2.0 * shape.hidden,
            Extra::None | Extra::Norms(_) => 0.0,
        })
    }

    fn delta_net(&self) -> Read<DeltaNet> {
        Ok(DeltaNet {
            keys: (self.number("linear_num_key_heads")?, self.number("linear_key_head_dim")?),
            values: (self.number("linear_num_value_heads")?, self.number("linear_value_head_dim")?),
            kernel: self.number("linear_conv_kernel_dim")?,
        })
    }

    /// Returns the entry of `layer_types` for a layer; `None` if there is no such list.
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

    /// Returns the window of a layer in tokens; `None` if the layer attends to the whole context.
    fn window(&self, layer: usize) -> Read<Option<f64>> {
        let size = self.fields.maybe("sliding_window")?.or(self.default("sliding_window")).filter(|size| *size > 0.0);
        let windowed = match (self.layer_type(layer)?, self.family.window) {
            (Some("full_attention" | "attention" | "indexed_attention"), _) | (None, Window::Never) => false,
            (Some("sliding_attention"), _) | (None, Window::All) => true,
            (Some(other), _) => return Err(format!("layers of the type \"{other}\" are not known")),
            (None, Window::Late) => {
                let first = self.fields.or("max_window_layers", 28.0)?;
                self.fields.flag("use_sliding_window", false)? && layer as f64 >= first
            }
            (None, Window::But(every)) => {
                let named = self.fields.maybe("sliding_window_pattern").ok().flatten();
                let named = named.or(self.fields.maybe("global_attn_every_n_layers")?);
                let every = named.map_or(every, |every| every as usize);
                !(layer + 1).is_multiple_of(every.max(1))
            }
            (None, Window::Flagged) => self.fields.flag("use_sliding_window", false)?,
            (None, Window::ButFirst(of)) => !layer.is_multiple_of(of),
        };
        Ok(size.filter(|_| windowed))
    }

    fn dense_inner(&self) -> Read<f64> {
        self.number("intermediate_size")
    }

    fn moe(&self) -> Read<Option<Moe>> {
        let (fields, family) = (self.fields, self.family);
        let experts = fields.any(&["num_experts", "n_routed_experts", "num_local_experts", "moe_num_experts"]);
        let of_their_own = matches!(family.ffn, Ffn::Sparse | Ffn::AfterFirst | Ffn::Between);
        let own = fields.maybe("moe_intermediate_size")?.filter(|_| of_their_own);
        let inner = own.map_or_else(|| self.number("intermediate_size"), Ok)?;
        let first = |names: &[&str]| -> Read<f64> {
            for name in names {
                if let Some(number) = fields.maybe(name)? {
                    return Ok(number);
                }
            }
            Ok(0.0)
        };
        let shared = match family.ffn {
            Ffn::Sparse => fields.or("shared_expert_intermediate_size", 0.0)?,
            Ffn::EverywhereShared => fields.or("shared_intermediate_size", 0.0)?,
            Ffn::AfterFirst | Ffn::Between => {
                inner * first(&["n_shared_experts", "num_shared_experts", "moe_num_shared_experts"])?
            }
            Ffn::EverywhereAnd(Shared::One) => inner,
            Ffn::EverywhereAnd(Shared::Field(name)) => inner * fields.number(name)?,
            Ffn::Dense | Ffn::Everywhere => 0.0,
        };
        if shared > 0.0 && self.is(family.mlp_bias)? {
            return Err("shared experts with biases are not known".to_owned());
        }
        let per_token = ["num_experts_per_tok", "num_experts_per_token", "experts_per_token", "moe_topk", "moe_k"];
        Ok(Some(Moe {
            experts: experts?,
            per_token: fields.any(&per_token)?,
            inner,
            latent: None,
            shared,
            shared_gate: family.ffn == Ffn::Sparse,
            matrices: family.matrices,
            bias: family.expert_bias,
            correction: family.correction,
            beside: false,
        }))
    }

    fn has_experts(&self, layer: usize) -> Read<bool> {
        let fields = self.fields;
        if let Some(kinds) = fields.texts("mlp_layer_types") {
            return Ok(kinds.get(layer).is_some_and(|kind| *kind == "sparse"));
        }
        Ok(match self.family.ffn {
            Ffn::Dense => false,
            Ffn::Everywhere | Ffn::EverywhereShared | Ffn::EverywhereAnd(_) => true,
            Ffn::Sparse => {
                let step = fields.or("decoder_sparse_step", 1.0)?.max(1.0) as usize;
                let only = fields.numbers("mlp_only_layers").unwrap_or_default();
                !only.contains(&layer) && (layer + 1).is_multiple_of(step)
            }
            Ffn::AfterFirst => {
                let every = fields.or("moe_layer_freq", 1.0)?.max(1.0) as usize;
                let missing = self.default("first_k_dense_replace").unwrap_or(0.0);
                let first = fields.maybe("first_k_dense_replace")?.or(fields.maybe("num_dense_layers")?);
                layer as f64 >= first.unwrap_or(missing) && layer.is_multiple_of(every)
            }
            Ffn::Between => {
                let every = fields.or("moe_layer_interval", 1.0)?.max(1.0) as usize;
                let (start, end) = (fields.number("moe_layer_start_index")?, fields.maybe("moe_layer_end_index")?);
                let within = layer as f64 >= start && end.is_none_or(|end| layer as f64 <= end);
                within && (layer + 1).is_multiple_of(every)
            }
        })
    }
}
