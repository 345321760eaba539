//! `whichbox search`: the best combinations of machine, format, runtime and streams, and the frontier among them.

use std::io::{IsTerminal, Write};
use std::time::Instant;

use clap::Args;
use serde_json::{Value, json};

use super::ask::Ask;
use super::limits::LimitArgs;
use super::output::{Output, Stdout, Table, write};
use super::{DONE, Failure, NO};
use crate::cmd::exporters::number;
use crate::model::answer::{Axes, Found, answer_scenario, search};
use crate::model::catalog::Catalog;
use crate::model::scenario::{FormatChoice, MACHINES, Scenario};
use crate::model::units::{Amount, Digits, Unit, short_tokens};

/// Arguments of `search`.
#[derive(Args, Clone, Debug)]
pub struct SearchArgs {
    #[command(flatten)]
    pub(super) ask: Ask,
    #[command(flatten)]
    limits: LimitArgs,
    /// How many of the best are shown
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    limit: u32,
    /// How the answer is written
    #[arg(long, value_enum, default_value_t)]
    output: Output,
}

/// Runs the command; the answer is no where no combination passes.
pub(super) fn run(catalog: &Catalog, args: &SearchArgs, out: &mut Stdout) -> Result<u8, Failure> {
    let mut scenario = args.ask.scenario(catalog)?;
    args.limits.apply(&mut scenario, catalog)?;
    let axes = args.axes(catalog, &scenario);
    if std::io::stderr().is_terminal() {
        let (machines, models) = (axes.machines.len(), axes.models.len());
        // Nobody is left to be told where standard error is closed.
        let _ = writeln!(std::io::stderr(), "whichbox: searching {machines} machines and {models} models");
    }
    let start = Instant::now();
    let found = search(catalog, &scenario, &axes).map_err(Failure::input)?;
    let seconds = start.elapsed().as_secs_f64();
    let shown: Vec<&Found> = found.results.iter().take(args.limit as usize).collect();
    let frontier: Vec<&Found> = found.frontier.iter().collect();
    let json = json!({
        "evaluated": found.evaluated,
        "seconds": number(seconds),
        "results": shown.iter().map(|found| record(found)).collect::<Vec<_>>(),
        "frontier": frontier.iter().map(|found| record(found)).collect::<Vec<_>>(),
    });
    let json = if args.output == Output::Csv { json.get("results").cloned().unwrap_or(Value::Null) } else { json };
    // The frontiers of all models would fill screens: they are for machines to read.
    let several = axes.models.len() > 1;
    let mut table = table(catalog, &shown, if several { &[] } else { &frontier });
    let combinations = Amount::exact(found.evaluated as f64, Unit::Count);
    table.notes.push(format!(
        "{combinations} combinations in {}; a machine and what it draws count as a working computer",
        Amount::new(seconds, Unit::Seconds, Digits::Significant(2))
    ));
    if found.results.is_empty() {
        table.notes.push(nearest(catalog, &scenario, axes.machines)?);
    }
    write(out, args.output, &json, &table)?;
    Ok(if found.results.is_empty() { NO } else { DONE })
}

impl SearchArgs {
    /// What was named, else everything that can be bought and every model.
    fn axes(&self, catalog: &Catalog, scenario: &Scenario) -> Axes {
        let named = self.ask.scenario.is_some();
        let one = named || self.ask.model.is_some() || self.ask.params.is_some() || self.ask.read_gb.is_some();
        let machines = named || !self.ask.machine.is_empty();
        Axes {
            machines: if machines { scenario.machines.to_vec() } else { Axes::purchasable(catalog) },
            models: if one { vec![scenario.model.clone()] } else { Axes::models(catalog) },
        }
    }
}

fn record(found: &Found) -> Value {
    json!({
        "machine": found.machine,
        "model": found.model,
        "format": found.format,
        "runtime": found.runtime,
        "concurrency": found.concurrency,
        "context": found.context,
        "expected_tok_s": number(found.expected_tok_s),
        "aggregate_expected_tok_s": number(found.aggregate_expected_tok_s),
        "price_usd": number(found.price_usd),
        "usd_per_mtok": number(found.usd_per_mtok),
        "quality_cost": number(found.quality_cost),
        "caution": found.caution,
    })
}

/// The best, then those of the frontier, marked.
fn table(catalog: &Catalog, best: &[&Found], frontier: &[&Found]) -> Table {
    let mut table = Table::of([
        "",
        "machine",
        "model",
        "format",
        "runtime",
        "streams",
        "context",
        "tok/s each",
        "tok/s all",
        "price",
        "$/Mtok",
        "KLD",
    ]);
    let two = |value, unit| Amount::new(value, unit, Digits::Significant(2));
    let known = |text: Option<String>| text.unwrap_or_else(|| "not known".to_owned());
    let mut row = |mark: &str, found: &Found| {
        let machine = catalog.machine(&found.machine).map_or(found.machine.clone(), |machine| machine.short.clone());
        table.push([
            mark.to_owned(),
            machine,
            found.model.clone(),
            found.format.clone(),
            found.runtime.clone(),
            Amount::exact(found.concurrency as f64, Unit::Count).to_string(),
            short_tokens(found.context).into(),
            two(found.expected_tok_s, Unit::TokensPerSecond).number().into(),
            two(found.aggregate_expected_tok_s, Unit::TokensPerSecond).number().into(),
            known(found.price_usd.map(|usd| Amount::exact(usd, Unit::Usd).to_string())),
            known(found.usd_per_mtok.map(|usd| two(usd, Unit::UsdPerMtok).to_string())),
            known(found.quality_cost.map(|kld| Amount::exact(kld, Unit::Count).to_string())),
        ]);
    };
    for found in best {
        row("best", found);
    }
    for found in frontier {
        row("frontier", found);
    }
    table
}

/// Which machine comes nearest, in each its own best format, and what it misses.
fn nearest(catalog: &Catalog, scenario: &Scenario, machines: Vec<String>) -> Result<String, Failure> {
    let machines: Vec<String> = machines.into_iter().take(*MACHINES.end()).collect();
    let there = Scenario { machines: machines.into(), format: FormatChoice::Best, ..scenario.clone() };
    let answers = answer_scenario(catalog, &there).map_err(Failure::input)?;
    let verdict = &answers.verdict;
    let nearest = verdict.nearest.and_then(|at| answers.machines.get(at).zip(verdict.failed.get(at)));
    Ok(nearest.map_or_else(
        || "no combination passes".to_owned(),
        |(answer, failed)| {
            let texts: Vec<&str> = failed.iter().map(|failed| failed.text.as_str()).collect();
            format!(
                "no combination passes; nearest: {} with {}: {}",
                answer.machine.short,
                answer.label(),
                texts.join(" and ")
            )
        },
    ))
}
