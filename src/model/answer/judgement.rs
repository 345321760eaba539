//! The verdict over the answers of a scenario: its limits, and its machines as candidates.

use super::request::number;
use super::{Answer, availability};
use crate::model::catalog::Catalog;
use crate::model::estimate::case::EstimateInputs;
use crate::model::estimate::figures::Estimate;
use crate::model::estimate::setup::{Waiting, queue};
use crate::model::estimate::verdict::{Candidate, Limits, Reason, Verdict, verdict};
use crate::model::facts::{Batching, Support};
use crate::model::scenario::Scenario;

pub(super) fn judge(catalog: &Catalog, scenario: &Scenario, machines: &[Answer<'_>]) -> Verdict {
    verdict(&candidates(catalog, scenario, machines), &limits(scenario), default_min_speed(catalog))
}

/// Returns the speed per stream that counts as running well, tokens per second.
#[must_use]
pub fn default_min_speed(catalog: &Catalog) -> f64 {
    number(catalog, "well_tok_s").unwrap_or(0.0)
}

pub(super) fn candidates<'a>(catalog: &Catalog, scenario: &Scenario, machines: &'a [Answer<'_>]) -> Vec<Candidate<'a>> {
    machines.iter().map(|answer| candidate(catalog, scenario, answer)).collect()
}

pub(super) fn candidate<'a>(catalog: &Catalog, scenario: &Scenario, answer: &'a Answer<'_>) -> Candidate<'a> {
    Candidate {
        machine: &answer.machine,
        estimate: answer.estimate.as_ref(),
        refused: answer.refused.as_ref().map(|refusal| refusal as Reason<'a>),
        price: answer.computer_price(),
        power: answer.computer_power(),
        waiting: answer.waiting.or_else(|| {
            let numbers = answer.estimate.as_ref()?;
            let needed = needs_queue(scenario, answer.runtime.batching, numbers);
            needed.then(|| queue::of(&answer.case(catalog, scenario).ok()?, numbers)).flatten()
        }),
        lacking: lacking(catalog, answer, &scenario.limits.needs),
        excluded: availability::exclusions(catalog, scenario, answer),
    }
}

/// Returns true if the verdict depends on the queue: several users have a limit on the wait, or not all of them run at
/// once.
fn needs_queue(scenario: &Scenario, batching: Batching, numbers: &Estimate<f64>) -> bool {
    let users = scenario.concurrency as f64;
    let all_run = batching != Batching::Queue && numbers.memory.max_streams.is_none_or(|most| most >= users);
    users > 1.0 && (scenario.limits.max_ttft_s.is_some() || !all_run)
}

/// Returns the waits and speeds of the users of a case, if the verdict depends on them.
///
/// `wanted` is the required speed in tokens per second; `None` if there is no such limit. A user who waits gets less
/// than a stream that runs, so no queue is simulated if even the streams that run are slower than `wanted`.
pub(super) fn decisive_waiting(
    scenario: &Scenario,
    case: &EstimateInputs<'_>,
    numbers: &Estimate<f64>,
    wanted: Option<f64>,
) -> Option<Waiting> {
    let fast = numbers.decode.speeds.is_some_and(|speeds| wanted.is_none_or(|wanted| speeds.each.high >= wanted));
    (fast && needs_queue(scenario, case.batching, numbers)).then(|| queue::of(case, numbers)).flatten()
}

/// Returns the scenario's limits as the verdict takes them.
pub(super) fn limits(scenario: &Scenario) -> Limits {
    let limits = &scenario.limits;
    Limits {
        budget_usd: limits.budget_usd,
        max_watts: limits.max_watts,
        min_tok_s: limits.min_tok_s,
        max_ttft_s: limits.max_ttft_s,
        portable: limits.portable,
    }
}

/// Returns the required capabilities that no source confirms, each as a sentence.
pub(super) fn lacking(catalog: &Catalog, answer: &Answer<'_>, needs: &[String]) -> Vec<String> {
    let lacks = |need: &String| match catalog.capability_with(&answer.runtime.id, &answer.machine.family, need) {
        Some(c) if matches!(c.state, Support::Yes | Support::Stated) => None,
        Some(c) if c.note.is_empty() => Some(format!("{need}: {}", c.state.word())),
        Some(c) => Some(format!("{need}: {} ({})", c.state.word(), c.note)),
        None => Some(format!("{need}: no source says that it works")),
    };
    needs.iter().filter_map(lacks).collect()
}
