//! Models whose layers have different mixers, each with its own rule, such as Granite, Falcon-H1, Kimi Linear and LFM2.

use super::fields::{Fields, Read};
use super::layout::{Attention, Latent, Mamba2, Moe, QkNorm};
use super::mamba::{jamba, mamba, mamba2};
use super::nemotron::nemotron_h;
use crate::files::model_file::Shape;

/// Returns the shape of a model of one of these types; `None` for any other type.
pub fn build(model_type: &str, fields: Fields<'_>) -> Option<Read<Shape>> {
    Some(match model_type {
        "nemotron_h" => nemotron_h(fields),
        "mamba" | "falcon_mamba" => mamba(fields),
        "mamba2" => mamba2(fields),
        "jamba" => jamba(fields),
        "bamba" | "granitemoehybrid" => granite_hybrid(model_type, fields),
        "falcon_h1" => falcon_h1(fields),
        "kimi_linear" => kimi_linear(fields),
        "lfm2" => lfm2(fields),
        "lfm2_moe" => lfm2_moe(fields),
        "minimax" => minimax(fields),
        "recurrent_gemma" => recurrent_gemma(fields),
        "rwkv" => rwkv(fields),
        "rwkv7" => rwkv7(fields),
        _ => return None,
    })
}

/// Returns a shape with the sizes that all of these models have.
pub(super) fn begin(fields: Fields<'_>, heads: f64, head_dim: f64) -> Read<Shape> {
    Ok(Shape {
        // Nemotron-H states its number of layers only by the list of their kinds.
        layers: fields.layers().unwrap_or(0) as f64,
        hidden: fields.any(&["hidden_size", "d_model"])?,
        heads,
        head_dim,
        vocab: fields.number("vocab_size")?,
        max_context: fields.maybe("max_position_embeddings")?,
        ..Shape::default()
    })
}

/// Returns a shape with the heads of attention, and attention as [`Attention::plain`] makes it.
pub(super) fn with_attention(fields: Fields<'_>) -> Read<(Shape, Attention)> {
    let (heads, hidden) = (fields.number("num_attention_heads")?, fields.number("hidden_size")?);
    let head_dim = fields.maybe("head_dim")?.unwrap_or((hidden / heads).floor());
    let attention = Attention::plain(fields, heads, head_dim)?;
    Ok((begin(fields, heads, head_dim)?, attention))
}

/// Returns a Mamba-2 mixer from the fields that Bamba, Granite and Falcon-H1 share.
fn mamba_of(fields: Fields<'_>, inner: f64) -> Read<Mamba2> {
    let heads = fields.or("mamba_n_heads", 128.0)?;
    let dim = match fields.text("mamba_d_head") {
        Some(_) => (inner / heads).floor(),
        None => fields.or("mamba_d_head", (inner / heads).floor())?,
    };
    Ok(Mamba2 {
        heads: (heads, dim),
        groups: fields.or("mamba_n_groups", 1.0)?,
        state: fields.or("mamba_d_state", 256.0)?,
        kernel: fields.or("mamba_d_conv", 4.0)?,
        conv_bias: fields.flag("mamba_conv_bias", true)?,
        bias: fields.flag("mamba_proj_bias", false)?,
        out_bias: fields.flag("mamba_proj_bias", false)?,
        norm: true,
    })
}

fn granite_hybrid(model_type: &str, fields: Fields<'_>) -> Read<Shape> {
    let (mut shape, attention) = with_attention(fields)?;
    let mamba = mamba_of(fields, fields.or("mamba_expand", 2.0)? * shape.hidden)?;
    let named = fields.texts("layer_types").or_else(|| fields.texts("layers_block_type"));
    let places = fields.numbers("attn_layer_indices");
    let granite = model_type == "granitemoehybrid";
    let experts = if granite { fields.or("num_local_experts", 0.0)? } else { 0.0 };
    let shared = fields.or("shared_intermediate_size", 0.0)?;
    for layer in 0..fields.layers()? {
        shape.begin_layer(layer);
        let attends = match (&named, &places) {
            (Some(named), _) => match named.get(layer) {
                Some(&("attention" | "full_attention")) => true,
                Some(&("mamba" | "linear_attention")) => false,
                _ => return Err(format!("the field `layer_types` does not say what layer {layer} is")),
            },
            (None, Some(places)) => places.contains(&layer),
            // A Bamba configuration without layer numbers has no attention layers.
            (None, None) if !granite => false,
            (None, None) => return Err("no field says which layers have attention".to_owned()),
        };
        if attends {
            shape.attention(&attention);
        } else {
            shape.mamba2(&mamba);
        }
        if experts > 0.0 {
            shape.routed(&Moe {
                experts,
                per_token: fields.number("num_experts_per_tok")?,
                inner: fields.number("intermediate_size")?,
                latent: None,
                shared,
                shared_gate: false,
                matrices: 3.0,
                bias: false,
                correction: false,
                beside: false,
            });
        } else if granite {
            shape.dense(shared, 3.0, false);
        } else {
            shape.dense(fields.number("intermediate_size")?, 3.0, fields.flag("mlp_bias", false)?);
        }
        shape.norms(2.0, false);
    }
    shape.norms(1.0, false);
    shape.matrices(fields.flag("tie_word_embeddings", false)?);
    Ok(shape)
}

fn falcon_h1(fields: Fields<'_>) -> Read<Shape> {
    let (mut shape, attention) = with_attention(fields)?;
    let inner = fields.or("mamba_d_ssm", fields.or("mamba_expand", 2.0)? * shape.hidden)?;
    let norm = fields.flag("mamba_rms_norm", false)?;
    let out_bias = fields.flag("projectors_bias", false)?;
    let mamba = Mamba2 { out_bias, norm, ..mamba_of(fields, inner)? };
    for layer in 0..fields.layers()? {
        shape.begin_layer(layer);
        shape.attention(&attention);
        shape.mamba2(&mamba);
        shape.dense(fields.number("intermediate_size")?, 3.0, fields.flag("mlp_bias", false)?);
        shape.norms(2.0, false);
    }
    shape.norms(1.0, false);
    shape.matrices(fields.flag("tie_word_embeddings", false)?);
    Ok(shape)
}

fn kimi_linear(fields: Fields<'_>) -> Read<Shape> {
    let mut shape = begin(fields, fields.number("num_attention_heads")?, 0.0)?;
    let linear = fields.object("linear_attn_config");
    let of = |own: &str, flat: &str, otherwise: f64| match linear {
        Some(linear) => linear.or(own, otherwise),
        None => fields.or(flat, otherwise),
    };
    let full_rank = linear.map_or(Ok(false), |linear| linear.flag("use_full_rank_gate", false))?;
    if full_rank {
        return Err("delta attention with gates of full rank is not known".to_owned());
    }
    let (heads, dim) = (of("num_heads", "linear_num_heads", 32.0)?, of("head_dim", "linear_head_dim", 128.0)?);
    let kernel = of("short_conv_kernel_size", "linear_conv_kernel_dim", 4.0)?;
    let latent = Latent {
        heads: shape.heads,
        q_rank: fields.maybe("q_lora_rank")?,
        kv_rank: fields.number("kv_lora_rank")?,
        nope: fields.number("qk_nope_head_dim")?,
        rope: fields.number("qk_rope_head_dim")?,
        value_dim: fields.number("v_head_dim")?,
        bias: fields.flag("attention_bias", false)?,
        indexer: None,
        read_tokens: 0.0,
    };
    shape.head_dim = latent.nope + latent.rope;
    shape.max_context = shape.max_context.or(fields.maybe("model_max_length")?);
    let inner = fields.number("moe_intermediate_size")?;
    let moe = Moe {
        experts: fields.any(&["num_experts", "num_local_experts"])?,
        per_token: fields.any(&["num_experts_per_token", "num_experts_per_tok"])?,
        inner,
        latent: None,
        shared: inner * fields.any(&["num_shared_experts", "n_shared_experts"]).unwrap_or(0.0),
        shared_gate: false,
        matrices: 3.0,
        bias: false,
        correction: true,
        beside: false,
    };
    // The published configuration numbers its layers from 1.
    let full = linear.and_then(|linear| linear.numbers("full_attn_layers"));
    let named = fields.texts("layer_types");
    for layer in 0..fields.layers()? {
        shape.begin_layer(layer);
        let attends = match (&full, &named) {
            (Some(full), _) => full.contains(&(layer + 1)),
            (None, Some(named)) => named.get(layer).is_some_and(|kind| *kind == "full_attention"),
            (None, None) => return Err("no field says which layers have attention".to_owned()),
        };
        if attends {
            shape.latent(&latent);
        } else {
            shape.kimi_delta(heads, dim, kernel, false);
        }
        if layer as f64 >= fields.or("first_k_dense_replace", 1.0)? {
            shape.routed(&moe);
        } else {
            shape.dense(fields.number("intermediate_size")?, 3.0, false);
        }
        shape.norms(2.0, false);
    }
    shape.norms(1.0, false);
    shape.matrices(false);
    Ok(shape)
}

/// Returns one flag per layer: true if it is an attention layer by `layer_types` or by the layer numbers in the field
/// `places`.
fn attending(fields: Fields<'_>, places: &str) -> Read<Vec<bool>> {
    let (named, places) = (fields.texts("layer_types"), fields.numbers(places));
    let attends = |layer: usize| match (&named, &places) {
        (Some(named), _) => match named.get(layer) {
            Some(&("full_attention" | "attention")) => Ok(true),
            Some(&("conv" | "linear_attention" | "mamba")) => Ok(false),
            _ => Err(format!("the field `layer_types` does not say what layer {layer} is")),
        },
        (None, Some(places)) => Ok(places.contains(&layer)),
        (None, None) => Err("no field says which layers have attention".to_owned()),
    };
    (0..fields.layers()?).map(attends).collect()
}

fn lfm2(fields: Fields<'_>) -> Read<Shape> {
    let mut inner = fields.any(&["block_ff_dim", "intermediate_size"])?;
    if fields.flag("block_auto_adjust_ff_dim", true)? {
        let multiple = fields.or("block_multiple_of", 256.0)?.max(1.0);
        let factor = fields.value("block_ffn_dim_multiplier").and_then(serde_json::Value::as_f64).unwrap_or(1.0);
        inner = multiple * ((factor * (2.0 * inner / 3.0).floor()).floor() / multiple).ceil();
    }
    lfm2_of(fields, inner, None)
}

fn lfm2_moe(fields: Fields<'_>) -> Read<Shape> {
    let moe = Moe::plain(
        fields.number("num_experts")?,
        fields.number("num_experts_per_tok")?,
        fields.number("moe_intermediate_size")?,
    );
    let moe = Moe { correction: fields.flag("use_expert_bias", true)?, ..moe };
    lfm2_of(fields, fields.number("intermediate_size")?, Some((fields.or("num_dense_layers", 2.0)?, moe)))
}

/// Returns LFM2 with dense parts of `inner` channels; `experts` is the first layer with experts and their sizes.
fn lfm2_of(fields: Fields<'_>, inner: f64, experts: Option<(f64, Moe)>) -> Read<Shape> {
    let (mut shape, attention) = with_attention(fields)?;
    let attention = Attention { qk_norm: QkNorm::PerHead, ..attention };
    let (kernel, bias) = (fields.or("conv_L_cache", 3.0)?, fields.flag("conv_bias", false)?);
    for (layer, attends) in attending(fields, "full_attn_idxs")?.into_iter().enumerate() {
        shape.begin_layer(layer);
        if attends {
            shape.attention(&attention);
        } else {
            shape.short_conv(kernel, bias);
        }
        match &experts {
            Some((first, moe)) if layer as f64 >= *first => shape.routed(moe),
            _ => shape.dense(inner, 3.0, false),
        }
        shape.norms(2.0, false);
    }
    shape.norms(1.0, false);
    shape.matrices(fields.flag("tie_embedding", fields.flag("tie_word_embeddings", true)?)?);
    Ok(shape)
}

fn minimax(fields: Fields<'_>) -> Read<Shape> {
    let (mut shape, attention) = with_attention(fields)?;
    let inner = fields.number("intermediate_size")?;
    let moe = Moe::plain(fields.number("num_local_experts")?, fields.number("num_experts_per_tok")?, inner);
    // The first configurations write numbers for the kinds; 1 is attention.
    let kinds = fields.numbers("attn_type_list");
    let attends = match &kinds {
        Some(kinds) if kinds.len() >= fields.layers()? => kinds.iter().map(|kind| *kind == 1).collect(),
        _ => attending(fields, "full_attention_layers")?,
    };
    for (layer, attends) in attends.into_iter().take(fields.layers()?).enumerate() {
        shape.begin_layer(layer);
        if attends {
            shape.attention(&Attention { bias: false, out_bias: false, ..attention });
        } else {
            shape.lightning(attention.heads, attention.head_dim);
        }
        shape.routed(&moe);
        shape.norms(2.0, false);
    }
    shape.norms(1.0, false);
    shape.matrices(fields.flag("tie_word_embeddings", false)?);
    Ok(shape)
}

fn recurrent_gemma(fields: Fields<'_>) -> Read<Shape> {
    let (mut shape, attention) = with_attention(fields)?;
    let width = fields.or("lru_width", shape.hidden)?;
    let kinds = fields.texts("block_types").or_else(|| fields.texts("_block_types"));
    let kinds = kinds.filter(|kinds| !kinds.is_empty()).ok_or("no field says which layers have attention")?;
    let window = Some(fields.or("attention_window_size", 2048.0)?);
    let inner = (fields.number("intermediate_size")? / 2.0).floor();
    for layer in 0..fields.layers()? {
        shape.begin_layer(layer);
        match kinds.get(layer % kinds.len()) {
            Some(&"attention") => shape.attention(&Attention { window, out_bias: true, ..attention }),
            Some(&"recurrent") => shape.recurrent_unit(attention.heads, width, fields.or("conv1d_width", 4.0)?),
            _ => return Err("the field `block_types` has other kinds than recurrent and attention".to_owned()),
        }
        shape.dense(inner, 3.0, true);
        shape.norms(2.0, false);
    }
    shape.norms(1.0, false);
    shape.matrices(fields.flag("tie_word_embeddings", true)?);
    Ok(shape)
}

fn rwkv(fields: Fields<'_>) -> Read<Shape> {
    let mut shape = begin(fields, 0.0, 0.0)?;
    let hidden = shape.hidden;
    let width = fields.or("attention_hidden_size", hidden)?;
    let inner = fields.or("intermediate_size", 4.0 * hidden)?;
    for layer in 0..fields.layers()? {
        shape.begin_layer(layer);
        shape.rwkv(width);
        // Key and value matrices of the channel mix, its gate, and the weights of the previous token.
        shape.params.dense_ffn += 2.0 * hidden * inner + hidden * hidden + 2.0 * hidden;
        shape.norms(2.0, true);
    }
    shape.norms(2.0, true);
    shape.max_context = fields.maybe("context_length")?;
    shape.matrices(fields.flag("tie_word_embeddings", false)?);
    Ok(shape)
}

/// Returns the shape of RWKV-7 from the fields of the flash-linear-attention library.
///
/// The number of parameters is 2DV + 4D + LD(12D + 2(w + a + v + g) + 19) - 2Dv - D (arXiv 2503.14456, appendix).
fn rwkv7(fields: Fields<'_>) -> Read<Shape> {
    if fields.value("attn").is_some() {
        return Err("RWKV-7 with layers of attention (the field `attn`) is not known".to_owned());
    }
    if !fields.flag("norm_first", true)? || !fields.flag("norm_bias", true)? {
        return Err("RWKV-7 without a first norm or without biases of norms is not known".to_owned());
    }
    let mut shape = begin(fields, 0.0, 0.0)?;
    let hidden = shape.hidden;
    let head_dim = fields.number("head_dim")?;
    let widths = fields.maybe("value_dim")?.into_iter().chain(fields.maybe("attention_hidden_size")?);
    if widths.into_iter().any(|width| width.total_cmp(&hidden).is_ne()) {
        return Err("values that are not as wide as the hidden size are not known".to_owned());
    }
    let inner = match fields.maybe("intermediate_size")? {
        Some(inner) => inner,
        None => fields.number("hidden_ratio")? * hidden,
    };
    let [decay, rate, value, gate] = ["decay", "a", "v", "gate"].map(|name| format!("{name}_low_rank_dim"));
    let (decay, rate) = (fields.number(&decay)?, fields.number(&rate)?);
    let (value, gate) = (fields.number(&value)?, fields.number(&gate)?);
    for layer in 0..fields.layers()? {
        shape.begin_layer(layer);
        shape.rwkv7(head_dim, [decay, rate, if layer == 0 { 0.0 } else { value }, gate]);
        shape.dense(inner, 2.0, false);
        // The channel mix has one weight per channel for the previous token.
        shape.params.dense_ffn += hidden;
        shape.norms(2.0, true);
    }
    // One norm is after the embedding and one after the last layer.
    shape.norms(2.0, true);
    shape.matrices(fields.flag("tie_word_embeddings", false)?);
    Ok(shape)
}
