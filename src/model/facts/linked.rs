//! The parts of a set-up other than its devices: links, hosts, draft methods and fitted constants.

use serde::{Deserialize, Serialize};

use super::{Date, Fact, Sources};

/// Classes of links that take the same time for messages of a few kilobytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum LinkClass {
    /// A bridge or switch between cards.
    Nvlink,
    /// The computer's bus; cards read each other's memory directly.
    Pcie,
    /// The computer's bus; every message goes through system memory.
    PcieNoP2p,
    /// A network that writes directly into the other computer's memory.
    Rdma,
    /// A network through the operating system's sockets.
    Tcp,
    /// A cable between two computers, written without copies.
    Thunderbolt,
}

impl LinkClass {
    /// Returns the class as a word, as constants of set-ups name it.
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
    /// Class of its time for small messages.
    pub class: LinkClass,
    /// Specified rate in one direction, GB/s.
    pub gbs: Fact,
    /// Prefixes of the families of machines that usually have it; the first link that matches a family is its usual
    /// one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub usual_for: Vec<String>,
    /// Sources of the facts here.
    pub source: Sources,
    /// Date of the facts here.
    pub date: Date,
    /// A remark for the reader.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// Classes of hosts whose memory reaches the same share of its specified bandwidth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum HostClass {
    /// A desktop computer with one memory channel in use.
    OneChannel,
    /// A desktop computer with two memory channels.
    Desktop,
    /// A server with one socket and four memory channels or more.
    Server,
    /// A server with two sockets.
    TwoSockets,
}

impl HostClass {
    /// Returns the class as a word, as constants of set-ups name it.
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
    /// Class of its memory.
    pub class: HostClass,
    /// Memory, GB as marketed (GiB of DRAM).
    pub memory_gb: Fact,
    /// Specified memory bandwidth, GB/s: channels × transfers per second × 8 bytes.
    pub bandwidth_gbs: Fact,
    /// Number of cores.
    pub cores: Fact,
    /// The card's slot, by the id of its link.
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
    /// Sources of the facts here.
    pub source: Sources,
    /// Date of the facts here.
    pub date: Date,
    /// A remark for the reader.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// The kind of text that a model writes; it decides the share of drafted tokens that are accepted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Task {
    /// Program text.
    Code,
    /// Natural language.
    Prose,
    /// A mix of code and prose.
    #[default]
    Mixed,
}

impl Task {
    /// All tasks.
    pub const ALL: [Self; 3] = [Self::Code, Self::Prose, Self::Mixed];

    /// Returns the task as a word.
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
    /// True where the drafts come from a head of the model's own, which not every release has.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub own_head: bool,
    /// Usual number of tokens drafted per step.
    pub drafted: Fact,
    /// Acceptance for code: the probability that a drafted token is accepted if all before it in the draft were.
    pub accept_code: Fact,
    /// Acceptance for prose.
    pub accept_prose: Fact,
    /// Acceptance for a mix of code and prose.
    pub accept_mixed: Fact,
    /// Time to draft and verify one token over the time of a plain step.
    pub step_share: Fact,
    /// Bytes of the draft's weights over the bytes of weights that the model reads per token.
    pub weight_share: Fact,
    /// Sources of the facts here.
    pub source: Sources,
    /// Date of the facts here.
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
    /// Seconds of one sum over all devices, of which each layer needs two; `class` is the link's.
    AllReduce,
    /// Seconds that a token takes from one device to the next; `class` is the link's.
    Boundary,
    /// Share of the system memory's specified bandwidth that experts and layers on the processor reach; `class` is the host's.
    RamReach,
    /// GB/s that one core reads and multiplies.
    CoreRate,
    /// Seconds that each layer with weights in system memory adds to a step.
    HostLayer,
    /// Share of the slot's rate that weights reach on their way to the card in a prefill.
    StreamReach,
    /// Share of the link's rate that large messages reach.
    LinkReach,
    /// TFLOPS that one core reaches in a prefill.
    CoreCompute,
    /// Exponent of the number of devices in the time of a prefill by layers.
    LayerPrefill,
    /// Fixed time of drafting, as a share of a step: it does not depend on the number of drafted tokens.
    DraftStart,
    /// Measured over predicted speed; `class` is tensor, layer, replica, pipeline, offload, cpu or draft.
    Band,
}

impl SetupParameter {
    /// Returns the parameter as a word; ids of constants begin with it.
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

/// One constant of set-ups with its spread. An empty `class` or `runtime` matches any; the most specific entry is used.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetupConstant {
    /// The quantity.
    pub parameter: SetupParameter,
    /// Class of links, hosts, models or set-ups that it applies to.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub class: String,
    /// Runtime that it applies to, by id.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub runtime: String,
    /// Low end.
    pub low: f64,
    /// Typical value.
    pub typical: f64,
    /// High end.
    pub high: f64,
    /// Number of measurements that the values come from; 0 if they are assumed.
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
    /// Returns the most specific entry that matches; a runtime counts before a class.
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
