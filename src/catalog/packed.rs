//! How the built-in measurements stand in the program: in runs of rows about one machine and one model.
//!
//! They are most of the built-in facts, and a screen needs those of a few machines with one model: a run can be read
//! alone. The build script writes them.

use serde::{Deserialize, Serialize};

/// Measurements that stand one after the other and are about the same machine and model.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Run<'a> {
    /// The machine's id.
    pub machine: &'a str,
    /// The model's id.
    pub model: &'a str,
    /// Whether a row states power.
    pub metered: bool,
    /// Where its rows begin among the bytes of all rows.
    pub start: usize,
    /// Where they end.
    pub end: usize,
}
