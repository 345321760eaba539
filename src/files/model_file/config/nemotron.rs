//! Nemotron-H: each layer has one part, which a letter of a pattern names.

use super::fields::{Fields, Read};
use super::hybrid::with_attention;
use super::layout::{Attention, Mamba2, Moe};
use crate::files::model_file::Shape;

pub(super) fn nemotron_h(fields: Fields<'_>) -> Read<Shape> {
    let (mut shape, attention) = with_attention(fields)?;
    let attention = Attention { bias: false, out_bias: false, ..attention };
    if fields.flag("mlp_bias", false)? {
        return Err("feed-forward parts with biases are not known".to_owned());
    }
    let mamba = Mamba2 {
        heads: (fields.number("mamba_num_heads")?, fields.number("mamba_head_dim")?),
        groups: fields.or("n_groups", 8.0)?,
        state: fields.or("ssm_state_size", 128.0)?,
        kernel: fields.or("conv_kernel", 4.0)?,
        conv_bias: fields.flag("use_conv_bias", true)?,
        bias: fields.flag("use_bias", false)?,
        out_bias: fields.flag("use_bias", false)?,
        norm: true,
    };
    let kinds = nemotron_kinds(fields)?;
    shape.layers = kinds.len() as f64;
    for (layer, kind) in kinds.into_iter().enumerate() {
        shape.begin_layer(layer);
        match kind {
            'M' => shape.mamba2(&mamba),
            '*' => shape.attention(&attention),
            'E' => shape.routed(&nemotron_experts(fields)?),
            _ => shape.dense(fields.number("intermediate_size")?, 2.0, false),
        }
        shape.norms(1.0, false);
    }
    shape.norms(1.0, false);
    shape.matrices(false);
    Ok(shape)
}

/// Returns the kind of each layer: M Mamba, * attention, E experts, - dense.
fn nemotron_kinds(fields: Fields<'_>) -> Read<Vec<char>> {
    if let Some(pattern) = fields.text("hybrid_override_pattern") {
        let known = |kind: char| matches!(kind, 'M' | '*' | 'E' | '-').then_some(kind);
        let kinds: Option<Vec<char>> = pattern.chars().take(5000).map(known).collect();
        return kinds
            .ok_or_else(|| "the field `hybrid_override_pattern` has other signs than M, *, E and -".to_owned());
    }
    let named = fields.texts("layers_block_type").or_else(|| fields.texts("layer_types"));
    let named =
        named.ok_or("the field `hybrid_override_pattern` is missing, and nothing else says what the layers are")?;
    let kind = |name: &&str| match *name {
        "mamba" | "linear_attention" => Ok('M'),
        "attention" | "full_attention" => Ok('*'),
        "moe" => Ok('E'),
        "mlp" => Ok('-'),
        other => Err(format!("layers of the type \"{other}\" are not known")),
    };
    named.iter().map(kind).collect()
}

fn nemotron_experts(fields: Fields<'_>) -> Read<Moe> {
    let shared = fields.or("moe_shared_expert_intermediate_size", 0.0)?;
    Ok(Moe {
        experts: fields.number("n_routed_experts")?,
        per_token: fields.number("num_experts_per_tok")?,
        inner: fields.number("moe_intermediate_size")?,
        latent: fields.maybe("moe_latent_size")?.filter(|size| *size > 0.0),
        shared,
        shared_gate: false,
        matrices: 2.0,
        bias: false,
        correction: true,
        beside: false,
    })
}
