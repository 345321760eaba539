//! Models that are known by name and published size alone: their architecture has not been recomputed.

use serde::{Deserialize, Serialize};

use super::{Date, Sources};

/// A model without an architecture. It is listed and found by name; no estimate can be made of it. Sizes are as published.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedModel {
    /// Identifier, lower case.
    pub id: String,
    /// Name as its makers write it.
    pub name: String,
    /// The hub's repository of its weights, as owner/repository.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub repo: String,
    /// Other names that people type for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Sources of every number here.
    pub source: Sources,
    /// Date of the numbers.
    pub date: Date,
    /// The date on which the model was released.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub released: Option<Date>,
    /// Parameters, where published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total_params: Option<f64>,
    /// Parameters that work on one token, where published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active_params: Option<f64>,
    /// Longest context in tokens, where published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_context: Option<f64>,
    /// Precision of the release.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub native: String,
    /// Licence of the weights.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub license: String,
    /// A remark for the reader.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}
