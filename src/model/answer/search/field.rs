//! The formats, runtimes and loads that a search tries on each machine for each model.

use std::borrow::Cow;

use super::{Axes, Found};
use crate::model::answer::{
    Answer, AnswerBuilder, AnswerError, builder, candidate, choose, default_min_speed, host, limits, model, number,
};
use crate::model::catalog::Catalog;
use crate::model::estimate::case::EstimateInputs;
use crate::model::estimate::figures::Speeds;
use crate::model::estimate::setup::queue;
use crate::model::estimate::verdict::{self, Candidate, Limits};
use crate::model::estimate::{estimate, fit_and_decode};
use crate::model::facts::{Format, Runtime, Support};
use crate::model::scenario::{FormatChoice, HostComputer, ModelChoice, RuntimeChoice, Scenario};

/// Most streams that are tried.
const STREAMS: u64 = 1024;

/// The formats, runtimes and numbers of streams that are tried.
pub(super) struct Field<'c, 's> {
    catalog: &'c Catalog,
    scenario: &'s Scenario,
    limits: Limits,
    formats: Vec<&'c Format>,
    runtimes: Vec<&'c Runtime>,
    streams: Vec<u64>,
    hosts: &'s [String],
}

/// The results of one machine and one model: for each format and runtime the load with the most throughput, and the one
/// with the fastest streams.
#[derive(Default)]
pub(super) struct Pair {
    pub best: Vec<Found>,
    pub fastest: Vec<Found>,
    /// Reasons, each with the number of machines or combinations that it left out.
    pub left_out: Vec<(&'static str, u64)>,
    /// Number of combinations that were estimated or excluded by an exact test.
    pub evaluated: u64,
}

impl<'c, 's> Field<'c, 's> {
    pub fn of(catalog: &'c Catalog, scenario: &'s Scenario, axes: &'s Axes) -> Result<Self, AnswerError> {
        let least = number(catalog, "least_bits").unwrap_or(0.0);
        let formats = match &scenario.format {
            FormatChoice::Same(id) => vec![catalog.format(id)?],
            _ => catalog.formats.iter().filter(|format| format.block_bits.value >= least).collect(),
        };
        let runtimes = match &scenario.runtime {
            RuntimeChoice::Same(id) => vec![catalog.runtime(id)?],
            _ => catalog.runtimes.iter().collect(),
        };
        let streams =
            if axes.varies_streams { doublings(scenario.concurrency, STREAMS) } else { vec![scenario.concurrency] };
        let least_speed = scenario.limits.min_tok_s.or(Some(default_min_speed(catalog)));
        let limits = Limits { min_tok_s: least_speed, ..limits(scenario) };
        Ok(Self { catalog, scenario, limits, formats, runtimes, streams, hosts: &axes.hosts })
    }

    /// Returns the least bits per weight of the formats that are searched by default, and the number of formats below
    /// it; `None` if the scenario names a format.
    pub fn formats_below(&self) -> Option<(f64, u64)> {
        let least = number(self.catalog, "least_bits")?;
        let below = self.catalog.formats.iter().filter(|format| format.block_bits.value < least).count();
        (!matches!(self.scenario.format, FormatChoice::Same(_))).then_some((least, below as u64))
    }

    /// Returns true if machines that are not on sale are searched too.
    pub fn takes_any_availability(&self) -> bool {
        self.scenario.limits.any_availability
    }

    /// Searches the combinations of one machine and one model. A card whose memory is too small is tried with every
    /// host.
    pub fn pair(&self, machine: &str, choice: &ModelChoice) -> Result<Pair, AnswerError> {
        let asked = Scenario { model: choice.clone(), ..self.scenario.clone() };
        let subject = model(self.catalog, &asked)?;
        let alone = builder(self.catalog, &asked, machine, &subject)?;
        let hosts = if alone.memory_host.is_some() { self.hosts } else { &[] };
        let asked_with: Vec<Scenario> = hosts.iter().map(|host| with_host(&asked, host)).collect();
        let hosted = asked_with.iter().map(|asked| builder(self.catalog, asked, machine, &subject));
        let hosted: Vec<AnswerBuilder<'_, '_>> = hosted.collect::<Result<_, _>>()?;
        let formats = self.formats_of(choice)?;
        let places = hosted.len().max(1) as u64;
        let evaluated = (formats.len() * self.runtimes.len() * self.streams.len()) as u64 * places;
        let mut pair = Pair { evaluated, ..Pair::default() };
        let missed: Vec<&'static str> =
            std::iter::once(&alone).chain(&hosted).filter_map(|builder| self.machine_misses(builder)).collect();
        if missed.len() > hosted.len() {
            pair.left_out.extend(missed.first().map(|reason| (*reason, 1)));
            return Ok(pair);
        }
        for format in formats.iter().filter(|format| format.is_offered_for(&subject.0)) {
            for runtime in self.runtimes.iter().filter(|runtime| runtime.loads.contains(&format.container)) {
                let with = |builder: &AnswerBuilder<'c, '_>| {
                    AnswerBuilder { wanted: Some(runtime), ..builder.clone() }.with_format(format)
                };
                let answer = with(&alone)?;
                if hosted.is_empty() || !lies_in_two_places(&answer) {
                    if self.machine_misses(&alone).is_none() {
                        self.try_one(&asked, &answer, choice, &mut pair)?;
                    }
                    continue;
                }
                let mut of_hosts = Pair::default();
                for builder in hosted.iter().filter(|builder| self.machine_misses(builder).is_none()) {
                    self.try_one(builder.scenario, &with(builder)?, choice, &mut of_hosts)?;
                }
                // Only the best host for this machine, format and runtime becomes a row of the results.
                pair.best.extend(of_hosts.best.into_iter().min_by(super::better));
                pair.fastest.append(&mut of_hosts.fastest);
                pair.left_out.append(&mut of_hosts.left_out);
            }
        }
        Ok(pair)
    }

    /// Searches the loads of one machine, format, runtime and host.
    fn try_one(
        &self,
        asked: &Scenario,
        answer: &Answer<'_>,
        choice: &ModelChoice,
        pair: &mut Pair,
    ) -> Result<(), AnswerError> {
        let reason = match self.never_wins(asked, answer) {
            Some(reason) => Some(reason),
            None => self.try_loads(asked, answer, choice, pair)?,
        };
        pair.left_out.extend(reason.map(|reason| (reason, 1)));
        Ok(())
    }

    /// Returns the formats that are tried for a model. A model file has a format already, so only that one is tried.
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

    /// Returns the reason to leave out a machine that misses a limit with any format and load; `None` if there is none.
    fn machine_misses(&self, builder: &AnswerBuilder<'c, '_>) -> Option<&'static str> {
        let Limits { budget_usd, max_watts, portable, .. } = self.limits;
        let fixed = Limits { budget_usd, max_watts, portable, ..Limits::default() };
        let candidate = Candidate {
            machine: &builder.machine,
            estimate: None,
            refused: None,
            waiting: None,
            price: host::computer_price(builder.price.as_ref(), builder.host, builder.devices()),
            power: host::computer_power(&builder.machine, builder.host),
            lacking: Vec::new(),
            excluded: Vec::new(),
        };
        let missed = verdict::verdict(&[candidate], &fixed, 0.0).failed.pop()?;
        missed.first().map(|failed| match failed.limit {
            "budget" => "machines over the budget",
            "watts" => "machines over the power limit",
            _ => "machines that are no laptop",
        })
    }

    /// Returns the reason why a machine with this format and runtime wins under no load; `None` if it may win.
    fn never_wins(&self, asked: &Scenario, answer: &Answer<'_>) -> Option<&'static str> {
        if answer.refused.is_some() {
            return Some("combinations of format and runtime that do not run there");
        }
        if matches!(asked.runtime, RuntimeChoice::Auto) && self.is_unheard_of(answer) {
            return Some("combinations whose software no source shows on the machine");
        }
        let is_open = matches!(asked.runtime, RuntimeChoice::Auto);
        if is_open && lies_in_two_places(answer) && !answer.runtime.weights_in_ram {
            return Some("combinations whose software no source shows with weights in system memory");
        }
        let candidate = candidate(self.catalog, asked, answer);
        if !candidate.lacking.is_empty() {
            return Some("combinations whose software lacks what is needed");
        }
        candidate.excluded.first().map(|exclusion| match exclusion.limit {
            "availability" => "combinations on machines that are no longer sold",
            _ => "combinations with experimental or contested software",
        })
    }

    /// Returns true if no source mentions the runtime on this machine although sources confirm another runtime there.
    fn is_unheard_of(&self, answer: &Answer<'_>) -> bool {
        let support = |runtime| choose::support(self.catalog, &answer.machine, runtime);
        support(answer.runtime).is_none()
            && self
                .catalog
                .runtimes
                .iter()
                .any(|runtime| matches!(support(runtime), Some(Support::Yes | Support::Stated)))
    }

    /// Tries all loads, from the smallest up, and adds the one with the most throughput and the one with the fastest
    /// streams to `pair`. Returns the reason why none passes.
    fn try_loads(
        &self,
        asked: &Scenario,
        answer: &Answer<'_>,
        choice: &ModelChoice,
        pair: &mut Pair,
    ) -> Result<Option<&'static str>, AnswerError> {
        let mut case = answer.case(self.catalog, asked)?;
        let (mut most, mut fastest) = (None, None);
        let mut reason = None;
        for streams in self.streams.iter().map(|streams| *streams as f64) {
            case.streams.value = streams;
            let (memory, decode) = fit_and_decode(&case);
            if !memory.fits {
                reason = reason.or(Some("combinations that do not fit"));
                break;
            }
            if memory.max_streams.is_some_and(|most| streams > most) {
                // More streams need more memory, so no larger number runs at once either.
                reason = reason.or(Some("combinations whose streams do not all run at once"));
                break;
            }
            let Some(speeds) = decode.speeds else { continue };
            if let Some(too_slow) = self.too_slow(&case, &speeds) {
                reason = reason.or(Some(too_slow));
                continue;
            }
            keep(&mut most, streams, speeds.aggregate.expected);
            keep(&mut fastest, streams, speeds.each.expected);
        }
        let mut at = |best: Option<(f64, f64)>| {
            case.streams.value = best?.0;
            Some(self.found(asked, answer, choice, &case))
        };
        pair.best.extend(at(most));
        pair.fastest.extend(at(fastest));
        Ok(reason.filter(|_| most.is_none()))
    }

    fn too_slow(&self, case: &EstimateInputs<'_>, speeds: &Speeds<f64>) -> Option<&'static str> {
        let slow = self.limits.min_tok_s.is_some_and(|least| speeds.each.expected < least);
        let waits = |most: f64| first_token(case).is_none_or(|seconds| seconds > most);
        if slow {
            Some("combinations that are too slow")
        } else {
            self.limits.max_ttft_s.is_some_and(waits).then_some("combinations whose first token comes too late")
        }
    }

    fn found(&self, asked: &Scenario, answer: &Answer<'_>, choice: &ModelChoice, case: &EstimateInputs<'_>) -> Found {
        let numbers = estimate(case);
        let speeds = numbers.decode.speeds;
        Found {
            concurrency: case.streams.value as u64,
            expected_tok_s: speeds.map_or(0.0, |speeds| speeds.each.expected),
            aggregate_expected_tok_s: speeds.map_or(0.0, |speeds| speeds.aggregate.expected),
            usd_per_mtok: numbers.cost.and_then(|cost| cost.usd_per_mtok),
            ..of_answer(self.catalog, asked, answer, choice)
        }
    }
}

/// Returns the time to first token that limits apply to, seconds: for one stream that of an idle machine, else the 95th
/// percentile of the users' requests.
fn first_token(case: &EstimateInputs<'_>) -> Option<f64> {
    let numbers = estimate(case);
    if case.streams.value > 1.0 {
        return queue::of(case, &numbers)?.times.map(|times| times.ttft_p95);
    }
    numbers.prefill.map(|prefill| prefill.ttft.expected)
}

/// Returns the answer of one machine as a row of a search.
pub(super) fn of_answer(catalog: &Catalog, scenario: &Scenario, answer: &Answer<'_>, choice: &ModelChoice) -> Found {
    let speeds = answer.estimate.and_then(|estimate| estimate.decode.speeds);
    let cost = answer.estimate.and_then(|estimate| estimate.cost);
    Found {
        machine: answer.machine.id.clone(),
        model: answer.model.id.clone(),
        choice: choice.clone(),
        format: answer.format.id.clone(),
        runtime: answer.runtime.id.clone(),
        host: scenario.host.id.clone(),
        concurrency: scenario.concurrency,
        context: scenario.context,
        expected_tok_s: speeds.map_or(0.0, |speeds| speeds.each.expected),
        aggregate_expected_tok_s: speeds.map_or(0.0, |speeds| speeds.aggregate.expected),
        price_usd: cost.map(|cost| cost.price),
        total_usd: answer.computer_price().map(|price| price.usd),
        total_is_least: answer.computer_price().is_some_and(|price| price.is_least()),
        usd_per_mtok: cost.and_then(|cost| cost.usd_per_mtok),
        quality_cost: answer.format.kld.as_ref().map(|kld| kld.value),
        caution: choose::caution(catalog, &answer.machine, answer.runtime),
    }
}

/// Returns the scenario with this host computer for cards.
pub(super) fn with_host(scenario: &Scenario, host: &str) -> Scenario {
    let host = HostComputer { id: Some(host.to_owned()), ..scenario.host.clone() };
    Scenario { host, ..scenario.clone() }
}

/// Returns true if a part of the weights is in the host's memory.
pub(super) fn lies_in_two_places(answer: &Answer<'_>) -> bool {
    answer.estimate.is_some_and(|estimate| estimate.memory.offload.is_some())
}

/// Replaces `best` if `value` is larger; of equal values the first is kept, which has fewer streams.
fn keep(best: &mut Option<(f64, f64)>, streams: f64, value: f64) {
    if best.is_none_or(|(_, before)| value > before) {
        *best = Some((streams, value));
    }
}

/// Returns `from` and its doublings up to `most`; only `from` if it is larger.
fn doublings(from: u64, most: u64) -> Vec<u64> {
    let further = std::iter::successors(Some(from), |value| value.checked_mul(2)).skip(1);
    std::iter::once(from).chain(further.take_while(|value| *value <= most)).collect()
}
