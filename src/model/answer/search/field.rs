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
use crate::model::scenario::{FormatChoice, ModelChoice, RuntimeChoice, Scenario};

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
}

/// The results of one machine and one model: for each format and runtime the load with the most throughput, and the one
/// with the fastest streams.
#[derive(Default)]
pub(super) struct Pair {
    pub best: Vec<Found>,
    pub fastest: Vec<Found>,
    /// Reasons, each with the number of machines or combinations that it left out.
    pub left_out: Vec<(&'static str, u64)>,
}

impl<'c, 's> Field<'c, 's> {
    pub fn of(catalog: &'c Catalog, scenario: &'s Scenario, axes: &Axes) -> Result<Self, AnswerError> {
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
        Ok(Self { catalog, scenario, limits, formats, runtimes, streams })
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

    /// Returns the number of combinations of one machine with this model.
    pub fn combinations(&self, choice: &ModelChoice) -> u64 {
        let formats = self.formats_of(choice).map_or(0, |formats| formats.len());
        (formats * self.runtimes.len() * self.streams.len()) as u64
    }

    /// Searches the combinations of one machine and one model.
    pub fn pair(&self, machine: &str, choice: &ModelChoice) -> Result<Pair, AnswerError> {
        let asked = Scenario { model: choice.clone(), ..self.scenario.clone() };
        let subject = model(self.catalog, &asked)?;
        let builder = builder(self.catalog, &asked, machine, &subject)?;
        let mut pair = Pair::default();
        if let Some(reason) = self.machine_misses(&builder) {
            pair.left_out.push((reason, 1));
            return Ok(pair);
        }
        for format in self.formats_of(choice)?.iter().filter(|format| format.is_offered_for(&subject.0)) {
            for runtime in self.runtimes.iter().filter(|runtime| runtime.loads.contains(&format.container)) {
                let wanted = AnswerBuilder { wanted: Some(runtime), ..builder.clone() };
                let answer = wanted.with_format(format)?;
                if let Some(reason) = self.never_wins(&asked, &answer) {
                    pair.left_out.push((reason, 1));
                } else if let Some(reason) = self.try_loads(&answer, choice, &mut pair)? {
                    pair.left_out.push((reason, 1));
                }
            }
        }
        Ok(pair)
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
            price: host::computer_price(builder.price.as_ref(), builder.host),
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
        answer: &Answer<'_>,
        choice: &ModelChoice,
        pair: &mut Pair,
    ) -> Result<Option<&'static str>, AnswerError> {
        let mut case = answer.case(self.catalog, self.scenario)?;
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
            Some(self.found(answer, choice, &case))
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

    fn found(&self, answer: &Answer<'_>, choice: &ModelChoice, case: &EstimateInputs<'_>) -> Found {
        let numbers = estimate(case);
        let speeds = numbers.decode.speeds;
        Found {
            concurrency: case.streams.value as u64,
            expected_tok_s: speeds.map_or(0.0, |speeds| speeds.each.expected),
            aggregate_expected_tok_s: speeds.map_or(0.0, |speeds| speeds.aggregate.expected),
            usd_per_mtok: numbers.cost.and_then(|cost| cost.usd_per_mtok),
            ..of_answer(self.catalog, self.scenario, answer, choice)
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
        concurrency: scenario.concurrency,
        context: scenario.context,
        expected_tok_s: speeds.map_or(0.0, |speeds| speeds.each.expected),
        aggregate_expected_tok_s: speeds.map_or(0.0, |speeds| speeds.aggregate.expected),
        price_usd: cost.map(|cost| cost.price),
        total_usd: answer.computer_price().map(|price| price.usd),
        usd_per_mtok: cost.and_then(|cost| cost.usd_per_mtok),
        quality_cost: answer.format.kld.as_ref().map(|kld| kld.value),
        caution: choose::caution(catalog, &answer.machine, answer.runtime),
    }
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
