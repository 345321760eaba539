//! Inference runtimes, and what software runs on which family of machines.

use serde::{Deserialize, Serialize};

use super::{Container, Date, Sources};

/// How a runtime serves several streams at once.
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
    /// How it serves several streams.
    pub batching: Batching,
    /// Whether `auto` may pick it.
    pub auto: bool,
    /// What a reader should know.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// Whether something works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Support {
    /// It works.
    Yes,
    /// Some of it works.
    Partial,
    /// It works for the brave.
    Experimental,
    /// It does not.
    No,
    /// Sources disagree.
    Contested,
    /// Not a yes-or-no; the note says.
    Stated,
}

impl Support {
    /// The word for it.
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

/// One cell of the software matrix: what a family of machines can do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Capability {
    /// Family of machines.
    pub family: String,
    /// A runtime's id or the name of a capability (lora, native-fp4, os …).
    pub capability: String,
    /// Whether it works.
    pub state: Support,
    /// In words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Sources.
    pub source: Sources,
    /// Date.
    pub date: Date,
}
