//! Models of the first generation and those built like them: a feed-forward part that mostly has no gate, norms with
//! biases, positions that are often learnt, and field names of their own.

use super::fields::{Fields, Read};
use super::layout::{Attention, QkNorm};
use crate::files::model_file::Shape;

/// The sizes of a model of the first generation.
struct Classic {
    hidden: f64,
    heads: f64,
    kv_heads: f64,
    inner: f64,
    /// Presence of biases: in queries, keys and values; in attention's output; in the feed-forward part.
    biases: (bool, bool, bool),
    /// Matrices of a feed-forward part: three with a gate, two without.
    matrices: f64,
    qk_norm: QkNorm,
    /// Norms per layer, a norm after the embedding (true or false), and a norm after the last layer (true or false).
    norms: (f64, bool, bool),
    norm_bias: bool,
    /// Number of learnt position vectors.
    positions: f64,
    /// True if the output matrix is the embedding, and true if the output has a bias.
    head: (bool, bool),
    /// Longest context, tokens.
    longest: Option<f64>,
}

impl Classic {
    /// Returns a model with biases everywhere, two norms per layer and one after the last, and one key head per query
    /// head.
    fn plain(fields: Fields<'_>, hidden: &str, heads: &str, tied: bool) -> Read<Self> {
        let (hidden, heads) = (fields.any(&["hidden_size", hidden])?, fields.any(&["num_attention_heads", heads])?);
        let longest = fields.maybe("max_position_embeddings")?.or(fields.maybe("n_positions")?);
        Ok(Self {
            hidden,
            heads,
            kv_heads: heads,
            inner: fields.maybe("intermediate_size")?.or(fields.maybe("n_inner")?).unwrap_or(4.0 * hidden),
            biases: (true, true, true),
            matrices: 2.0,
            qk_norm: QkNorm::None,
            norms: (2.0, false, true),
            norm_bias: true,
            positions: 0.0,
            head: (fields.flag("tie_word_embeddings", tied)?, false),
            longest,
        })
    }

    /// Adds learnt positions, one per token of the longest context.
    fn with_positions(self) -> Read<Self> {
        let positions = self.longest.ok_or("the field `n_positions` is missing, and nothing else says it")?;
        Ok(Self { positions, ..self })
    }
}

/// Returns the shape of a model of one of these types; `None` for any other type.
pub fn build(model_type: &str, fields: Fields<'_>) -> Option<Read<Shape>> {
    let classic = match model_type {
        "gpt2" | "gpt-sw3" => gpt2(fields),
        "qwen" => qwen(fields),
        "chatglm" => chatglm(fields),
        "gpt_bigcode" => bigcode(fields),
        "gptj" | "codegen" => gptj(fields),
        "gpt_neo" => gpt_neo(fields),
        "gpt_neox" => gpt_neox(fields),
        "opt" => opt(fields),
        "bloom" => bloom(fields),
        "falcon" => falcon(fields),
        "mpt" => mpt(fields),
        "phi" => phi(fields),
        "persimmon" => persimmon(fields),
        "openai-gpt" => openai_gpt(fields),
        "biogpt" => biogpt(fields),
        "xglm" => xglm(fields),
        _ => return None,
    };
    Some(classic.and_then(|classic| add_up(&classic, fields)))
}

fn add_up(classic: &Classic, fields: Fields<'_>) -> Read<Shape> {
    let layers = fields.layers()?;
    let head_dim = (classic.hidden / classic.heads).floor();
    let mut shape = Shape {
        layers: layers as f64,
        hidden: classic.hidden,
        heads: classic.heads,
        head_dim,
        vocab: fields.any(&["padded_vocab_size", "vocab_size"])?,
        max_context: classic.longest,
        ..Shape::default()
    };
    let attention = Attention {
        heads: classic.heads,
        kv_heads: classic.kv_heads,
        head_dim,
        value_dim: head_dim,
        bias: classic.biases.0,
        out_bias: classic.biases.1,
        qk_norm: classic.qk_norm,
        gated: false,
        sinks: false,
        values_are_keys: false,
        window: None,
    };
    for layer in 0..layers {
        shape.begin_layer(layer);
        shape.attention(&attention);
        shape.dense(classic.inner, classic.matrices, classic.biases.2);
        shape.norms(classic.norms.0, classic.norm_bias);
    }
    let outside = f64::from(u8::from(classic.norms.1)) + f64::from(u8::from(classic.norms.2));
    shape.norms(outside, classic.norm_bias);
    shape.matrices(classic.head.0);
    shape.params.embedding += classic.positions * classic.hidden;
    shape.params.head += if classic.head.1 { shape.vocab } else { 0.0 };
    Ok(shape)
}

/// Returns the first Qwen, whose `intermediate_size` is the sum of its gate's and its up projection's channels.
fn qwen(fields: Fields<'_>) -> Read<Classic> {
    let plain = Classic::plain(fields, "hidden_size", "num_attention_heads", false)?;
    if fields.maybe("kv_channels")?.is_some_and(|dim| (dim * plain.heads).total_cmp(&plain.hidden).is_ne()) {
        return Err("heads that are not as wide as the hidden size are not known".to_owned());
    }
    let own = fields.flag("no_bias", true)?;
    let inner = (fields.number("intermediate_size")? / 2.0).floor();
    let longest = fields.maybe("seq_length")?.or(plain.longest);
    Ok(Classic { biases: (true, !own, !own), norm_bias: false, inner, matrices: 3.0, longest, ..plain })
}

/// Returns GLM from its second generation on, which has its own names for the sizes.
fn chatglm(fields: Fields<'_>) -> Read<Classic> {
    let plain = Classic::plain(fields, "hidden_size", "num_attention_heads", false)?;
    if !fields.flag("rmsnorm", true)? || !fields.flag("post_layer_norm", true)? {
        return Err("norms of another kind than `rmsnorm` with `post_layer_norm` are not known".to_owned());
    }
    if (fields.number("kv_channels")? * plain.heads).total_cmp(&plain.hidden).is_ne() {
        return Err("heads that are not as wide as the hidden size are not known".to_owned());
    }
    let kv_heads = if fields.flag("multi_query_attention", false)? {
        fields.number("multi_query_group_num")?
    } else {
        plain.heads
    };
    let all = fields.flag("add_bias_linear", false)?;
    let queries = all || fields.flag("add_qkv_bias", false)?;
    Ok(Classic {
        kv_heads,
        inner: fields.number("ffn_hidden_size")?,
        matrices: 3.0,
        biases: (queries, all, all),
        norm_bias: false,
        longest: fields.maybe("seq_length")?,
        ..plain
    })
}

fn gpt2(fields: Fields<'_>) -> Read<Classic> {
    if fields.flag("add_cross_attention", false)? {
        return Err("a decoder that attends to an encoder is not known".to_owned());
    }
    Classic::plain(fields, "n_embd", "n_head", true)?.with_positions()
}

fn bigcode(fields: Fields<'_>) -> Read<Classic> {
    let plain = gpt2(fields)?;
    let kv_heads = if fields.flag("multi_query", true)? { 1.0 } else { plain.heads };
    Ok(Classic { kv_heads, ..plain })
}

fn gptj(fields: Fields<'_>) -> Read<Classic> {
    let plain = Classic::plain(fields, "n_embd", "n_head", false)?;
    Ok(Classic { biases: (false, false, true), norms: (1.0, false, true), head: (plain.head.0, true), ..plain })
}

fn gpt_neo(fields: Fields<'_>) -> Read<Classic> {
    let plain = Classic::plain(fields, "hidden_size", "num_heads", true)?;
    Classic { biases: (false, true, true), ..plain }.with_positions()
}

fn gpt_neox(fields: Fields<'_>) -> Read<Classic> {
    let plain = Classic::plain(fields, "hidden_size", "num_attention_heads", false)?;
    let bias = fields.flag("attention_bias", true)?;
    Ok(Classic { biases: (bias, bias, true), inner: fields.number("intermediate_size")?, ..plain })
}

fn opt(fields: Fields<'_>) -> Read<Classic> {
    let plain = Classic::plain(fields, "hidden_size", "num_attention_heads", true)?;
    if fields.or("word_embed_proj_dim", plain.hidden)?.total_cmp(&plain.hidden).is_ne() {
        return Err("an embedding that is projected to the hidden size is not known".to_owned());
    }
    if !fields.flag("layer_norm_elementwise_affine", true)? {
        return Err("norms without parameters are not known".to_owned());
    }
    let bias = fields.flag("enable_bias", true)?;
    let last = fields.flag("do_layer_norm_before", true)? && !fields.flag("_remove_final_layer_norm", false)?;
    // Two more positions are reserved for padding.
    let longest = fields.number("max_position_embeddings")?;
    let (inner, norms) = (fields.any(&["ffn_dim"])?, (2.0, false, last));
    Ok(Classic { biases: (bias, bias, bias), inner, norms, positions: longest + 2.0, ..plain })
}

fn bloom(fields: Fields<'_>) -> Read<Classic> {
    let plain = Classic::plain(fields, "n_embed", "n_head", true)?;
    let longest = plain.longest.or(fields.maybe("seq_length")?);
    Ok(Classic { norms: (2.0, true, true), inner: 4.0 * plain.hidden, longest, ..plain })
}

fn falcon(fields: Fields<'_>) -> Read<Classic> {
    let plain = Classic::plain(fields, "hidden_size", "n_head", true)?;
    let new = fields.flag("new_decoder_architecture", false)?;
    let kv_heads = match (new, fields.flag("multi_query", true)?) {
        (true, _) => fields.any(&["num_kv_heads", "n_head_kv"]).unwrap_or(plain.heads),
        (false, true) => 1.0,
        (false, false) => plain.heads,
    };
    let norms = match (new, fields.flag("parallel_attn", true)?) {
        (true, _) => fields.or("num_ln_in_parallel_attn", 2.0)?,
        (false, true) => fields.or("num_ln_in_parallel_attn", 1.0)?,
        (false, false) => 2.0,
    };
    let (bias, inner) = (fields.flag("bias", false)?, fields.or("ffn_hidden_size", 4.0 * plain.hidden)?);
    Ok(Classic { kv_heads, biases: (bias, bias, bias), inner, norms: (norms, false, true), ..plain })
}

fn mpt(fields: Fields<'_>) -> Read<Classic> {
    let plain = Classic::plain(fields, "d_model", "n_heads", true)?;
    // The published implementation ignores the configuration's expansion ratio.
    let (inner, longest) = (4.0 * plain.hidden, fields.maybe("max_seq_len")?);
    Ok(Classic { biases: (false, false, false), norm_bias: false, inner, longest, ..plain })
}

fn phi(fields: Fields<'_>) -> Read<Classic> {
    let plain = Classic::plain(fields, "n_embd", "n_head", false)?;
    let kv_heads = fields.or("num_key_value_heads", plain.heads)?;
    let qk_norm = if fields.flag("qk_layernorm", false)? { QkNorm::PerHeadBiased } else { QkNorm::None };
    let inner = fields.number("intermediate_size")?;
    Ok(Classic { kv_heads, qk_norm, inner, norms: (1.0, false, true), head: (plain.head.0, true), ..plain })
}

fn persimmon(fields: Fields<'_>) -> Read<Classic> {
    let plain = Classic::plain(fields, "hidden_size", "num_attention_heads", false)?;
    let qk_norm = if fields.flag("qk_layernorm", true)? { QkNorm::PerHeadBiased } else { QkNorm::None };
    Ok(Classic { qk_norm, inner: fields.number("intermediate_size")?, ..plain })
}

fn openai_gpt(fields: Fields<'_>) -> Read<Classic> {
    let plain = Classic::plain(fields, "n_embd", "n_head", true)?;
    Classic { norms: (2.0, false, false), ..plain }.with_positions()
}

fn biogpt(fields: Fields<'_>) -> Read<Classic> {
    let plain = Classic::plain(fields, "hidden_size", "num_attention_heads", true)?;
    let inner = fields.number("intermediate_size")?;
    // Two more positions are reserved for padding.
    let positions = fields.number("max_position_embeddings")? + 2.0;
    Ok(Classic { inner, positions, ..plain })
}

fn xglm(fields: Fields<'_>) -> Read<Classic> {
    if fields.flag("add_cross_attention", false)? {
        return Err("a decoder that attends to an encoder is not known".to_owned());
    }
    let plain = Classic::plain(fields, "d_model", "attention_heads", true)?;
    Ok(Classic { inner: fields.number("ffn_dim")?, ..plain })
}
