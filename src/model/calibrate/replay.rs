//! One measurement as the estimate of its conditions.

use crate::model::catalog::Catalog;
use crate::model::estimate::case::{Economics, EstimateInputs, Evidence, Load, Subject};
use crate::model::estimate::estimate;
use crate::model::estimate::trace::Sourced;
use crate::model::facts::{AggregateKind, Efficiency, Level, Machine, Measurement, Model, Task, Test};

/// Tokens in the cache where a source does not say: a short question.
const UNSTATED_CONTEXT: f64 = 512.0;
/// Tokens generated where a source does not say: what the usual benchmark generates.
const UNSTATED_GENERATE: f64 = 128.0;

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// One stream's decode.
    Decode,
    /// All streams while decoding.
    DecodePhase,
    /// Output over wall time, prefill included.
    EndToEnd,
    /// Prefill.
    Prefill,
}

impl Kind {
    /// The test it belongs to, as tables name it.
    #[must_use]
    pub fn test(self) -> &'static str {
        match self {
            Kind::Decode => "decode",
            Kind::DecodePhase | Kind::EndToEnd => "aggregate",
            Kind::Prefill => "prefill",
        }
    }
}

/// Why a measurement is not replayed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Skipped {
    /// Drafts were used.
    Speculative,
    /// The row is marked suspect.
    Suspect,
    /// The best short window, not a rate.
    Peak,
    /// An aggregate that does not say how it was taken.
    UnstatedAggregate,
    /// The model has no architecture in the catalog.
    NoArchitecture,
    /// The catalog lacks the machine, format or runtime.
    UnknownName,
    /// A prefill without its number of tokens.
    NoPrompt,
    /// Weights in system memory without how many, or without the memory's speed.
    UnstatedOffload,
    /// Drafts without the speed of the same machine without them, or without their number.
    NoBaseline,
}

impl Skipped {
    /// The reason in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Skipped::Speculative => "speculative decoding",
            Skipped::Suspect => "marked suspect",
            Skipped::Peak => "peak of a short window",
            Skipped::UnstatedAggregate => "how the aggregate was taken is not stated",
            Skipped::NoArchitecture => "the model's architecture is not in the catalog",
            Skipped::UnknownName => "machine, format or runtime is not in the catalog",
            Skipped::NoPrompt => "the prompt's length is not stated",
            Skipped::UnstatedOffload => "what lay in system memory, or its speed, is not stated",
            Skipped::NoBaseline => "the speed without drafts, or their number, is not stated",
        }
    }
}

/// A measurement with the case of its conditions.
#[derive(Clone, Debug)]
pub struct Replay<'c> {
    /// The measurement.
    pub row: &'c Measurement,
    /// Its machine.
    pub machine: &'c Machine,
    /// Its model.
    pub model: &'c Model,
    /// The class of its format.
    pub format_class: &'c str,
    /// What is compared.
    pub kind: Kind,
    /// The inputs of the estimate.
    pub case: EstimateInputs<'c>,
}

/// A prediction with its band.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Predicted {
    /// Lower edge.
    pub low: f64,
    /// Typical.
    pub expected: f64,
    /// Upper edge.
    pub high: f64,
}

/// The replay of a measurement with given efficiencies.
///
/// # Errors
/// [`Skipped`] where it cannot or must not be replayed.
pub fn replay<'r, 'c: 'r>(
    catalog: &'c Catalog,
    efficiency: &'r Efficiency,
    row: &'c Measurement,
) -> Result<Replay<'r>, Skipped> {
    let kind = kind(row)?;
    let model = catalog.model(&row.model).map_err(|_| Skipped::NoArchitecture)?;
    let unknown = |_| Skipped::UnknownName;
    let machine = catalog.machine(&row.machine).map_err(unknown)?;
    let format = catalog.format(&row.format).map_err(unknown)?;
    let runtime = catalog.runtime(&row.runtime).map_err(unknown)?;
    let kv_format = catalog.kv_format(&row.kv_format).map_err(unknown)?;
    let subject = Subject {
        machine,
        model,
        read_bytes: None,
        format,
        runtime,
        kv_format,
        setup: None,
        offload: None,
        draft: None,
        engine: None,
        processor: None,
    };
    let load = load(row, kind)?;
    let evidence = Evidence { efficiency, assumptions: &catalog.assumptions, setups: &catalog.setup_constants };
    let case = EstimateInputs::new(&subject, &load, free(), &evidence, true).map_err(|_| Skipped::UnknownName)?;
    Ok(Replay { row, machine, model, format_class: &format.class, kind, case: fitting(case) })
}

/// Money has no part in a replay.
pub(super) fn free<'c>() -> Economics<'c> {
    let nothing = Sourced::setting(0.0, "economics");
    Economics { price: None, host: None, years: nothing, utilisation: nothing, tariff: nothing, rent: None, api: None }
}

/// What was measured did fit: streams beyond the cache's room waited, and the usable memory was enough.
fn fitting(mut case: EstimateInputs<'_>) -> EstimateInputs<'_> {
    if let Some(most) = estimate(&case).memory.max_streams {
        case.streams.value = case.streams.value.min(most.max(1.0));
    }
    case.usable.value = f64::MAX;
    case
}

fn kind(row: &Measurement) -> Result<Kind, Skipped> {
    if row.speculative {
        return Err(Skipped::Speculative);
    }
    if !row.suspect.is_empty() {
        return Err(Skipped::Suspect);
    }
    match (row.test, row.aggregate) {
        (Test::Decode, _) => Ok(Kind::Decode),
        (Test::Prefill, _) => Ok(Kind::Prefill),
        (Test::Aggregate, Some(AggregateKind::DecodePhase)) => Ok(Kind::DecodePhase),
        (Test::Aggregate, Some(AggregateKind::EndToEnd)) => Ok(Kind::EndToEnd),
        (Test::Aggregate, Some(AggregateKind::Peak)) => Err(Skipped::Peak),
        (Test::Aggregate, Some(AggregateKind::Window) | None) => Err(Skipped::UnstatedAggregate),
    }
}

/// The load of a measurement: decode half-way through its answer, prefill behind its cached prefix.
fn load(row: &Measurement, kind: Kind) -> Result<Load, Skipped> {
    let stated = |value: Option<f64>| value.filter(|value| *value > 0.0);
    let generate = stated(row.generate).unwrap_or(UNSTATED_GENERATE);
    let asked = stated(row.prompt).or(stated(row.context));
    let before = row.context.or(row.prompt).unwrap_or(UNSTATED_CONTEXT);
    let (prompt, cached) = match (kind, stated(row.prompt), stated(row.context)) {
        // A context as long as the prompt is the prompt itself; any other was there before it.
        (Kind::Prefill, Some(prompt), Some(context)) if prompt.total_cmp(&context).is_ne() => (prompt, context),
        (Kind::Prefill, prompt, context) => (prompt.or(context).ok_or(Skipped::NoPrompt)?, 0.0),
        _ => (asked.unwrap_or(UNSTATED_CONTEXT), 0.0),
    };
    Ok(Load {
        concurrency: row.concurrency.max(1.0),
        context: before + generate / 2.0,
        prompt,
        cached,
        generate,
        drafted: 0.0,
        acceptance: None,
        task: Task::default(),
    })
}

impl Replay<'_> {
    /// What the estimate says of these conditions; `None` where it says nothing.
    #[must_use]
    pub fn predicted(&self) -> Option<Predicted> {
        predict(&self.case, self.kind)
    }

    /// The simplest rule anyone uses: bandwidth over the bytes of the active parameters, times the streams.
    #[must_use]
    pub fn naive(&self) -> Option<f64> {
        let estimate = estimate(&EstimateInputs { streams: Sourced { value: 1.0, ..self.case.streams }, ..self.case });
        let streams = self.case.streams.value;
        match self.kind {
            Kind::Prefill => None,
            _ => Some(streams * self.case.bandwidth.value / estimate.decode.weights_read),
        }
    }

    /// How close the evidence behind the estimate is.
    #[must_use]
    pub fn level(&self) -> Level {
        self.case.evidence.1
    }
}

/// The figure of a case that a kind of measurement observes.
#[must_use]
pub fn predict(case: &EstimateInputs<'_>, kind: Kind) -> Option<Predicted> {
    let numbers = estimate(case);
    let band = match kind {
        Kind::Decode => numbers.decode.speeds?.each,
        Kind::DecodePhase => numbers.decode.speeds?.aggregate,
        Kind::EndToEnd => numbers.served?,
        Kind::Prefill => numbers.prefill?.speed,
    };
    Some(Predicted { low: band.low, expected: band.expected, high: band.high })
}
