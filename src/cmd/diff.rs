//! `whichbox diff`: the differences between two scenarios, in knobs and in results.

use clap::Args;
use serde_json::json;

use super::explore::named;
use super::output::{Output, Stdout, Table, write, write_rows};
use super::{DONE, Failure};
use crate::cmd::exporters::number;
use crate::model::answer::{Change, Named, answer_scenario, compare};
use crate::model::catalog::Catalog;
use crate::model::units::{Amount, Unit};

/// Arguments of `diff`.
#[derive(Args, Clone, Debug)]
pub struct DiffArgs {
    /// A built-in scenario's name or a file
    before: String,
    /// The other one
    after: String,
    /// Form of the answer
    #[arg(long, value_enum, default_value_t)]
    output: Output,
}

impl DiffArgs {
    /// Returns the names of both scenarios.
    pub(super) fn scenarios(&self) -> Vec<&str> {
        vec![&self.before, &self.after]
    }
}

/// Runs the command.
pub(super) fn run(catalog: &Catalog, args: &DiffArgs, out: &mut Stdout) -> Result<u8, Failure> {
    let (before, after) = (named(catalog, &args.before)?, named(catalog, &args.after)?);
    let mut table = Table::of(["what", "machine", "before", "after", "ratio"]);
    let mut knobs = Vec::new();
    for difference in before.diff(&after, catalog) {
        table.push([
            difference.what.to_owned(),
            String::new(),
            difference.from.clone(),
            difference.to.clone(),
            String::new(),
        ]);
        knobs.push(json!({"knob": difference.what, "before": difference.from, "after": difference.to}));
    }
    let answers = |scenario| answer_scenario(catalog, scenario).map_err(Failure::input);
    let comparison = compare(&answers(&before)?, &answers(&after)?);
    for (machines, [was, is]) in [(&comparison.gone, ["there", "not there"]), (&comparison.new, ["not there", "there"])]
    {
        for machine in machines {
            table.push(["machine".to_owned(), machine.short.clone(), was.to_owned(), is.to_owned(), String::new()]);
        }
    }
    let mut results = Vec::new();
    for change in &comparison.changes {
        table.push(row(change));
        let value = |amount: Option<Amount>| number(amount.map(|amount| amount.value));
        results.push(json!({
            "machine": change.machine.id, "figure": change.figure.id,
            "before": value(change.before), "after": value(change.after), "ratio": number(change.ratio()),
        }));
    }
    let id = |machine: &Option<Named>| machine.as_ref().map(|machine| machine.id.clone());
    let (was, is) = (id(&comparison.winners.0), id(&comparison.winners.1));
    let text = |winner: &Option<String>| winner.clone().unwrap_or_else(|| "none".to_owned());
    table.push(["winner".to_owned(), String::new(), text(&was), text(&is), String::new()]);
    let ids = |machines: &[Named]| machines.iter().map(|machine| machine.id.clone()).collect::<Vec<_>>();
    let json = json!({
        "knobs": knobs, "results": results, "winner": {"before": was, "after": is},
        "machines": {"only_before": ids(&comparison.gone), "only_after": ids(&comparison.new)},
    });
    if args.output == Output::Csv {
        // All kinds of differences have the same columns.
        write_rows(out, &table.header, &table.rows)?;
    } else {
        write(out, args.output, &json, &table)?;
    }
    Ok(DONE)
}

/// Returns the cells of a changed figure.
fn row(change: &Change) -> [String; 5] {
    let text = |amount: Option<Amount>| amount.map_or("not known".to_owned(), |amount| amount.to_string());
    let ratio = change.ratio().map(|ratio| Amount::computed(ratio, Unit::Factor).to_string()).unwrap_or_default();
    [change.figure.id.to_owned(), change.machine.short.clone(), text(change.before), text(change.after), ratio]
}
