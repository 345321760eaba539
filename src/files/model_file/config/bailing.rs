//! Ant's Bailing models: the first two generations of Ling and Ring, and the third, with delta and latent attention.

use super::fields::{Fields, Read};
use super::hybrid::{begin, with_attention};
use super::layout::{Attention, Latent, Moe, QkNorm};
use crate::files::model_file::Shape;

/// Returns the shape of a model of one of these types; `None` for any other type.
pub fn build(model_type: &str, fields: Fields<'_>) -> Option<Read<Shape>> {
    Some(match model_type {
        "bailing_moe" => bailing(fields, false),
        "bailing_moe_v2" => bailing(fields, true),
        "bailing_hybrid" => hybrid(fields),
        "llada2_moe" => Err("the architecture \"llada2_moe\" writes blocks of tokens by diffusion, each in several \
                             passes, and what a pass reads and keeps is not known"
            .to_owned()),
        _ => return None,
    })
}

/// Returns a flag that only the second generation has; in the first, a missing flag is false.
fn flag_of(fields: Fields<'_>, name: &str, is_second: bool) -> Read<bool> {
    if is_second && fields.value(name).is_none() {
        return Err(format!("the field `{name}` is missing, and nothing else says it"));
    }
    fields.flag(name, false)
}

/// Returns an error if one of these fields is set to anything but false or 0.
fn refuse(fields: Fields<'_>, names: &[&str]) -> Read<()> {
    let is_off = |name: &&&str| {
        fields.value(name).is_none_or(|value| value.as_bool() == Some(false) || value.as_f64() == Some(0.0))
    };
    match names.iter().find(|name| !is_off(name)) {
        Some(name) => Err(format!("what the field `{name}` changes in this architecture is not known")),
        None => Ok(()),
    }
}

/// Returns the shape of Ling or Ring of the first two generations: grouped-query attention with routed and shared
/// experts.
///
/// `is_second` is true for the `model_type` of the second generation. Some of its published configurations carry that
/// of the first.
fn bailing(fields: Fields<'_>, is_second: bool) -> Read<Shape> {
    refuse(fields, &["use_bias", "multi_gate"])?;
    fields.number("num_key_value_heads")?;
    let (mut shape, attention) = with_attention(fields)?;
    let normed = flag_of(fields, "use_qk_norm", is_second)?;
    let attention = Attention {
        bias: fields.flag("use_qkv_bias", false)?,
        out_bias: false,
        qk_norm: if normed { QkNorm::PerHead } else { QkNorm::None },
        ..attention
    };
    let inner = fields.number("moe_intermediate_size")?;
    let one_shared = fields.or("moe_shared_expert_intermediate_size", inner)?;
    if one_shared.total_cmp(&inner).is_ne() {
        return Err("shared experts of another size than the routed ones are not known".to_owned());
    }
    let moe = Moe {
        shared: inner * fields.or("num_shared_experts", 0.0)?,
        correction: flag_of(fields, "moe_router_enable_expert_bias", is_second)?,
        ..Moe::plain(fields.number("num_experts")?, fields.number("num_experts_per_tok")?, inner)
    };
    let first = match fields.maybe("first_k_dense_replace")? {
        None if is_second => return Err("the field `first_k_dense_replace` is missing".to_owned()),
        first => first.unwrap_or(0.0),
    };
    for layer in 0..fields.layers()? {
        shape.begin_layer(layer);
        shape.attention(&attention);
        if layer as f64 >= first {
            shape.routed(&moe);
        } else {
            shape.dense(fields.number("intermediate_size")?, 3.0, false);
        }
        shape.norms(2.0, false);
    }
    shape.norms(1.0, false);
    shape.matrices(fields.flag("tie_word_embeddings", false)?);
    Ok(shape)
}

/// Returns the shape of Ling of the third generation. The last layer of each group has latent attention with a gate per
/// head, the others have Kimi's delta attention with gates of full rank.
///
/// An older build of the same `model_type` has lightning attention instead and no fields that begin with `kda`. It is
/// refused.
fn hybrid(fields: Fields<'_>) -> Read<Shape> {
    if fields.value("kda_lower_bound").is_none() && fields.value("kda_safe_gate").is_none() {
        return Err("no field `kda_lower_bound` or `kda_safe_gate` is there, and \"bailing_hybrid\" without delta \
                    attention is not known"
            .to_owned());
    }
    refuse(fields, &["use_bias", "use_qkv_bias", "linear_silu", "group_norm_size"])?;
    let mut shape = begin(fields, fields.number("num_attention_heads")?, 0.0)?;
    let heads = fields.any(&["linear_num_heads", "num_attention_heads"])?;
    let dim = fields.number("linear_head_dim")?;
    let kernel = fields.any(&["linear_conv_kernel_dim", "short_conv_kernel_size"])?;
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
        shared: inner * fields.number("num_shared_experts")?,
        correction: true,
        ..Moe::plain(
            fields.number("num_experts")?,
            fields.any(&["num_experts_per_token", "num_experts_per_tok"])?,
            inner,
        )
    };
    let is_sparse = super::listed::sparse(fields)?;
    for (layer, (attends, is_sparse)) in attending(fields)?.into_iter().zip(is_sparse).enumerate() {
        shape.begin_layer(layer);
        if attends {
            shape.latent(&latent);
            shape.output_gate(latent.heads);
        } else {
            shape.kimi_delta(heads, dim, kernel, true);
        }
        if is_sparse {
            shape.routed(&moe);
        } else {
            shape.dense(fields.number("intermediate_size")?, 3.0, false);
        }
        shape.norms(2.0, false);
    }
    shape.norms(1.0, false);
    // In the published implementation the output has a matrix of its own, whatever `tie_word_embeddings` says.
    shape.matrices(false);
    Ok(shape)
}

/// Returns one flag per layer: true if it has latent attention.
fn attending(fields: Fields<'_>) -> Read<Vec<bool>> {
    if let Some(listed) = super::listed::flags(fields, &["layer_types"], "full_attention", &["linear_attention"])? {
        return Ok(listed);
    }
    let group = fields.number("layer_group_size")? as usize;
    Ok((0..fields.layers()?).map(|layer| (layer + 1).is_multiple_of(group)).collect())
}
