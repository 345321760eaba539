//! `whichbox estimate`: every figure of a scenario on each of its machines.

use clap::Args;
use serde_json::Value;

use super::ask::Ask;
use super::output::{Output, Stdout, Table, write};
use super::{DONE, Failure, NO};
use crate::cmd::exporters::record;
use crate::model::answer::{Against, Answer, Answers, answer_scenario, pays};
use crate::model::catalog::Catalog;
use crate::model::estimate::figures::{Band, Bound};
use crate::model::scenario::Scenario;
use crate::model::units::{Amount, Digits, Unit};

/// Arguments of `estimate`.
#[derive(Args, Clone, Debug)]
pub struct EstimateArgs {
    #[command(flatten)]
    pub(super) ask: Ask,
    /// How the answer is written
    #[arg(long, value_enum, default_value_t)]
    output: Output,
}

/// Runs the command; the answer is no where no machine can run what is asked.
pub(super) fn run(catalog: &Catalog, args: &EstimateArgs, out: &mut Stdout) -> Result<u8, Failure> {
    let scenario = args.ask.scenario(catalog)?;
    let mut answers = answer_scenario(catalog, &scenario).map_err(Failure::input)?;
    answers.mark(catalog);
    let json: Vec<Value> = (0..answers.machines.len()).map(|at| record(&scenario, &answers, at)).collect();
    write(out, args.output, &Value::Array(json), &table(&scenario, &answers))?;
    let any = answers.machines.iter().any(|a| a.estimate.is_some_and(|e| e.decode.speeds.is_some()));
    Ok(if any { DONE } else { NO })
}

/// Figures down, machines across.
fn table(scenario: &Scenario, answers: &Answers<'_>) -> Table {
    let mut table = Table::of(["figure"]);
    table.header.extend(answers.machines.iter().map(|answer| answer.machine.short.clone()));
    let mut row = |label: &str, cell: &dyn Fn(&Answer<'_>) -> String| {
        table.push(std::iter::once(label.to_owned()).chain(answers.machines.iter().map(cell)));
    };
    row("model", &|a| a.model.name.to_string());
    row("format", &|a| a.format.id.clone());
    row("runtime", &|a| a.runtime.id.clone());
    row("bandwidth", &|a| {
        let fact = &a.machine.bandwidth_gbs;
        format!("{} {}", Amount::exact(fact.value * crate::model::units::GB, Unit::BytesPerSecond), fact.basis.word())
    });
    row("memory needed", &|a| memory_cell(a));
    row("decode ceiling", &|a| speed(a, |s| computed(s.ceiling)));
    row("decode expected", &|a| speed(a, |s| band(s.each, Unit::TokensPerSecond)));
    if scenario.concurrency > 1 {
        row("all streams ceiling", &|a| speed(a, |s| computed(s.aggregate_ceiling)));
        row("all streams expected", &|a| speed(a, |s| band(s.aggregate, Unit::TokensPerSecond)));
    }
    row("waits for", &|a| if a.refused.is_some() { "cannot run".to_owned() } else { bound(a).word().to_owned() });
    row("prefill", &|a| known(a.estimate.and_then(|e| e.prefill).map(|p| band(p.speed, Unit::TokensPerSecond))));
    row("time to first token", &|a| known(a.estimate.and_then(|e| e.prefill).map(|p| band(p.ttft, Unit::Seconds))));
    row("time to the answer", &|a| known(a.estimate.and_then(|e| e.answer_time).map(|t| band(t, Unit::Seconds))));
    row("served", &|a| known(a.estimate.and_then(|e| e.served).map(|b| band(b, Unit::TokensPerSecond))));
    row("power under load", &|a| {
        known(a.estimate.and_then(|e| e.load_watts).map(|w| Amount::exact(w, Unit::Watts).to_string()))
    });
    row("price", &|a| price(a));
    row("price elsewhere", &|a| a.elsewhere.clone().unwrap_or_else(|| "none found".to_owned()));
    row("cost per GB", &|a| {
        known(a.estimate.and_then(|e| e.cost).map(|c| Amount::computed(c.usd_per_gb, Unit::UsdPerGb).to_string()))
    });
    row("cost per Mtok", &|a| {
        let cost = a.estimate.and_then(|e| e.cost).and_then(|c| c.usd_per_mtok);
        known(cost.map(|usd| Amount::new(usd, Unit::UsdPerMtok, Digits::Significant(2)).to_string()))
    });
    row("working computer", &|a| known(a.computer_price().map(|price| price.words())));
    row("yearly electricity", &|a| {
        let bill = a.estimate.and_then(|e| e.bill);
        let usd = |usd| Amount::new(usd, Unit::UsdPerYear, Digits::Significant(2));
        known(bill.map(|bill| match bill.total {
            Some(total) => usd(total).to_string(),
            None => format!("{} and idle, not known", usd(bill.load)),
        }))
    });
    row("measured", &|a| a.evidence.0.to_string() + " rows behind the estimate");
    for answer in &answers.machines {
        let (rent, api) = (pays(answer, Against::Rent), pays(answer, Against::Api));
        table.notes.push(format!("{}: against renting, {rent}", answer.machine.short));
        table.notes.push(format!("{}: against an API, {api}", answer.machine.short));
        table.notes.extend(answer.warnings.iter().map(|warning| format!("{}: {warning}", answer.machine.short)));
    }
    table
}

fn bound(answer: &Answer<'_>) -> Bound {
    answer.estimate.map_or(Bound::Memory, |estimate| estimate.decode.bound)
}

fn known(text: Option<String>) -> String {
    text.unwrap_or_else(|| "not known".to_owned())
}

fn computed(value: f64) -> String {
    Amount::computed(value, Unit::TokensPerSecond).to_string()
}

fn band(band: Band<f64>, unit: Unit) -> String {
    let digits = band.digits();
    let number = |value: f64| Amount::new(value, unit, digits);
    // Times change their unit with their size, so each says its own.
    let edge = |value| if unit == Unit::Seconds { number(value).to_string() } else { number(value).number().into() };
    format!("{} ({} to {})", number(band.expected), edge(band.low), edge(band.high))
}

fn speed(answer: &Answer<'_>, show: impl Fn(crate::model::estimate::figures::Speeds<f64>) -> String) -> String {
    match answer.estimate {
        Some(estimate) => match estimate.decode.speeds {
            Some(speeds) => show(speeds),
            None if answer.refused.is_some() => "cannot run".to_owned(),
            None => "does not fit".to_owned(),
        },
        None => "not known".to_owned(),
    }
}

fn memory_cell(answer: &Answer<'_>) -> String {
    let Some(memory) = answer.estimate.map(|estimate| estimate.memory) else { return "not known".to_owned() };
    let gib = |bytes: f64| Amount::computed(bytes, Unit::MemoryBytes);
    format!("{} of {}", gib(memory.total).number(), gib(memory.usable))
}

fn price(answer: &Answer<'_>) -> String {
    let Some(price) = &answer.price else { return "not known".to_owned() };
    let date = price.fact.date.map_or(String::new(), |date| format!(" of {date}"));
    let age = price.age.map_or(String::new(), |age| format!(", {}", age.words()));
    format!("{} {}{date}{age}", Amount::exact(price.fact.value, Unit::Usd), price.fact.basis.word())
}
