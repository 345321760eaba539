//! Ask: three questions (how big a model, how many streams, what power and budget), then the explorer with the answer.
//!
//! Each question is a list of usual answers that typing narrows or replaces: Enter takes the row in front. Nothing is
//! changed before the last answer, and then everything in one step.

use super::chooser::{Choice, Chooser, Column};
use crate::model::answer::{Axes, answer_scenario, default_min_speed};
use crate::model::catalog::Catalog;
use crate::model::scenario::knob::knob;
use crate::model::scenario::{FormatChoice, HostComputer, Limits, ModelChoice, RuntimeChoice, Scenario};
use crate::model::units::{Amount, Digits, Unit, parse_number};

/// Streams that are offered, with who that is.
const STREAMS: [(u64, &str); 5] =
    [(1, "one person"), (4, "a small team"), (8, "a few agents"), (32, "a department"), (256, "a swarm of agents")];
/// Budgets that are offered, US dollars.
const BUDGETS: [f64; 5] = [3000.0, 5000.0, 6000.0, 10_000.0, 15_000.0];
/// Machines on the screen afterwards, at most.
const MACHINES: usize = 5;
/// Machines that stay on it, from the first on.
const KEPT: usize = 3;

/// Which question is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// How big is the model?
    Model,
    /// How many streams at once, and how fast each?
    Streams,
    /// What may it cost and draw, and must it be carried?
    Limits,
}

/// The questions as far as they are answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Ask {
    /// The question that is asked.
    pub question: Question,
    /// Its usual answers, narrowed by what is typed.
    pub list: Chooser,
    /// The scenario with the answers so far.
    scenario: Scenario,
}

/// What taking an answer leads to.
pub(super) enum Taken {
    /// The next question.
    Next(Box<Ask>),
    /// The question again, with what is wrong.
    Again(Box<Ask>, String),
    /// All is answered: the scenario to show.
    Done(Box<Scenario>),
}

impl Ask {
    /// The first question about a scenario.
    pub(super) fn start(catalog: &Catalog, scenario: &Scenario) -> Self {
        let scenario = Scenario {
            format: FormatChoice::Auto,
            runtime: RuntimeChoice::Auto,
            limits: Limits::default(),
            expect: None,
            saved: None,
            ..scenario.clone()
        };
        Self::at(Question::Model, catalog, scenario)
    }

    fn at(question: Question, catalog: &Catalog, scenario: Scenario) -> Self {
        let columns = vec![Column::default(); 1];
        let mut ask = Self { question, list: Chooser::of(columns, Vec::new()), scenario };
        ask.offer(catalog);
        ask
    }

    /// The question, with its place among the three.
    #[must_use]
    pub fn title(&self) -> &'static str {
        match self.question {
            Question::Model => "1 of 3: how big a model?",
            Question::Streams => "2 of 3: how many streams?",
            Question::Limits => "3 of 3: what price and power?",
        }
    }

    /// What can be typed.
    #[must_use]
    pub fn examples(&self) -> &'static str {
        match self.question {
            Question::Model => "a name, 70b or 120b/12b · Enter takes",
            Question::Streams => "8, or 8 at 20 tok/s · Enter takes",
            Question::Limits => "6000, 300w, laptop · Enter takes",
        }
    }

    /// Makes the rows anew for what is typed: what it says first, then the usual answers that match it.
    pub(super) fn offer(&mut self, catalog: &Catalog) {
        let typed = self.list.filter.trim().to_owned();
        self.list.rows = match self.question {
            Question::Model => models(catalog, &self.scenario, &typed),
            Question::Streams => said(streams(catalog, &typed), &typed, usual_streams(catalog)),
            Question::Limits => said(terms(&typed), &typed, usual_limits()),
        };
        self.list.step(0);
    }

    /// The question before; `None` before the first.
    pub(super) fn back(self, catalog: &Catalog) -> Option<Self> {
        let before = match self.question {
            Question::Model => return None,
            Question::Streams => Question::Model,
            Question::Limits => Question::Streams,
        };
        Some(Self::at(before, catalog, self.scenario))
    }

    /// Takes the row in front.
    pub(super) fn take(mut self, catalog: &Catalog) -> Taken {
        let row = self.list.current().map(|(_, row)| row.id.clone());
        let text = row.unwrap_or_else(|| self.list.filter.trim().to_owned());
        let answered = match self.question {
            Question::Model => set_model(&mut self.scenario, catalog, &text),
            Question::Streams => streams(catalog, &text).map(|(streams, speed)| {
                self.scenario.concurrency = streams;
                self.scenario.limits.min_tok_s = Some(speed);
            }),
            Question::Limits => terms(&text).map(|limits| {
                let min_tok_s = self.scenario.limits.min_tok_s;
                self.scenario.limits = Limits { min_tok_s, ..limits };
            }),
        };
        if let Err(sentence) = answered {
            return Taken::Again(Box::new(self), sentence);
        }
        match self.question {
            Question::Model => Taken::Next(Box::new(Self::at(Question::Streams, catalog, self.scenario))),
            Question::Streams => Taken::Next(Box::new(Self::at(Question::Limits, catalog, self.scenario))),
            Question::Limits => Taken::Done(Box::new(finished(catalog, self.scenario))),
        }
    }
}

/// What was typed as the first row, where it says something, then the usual answers.
fn said<T: Words>(read: Result<T, String>, typed: &str, usual: Vec<Choice>) -> Vec<Choice> {
    let said = read.ok().filter(|_| !typed.is_empty());
    let own: Option<Choice> =
        said.map(|value| Choice { id: typed.to_owned(), label: value.words(), ..Choice::default() });
    let others =
        usual.into_iter().filter(|row| own.as_ref().is_none_or(|own| own.label != row.label)).collect::<Vec<_>>();
    own.into_iter().chain(others).collect()
}

/// An answer in words.
trait Words {
    fn words(&self) -> String;
}

impl Words for (u64, f64) {
    fn words(&self) -> String {
        let plural = if self.0 == 1 { "" } else { "s" };
        let speed = Amount::exact(self.1, Unit::TokensPerSecond);
        format!("{} stream{plural}, at least {speed} each", Amount::exact(self.0 as f64, Unit::Count))
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

/// Models to choose from, those that people rent before the others, and a size that is typed.
fn models(catalog: &Catalog, scenario: &Scenario, typed: &str) -> Vec<Choice> {
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
        Choice { id: model.id.to_string(), label: model.name.to_string(), cells: vec![about], ..Choice::default() }
    };
    models.iter().map(row).chain(own).collect()
}

fn set_model(scenario: &mut Scenario, catalog: &Catalog, text: &str) -> Result<(), String> {
    // A size alone asks for a dense model, whatever was shown before.
    let text = match parse_number(text, Unit::Parameters) {
        Ok(_) => format!("{text}/{text}"),
        Err(_) => text.to_owned(),
    };
    knob("model")?.write(scenario, catalog, &text).map_err(|error| error.sentence)
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

/// Reads `8`, `8 streams` or `8 at 20`: streams and the least speed of each.
fn streams(catalog: &Catalog, text: &str) -> Result<(u64, f64), String> {
    let mut numbers = text.split(|c: char| !c.is_ascii_digit() && c != '.').filter(|part| !part.is_empty());
    let fault = || "write a number of streams such as 8, or 8 at 20 for 20 tok/s each".to_owned();
    let count = numbers.next().ok_or_else(fault)?;
    let mut scenario = Scenario::default();
    knob("concurrency")?.write(&mut scenario, catalog, count).map_err(|error| error.sentence)?;
    let speed = match numbers.next() {
        None => default_min_speed(catalog),
        Some(speed) => {
            knob("min-tok-s")?.write(&mut scenario, catalog, speed).map_err(|error| error.sentence)?;
            scenario.limits.min_tok_s.unwrap_or(0.0)
        }
    };
    if numbers.next().is_some() { Err(fault()) } else { Ok((scenario.concurrency, speed)) }
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

/// Reads `6000`, `$6k`, `6000 300w`, `laptop` or `no limit`.
fn terms(text: &str) -> Result<Limits, String> {
    let mut limits = Limits::default();
    for word in text.split_whitespace() {
        let lower = word.to_lowercase();
        let fault = || format!("\"{word}\" is no limit; write a price such as 6000, a power such as 300w, or laptop");
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

/// The scenario that is asked: the computer around a card counted, the machines worth a look on the screen, and the
/// question as its title.
fn finished(catalog: &Catalog, scenario: Scenario) -> Scenario {
    let assumed = |id: &str| catalog.assumption(id).map(|entry| entry.fact.value);
    let host = HostComputer {
        usd: scenario.host.usd.or(assumed("host_price_usd")),
        idle_watts: scenario.host.idle_watts.or(assumed("host_idle_w")),
        load_watts: scenario.host.load_watts.or(assumed("host_load_w")),
    };
    let model = knob("model").map_or_else(|_| String::new(), |knob| knob.read(&scenario, catalog).text.into());
    let streams = (scenario.concurrency, scenario.limits.min_tok_s.unwrap_or(0.0)).words();
    let limits = Limits { min_tok_s: None, ..scenario.limits.clone() }.words();
    let title = format!("{model}, {streams}, {limits}");
    let scenario = Scenario { host, title, note: String::new(), ..scenario };
    let machines = worth_a_look(catalog, &scenario);
    Scenario { machines: machines.into(), ..scenario }
}

/// The first machines of the screen, and the cheapest that pass of all that can be bought.
fn worth_a_look(catalog: &Catalog, scenario: &Scenario) -> Vec<String> {
    let mut shown: Vec<String> = scenario.machines.iter().take(KEPT).cloned().collect();
    let everywhere = Scenario { machines: Axes::purchasable(catalog).into(), ..scenario.clone() };
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
        let limits =
            |budget, watts, portable| Limits { budget_usd: budget, max_watts: watts, portable, ..Limits::default() };
        for (text, wanted) in [
            ("6000", limits(Some(6000.0), None, false)),
            ("$6k 300w", limits(Some(6000.0), Some(300.0), false)),
            ("under 6,000", limits(Some(6000.0), None, false)),
            ("laptop", limits(None, None, true)),
            ("no limit", limits(None, None, false)),
        ] {
            assert_eq!(terms(text), Ok(wanted), "{text}");
        }
        for bad in ["cheap", "300watts", "6000 x"] {
            assert!(terms(bad).is_err(), "{bad}");
        }
    }
}
