//! A machine that can be bought or rented.

use serde::{Deserialize, Serialize};

use super::{Date, Fact, Sources};

/// The form of a machine.
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
    /// Returns the word for it.
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

/// The computer that a machine needs or has around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Host {
    /// A complete computer.
    Complete,
    /// A bare card: price and power are without the computer around it.
    NeedsHost,
    /// Rented with a host.
    Rented,
}

/// The place where a power was metered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Metered {
    /// The whole machine, at the wall.
    Wall,
}

impl Metered {
    /// Returns the words for it.
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
    /// Its colour and glyph: a place of the palette, from 1. The first three belong to the machines of the start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<u8>,
    /// Its form.
    pub kind: MachineKind,
    /// Machines of a family share efficiency data and software support.
    pub family: String,
    /// Other names that people type for it, products with the same inside among them.
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
    /// Memory that model, cache and runtime can use with the system's default settings, GiB. `low` is what is sure to be
    /// free beside the system, where that is less.
    pub usable_gib: Fact,
    /// Memory that they can use once the user raises the system's limit (wired limit on macOS, GTT on Linux), GiB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raised_gib: Option<Fact>,
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
    /// The place where the power while generating was metered, where that is stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub load_metered: Option<Metered>,
    /// Power at idle, watts.
    #[serde(default)]
    pub idle_w: Option<Fact>,
    /// GPU cores or shaders.
    #[serde(default)]
    pub gpu_cores: Option<Fact>,
    /// A computer of its own or a bare card.
    pub host: Host,
    /// Its newest price; `None` where no price in USD was found.
    #[serde(default)]
    pub price: Option<MachinePrice>,
    /// Rent, USD per hour.
    #[serde(default)]
    pub rent_usd_per_hour: Option<Fact>,
    /// Smaller configurations that are worth a hollow tick beside this one's bar.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub variants: Vec<String>,
    /// The way in which it is offered today.
    #[serde(default)]
    pub availability: Availability,
}

impl Machine {
    /// Returns the memory that can be used at most, GiB: after the user has raised the system's limit.
    #[must_use]
    pub fn most_usable_gib(&self) -> f64 {
        let raised = self.raised_gib.as_ref().map_or(0.0, |raised| raised.value);
        self.usable_gib.value.max(raised)
    }

    /// Returns true if it can be bought today, new or used: not withdrawn, not rented, and not on pre-order alone.
    #[must_use]
    pub fn is_on_the_market(&self) -> bool {
        self.host != Host::Rented && !matches!(self.availability.state, Offer::Withdrawn | Offer::PreOrder)
    }
}

/// The way in which a machine is offered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Offer {
    /// New, from its maker or in shops.
    OnSale,
    /// Announced with a price, not yet delivered.
    PreOrder,
    /// Second-hand alone.
    Used,
    /// No longer sold by its maker, and not common second-hand.
    Withdrawn,
    /// No source says.
    #[default]
    Unknown,
}

impl Offer {
    /// Returns the word for it, as machine-readable answers write it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Offer::OnSale => "on-sale",
            Offer::PreOrder => "pre-order",
            Offer::Used => "used",
            Offer::Withdrawn => "withdrawn",
            Offer::Unknown => "unknown",
        }
    }
}

/// The offer of a machine, with its date and sources.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Availability {
    /// The way in which it is offered.
    pub state: Offer,
    /// When it was seen offered in this way, or withdrawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// Ids of the sources; those of the machine where empty.
    #[serde(default, skip_serializing_if = "super::fact::is_empty")]
    pub source: Sources,
    /// A sentence about it: "withdrawn 2026-08-25", "often out of stock".
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// The price in USD of one machine, with its range.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MachinePrice {
    /// Typical price; its `low` and `high` are the range found.
    pub usd: Fact,
    /// The kind of price in words: list, launch, street, used.
    pub kind: String,
}
