//! `DeepSeek` V4: one key-value head with a window, compressed cache entries for the rest of the context, experts in
//! every layer, and several streams of the hidden state that are mixed around each part of a layer.

use super::fields::{Fields, Read};
use super::hybrid::begin;
use super::layout::Moe;
use crate::files::model_file::Shape;

/// The compression that a layer applies to the context outside of its window.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Compression {
    /// No compression: the layer attends to its window only.
    None,
    /// Few tokens per entry; an indexer selects the entries that a step reads.
    Sparse,
    /// Many tokens per entry; a step reads all entries.
    Heavy,
}

/// Sizes of the attention part.
struct Sizes {
    heads: f64,
    dim: f64,
    q_rank: f64,
    /// Groups of the output projection and the rank of each group.
    out: (f64, f64),
    /// Heads of the indexer and their dimension.
    indexer: (f64, f64),
    /// Tokens per entry with sparse and with heavy compression.
    rates: (f64, f64),
}

/// Returns the shape of `DeepSeek` V4; `None` for any other type.
pub fn build(model_type: &str, fields: Fields<'_>) -> Option<Read<Shape>> {
    // SGLang's conversions write the name of the reference code.
    matches!(model_type, "deepseek_v4" | "deepseek_ref").then(|| deepseek4(fields))
}

fn deepseek4(fields: Fields<'_>) -> Read<Shape> {
    let sizes = Sizes {
        heads: fields.number("num_attention_heads")?,
        dim: fields.number("head_dim")?,
        q_rank: fields.number("q_lora_rank")?,
        out: (fields.number("o_groups")?, fields.number("o_lora_rank")?),
        indexer: (fields.number("index_n_heads")?, fields.number("index_head_dim")?),
        rates: rates(fields)?,
    };
    let mut shape = begin(fields, sizes.heads, sizes.dim)?;
    let inner = fields.number("moe_intermediate_size")?;
    let moe = Moe {
        shared: inner,
        ..Moe::plain(fields.number("n_routed_experts")?, fields.number("num_experts_per_tok")?, inner)
    };
    let window = fields.number("sliding_window")?;
    let streams = fields.number("hc_mult")?;
    let bias = fields.flag("mlp_bias", false)?;
    for (layer, (compression, is_hashed)) in compressions(fields)?.into_iter().zip(hashed(fields)?).enumerate() {
        shape.begin_layer(layer);
        attention(&mut shape, &sizes, compression, window);
        // Hashed layers look up their experts by the token; the routers of other layers learn a correction.
        shape.routed(&Moe { correction: !is_hashed, ..moe });
        shape.params.shared_experts += if bias { 2.0 * inner + shape.hidden } else { 0.0 };
        shape.norms(2.0, false);
        let mixed = (2.0 + streams) * streams;
        shape.params.norm += 2.0 * (mixed * streams * shape.hidden + mixed + 3.0);
    }
    shape.params.norm += streams * streams * shape.hidden + streams + 1.0;
    shape.norms(1.0, false);
    shape.matrices(fields.flag("tie_word_embeddings", false)?);
    Ok(shape)
}

fn attention(shape: &mut Shape, sizes: &Sizes, compression: Compression, window: f64) {
    let (h, d) = (shape.hidden, sizes.dim);
    let (groups, rank) = sizes.out;
    shape.project(&["self_attn.q_a_proj", "attn.wq_a"], h * sizes.q_rank);
    shape.project(&["self_attn.q_b_proj", "attn.wq_b"], sizes.q_rank * sizes.heads * d);
    shape.project(&["self_attn.kv_proj", "attn.wkv"], h * d);
    shape.project(&["self_attn.o_a_proj", "attn.wo_a"], (sizes.heads * d / groups).floor() * groups * rank);
    shape.project(&["self_attn.o_b_proj", "attn.wo_b"], groups * rank * h);
    // Norms of the queries' latent and of the keys, and one sink per head.
    shape.params.attention += sizes.q_rank + d + sizes.heads;
    shape.cache(d, Some(window));
    let (few, many) = sizes.rates;
    match compression {
        Compression::None => {}
        Compression::Sparse => {
            let (heads, keys) = sizes.indexer;
            left(shape, &["self_attn.compressor.kv_proj", "attn.compressor.wkv"], 4.0 * h * d);
            left(shape, &["self_attn.compressor.indexer.kv_proj", "attn.indexer.compressor.wkv"], 4.0 * h * keys);
            shape.project(&["self_attn.compressor.indexer.q_b_proj", "attn.indexer.wq_b"], sizes.q_rank * heads * keys);
            let scorer = &["self_attn.compressor.indexer.scorer.weights_proj", "attn.indexer.weights_proj"];
            left(shape, scorer, h * heads);
            shape.params.attention += few * 2.0 * (d + keys) + d + keys;
            shape.kv.full_elems += (d + keys) / few;
        }
        Compression::Heavy => {
            left(shape, &["self_attn.compressor.kv_proj", "attn.compressor.wkv"], 2.0 * h * d);
            shape.params.attention += many * d + d;
            shape.kv.full_elems += d / many;
        }
    }
}

/// Adds a projection that the published checkpoints store in BF16, while other matrices are in FP8.
///
/// The checkpoints' quantization does not list such modules; the `DeepSeek` V4 class of transformers 5.24 does.
fn left(shape: &mut Shape, names: &'static [&'static str], params: f64) {
    shape.project(names, params);
    if let Some(part) = shape.parts.last_mut() {
        part.is_left = true;
    }
}

/// Returns the tokens per entry with sparse and with heavy compression.
fn rates(fields: Fields<'_>) -> Read<(f64, f64)> {
    match fields.object("compress_rates") {
        Some(own) => Ok((own.number("compressed_sparse_attention")?, own.number("heavily_compressed_attention")?)),
        // The published configurations state 4 or 128 tokens per entry layer by layer instead.
        None if fields.value("compress_ratios").is_some() => Ok((4.0, 128.0)),
        None => Err("the field `compress_rates` is missing, and nothing else says it".to_owned()),
    }
}

fn compressions(fields: Fields<'_>) -> Read<Vec<Compression>> {
    let layers = fields.layers()?;
    let kinds: Vec<Compression> = if let Some(named) = fields.texts("layer_types") {
        let kind = |name: &&str| match *name {
            "sliding_attention" => Ok(Compression::None),
            "compressed_sparse_attention" => Ok(Compression::Sparse),
            "heavily_compressed_attention" => Ok(Compression::Heavy),
            other => Err(format!("layers of the type \"{other}\" are not known")),
        };
        named.iter().map(kind).collect::<Read<_>>()?
    } else {
        let rates = fields.numbers("compress_ratios");
        let rates = rates.ok_or("the field `layer_types` is missing, and nothing else says it")?;
        let kind = |rate: &usize| match rate {
            0 => Ok(Compression::None),
            4 => Ok(Compression::Sparse),
            128 => Ok(Compression::Heavy),
            other => Err(format!("entries of {other} tokens are not known of this architecture")),
        };
        rates.iter().map(kind).collect::<Read<_>>()?
    };
    if kinds.len() < layers {
        return Err("the field `layer_types` does not say what every layer is".to_owned());
    }
    Ok(kinds.into_iter().take(layers).collect())
}

/// Returns one flag per layer: true if the layer looks up its experts by the token.
fn hashed(fields: Fields<'_>) -> Read<Vec<bool>> {
    if let Some(listed) = super::listed::flags(fields, &["mlp_layer_types"], "hash_moe", &["moe"])? {
        return Ok(listed);
    }
    let first = fields.maybe("num_hash_layers")?;
    let first = first.ok_or("the field `mlp_layer_types` is missing, and nothing else says it")?;
    Ok((0..fields.layers()?).map(|layer| (layer as f64) < first).collect())
}
