//! Which combination of machine, model, format, runtime, streams and context is best, within the limits?
//!
//! Every combination counts as evaluated: it is estimated, or excluded by an exact test (the runtime does not load the
//! format, the machine misses a limit that no load changes, more streams than the largest number that fits). The numbers
//! are those of [`super::answers`] for the same scenario. Offload to a computer's own memory is not modelled: what does
//! not fit a card is excluded.

use std::borrow::Cow;

use rayon::prelude::*;

use super::{Answer, AnswerBuilder, AnswerError, builder, choose, default_min_speed, limits, model, number};
use crate::model::catalog::Catalog;
use crate::model::estimate::case::EstimateInputs;
use crate::model::estimate::figures::Speeds;
use crate::model::estimate::setup::queue;
use crate::model::estimate::verdict::{self, Candidate, Limits};
use crate::model::estimate::{estimate, fit_and_decode};
use crate::model::facts::{Format, Machine, MachineKind, Runtime};
use crate::model::scenario::{FormatChoice, HostComputer, ModelChoice, RuntimeChoice, Scenario};

/// Most streams that are tried.
const STREAMS: u64 = 1024;
/// Longest context that is tried, tokens.
const CONTEXT: u64 = 1 << 20;

/// What is searched.
#[derive(Clone, Debug, PartialEq)]
pub struct Axes {
    /// Machines by id.
    pub machines: Vec<String>,
    /// Models.
    pub models: Vec<ModelChoice>,
}

impl Axes {
    /// All machines that can be bought: a price in US dollars is known, and they are sold and not rented.
    #[must_use]
    pub fn purchasable(catalog: &Catalog) -> Vec<String> {
        let sold = |machine: &&Machine| {
            machine.price.is_some()
                && machine.is_on_the_market()
                && !matches!(machine.kind, MachineKind::Cloud | MachineKind::DatacenterGpu)
        };
        catalog.machines.iter().filter(sold).map(|machine| machine.id.clone()).collect()
    }

    /// All models of the catalog.
    #[must_use]
    pub fn models(catalog: &Catalog) -> Vec<ModelChoice> {
        catalog.models.iter().map(|model| ModelChoice::Catalog(model.id.clone())).collect()
    }
}

/// A combination that passes every limit.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Machine by id.
    pub machine: String,
    /// Model by id.
    pub model: String,
    /// The model as a scenario chooses it.
    pub choice: ModelChoice,
    /// Format by id.
    pub format: String,
    /// Runtime by id.
    pub runtime: String,
    /// Streams at once.
    pub concurrency: u64,
    /// Tokens in each stream's cache.
    pub context: u64,
    /// Expected speed of one stream, tokens per second.
    pub expected_tok_s: f64,
    /// Expected speed of all streams, tokens per second.
    pub aggregate_expected_tok_s: f64,
    /// Price of the working computer, USD.
    pub price_usd: Option<f64>,
    /// Cost per million output tokens, USD.
    pub usd_per_mtok: Option<f64>,
    /// Divergence from 16 bit that the format costs, where anybody measured it.
    pub quality_cost: Option<f64>,
    /// What a reader should know of the runtime on this machine, such as that it is experimental there.
    pub caution: Option<String>,
}

/// What a search found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Search {
    /// Combinations estimated or excluded by an exact test.
    pub evaluated: u64,
    /// The best combinations. Of one model: the best streams and context of each machine, format and runtime, the lowest
    /// cost per million tokens first, then the fastest. Of several models: the best of each, the largest model first.
    pub results: Vec<Found>,
    /// Combinations that no other of the same model beats in speed of a stream, price and quality, a quality that is not known beating none.
    pub frontier: Vec<Found>,
}

/// Searches `axes` and everything that the scenario leaves open: formats of at least the catalog's least bits and
/// runtimes where they are not named, streams and contexts from those asked upwards by doubling. Without a least speed,
/// the one that counts as running well: otherwise the most streams would always win, however slow each of them.
///
/// # Errors
/// [`AnswerError`] where the scenario or the axes name what the catalog does not have.
pub fn search(catalog: &Catalog, scenario: &Scenario, axes: &Axes) -> Result<Search, AnswerError> {
    let scenario = Scenario { host: stated_host(catalog, &scenario.host), ..scenario.clone() };
    let field = Field::of(catalog, &scenario)?;
    let pairs: Vec<(&String, &ModelChoice)> =
        axes.models.iter().flat_map(|model| axes.machines.iter().map(move |machine| (machine, model))).collect();
    let found: Vec<Pair> =
        pairs.par_iter().map(|(machine, model)| field.pair(machine, model)).collect::<Result<_, _>>()?;
    let evaluated = pairs.iter().map(|(_, model)| field.combinations(model)).sum();
    let mut search = Search { evaluated, ..Search::default() };
    for of_model in found.chunks(axes.machines.len().max(1)) {
        let mut best: Vec<Found> = of_model.iter().flat_map(|pair| pair.cheapest.iter().cloned()).collect();
        best.sort_by(better);
        best.truncate(if axes.models.len() == 1 { usize::MAX } else { 1 });
        search.results.extend(best);
        let fastest: Vec<&Found> = of_model.iter().flat_map(|pair| &pair.fastest).collect();
        search.frontier.extend(frontier(&fastest));
    }
    if axes.models.len() > 1 {
        let size = |found: &Found| catalog.model(&found.model).map_or(0.0, |model| model.total_params);
        search.results.sort_by(|a, b| size(b).total_cmp(&size(a)));
    }
    Ok(search)
}

/// The cheaper per token first, one whose cost is not known last; then the faster, then the cheaper to buy.
fn better(a: &Found, b: &Found) -> std::cmp::Ordering {
    let known = |value: Option<f64>| value.unwrap_or(f64::INFINITY);
    known(a.usd_per_mtok)
        .total_cmp(&known(b.usd_per_mtok))
        .then(b.aggregate_expected_tok_s.total_cmp(&a.aggregate_expected_tok_s))
        .then(known(a.price_usd).total_cmp(&known(b.price_usd)))
}

/// Whether `a` is at least as good as `b` in speed, price and quality, and better in something. A quality that is not
/// known wins nothing on its axis.
fn dominates(a: &Found, b: &Found) -> bool {
    let known = |value: Option<f64>| value.unwrap_or(f64::INFINITY);
    let costs = |found: &Found| [-found.expected_tok_s, known(found.price_usd), known(found.quality_cost)];
    let (a, b) = (costs(a), costs(b));
    a.iter().zip(&b).all(|(a, b)| a <= b) && a.iter().zip(&b).any(|(a, b)| a < b)
}

/// The combinations that no other one dominates, the cheapest first; of those that are alike in everything but the
/// runtime, the first.
fn frontier(found: &[&Found]) -> Vec<Found> {
    let beaten = |one: &Found| found.iter().any(|other| dominates(other, one));
    let alike = |a: &Found, b: &Found| {
        a.machine == b.machine && a.format == b.format && a.expected_tok_s.total_cmp(&b.expected_tok_s).is_eq()
    };
    let mut frontier: Vec<Found> = Vec::new();
    for one in found.iter().filter(|one| !beaten(one)) {
        if !frontier.iter().any(|there| alike(there, one)) {
            frontier.push((*one).clone());
        }
    }
    let price = |found: &Found| found.price_usd.unwrap_or(f64::INFINITY);
    frontier.sort_by(|a, b| price(a).total_cmp(&price(b)).then(b.expected_tok_s.total_cmp(&a.expected_tok_s)));
    frontier
}

/// The host of the scenario, as the catalog assumes it where the scenario is silent: a search compares computers.
fn stated_host(catalog: &Catalog, host: &HostComputer) -> HostComputer {
    HostComputer {
        usd: host.usd.or_else(|| number(catalog, "host_price_usd")),
        idle_watts: host.idle_watts.or_else(|| number(catalog, "host_idle_w")),
        load_watts: host.load_watts.or_else(|| number(catalog, "host_load_w")),
        ..host.clone()
    }
}

/// What is searched on each machine for each model.
struct Field<'c, 's> {
    catalog: &'c Catalog,
    scenario: &'s Scenario,
    limits: Limits,
    formats: Vec<&'c Format>,
    runtimes: Vec<&'c Runtime>,
    streams: Vec<u64>,
    contexts: Vec<u64>,
}

/// What one machine gives for one model: for each format and runtime the cheapest combination per token, and the fastest.
#[derive(Default)]
struct Pair {
    cheapest: Vec<Found>,
    fastest: Vec<Found>,
}

impl<'c, 's> Field<'c, 's> {
    fn of(catalog: &'c Catalog, scenario: &'s Scenario) -> Result<Self, AnswerError> {
        let least = number(catalog, "least_bits").unwrap_or(0.0);
        let formats = match &scenario.format {
            FormatChoice::Same(id) => vec![catalog.format(id)?],
            _ => catalog.formats.iter().filter(|format| format.block_bits.value >= least).collect(),
        };
        let runtimes = match &scenario.runtime {
            RuntimeChoice::Same(id) => vec![catalog.runtime(id)?],
            _ => catalog.runtimes.iter().collect(),
        };
        Ok(Self {
            catalog,
            scenario,
            limits: Limits {
                min_tok_s: scenario.limits.min_tok_s.or(Some(default_min_speed(catalog))),
                ..limits(scenario)
            },
            formats,
            runtimes,
            streams: doublings(scenario.concurrency, STREAMS),
            contexts: doublings(scenario.context.max(1), CONTEXT),
        })
    }

    /// Combinations of one machine and this model.
    fn combinations(&self, choice: &ModelChoice) -> u64 {
        let formats = self.formats_of(choice).map_or(0, |formats| formats.len());
        (formats * self.runtimes.len() * self.streams.len() * self.contexts.len()) as u64
    }

    fn pair(&self, machine: &str, choice: &ModelChoice) -> Result<Pair, AnswerError> {
        let asked = Scenario { model: choice.clone(), ..self.scenario.clone() };
        let subject = model(self.catalog, &asked)?;
        let builder = builder(self.catalog, &asked, machine, &subject)?;
        let mut pair = Pair::default();
        if !self.machine_passes(&builder) {
            return Ok(pair);
        }
        for format in self.formats_of(choice)?.iter().filter(|format| format.is_offered_for(&subject.0)) {
            for runtime in self.runtimes.iter().filter(|runtime| runtime.loads.contains(&format.container)) {
                let wanted = AnswerBuilder { wanted: Some(runtime), ..builder.clone() };
                let answer = wanted.with_format(format)?;
                if answer.refused.is_none() {
                    self.loads(&answer, choice, &mut pair)?;
                }
            }
        }
        Ok(pair)
    }

    /// The formats that a model is searched in. A file is in one already, whatever others its model could be in.
    fn formats_of(&self, choice: &ModelChoice) -> Result<Cow<'_, [&'c Format]>, AnswerError> {
        let own = match (choice, &self.scenario.format) {
            (ModelChoice::File(name), FormatChoice::Auto) => self.catalog.file(name),
            _ => None,
        };
        Ok(match own.and_then(|file| file.format.as_deref()) {
            Some(own) => Cow::Owned(vec![self.catalog.format(own)?]),
            None => Cow::Borrowed(&self.formats),
        })
    }

    /// Whether the machine holds the limits that no format and no load changes.
    fn machine_passes(&self, builder: &AnswerBuilder<'c, '_>) -> bool {
        let Limits { budget_usd, max_watts, portable, .. } = self.limits;
        let fixed = Limits { budget_usd, max_watts, portable, ..Limits::default() };
        let host = builder.host;
        let candidate = Candidate {
            machine: &builder.machine,
            estimate: None,
            refused: None,
            price: super::host::computer_price(builder.price.as_ref(), host),
            waiting: None,
            power: super::host::computer_power(&builder.machine, host),
            lacking: super::lacking(self.catalog, &builder.machine, &self.scenario.limits.needs),
        };
        verdict::winner(&[candidate], &fixed, 0.0).is_some()
    }

    /// Tries every load, the smallest first, and keeps the one with the most throughput and the fastest.
    fn loads(&self, answer: &Answer<'_>, choice: &ModelChoice, pair: &mut Pair) -> Result<(), AnswerError> {
        let mut case = answer.case(self.catalog, self.scenario)?;
        let longest = answer.model.max_context.max(self.scenario.context as f64);
        let (mut most, mut fastest) = (None, None);
        for context in self.contexts.iter().map(|tokens| *tokens as f64).filter(|tokens| *tokens <= longest) {
            for streams in self.streams.iter().map(|streams| *streams as f64) {
                case.streams.value = streams;
                case.context.value = context;
                let (memory, decode) = fit_and_decode(&case);
                if !memory.fits || memory.max_streams.is_some_and(|most| streams > most) {
                    // More streams take more memory: none of them fits.
                    break;
                }
                let Some(speeds) = decode.speeds.filter(|speeds| self.fast_enough(&case, speeds)) else { continue };
                keep(&mut most, (streams, context), speeds.aggregate.expected);
                keep(&mut fastest, (streams, context), speeds.each.expected);
            }
        }
        let mut at = |load: Option<(Load, f64)>| {
            let ((streams, context), _) = load?;
            case.streams.value = streams;
            case.context.value = context;
            Some(found(self.catalog, answer, choice, &case))
        };
        pair.cheapest.extend(at(most));
        pair.fastest.extend(at(fastest));
        Ok(())
    }

    fn fast_enough(&self, case: &EstimateInputs<'_>, speeds: &Speeds<f64>) -> bool {
        self.limits.min_tok_s.is_none_or(|least| speeds.each.expected >= least)
            && self.limits.max_ttft_s.is_none_or(|most| first_token(case).is_some_and(|seconds| seconds <= most))
    }
}

/// The time to first token that limits ask for: of an idle machine for one stream, else that of 95 of 100 requests.
fn first_token(case: &EstimateInputs<'_>) -> Option<f64> {
    let numbers = estimate(case);
    if case.streams.value > 1.0 {
        return queue::of(case, &numbers).map(|waiting| waiting.ttft_p95);
    }
    numbers.prefill.map(|prefill| prefill.ttft.expected)
}

/// Streams and context.
type Load = (f64, f64);

/// Keeps what is more than before; of equals the first, which asks for less.
fn keep(best: &mut Option<(Load, f64)>, load: Load, value: f64) {
    if best.is_none_or(|(_, before)| value > before) {
        *best = Some((load, value));
    }
}

fn found(catalog: &Catalog, answer: &Answer<'_>, choice: &ModelChoice, case: &EstimateInputs<'_>) -> Found {
    let numbers = estimate(case);
    let speeds = numbers.decode.speeds;
    Found {
        machine: answer.machine.id.clone(),
        model: answer.model.id.to_string(),
        choice: choice.clone(),
        format: answer.format.id.clone(),
        runtime: answer.runtime.id.clone(),
        concurrency: case.streams.value as u64,
        context: case.context.value as u64,
        expected_tok_s: speeds.map_or(0.0, |speeds| speeds.each.expected),
        aggregate_expected_tok_s: speeds.map_or(0.0, |speeds| speeds.aggregate.expected),
        price_usd: answer.computer_price().map(|price| price.usd),
        usd_per_mtok: numbers.cost.and_then(|cost| cost.usd_per_mtok),
        quality_cost: answer.format.kld.as_ref().map(|kld| kld.value),
        caution: choose::caution(catalog, &answer.machine, answer.runtime),
    }
}

/// `from` and its doublings, as long as they are no more than `most`; `from` alone where it is more.
fn doublings(from: u64, most: u64) -> Vec<u64> {
    let further = std::iter::successors(Some(from), |value| value.checked_mul(2)).skip(1);
    std::iter::once(from).chain(further.take_while(|value| *value <= most)).collect()
}

impl Found {
    /// The scenario that asks for this combination alone, with the other terms of `scenario`.
    #[must_use]
    pub fn scenario(&self, scenario: &Scenario) -> Scenario {
        Scenario {
            model: self.choice.clone(),
            format: FormatChoice::Same(self.format.as_str().into()),
            runtime: RuntimeChoice::Same(self.runtime.as_str().into()),
            concurrency: self.concurrency,
            context: self.context,
            ..scenario.clone()
        }
    }
}
