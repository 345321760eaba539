//! Classes of tensors by their names, such as attention, experts, embedding or vision tower.
//!
//! Names are those of llama.cpp (`blk.0.ffn_up_exps.weight`) and of the transformers library
//! (`model.layers.0.mlp.experts.0.up_proj.weight`). Some names mean one thing in a layer with attention and another in
//! a layer with a recurrent state; [`settle`] corrects these once all tensors are known.

use std::collections::{HashMap, HashSet};

use super::tensor::Tensor;

/// A class of tensors: one of [`crate::model::facts::PerClass`], or [`Class::Extra`] for tensors outside of the text
/// model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// Attention projections, their biases and the norms of queries and keys.
    Attention,
    /// Linear attention, Mamba mixers and convolutions.
    Linear,
    /// Feed-forward matrices.
    DenseFfn,
    /// Shared experts, which work on every token.
    Shared,
    /// Routed experts.
    Experts,
    /// Routers and their learnt corrections.
    Router,
    /// Norms between the mixers and the feed-forward parts.
    Norm,
    /// The output matrix.
    Head,
    /// The input embedding.
    Embedding,
    /// Vision and audio towers, projectors, draft layers: tensors that text generation does not read.
    Extra,
}

impl Class {
    /// Returns the word for the class in sentences.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Class::Attention => "attention",
            Class::Linear => "linear attention",
            Class::DenseFfn => "feed-forward",
            Class::Shared => "shared experts",
            Class::Experts => "experts",
            Class::Router => "routers",
            Class::Norm => "norms",
            Class::Head => "output matrix",
            Class::Embedding => "embedding",
            Class::Extra => "towers and drafts",
        }
    }
}

/// The class and the layer of a tensor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Role {
    /// Class of the tensor.
    pub class: Class,
    /// Layer of the tensor; `None` outside of the layers.
    pub layer: Option<u32>,
    /// True if the elements are parameters; scales, tables and buffers take bytes and are no parameters.
    pub is_param: bool,
}

/// Returns the role of the tensor with this name.
#[must_use]
pub fn role(name: &str) -> Role {
    if let Some((layer, rest)) = name.strip_prefix("blk.").and_then(numbered) {
        return Role { class: ggml_layer(rest), layer: Some(layer), is_param: true };
    }
    let is_param = !is_beside(name);
    if is_extra(name) {
        return Role { class: Class::Extra, layer: None, is_param };
    }
    match name.split_once("layers.").or_else(|| name.split_once(".h.")).and_then(|(_, rest)| numbered(rest)) {
        Some((layer, rest)) => Role { class: hub_layer(rest), layer: Some(layer), is_param },
        None => Role { class: outside(name), layer: None, is_param },
    }
}

/// Splits `12.rest` into the number and the rest.
fn numbered(text: &str) -> Option<(u32, &str)> {
    let (number, rest) = text.split_once('.')?;
    Some((number.parse().ok()?, rest))
}

/// Name endings of tensors that are no parameters: scales, zero points, orders of channels, tables of positions.
const BESIDE: [&str; 25] = [
    "_scale",
    "_scale_2",
    "_scale_inv",
    "_scales",
    ".scale",
    ".scales",
    ".biases",
    ".qzeros",
    ".g_idx",
    "_zero_point",
    "_shape",
    "_g_idx",
    ".absmax",
    ".quant_map",
    ".nested_absmax",
    ".nested_quant_map",
    ".SCB",
    ".weight_format",
    ".inv_freq",
    "_scale_global",
    "_global_scale",
    ".slope_rate",
    ".query_decay",
    ".key_decay",
    ".diagonal_decay",
];

fn is_beside(name: &str) -> bool {
    let table = name.starts_with("rope_f") || name.contains(".quant_state.");
    // Gemma's learnt scales of routers, layers and corrections are parameters.
    let learnt = ["router.scale", "per_expert_scale", "correct_output_scale"].iter().any(|own| name.ends_with(own));
    table || (!learnt && BESIDE.iter().any(|ending| name.ends_with(ending)))
}

/// Returns true if the name begins with, or contains, a part that marks tensors outside of the text model.
fn is_extra(name: &str) -> bool {
    const PARTS: [&str; 12] = [
        "vision",
        "visual",
        "audio",
        "image_newline",
        "multi_modal_projector",
        "mm_projector",
        "embed_vision",
        "embed_audio",
        "patch_merger",
        "mlp1.",
        "view_seperator",
        "pre_mm_projector",
    ];
    let ggml = ["v.", "a.", "mm.", "mtp."].iter().any(|start| name.starts_with(start));
    ggml || name.contains(".mtp.") || PARTS.iter().any(|part| name.contains(part))
}

fn outside(name: &str) -> Class {
    let has = |parts: &[&str]| parts.iter().any(|part| name.contains(part));
    if name.starts_with("output.") || has(&["lm_head", "embed_out"]) {
        Class::Head
    } else if has(&["norm", "ln_f", "rope_f"]) || name.ends_with("layernorm") {
        Class::Norm
    } else if has(&["token_embd", "embed_tokens", "embed_in", "wte.", "wpe.", "embeddings", "position_embd"]) {
        Class::Embedding
    } else {
        Class::DenseFfn
    }
}

fn ggml_layer(rest: &str) -> Class {
    let starts = |starts: &[&str]| starts.iter().any(|start| rest.starts_with(start));
    if starts(&["nextn.", "vis_"]) {
        Class::Extra
    } else if starts(&["ssm_", "shortconv.", "time_mix", "attn_time"]) {
        Class::Linear
    } else if starts(&["ffn_gate_inp_shexp"]) || rest.contains("_shexp") || rest.contains("latent") {
        Class::Shared
    } else if starts(&["ffn_gate_inp", "exp_probs_b"]) {
        Class::Router
    } else if starts(&["ffn_norm"]) {
        Class::Norm
    } else if rest.contains("_exps") || rest.contains("_chexps") {
        Class::Experts
    } else if starts(&["attn_q_norm", "attn_k_norm", "attn_q_a_norm", "attn_kv_a_norm", "attn_sub_norm"]) {
        Class::Attention
    } else if rest.contains("norm") || starts(&["layer_output_scale"]) {
        Class::Norm
    } else if starts(&["attn_", "indexer."]) {
        Class::Attention
    } else {
        Class::DenseFfn
    }
}

fn hub_layer(rest: &str) -> Class {
    let has = |parts: &[&str]| parts.iter().any(|part| rest.contains(part));
    let starts = |starts: &[&str]| starts.iter().any(|start| rest.starts_with(start));
    if has(&["shared_expert", "shared_mlp", "latent_proj"]) {
        Class::Shared
    } else if has(&["experts.", "moe.input_linear", "moe.output_linear"]) {
        Class::Experts
    } else if is_router(rest) {
        Class::Router
    } else if starts(&["linear_attn.", "mamba.", "conv."]) {
        Class::Linear
    } else if let Some(mixer) = rest.strip_prefix("mixer.") {
        mixer_part(mixer)
    } else if starts(&["self_attn.", "attention.", "attn.", "self_attention."]) {
        Class::Attention
    } else if has(&["norm", "ln_1", "ln_2", "layer_scalar"]) {
        Class::Norm
    } else {
        Class::DenseFfn
    }
}

fn is_router(rest: &str) -> bool {
    ["mlp.gate.", "moe.gate.", "mixer.gate.", "feed_forward.gate."].iter().any(|part| rest.contains(part))
        || rest.contains("router.")
        || rest.contains("e_score_correction_bias")
        || rest.ends_with("expert_bias")
        || rest.starts_with("block_sparse_moe.gate.")
}

/// Returns the class of a tensor in a `mixer` module, the only module of a layer in Nemotron-H and Mamba.
fn mixer_part(part: &str) -> Class {
    let starts = |starts: &[&str]| starts.iter().any(|start| part.starts_with(start));
    if starts(&["q_proj", "k_proj", "v_proj", "o_proj"]) {
        Class::Attention
    } else if starts(&["up_proj", "down_proj", "gate_proj"]) {
        Class::DenseFfn
    } else {
        Class::Linear
    }
}

/// Corrects the classes that depend on other tensors of the same layer or model.
///
/// Attention names in a layer that has a recurrent state and no attention belong to the state. Shared experts are dense
/// in a model without routed experts. Layers from number `layers` on are draft layers, so they are extra. Token
/// embeddings are the head if a lookup table is the embedding and there is no output matrix.
pub(super) fn settle(tensors: &mut [Tensor], layers: Option<u32>) {
    let mut recurrent: HashMap<u32, [bool; 2]> = HashMap::new();
    let mut drafting: HashSet<u32> = HashSet::new();
    for tensor in &*tensors {
        let Some(layer) = tensor.role.layer else { continue };
        let [state, attention] = recurrent.entry(layer).or_default();
        let name = tensor.name.as_str();
        *state |= tensor.role.class == Class::Linear || name.ends_with("self_attn.A_log");
        *attention |= name.ends_with("attn_output.weight") && tensor.role.class == Class::Attention;
        // Kimi's delta attention uses all names of ordinary attention in addition to its own.
        *attention &= !name.contains("ssm_conv1d_q");
        if tensor.role.class == Class::Extra || layers.is_some_and(|layers| layer >= layers) {
            drafting.insert(layer);
        }
    }
    let kda: HashSet<u32> = layers_with(tensors, "ssm_conv1d_q");
    let hub_kda: HashSet<u32> = layers_with(tensors, "self_attn.A_log");
    let ggml = tensors.iter().any(|tensor| tensor.name.starts_with("blk."));
    let experts = tensors.iter().any(|tensor| tensor.role.class == Class::Experts);
    let has_head = tensors.iter().any(|tensor| tensor.role.class == Class::Head);
    let has_table = tensors.iter().any(|tensor| is_lookup_table(&tensor.name));
    for tensor in tensors {
        // In a model with a lookup table, the token embeddings serve as the output matrix: they belong to the head.
        if has_table && !has_head && tensor.role.class == Class::Embedding && !is_lookup_table(&tensor.name) {
            tensor.role.class = Class::Head;
        }
        let Some(layer) = tensor.role.layer else { continue };
        let [state, attention] = recurrent.get(&layer).copied().unwrap_or_default();
        let only_state = kda.contains(&layer) || hub_kda.contains(&layer) || (ggml && state && !attention);
        match tensor.role.class {
            _ if drafting.contains(&layer) => tensor.role.class = Class::Extra,
            Class::Attention if only_state => tensor.role.class = Class::Linear,
            Class::Shared if !experts => tensor.role.class = Class::DenseFfn,
            _ => {}
        }
    }
}

/// Moves keys and values of the layers from `first` on to the class of the embedding.
///
/// These layers use the keys and values of an earlier layer: their own take memory, but no decode step reads them.
pub(super) fn move_unread_to_embedding(tensors: &mut [Tensor], first: f64) {
    const UNREAD: [&str; 6] = [".attn_k.", ".attn_v.", ".attn_k_norm.", ".k_proj.", ".v_proj.", ".k_norm."];
    for tensor in tensors.iter_mut().filter(|tensor| tensor.role.class == Class::Attention) {
        let shares = tensor.role.layer.is_some_and(|layer| f64::from(layer) >= first);
        if shares && UNREAD.iter().any(|part| tensor.name.contains(part)) {
            tensor.role.class = Class::Embedding;
        }
    }
}

/// Returns true for a table with one vector per token and layer.
fn is_lookup_table(name: &str) -> bool {
    name.contains("per_layer_token_embd") || name.contains("embed_tokens_per_layer")
}

fn layers_with(tensors: &[Tensor], part: &str) -> HashSet<u32> {
    tensors.iter().filter(|tensor| tensor.name.contains(part)).filter_map(|tensor| tensor.role.layer).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn learnt_scales_are_parameters_and_tables_are_not() {
        for name in ["altup.correct_output_scale", "router.scale", "mlp.gate.e_score_correction_bias"] {
            assert!(role(&format!("model.layers.0.{name}")).is_param, "{name}");
        }
        for name in ["mlp.down_proj.weight_scale", "self_attn.slope_rate", "self_attn.diagonal_decay"] {
            assert!(!role(&format!("model.layers.0.{name}")).is_param, "{name}");
        }
    }
}
