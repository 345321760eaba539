//! A machine's standing below its digits: the answer, passes, or the reason why it fails.

use crate::model::answer::Answer;
use crate::model::estimate::verdict::Failed;
use crate::model::units::{Amount, Digits, Unit};
use crate::ui::state::State;

/// The standing of a machine in the verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// It is the winner.
    Winner,
    /// It passes all limits, but a cheaper machine does too.
    Passes,
    /// It misses a limit or cannot run the model.
    Fails,
}

impl Standing {
    /// Returns the standing of the machine at index `at`.
    pub fn of(state: &State<'_>, at: usize) -> Self {
        let verdict = &state.answers.verdict;
        match verdict.failed.get(at) {
            _ if verdict.winner == Some(at) => Self::Winner,
            Some(failed) if failed.is_empty() => Self::Passes,
            _ => Self::Fails,
        }
    }
}

/// Returns the standing in words, in variants from the longest to the shortest.
pub(super) fn words(state: &State<'_>, at: usize) -> Vec<String> {
    let Some(answer) = state.answers.machines.get(at) else { return Vec::new() };
    match Standing::of(state, at) {
        Standing::Winner => vec!["the cheapest that passes".to_owned(), "cheapest".to_owned()],
        Standing::Passes => {
            let times = times_the_price(state, answer).map(|times| format!("passes, {times}"));
            times.into_iter().chain(["passes".to_owned()]).collect()
        }
        Standing::Fails => {
            let failed = state.answers.verdict.failed.get(at).and_then(|failed| failed.first());
            failed.map_or_else(Vec::new, |failed| reason(failed, answer))
        }
    }
}

/// Returns the price as a multiple of the winner's price, in words; `None` if it is no higher or not known.
fn times_the_price(state: &State<'_>, answer: &Answer<'_>) -> Option<String> {
    let winner = state.answers.machines.get(state.answers.verdict.winner?)?;
    let times = answer.computer_price()?.usd / winner.computer_price()?.usd;
    let told = Amount::new(times, Unit::Factor, Digits::Significant(2)).number();
    let close = ["1", "1.0"].contains(&told.as_str());
    let words = if close { "hardly dearer".to_owned() } else { format!("{told}x the price") };
    (times.is_finite() && times > 1.0).then_some(words)
}

/// Returns a missed limit in few words, in variants from the longest to the shortest.
fn reason(failed: &Failed, answer: &Answer<'_>) -> Vec<String> {
    let need = |unit| failed.need.map(|need| Amount::exact(need, unit).to_string()).unwrap_or_default();
    match failed.limit {
        "speed" if answer.has_a_queue() => {
            let asked = need(Unit::TokensPerSecond);
            vec![
                format!("too slow with the wait: {asked} asked"),
                "too slow with the wait".to_owned(),
                "too slow".to_owned(),
            ]
        }
        "speed" => vec![format!("too slow: {} asked", need(Unit::TokensPerSecond)), "too slow".to_owned()],
        "ttft" => vec![format!("first token late: {} asked", need(Unit::Seconds)), "starts too late".to_owned()],
        "budget" if failed.have.is_none() => vec!["price not known".to_owned()],
        "budget" => vec![format!("above your {}", need(Unit::Usd)), "too expensive".to_owned()],
        "watts" if failed.have.is_none() => vec!["power not known".to_owned()],
        "watts" => vec![format!("above your {}", need(Unit::Watts)), "too much power".to_owned()],
        "portable" => vec!["is no laptop".to_owned()],
        "memory" => too_big(answer).into_iter().chain(["does not fit".to_owned()]).collect(),
        "format" => vec!["does not run here".to_owned()],
        _ => vec![failed.text.clone(), "misses a limit".to_owned()],
    }
}

/// Returns the memory that is missing in words; `None` if none is.
fn too_big(answer: &Answer<'_>) -> Option<String> {
    let memory = answer.estimate?.memory;
    let missing = memory.total - memory.usable;
    (missing > 0.0).then(|| format!("{} too big", Amount::computed(missing, Unit::MemoryBytes)))
}
