//! The figures of an estimate: numbers on a tape, grouped by topic.

use crate::model::units::Digits;

/// An expected value with the edges of its band, from measurements of similar cases.
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
    /// Returns the number of digits that the width of the band supports.
    #[must_use]
    pub fn digits(&self) -> Digits {
        Digits::for_band(self.low, self.high)
    }
}

/// The resource that limits the speed of a phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// Reading weights and caches.
    Bandwidth,
    /// Arithmetic.
    Compute,
    /// Launches and synchronisation.
    Overhead,
    /// Memory: the case does not fit.
    Memory,
}

impl Bound {
    /// Returns the name of the resource.
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
    /// Recurrent states of all streams; `None` if the model has none.
    pub state: Option<N>,
    /// Runtime and activations.
    pub overhead: N,
    /// Sum of the above.
    pub total: N,
    /// Memory that the machine offers, and the host where weights may go there.
    pub usable: N,
    /// Usable less total; negative if the case does not fit.
    pub free: N,
    /// True if the case fits.
    pub fits: bool,
    /// Streams that fit at this context; `None` if a stream takes no memory.
    pub max_streams: Option<N>,
    /// Context that fits for this number of streams.
    pub max_context: N,
    /// The part in system memory; `None` if all is on the device.
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

/// Times of one decode step, seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StepTimes<N> {
    /// Reading the weights.
    pub weights: N,
    /// Computing the matrices; `None` if the machine's compute rate is not known.
    pub compute: Option<N>,
    /// Attention: reading the caches and computing.
    pub attention: N,
    /// Fixed overhead, messages between devices included.
    pub overhead: N,
    /// The whole step, per token gained if drafts are verified.
    pub step: N,
}

/// The figures of decode.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Decode<N> {
    /// Weights read per step, bytes.
    pub weights_read: N,
    /// Caches and states read per step by all streams, bytes.
    pub cache_read: N,
    /// The resource that limits the speed.
    pub bound: Bound,
    /// Times of one step.
    pub times: StepTimes<N>,
    /// Speeds; `None` if the case does not fit or cannot run.
    pub speeds: Option<Speeds<N>>,
}

/// Prefill of one request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prefill<N> {
    /// Tokens per second.
    pub speed: Band<N>,
    /// Time to first token, seconds; `low` is the fast edge.
    pub ttft: Band<N>,
    /// The resource that limits the speed.
    pub bound: Bound,
}

/// The roofline of decode: the point at which compute instead of bandwidth limits the speed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Roofline<N> {
    /// FLOP that the machine can do in the time of reading one byte.
    pub balance: N,
    /// FLOP per byte of a decode step.
    pub intensity: N,
    /// Streams at which computing a step takes as long as reading its weights.
    pub crossover: N,
}

/// The costs of owning.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cost<N> {
    /// Price, USD; includes the host's if the user states it.
    pub price: N,
    /// Price per marketed GB.
    pub usd_per_gb: N,
    /// Price per usable GiB.
    pub usd_per_usable_gib: N,
    /// Price per GB/s of bandwidth.
    pub usd_per_gbs: N,
    /// Cost per million output tokens, USD; `None` if the speed or the power is not known.
    pub usd_per_mtok: Option<N>,
}

/// Yearly electricity of the working computer, USD.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bill<N> {
    /// While generating.
    pub load: N,
    /// At idle; `None` if the idle power is not known.
    pub idle: Option<N>,
    /// Sum of both; `None` if the idle power is not known.
    pub total: Option<N>,
}

/// Owning a working computer against paying a provider per token.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BreakEven<N> {
    /// Price of the provider per million output tokens, USD.
    pub theirs: N,
    /// Electricity of the owned machine per million output tokens, USD.
    pub energy: N,
    /// The break-even point; `None` if electricity alone costs at least as much as the provider.
    pub paid: Option<Paid<N>>,
}

/// The amounts of use at which owning has paid for itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Paid<N> {
    /// Million output tokens until then.
    pub mtok: N,
    /// Months until then at the scenario's share of hours in use.
    pub months: N,
    /// Hours of use a day that pay within the years of use; above 24, owning never pays.
    pub hours_per_day: N,
}

/// The machine as a working computer: a bare card includes its host, whether stated by the user or assumed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Computer<N> {
    /// Price, USD; `None` if that of the machine is not known.
    pub price: Option<N>,
    /// Power while generating, watts; `None` if that of the machine is not known.
    pub load_watts: Option<N>,
    /// Power at idle, watts; `None` if that of the machine is not known.
    pub idle_watts: Option<N>,
}

/// All figures of one estimate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate<N> {
    /// Specified bandwidth, bytes per second.
    pub bandwidth: N,
    /// Memory.
    pub memory: Memory<N>,
    /// Decode.
    pub decode: Decode<N>,
    /// Prefill; `None` if the case does not fit or cannot run, or the machine's compute rate is not known.
    pub prefill: Option<Prefill<N>>,
    /// Time to the whole answer, seconds; `low` is the fast edge. `None` when `prefill` is.
    pub answer_time: Option<Band<N>>,
    /// Roofline of decode; `None` if the machine's compute rate is not known.
    pub roofline: Option<Roofline<N>>,
    /// Steady output tokens per second of all streams when prefill runs on the same device.
    pub served: Option<Band<N>>,
    /// Number of users who fit and each get the least speed; `None` if no least speed is set or there is no speed.
    pub users: Option<N>,
    /// Power under load, watts; includes the host's if the user states it.
    pub load_watts: Option<N>,
    /// Power at idle, watts; includes the host's if the user states it.
    pub idle_watts: Option<N>,
    /// Energy per token, joules.
    pub joules_per_token: Option<N>,
    /// Costs; `None` if no price is known.
    pub cost: Option<Cost<N>>,
    /// Energy per million tokens, kWh.
    pub kwh_per_mtok: Option<N>,
    /// The machine as a working computer.
    pub computer: Computer<N>,
    /// Yearly electricity of the working computer; `None` if its power is not known.
    pub bill: Option<Bill<N>>,
    /// Break-even against renting; `None` if the price, the power or the speed is not known, or no machine for rent
    /// runs the model.
    pub rent: Option<BreakEven<N>>,
    /// Break-even against an API; `None` if the price, the power or the speed is not known, or no API price of the
    /// model is.
    pub api: Option<BreakEven<N>>,
}
