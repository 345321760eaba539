//! What an estimate answers: numbers on a tape, grouped as people ask for them.

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

/// What a phase waits for.
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
    /// What the machine offers.
    pub usable: N,
    /// Usable less total; negative where it does not fit.
    pub free: N,
    /// Whether it fits.
    pub fits: bool,
    /// Streams that fit at this context; `None` where streams take no memory.
    pub max_streams: Option<N>,
    /// Context that fits for this many streams.
    pub max_context: N,
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
    /// What it waits for.
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
    /// What it waits for.
    pub bound: Bound,
}

/// Where reading ends and computing begins to set the speed of decode.
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
    /// Price, USD; with the host's where the person states it.
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

/// Owning a working computer against paying somebody else per token.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BreakEven<N> {
    /// What they take per million output tokens, USD.
    pub theirs: N,
    /// Electricity of the own machine per million output tokens, USD.
    pub energy: N,
    /// When owning has paid; `None` where electricity alone costs as much as they take.
    pub paid: Option<Paid<N>>,
}

/// When owning has paid.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Paid<N> {
    /// After so many million tokens.
    pub mtok: N,
    /// After so many months at the scenario's use.
    pub months: N,
    /// Within the years of use at so many hours a day; more than 24 is never.
    pub hours_per_day: N,
}

/// The machine as a working computer: with the host that a bare card needs, whether or not the person states one.
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
    /// Power under load, watts; with the host's as far as the person states it.
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

/// Figures that can be asked for by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure {
    /// The name: the path of its field in machine-readable output without the unit.
    pub id: &'static str,
    /// What it is, for people.
    pub label: &'static str,
    at: FigureId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FigureId {
    Bandwidth,
    Weights,
    Kv,
    State,
    Overhead,
    Total,
    Usable,
    MaxStreams,
    MaxContext,
    WeightsRead,
    CacheRead,
    Ceiling,
    Expected,
    Low,
    High,
    AggregateCeiling,
    Aggregate,
    AggregateLow,
    AggregateHigh,
    Prefill,
    Ttft,
    AnswerTime,
    Balance,
    Intensity,
    Crossover,
    Served,
    LoadWatts,
    IdleWatts,
    TotalWatts,
    Joules,
    Kwh,
    BillLoad,
    BillIdle,
    Bill,
    Price,
    TotalPrice,
    UsdPerUsable,
    UsdPerGbs,
    UsdPerGb,
    UsdPerMtok,
    RentPerMtok,
    Rent,
    RentMonths,
    RentHours,
    ApiPerMtok,
    Api,
    ApiMonths,
    ApiHours,
    EnergyPerMtok,
}

/// All figures, in the order of the machine-readable output.
pub static FIGURES: &[Figure] = &[
    Figure { id: "bandwidth", label: "memory bandwidth", at: FigureId::Bandwidth },
    Figure { id: "memory.weights", label: "weights in memory", at: FigureId::Weights },
    Figure { id: "memory.kv", label: "KV cache in memory", at: FigureId::Kv },
    Figure { id: "memory.state", label: "state in memory", at: FigureId::State },
    Figure { id: "memory.overhead", label: "runtime and activations", at: FigureId::Overhead },
    Figure { id: "memory.total", label: "memory needed", at: FigureId::Total },
    Figure { id: "memory.usable", label: "usable memory", at: FigureId::Usable },
    Figure { id: "memory.max-concurrency", label: "streams that fit", at: FigureId::MaxStreams },
    Figure { id: "memory.max-context", label: "context that fits", at: FigureId::MaxContext },
    Figure { id: "decode.weights-read", label: "weights read per step", at: FigureId::WeightsRead },
    Figure { id: "decode.kv-read", label: "caches read per step", at: FigureId::CacheRead },
    Figure { id: "decode.ceiling", label: "decode ceiling of one stream", at: FigureId::Ceiling },
    Figure { id: "decode.low", label: "low edge of expected decode", at: FigureId::Low },
    Figure { id: "decode.expected", label: "expected decode of one stream", at: FigureId::Expected },
    Figure { id: "decode.high", label: "high edge of expected decode", at: FigureId::High },
    Figure { id: "decode.aggregate-ceiling", label: "decode ceiling of all streams", at: FigureId::AggregateCeiling },
    Figure { id: "decode.aggregate-low", label: "low edge of all streams", at: FigureId::AggregateLow },
    Figure { id: "decode.aggregate", label: "expected decode of all streams", at: FigureId::Aggregate },
    Figure { id: "decode.aggregate-high", label: "high edge of all streams", at: FigureId::AggregateHigh },
    Figure { id: "prefill", label: "expected prefill", at: FigureId::Prefill },
    Figure { id: "prefill.ttft", label: "time to first token", at: FigureId::Ttft },
    Figure { id: "answer-time", label: "time to the whole answer", at: FigureId::AnswerTime },
    Figure { id: "roofline.balance", label: "balance of the machine", at: FigureId::Balance },
    Figure { id: "roofline.intensity", label: "intensity of a decode step", at: FigureId::Intensity },
    Figure { id: "roofline.crossover", label: "streams where compute takes over", at: FigureId::Crossover },
    Figure { id: "served", label: "output served with prefill on the same device", at: FigureId::Served },
    Figure { id: "power.load", label: "power under load", at: FigureId::LoadWatts },
    Figure { id: "power.idle", label: "power at idle", at: FigureId::IdleWatts },
    Figure { id: "power.total-load", label: "power under load of the working computer", at: FigureId::TotalWatts },
    Figure { id: "power.joules-per-token", label: "energy per token", at: FigureId::Joules },
    Figure { id: "power.kwh-per-mtok", label: "energy per million tokens", at: FigureId::Kwh },
    Figure { id: "power.bill-load", label: "yearly electricity while generating", at: FigureId::BillLoad },
    Figure { id: "power.bill-idle", label: "yearly electricity at idle", at: FigureId::BillIdle },
    Figure { id: "power.bill", label: "yearly electricity of the working computer", at: FigureId::Bill },
    Figure { id: "cost.price", label: "price", at: FigureId::Price },
    Figure { id: "cost.total", label: "price of the working computer", at: FigureId::TotalPrice },
    Figure { id: "cost.usd-per-gb", label: "cost per GB", at: FigureId::UsdPerGb },
    Figure { id: "cost.usd-per-gb-usable", label: "cost per usable GiB", at: FigureId::UsdPerUsable },
    Figure { id: "cost.usd-per-gbs", label: "cost per GB/s", at: FigureId::UsdPerGbs },
    Figure { id: "cost.usd-per-mtok", label: "cost per million tokens", at: FigureId::UsdPerMtok },
    Figure { id: "break-even.energy", label: "electricity per million tokens", at: FigureId::EnergyPerMtok },
    Figure { id: "break-even.rent-usd-per-mtok", label: "rent per million tokens", at: FigureId::RentPerMtok },
    Figure { id: "break-even.rent", label: "break-even against renting", at: FigureId::Rent },
    Figure { id: "break-even.rent-months", label: "months to break even against renting", at: FigureId::RentMonths },
    Figure { id: "break-even.rent-hours", label: "hours a day to break even against renting", at: FigureId::RentHours },
    Figure { id: "break-even.api-usd-per-mtok", label: "API price per million tokens", at: FigureId::ApiPerMtok },
    Figure { id: "break-even.api", label: "break-even against the API", at: FigureId::Api },
    Figure { id: "break-even.api-months", label: "months to break even against the API", at: FigureId::ApiMonths },
    Figure { id: "break-even.api-hours", label: "hours a day to break even against the API", at: FigureId::ApiHours },
];

impl Figure {
    /// The figure called `id`.
    #[must_use]
    pub fn named(id: &str) -> Option<&'static Figure> {
        FIGURES.iter().find(|figure| figure.id == id)
    }

    /// The edges of the band that the figure, or the speed it is computed from, lies in; `None` where it has none.
    #[must_use]
    pub fn band<N: Copy>(self, estimate: &Estimate<N>) -> Option<(N, N)> {
        let speeds = estimate.decode.speeds.as_ref();
        let band = match self.at {
            FigureId::Expected | FigureId::Low | FigureId::High => speeds.map(|s| s.each),
            FigureId::Aggregate
            | FigureId::AggregateLow
            | FigureId::AggregateHigh
            | FigureId::Joules
            | FigureId::UsdPerMtok
            | FigureId::Kwh => speeds.map(|s| s.aggregate),
            FigureId::Prefill => estimate.prefill.map(|p| p.speed),
            FigureId::Ttft => estimate.prefill.map(|p| p.ttft),
            FigureId::AnswerTime => estimate.answer_time,
            FigureId::Served => estimate.served,
            _ => None,
        };
        band.map(|band| (band.low, band.high))
    }

    /// The edges of the figure's band in the figure's own unit; `None` for one that only rests on a speed with a band,
    /// as costs and energy do.
    #[must_use]
    pub fn own_band<N: Copy>(self, estimate: &Estimate<N>) -> Option<(N, N)> {
        match self.at {
            FigureId::Joules | FigureId::UsdPerMtok | FigureId::Kwh => None,
            _ => self.band(estimate),
        }
    }

    /// The figure's number in an estimate; `None` where it does not apply or is not known.
    #[must_use]
    pub fn of<N: Copy>(self, estimate: &Estimate<N>) -> Option<N> {
        let Estimate { memory, decode, .. } = estimate;
        let speeds = decode.speeds.as_ref();
        let (rent, api) = (estimate.rent.as_ref(), estimate.api.as_ref());
        let (rented, called) = (rent.and_then(|rent| rent.paid), api.and_then(|api| api.paid));
        match self.at {
            FigureId::Bandwidth => Some(estimate.bandwidth),
            FigureId::Weights => Some(memory.weights),
            FigureId::Kv => Some(memory.kv),
            FigureId::State => memory.state,
            FigureId::Overhead => Some(memory.overhead),
            FigureId::Total => Some(memory.total),
            FigureId::Usable => Some(memory.usable),
            FigureId::MaxStreams => memory.max_streams,
            FigureId::MaxContext => Some(memory.max_context),
            FigureId::WeightsRead => Some(decode.weights_read),
            FigureId::CacheRead => Some(decode.cache_read),
            FigureId::Ceiling => speeds.map(|s| s.ceiling),
            FigureId::Expected => speeds.map(|s| s.each.expected),
            FigureId::Low => speeds.map(|s| s.each.low),
            FigureId::High => speeds.map(|s| s.each.high),
            FigureId::AggregateCeiling => speeds.map(|s| s.aggregate_ceiling),
            FigureId::Aggregate => speeds.map(|s| s.aggregate.expected),
            FigureId::AggregateLow => speeds.map(|s| s.aggregate.low),
            FigureId::AggregateHigh => speeds.map(|s| s.aggregate.high),
            FigureId::Prefill => estimate.prefill.map(|p| p.speed.expected),
            FigureId::Ttft => estimate.prefill.map(|p| p.ttft.expected),
            FigureId::AnswerTime => estimate.answer_time.map(|t| t.expected),
            FigureId::Balance => estimate.roofline.map(|r| r.balance),
            FigureId::Intensity => estimate.roofline.map(|r| r.intensity),
            FigureId::Crossover => estimate.roofline.map(|r| r.crossover),
            FigureId::Served => estimate.served.map(|s| s.expected),
            FigureId::LoadWatts => estimate.load_watts,
            FigureId::IdleWatts => estimate.idle_watts,
            FigureId::TotalWatts => estimate.computer.load_watts,
            FigureId::Joules => estimate.joules_per_token,
            FigureId::Kwh => estimate.kwh_per_mtok,
            FigureId::BillLoad => estimate.bill.map(|b| b.load),
            FigureId::BillIdle => estimate.bill.and_then(|b| b.idle),
            FigureId::Bill => estimate.bill.and_then(|b| b.total),
            FigureId::UsdPerUsable => estimate.cost.map(|c| c.usd_per_usable_gib),
            FigureId::UsdPerGbs => estimate.cost.map(|c| c.usd_per_gbs),
            FigureId::EnergyPerMtok => rent.or(api).map(|b| b.energy),
            FigureId::RentPerMtok => rent.map(|b| b.theirs),
            FigureId::Rent => rented.map(|p| p.mtok),
            FigureId::RentMonths => rented.map(|p| p.months),
            FigureId::RentHours => rented.map(|p| p.hours_per_day),
            FigureId::ApiPerMtok => api.map(|b| b.theirs),
            FigureId::Api => called.map(|p| p.mtok),
            FigureId::ApiMonths => called.map(|p| p.months),
            FigureId::ApiHours => called.map(|p| p.hours_per_day),
            FigureId::Price => estimate.cost.map(|c| c.price),
            FigureId::TotalPrice => estimate.computer.price,
            FigureId::UsdPerGb => estimate.cost.map(|c| c.usd_per_gb),
            FigureId::UsdPerMtok => estimate.cost.and_then(|c| c.usd_per_mtok),
        }
    }
}
