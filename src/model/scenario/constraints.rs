//! The constraints of a question beside the model: limits, prices, running costs, and what was answered before.
//!
//! A missing number means: as the catalog has it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::facts::{Date, Task};

use super::bounds;

/// The limits that a machine must hold to pass. A missing limit lets everything pass.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Most that it may cost, US dollars.
    #[serde(deserialize_with = "bounds::usd", skip_serializing_if = "Option::is_none")]
    pub budget_usd: Option<f64>,
    /// Most power it may take while generating, watts.
    #[serde(deserialize_with = "bounds::watts", skip_serializing_if = "Option::is_none")]
    pub max_watts: Option<f64>,
    /// Slowest that one stream may be, tokens per second.
    #[serde(deserialize_with = "bounds::speed", skip_serializing_if = "Option::is_none")]
    pub min_tok_s: Option<f64>,
    /// Longest wait for the first token, seconds.
    #[serde(deserialize_with = "bounds::wait", skip_serializing_if = "Option::is_none")]
    pub max_ttft_s: Option<f64>,
    /// True if it must be a laptop.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub portable: bool,
    /// True if machines that are no longer sold may win.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub any_availability: bool,
    /// True if software that is experimental or contested on a machine may win.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub experimental: bool,
    /// Capabilities of the software it must have.
    #[serde(deserialize_with = "bounds::texts", skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<String>,
}

/// Speculative decoding. Nothing drafted: off.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Speculation {
    /// Tokens drafted per step.
    #[serde(deserialize_with = "bounds::draft", skip_serializing_if = "Option::is_none")]
    pub draft: Option<f64>,
    /// Share of them that the model accepts.
    #[serde(deserialize_with = "bounds::acceptance", skip_serializing_if = "Option::is_none")]
    pub acceptance: Option<f64>,
    /// The way in which they are drafted, by id.
    #[serde(deserialize_with = "bounds::optional_text", skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// The text that is written, which decides the share that is accepted.
    pub task: Task,
}

/// The level of a machine's prices that counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum PriceLevel {
    /// The lowest that was found.
    Low,
    /// The typical one.
    #[default]
    Typical,
    /// The highest that was found.
    High,
}

/// The prices that count.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Pricing {
    /// As they were on this date; now where missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Date>,
    /// The level in the range.
    pub level: PriceLevel,
    /// Own prices by machine, US dollars.
    #[serde(deserialize_with = "bounds::prices", skip_serializing_if = "BTreeMap::is_empty")]
    pub own: BTreeMap<String, f64>,
}

/// The computer around a bare card. All missing: the card alone counts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HostComputer {
    /// Its price, US dollars.
    #[serde(deserialize_with = "bounds::usd", skip_serializing_if = "Option::is_none")]
    pub usd: Option<f64>,
    /// Its power at idle, watts.
    #[serde(deserialize_with = "bounds::watts", skip_serializing_if = "Option::is_none")]
    pub idle_watts: Option<f64>,
    /// Its power while the card generates, watts.
    #[serde(deserialize_with = "bounds::watts", skip_serializing_if = "Option::is_none")]
    pub load_watts: Option<f64>,
    /// The computer by id; what is given beside it takes the place of its facts.
    #[serde(deserialize_with = "bounds::optional_text", skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its memory, GB as marketed.
    #[serde(deserialize_with = "bounds::memory", skip_serializing_if = "Option::is_none")]
    pub ram_gb: Option<f64>,
    /// Bandwidth of its memory, GB/s.
    #[serde(deserialize_with = "bounds::bandwidth", skip_serializing_if = "Option::is_none")]
    pub ram_gbs: Option<f64>,
    /// Its cores.
    #[serde(deserialize_with = "bounds::cores", skip_serializing_if = "Option::is_none")]
    pub cores: Option<f64>,
    /// Generation of the card's slot: 3, 4 or 5.
    #[serde(deserialize_with = "bounds::pcie", skip_serializing_if = "Option::is_none")]
    pub pcie: Option<f64>,
}

/// The costs of running a machine over its life.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Economics {
    /// Price of electricity, US dollars per kWh.
    #[serde(deserialize_with = "bounds::usd_per_unit", skip_serializing_if = "Option::is_none")]
    pub tariff_usd_kwh: Option<f64>,
    /// Years that the machine is used.
    #[serde(deserialize_with = "bounds::years", skip_serializing_if = "Option::is_none")]
    pub years: Option<f64>,
    /// Share of the time that it generates.
    #[serde(deserialize_with = "bounds::utilisation", skip_serializing_if = "Option::is_none")]
    pub utilisation: Option<f64>,
    /// The rented machine that buying is compared with, by id.
    #[serde(deserialize_with = "bounds::optional_text", skip_serializing_if = "Option::is_none")]
    pub cloud: Option<String>,
}

/// The answer that is expected: a decision under test.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Expectation {
    /// The machine that wins, by id.
    #[serde(deserialize_with = "bounds::optional_text", skip_serializing_if = "Option::is_none")]
    pub winner: Option<String>,
}

/// The answer when the scenario was saved. Written by the program.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Saved {
    /// The version of the catalog that answered.
    #[serde(deserialize_with = "bounds::text")]
    pub catalog: String,
    /// The date of saving.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// The machine that won, by id; missing where none passed.
    #[serde(deserialize_with = "bounds::optional_text", skip_serializing_if = "Option::is_none")]
    pub winner: Option<String>,
    /// The answers by machine.
    #[serde(deserialize_with = "bounds::map")]
    pub results: BTreeMap<String, SavedResult>,
}

/// The answer for one machine; a missing number did not apply or was not known.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SavedResult {
    /// Expected speed of one stream, tokens per second.
    #[serde(deserialize_with = "bounds::speed", skip_serializing_if = "Option::is_none")]
    pub expected_tok_s: Option<f64>,
    /// Expected speed of all streams together, tokens per second.
    #[serde(deserialize_with = "bounds::speed", skip_serializing_if = "Option::is_none")]
    pub aggregate_expected_tok_s: Option<f64>,
    /// Price that counted, US dollars.
    #[serde(deserialize_with = "bounds::usd", skip_serializing_if = "Option::is_none")]
    pub price_usd: Option<f64>,
}
