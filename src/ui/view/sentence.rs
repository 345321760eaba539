//! The answer in words, and why the other machines are not it.
//!
//! Inside this module names and numbers with units hold together (see `words`), so that no line breaks within them.

use crate::model::answer::{Answer, is_contested};
use crate::model::estimate::verdict::Failed;
use crate::model::units::{Amount, Digits, Unit, short_tokens};
use crate::ui::state::State;

use super::words::{FIRM, firm, units_firm};

/// The answer: which box, how fast and at what price, then what it runs.
#[must_use]
pub fn answer_line(state: &State<'_>) -> String {
    lead(state).join(" ").replace(FIRM, " ")
}

/// Why the others are not the answer.
#[must_use]
pub fn reasons(state: &State<'_>) -> String {
    reason_clauses(state).join(" ").replace(FIRM, " ")
}

/// The answer, what it runs, and the limits where they are several: a sentence each.
pub(in crate::ui) fn lead(state: &State<'_>) -> Vec<String> {
    let verdict = &state.answers.verdict;
    let (condition, limits) = asked(state);
    let answer = match verdict.winner.and_then(|at| state.answers.machines.get(at)) {
        Some(winner) => {
            let speed = expected(winner).map_or_else(String::new, |speed| format!(", expected {speed} tok/s"));
            format!("Cheapest box {condition}: {}{speed}, {}.", firm(&winner.machine.short), price(winner))
        }
        None => format!("No box here {condition}.{}", nearest(state)),
    };
    let sentences = [answer, question(state), limits];
    sentences.iter().filter(|words| !words.is_empty()).map(|words| units_firm(words)).collect()
}

/// The answer in few words.
pub(super) fn short_lead(state: &State<'_>) -> String {
    let verdict = &state.answers.verdict;
    let Some(winner) = verdict.winner.and_then(|at| state.answers.machines.get(at)) else {
        return format!("No box here {}", asked(state).0);
    };
    let speed = expected(winner).map_or_else(String::new, |speed| format!(" {speed} tok/s"));
    let price =
        winner.computer_price().map_or_else(String::new, |price| format!(" {}", Amount::exact(price.usd, Unit::Usd)));
    format!("{}{speed}{price}", firm(&winner.machine.short))
}

/// Why each of the others is not the answer, a sentence each.
pub(super) fn reason_clauses(state: &State<'_>) -> Vec<String> {
    let verdict = &state.answers.verdict;
    let named = verdict.winner.or(verdict.nearest);
    let others = state.answers.machines.iter().enumerate().filter(|(at, _)| Some(*at) != named);
    let sentence = |(at, answer): (usize, &Answer<'_>)| {
        let why = match verdict.failed.get(at) {
            Some(failed) if !failed.is_empty() => format!(": {}", failures(answer, failed)),
            _ if verdict.close.contains(&at) => {
                format!(": close, a price that is contested or old decides, {}", price(answer))
            }
            _ => format!(" passes, {}", price(answer)),
        };
        units_firm(&format!("{}{why}.", firm(&answer.machine.short)))
    };
    others.map(sentence).collect()
}

fn nearest(state: &State<'_>) -> String {
    let verdict = &state.answers.verdict;
    let nearest = verdict.nearest.and_then(|at| state.answers.machines.get(at).zip(verdict.failed.get(at)));
    nearest.map_or_else(String::new, |(answer, failed)| {
        format!(" Nearest: {}, {}.", firm(&answer.machine.short), failures(answer, failed))
    })
}

/// What a machine misses. The speed that is asked stands in the answer already.
fn failures(answer: &Answer<'_>, failed: &[Failed]) -> String {
    let words = |failure: &Failed| match expected(answer).filter(|_| failure.limit == "speed") {
        Some(speed) => format!("expected {speed} tok/s"),
        None => failure.text.clone(),
    };
    failed.iter().map(words).collect::<Vec<_>>().join(" and ")
}

/// What is run, how it is asked and the band of its speed: `Llama 3.3 70B in q4_k_m on llama.cpp: 9.8 to 12 tok/s, 1
/// stream, 4K context`.
pub(in crate::ui) fn question(state: &State<'_>) -> String {
    let (scenario, verdict) = (&state.scenario, &state.answers.verdict);
    let Some(answer) = state.answers.machines.get(verdict.winner.or(verdict.nearest).unwrap_or(0)) else {
        return String::new();
    };
    let what = format!("{} in {} on {}", model_name(answer), answer.format.id, answer.runtime.name);
    let (plural, each) = if scenario.concurrency == 1 { ("", "") } else { ("s", " each") };
    let streams = Amount::exact(scenario.concurrency as f64, Unit::Count);
    let load = format!("{streams} stream{plural}, {} context.", short_tokens(scenario.context));
    match band(answer).filter(|_| verdict.winner.is_some()) {
        Some(band) => format!("{what}: {}{each}, {load}", firm(&format!("{band} tok/s"))),
        None => format!("Asked: {what}, {load}"),
    }
}

fn model_name(answer: &Answer<'_>) -> String {
    let model = &answer.model;
    if model.id != "custom" {
        return firm(&model.name);
    }
    if let Some(bytes) = answer.read_bytes {
        return format!("a model reading {}", Amount::computed(bytes, Unit::BytesPerToken));
    }
    let size = Amount::computed(model.total_params, Unit::Parameters);
    if model.kind.is_moe() {
        let share = Amount::new(model.active_share(), Unit::Share, Digits::Significant(2));
        format!("custom {size} MoE ({share} active)")
    } else {
        format!("custom dense {size}")
    }
}

/// What is asked beside the model: the one speed that is wanted, or the limits, which then are listed in a sentence.
fn asked(state: &State<'_>) -> (String, String) {
    let limits = &state.scenario.limits;
    let mut asked = Vec::new();
    if let Some(speed) = state.answers.verdict.min_tok_s {
        let each = if state.scenario.concurrency > 1 { " each" } else { "" };
        asked.push(format!("≥ {}{each}", Amount::exact(speed, Unit::TokensPerSecond)));
    }
    let others = asked.is_empty();
    asked.extend(limits.max_ttft_s.map(|s| format!("first token within {}", Amount::exact(s, Unit::Seconds))));
    asked.extend(limits.budget_usd.map(|usd| format!("≤ {}", Amount::exact(usd, Unit::Usd))));
    asked.extend(limits.max_watts.map(|watts| format!("≤ {}", Amount::exact(watts, Unit::Watts))));
    asked.extend(limits.portable.then(|| "a laptop".to_owned()));
    asked.extend(limits.needs.iter().cloned());
    match asked.as_slice() {
        [speed] if !others => (format!("at {}", speed.replace("≥ ", "≥\u{a0}")), String::new()),
        limits => ("within your limits".to_owned(), format!("Limits: {}.", limits.join(", "))),
    }
}

/// The price of the working computer, a card's with its parts.
fn price(answer: &Answer<'_>) -> String {
    let Some((price, computer)) = answer.price.as_ref().zip(answer.computer_price()) else {
        return "price in USD not known".to_owned();
    };
    let remark = if is_contested(&price.fact) { " (contested)" } else { "" };
    format!("{}{remark}", computer.words())
}

fn expected(answer: &Answer<'_>) -> Option<String> {
    let each = answer.estimate?.decode.speeds?.each;
    Some(Amount::new(each.expected, Unit::TokensPerSecond, each.digits()).number().into())
}

fn band(answer: &Answer<'_>) -> Option<String> {
    let each = answer.estimate?.decode.speeds?.each;
    let number = |value| Amount::new(value, Unit::TokensPerSecond, each.digits()).number();
    Some(format!("{} to {}", number(each.low), number(each.high)))
}
