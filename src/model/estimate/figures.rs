//! The answers of an estimate: numbers on a tape, grouped as people ask for them.

use crate::model::units::Digits;

/// A typical value with the edges that like measurements reached.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band<N> {
    /// 5th percentile.
    pub low: N,
    /// Typical.
    pub expected: N,
    /// 95th percentile, never above the ceiling.
    pub high: N,
}

impl Band<f64> {
    /// Digits that the band supports.
    #[must_use]
    pub fn digits(&self) -> Digits {
        Digits::for_band(self.low, self.high)
    }
}

/// The resource that a phase waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// Reading weights and caches.
    Bandwidth,
    /// Arithmetic.
    Compute,
    /// Launches and synchronisation.
    Overhead,
    /// It does not fit.
    Memory,
}

impl Bound {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Bound::Bandwidth => "bandwidth",
            Bound::Compute => "compute",
            Bound::Overhead => "overhead",
            Bound::Memory => "memory",
        }
    }
}

/// Memory, in bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Memory<N> {
    /// All weights.
    pub weights: N,
    /// Caches of all streams.
    pub kv: N,
    /// Recurrent states of all streams, where the model has them.
    pub state: Option<N>,
    /// Runtime and activations.
    pub overhead: N,
    /// Sum of the above.
    pub total: N,
    /// Memory that the machine offers.
    pub usable: N,
    /// Usable less total; negative where it does not fit.
    pub free: N,
    /// True if it fits.
    pub fits: bool,
    /// Streams that fit at this context; `None` where streams take no memory.
    pub max_streams: Option<N>,
    /// Context that fits for this many streams.
    pub max_context: N,
    /// The part in system memory; `None` where nothing lies there.
    pub offload: Option<super::setup::Offloaded<N>>,
}

/// Speeds of decode, tokens per second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Speeds<N> {
    /// Ceiling of one stream.
    pub ceiling: N,
    /// Expected for one stream.
    pub each: Band<N>,
    /// Ceiling of all streams.
    pub aggregate_ceiling: N,
    /// Expected for all streams.
    pub aggregate: Band<N>,
}

/// Shares of one decode step, seconds, as the bound and the budget bar need them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StepTimes<N> {
    /// Reading the weights.
    pub weights: N,
    /// Computing the matrices; `None` where the machine's rate is not known.
    pub compute: Option<N>,
    /// Attention.
    pub attention: N,
    /// Fixed cost.
    pub overhead: N,
    /// The whole step.
    pub step: N,
}

/// Decode.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Decode<N> {
    /// Weights read per step, bytes.
    pub weights_read: N,
    /// Caches and states read per step by all streams, bytes.
    pub cache_read: N,
    /// The resource that it waits for.
    pub bound: Bound,
    /// Times of one step.
    pub times: StepTimes<N>,
    /// Speeds; `None` where it does not fit or cannot run.
    pub speeds: Option<Speeds<N>>,
}

/// Prefill of one request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prefill<N> {
    /// Tokens per second.
    pub speed: Band<N>,
    /// Time to first token, seconds: `low` is the fast edge.
    pub ttft: Band<N>,
    /// The resource that it waits for.
    pub bound: Bound,
}

/// The point at which reading ends and computing begins to set the speed of decode.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Roofline<N> {
    /// FLOP that the machine does in the time of reading a byte.
    pub balance: N,
    /// FLOP per byte of a decode step.
    pub intensity: N,
    /// Streams at which computing a step takes as long as reading its weights.
    pub crossover: N,
}

/// Money.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cost<N> {
    /// Price, USD; with the host's where the user states it.
    pub price: N,
    /// Price per marketed GB.
    pub usd_per_gb: N,
    /// Price per usable GiB.
    pub usd_per_usable_gib: N,
    /// Price per GB/s of bandwidth.
    pub usd_per_gbs: N,
    /// Cost per million output tokens, where there is a speed and a power.
    pub usd_per_mtok: Option<N>,
}

/// Yearly electricity of the working computer, USD.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bill<N> {
    /// While generating.
    pub load: N,
    /// At rest; `None` where the power at idle is not known.
    pub idle: Option<N>,
    /// Both.
    pub total: Option<N>,
}

/// Owning a working computer against paying a provider per token.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BreakEven<N> {
    /// Price of the provider per million output tokens, USD.
    pub theirs: N,
    /// Electricity of the own machine per million output tokens, USD.
    pub energy: N,
    /// When owning has paid; `None` where electricity alone costs as much as the provider.
    pub paid: Option<Paid<N>>,
}

/// When owning has paid.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Paid<N> {
    /// Million tokens until owning has paid.
    pub mtok: N,
    /// Months until then at the scenario's use.
    pub months: N,
    /// Hours of use a day that pay within the years of use; more than 24 is never.
    pub hours_per_day: N,
}

/// The machine as a working computer: with the host that a bare card needs, stated by the user or not.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Computer<N> {
    /// Price, USD, where that of the machine is known.
    pub price: Option<N>,
    /// Power while generating, watts, where that of the machine is known.
    pub load_watts: Option<N>,
    /// Power at rest, watts, where that of the machine is known.
    pub idle_watts: Option<N>,
}

/// Everything one estimate answers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate<N> {
    /// Specified bandwidth, bytes per second.
    pub bandwidth: N,
    /// Memory.
    pub memory: Memory<N>,
    /// Decode.
    pub decode: Decode<N>,
    /// Prefill; `None` where it does not fit, cannot run, or the machine's compute rate is not known.
    pub prefill: Option<Prefill<N>>,
    /// Time to the whole answer, seconds: `low` is the fast edge; `None` as for prefill.
    pub answer_time: Option<Band<N>>,
    /// Roofline of decode; `None` where the machine's compute rate is not known.
    pub roofline: Option<Roofline<N>>,
    /// Steady output tokens per second with prefill on the same device.
    pub served: Option<Band<N>>,
    /// Power under load, watts; with the host's as far as the user states it.
    pub load_watts: Option<N>,
    /// Power at rest, watts; likewise.
    pub idle_watts: Option<N>,
    /// Energy per token.
    pub joules_per_token: Option<N>,
    /// Money; `None` where no price is known.
    pub cost: Option<Cost<N>>,
    /// Energy per million tokens, kWh.
    pub kwh_per_mtok: Option<N>,
    /// The machine as a working computer.
    pub computer: Computer<N>,
    /// Its yearly electricity; `None` where its power is not known.
    pub bill: Option<Bill<N>>,
    /// Against renting; `None` where price, power or speed is not known or nothing to rent runs it.
    pub rent: Option<BreakEven<N>>,
    /// Against an API; `None` likewise, or where no API price of the model is known.
    pub api: Option<BreakEven<N>>,
}
