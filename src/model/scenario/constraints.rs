//! The constraints of a question beside the model: limits, prices, running costs, and the saved answer.
//!
//! A missing number means the catalog's.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::facts::{Date, Task};

use super::bounds;

/// The limits that a machine must keep to pass. A missing limit excludes no machine.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Highest price of the working computer, US dollars.
    #[serde(deserialize_with = "bounds::usd", skip_serializing_if = "Option::is_none")]
    pub budget_usd: Option<f64>,
    /// Highest power while generating, watts.
    #[serde(deserialize_with = "bounds::watts", skip_serializing_if = "Option::is_none")]
    pub max_watts: Option<f64>,
    /// Lowest speed of one stream, tokens per second.
    #[serde(deserialize_with = "bounds::speed", skip_serializing_if = "Option::is_none")]
    pub min_tok_s: Option<f64>,
    /// Longest time to first token, seconds.
    #[serde(deserialize_with = "bounds::wait", skip_serializing_if = "Option::is_none")]
    pub max_ttft_s: Option<f64>,
    /// True if only laptops may win.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub portable: bool,
    /// True if machines that are no longer sold may win.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub any_availability: bool,
    /// True if software that is experimental or contested on a machine may win.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub experimental: bool,
    /// Capabilities that the software must have.
    #[serde(deserialize_with = "bounds::texts", skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<String>,
}

/// Speculative decoding. It is off if neither a number of tokens nor a method is given.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Speculation {
    /// Tokens drafted per step.
    #[serde(deserialize_with = "bounds::draft", skip_serializing_if = "Option::is_none")]
    pub draft: Option<f64>,
    /// Share of the drafted tokens that the model accepts.
    #[serde(deserialize_with = "bounds::acceptance", skip_serializing_if = "Option::is_none")]
    pub acceptance: Option<f64>,
    /// Draft method, by id.
    #[serde(deserialize_with = "bounds::optional_text", skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// The kind of text that is written; it decides the share of drafted tokens that are accepted.
    pub task: Task,
}

/// The price in a machine's range that counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum PriceLevel {
    /// The lowest price found.
    Low,
    /// The typical price.
    #[default]
    Typical,
    /// The highest price found.
    High,
}

/// The prices that count.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Pricing {
    /// Date whose prices count; the latest prices if missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Date>,
    /// The price in the range that counts.
    pub level: PriceLevel,
    /// The user's prices by machine, US dollars.
    #[serde(deserialize_with = "bounds::prices", skip_serializing_if = "BTreeMap::is_empty")]
    pub own: BTreeMap<String, f64>,
}

/// The host of bare cards. If all is missing, the figures of a card do not include a host.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HostComputer {
    /// Price, US dollars.
    #[serde(deserialize_with = "bounds::usd", skip_serializing_if = "Option::is_none")]
    pub usd: Option<f64>,
    /// Power at idle, watts.
    #[serde(deserialize_with = "bounds::watts", skip_serializing_if = "Option::is_none")]
    pub idle_watts: Option<f64>,
    /// Power while the card generates, watts.
    #[serde(deserialize_with = "bounds::watts", skip_serializing_if = "Option::is_none")]
    pub load_watts: Option<f64>,
    /// Id of a host in the catalog; the other fields replace its facts.
    #[serde(deserialize_with = "bounds::optional_text", skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Memory, GB as marketed.
    #[serde(deserialize_with = "bounds::memory", skip_serializing_if = "Option::is_none")]
    pub ram_gb: Option<f64>,
    /// Memory bandwidth, GB/s.
    #[serde(deserialize_with = "bounds::bandwidth", skip_serializing_if = "Option::is_none")]
    pub ram_gbs: Option<f64>,
    /// Number of cores.
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
    /// Share of the hours in which it generates.
    #[serde(deserialize_with = "bounds::utilisation", skip_serializing_if = "Option::is_none")]
    pub utilisation: Option<f64>,
    /// Id of the rented machine that owning is compared with.
    #[serde(deserialize_with = "bounds::optional_text", skip_serializing_if = "Option::is_none")]
    pub cloud: Option<String>,
}

/// The expected answer, which makes the scenario a test of a decision.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Expectation {
    /// Id of the machine that should win.
    #[serde(deserialize_with = "bounds::optional_text", skip_serializing_if = "Option::is_none")]
    pub winner: Option<String>,
}

/// The answer when the scenario was saved, written by the program.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Saved {
    /// The version of the catalog that answered.
    #[serde(deserialize_with = "bounds::text")]
    pub catalog: String,
    /// The date of saving.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// Id of the winner; missing if no machine passed.
    #[serde(deserialize_with = "bounds::optional_text", skip_serializing_if = "Option::is_none")]
    pub winner: Option<String>,
    /// The saved figures by machine.
    #[serde(deserialize_with = "bounds::map")]
    pub results: BTreeMap<String, SavedResult>,
}

/// The saved figures of one machine; a missing number was not known or did not apply.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SavedResult {
    /// Expected speed of one stream, tokens per second.
    #[serde(deserialize_with = "bounds::speed", skip_serializing_if = "Option::is_none")]
    pub expected_tok_s: Option<f64>,
    /// Expected speed of all streams together, tokens per second.
    #[serde(deserialize_with = "bounds::speed", skip_serializing_if = "Option::is_none")]
    pub aggregate_expected_tok_s: Option<f64>,
    /// Price in use, US dollars.
    #[serde(deserialize_with = "bounds::usd", skip_serializing_if = "Option::is_none")]
    pub price_usd: Option<f64>,
}
