//! The table of known architectures, `assets/files/architectures.ron`.

use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::Value;

#[derive(Debug, Default, Deserialize)]
struct Table {
    #[expect(dead_code, reason = "evidence for the reader of the asset")]
    date: String,
    gguf: Vec<String>,
    windows: Vec<(String, usize)>,
    catalog: Vec<(String, Vec<String>)>,
    building: Vec<String>,
    harmless: Vec<String>,
}

static TABLE: LazyLock<Table> =
    LazyLock::new(|| ron::from_str(include_str!("../../../assets/files/architectures.ron")).unwrap_or_default());

/// Returns true if the cache and the state of a GGUF architecture follow from the matrices of its layers.
pub fn is_known_gguf(architecture: &str) -> bool {
    TABLE.gguf.iter().any(|own| own == architecture)
}

/// Returns n if every n-th layer of the architecture attends to the whole context and the other layers to a window.
///
/// `None` if the architecture does not fix this.
pub fn full_every(architecture: &str) -> Option<usize> {
    TABLE.windows.iter().find(|(own, _)| own == architecture).map(|(_, every)| *every)
}

/// Returns true if model files use this architecture name for a model family of the catalog.
pub fn is_of_family(architecture: &str, family: &str) -> bool {
    TABLE.catalog.iter().any(|(own, names)| own == family && names.iter().any(|name| name == architecture))
}

/// Returns true if a configuration field changes which matrices the model has, so that it must not be left unread.
pub fn changes_the_build(name: &str, value: &Value) -> bool {
    let is_neutral = match value {
        Value::Null | Value::Bool(false) => true,
        Value::Bool(true) | Value::String(_) => false,
        Value::Number(number) => number.as_f64().is_none_or(|number| number <= 0.0),
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.is_empty(),
    };
    let building = TABLE.building.iter().any(|part| name.contains(part.as_str()));
    building && !is_neutral && !TABLE.harmless.iter().any(|own| own == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_read() {
        assert!(is_known_gguf("qwen3moe") && !is_known_gguf("deepseek4"));
        assert_eq!(full_every("afmoe"), Some(4));
        assert!(is_of_family("deepseek_v4", "deepseek4") && !is_of_family("nemotron-nas", "llama"));
        assert!(changes_the_build("routed_expert_hidden_size", &Value::from(3584)));
        assert!(!changes_the_build("routed_expert_hidden_size", &Value::Null));
        assert!(!changes_the_build("hidden_size", &Value::from(3584)));
    }
}
