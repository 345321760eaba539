//! The specification table: silicon, figures, software and price of all machines side by side, each cell with its
//! basis.

use crate::model::answer::{
    Answer, Answers, Cell, Emphasis, Explanation, Figure, Listing, Sheet, SheetColumn, SheetRow, explain,
};
use crate::model::catalog::Catalog;
use crate::model::facts::{Basis, Fact, Machine};
use crate::model::scenario::Scenario;
use crate::model::units::{Amount, Digits, GB, GIB, Unit};

/// A fact of a machine: its name, its field, the factor to base units, and the unit.
type FactRow = (&'static str, fn(&Machine) -> Option<&Fact>, f64, Unit);

/// Facts of the silicon that are not figures of the estimate, in the order shown.
const SILICON: &[FactRow] = &[
    ("bandwidth", |m| Some(&m.bandwidth_gbs), GB, Unit::BytesPerSecond),
    ("memory, marketed GB", |m| Some(&m.memory_gb), 1.0, Unit::Count),
    ("memory, usable", |m| Some(&m.usable_gib), GIB, Unit::MemoryBytes),
    ("dense FP16", |m| m.fp16_tflops.as_ref(), 1e12, Unit::FlopPerSecond),
    ("dense FP8", |m| m.fp8_tflops.as_ref(), 1e12, Unit::FlopPerSecond),
    ("dense FP4", |m| m.fp4_tflops.as_ref(), 1e12, Unit::FlopPerSecond),
    ("FP4 as marketed, sparse", |m| m.fp4_sparse_tflops.as_ref(), 1e12, Unit::FlopPerSecond),
    ("GPU cores", |m| m.gpu_cores.as_ref(), 1.0, Unit::Count),
    ("thermal design power", |m| m.tdp_w.as_ref(), 1.0, Unit::Watts),
    ("power at idle", |m| m.idle_w.as_ref(), 1.0, Unit::Watts),
    ("power while generating", |m| m.load_w.as_ref(), 1.0, Unit::Watts),
];

/// Returns the specification table of the scenario's machines.
#[must_use]
pub fn table(catalog: &Catalog, scenario: &Scenario, answers: &Answers<'_>) -> Sheet {
    let machines = &answers.machines;
    let mut rows = vec![SheetRow::heading("silicon")];
    rows.push(row("memory type", machines, |answer| known(first_word(&answer.machine.memory_type), "vendor")));
    for (name, fact, factor, unit) in SILICON {
        rows.push(row(name, machines, |answer| fact_cell(fact(&answer.machine), *factor, *unit)));
    }
    rows.extend(software(answers));
    rows.extend(figures(catalog, scenario, machines));
    rows.extend(price(answers));
    let column = |(at, answer): (usize, &Answer<'_>)| SheetColumn {
        title: answer.machine.short.clone(),
        machine: Some(at),
        number: true,
    };
    Sheet {
        title: "Table".to_owned(),
        remarks: vec!["every cell with how it is known".to_owned(), "with how each is known".to_owned()],
        columns: std::iter::once(SheetColumn::default()).chain(machines.iter().enumerate().map(column)).collect(),
        rows,
    }
}

fn row(name: &str, machines: &[Answer<'_>], cell: impl Fn(&Answer<'_>) -> Cell) -> SheetRow {
    named(name, machines.iter().map(cell).collect())
}

fn named(name: &str, cells: Vec<Cell>) -> SheetRow {
    let cells = std::iter::once(Cell::of(name)).chain(cells).collect();
    SheetRow { cells, ..SheetRow::default() }
}

/// Returns the first word of a memory type, without the details after it.
fn first_word(text: &str) -> &str {
    text.split(' ').next().unwrap_or_default()
}

/// Returns the first clause of a remark.
fn clause(text: &str) -> &str {
    text.split([',', '(', ';']).next().unwrap_or_default().trim()
}

fn unknown() -> Cell {
    Cell { tone: Emphasis::Muted, ..Cell::of("not known") }
}

fn known(text: &str, basis: &str) -> Cell {
    if text.is_empty() { unknown() } else { Cell { basis: basis.to_owned(), ..Cell::of(text) } }
}

/// Returns a fact with its basis; for a disputed fact, its range.
fn fact_cell(fact: Option<&Fact>, factor: f64, unit: Unit) -> Cell {
    let Some(fact) = fact else { return unknown() };
    let amount = |value: f64| Amount::exact(value * factor, unit);
    let text = match (fact.basis, fact.low, fact.high) {
        (Basis::Contested, low, high) if low.or(high).is_some() => {
            let (low, high) = (low.unwrap_or(fact.value), high.unwrap_or(fact.value));
            format!("{} to {}", amount(low).number(), amount(high))
        }
        _ => amount(fact.value).to_string(),
    };
    let date = fact.date.map_or(String::new(), |date| format!(", {date}"));
    let note = if fact.note.is_empty() { String::new() } else { format!("{}; ", fact.note) };
    let tone = if fact.basis == Basis::Contested { Emphasis::Warn } else { Emphasis::Plain };
    let detail = format!("{text}, {}: {note}{}{date}", fact.basis.word(), fact.source.join(", "));
    Cell { basis: fact.basis.word().to_owned(), tone, detail, ..Cell::of(text) }
}

/// Returns the rows about format, runtime and evidence.
fn software(answers: &Answers<'_>) -> Vec<SheetRow> {
    let machines = &answers.machines;
    let measured = |at: usize| {
        let speeds: Vec<f64> = answers.measured(at).map(|m| m.tok_s).collect();
        let low = speeds.iter().copied().reduce(f64::min);
        let high = speeds.iter().copied().reduce(f64::max);
        let amount = |value| Amount::new(value, Unit::TokensPerSecond, Digits::Significant(3));
        low.zip(high).map_or_else(
            || Cell { tone: Emphasis::Muted, ..Cell::of("none") },
            |(low, high)| {
                known(&format!("{} to {} in {}", amount(low).number(), amount(high), speeds.len()), "measured")
            },
        )
    };
    let evidence = |answer: &Answer<'_>| Cell::of(format!("{}, {}", answer.evidence.0, answer.evidence.1.word()));
    vec![
        SheetRow::heading("runtime"),
        row("format", machines, |answer| Cell::of(&answer.format.id)),
        row("runtime", machines, |answer| Cell::of(&answer.runtime.name)),
        row("described as of", machines, |answer| Cell {
            detail: format!("{}: {}", answer.runtime.name, answer.runtime.version),
            ..Cell::of(answer.runtime.date.to_string())
        }),
        row("cache format", machines, |answer| Cell::of(&answer.kv_format.id)),
        row("runs it", machines, |answer| match &answer.refused {
            None => Cell { tone: Emphasis::Good, ..Cell::of("yes") },
            Some(reason) => Cell { tone: Emphasis::Bad, detail: reason.to_string(), ..Cell::of("no") },
        }),
        row("measurements behind it", machines, evidence),
        named("decode as published", (0..machines.len()).map(measured).collect()),
    ]
}

/// Returns the rows of all figures of the estimate, in groups.
fn figures(catalog: &Catalog, scenario: &Scenario, machines: &[Answer<'_>]) -> Vec<SheetRow> {
    let mut runs: Vec<Option<Explanation<'_>>> = machines
        .iter()
        .map(|answer| explain(catalog, scenario, answer, Figure::named("memory.total")?).ok().flatten())
        .collect();
    let mut rows = Vec::new();
    let mut group = "";
    for figure in Figure::listed(Listing::Sheet) {
        let here = figure.id.split(['.', '-']).next().unwrap_or_default();
        if here != group && figure.id.contains('.') {
            rows.push(SheetRow::heading(here));
            group = here;
        }
        let cells: Vec<Cell> =
            runs.iter_mut().map(|run| run.as_mut().map_or_else(unknown, |run| figure_cell(run, figure))).collect();
        let bands: Vec<Option<String>> = runs.iter().map(|run| run.as_ref()?.band()).collect();
        rows.push(named(figure.label, cells));
        if bands.iter().any(Option::is_some) {
            let cell = |band: Option<String>| band.map_or_else(unknown, |band| known(&band, "measured"));
            rows.push(named("  its band", bands.into_iter().map(cell).collect()));
        }
    }
    rows
}

fn figure_cell(run: &mut Explanation<'_>, figure: &'static Figure) -> Cell {
    if !run.turn_to(figure) {
        return unknown();
    }
    let basis = run.trace.node(run.root).map_or("", |node| node.basis.word());
    let tone = if basis == Basis::Contested.word() { Emphasis::Warn } else { Emphasis::Plain };
    Cell { basis: basis.to_owned(), tone, figure: Some(figure.id), ..Cell::of(run.value()) }
}

/// Returns the rows about the origin of the price.
fn price(answers: &Answers<'_>) -> Vec<SheetRow> {
    let machines = &answers.machines;
    let of = |answer: &Answer<'_>, say: &dyn Fn(&crate::model::answer::Price) -> String| {
        answer.price.as_ref().map_or_else(unknown, |price| known(&say(price), price.fact.basis.word()))
    };
    let usd = |value: f64| Amount::new(value, Unit::Usd, Digits::Exact);
    let computer = |answer: &Answer<'_>| {
        let price = answer.computer_price();
        price.map_or_else(unknown, |price| Cell { detail: price.words(), ..Cell::of(usd(price.usd).to_string()) })
    };
    let range = |price: &crate::model::answer::Price| match (price.fact.low, price.fact.high) {
        (None, None) => "none found".to_owned(),
        (low, high) => {
            format!("{} to {}", usd(low.unwrap_or(price.fact.value)), usd(high.unwrap_or(price.fact.value)))
        }
    };
    vec![
        SheetRow::heading("where the price comes from"),
        row("kind of price", machines, |answer| of(answer, &|price| price.kind.to_string())),
        row("its date", machines, |answer| {
            of(answer, &|price| price.fact.date.map_or("no date".to_owned(), |date| date.to_string()))
        }),
        row("its age", machines, |answer| {
            of(answer, &|price| price.age.map_or("yours".to_owned(), crate::model::answer::Age::words))
        }),
        row("range found", machines, |answer| of(answer, &range)),
        row("working computer", machines, computer),
        row("in other currencies", machines, |answer| {
            let text = answer.elsewhere.as_ref();
            text.map_or_else(unknown, |text| Cell { detail: text.clone(), ..Cell::of(clause(text)) })
        }),
    ]
}
