//! A published measurement of one machine, with its conditions.

use serde::{Deserialize, Serialize};

use super::Date;

/// The speed that a measurement gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Test {
    /// Tokens per second of one stream while generating.
    Decode,
    /// Tokens per second while reading the prompt.
    Prefill,
    /// Tokens per second over all streams.
    Aggregate,
}

/// The method by which an aggregate was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AggregateKind {
    /// Sum of the streams while decoding.
    DecodePhase,
    /// Output tokens over wall time, prefill included.
    EndToEnd,
    /// Output tokens between the first token of any stream and the last of all: end to end, less the first chunk's prefill.
    Window,
    /// The best short window: shown apart, never used to calibrate.
    Peak,
}

/// The reliability of a measurement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Tier {
    /// Conditions and build are stated, and can be repeated.
    A,
    /// Most conditions are stated.
    B,
    /// Hearsay with a number.
    C,
}

/// One measurement. An empty context or prompt in the source is `None`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measurement {
    /// Identifier.
    pub id: String,
    /// Machine, by id.
    pub machine: String,
    /// Model, by id; need not be in the catalog.
    pub model: String,
    /// Weight format, by id.
    pub format: String,
    /// Runtime, by id.
    pub runtime: String,
    /// Cache format, by id; 16 bit where the source does not say.
    #[serde(default = "kv_16_bit", skip_serializing_if = "is_kv_16_bit")]
    pub kv_format: String,
    /// The speed that was measured.
    pub test: Test,
    /// The method, for aggregates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aggregate: Option<AggregateKind>,
    /// Tokens of the prompt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt: Option<f64>,
    /// Tokens in the cache when the measurement began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<f64>,
    /// Tokens generated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generate: Option<f64>,
    /// Streams at once.
    #[serde(default = "one_stream", skip_serializing_if = "is_one_stream")]
    pub concurrency: f64,
    /// The result, tokens per second.
    pub tok_s: f64,
    /// Mean rate of one stream while several ran, tokens per second, where the source states it. For a
    /// [`Peak`](AggregateKind::Peak) it is less than the peak divided by the streams.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_stream_tok_s: Option<f64>,
    /// Time to first token, seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ttft_s: Option<f64>,
    /// Power, watts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub power_w: Option<f64>,
    /// Tokens per micro-batch of prefill, where the source states it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub micro_batch: Option<f64>,
    /// True if drafts were used: shown, never used to calibrate.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub speculative: bool,
    /// The date when it was taken or published.
    pub date: Date,
    /// Source, by id.
    pub source: String,
    /// Its reliability.
    pub tier: Tier,
    /// Kernels, where the source names them.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub kernel: String,
    /// Interface to the GPU (cuda, vulkan-radv, rocm and its version), where the source names it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub backend: String,
    /// The reason why it is suspect, empty where it is not: shown as contested, never used to calibrate.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub suspect: String,
    /// The reason why it is less certain than its tier says; empty where there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub doubts: String,
    /// Conditions in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

fn kv_16_bit() -> String {
    "kv-f16".to_owned()
}

fn is_kv_16_bit(kv_format: &str) -> bool {
    kv_format == "kv-f16"
}

const fn one_stream() -> f64 {
    1.0
}

#[expect(clippy::trivially_copy_pass_by_ref, clippy::float_cmp, reason = "serde passes a reference; one is exact")]
fn is_one_stream(concurrency: &f64) -> bool {
    *concurrency == 1.0
}
