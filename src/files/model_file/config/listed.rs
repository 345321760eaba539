//! Models whose configurations list the build of each layer: Laguna, `MiMo` V2, `MiniMax` M3, Step 3.5, the Llama
//! Nemotrons, and Llama 3.2 Vision.
//!
//! The sizes that [`begin`] checks have no defaults; a list that is missing or too short is an error.

use serde_json::Value;

use super::fields::{Fields, Read};
use super::hybrid::with_attention;
use super::layout::{Attention, Moe, QkNorm};
use crate::files::model_file::Shape;

/// Returns the shape of a model of one of these types; `None` for any other type.
pub fn build(model_type: &str, fields: Fields<'_>) -> Option<Read<Shape>> {
    Some(match model_type {
        "laguna" => laguna(fields),
        "mimo_v2_flash" => mimo(fields),
        "minimax_m3" | "minimax_m3_vl" | "minimax_m3_vl_text" => minimax_m3(fields),
        "step3p5" | "step3p7" => step(fields),
        "nemotron-nas" => nemotron_nas(fields),
        "mllama_text_model" => mllama(fields),
        _ => return None,
    })
}

/// Returns a shape with the heads of attention, and attention; an error if a size of the heads is missing.
fn begin(fields: Fields<'_>) -> Read<(Shape, Attention)> {
    fields.number("head_dim")?;
    fields.any(&["num_key_value_heads", "num_attention_groups"])?;
    with_attention(fields)
}

/// Returns one flag per layer from the first of the lists that is present; `None` if none is.
///
/// A flag is true for a number above zero and for `word`, and false for 0 and for `others`.
pub(super) fn flags(fields: Fields<'_>, lists: &[&str], word: &str, others: &[&str]) -> Read<Option<Vec<bool>>> {
    let Some((name, value)) = lists.iter().find_map(|name| Some((*name, fields.value(name)?))) else {
        return Ok(None);
    };
    let layers = fields.layers()?;
    let short = || format!("the field `{name}` does not say what every layer is");
    let entries = value.as_array().filter(|list| list.len() >= layers).ok_or_else(short)?;
    let flag = |entry: &Value| match (entry.as_str(), entry.as_u64()) {
        (Some(own), _) if own == word => Ok(true),
        (Some(own), _) if others.contains(&own) => Ok(false),
        (Some(own), _) => Err(format!("layers of the type \"{own}\" are not known")),
        (None, Some(number)) => Ok(number > 0),
        (None, None) => Err(short()),
    };
    // A list may have further entries for the draft layers.
    entries.iter().take(layers).map(flag).collect::<Read<Vec<bool>>>().map(Some)
}

/// Returns the flags of [`flags`]; an error if none of the lists is present.
fn needed(fields: Fields<'_>, lists: &[&str], word: &str, others: &[&str]) -> Read<Vec<bool>> {
    let missing = || format!("the field `{}` is missing, and nothing else says it", lists.first().unwrap_or(&"?"));
    flags(fields, lists, word, others)?.ok_or_else(missing)
}

/// Returns one flag per layer: true if it has experts.
///
/// The source is `mlp_layer_types`, else `moe_layer_freq` as a list, else `first_k_dense_replace`.
pub(super) fn sparse(fields: Fields<'_>) -> Read<Vec<bool>> {
    if let Some(listed) = flags(fields, &["mlp_layer_types", "moe_layer_freq"], "sparse", &["dense"])? {
        return Ok(listed);
    }
    let first = fields.maybe("first_k_dense_replace")?;
    let first = first.ok_or("the field `mlp_layer_types` is missing, and nothing else says it")?;
    Ok((0..fields.layers()?).map(|layer| layer as f64 >= first).collect())
}

/// Returns one flag per layer: true if it attends to a window.
fn windowed(fields: Fields<'_>, lists: &[&str]) -> Read<Vec<bool>> {
    needed(fields, lists, "sliding_attention", &["full_attention"])
}

fn experts(fields: Fields<'_>, inner: f64) -> Read<Moe> {
    Ok(Moe {
        correction: true,
        ..Moe::plain(
            fields.any(&["num_experts", "n_routed_experts", "num_local_experts", "moe_num_experts"])?,
            fields.any(&["num_experts_per_tok", "moe_top_k"])?,
            inner,
        )
    })
}

/// Completes the shape with the last norm, the embedding and the output matrix.
fn end(mut shape: Shape, fields: Fields<'_>) -> Read<Shape> {
    shape.norms(1.0, false);
    shape.matrices(fields.flag("tie_word_embeddings", false)?);
    Ok(shape)
}

/// Returns the channels of the gate on attention's output: one per head, or one per dimension of each head.
fn gate(fields: Fields<'_>, heads: f64, head_dim: f64) -> f64 {
    let per_head = fields.value("gating").is_none_or(|own| own == &Value::Bool(true) || own == "per-head");
    if per_head { heads } else { heads * head_dim }
}

/// Returns one number per layer from the list, or `otherwise` for all layers if there is no list.
fn heads_of(fields: Fields<'_>, list: &str, otherwise: f64) -> Read<Vec<f64>> {
    let layers = fields.layers()?;
    match fields.numbers(list) {
        None if fields.value(list).is_none() => Ok(vec![otherwise; layers]),
        Some(each) if each.len() >= layers => Ok(each.into_iter().map(|heads| heads as f64).collect()),
        _ => Err(format!("the field `{list}` does not say what every layer has")),
    }
}

fn laguna(fields: Fields<'_>) -> Read<Shape> {
    let (mut shape, attention) = begin(fields)?;
    let attention = Attention { qk_norm: QkNorm::PerHead, ..attention };
    let heads = heads_of(fields, "num_attention_heads_per_layer", attention.heads)?;
    let window = fields.maybe("sliding_window")?;
    let shared = fields.number("shared_expert_intermediate_size")?;
    let moe = Moe { shared, ..experts(fields, fields.number("moe_intermediate_size")?)? };
    let kinds = windowed(fields, &["layer_types"])?.into_iter().zip(sparse(fields)?).zip(heads);
    for (layer, ((is_local, is_sparse), heads)) in kinds.enumerate() {
        shape.begin_layer(layer);
        let window = window.filter(|_| is_local);
        shape.attention(&Attention { heads, window, ..attention });
        shape.output_gate(gate(fields, heads, attention.head_dim));
        if is_sparse {
            shape.routed(&moe);
        } else {
            shape.dense(fields.number("intermediate_size")?, 3.0, false);
        }
        shape.norms(2.0, false);
    }
    end(shape, fields)
}

fn step(fields: Fields<'_>) -> Read<Shape> {
    let (mut shape, attention) = begin(fields)?;
    let kv_heads = fields.any(&["num_attention_groups", "num_key_value_heads"])?;
    let attention = Attention { qk_norm: QkNorm::PerHead, kv_heads, ..attention };
    let other = fields.object("attention_other_setting");
    let (local_heads, local_kv) = match (other, fields.maybe("num_sliding_attention_heads")?) {
        (_, Some(heads)) => (heads, kv_heads),
        (Some(other), None) => {
            (other.or("num_attention_heads", attention.heads)?, other.or("num_attention_groups", kv_heads)?)
        }
        (None, None) => (attention.heads, kv_heads),
    };
    let shared = fields.any(&["share_expert_dim", "share_expert_dims"])?;
    let moe = Moe { shared, ..experts(fields, fields.number("moe_intermediate_size")?)? };
    let listed = match fields.text("moe_layers_enum") {
        Some(text) => Some(text.split(',').map(|place| place.trim().parse().ok()).collect::<Option<Vec<usize>>>()),
        None => fields.numbers("moe_layers_enum").map(Some),
    };
    let is_sparse: Vec<bool> = match listed {
        Some(places) => {
            let places = places.ok_or("the field `moe_layers_enum` is no list of layers")?;
            (0..fields.layers()?).map(|layer| places.contains(&layer)).collect()
        }
        None => sparse(fields)?,
    };
    for (layer, (is_local, is_sparse)) in windowed(fields, &["layer_types"])?.into_iter().zip(is_sparse).enumerate() {
        shape.begin_layer(layer);
        let (heads, kv_heads) = if is_local { (local_heads, local_kv) } else { (attention.heads, kv_heads) };
        let window = if is_local { Some(fields.number("sliding_window")?) } else { None };
        shape.attention(&Attention { heads, kv_heads, window, ..attention });
        shape.output_gate(heads);
        if is_sparse {
            shape.routed(&moe);
        } else {
            shape.dense(fields.number("intermediate_size")?, 3.0, false);
        }
        shape.norms(2.0, false);
    }
    end(shape, fields)
}

fn mimo(fields: Fields<'_>) -> Read<Shape> {
    let (mut shape, attention) = begin(fields)?;
    if fields.maybe("n_shared_experts")?.is_some_and(|shared| shared > 0.0) {
        return Err("shared experts of this architecture are not known".to_owned());
    }
    let full = Attention { value_dim: fields.number("v_head_dim")?, out_bias: false, ..attention };
    let local = Attention {
        heads: fields.or("swa_num_attention_heads", full.heads)?,
        kv_heads: fields.or("swa_num_key_value_heads", 2.0 * full.kv_heads)?,
        head_dim: fields.or("swa_head_dim", full.head_dim)?,
        value_dim: fields.or("swa_v_head_dim", full.value_dim)?,
        sinks: fields.flag("add_swa_attention_sink_bias", true)?,
        window: Some(fields.number("sliding_window")?),
        ..full
    };
    let full = Attention { sinks: fields.flag("add_full_attention_sink_bias", false)?, ..full };
    let moe = experts(fields, fields.number("moe_intermediate_size")?)?;
    let is_local = windowed(fields, &["layer_types", "hybrid_layer_pattern"])?;
    for (layer, (is_local, is_sparse)) in is_local.into_iter().zip(sparse(fields)?).enumerate() {
        shape.begin_layer(layer);
        shape.attention(if is_local { &local } else { &full });
        if is_sparse {
            shape.routed(&moe);
        } else {
            shape.dense(fields.number("intermediate_size")?, 3.0, false);
        }
        shape.norms(2.0, false);
    }
    end(shape, fields)
}

fn minimax_m3(fields: Fields<'_>) -> Read<Shape> {
    let (mut shape, attention) = begin(fields)?;
    if fields.flag("attention_output_gate", false)? {
        return Err("attention with an output gate is not known of this architecture".to_owned());
    }
    let attention = Attention { qk_norm: QkNorm::PerHead, ..attention };
    let shared = fields.number("shared_intermediate_size")? * fields.or("n_shared_experts", 1.0)?;
    let moe = Moe { shared, ..experts(fields, fields.number("intermediate_size")?)? };
    // The published configuration has the indexer's sizes in a nested object.
    let own = fields.object("sparse_attention_config");
    let of = |flat: &str, nested: &str| match own {
        Some(own) => own.number(nested),
        None => fields.number(flat),
    };
    let (heads, dim) = (of("index_n_heads", "sparse_num_index_heads")?, of("index_head_dim", "sparse_index_dim")?);
    let blocks = of("index_topk_blocks", "sparse_topk_blocks")? + of("index_local_blocks", "sparse_local_block")?;
    let read = blocks * of("index_block_size", "sparse_block_size")?;
    let listed = flags(fields, &["layer_types"], "minimax_m3_sparse", &["full_attention"])?;
    let picks = if let Some(picks) = listed {
        picks
    } else {
        let missing = "the field `sparse_attention_config` is missing, and nothing else says which layers are sparse";
        let places = own.ok_or(missing)?.numbers("sparse_attention_freq").ok_or(missing)?;
        places.into_iter().map(|place| place > 0).collect()
    };
    let is_sparse = sparse(fields)?;
    if picks.len() < is_sparse.len() {
        return Err("the field `sparse_attention_freq` does not say what every layer is".to_owned());
    }
    for (layer, (picks, is_sparse)) in picks.into_iter().zip(is_sparse).enumerate() {
        shape.begin_layer(layer);
        shape.attention(&attention);
        if picks {
            shape.block_indexer(heads, dim, read);
        }
        if is_sparse {
            shape.routed(&moe);
        } else {
            shape.dense(fields.number("dense_intermediate_size")?, 3.0, false);
        }
        shape.norms(2.0, false);
    }
    end(shape, fields)
}

/// Returns a Llama from which a search removed parts: each block states its heads and channels, or that a part is
/// missing.
fn nemotron_nas(fields: Fields<'_>) -> Read<Shape> {
    let (mut shape, attention) = with_attention(fields)?;
    let bias = fields.flag("mlp_bias", false)?;
    let missing = "the field `block_configs` does not say what every layer is";
    let blocks = fields.value("block_configs").and_then(Value::as_array).ok_or(missing)?;
    if blocks.len() != fields.layers()? {
        return Err(missing.to_owned());
    }
    for (layer, block) in blocks.iter().enumerate() {
        shape.begin_layer(layer);
        let part = |name: &str| block.get(name).and_then(Value::as_object).map(Fields::new).ok_or(missing);
        let (mixer, ffn) = (part("attention")?, part("ffn")?);
        for part in [mixer, ffn] {
            if part.flag("replace_with_linear", false)? || part.maybe("window_length")?.is_some() {
                return Err("blocks with a linear layer in place of a part, or with a window, are not known".to_owned());
            }
        }
        if !mixer.flag("no_op", false)? {
            let kv_heads = (attention.heads / mixer.number("n_heads_in_group")?).floor();
            shape.attention(&Attention { kv_heads, ..attention });
            shape.norms(1.0, false);
        }
        if !ffn.flag("no_op", false)? {
            let factor = ffn.value("ffn_mult").and_then(Value::as_f64).filter(|factor| (0.0..=64.0).contains(factor));
            let factor = factor.ok_or("a block does not say its `ffn_mult`")?;
            // Two thirds of `ffn_mult` times the hidden size, rounded up to a multiple of 256.
            let inner = 256.0 * ((2.0 * factor * shape.hidden / 3.0).floor() / 256.0).ceil();
            shape.dense(inner, 3.0, bias);
            shape.norms(1.0, false);
        }
    }
    end(shape, fields)
}

/// Number of tokens of Llama 3.2 Vision that have an embedding but no output, such as the placeholder of an image.
const INPUT_ONLY: f64 = 8.0;

/// Returns the shape of the text part of Llama 3.2 Vision, in which some layers attend to an image instead of the text.
fn mllama(fields: Fields<'_>) -> Read<Shape> {
    fields.number("num_key_value_heads")?;
    let (mut shape, attention) = with_attention(fields)?;
    let missing = "the field `cross_attention_layers` is missing, and nothing else says it";
    let places = fields.numbers("cross_attention_layers").ok_or(missing)?;
    let inner = fields.number("intermediate_size")?;
    for layer in 0..fields.layers()? {
        shape.begin_layer(layer);
        if places.contains(&layer) {
            let cache = shape.kv;
            shape.attention(&Attention { qk_norm: QkNorm::PerHead, ..attention });
            // The keys and values are those of the image, so the text adds none. The attention and the feed-forward
            // part of such a layer each have a gate of one number.
            shape.kv = cache;
            shape.params.norm += 2.0;
        } else {
            shape.attention(&attention);
        }
        shape.dense(inner, 3.0, false);
        shape.norms(2.0, false);
    }
    let mut shape = end(shape, fields)?;
    shape.params.embedding += INPUT_ONLY * shape.hidden;
    Ok(shape)
}
