//! `whichbox --plain`: the content of the explorer as lines, for screen readers and pipes.

use std::io::Write;

use super::output::Stdout;
use super::{DONE, Failure};
use crate::model::answer::{
    Answers, Figure, Headline, Listing, answer_scenario, compare, explain, flip_sentences, is_contested, sheets,
};
use crate::model::catalog::Catalog;
use crate::model::scenario::{Opened, Scenario, knob};

/// The most changes that make another machine win and are listed.
const FLIPS: usize = 6;

/// Writes the answer, the knobs, then the figures of each machine with their formulas.
pub(super) fn run(catalog: &Catalog, scenario: &Scenario, out: &mut Stdout) -> Result<u8, Failure> {
    let mut answers = answer_scenario(catalog, scenario).map_err(Failure::input)?;
    answers.mark(catalog);
    let headline = Headline::of(scenario, &answers);
    writeln!(out, "{}", headline.answer_line())?;
    let why = headline.reasons();
    if !why.is_empty() {
        writeln!(out, "{why}")?;
    }
    if let Some(cheaper) = headline.cheaper(catalog) {
        writeln!(out, "{cheaper}")?;
    }
    writeln!(out)?;
    for knob in knob::sliders() {
        writeln!(out, "{}: {}", knob.label, knob.read(scenario, catalog).text)?;
    }
    for flip in flip_sentences(catalog, scenario, &answers, FLIPS) {
        writeln!(out, "The answer flips {flip}")?;
    }
    for at in 0..answers.machines.len() {
        machine(catalog, scenario, &answers, at, out)?;
    }
    software(catalog, scenario, &answers, out)?;
    Ok(DONE)
}

/// Writes the capabilities of the software, one line per machine and capability.
fn software(catalog: &Catalog, scenario: &Scenario, answers: &Answers<'_>, out: &mut Stdout) -> Result<(), Failure> {
    let sheet = sheets::software(catalog, scenario, answers);
    writeln!(out, "\n{}", sheet.title)?;
    for row in sheet.rows.iter().filter(|row| !row.heading) {
        let name = row.cells.first().map_or("", |cell| cell.text.as_str());
        for (column, cell) in sheet.columns.iter().zip(&row.cells).skip(1) {
            writeln!(out, "  {name}, {}: {}", column.title, cell.detail)?;
        }
    }
    Ok(())
}

/// Writes both scenarios and then their differences.
pub(super) fn both(catalog: &Catalog, (first, second): (&Opened, &Opened), out: &mut Stdout) -> Result<u8, Failure> {
    for opened in [first, second] {
        writeln!(out, "{}", opened.origin.name())?;
        run(catalog, &opened.scenario, out)?;
        writeln!(out)?;
    }
    writeln!(out, "From {} to {}", first.origin.name(), second.origin.name())?;
    for knob in first.scenario.diff(&second.scenario, catalog) {
        writeln!(out, "  {}: {} → {}", knob.what, knob.from, knob.to)?;
    }
    let answers = |opened: &Opened| answer_scenario(catalog, &opened.scenario).map_err(Failure::input);
    let comparison = compare(&answers(first)?, &answers(second)?);
    for (machines, word) in [(&comparison.gone, "first"), (&comparison.new, "second")] {
        for machine in machines {
            writeln!(out, "  {}: only in the {word}", machine.short)?;
        }
    }
    for change in comparison.changes.iter().filter(|change| change.is_visible()) {
        writeln!(out, "  {}, {}: {}", change.machine.short, change.figure.label, change.sentence())?;
    }
    writeln!(out, "  {}", comparison.verdict())?;
    Ok(DONE)
}

fn machine(
    catalog: &Catalog,
    scenario: &Scenario,
    answers: &Answers<'_>,
    at: usize,
    out: &mut Stdout,
) -> Result<(), Failure> {
    let Some(answer) = answers.machines.get(at) else { return Ok(()) };
    writeln!(out, "\n{}, {}", answer.machine.name, answer.label())?;
    for figure in Figure::listed(Listing::Page) {
        writeln!(out, "  {}", line(catalog, scenario, answer, figure)?)?;
    }
    if let Some(speeds) = answer.estimate.and_then(|estimate| estimate.decode.speeds) {
        let digits = speeds.each.digits();
        let number =
            |value| crate::model::units::Amount::new(value, crate::model::units::Unit::TokensPerSecond, digits);
        writeln!(out, "  expected decode lies between {} and {}", number(speeds.each.low), number(speeds.each.high))?;
    }
    for m in answers.measured(at) {
        writeln!(out, "  measured decode = {} tok/s · {} · {}", m.tok_s, m.source, m.date)?;
    }
    if let Some(price) = answer.price.as_ref().filter(|price| is_contested(&price.fact)) {
        writeln!(out, "  the price is contested: {}", price.fact.note)?;
    }
    for warning in &answer.warnings {
        writeln!(out, "  note: {warning}")?;
    }
    Ok(())
}

fn line(
    catalog: &Catalog,
    scenario: &Scenario,
    answer: &crate::model::answer::Answer<'_>,
    figure: &'static Figure,
) -> Result<String, Failure> {
    let explanation = explain(catalog, scenario, answer, figure).map_err(Failure::input)?;
    Ok(explanation.map_or_else(|| format!("{}: not known", figure.label), |explanation| explanation.line()))
}
