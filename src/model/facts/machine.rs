//! A machine that can be bought or rented.

use serde::{Deserialize, Serialize};

use super::{Date, Fact, Sources};

/// What kind of box it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MachineKind {
    /// Runs on battery.
    Laptop,
    /// A complete computer for the desk.
    Desktop,
    /// A professional graphics card.
    WorkstationGpu,
    /// A gaming graphics card.
    ConsumerGpu,
    /// A card for a server.
    DatacenterGpu,
    /// Rented by the hour.
    Cloud,
}

impl MachineKind {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            MachineKind::Laptop => "laptop",
            MachineKind::Desktop => "desktop",
            MachineKind::WorkstationGpu => "workstation card",
            MachineKind::ConsumerGpu => "consumer card",
            MachineKind::DatacenterGpu => "datacenter card",
            MachineKind::Cloud => "cloud",
        }
    }
}

/// Whether the machine is a computer of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Host {
    /// A complete computer.
    Complete,
    /// A bare card: price and power are without the computer around it.
    NeedsHost,
    /// Rented with a host.
    Rented,
}

/// What a power was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Metered {
    /// The whole machine, at the wall.
    Wall,
}

impl Metered {
    /// The words for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Metered::Wall => "at the wall",
        }
    }
}

/// One machine configuration: each memory or GPU variant is its own entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Machine {
    /// Identifier, lower case.
    pub id: String,
    /// Full name with the variant.
    pub name: String,
    /// Name for narrow columns, at most 14 characters.
    pub short: String,
    /// What kind of box it is.
    pub kind: MachineKind,
    /// Machines of a family share efficiency data and software support.
    pub family: String,
    /// Other products with the same inside.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Ids of the sources behind every fact here that names none of its own.
    pub source: Sources,
    /// Date of every fact here that names none of its own.
    pub date: Date,
    /// Marketed memory in "GB": the label and the divisor of $/GB.
    pub memory_gb: Fact,
    /// Kind of memory, in words.
    pub memory_type: String,
    /// Specified memory bandwidth, GB/s.
    pub bandwidth_gbs: Fact,
    /// Memory that model, cache and runtime can use, GiB.
    pub usable_gib: Fact,
    /// Dense FP16 tensor rate with FP32 accumulation, TFLOPS.
    #[serde(default)]
    pub fp16_tflops: Option<Fact>,
    /// Dense 16-bit rate that inference kernels reach for where it differs from `fp16_tflops`, TFLOPS.
    #[serde(default)]
    pub inference_tflops: Option<Fact>,
    /// Dense FP8 tensor rate, TFLOPS.
    #[serde(default)]
    pub fp8_tflops: Option<Fact>,
    /// Dense FP4 tensor rate, TFLOPS.
    #[serde(default)]
    pub fp4_tflops: Option<Fact>,
    /// FP4 rate with 2:4 sparsity, as marketed, TFLOPS. Shown, never computed with.
    #[serde(default)]
    pub fp4_sparse_tflops: Option<Fact>,
    /// Thermal design power, watts.
    #[serde(default)]
    pub tdp_w: Option<Fact>,
    /// Power while generating, watts.
    #[serde(default)]
    pub load_w: Option<Fact>,
    /// What the power while generating was read from, where that is stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub load_metered: Option<Metered>,
    /// Power at idle, watts.
    #[serde(default)]
    pub idle_w: Option<Fact>,
    /// GPU cores or shaders.
    #[serde(default)]
    pub gpu_cores: Option<Fact>,
    /// Whether it is a computer or a card.
    pub host: Host,
    /// What it costs now; `None` where no price in USD was found.
    #[serde(default)]
    pub price: Option<MachinePrice>,
    /// Rent, USD per hour.
    #[serde(default)]
    pub rent_usd_per_hour: Option<Fact>,
    /// Smaller configurations that are worth a hollow tick beside this one's bar.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub variants: Vec<String>,
    /// Said where it is no longer sold, with the date.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub discontinued: String,
}

/// The price in USD of one machine, with its range.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MachinePrice {
    /// Typical price; its `low` and `high` are the range found.
    pub usd: Fact,
    /// What kind of price it is, in words: list, launch, street, used.
    pub kind: String,
}
