//! Replaying a measurement: the estimate of its conditions.

use crate::model::catalog::Catalog;
use crate::model::estimate::case::{Economics, EstimateInputs, Evidence, Load, Subject};
use crate::model::estimate::fit_and_decode;
use crate::model::estimate::observed::{decode_speeds, prefill_speed, served_speed, window_speed};
use crate::model::estimate::trace::Sourced;
use crate::model::facts::{AggregateKind, Efficiency, Level, Machine, Measurement, Model, Source, Task, Test};

/// Tokens in the cache if a source does not state them, as for a short question.
const UNSTATED_CONTEXT: f64 = 512.0;
/// Generated tokens if a source does not state them, as in the usual benchmark.
const UNSTATED_GENERATE: f64 = 128.0;

/// The kind of figure that is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Decode speed of one stream.
    Decode,
    /// Decode speed of all streams together.
    DecodePhase,
    /// Output tokens over wall time, prefill included.
    EndToEnd,
    /// Output tokens between the first token of any stream and the last token of all.
    Window,
    /// Prefill speed.
    Prefill,
}

impl Kind {
    /// Returns the test that the figure belongs to, as tables name it.
    #[must_use]
    pub fn test(self) -> &'static str {
        match self {
            Kind::Decode => "decode",
            Kind::DecodePhase | Kind::EndToEnd | Kind::Window => "aggregate",
            Kind::Prefill => "prefill",
        }
    }
}

/// The reason why a measurement is not replayed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Skipped {
    /// Speculative decoding was used.
    Speculative,
    /// The row is marked suspect.
    Suspect,
    /// The figure is the peak of a short window.
    Peak,
    /// The aggregate's definition is not stated.
    UnstatedAggregate,
    /// The model has no architecture in the catalog.
    NoArchitecture,
    /// The catalog lacks the machine, format or runtime.
    UnknownName,
    /// The prompt's length is not stated, and the figure includes prefill.
    NoPrompt,
    /// Weights were in system memory, and their bytes or the memory's speed are not stated.
    UnstatedOffload,
    /// Speculative decoding was used, and the plain speed or the number of drafted tokens is not stated.
    NoBaseline,
}

impl Skipped {
    /// Returns the reason in words.
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

/// A measurement with the inputs of the estimate of its conditions.
#[derive(Clone, Debug)]
pub struct Replay<'c> {
    /// The measurement.
    pub row: &'c Measurement,
    /// Machine of the measurement.
    pub machine: &'c Machine,
    /// Model of the measurement.
    pub model: &'c Model,
    /// Repository or site of the source.
    pub repository: &'c str,
    /// Vendor of the machine; empty if it is not known.
    pub vendor: &'c str,
    /// Class of the format.
    pub format_class: &'c str,
    /// Kernels that multiply with the format.
    pub path: &'c str,
    /// Kind of figure that is compared.
    pub kind: Kind,
    /// Inputs of the estimate.
    pub case: EstimateInputs<'c>,
}

/// A prediction with its band.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Predicted {
    /// Lower edge.
    pub low: f64,
    /// Expected figure.
    pub expected: f64,
    /// Upper edge.
    pub high: f64,
}

/// Returns the replay of a measurement with given efficiencies.
///
/// # Errors
/// [`Skipped`] if it cannot or must not be replayed.
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
        kernel: Some(&row.kernel),
    };
    let load = load(row, kind)?;
    let evidence = Evidence { efficiency, assumptions: &catalog.assumptions, setups: &catalog.setup_constants };
    let case = EstimateInputs::new(&subject, &load, free(), &evidence, true).map_err(|_| Skipped::UnknownName)?;
    let repository = catalog.source(&row.source).map_or(row.source.as_str(), repository);
    let vendor = catalog.efficiency.vendor(&machine.family).map_or("", |vendor| &vendor.id);
    let stated = catalog.efficiency.kernel_named(&row.kernel);
    let kernel = stated.or_else(|| catalog.efficiency.kernel(&machine.family, format));
    let path = kernel.map_or("", |kernel| &kernel.path);
    let format_class = &format.class;
    let case = fitting(case, runtime.max_streams);
    Ok(Replay { row, machine, model, repository, vendor, format_class, path, kind, case })
}

/// Returns economics without any price, since a replay compares speeds only.
pub(super) fn free<'c>() -> Economics<'c> {
    let nothing = Sourced::setting(0.0, "economics");
    Economics { price: None, host: None, years: nothing, utilisation: nothing, tariff: nothing, rent: None, api: None }
}

/// Returns the case changed so that it fits, as the measured run did.
///
/// Streams beyond the cache's room or the runtime's limit wait, and the usable memory is unlimited.
fn fitting(mut case: EstimateInputs<'_>, most: Option<f64>) -> EstimateInputs<'_> {
    case.streams.value = case.streams.value.min(most.unwrap_or(f64::INFINITY));
    if let Some(most) = fit_and_decode(&case).0.max_streams {
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
    // A context without a prompt is a cached prefix, so the figure has no prefill in it.
    let deep = row.prompt.is_none() && row.context.is_some();
    match (row.test, row.aggregate) {
        (Test::Decode, _) => Ok(Kind::Decode),
        (Test::Prefill, _) => Ok(Kind::Prefill),
        (Test::Aggregate, Some(AggregateKind::DecodePhase)) => Ok(Kind::DecodePhase),
        (Test::Aggregate, Some(AggregateKind::EndToEnd | AggregateKind::Window)) if deep => Ok(Kind::DecodePhase),
        (Test::Aggregate, Some(AggregateKind::EndToEnd)) => Ok(Kind::EndToEnd),
        (Test::Aggregate, Some(AggregateKind::Window)) => Ok(Kind::Window),
        (Test::Aggregate, Some(AggregateKind::Peak)) => Err(Skipped::Peak),
        (Test::Aggregate, None) => Err(Skipped::UnstatedAggregate),
    }
}

/// Returns the load of a measurement: for decode, a cache with half of the answer; for prefill, the cached prefix.
fn load(row: &Measurement, kind: Kind) -> Result<Load, Skipped> {
    let stated = |value: Option<f64>| value.filter(|value| *value > 0.0);
    let generate = stated(row.generate).unwrap_or(UNSTATED_GENERATE);
    let asked = stated(row.prompt).or(stated(row.context));
    let before = row.context.or(row.prompt).unwrap_or(UNSTATED_CONTEXT);
    let (prompt, cached) = match (kind, stated(row.prompt), stated(row.context)) {
        // A context as long as the prompt is the prompt itself; a different context preceded it.
        (Kind::Prefill, Some(prompt), Some(context)) if prompt.total_cmp(&context).is_ne() => (prompt, context),
        (Kind::Prefill, prompt, context) => (prompt.or(context).ok_or(Skipped::NoPrompt)?, 0.0),
        (Kind::EndToEnd | Kind::Window, None, _) => return Err(Skipped::NoPrompt),
        // A context that differs from the prompt is a cached prefix.
        (Kind::EndToEnd | Kind::Window, Some(prompt), Some(context)) if prompt.total_cmp(&context).is_ne() => {
            (prompt, context)
        }
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
        micro_batch: None,
    })
}

impl Replay<'_> {
    /// Returns the estimate of these conditions with its band; `None` if the case cannot run.
    #[must_use]
    pub fn predicted(&self) -> Option<Predicted> {
        let expected = predict(&self.case, self.kind)?;
        let edges = match self.kind {
            Kind::Decode => &self.case.decode_band,
            Kind::DecodePhase | Kind::EndToEnd | Kind::Window => &self.case.aggregate_band,
            Kind::Prefill => &self.case.prefill_band,
        };
        Some(Predicted { low: expected * edges.low.value, expected, high: expected * edges.high.value })
    }

    /// Returns the speed by the simplest rule: streams times bandwidth over the bytes of the active parameters; `None`
    /// for prefill.
    #[must_use]
    pub fn naive(&self) -> Option<f64> {
        let (_, decode) =
            fit_and_decode(&EstimateInputs { streams: Sourced { value: 1.0, ..self.case.streams }, ..self.case });
        let streams = self.case.streams.value;
        match self.kind {
            Kind::Prefill => None,
            _ => Some(streams * self.case.bandwidth.value / decode.weights_read),
        }
    }

    /// Returns how closely the evidence of the estimate matches the case.
    #[must_use]
    pub fn level(&self) -> Level {
        self.case.evidence.1
    }
}

/// Returns the expected figure of this kind for a case; `None` if the case cannot run.
#[must_use]
pub fn predict(case: &EstimateInputs<'_>, kind: Kind) -> Option<f64> {
    match kind {
        Kind::Decode => decode_speeds(case).map(|(each, _)| each),
        Kind::DecodePhase => decode_speeds(case).map(|(_, all)| all),
        Kind::EndToEnd => served_speed(case),
        Kind::Window => window_speed(case),
        Kind::Prefill => prefill_speed(case),
    }
}

/// Returns the repository or the site of a source. Its pages are not independent, so they are left out together.
#[must_use]
pub fn repository(source: &Source) -> &str {
    let title = source.title.trim_start_matches("github.com/").trim_start_matches("www.");
    let end = title.find(['@', ':', ' ', '(', ',']).unwrap_or(title.len());
    let path = title.get(..end).unwrap_or(title);
    let mut parts = path.split('/');
    let (first, second) = (parts.next().unwrap_or(path), parts.next());
    // A source is identified by its host, or by owner and repository if there is no host.
    match second {
        Some(second) if !first.contains('.') || first.starts_with('.') => {
            path.get(..first.len() + 1 + second.len()).unwrap_or(path)
        }
        _ if first.len() < 8 => title,
        _ => first,
    }
}
