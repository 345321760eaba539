//! `whichbox search`: the best combinations of machine, format, runtime and streams, and the frontier among them.

use std::io::{IsTerminal, Write};
use std::time::Instant;

use clap::Args;
use serde_json::{Value, json};

use super::ask::Ask;
use super::limits::LimitArgs;
use super::output::{Output, Stdout, Table, write, write_rows};
use super::{DONE, Failure, NO};
use crate::cmd::exporters::number;
use crate::model::answer::{Axes, Found, LeftOut, Nearest, Search, search};
use crate::model::catalog::Catalog;
use crate::model::estimate::setup::OffloadKind;
use crate::model::scenario::Scenario;
use crate::model::units::{Amount, Digits, Unit, short_tokens};

/// Arguments of `search`.
#[derive(Args, Clone, Debug)]
pub struct SearchArgs {
    #[command(flatten)]
    pub(super) ask: Ask,
    #[command(flatten)]
    limits: LimitArgs,
    /// Number of results that are shown
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    limit: u32,
    /// With the `whichbox estimate` line of each row
    #[arg(long)]
    verbose: bool,
    /// Form of the answer
    #[arg(long, value_enum, default_value_t)]
    output: Output,
}

/// Runs the command. The exit code is [`NO`] if no combination passes.
pub(super) fn run(catalog: &Catalog, args: &SearchArgs, out: &mut Stdout) -> Result<u8, Failure> {
    let mut scenario = args.ask.scenario(catalog)?;
    args.limits.apply(&mut scenario, catalog)?;
    let axes = args.axes(catalog, &scenario);
    if std::io::stderr().is_terminal() {
        let (machines, models) = (axes.machines.len(), axes.models.len());
        // An error here means that standard error is closed, which does not affect the search.
        let _ = writeln!(std::io::stderr(), "whichbox: searching {machines} machines and {models} models");
    }
    let start = Instant::now();
    let found = search(catalog, &scenario, &axes).map_err(Failure::input)?;
    let seconds = start.elapsed().as_secs_f64();
    let page = Page { catalog, scenario: &scenario, found: &found, shown: args.limit as usize, seconds };
    if args.output == Output::Csv && found.results.is_empty() {
        let header: Vec<String> = FIELDS.iter().map(|name| (*name).to_owned()).collect();
        write_rows(out, &header, &[])?;
    } else {
        let json = page.json();
        let rows = || json.get("results").cloned().unwrap_or(Value::Null);
        let json = if args.output == Output::Csv { rows() } else { json };
        write(out, args.output, &json, &page.table(axes.models.len() > 1, args.verbose))?;
    }
    Ok(if found.results.is_empty() { NO } else { DONE })
}

impl SearchArgs {
    /// Returns the axes of the search: the machines and models that were named, else all machines on sale and all
    /// models; the number of streams is fixed if it was given.
    fn axes(&self, catalog: &Catalog, scenario: &Scenario) -> Axes {
        let named = self.ask.scenario.is_some();
        let sets = |knob: &str| self.ask.set.iter().any(|change| change.split('=').next().map(str::trim) == Some(knob));
        let one = named
            || self.ask.model.is_some()
            || self.ask.params.is_some()
            || self.ask.read_gb.is_some()
            || sets("model")
            || sets("sparsity");
        let machines = named || !self.ask.machine.is_empty() || sets("machines");
        // If weights may be in host memory and no host is named, each host of the catalog is tried, also without a
        // card.
        let searches_hosts = scenario.offload != OffloadKind::None && !scenario.host.has_memory();
        Axes {
            machines: if machines {
                scenario.machines.to_vec()
            } else {
                let hosts = if searches_hosts { Axes::hosts(catalog) } else { Vec::new() };
                [Axes::purchasable(catalog, scenario.limits.any_availability), hosts].concat()
            },
            models: if one { vec![scenario.model.clone()] } else { Axes::models(catalog) },
            varies_streams: !named && self.ask.concurrency.is_none() && !sets("concurrency"),
            all_machines: !machines,
            hosts: if searches_hosts { Axes::hosts(catalog) } else { Vec::new() },
        }
    }
}

/// The fields of a result, in their order.
const FIELDS: &[&str] = &[
    "machine",
    "model",
    "format",
    "runtime",
    "concurrency",
    "context",
    "expected_tok_s",
    "aggregate_expected_tok_s",
    "price_usd",
    "total_usd",
    "usd_per_mtok",
    "quality_cost",
    "caution",
    "command",
    "host",
    "total_is_least",
];

/// The results of a search, for any output format.
struct Page<'a> {
    catalog: &'a Catalog,
    scenario: &'a Scenario,
    found: &'a Search,
    shown: usize,
    seconds: f64,
}

impl Page<'_> {
    fn shown(&self) -> impl Iterator<Item = &Found> {
        self.found.results.iter().take(self.shown)
    }

    fn json(&self) -> Value {
        let left_out = |left: &LeftOut| json!({"reason": left.reason, "count": left.count});
        json!({
            "evaluated": self.found.evaluated,
            "seconds": number(self.seconds),
            "varied": self.found.varied,
            "ranked_by": self.found.ranked_by,
            "results": self.shown().map(|found| self.record(found)).collect::<Vec<_>>(),
            "frontier": self.found.frontier.iter().map(|found| self.record(found)).collect::<Vec<_>>(),
            "left_out": self.found.left_out.iter().map(left_out).collect::<Vec<_>>(),
            "nearest": self.found.nearest.as_ref().map(|nearest| self.nearest(nearest)),
        })
    }

    fn nearest(&self, nearest: &Nearest) -> Value {
        let mut record = self.record(&nearest.found);
        if let Some(fields) = record.as_object_mut() {
            if nearest.found.expected_tok_s <= 0.0 {
                // A combination that does not fit has no speed.
                fields.insert("expected_tok_s".to_owned(), Value::Null);
                fields.insert("aggregate_expected_tok_s".to_owned(), Value::Null);
            }
            fields.insert("failed".to_owned(), json!(nearest.failed));
            fields.insert("change".to_owned(), json!(nearest.change));
        }
        record
    }

    fn record(&self, found: &Found) -> Value {
        let values = [
            json!(found.machine),
            json!(found.model),
            json!(found.format),
            json!(found.runtime),
            json!(found.concurrency),
            json!(found.context),
            number(found.expected_tok_s),
            number(found.aggregate_expected_tok_s),
            number(found.price_usd),
            number(found.total_usd),
            number(found.usd_per_mtok),
            number(found.quality_cost),
            json!(found.caution),
            json!(found.command(self.catalog, self.scenario)),
            json!(found.host),
            json!(found.total_is_least),
        ];
        FIELDS.iter().map(|name| (*name).to_owned()).zip(values).collect()
    }

    /// Returns the best results, then, for a search over one model, the frontier, with notes on what was varied and
    /// left out.
    fn table(&self, several: bool, verbose: bool) -> Table {
        let shown: Vec<&Found> = self.shown().collect();
        // The frontiers of all models would fill several screens; the machine-readable formats have them.
        let frontier = self.found.frontier.iter().take(if several { 0 } else { self.shown });
        let frontier: Vec<&Found> = frontier.collect();
        let mut table = table(self.catalog, &shown, &frontier);
        let combinations = Amount::exact(self.found.evaluated as f64, Unit::Count);
        let seconds = Amount::new(self.seconds, Unit::Seconds, Digits::Significant(2));
        table.notes.push(format!("{combinations} combinations in {seconds}"));
        let varied = self.found.varied.join(", ");
        table
            .notes
            .push(format!("varied: {varied}; ranked by tok/s of all streams per dollar of the working computer"));
        let more = self.found.frontier.len().saturating_sub(self.shown);
        if more > 0 && !several {
            table.notes.push(format!("{more} more on the frontier; --limit shows them"));
        }
        if self.found.varied.contains(&"concurrency") {
            table.notes.push("streams are varied as none are given; --concurrency 1 asks for one user".to_owned());
        }
        for left in &self.found.left_out {
            table.notes.push(format!("left out: {} {}", Amount::exact(left.count as f64, Unit::Count), left.reason));
        }
        if let Some(nearest) = &self.found.nearest {
            let Nearest { found, failed, change } = nearest;
            let machine = self.short(found);
            let host = found.host.as_ref().map_or_else(String::new, |host| format!(" in the host {host}"));
            table.notes.push(format!(
                "no combination passes; nearest: {machine}{host} with {} on {}, which misses {failed}; it passes with {change}",
                found.format, found.runtime
            ));
        } else if self.found.results.is_empty() {
            table.notes.push("no combination passes".to_owned());
        }
        if verbose {
            table.notes.extend(shown.iter().filter_map(|found| found.command(self.catalog, self.scenario)));
        }
        table
    }

    fn short(&self, found: &Found) -> String {
        self.catalog.machine(&found.machine).map_or_else(|_| found.machine.clone(), |machine| machine.short.clone())
    }
}

/// Returns a table of the best results, then those of the frontier, which are marked.
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
        "computer",
        "$/Mtok",
        "KLD",
    ]);
    let two = |value, unit| Amount::new(value, unit, Digits::Significant(2));
    let known = |text: Option<String>| text.unwrap_or_else(|| "not known".to_owned());
    let mut row = |mark: &str, found: &Found| {
        let machine = catalog.machine(&found.machine).map_or(found.machine.clone(), |machine| machine.short.clone());
        table.push([
            mark.to_owned(),
            found.host.as_ref().map_or(machine.clone(), |host| format!("{machine} in {host}")),
            found.model.clone(),
            found.format.clone(),
            found.runtime.clone(),
            Amount::exact(found.concurrency as f64, Unit::Count).to_string(),
            short_tokens(found.context),
            two(found.expected_tok_s, Unit::TokensPerSecond).number(),
            two(found.aggregate_expected_tok_s, Unit::TokensPerSecond).number(),
            known(found.total_usd.map(|usd| {
                let more = if found.total_is_least { " or more" } else { "" };
                format!("{}{more}", Amount::exact(usd, Unit::Usd))
            })),
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
