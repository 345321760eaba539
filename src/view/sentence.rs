//! The first line of the screen: the answer in words, and why the other machines are not it.

use crate::answer::{Answer, is_card, is_contested};
use crate::app::State;
use crate::estimate::verdict::Failed;
use crate::units::{Amount, Digits, Unit, short_tokens};

use super::canvas::width;

/// What is run, in words: `Llama 3.3 70B in q4_k_m, 1 stream, 4K context`.
#[must_use]
pub fn question(state: &State<'_>) -> String {
    let scenario = &state.scenario;
    let Some(first) = state.answers.machines.first() else { return String::new() };
    let streams = if scenario.concurrency == 1 {
        "one stream".to_owned()
    } else {
        format!("{} streams", Amount::exact(scenario.concurrency as f64, Unit::Count))
    };
    let format = if state.answers.same_format() { first.format.id.as_str() } else { "each machine's own format" };
    format!("{} in {format}, {streams} of {} tokens", model_name(first), short_tokens(scenario.context))
}

fn model_name(answer: &Answer<'_>) -> String {
    let model = &answer.model;
    if model.id != "custom" {
        return model.name.clone();
    }
    if let Some(bytes) = answer.read_bytes {
        return format!("a model reading {}", Amount::computed(bytes, Unit::BytesPerToken));
    }
    let size = Amount::computed(model.total_params, Unit::Parameters);
    if model.kind.is_moe() {
        format!(
            "a custom {size} MoE with {} active",
            Amount::new(model.active_share(), Unit::Share, Digits::Significant(2))
        )
    } else {
        format!("a custom dense {size}")
    }
}

/// The answer: which box, at what price and speed, then for what.
#[must_use]
pub fn answer_line(state: &State<'_>) -> String {
    let verdict = &state.answers.verdict;
    let (asked, question) = (asked(state), question(state));
    if let Some(winner) = verdict.winner.and_then(|at| state.answers.machines.get(at)) {
        let (name, price) = (&winner.machine.short, price(winner));
        let speed = speed(winner).unwrap_or_default();
        return format!("Cheapest box{asked}: {name}, {price}, {speed}. It runs {question}.");
    }
    let nearest = verdict.nearest.and_then(|at| Some((state.answers.machines.get(at)?, verdict.failed.get(at)?)));
    let nearest = nearest
        .map_or_else(String::new, |(answer, failed)| format!(" Nearest: {}: {}.", answer.machine.short, join(failed)));
    format!("No box here{asked}.{nearest} Asked: {question}.")
}

/// What was asked beside the model, in words.
fn asked(state: &State<'_>) -> String {
    let limits = &state.scenario.limits;
    let mut asked = Vec::new();
    if let Some(speed) = state.answers.verdict.min_tok_s {
        let per = if state.scenario.concurrency > 1 { " per stream" } else { "" };
        asked.push(format!("that runs it at ≥ {}{per}", Amount::exact(speed, Unit::TokensPerSecond)));
    }
    if let Some(seconds) = limits.max_ttft_s {
        asked.push(format!("with the first token within {}", Amount::exact(seconds, Unit::Seconds)));
    }
    if let Some(usd) = limits.budget_usd {
        asked.push(format!("for at most {}", Amount::exact(usd, Unit::Usd)));
    }
    if let Some(watts) = limits.max_watts {
        asked.push(format!("with at most {}", Amount::exact(watts, Unit::Watts)));
    }
    if limits.portable {
        asked.push("that is a laptop".to_owned());
    }
    asked.extend(limits.needs.iter().map(|need| format!("with {need}")));
    if asked.is_empty() { String::new() } else { format!(" {}", asked.join(", ")) }
}

fn price(answer: &Answer<'_>) -> String {
    let Some(price) = &answer.price else { return "price in USD not known".to_owned() };
    let card = if is_card(&answer.machine) { " card only" } else { "" };
    let contested = if is_contested(&price.fact) { " (contested)" } else { "" };
    format!("{}{card}{contested}", Amount::exact(price.fact.value, Unit::Usd))
}

fn speed(answer: &Answer<'_>) -> Option<String> {
    let each = answer.estimate?.decode.speeds?.each;
    let digits = Digits::for_band(each.low, each.high);
    let number = |value| Amount::new(value, Unit::TokensPerSecond, digits).number();
    let (low, expected, high) = (number(each.low), number(each.expected), number(each.high));
    Some(format!("expected {expected} tok/s ({low} to {high}) on {}", answer.runtime.name))
}

/// Why the others are not the answer.
#[must_use]
pub fn reasons(state: &State<'_>) -> String {
    let verdict = &state.answers.verdict;
    let mut reasons = Vec::new();
    for (at, answer) in state.answers.machines.iter().enumerate() {
        if verdict.winner == Some(at) || (verdict.winner.is_none() && verdict.nearest == Some(at)) {
            continue;
        }
        let name = &answer.machine.short;
        match verdict.failed.get(at) {
            Some(failed) if !failed.is_empty() => reasons.push(format!("{name}: {}", join(failed))),
            _ if verdict.close.contains(&at) => reasons.push(format!("{name}: close, a contested price decides")),
            _ => reasons.push(format!("{name}: passes for {}", price(answer))),
        }
    }
    reasons.join(". ")
}

fn join(failed: &[Failed]) -> String {
    failed.iter().map(|failure| failure.text.as_str()).collect::<Vec<_>>().join(" and ")
}

/// Breaks `text` at spaces into lines of at most `columns` columns.
#[must_use]
pub fn wrap(text: &str, columns: u16) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let Some(last) = lines.last_mut() else { break };
        if last.is_empty() {
            last.push_str(word);
        } else if width(last) + 1 + width(word) <= columns {
            last.push(' ');
            last.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}
