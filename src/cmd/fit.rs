//! `whichbox fit`: refits the efficiencies to the measurements and shows the error before and after.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use super::output::{Output, Stdout, Table};
use super::{DONE, Failure, NOT_WRITTEN};
use crate::cmd::exporters::number;
use crate::model::calibrate::accuracy::{Subject, in_sample};
use crate::model::calibrate::fit::{refit, to_ron};
use crate::model::catalog::Catalog;
use crate::model::ron_file::{Overwrite, save_atomic};
use crate::model::units::Amount;

/// Arguments of `fit`.
#[derive(Args, Clone, Debug)]
pub struct FitArgs {
    /// Writes the efficiency data to a file, replacing it
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
    /// The format of the answer
    #[arg(long, value_enum, default_value_t)]
    output: Output,
}

/// Runs the command.
pub(super) fn run(mut catalog: Catalog, args: &FitArgs, out: &mut Stdout) -> Result<u8, Failure> {
    let before = in_sample(&catalog);
    let efficiency = refit(&catalog);
    let text = to_ron(&efficiency);
    if let Some(path) = &args.to {
        let failed = |error| Failure { code: NOT_WRITTEN, sentence: format!("{error}") };
        save_atomic(path, &text, Overwrite::Anything).map_err(failed)?;
    }
    let rows = efficiency.rows().len();
    catalog.efficiency = efficiency;
    let after = in_sample(&catalog);
    let mut table = Table::of(["test", "rows", "median before", "median after", "90th before", "90th after"]);
    let mut json = Vec::new();
    let percent = |value: f64| Amount::percent(value).to_string();
    for (subject, old) in before.in_sample.iter().filter(|(s, _)| by_test(s)) {
        let Some((_, new)) = after.in_sample.iter().find(|(other, _)| other == subject) else { continue };
        let medians = [percent(old.median_abs_pct), percent(new.median_abs_pct)];
        let tails = [percent(old.p90_abs_pct), percent(new.p90_abs_pct)];
        let test = if subject.test.is_empty() { "all" } else { subject.test.as_str() };
        json.push(json!({
            "test": test, "rows": new.rows,
            "before": {"median_abs_pct": number(old.median_abs_pct), "p90_abs_pct": number(old.p90_abs_pct)},
            "after": {"median_abs_pct": number(new.median_abs_pct), "p90_abs_pct": number(new.p90_abs_pct)},
        }));
        table.push([test.to_owned(), new.rows.to_string()].into_iter().chain(medians).chain(tails));
    }
    super::output::write(out, args.output, &Value::Array(json), &table)?;
    if args.to.is_none() && args.output == Output::Table {
        writeln!(out, "\n{rows} rows of efficiency data; --to FILE writes them")?;
    }
    Ok(DONE)
}

fn by_test(subject: &Subject) -> bool {
    subject.machine.is_empty() && subject.family.is_empty() && subject.class.is_empty()
}
