//! Published measurements of set-ups, with their conditions.

use serde::{Deserialize, Serialize};

use super::{Date, HostClass, Test, Tier};

/// The kind of set-up, by which `whichbox accuracy` groups the measurements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SetupKind {
    /// Several devices with a slice of every layer each.
    Tensor,
    /// Several devices with some layers each.
    Layer,
    /// Several devices with some layers each, and several batches under way.
    Pipeline,
    /// Several devices with the whole model each.
    Replica,
    /// Part of the weights in system memory.
    Offload,
    /// A processor without a card.
    Cpu,
    /// Speculative decoding.
    Draft,
}

impl SetupKind {
    /// Returns the kind as a word.
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
    /// The machine: a set-up or a device by id, or a processor in words.
    pub machine: String,
    /// Bandwidth of a device that the catalog lacks, GB/s.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_gbs: Option<f64>,
    /// System memory: the class of the host, its specified bandwidth in GB/s, and the number of cores.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ram: Option<(HostClass, f64, f64)>,
    /// The part of the model in system memory, if the source states it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub off: Option<OffloadedPart>,
    /// Model, by id; the catalog may lack it.
    pub model: String,
    /// Weight format, by id.
    pub format: String,
    /// Runtime, by id, or by name if the catalog lacks it.
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
    /// Tokens per second of the same machine with one device or without drafts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline_tok_s: Option<f64>,
    /// Tokens drafted per step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drafted: Option<f64>,
    /// Tokens gained per step, including the model's own token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_per_step: Option<f64>,
    /// The date on which it was taken or published.
    pub date: Date,
    /// Source, by id.
    pub source: String,
    /// Reliability.
    pub tier: Tier,
    /// True if the source or the result shows a fault in the measurement; it is then never used to calibrate.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub suspect: bool,
    /// Conditions, in words.
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
