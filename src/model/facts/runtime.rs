//! Inference runtimes, and the support of software on each family of machines.

use serde::{Deserialize, Serialize};

use super::{Container, Date, Sources, Split};

/// The way in which a runtime serves several streams at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Batching {
    /// Streams join and leave a running batch.
    Continuous,
    /// A fixed number of slots share a batch.
    Slots,
    /// One stream at a time by default.
    Queue,
}

/// An inference runtime.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Runtime {
    /// Identifier, lower case.
    pub id: String,
    /// Usual name.
    pub name: String,
    /// Other names that users type, including programs that use it internally.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Version or date that the entry describes, in words.
    pub version: String,
    /// Sources.
    pub source: Sources,
    /// Date of the description.
    pub date: Date,
    /// Kinds of file that it loads, in order of preference.
    pub loads: Vec<Container>,
    /// Prefixes of the families of machines that it runs on; empty for any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub families: Vec<String>,
    /// The way in which it serves several streams.
    pub batching: Batching,
    /// Ways in which it can split a model over several devices, its default first. Replicas need no support by the
    /// runtime.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub splits: Vec<Split>,
    /// True where measurements of this catalog show it with a stated part of a model in system memory.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub weights_in_ram: bool,
    /// Default tokens of a micro-batch of prefill: pairs of the least usable memory in GiB and the tokens, ascending.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub micro_batch: Vec<(f64, f64)>,
    /// Default limit of the sequences that run at once; others wait.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_streams: Option<f64>,
    /// True if `auto` may pick it.
    pub auto: bool,
    /// A remark for the reader.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// The level of support for a capability.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Support {
    /// It works.
    Yes,
    /// Some of it works.
    Partial,
    /// It works on an unsupported or unfinished version.
    Experimental,
    /// It does not work.
    No,
    /// Sources disagree.
    Contested,
    /// Not a yes or no; the note describes it.
    Stated,
}

impl Support {
    /// Returns true if it works without reservation: experimental or contested support never wins by itself.
    #[must_use]
    pub fn is_settled(self) -> bool {
        matches!(self, Support::Yes | Support::Partial | Support::Stated)
    }

    /// Returns the level as a word.
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

/// One cell of the software matrix: a capability of a runtime, of a family of machines, or of a runtime on a family. A
/// missing cell means that support is not known, not that there is none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Capability {
    /// Runtime, by id; empty if the cell holds for all runtimes.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub runtime: String,
    /// Family of machines; empty if the cell holds for all families.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub family: String,
    /// Id of a runtime, or name of a capability (lora, native-fp4, os …).
    pub capability: String,
    /// The level of support.
    pub state: Support,
    /// A remark in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Sources.
    pub source: Sources,
    /// Date.
    pub date: Date,
}
