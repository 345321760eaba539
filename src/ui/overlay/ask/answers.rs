//! The answers to the three questions: the rows on offer, and the parsing of typed answers.

use crate::model::answer::{Axes, answer_scenario, default_min_speed};
use crate::model::catalog::Catalog;
use crate::model::scenario::knob::knob;
use crate::model::scenario::{HostComputer, Limits, ModelChoice, Scenario};
use crate::model::units::{Amount, Digits, Unit, counted, parse_number};
use crate::ui::overlay::Choice;

/// The numbers of streams on offer, with their usual users.
const STREAMS: [(u64, &str); 5] =
    [(1, "one person"), (4, "a small team"), (8, "a few agents"), (32, "a department"), (256, "a swarm of agents")];
/// The budgets on offer, US dollars.
const BUDGETS: [f64; 5] = [3000.0, 5000.0, 6000.0, 10_000.0, 15_000.0];
/// Most machines that are compared afterwards.
const MACHINES: usize = 5;
/// Number of the compared machines that are kept, from the first on.
const KEPT: usize = 3;

/// An answer that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum UnreadableAnswer {
    /// The knob does not accept the value.
    #[error("{0}")]
    Knob(String),
    /// The text has no number of streams.
    #[error("write a number of streams such as 8, or 8 at 20 for 20 tok/s each")]
    Streams,
    /// A word is neither a price, a power nor `laptop`.
    #[error("\"{0}\" is no limit; write a price such as 6000, a power such as 300w, or laptop")]
    Limit(String),
}

/// Returns the typed answer as the first row if it can be parsed, then the usual answers.
fn rows<T: Words>(read: Result<T, UnreadableAnswer>, typed: &str, usual: Vec<Choice>) -> Vec<Choice> {
    let typed_answer = read.ok().filter(|_| !typed.is_empty());
    let own: Option<Choice> =
        typed_answer.map(|value| Choice { id: typed.to_owned(), label: value.words(), ..Choice::default() });
    let others =
        usual.into_iter().filter(|row| own.as_ref().is_none_or(|own| own.label != row.label)).collect::<Vec<_>>();
    own.into_iter().chain(others).collect()
}

/// An answer that can be shown in words.
trait Words {
    fn words(&self) -> String;
}

impl Words for (u64, f64) {
    fn words(&self) -> String {
        let speed = Amount::exact(self.1, Unit::TokensPerSecond);
        format!("{}, at least {speed} each", counted(self.0, "stream"))
    }
}

impl Words for Limits {
    fn words(&self) -> String {
        let budget = self.budget_usd.map(|usd| format!("up to {}", Amount::exact(usd, Unit::Usd)));
        let watts = self.max_watts.map(|watts| format!("up to {}", Amount::exact(watts, Unit::Watts)));
        let laptop = self.portable.then(|| "a laptop".to_owned());
        let words: Vec<String> = [budget, watts, laptop].into_iter().flatten().collect();
        if words.is_empty() { "no limit".to_owned() } else { words.join(", ") }
    }
}

/// Returns the models to choose from, those with an API price first, then a typed size.
pub(super) fn models(catalog: &Catalog, scenario: &Scenario, typed: &str) -> Vec<Choice> {
    let mut other = scenario.clone();
    let own = set_model(&mut other, catalog, typed).is_ok()
        && !matches!(other.model, ModelChoice::Catalog(_) | ModelChoice::File(_));
    let own = own.then(|| Choice { id: typed.to_owned(), label: format!("a model of {typed}"), ..Choice::default() });
    let mut models: Vec<_> = catalog.models.iter().collect();
    models.sort_by(|a, b| {
        let rented = |id: &str| catalog.api_price(id).is_none();
        rented(&a.id).cmp(&rented(&b.id)).then(a.total_params.total_cmp(&b.total_params))
    });
    let size = |params| Amount::new(params, Unit::Parameters, Digits::Significant(3));
    let row = |model: &&crate::model::facts::Model| {
        let active =
            if model.kind.is_moe() { format!(", {} active", size(model.active_params)) } else { String::new() };
        let about = format!("{} {}{active}", size(model.total_params), model.kind.word());
        Choice { id: model.id.clone(), label: model.name.clone(), cells: vec![about], ..Choice::default() }
    };
    models.iter().map(row).chain(own).collect()
}

/// Sets the model of a scenario, by name or size.
pub(super) fn set_model(scenario: &mut Scenario, catalog: &Catalog, text: &str) -> Result<(), UnreadableAnswer> {
    // A size alone means a dense model, whatever the current one is.
    let text = match parse_number(text, Unit::Parameters) {
        Ok(_) => format!("{text}/{text}"),
        Err(_) => text.to_owned(),
    };
    write(scenario, catalog, "model", &text)
}

/// Sets a knob of a scenario.
fn write(scenario: &mut Scenario, catalog: &Catalog, id: &str, text: &str) -> Result<(), UnreadableAnswer> {
    let knob = knob(id).map_err(|error| UnreadableAnswer::Knob(error.to_string()))?;
    knob.write(scenario, catalog, text).map_err(|error| UnreadableAnswer::Knob(error.sentence))
}

/// Returns the rows of streams, with the typed number first.
pub(super) fn stream_rows(catalog: &Catalog, typed: &str) -> Vec<Choice> {
    rows(streams(catalog, typed), typed, usual_streams(catalog))
}

/// Returns the rows of limits, with the typed ones first.
pub(super) fn limit_rows(typed: &str) -> Vec<Choice> {
    rows(limits(typed), typed, usual_limits())
}

fn usual_streams(catalog: &Catalog) -> Vec<Choice> {
    let row = |(streams, who): (u64, &str)| Choice {
        id: streams.to_string(),
        label: (streams, default_min_speed(catalog)).words(),
        cells: vec![who.to_owned()],
        ..Choice::default()
    };
    STREAMS.into_iter().map(row).collect()
}

/// Parses `8`, `8 streams` or `8 at 20`: the number of streams and the least speed of each in tok/s.
pub(super) fn streams(catalog: &Catalog, text: &str) -> Result<(u64, f64), UnreadableAnswer> {
    let mut numbers = text.split(|c: char| !c.is_ascii_digit() && c != '.').filter(|part| !part.is_empty());
    let count = numbers.next().ok_or(UnreadableAnswer::Streams)?;
    let mut scenario = Scenario::default();
    write(&mut scenario, catalog, "concurrency", count)?;
    let speed = match numbers.next() {
        None => default_min_speed(catalog),
        Some(speed) => {
            write(&mut scenario, catalog, "min-tok-s", speed)?;
            scenario.limits.min_tok_s.unwrap_or(0.0)
        }
    };
    if numbers.next().is_some() { Err(UnreadableAnswer::Streams) } else { Ok((scenario.concurrency, speed)) }
}

fn usual_limits() -> Vec<Choice> {
    let budgets = BUDGETS.map(|usd| Limits { budget_usd: Some(usd), ..Limits::default() });
    let row = |limits: Limits| {
        let id = limits.budget_usd.map_or("no limit".to_owned(), |usd| usd.to_string());
        let id = if limits.portable { "laptop".to_owned() } else { id };
        Choice { id, label: limits.words(), ..Choice::default() }
    };
    let none = Limits::default();
    let laptop = Limits { portable: true, ..Limits::default() };
    std::iter::once(none).chain(budgets).chain([laptop]).map(row).collect()
}

/// Parses `6000`, `$6k`, `6000 300w`, `laptop` or `no limit`.
pub(super) fn limits(text: &str) -> Result<Limits, UnreadableAnswer> {
    let mut limits = Limits::default();
    for word in text.split_whitespace() {
        let lower = word.to_lowercase();
        let fault = || UnreadableAnswer::Limit(word.to_owned());
        match lower.as_str() {
            "no" | "limit" | "none" | "under" | "up" | "to" | "a" | "and" => {}
            "laptop" | "portable" => limits.portable = true,
            word => {
                if let Some(watts) = word.strip_suffix('w') {
                    limits.max_watts = Some(parse_number(watts, Unit::Watts).map_err(|_| fault())?);
                } else {
                    let usd = parse_number(word.trim_start_matches('$'), Unit::Usd).map_err(|_| fault())?;
                    limits.budget_usd = Some(usd);
                }
            }
        }
    }
    Ok(limits)
}

/// Returns the scenario with all answers: with a host for cards, the machines worth comparing, and a title.
pub(super) fn finished(catalog: &Catalog, scenario: Scenario) -> Scenario {
    let assumed = |id: &str| catalog.assumption(id).map(|entry| entry.fact.value);
    let host = HostComputer {
        usd: scenario.host.usd.or(assumed("host_price_usd")),
        idle_watts: scenario.host.idle_watts.or(assumed("host_idle_w")),
        load_watts: scenario.host.load_watts.or(assumed("host_load_w")),
        ..scenario.host.clone()
    };
    let model = knob("model").map_or_else(|_| String::new(), |knob| knob.read(&scenario, catalog).text);
    let streams = (scenario.concurrency, scenario.limits.min_tok_s.unwrap_or(0.0)).words();
    let limits = Limits { min_tok_s: None, ..scenario.limits.clone() }.words();
    let title = format!("{model}, {streams}, {limits}");
    let scenario = Scenario { host, title, note: String::new(), ..scenario };
    let machines = worth_comparing(catalog, &scenario);
    Scenario { machines: machines.into(), ..scenario }
}

/// Returns the first of the compared machines, and the cheapest machines on sale that pass.
fn worth_comparing(catalog: &Catalog, scenario: &Scenario) -> Vec<String> {
    let mut shown: Vec<String> = scenario.machines.iter().take(KEPT).cloned().collect();
    let everywhere =
        Scenario { machines: Axes::purchasable(catalog, scenario.limits.any_availability).into(), ..scenario.clone() };
    let Ok(all) = answer_scenario(catalog, &everywhere) else { return shown };
    let passing = all.machines.iter().zip(&all.verdict.failed).filter(|(_, failed)| failed.is_empty());
    let mut passing: Vec<(f64, &str)> =
        passing.filter_map(|(answer, _)| Some((answer.computer_price()?.usd, answer.machine.id.as_str()))).collect();
    passing.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (_, id) in passing {
        if shown.len() < MACHINES && !shown.iter().any(|there| there == id) {
            shown.push(id.to_owned());
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_read_as_people_write_them() {
        let wanted_limits =
            |budget, watts, portable| Limits { budget_usd: budget, max_watts: watts, portable, ..Limits::default() };
        for (text, wanted) in [
            ("6000", wanted_limits(Some(6000.0), None, false)),
            ("$6k 300w", wanted_limits(Some(6000.0), Some(300.0), false)),
            ("under 6,000", wanted_limits(Some(6000.0), None, false)),
            ("laptop", wanted_limits(None, None, true)),
            ("no limit", wanted_limits(None, None, false)),
        ] {
            assert_eq!(limits(text), Ok(wanted), "{text}");
        }
        for bad in ["cheap", "300watts", "6000 x"] {
            assert!(limits(bad).is_err(), "{bad}");
        }
    }
}
