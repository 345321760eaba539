//! Models whose attention layers differ in more than a window: Llama 4 and Gemma 4.

use super::fields::{Fields, Read};
use super::layout::{Attention, Moe, QkNorm};
use crate::model_file::Shape;

/// The shape of a model of one of these types; `None` for any other.
pub fn build(model_type: &str, fields: Fields<'_>) -> Option<Read<Shape>> {
    Some(match model_type {
        "llama4_text" => llama4(fields),
        "gemma4_text" => gemma4(fields),
        _ => return None,
    })
}

fn begin(fields: Fields<'_>, head_dim: f64) -> Read<(Shape, Attention)> {
    let heads = fields.number("num_attention_heads")?;
    let shape = Shape {
        layers: fields.layers()? as f64,
        hidden: fields.number("hidden_size")?,
        heads,
        head_dim,
        vocab: fields.number("vocab_size")?,
        max_context: fields.maybe("max_position_embeddings")?,
        ..Shape::default()
    };
    let attention = Attention::plain(fields, heads, head_dim)?;
    Ok((shape, attention))
}

/// What `layer_types` says of each layer; `window` where it says nothing.
fn windowed(fields: Fields<'_>, layers: usize, window: impl Fn(usize) -> bool) -> Read<Vec<bool>> {
    let Some(named) = fields.texts("layer_types") else { return Ok((0..layers).map(window).collect()) };
    if named.len() < layers {
        return Err("the field `layer_types` does not say what every layer is".to_owned());
    }
    let kind = |name: &&str| match *name {
        "full_attention" => Ok(false),
        "sliding_attention" | "chunked_attention" => Ok(true),
        other => Err(format!("layers of the type \"{other}\" are not known")),
    };
    named.iter().take(layers).map(kind).collect()
}

fn llama4(fields: Fields<'_>) -> Read<Shape> {
    let (mut shape, attention) = begin(fields, fields.or("head_dim", 128.0)?)?;
    let layers = fields.layers()?;
    let chunk = fields.or("attention_chunk_size", 8192.0)?;
    let rotated = fields.numbers("no_rope_layers").filter(|list| list.len() == layers);
    let chunked = windowed(fields, layers, |layer| match &rotated {
        Some(list) => list.get(layer).is_some_and(|flag| *flag == 1),
        None => !(layer + 1).is_multiple_of(4),
    })?;
    let step = fields.or("interleave_moe_layer_step", 1.0)?.max(1.0) as usize;
    let places = fields.numbers("moe_layers").filter(|places| !places.is_empty());
    let inner = fields.number("intermediate_size")?;
    let moe = Moe {
        experts: fields.number("num_local_experts")?,
        per_token: fields.number("num_experts_per_tok")?,
        inner,
        latent: None,
        shared: inner,
        shared_gate: false,
        matrices: 3.0,
        bias: false,
        correction: false,
    };
    for layer in 0..layers {
        let window = chunked.get(layer).is_some_and(|chunked| *chunked).then_some(chunk);
        shape.attention(&Attention { window, ..attention });
        let routed = places.as_ref().map_or_else(|| (layer + 1).is_multiple_of(step), |places| places.contains(&layer));
        if routed {
            shape.routed(&moe);
        } else {
            shape.dense(fields.or("intermediate_size_mlp", 16384.0)?, 3.0, false);
        }
        shape.norms(2.0, false);
    }
    shape.norms(1.0, false);
    shape.matrices(fields.flag("tie_word_embeddings", false)?);
    Ok(shape)
}

fn gemma4(fields: Fields<'_>) -> Read<Shape> {
    if fields.or("num_kv_shared_layers", 0.0)? > 0.0 || fields.or("hidden_size_per_layer_input", 256.0)? > 0.0 {
        return Err("Gemma 4 with an embedding per layer and layers that share a cache is not known".to_owned());
    }
    let (mut shape, local) = begin(fields, fields.or("head_dim", 256.0)?)?;
    let local = Attention { qk_norm: QkNorm::PerHead, window: Some(fields.or("sliding_window", 512.0)?), ..local };
    let head_dim = fields.or("global_head_dim", 512.0)?;
    let values_are_keys = fields.flag("attention_k_eq_v", false)?;
    let own = fields.maybe("num_global_key_value_heads")?.filter(|_| values_are_keys);
    let kv_heads = own.unwrap_or(local.kv_heads);
    let global = Attention { kv_heads, head_dim, value_dim: head_dim, values_are_keys, window: None, ..local };
    let moe = if fields.flag("enable_moe_block", false)? { Some(gemma4_experts(fields)?) } else { None };
    let layers = fields.layers()?;
    let local_layers = windowed(fields, layers, |layer| !(layer + 1).is_multiple_of(6))?;
    for is_local in local_layers {
        shape.attention(if is_local { &local } else { &global });
        shape.dense(fields.number("intermediate_size")?, 3.0, false);
        // A learnt scale of the layer stands with its norms.
        shape.norms(4.0, false);
        shape.params.norm += 1.0;
        if let Some(moe) = &moe {
            shape.routed(moe);
            shape.norms(3.0, false);
            shape.params.router += shape.hidden + moe.experts;
        }
    }
    shape.norms(1.0, false);
    shape.matrices(fields.flag("tie_word_embeddings", true)?);
    Ok(shape)
}

fn gemma4_experts(fields: Fields<'_>) -> Read<Moe> {
    Ok(Moe::plain(
        fields.number("num_experts")?,
        fields.any(&["top_k_experts", "num_experts_per_tok"])?,
        fields.any(&["moe_intermediate_size", "expert_intermediate_size"])?,
    ))
}
