//! `whichbox estimate`: every figure of a scenario on each of its machines.

use clap::Args;
use serde_json::Value;

use super::ask::Ask;
use super::output::{Output, Stdout, Table, write};
use super::{DONE, Failure, NO};
use crate::model::answer::{
    Against, Answer, Answers, FIGURES, Figure, Listing, answer_scenario, economics_words, pays,
};
use crate::model::catalog::Catalog;
use crate::model::estimate::figures::Bound;
use crate::model::estimate::setup::queue::Times;
use crate::model::scenario::Scenario;
use crate::model::units::{Amount, Digits, GB, Unit, short_tokens};

/// Arguments of `estimate`.
#[derive(Args, Clone, Debug)]
pub struct EstimateArgs {
    #[command(flatten)]
    pub(super) ask: Ask,
    /// Form of the answer
    #[arg(long, value_enum, default_value_t)]
    output: Output,
}

/// Runs the command. The exit code is [`NO`] if no machine can run the model.
pub(super) fn run(catalog: &Catalog, args: &EstimateArgs, out: &mut Stdout) -> Result<u8, Failure> {
    let scenario = args.ask.scenario(catalog)?;
    let mut answers = answer_scenario(catalog, &scenario).map_err(Failure::input)?;
    answers.mark(catalog);
    let json: Vec<Value> = (0..answers.machines.len()).map(|at| answers.record(at)).collect();
    write(out, args.output, &Value::Array(json), &table(catalog, &scenario, &answers))?;
    let any = answers.machines.iter().any(|a| a.estimate.is_some_and(|e| e.decode.speeds.is_some()));
    Ok(if any { DONE } else { NO })
}

/// Returns the table with a row per figure and a column per machine.
fn table(catalog: &Catalog, scenario: &Scenario, answers: &Answers<'_>) -> Table {
    let mut table = Table::of(["figure"]);
    table.header.extend(answers.machines.iter().map(|answer| answer.machine.short.clone()));
    let mut row = |label: &str, cell: &dyn Fn(&Answer<'_>) -> String| {
        table.push(std::iter::once(label.to_owned()).chain(answers.machines.iter().map(cell)));
    };
    row("model", &|a| a.model.name.clone());
    row("format", &|a| a.format.id.clone());
    row("runtime", &|a| a.runtime.id.clone());
    row("memory bandwidth", &|a| {
        let fact = &a.machine.bandwidth_gbs;
        format!("{} {}", Amount::exact(fact.value * GB, Unit::BytesPerSecond), fact.basis.word())
    });
    row("context and prompt", &|_| {
        format!("{}, {}", short_tokens(scenario.context), short_tokens(scenario.prompt_tokens()))
    });
    let several = scenario.concurrency > 1;
    let is_shown = |f: &&Figure| f.is_listed(Listing::Table) || (several && f.is_listed(Listing::TableOfStreams));
    for figure in FIGURES.iter().filter(is_shown) {
        row(figure.label, &|a| figure.cell(a));
    }
    if several {
        row("TTFT under load, half of the requests", &|a| under_load(a, |times| times.ttft_p50, Unit::Seconds));
        row("TTFT under load, 95 of 100", &|a| under_load(a, |times| times.ttft_p95, Unit::Seconds));
        row("mean rate of a user, waiting included", &|a| {
            under_load(a, |times| times.mean_rate, Unit::TokensPerSecond)
        });
    }
    row("limited by", &|a| if a.refused.is_some() { "cannot run".to_owned() } else { bound(a).word().to_owned() });
    row("price", &|a| price(a));
    row("price elsewhere", &|a| a.elsewhere.clone().unwrap_or_else(|| "none found".to_owned()));
    row("working computer", &|a| a.computer_price().map_or_else(|| "not known".to_owned(), |price| price.words()));
    row("measured", &|a| a.evidence.0.to_string() + " rows behind the estimate");
    table.notes.extend(economics_words(catalog, scenario));
    for answer in &answers.machines {
        let (rent, api) = (pays(answer, Against::Rent), pays(answer, Against::Api));
        table.notes.push(format!("{}: against renting, {rent}", answer.machine.short));
        table.notes.push(format!("{}: against an API, {api}", answer.machine.short));
        table.notes.extend(answer.warnings.iter().map(|warning| format!("{}: {warning}", answer.machine.short)));
    }
    table
}

/// Returns a time or rate of several users whose requests form a closed loop, in words.
fn under_load(answer: &Answer<'_>, of: fn(&Times) -> f64, unit: Unit) -> String {
    let Some(times) = answer.waiting.and_then(|waiting| waiting.times) else { return "not known".to_owned() };
    Amount::new(of(&times), unit, Digits::Significant(2)).to_string()
}

fn bound(answer: &Answer<'_>) -> Bound {
    answer.estimate.map_or(Bound::Memory, |estimate| estimate.decode.bound)
}

fn price(answer: &Answer<'_>) -> String {
    let Some(price) = &answer.price else { return "not known".to_owned() };
    let date = price.fact.date.map_or(String::new(), |date| format!(" of {date}"));
    let age = price.age.map_or(String::new(), |age| format!(", {}", age.words()));
    format!("{} {}{date}{age}", Amount::exact(price.fact.value, Unit::Usd), price.fact.basis.word())
}
