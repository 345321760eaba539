//! Models of which only the name and the published sizes are known.

use serde::{Deserialize, Serialize};

use super::{Date, Sources};

/// A model without an architecture: it is listed and found by name, but cannot be estimated. Its sizes are as
/// published.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedModel {
    /// Identifier, lower case.
    pub id: String,
    /// Name as its makers write it.
    pub name: String,
    /// Repository of its weights on the Hugging Face hub, as owner/repository.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub repo: String,
    /// Other names that users type.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Sources of every number here.
    pub source: Sources,
    /// Date of the numbers.
    pub date: Date,
    /// The date on which the model was released.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub released: Option<Date>,
    /// Total parameters, if published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total_params: Option<f64>,
    /// Parameters that work on one token, if published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active_params: Option<f64>,
    /// Longest context in tokens, if published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_context: Option<f64>,
    /// Formats of the release.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub native: String,
    /// Licence of the weights.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub license: String,
    /// A remark for the reader.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}
