//! Mamba of both generations, and Jamba, which mixes Mamba layers with attention layers and experts.

use super::fields::{Fields, Read};
use super::hybrid::{begin, with_attention};
use super::layout::{Mamba1, Mamba2, Moe};
use crate::files::model_file::Shape;

pub(super) fn mamba(fields: Fields<'_>) -> Read<Shape> {
    let mut shape = begin(fields, 0.0, 0.0)?;
    let mixer = Mamba1 {
        inner: fields.or("intermediate_size", fields.or("expand", 2.0)? * shape.hidden)?,
        state: fields.any(&["state_size", "d_state"]).unwrap_or(16.0),
        kernel: fields.or("conv_kernel", 4.0)?,
        rank: rank(fields, "time_step_rank", shape.hidden)?,
        conv_bias: fields.flag("use_conv_bias", true)?,
        bias: fields.flag("use_bias", false)?,
        norms: false,
    };
    for layer in 0..fields.layers()? {
        shape.begin_layer(layer);
        shape.mamba1(&mixer);
        shape.norms(1.0, false);
    }
    shape.norms(1.0, false);
    shape.matrices(fields.flag("tie_word_embeddings", true)?);
    Ok(shape)
}

/// Returns the rank of the time step; "auto" or a missing field means a sixteenth of the hidden size.
fn rank(fields: Fields<'_>, name: &str, hidden: f64) -> Read<f64> {
    if fields.text(name) == Some("auto") {
        return Ok((hidden / 16.0).ceil());
    }
    fields.or(name, (hidden / 16.0).ceil())
}

pub(super) fn mamba2(fields: Fields<'_>) -> Read<Shape> {
    let mut shape = begin(fields, 0.0, 0.0)?;
    let mixer = Mamba2 {
        heads: (fields.number("num_heads")?, fields.or("head_dim", 64.0)?),
        groups: fields.or("n_groups", 8.0)?,
        state: fields.or("state_size", 128.0)?,
        kernel: fields.or("conv_kernel", 4.0)?,
        conv_bias: fields.flag("use_conv_bias", true)?,
        bias: fields.flag("use_bias", false)?,
        out_bias: fields.flag("use_bias", false)?,
        norm: true,
    };
    for layer in 0..fields.layers()? {
        shape.begin_layer(layer);
        shape.mamba2(&mixer);
        shape.norms(1.0, false);
    }
    shape.norms(1.0, false);
    shape.matrices(fields.flag("tie_word_embeddings", false)?);
    Ok(shape)
}

pub(super) fn jamba(fields: Fields<'_>) -> Read<Shape> {
    let (mut shape, attention) = with_attention(fields)?;
    let mamba = Mamba1 {
        inner: fields.or("mamba_expand", 2.0)? * shape.hidden,
        state: fields.or("mamba_d_state", 16.0)?,
        kernel: fields.or("mamba_d_conv", 4.0)?,
        rank: rank(fields, "mamba_dt_rank", shape.hidden)?,
        conv_bias: fields.flag("mamba_conv_bias", true)?,
        bias: fields.flag("mamba_proj_bias", false)?,
        norms: true,
    };
    let moe = Moe::plain(
        fields.or("num_experts", 16.0)?,
        fields.or("num_experts_per_tok", 2.0)?,
        fields.number("intermediate_size")?,
    );
    let every = |period: &str, offset: &str, otherwise: (f64, f64)| -> Read<(usize, usize)> {
        Ok((fields.or(period, otherwise.0)?.max(1.0) as usize, fields.or(offset, otherwise.1)? as usize))
    };
    let attends = every("attn_layer_period", "attn_layer_offset", (8.0, 4.0))?;
    let routes = every("expert_layer_period", "expert_layer_offset", (2.0, 1.0))?;
    for layer in 0..fields.layers()? {
        shape.begin_layer(layer);
        if layer % attends.0 == attends.1 {
            shape.attention(&attention);
        } else {
            shape.mamba1(&mamba);
        }
        if moe.experts > 1.0 && layer % routes.0 == routes.1 {
            shape.routed(&moe);
        } else {
            shape.dense(moe.inner, 3.0, false);
        }
        shape.norms(2.0, false);
    }
    shape.norms(1.0, false);
    shape.matrices(fields.flag("tie_word_embeddings", false)?);
    Ok(shape)
}
