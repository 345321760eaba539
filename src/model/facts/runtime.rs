//! Inference runtimes, and the software that runs on each family of machines.

use serde::{Deserialize, Serialize};

use super::{Container, Date, Sources, Split};

/// The way in which a runtime serves several streams at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Batching {
    /// Streams join and leave a running batch.
    Continuous,
    /// A fixed number of slots share a batch.
    Slots,
    /// One stream at a time unless told otherwise.
    Queue,
}

/// An inference runtime.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Runtime {
    /// Identifier, lower case.
    pub id: String,
    /// Name.
    pub name: String,
    /// Other names that people type for it, programs that run it beneath among them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Version or age that the entry describes, in words.
    pub version: String,
    /// Sources.
    pub source: Sources,
    /// Date of the description.
    pub date: Date,
    /// Files it loads, in order of preference.
    pub loads: Vec<Container>,
    /// Families of machines (by prefix) it exists for at all; empty means any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub families: Vec<String>,
    /// The way in which it serves several streams.
    pub batching: Batching,
    /// Splits of a model over several devices that it has, its own choice first; replicas need nothing of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub splits: Vec<Split>,
    /// Default tokens of a micro-batch of prefill, each on machines from a usable memory in GiB upwards, ascending.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub micro_batch: Vec<(f64, f64)>,
    /// Most sequences that run at once by default; those beyond wait.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_streams: Option<f64>,
    /// True where `auto` may pick it.
    pub auto: bool,
    /// A remark for the reader.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// The level at which something is supported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Support {
    /// It works.
    Yes,
    /// Some of it works.
    Partial,
    /// It works on an unsupported or unfinished version.
    Experimental,
    /// It does not.
    No,
    /// Sources disagree.
    Contested,
    /// Not a yes-or-no; the note says.
    Stated,
}

impl Support {
    /// Returns true if it works as a matter of course: what is experimental or contested never wins by itself.
    #[must_use]
    pub fn is_settled(self) -> bool {
        matches!(self, Support::Yes | Support::Partial | Support::Stated)
    }

    /// Returns the word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Support::Yes => "yes",
            Support::Partial => "in part",
            Support::Experimental => "experimental",
            Support::No => "no",
            Support::Contested => "contested",
            Support::Stated => "stated",
        }
    }
}

/// One cell of the software matrix: a capability of a runtime, of a family of machines, or of a runtime on a family.
/// A cell that is missing is not known; it is no "no".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Capability {
    /// Runtime, by id; empty for what holds whatever the runtime.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub runtime: String,
    /// Family of machines; empty for what holds for a runtime wherever it runs.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub family: String,
    /// A runtime's id or the name of a capability (lora, native-fp4, os …).
    pub capability: String,
    /// The level at which it is supported.
    pub state: Support,
    /// In words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Sources.
    pub source: Sources,
    /// Date.
    pub date: Date,
}
