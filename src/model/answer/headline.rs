//! The answer in words, and the reasons why the other machines do not win.
//!
//! In lists of sentences, names and numbers with units contain no-break spaces ([`NBSP`]), so that a screen does not
//! break a line within them. [`Headline::answer_line`] and [`Headline::reasons`] contain ordinary spaces.

use super::{Answer, Answers, is_contested};
use crate::model::catalog::Catalog;
use crate::model::estimate::verdict::Failed;
use crate::model::scenario::Scenario;
use crate::model::units::{Amount, Digits, Unit, short_tokens};

/// The no-break space: within a name, or between a number and its unit.
pub const NBSP: char = '\u{a0}';

/// Returns `text` with no-break spaces for all spaces.
#[must_use]
pub fn firm(text: &str) -> String {
    text.replace(' ', "\u{a0}")
}

/// Returns `text` with a no-break space between each number and its unit.
#[must_use]
pub fn units_firm(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut before = ' ';
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let unit = rest.peek().is_some_and(|next| next.is_alphabetic() || *next == '%');
        out.push(if c == ' ' && before.is_ascii_digit() && unit { NBSP } else { c });
        before = c;
    }
    out
}

/// The headline of an answered scenario.
#[derive(Clone, Copy)]
pub struct Headline<'a, 'c> {
    scenario: &'a Scenario,
    answers: &'a Answers<'c>,
}

impl<'a, 'c> Headline<'a, 'c> {
    /// Returns the headline of `scenario` with its `answers`.
    #[must_use]
    pub fn of(scenario: &'a Scenario, answers: &'a Answers<'c>) -> Self {
        Self { scenario, answers }
    }

    /// Returns one line: the winner with its speed and price, then the question.
    #[must_use]
    pub fn answer_line(&self) -> String {
        self.lead().join(" ").replace(NBSP, " ")
    }

    /// Returns one line with the reasons why the other machines do not win.
    #[must_use]
    pub fn reasons(&self) -> String {
        self.reason_clauses().join(" ").replace(NBSP, " ")
    }

    /// Returns sentences with the winner, the question, and the limits if there are several.
    #[must_use]
    pub fn lead(&self) -> Vec<String> {
        let (condition, limits) = self.asked();
        let answer = match self.winner() {
            Some(winner) => {
                let speed = expected(winner).map_or_else(String::new, |speed| format!(", expected {speed} tok/s"));
                let subject = match self.answers.machines.len() {
                    1 => "Passes".to_owned(),
                    count => format!("Cheapest of these {count}"),
                };
                format!("{subject} {condition}: {}{speed}, {}.", firm(&winner.machine.short), price(winner))
            }
            None => format!("No box here {condition}.{}", self.nearest()),
        };
        let sentences = [answer, self.question(), limits];
        sentences.iter().filter(|words| !words.is_empty()).map(|words| units_firm(words)).collect()
    }

    /// Returns the sentence about a cheaper machine that is not compared; `None` if there is none.
    #[must_use]
    pub fn cheaper(&self, catalog: &Catalog) -> Option<String> {
        self.winner()?;
        let other = super::cheaper_not_shown(catalog, self.scenario, self.answers).ok().flatten()?;
        Some(format!("Cheaper and not shown: {}.", other.words()))
    }

    /// Returns the winner in few words.
    #[must_use]
    pub fn short_lead(&self) -> String {
        let Some(winner) = self.winner() else { return format!("No box here {}", self.asked().0) };
        let speed = expected(winner).map_or_else(String::new, |speed| format!(" {speed} tok/s"));
        let usd = |usd| Amount::exact(usd, Unit::Usd);
        let price = winner.computer_price().map_or_else(String::new, |price| format!(" {}", usd(price.usd)));
        format!("{}{speed}{price}", firm(&winner.machine.short))
    }

    /// Returns a sentence for each other machine with the reason why it does not win.
    #[must_use]
    pub fn reason_clauses(&self) -> Vec<String> {
        let verdict = &self.answers.verdict;
        let named = verdict.winner.or(verdict.nearest);
        let others = self.answers.machines.iter().enumerate().filter(|(at, _)| Some(*at) != named);
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

    /// Returns the model, format, runtime, band of the speed and load: `Llama 3.3 70B in q4_k_m on llama.cpp: 9.8 to 12
    /// tok/s, 1 stream, 4K context, 2K prompt`.
    #[must_use]
    pub fn question(&self) -> String {
        let verdict = &self.answers.verdict;
        let Some(answer) = self.answers.machines.get(verdict.winner.or(verdict.nearest).unwrap_or(0)) else {
            return String::new();
        };
        let what = format!("{} in {} on {}", model_name(answer), answer.format.id, answer.runtime.name);
        let (plural, each) = if self.scenario.concurrency == 1 { ("", "") } else { ("s", " each") };
        let streams = Amount::exact(self.scenario.concurrency as f64, Unit::Count);
        let (context, prompt) = (short_tokens(self.scenario.context), short_tokens(self.scenario.prompt_tokens()));
        let load = format!("{streams} stream{plural}, {context} context, {prompt} prompt.");
        match band(answer).filter(|_| verdict.winner.is_some()) {
            Some(band) => format!("{what}: {}{each}, {load}", firm(&format!("{band} tok/s"))),
            None => format!("Asked: {what}, {load}"),
        }
    }

    fn winner(&self) -> Option<&'a Answer<'c>> {
        self.answers.verdict.winner.and_then(|at| self.answers.machines.get(at))
    }

    fn nearest(&self) -> String {
        let verdict = &self.answers.verdict;
        let nearest = verdict.nearest.and_then(|at| self.answers.machines.get(at).zip(verdict.failed.get(at)));
        nearest.map_or_else(String::new, |(answer, failed)| {
            format!(" Nearest: {}, {}.", firm(&answer.machine.short), failures(answer, failed))
        })
    }

    /// Returns the condition in the first sentence, and a sentence that lists the limits. A single required speed is
    /// itself the condition, and the second text is empty.
    #[must_use]
    pub fn asked(&self) -> (String, String) {
        let limits = &self.scenario.limits;
        let mut asked = Vec::new();
        if let Some(speed) = self.answers.verdict.min_tok_s {
            let each = if self.scenario.concurrency > 1 { " each" } else { "" };
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
}

/// Returns the limits that a machine misses in words. The required speed is not repeated, because the answer contains
/// it.
fn failures(answer: &Answer<'_>, failed: &[Failed]) -> String {
    let words = |failure: &Failed| match expected(answer).filter(|_| failure.limit == "speed") {
        Some(speed) => format!("expected {speed} tok/s"),
        None => failure.text.clone(),
    };
    failed.iter().map(words).collect::<Vec<_>>().join(" and ")
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

/// Returns the price of the working computer in words, with its parts for a card.
fn price(answer: &Answer<'_>) -> String {
    let Some((price, computer)) = answer.price.as_ref().zip(answer.computer_price()) else {
        return "price in USD not known".to_owned();
    };
    let contested = is_contested(&price.fact).then(|| "contested".to_owned());
    let old = price.age.filter(|age| age.outdated.is_some()).map(super::price::Age::words);
    let remarks: Vec<String> = contested.into_iter().chain(old).collect();
    let remarks = if remarks.is_empty() { String::new() } else { format!(" ({})", remarks.join(", ")) };
    format!("{}{remarks}", computer.words())
}

/// Returns the expected speed of one stream in tok/s as a number; `None` if it has none.
#[must_use]
pub fn expected(answer: &Answer<'_>) -> Option<String> {
    let each = answer.estimate?.decode.speeds?.each;
    Some(Amount::new(each.expected, Unit::TokensPerSecond, each.digits()).number())
}

/// Returns the band of one stream's speed in tok/s, `9.8 to 12`; `None` if it has none.
#[must_use]
pub fn band(answer: &Answer<'_>) -> Option<String> {
    let each = answer.estimate?.decode.speeds?.each;
    let number = |value| Amount::new(value, Unit::TokensPerSecond, each.digits()).number();
    Some(format!("{} to {}", number(each.low), number(each.high)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_stays_with_its_unit() {
        assert_eq!(units_firm("expected 11 tok/s"), "expected 11\u{a0}tok/s");
        assert_eq!(units_firm("4 8 5 % of it"), "4 8 5\u{a0}% of it");
    }
}
