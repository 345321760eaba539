//! Default values of configuration fields per `model_type`, from `assets/config_defaults.json`.
//!
//! A default is used only if the field is absent. A field with the value null is present: it says that the model does
//! not have the thing.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde_json::{Map, Value};

use super::fields::Fields;
use crate::model::units::{Amount, Unit};

/// Defaults by `model_type`, as `tests/fixtures/models/defaults.py` writes them.
static DEFAULTS: LazyLock<Map<String, Value>> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../../../assets/config_defaults.json")).unwrap_or_default());

/// Field names with the same meaning: if a configuration has one of them, no default is used for the others.
const SAME: &[&[&str]] = &[
    &["num_experts", "n_routed_experts", "num_local_experts", "moe_num_experts"],
    &["num_experts_per_tok", "num_experts_per_token", "experts_per_token", "moe_topk", "moe_k", "top_k_experts"],
    &["n_shared_experts", "num_shared_experts", "moe_num_shared_experts"],
    &["num_key_value_heads", "num_kv_heads", "n_head_kv"],
    &["first_k_dense_replace", "num_dense_layers", "mlp_layer_types"],
    &["linear_attn_config", "linear_num_heads", "linear_head_dim", "linear_conv_kernel_dim"],
    &["layer_types", "layers_block_type", "hybrid_override_pattern", "attn_layer_indices", "full_attn_idxs"],
    &["intermediate_size", "block_ff_dim", "n_inner", "ffn_hidden_size"],
    &["moe_intermediate_size", "expert_intermediate_size"],
    &["state_size", "d_state"],
    &["tie_word_embeddings", "tie_embedding"],
    &["max_position_embeddings", "n_positions", "model_max_length", "seq_length"],
];

/// Returns the fields of a configuration, completed with the defaults of its `model_type`.
pub fn with(model_type: &str, fields: Fields<'_>) -> Map<String, Value> {
    let mut whole = fields.all().clone();
    for (name, value) in DEFAULTS.get(model_type).and_then(Value::as_object).into_iter().flatten() {
        let same = SAME.iter().find(|names| names.contains(&name.as_str()));
        let said = same.is_some_and(|names| names.iter().any(|other| fields.all().contains_key(*other)));
        if !said {
            whole.entry(name.clone()).or_insert_with(|| value.clone());
        }
    }
    whole
}

/// Returns the sizes whose defaults were used and read, each as `name` 8.
///
/// Flags are left out, and so are the defaults of parts that the model does not have.
pub fn assumed(said: &Map<String, Value>, whole: &Map<String, Value>, asked: &BTreeSet<String>) -> Vec<String> {
    let is_off = said.get("use_sliding_window").or(whole.get("use_sliding_window")) == Some(&Value::Bool(false));
    // With latent attention, the dimension of a head follows from other fields.
    let is_latent = whole.contains_key("kv_lora_rank");
    let counts = |name: &str| match name {
        "sliding_window" | "max_window_layers" => !is_off,
        "head_dim" => !is_latent,
        _ => true,
    };
    let taken = |(name, value): (&String, &Value)| {
        let number = value.as_f64().filter(|number| *number > 1.0)?;
        let new = !said.contains_key(name) && asked.contains(name) && counts(name);
        new.then(|| format!("`{name}` {}", Amount::exact(number, Unit::Count)))
    };
    whole.iter().filter_map(taken).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_counts_and_so_does_null() {
        let said = [("sliding_window".to_owned(), Value::Null), ("num_kv_heads".to_owned(), Value::from(3))];
        let whole = with("mistral", Fields::new(&Map::from_iter(said)));
        assert_eq!(whole.get("sliding_window"), Some(&Value::Null));
        assert_eq!(whole.get("num_key_value_heads"), None);
        assert_eq!(whole.get("tie_word_embeddings"), Some(&Value::Bool(false)));
    }
}
