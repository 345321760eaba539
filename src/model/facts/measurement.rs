//! Published measurements of one machine, with their conditions.

use serde::{Deserialize, Serialize};

use super::Date;

/// The speed that a measurement gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Test {
    /// Tokens per second of one stream while generating.
    Decode,
    /// Tokens per second while computing the prompt.
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
    /// Output tokens over the time from the first token of any stream to the last token of all: end to end without the
    /// first chunk's prefill.
    Window,
    /// The best short window; it is shown apart and never used to calibrate.
    Peak,
}

/// The reliability of a measurement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Tier {
    /// A: conditions and build are stated, so it can be repeated.
    A,
    /// B: most conditions are stated.
    B,
    /// C: hearsay with a number.
    C,
}

/// One measurement of a machine. A context or prompt that the source does not state is `None`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measurement {
    /// Identifier.
    pub id: String,
    /// Machine, by id.
    pub machine: String,
    /// Model, by id; the catalog may lack it.
    pub model: String,
    /// Weight format, by id.
    pub format: String,
    /// Runtime, by id.
    pub runtime: String,
    /// Cache format, by id; 16 bits if the source does not state it.
    #[serde(default = "kv_16_bit", skip_serializing_if = "is_kv_16_bit")]
    pub kv_format: String,
    /// The speed that was measured.
    pub test: Test,
    /// The method, for an aggregate.
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
    /// Mean rate of one stream while several run, tokens per second, if the source states it. For a
    /// [`Peak`](AggregateKind::Peak) it is less than the peak divided by the streams.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_stream_tok_s: Option<f64>,
    /// Time to first token, seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ttft_s: Option<f64>,
    /// Power, watts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub power_w: Option<f64>,
    /// Tokens per micro-batch of prefill, if the source states them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub micro_batch: Option<f64>,
    /// True if tokens were drafted; such a measurement is shown but never used to calibrate.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub speculative: bool,
    /// The date on which it was taken or published.
    pub date: Date,
    /// Source, by id.
    pub source: String,
    /// Reliability.
    pub tier: Tier,
    /// Name of the kernels, if the source states it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub kernel: String,
    /// Interface to the GPU (cuda, vulkan-radv, rocm and its version), if the source states it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub backend: String,
    /// The reason why it is suspect; empty if it is not. A suspect one is shown as contested and never used to
    /// calibrate.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub suspect: String,
    /// The reason why it is less certain than its tier; empty if it is not.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub doubts: String,
    /// Conditions, in words.
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
