//! `whichbox accuracy`: the error of the estimates against everything published.

use clap::Args;
use serde_json::{Value, json};

use super::output::{Output, Stdout, Table, write};
use super::{DONE, Failure};
use crate::cmd::exporters::number;
use crate::model::calibrate::accuracy::{Accuracy, Error, FEW_ROWS, Subject, accuracy};
use crate::model::catalog::Catalog;
use crate::model::units::{Amount, Digits, Unit};

/// Arguments of `accuracy`.
#[derive(Args, Clone, Debug)]
pub struct AccuracyArgs {
    /// The format of the answer
    #[arg(long, value_enum, default_value_t)]
    output: Output,
}

/// Runs the command.
pub(super) fn run(catalog: &Catalog, args: &AccuracyArgs, out: &mut Stdout) -> Result<u8, Failure> {
    let found = accuracy(catalog);
    let json = json!({
        "total": found.groups.first().map(|(subject, error)| group(subject, error)),
        "groups": groups(found.groups.get(1..).unwrap_or_default()),
        "bandwidth_over_active_bytes": groups(&found.naive),
        "source_left_out": groups(&found.held_out),
        "not_replayed": found.skipped.iter().map(|(reason, rows)| json!({"reason": reason.words(), "rows": rows})).collect::<Vec<_>>(),
    });
    let json = if args.output == Output::Csv { json["groups"].clone() } else { json };
    write(out, args.output, &json, &table(&found))?;
    Ok(DONE)
}

fn groups(groups: &[(Subject, Error)]) -> Vec<Value> {
    groups.iter().map(|(subject, error)| group(subject, error)).collect()
}

fn group(subject: &Subject, error: &Error) -> Value {
    json!({
        "test": or_all(&subject.test),
        "machine": or_all(&subject.machine),
        "class": or_all(&subject.class),
        "rows": error.rows,
        "median_abs_pct": number(error.median_abs_pct),
        "p90_abs_pct": number(error.p90_abs_pct),
        "bias_pct": number(error.bias_pct),
        "in_band_pct": number(error.in_band_pct),
        "band_ratio": number(error.band_ratio),
        "few_rows": error.rows < FEW_ROWS,
    })
}

fn or_all(name: &str) -> &str {
    if name.is_empty() { "all" } else { name }
}

/// Returns the errors by group as a table.
pub(super) fn table(found: &Accuracy) -> Table {
    let mut table =
        Table::of(["how", "test", "machine", "class", "rows", "median error", "90th", "bias", "in band", "band", ""]);
    let parts = [
        ("estimate", found.groups.as_slice()),
        ("source left out", &found.held_out),
        ("bandwidth / active bytes", &found.naive),
    ];
    for (how, groups) in parts {
        for (subject, error) in groups {
            push(&mut table, how, subject, error);
        }
    }
    table
        .notes
        .extend(found.skipped.iter().map(|(reason, rows)| format!("{rows} rows not replayed: {}", reason.words())));
    table
}

fn push(table: &mut Table, how: &str, subject: &Subject, error: &Error) {
    let percent = |value: f64| Amount::percent(value).to_string();
    let known = |value: f64, text: String| if value.is_finite() { text } else { String::new() };
    let banded = error.band_ratio.is_finite();
    table.push([
        how.to_owned(),
        or_all(&subject.test).to_owned(),
        or_all(&subject.machine).to_owned(),
        or_all(&subject.class).to_owned(),
        error.rows.to_string(),
        percent(error.median_abs_pct),
        percent(error.p90_abs_pct),
        percent(error.bias_pct),
        if banded { percent(error.in_band_pct) } else { String::new() },
        known(error.band_ratio, Amount::new(error.band_ratio, Unit::Factor, Digits::Significant(2)).to_string()),
        if error.rows < FEW_ROWS { "few rows".to_owned() } else { String::new() },
    ]);
}
