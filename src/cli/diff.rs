//! `whichbox diff`: what differs between two scenarios, in knobs and in results.

use clap::Args;
use serde_json::{Value, json};

use super::explore::named;
use super::output::{Output, Stdout, Table, number, write};
use super::{DONE, Failure};
use crate::answer::{Answers, answers};
use crate::catalog::Catalog;
use crate::estimate::figures::Figure;
use crate::units::{Amount, Unit};

/// Figures that are compared, with the unit they are shown in.
const COMPARED: &[(&str, Unit)] = &[
    ("memory.total", Unit::MemoryBytes),
    ("decode.ceiling", Unit::TokensPerSecond),
    ("decode.expected", Unit::TokensPerSecond),
    ("decode.aggregate", Unit::TokensPerSecond),
    ("prefill.ttft", Unit::Seconds),
    ("served", Unit::TokensPerSecond),
    ("cost.price", Unit::Usd),
    ("cost.usd-per-gb", Unit::UsdPerGb),
    ("cost.usd-per-mtok", Unit::UsdPerMtok),
];

/// Arguments of `diff`.
#[derive(Args, Clone, Debug)]
pub struct DiffArgs {
    /// A built-in scenario's name or a file
    before: String,
    /// The other one
    after: String,
    /// How the answer is written
    #[arg(long, value_enum, default_value_t)]
    output: Output,
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
    let old = answers(catalog, &before).map_err(Failure::input)?;
    let new = answers(catalog, &after).map_err(Failure::input)?;
    let mut results = Vec::new();
    for answer in &new.machines {
        for (id, unit) in COMPARED {
            let (was, is) = (figure(&old, &answer.machine.id, id), figure(&new, &answer.machine.id, id));
            if was == is {
                continue;
            }
            let text =
                |value: Option<f64>| value.map_or("not known".to_owned(), |v| Amount::computed(v, *unit).to_string());
            let ratio = was.zip(is).filter(|(was, _)| *was > 0.0).map(|(was, is)| is / was);
            let ratio_text = ratio.map_or(String::new(), |ratio| Amount::computed(ratio, Unit::Factor).to_string());
            table.push([(*id).to_owned(), answer.machine.short.clone(), text(was), text(is), ratio_text]);
            results.push(json!({
                "machine": answer.machine.id, "figure": id, "before": number(was), "after": number(is), "ratio": number(ratio),
            }));
        }
    }
    let winner = |answers: &Answers<'_>| {
        answers.verdict.winner.and_then(|at| answers.machines.get(at)).map(|answer| answer.machine.id.clone())
    };
    let (was, is) = (winner(&old), winner(&new));
    if was != is {
        let text = |winner: &Option<String>| winner.clone().unwrap_or_else(|| "none".to_owned());
        table.push(["winner".to_owned(), String::new(), text(&was), text(&is), String::new()]);
    }
    let json = json!({"knobs": knobs, "results": results, "winner": {"before": was, "after": is}});
    write(out, args.output, &wrap(args.output, json), &table)?;
    Ok(DONE)
}

/// CSV has no room for three lists: it gets the results.
fn wrap(output: Output, json: Value) -> Value {
    match output {
        Output::Csv => json.get("results").cloned().unwrap_or(Value::Null),
        _ => json,
    }
}

fn figure(answers: &Answers<'_>, machine: &str, id: &str) -> Option<f64> {
    let answer = answers.machines.iter().find(|answer| answer.machine.id == machine)?;
    Figure::named(id)?.of(answer.estimate.as_ref()?)
}
