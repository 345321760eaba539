//! Parts of a set-up beside its devices: links, hosts, draft methods and fitted constants.

use serde::{Deserialize, Serialize};

use super::{Date, Fact, Sources};

/// Links that behave alike in messages of a few kilobytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum LinkClass {
    /// A bridge or switch between cards.
    Nvlink,
    /// The computer's bus, cards reading each other's memory.
    Pcie,
    /// The computer's bus, every message through system memory.
    PcieNoP2p,
    /// A network that writes into the other box's memory.
    Rdma,
    /// A network through the system's sockets.
    Tcp,
    /// A cable between two boxes, written without copies.
    Thunderbolt,
}

impl LinkClass {
    /// Returns the word for it, as classes of constants name it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Nvlink => "nvlink",
            Self::Pcie => "pcie",
            Self::PcieNoP2p => "pcie-no-p2p",
            Self::Rdma => "rdma",
            Self::Tcp => "tcp",
            Self::Thunderbolt => "thunderbolt",
        }
    }
}

/// A link between two devices.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// Identifier, lower case.
    pub id: String,
    /// Full name.
    pub name: String,
    /// Links that behave like it in small messages.
    pub class: LinkClass,
    /// Specified rate in one direction, GB/s.
    pub gbs: Fact,
    /// Prefixes of the families of machines that usually have it; the first link that names one is taken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub usual_for: Vec<String>,
    /// Sources of its facts.
    pub source: Sources,
    /// Their date.
    pub date: Date,
    /// A remark for the reader.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// Computers whose memory is read alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum HostClass {
    /// A desktop with one channel of memory in use.
    OneChannel,
    /// A desktop with two channels.
    Desktop,
    /// One socket with four channels or more.
    Server,
    /// Two sockets.
    TwoSockets,
}

impl HostClass {
    /// Returns the word for it, as classes of constants name it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::OneChannel => "one-channel",
            Self::Desktop => "desktop",
            Self::Server => "server",
            Self::TwoSockets => "two-sockets",
        }
    }
}

/// A computer around cards, with memory that can hold weights.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HostSystem {
    /// Identifier, lower case.
    pub id: String,
    /// Full name.
    pub name: String,
    /// Computers whose memory is read like its own.
    pub class: HostClass,
    /// Memory, GB as marketed (GiB of DRAM).
    pub memory_gb: Fact,
    /// Channels times transfers times eight bytes, GB/s.
    pub bandwidth_gbs: Fact,
    /// Cores.
    pub cores: Fact,
    /// The slot of the card, a link's id.
    pub slot: String,
    /// Price without the card, USD.
    #[serde(default)]
    pub price_usd: Option<Fact>,
    /// Power at idle, watts.
    #[serde(default)]
    pub idle_w: Option<Fact>,
    /// Power while the card generates, watts.
    #[serde(default)]
    pub load_w: Option<Fact>,
    /// Sources of its facts.
    pub source: Sources,
    /// Their date.
    pub date: Date,
    /// A remark for the reader.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// The text that is written, which decides how many drafted tokens are accepted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Task {
    /// Program text.
    Code,
    /// Natural language.
    Prose,
    /// Both.
    #[default]
    Mixed,
}

impl Task {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Code, Self::Prose, Self::Mixed];

    /// Returns the word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Prose => "prose",
            Self::Mixed => "mixed",
        }
    }
}

/// A way to draft tokens that the model then verifies in one step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DraftMethod {
    /// Identifier, lower case.
    pub id: String,
    /// Full name.
    pub name: String,
    /// Tokens that are usually drafted per step.
    pub drafted: Fact,
    /// Share of code tokens that are accepted, each given that those before it were.
    pub accept_code: Fact,
    /// The same share of prose.
    pub accept_prose: Fact,
    /// The same share of a mix of both.
    pub accept_mixed: Fact,
    /// Time to draft and verify one token over the time of a plain step.
    pub step_share: Fact,
    /// Weights of the draft over those that the model reads per token.
    pub weight_share: Fact,
    /// Sources of its facts.
    pub source: Sources,
    /// Their date.
    pub date: Date,
    /// A remark for the reader.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl DraftMethod {
    /// Returns the acceptance for a task.
    #[must_use]
    pub fn acceptance(&self, task: Task) -> &Fact {
        match task {
            Task::Code => &self.accept_code,
            Task::Prose => &self.accept_prose,
            Task::Mixed => &self.accept_mixed,
        }
    }
}

/// The quantity of a constant of set-ups.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum SetupParameter {
    /// Seconds of one sum over all devices, two per layer; `class` is the link's.
    AllReduce,
    /// Seconds that a token takes from one device to the next; `class` is the link's.
    Boundary,
    /// Share of the system memory's specified bandwidth that experts and layers on the processor reach; `class` is the host's.
    RamReach,
    /// GB/s that one core reads and multiplies.
    CoreRate,
    /// Seconds that each layer with weights in system memory adds.
    HostLayer,
    /// Share of the slot's rate that weights reach on their way to the card in a prefill.
    StreamReach,
    /// Share of the link's rate that large messages reach.
    LinkReach,
    /// TFLOPS of one core in prefill.
    CoreCompute,
    /// Exponent of the number of devices in prefill by layers.
    LayerPrefill,
    /// Share of a step that a draft costs whatever its length.
    DraftStart,
    /// Measured over predicted; `class` is tensor, layer, replica, pipeline, offload, cpu or draft.
    Band,
}

impl SetupParameter {
    /// Returns the word for it, with which ids of constants begin.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::AllReduce => "all-reduce",
            Self::Boundary => "boundary",
            Self::RamReach => "ram-reach",
            Self::CoreRate => "core-rate",
            Self::HostLayer => "host-layer",
            Self::StreamReach => "stream-reach",
            Self::LinkReach => "link-reach",
            Self::CoreCompute => "core-compute",
            Self::LayerPrefill => "layer-prefill",
            Self::DraftStart => "draft-start",
            Self::Band => "band",
        }
    }
}

/// One constant of set-ups with its spread. An empty `class` or `runtime` matches any; the most specific entry wins.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetupConstant {
    /// Its quantity.
    pub parameter: SetupParameter,
    /// Links, hosts or splits that it applies to.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub class: String,
    /// The runtime.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub runtime: String,
    /// Low end.
    pub low: f64,
    /// Typical.
    pub typical: f64,
    /// High end.
    pub high: f64,
    /// Measurements behind it; none where it is assumed.
    #[serde(default)]
    pub rows: u32,
    /// Sources.
    pub source: Sources,
    /// Date of the fit.
    pub date: Date,
    /// A remark for the reader.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl SetupConstant {
    /// Returns the entry that fits best, runtime before class.
    #[must_use]
    pub fn find<'a>(entries: &'a [Self], parameter: SetupParameter, class: &str, runtime: &str) -> Option<&'a Self> {
        let fits = |asked: &str, named: &str| named.is_empty() || named == asked;
        entries
            .iter()
            .filter(|entry| entry.parameter == parameter)
            .filter(|entry| fits(class, &entry.class) && fits(runtime, &entry.runtime))
            .max_by_key(|entry| (!entry.runtime.is_empty(), !entry.class.is_empty()))
    }
}
