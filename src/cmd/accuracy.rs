//! `whichbox accuracy`: the error of the estimates over all published measurements.

use clap::Args;
use serde_json::{Value, json};

use super::output::{Output, Stdout, Table, write};
use super::{DONE, Failure};
use crate::cmd::exporters::number;
use crate::model::calibrate::accuracy::{Accuracy, Error, FEW_ROWS, Residual, Subject, accuracy};
use crate::model::catalog::Catalog;
use crate::model::units::{Amount, Digits, Unit};

/// Arguments of `accuracy`.
#[derive(Args, Clone, Debug)]
pub struct AccuracyArgs {
    /// Prints decode's measured over predicted by family, runtime, format, model, context and year instead
    #[arg(long)]
    residuals: bool,
    /// The form of the answer
    #[arg(long, value_enum, default_value_t)]
    output: Output,
}

/// Runs the command.
pub(super) fn run(catalog: &Catalog, args: &AccuracyArgs, out: &mut Stdout) -> Result<u8, Failure> {
    let found = accuracy(catalog);
    if args.residuals {
        let json = Value::Array(found.residuals.iter().map(residual).collect());
        write(out, args.output, &json, &residuals(&found.residuals))?;
        return Ok(DONE);
    }
    let json = json!({
        "total": found.held_out.first().map(|(subject, error)| group(subject, error)),
        "groups": groups(found.held_out.get(1..).unwrap_or_default()),
        "in_sample": groups(&found.in_sample),
        "bandwidth_over_active_bytes": groups(&found.naive),
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
        "family": or_all(&subject.family),
        "class": or_all(&subject.class),
        "rows": error.rows,
        "configurations": error.configurations,
        "sources": error.sources,
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

/// Returns the error by group as a table, the held-out errors first.
pub(super) fn table(found: &Accuracy) -> Table {
    let mut table = Table::of([
        "how",
        "test",
        "machine",
        "family",
        "class",
        "rows",
        "sources",
        "median error",
        "90th",
        "bias",
        "in band",
        "band",
        "",
    ]);
    let parts = [
        ("source left out", found.held_out.as_slice()),
        ("seen by the fit", &found.in_sample),
        ("bandwidth / active bytes", &found.naive),
    ];
    for (how, groups) in parts {
        for (subject, error) in groups {
            push(&mut table, how, subject, error);
        }
    }
    table.notes.push(
        "source left out: predicted by a fit without the repository or site, each machine, model, format and runtime of a \
         source counting once"
            .to_owned(),
    );
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
        or_all(&subject.family).to_owned(),
        or_all(&subject.class).to_owned(),
        error.rows.to_string(),
        error.sources.to_string(),
        percent(error.median_abs_pct),
        percent(error.p90_abs_pct),
        percent(error.bias_pct),
        if banded { percent(error.in_band_pct) } else { String::new() },
        known(error.band_ratio, Amount::new(error.band_ratio, Unit::Factor, Digits::Significant(2)).to_string()),
        if error.rows < FEW_ROWS { "few rows".to_owned() } else { String::new() },
    ]);
}

/// The names of a residual's conditions, in their order.
const CONDITIONS: [&str; 6] = ["family", "runtime", "format", "model", "context", "year"];

fn residual(residual: &Residual) -> Value {
    let [low, median, high] = residual.ratio;
    let mut json = json!({
        "rows": residual.rows, "sources": residual.sources,
        "p10": number(low), "median": number(median), "p90": number(high),
    });
    for (name, value) in CONDITIONS.iter().zip(&residual.conditions) {
        json[*name] = json!(value);
    }
    json
}

fn residuals(found: &[Residual]) -> Table {
    let headings = CONDITIONS.into_iter().chain(["rows", "measured / predicted", "10th", "90th", "sources"]);
    let mut table = Table::of(headings);
    for Residual { conditions, rows, sources, ratio: [low, median, high] } in found {
        let factor = |value: &f64| Amount::new(*value, Unit::Factor, Digits::Significant(3)).to_string();
        // The conditions of a single source may be unusual, so the source is named.
        let who = if let [one] = sources.as_slice() { one.clone() } else { sources.len().to_string() };
        let numbers = [rows.to_string(), factor(median), factor(low), factor(high), who];
        table.push(conditions.iter().cloned().chain(numbers));
    }
    table
        .notes
        .push("decode, each row predicted by a fit without its repository or site; widest apart first".to_owned());
    table
}
