//! Machines that can be bought or rented.

use serde::{Deserialize, Serialize};

use super::{Date, Fact, Sources};

/// The form of a machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MachineKind {
    /// A laptop, which runs on battery.
    Laptop,
    /// A complete desktop computer.
    Desktop,
    /// A professional graphics card.
    WorkstationGpu,
    /// A consumer graphics card.
    ConsumerGpu,
    /// A card for a server.
    DatacenterGpu,
    /// A machine rented by the hour.
    Cloud,
}

impl MachineKind {
    /// Returns the form as a word.
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

/// The host computer of a machine: part of it, or needed around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Host {
    /// A complete computer.
    Complete,
    /// A bare card: its price and power do not include a host.
    NeedsHost,
    /// Rented with a host.
    Rented,
}

/// The place at which a power was metered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Metered {
    /// The whole machine, at the wall.
    Wall,
}

impl Metered {
    /// Returns the place in words.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Metered::Wall => "at the wall",
        }
    }
}

/// One configuration of a machine: each memory or GPU variant is an entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Machine {
    /// Identifier, lower case.
    pub id: String,
    /// Full name, variant included.
    pub name: String,
    /// Name for narrow columns, at most 14 characters.
    pub short: String,
    /// Index in the palette of colours and glyphs, from 1. The first three belong to the machines of the default
    /// scenario.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<u8>,
    /// Its form.
    pub kind: MachineKind,
    /// Family of machines: its members share efficiencies and software support.
    pub family: String,
    /// Other names that users type, including products with the same hardware.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Ids of the sources of all facts here that name none.
    pub source: Sources,
    /// Date of all facts here that have none.
    pub date: Date,
    /// Marketed memory, GB: the machine's label, and the divisor of the price per GB.
    pub memory_gb: Fact,
    /// Kind of memory, in words.
    pub memory_type: String,
    /// Specified memory bandwidth, GB/s.
    pub bandwidth_gbs: Fact,
    /// Memory that model, cache and runtime can use with the operating system's default settings, GiB. `low` is the
    /// memory that is certainly free beside the operating system, if that is less.
    pub usable_gib: Fact,
    /// Memory that they can use after the user raises the operating system's limit (wired limit on macOS, GTT on
    /// Linux), GiB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raised_gib: Option<Fact>,
    /// Dense FP16 tensor rate with FP32 accumulation, TFLOPS.
    #[serde(default)]
    pub fp16_tflops: Option<Fact>,
    /// Dense 16-bit rate of inference kernels, TFLOPS, if it differs from `fp16_tflops`.
    #[serde(default)]
    pub inference_tflops: Option<Fact>,
    /// Dense FP8 tensor rate, TFLOPS.
    #[serde(default)]
    pub fp8_tflops: Option<Fact>,
    /// Dense FP4 tensor rate, TFLOPS.
    #[serde(default)]
    pub fp4_tflops: Option<Fact>,
    /// FP4 rate with 2:4 sparsity as marketed, TFLOPS. It is shown but not used in any formula.
    #[serde(default)]
    pub fp4_sparse_tflops: Option<Fact>,
    /// Thermal design power, watts.
    #[serde(default)]
    pub tdp_w: Option<Fact>,
    /// Power while generating, watts.
    #[serde(default)]
    pub load_w: Option<Fact>,
    /// The place at which the power while generating was metered, if stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub load_metered: Option<Metered>,
    /// Power at idle, watts.
    #[serde(default)]
    pub idle_w: Option<Fact>,
    /// GPU cores or shaders.
    #[serde(default)]
    pub gpu_cores: Option<Fact>,
    /// The host: part of the machine, needed around it, or rented with it.
    pub host: Host,
    /// Latest price; `None` if no price in USD was found.
    #[serde(default)]
    pub price: Option<MachinePrice>,
    /// Rent, USD per hour.
    #[serde(default)]
    pub rent_usd_per_hour: Option<Fact>,
    /// Ids of smaller configurations, whose bandwidth is marked by a hollow tick beside this machine's bar.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub variants: Vec<String>,
    /// Its availability for sale.
    #[serde(default)]
    pub availability: Availability,
}

impl Machine {
    /// Returns the memory that can be used after the user has raised the operating system's limit, GiB.
    #[must_use]
    pub fn most_usable_gib(&self) -> f64 {
        let raised = self.raised_gib.as_ref().map_or(0.0, |raised| raised.value);
        self.usable_gib.value.max(raised)
    }

    /// Returns true if the machine can be bought, new or used: it is neither withdrawn, nor rented, nor on pre-order.
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
    /// Second-hand only.
    Used,
    /// No longer sold by its maker, and not common second-hand.
    Withdrawn,
    /// No source says.
    #[default]
    Unknown,
}

impl Offer {
    /// Returns the offer as a word, as machine-readable answers write it.
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

/// The availability of a machine for sale, with its date and sources.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Availability {
    /// The way in which it is offered.
    pub state: Offer,
    /// The date on which this offer was seen, or on which the machine was withdrawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// Ids of the sources; if empty, those of the machine apply.
    #[serde(default, skip_serializing_if = "super::fact::is_empty")]
    pub source: Sources,
    /// A remark in words: "withdrawn 2026-08-25", "often out of stock".
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// The price of one machine in USD, with its range.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MachinePrice {
    /// Typical price; its `low` and `high` are the range found.
    pub usd: Fact,
    /// The kind of price in words: `list`, `launch`, `street` or `used`.
    pub kind: String,
}
