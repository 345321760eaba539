//! A published measurement of a set-up, with its conditions.

use serde::{Deserialize, Serialize};

use super::{Date, HostClass, Test, Tier};

/// The kind of set-up, as the groups of `accuracy` name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SetupKind {
    /// Slices of every layer on several devices.
    Tensor,
    /// Layers over several devices.
    Layer,
    /// Layers over several devices, several batches under way.
    Pipeline,
    /// The whole model on each device.
    Replica,
    /// Weights in system memory.
    Offload,
    /// No card at all.
    Cpu,
    /// Drafts.
    Draft,
}

impl SetupKind {
    /// Returns the word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Tensor => "tensor",
            Self::Layer => "layer",
            Self::Pipeline => "pipeline",
            Self::Replica => "replica",
            Self::Offload => "offload",
            Self::Cpu => "cpu",
            Self::Draft => "draft",
        }
    }
}

/// The part of a model that was in system memory.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum OffloadedPart {
    /// The experts of this number of layers.
    Experts(f64),
    /// This number of whole layers.
    Layers(f64),
}

/// One measurement of a set-up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetupMeasurement {
    /// Identifier.
    pub id: String,
    /// The kind of set-up.
    pub kind: SetupKind,
    /// The machine: a set-up, a device, or a processor in words.
    pub machine: String,
    /// Bandwidth of a device that the catalog does not have, GB/s.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_gbs: Option<f64>,
    /// System memory: its class of hosts, its specified bandwidth in GB/s, and the number of cores.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ram: Option<(HostClass, f64, f64)>,
    /// The part of the model in system memory, where the source states it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub off: Option<OffloadedPart>,
    /// The model, by id; need not be in the catalog.
    pub model: String,
    /// Weight format, by id.
    pub format: String,
    /// Runtime, by id or by name where the catalog does not have it.
    pub runtime: String,
    /// The speed that was measured.
    pub test: Test,
    /// Tokens of the prompt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt: Option<f64>,
    /// Tokens in the cache when the measurement began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<f64>,
    /// Streams at once.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub concurrency: f64,
    /// The result, tokens per second.
    pub tok_s: f64,
    /// Tokens per second of the same machine without the set-up: one device, or no drafts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline_tok_s: Option<f64>,
    /// Tokens drafted per step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drafted: Option<f64>,
    /// Tokens gained per step, the model's own among them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_per_step: Option<f64>,
    /// The date when it was taken or published.
    pub date: Date,
    /// Source, by id.
    pub source: String,
    /// Its reliability.
    pub tier: Tier,
    /// True if its source or its size shows a fault in the measurement: never used to calibrate.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub suspect: bool,
    /// Conditions in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

fn one() -> f64 {
    1.0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_one(value: &f64) -> bool {
    value.to_bits() == 1f64.to_bits()
}
