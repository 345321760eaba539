//! `whichbox explain`: the tree of formulas behind a figure, for each machine.

use std::io::Write;

use clap::Args;
use serde_json::{Value, json};

use super::ask::Ask;
use super::output::{Output, Stdout, Table, write};
use super::{DONE, Failure, NO, tree};
use crate::model::answer::{Answer, Answers, FIGURES, Figure, answer_scenario, explain};
use crate::model::catalog::Catalog;
use crate::model::ron_file::{nearest, visible};
use crate::model::scenario::Scenario;
use crate::model::units::{Amount, Digits, Unit};

/// Arguments of `explain`.
#[derive(Args, Clone, Debug)]
pub struct ExplainArgs {
    /// The figure, such as decode.expected; a wrong name lists them all
    figure: String,
    #[command(flatten)]
    pub(super) ask: Ask,
    /// Form of the answer
    #[arg(long, value_enum, default_value_t)]
    output: Output,
}

/// Runs the command. The exit code is [`NO`] if the figure applies to no machine.
pub(super) fn run(catalog: &Catalog, args: &ExplainArgs, out: &mut Stdout) -> Result<u8, Failure> {
    let figure = figure(&args.figure)?;
    let scenario = args.ask.scenario(catalog)?;
    let mut answers = answer_scenario(catalog, &scenario).map_err(Failure::input)?;
    answers.mark(catalog);
    let mut trees = Vec::new();
    let mut table = Table::of(["machine", "figure", "formula with live values"]);
    let mut any = false;
    for (at, answer) in answers.machines.iter().enumerate() {
        let explained = explained(catalog, &scenario, answer, figure)?;
        any |= explained.is_some();
        if args.output == Output::Table {
            print(out, answer, explained.as_ref().map(|(lines, _, _)| lines.as_slice()))?;
            if figure.id.starts_with("decode.") {
                print_measured(out, &answers, at)?;
            }
            writeln!(out)?;
        }
        let (mut tree, line) = explained.map_or((Value::Null, "not known".to_owned()), |(_, tree, line)| (tree, line));
        if let (Output::Csv, Some(tree)) = (args.output, tree.as_object_mut()) {
            // Columns cannot hold a tree, so only the figure's own line is written.
            tree.remove("inputs");
        }
        table.push([answer.machine.id.clone(), figure.id.to_owned(), line]);
        trees.push(json!({"machine": answer.machine.id, "figure": figure.id, "tree": tree}));
    }
    if args.output != Output::Table {
        write(out, args.output, &Value::Array(trees), &table)?;
    }
    Ok(if any { DONE } else { NO })
}

/// The lines, the JSON tree and the single line of a figure.
type Explained = (Vec<String>, Value, String);

fn explained(
    catalog: &Catalog,
    scenario: &Scenario,
    answer: &Answer<'_>,
    figure: &'static Figure,
) -> Result<Option<Explained>, Failure> {
    let explanation = explain(catalog, scenario, answer, figure).map_err(Failure::input)?;
    Ok(explanation.map(|e| (tree::lines(catalog, &e), tree::json(&e, e.root), e.line())))
}

fn print(out: &mut Stdout, answer: &Answer<'_>, lines: Option<&[String]>) -> Result<(), Failure> {
    writeln!(out, "{} · {}", answer.machine.short, answer.label())?;
    match lines {
        Some(lines) => lines.iter().try_for_each(|line| writeln!(out, "{line}"))?,
        None => {
            writeln!(out, "not known: {}", answer.warnings.first().map_or("it does not apply here", String::as_str))?;
        }
    }
    Ok(())
}

/// Prints the published measurements, each with its MBU: measured over ceiling.
fn print_measured(out: &mut Stdout, answers: &Answers<'_>, at: usize) -> Result<(), Failure> {
    let ceiling = answers.machines.get(at).and_then(|a| a.estimate?.decode.speeds).map(|speeds| speeds.ceiling);
    for row in answers.measured(at) {
        let speed = Amount::exact(row.tok_s, Unit::TokensPerSecond);
        let mbu = ceiling.map_or(String::new(), |ceiling| {
            let share = Amount::new(row.tok_s / ceiling, Unit::Share, Digits::Significant(2));
            let above = if row.tok_s > ceiling { ", above the ceiling: another tensor layout, or drafts" } else { "" };
            format!(" · MBU {share}{above}")
        });
        writeln!(out, "measured {speed}{mbu} · {} · {} · {}", row.runtime, row.date, row.source)?;
    }
    Ok(())
}

/// Returns the figure with this name, or with this path of its JSON field (`decode.expected_tok_s`).
fn figure(name: &str) -> Result<&'static Figure, Failure> {
    let known = || FIGURES.iter().map(|figure| figure.id);
    let short = name.replace('_', "-");
    let short = if short == "break-even" { "break-even.rent".to_owned() } else { short };
    let named = Figure::named(&short).or_else(|| FIGURES.iter().find(|figure| figure.json == name));
    named.ok_or_else(|| {
        let meant = nearest(&short, known()).map_or("; there".to_owned(), |id| format!("; did you mean {id}? There"));
        let all = known().collect::<Vec<_>>().join(", ");
        Failure::input(format!("there is no figure \"{}\"{meant} are: {all}", visible(name)))
    })
}
