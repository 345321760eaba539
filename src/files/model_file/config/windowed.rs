//! Models whose windowed and full attention layers differ in more than the window: Llama 4, Gemma 3n, Gemma 4.

use super::fields::{Fields, Read};
use super::layout::{Attention, Moe, QkNorm};
use crate::files::model_file::Shape;

/// Returns the shape of a model of one of these types; `None` for any other type.
pub fn build(model_type: &str, fields: Fields<'_>) -> Option<Read<Shape>> {
    Some(match model_type {
        "llama4_text" => llama4(fields),
        "gemma3n_text" => gemma3n(fields),
        "gemma4_text" => gemma4(fields, None),
        "gemma4_unified_text" => gemma4(fields, Some(0.0)),
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

/// Returns one flag per layer: true if it attends to a window, by `layer_types` or, if that is missing, by `window`.
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
        beside: false,
    };
    for layer in 0..layers {
        shape.begin_layer(layer);
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

/// Adds the input per layer: matrices in each layer, and a table with one vector per token and layer.
///
/// Decoding reads one row of the table, so the table counts as embedding and the token embeddings as the head.
fn per_layer_input(shape: &mut Shape, fields: Fields<'_>, size: f64) -> Read<()> {
    let (layers, hidden) = (shape.layers, shape.hidden);
    shape.params.dense_ffn += 2.0 * layers * hidden * size + hidden * layers * size;
    shape.params.norm += layers * hidden + size;
    shape.lookup_table(fields.or("vocab_size_per_layer_input", 262_144.0)? * layers * size);
    Ok(())
}

/// Returns the channels of each layer's feed-forward part; the field holds one number or one per layer.
fn channels(fields: Fields<'_>, layers: usize) -> Read<Vec<f64>> {
    match fields.numbers("intermediate_size") {
        Some(each) if each.len() >= layers => Ok(each.into_iter().map(|channels| channels as f64).collect()),
        Some(_) => Err("the field `intermediate_size` does not say what every layer has".to_owned()),
        None => Ok(vec![fields.number("intermediate_size")?; layers]),
    }
}

fn gemma3n(fields: Fields<'_>) -> Read<Shape> {
    let (mut shape, local) = begin(fields, fields.or("head_dim", 256.0)?)?;
    let local = Attention { qk_norm: QkNorm::PerHead, window: Some(fields.or("sliding_window", 512.0)?), ..local };
    let (layers, hidden) = (fields.layers()?, shape.hidden);
    let (inputs, rank) = (fields.or("altup_num_inputs", 4.0)?, fields.or("laurel_rank", 64.0)?);
    let own_cache = layers as f64 - fields.or("num_kv_shared_layers", 15.0)?;
    let channels = channels(fields, layers)?;
    let locals = windowed(fields, layers, |layer| !(layer + 1).is_multiple_of(5))?;
    for (layer, (is_local, inner)) in locals.into_iter().zip(channels).enumerate() {
        shape.begin_layer(layer);
        let attention = Attention { window: local.window.filter(|_| is_local), ..local };
        if (layer as f64) < own_cache {
            shape.attention(&attention);
        } else {
            shape.queries_alone(&attention);
        }
        shape.dense(inner, 3.0, false);
        // Prediction and correction of the streams of the hidden state, and a residual matrix of low rank.
        shape.params.dense_ffn += inputs * inputs + inputs * inputs * inputs + inputs * hidden + 2.0 * hidden * rank;
        shape.norms(7.0, false);
    }
    shape.params.dense_ffn += 2.0 * (inputs - 1.0) * hidden * hidden;
    shape.norms(1.0, false);
    shape.matrices(fields.flag("tie_word_embeddings", true)?);
    per_layer_input(&mut shape, fields, fields.or("hidden_size_per_layer_input", 256.0)?)?;
    Ok(shape)
}

/// Returns Gemma 4; `otherwise` is the size of the input per layer if the configuration does not state it.
fn gemma4(fields: Fields<'_>, otherwise: Option<f64>) -> Read<Shape> {
    let (mut shape, local) = begin(fields, fields.or("head_dim", 256.0)?)?;
    let local = Attention { qk_norm: QkNorm::PerHead, window: Some(fields.or("sliding_window", 512.0)?), ..local };
    let values_are_keys = fields.flag("attention_k_eq_v", false)?;
    let own = fields.maybe("num_global_key_value_heads")?.filter(|_| values_are_keys);
    let layers = fields.layers()?;
    let local_layers = windowed(fields, layers, |layer| !(layer + 1).is_multiple_of(6))?;
    let moe = if fields.flag("enable_moe_block", false)? { Some(gemma4_experts(fields)?) } else { None };
    let own_cache = layers as f64 - fields.or("num_kv_shared_layers", 0.0)?;
    let wide = fields.flag("use_double_wide_mlp", false)?;
    let each = fields.object("per_layer_config");
    for (layer, is_local) in local_layers.into_iter().enumerate() {
        shape.begin_layer(layer);
        // Later releases of the library state the sizes of single layers under the layer's number.
        let of_layer = each.and_then(|each| each.object(&layer.to_string()));
        let head_dim = match (of_layer, is_local) {
            (Some(own), _) => own.or("head_dim", local.head_dim)?,
            (None, true) => local.head_dim,
            (None, false) => fields.or("global_head_dim", 512.0)?,
        };
        let attention = if is_local {
            Attention { head_dim, value_dim: head_dim, ..local }
        } else {
            let kv_heads = own.unwrap_or(local.kv_heads);
            Attention { kv_heads, head_dim, value_dim: head_dim, values_are_keys, window: None, ..local }
        };
        let shares = layer as f64 >= own_cache;
        if shares {
            shape.queries_alone(&attention);
        } else {
            shape.attention(&attention);
        }
        let inner = fields.number("intermediate_size")?;
        shape.dense(if wide && shares { 2.0 * inner } else { inner }, 3.0, false);
        // The layer's learnt scale is one parameter and counts with its norms.
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
    let size = fields.maybe("hidden_size_per_layer_input")?.or(otherwise);
    let size = size.ok_or("the field `hidden_size_per_layer_input` is missing, and nothing else says it")?;
    if size > 0.0 {
        per_layer_input(&mut shape, fields, size)?;
    }
    Ok(shape)
}

fn gemma4_experts(fields: Fields<'_>) -> Read<Moe> {
    let moe = Moe::plain(
        fields.number("num_experts")?,
        fields.any(&["top_k_experts", "num_experts_per_tok"])?,
        fields.any(&["moe_intermediate_size", "expert_intermediate_size"])?,
    );
    Ok(Moe { beside: true, ..moe })
}
