//! `whichbox import`: reads the result file of a benchmark as measurements, and shows what they change.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;
use serde_json::{Value, json};

use super::ask::say_taken;
use super::measure::save_own;
use super::output::{Output, Stdout, Table, write};
use super::{DONE, Failure};
use crate::cmd::exporters::number;
use crate::files::bench_file::{Asked, Imported, Reading, RefusedRow, read, resolve};
use crate::model::calibrate::accuracy::{Error, Subject, error_of};
use crate::model::calibrate::own::{OwnFit, Share, fit_family};
use crate::model::catalog::Catalog;
use crate::model::catalog::names::NameOf;
use crate::model::facts::{Date, Efficiency, Measurement, Source};
use crate::model::ron_file::{self, visible};
use crate::model::scenario::Scenario;
use crate::model::units::{Amount, Unit};

/// Arguments of `import`.
#[derive(Args, Clone, Debug)]
pub struct ImportArgs {
    /// The result file of a benchmark (llama-bench, llama-benchy, vllm bench serve, ollama --verbose and others), or CSV
    file: PathBuf,
    /// The machine, where the file does not say it or says it otherwise
    #[arg(long, value_name = "ID")]
    machine: Option<String>,
    /// The model
    #[arg(long, value_name = "ID")]
    model: Option<String>,
    /// The weight format
    #[arg(long, value_name = "ID")]
    format: Option<String>,
    /// The runtime
    #[arg(long, value_name = "ID")]
    runtime: Option<String>,
    /// Writes a catalog file, such as one in the directory of catalog files
    #[arg(long, value_name = "FILE.ron")]
    to: Option<PathBuf>,
    /// Refits the efficiencies of the machine's family with the runtime, and shows the error before and after
    #[arg(long)]
    calibrate: bool,
    /// The form of the answer
    #[arg(long, value_enum, default_value_t)]
    output: Output,
}

/// The result of refitting the efficiencies with the file's rows.
struct Calibration {
    family: String,
    runtime: String,
    efficiency: Efficiency,
    /// Error over all measurements of the family with the runtime.
    all: Change,
    /// Error over the rows of the file.
    own: Change,
    /// Error over the rows of the file, each predicted by a fit to the others.
    left_out: Vec<(Subject, Error)>,
    /// Weight of the file's rows against the published ones, by test.
    shares: Vec<Share>,
}

/// The error by test before and after a refit.
struct Change {
    before: Vec<(Subject, Error)>,
    after: Vec<(Subject, Error)>,
}

/// Runs the command.
pub(super) fn run(catalog: Catalog, args: &ImportArgs, out: &mut Stdout) -> Result<u8, Failure> {
    let file = ron_file::read(&args.file).map_err(Failure::input)?;
    let reading = read(&file).map_err(Failure::input)?;
    let flag = |of: NameOf, typed: &Option<String>| {
        let found = typed.as_deref().map(|typed| catalog.resolve(of, typed)).transpose().map_err(Failure::input)?;
        Ok::<_, Failure>(found.map(|found| {
            say_taken(&found);
            found.id
        }))
    };
    let machine = flag(NameOf::Machine, &args.machine)?;
    let model = flag(NameOf::Model, &args.model)?;
    let format = flag(NameOf::Format, &args.format)?;
    let runtime = flag(NameOf::Runtime, &args.runtime)?;
    let asked = Asked {
        machine: machine.as_deref(),
        model: model.as_deref(),
        format: format.as_deref(),
        runtime: runtime.as_deref(),
        kv_format: &Scenario::default().kv_format,
        today: Date::today()
            .ok_or_else(|| Failure::input("the clock of this machine is off; set it and import again"))?,
        file: &file.name,
    };
    let found = resolve(&catalog, &reading, &asked)
        .map_err(|error| Failure::input(format!("{}: {}: {error}", file.name, reading.tool)))?;
    let calibration = if args.calibrate { Some(calibrate(catalog, &found, &asked)?) } else { None };
    if let Some(path) = &args.to {
        save_own(path, &catalog_text(&found, calibration.as_ref().map(|found| &found.efficiency))?)?;
    }
    let mut table = rows(&found.rows);
    table.notes = notes(&reading, &found, calibration.as_ref(), (&file.name, args.to.is_some()));
    let json = as_json(&reading, &found, calibration.as_ref())?;
    let json = if args.output == Output::Csv { json["measurements"].clone() } else { json };
    write(out, args.output, &json, &table)?;
    Ok(DONE)
}

/// Refits the efficiencies with the file's rows, and returns the error before and after.
fn calibrate(mut catalog: Catalog, found: &Imported, asked: &Asked<'_>) -> Result<Calibration, Failure> {
    let family = |row: &Measurement| catalog.machine(&row.machine).map(|machine| machine.family.clone());
    let pairs: BTreeSet<(String, String)> =
        found.rows.iter().filter_map(|row| Some((family(row).ok()?, row.runtime.clone()))).collect();
    let mut pairs = pairs.into_iter();
    let (Some((family, runtime)), None) = (pairs.next(), pairs.next()) else {
        let sentence = "the file is about several families of machines or runtimes; calibrate with one at a time";
        return Err(Failure::input(format!("{}: {sentence}", asked.file)));
    };
    catalog.lay_own(asked.file, (vec![found.source.clone()], found.rows.clone()), None);
    let machines: BTreeSet<String> =
        catalog.machines.iter().filter(|machine| machine.family == family).map(|machine| machine.id.clone()).collect();
    let about = |row: &Measurement| row.runtime == runtime && machines.contains(&row.machine);
    let own = |row: &Measurement| row.source == found.source.id;
    let (all_before, own_before) = (error_of(&catalog, &about), error_of(&catalog, &own));
    let OwnFit { efficiency, left_out, shares } =
        fit_family(&catalog, (&family, &runtime), &found.source.id, asked.today);
    catalog.lay_own(asked.file, (Vec::new(), Vec::new()), Some(efficiency.clone()));
    let all = Change { before: all_before, after: error_of(&catalog, &about) };
    let own = Change { before: own_before, after: error_of(&catalog, &own) };
    Ok(Calibration { family, runtime, efficiency, all, own, left_out, shares })
}

/// The content of the file that `--to` names.
#[derive(Serialize)]
struct Written<'a> {
    sources: &'a [&'a Source],
    measurements: &'a [Measurement],
    #[serde(skip_serializing_if = "Option::is_none")]
    efficiency: Option<&'a Efficiency>,
}

fn catalog_text(found: &Imported, efficiency: Option<&Efficiency>) -> Result<String, Failure> {
    let efficiency = efficiency.filter(|efficiency| !efficiency.rows().is_empty());
    let written = Written { sources: &[&found.source], measurements: &found.rows, efficiency };
    Ok(format!("Catalog{}\n", ron_file::to_string(&written).map_err(Failure::input)?))
}

fn rows(rows: &[Measurement]) -> Table {
    let mut table = Table::of([
        "machine", "model", "format", "runtime", "cache", "test", "prompt", "context", "streams", "tok/s", "date",
        "tier",
    ]);
    let count = |value: Option<f64>| value.map_or(String::new(), |value| value.to_string());
    for row in rows {
        table.push([
            row.machine.clone(),
            row.model.clone(),
            row.format.clone(),
            row.runtime.clone(),
            row.kv_format.clone(),
            format!("{:?}", row.test).to_lowercase(),
            count(row.prompt),
            count(row.context),
            row.concurrency.to_string(),
            Amount::exact(row.tok_s, Unit::TokensPerSecond).number(),
            row.date.to_string(),
            format!("{:?}", row.tier),
        ]);
    }
    table
}

fn notes(
    reading: &Reading,
    found: &Imported,
    calibration: Option<&Calibration>,
    (file, saved): (&str, bool),
) -> Vec<String> {
    let mut notes = vec![format!("{} rows of {}", found.rows.len(), reading.tool)];
    notes.extend(found.notes.iter().cloned());
    notes.extend(reading.left_out.iter().map(|(why, rows)| format!("{rows} left out: {why}")));
    notes.extend(reading.unread.iter().map(|(line, why)| format!("{file}:{line}: not read: {why}")));
    notes.extend(found.refused.iter().map(|row| format!("{file}:{}: this row is left out: {}", row.line, row.why)));
    if let Some(calibration) = calibration {
        notes.extend(calibrated(calibration));
    }
    if !saved {
        notes.push(
            "nothing was written; --to FILE.ron in the directory of catalog files makes them count and show".to_owned(),
        );
    }
    notes
}

/// Returns the error before and after as one line per test.
fn calibrated(found: &Calibration) -> Vec<String> {
    let Calibration { family, runtime, efficiency, .. } = found;
    let mut lines = vec![match efficiency.rows().len() {
        0 => format!("{family} with {runtime}: no efficiency changes; a value of its own needs three rows"),
        rows => format!("{family} with {runtime}: {rows} efficiencies fitted again, bands as they were"),
    }];
    lines.extend(found.shares.iter().map(believed));
    lines.extend(found.own.lines("of this file"));
    lines.extend(found.left_out.iter().map(|(subject, error)| {
        let [median, bias] = [error.median_abs_pct, error.bias_pct].map(Amount::percent);
        format!(
            "{}, {} rows of this file, each predicted from the others: median error {median}, bias {bias}",
            subject.test, error.rows
        )
    }));
    lines.extend(found.all.lines("of all with it"));
    lines
}

/// Returns the sentence on the weight of the rows of a test.
fn believed(share: &Share) -> String {
    let [between, scatter, way] =
        [share.between, share.scatter, share.share].map(|value| Amount::percent(100.0 * value));
    format!(
        "{}: a machine lies {between} from what is published of its family, these {} rows {scatter} from each other; \
         they move the estimate {way} of the way",
        share.test, share.rows
    )
}

impl Change {
    fn lines(&self, whose: &str) -> Vec<String> {
        let pairs = self.before.iter().filter_map(|(subject, before)| {
            let (_, after) = self.after.iter().find(|(other, _)| other == subject)?;
            Some((subject, before, after))
        });
        let line = |(subject, before, after): (&Subject, &Error, &Error)| {
            let [error, then, bias, bias_then] =
                [before.median_abs_pct, after.median_abs_pct, before.bias_pct, after.bias_pct].map(Amount::percent);
            format!(
                "{}, {} rows {whose}: median error {error} before and {then} after, bias {bias} and {bias_then}",
                subject.test, after.rows
            )
        };
        pairs.map(line).collect()
    }

    fn json(&self) -> Value {
        json!({"before": errors(&self.before), "after": errors(&self.after)})
    }
}

fn errors(errors: &[(Subject, Error)]) -> Vec<Value> {
    let group = |(subject, error): &(Subject, Error)| {
        json!({
            "test": subject.test, "rows": error.rows, "median_abs_pct": number(error.median_abs_pct),
            "p90_abs_pct": number(error.p90_abs_pct), "bias_pct": number(error.bias_pct),
        })
    };
    errors.iter().map(group).collect()
}

fn share_json(share: &Share) -> Value {
    json!({
        "test": share.test, "rows": share.rows, "between": number(share.between), "scatter": number(share.scatter),
        "share": number(share.share),
    })
}

/// Returns a measurement with the fields that a catalog file omits when they have their usual values.
fn measurement(row: &Measurement) -> Result<Value, serde_json::Error> {
    let mut value = serde_json::to_value(row)?;
    value["kv_format"] = json!(row.kv_format);
    value["concurrency"] = json!(row.concurrency);
    value["speculative"] = json!(row.speculative);
    Ok(value)
}

fn as_json(reading: &Reading, found: &Imported, calibration: Option<&Calibration>) -> Result<Value, Failure> {
    let left_out: Vec<Value> =
        reading.left_out.iter().map(|(why, rows)| json!({"why": visible(why), "rows": rows})).collect();
    let refused = |row: &RefusedRow| json!({"line": row.line, "why": visible(&row.why.to_string())});
    let refused: Vec<Value> = found.refused.iter().map(refused).collect();
    let calibration = calibration.map(|found| {
        json!({
            "family": found.family, "runtime": found.runtime, "efficiencies": found.efficiency.rows().len(),
            "own": found.own.json(), "all": found.all.json(), "left_out": errors(&found.left_out),
            "believed": found.shares.iter().map(share_json).collect::<Vec<_>>(),
        })
    });
    Ok(json!({
        "tool": reading.tool,
        "source": serde_json::to_value(&found.source).map_err(Failure::input)?,
        "measurements": found.rows.iter().map(measurement).collect::<Result<Vec<_>, _>>().map_err(Failure::input)?,
        "notes": found.notes,
        "left_out": left_out,
        "refused": refused,
        "unread": reading.unread.iter().map(|(line, why)| json!({"line": line, "why": visible(why)})).collect::<Vec<_>>(),
        "calibration": calibration,
    }))
}
