//! The verdict sheet: the owner of each lane, and the limits that each machine passes and misses, with numbers.

use crate::model::answer::{Answers, Cell, Emphasis, Sheet, SheetColumn, SheetRow, fallback, lanes};
use crate::model::catalog::Catalog;
use crate::model::scenario::Scenario;

/// Returns the lanes, then the limits of each machine.
#[must_use]
pub fn verdict(catalog: &Catalog, scenario: &Scenario, answers: &Answers<'_>) -> Sheet {
    let titles = ["", "who", "why"];
    let column = |title: &str| SheetColumn { title: title.to_owned(), ..SheetColumn::default() };
    let mut rows = vec![SheetRow::heading("jobs")];
    for lane in lanes(catalog, scenario, answers).unwrap_or_default() {
        let name = lane.machine.map_or("none", |at| short(answers, at));
        let prefix = format!("{name}: ");
        for (at, why) in lane.why.iter().enumerate() {
            let why = why.strip_prefix(&prefix).unwrap_or(why);
            let (id, name) = if at == 0 { (lane.id, name) } else { ("", "") };
            let tone = if at == 0 { Emphasis::Plain } else { Emphasis::Muted };
            rows.push(row(id, name, Cell { tone, ..Cell::of(why) }));
        }
    }
    rows.push(SheetRow::heading("limits"));
    for at in 0..answers.machines.len() {
        rows.extend(case(answers, at));
    }
    let others = fallback(catalog, scenario, answers).unwrap_or_default();
    if !others.is_empty() {
        rows.push(SheetRow::heading("what else"));
        rows.extend(others.iter().map(|text| row("", "", Cell::of(text))));
    }
    Sheet {
        title: "Verdict".to_owned(),
        remarks: vec!["from rules that name no machine".to_owned()],
        columns: titles.iter().map(|title| column(title)).collect(),
        rows,
    }
}

fn short<'a>(answers: &'a Answers<'_>, at: usize) -> &'a str {
    answers.machines.get(at).map_or("", |answer| answer.machine.short.as_str())
}

fn row(name: &str, who: &str, why: Cell) -> SheetRow {
    // A sentence that does not fit its cell is shown in full when the cell is chosen.
    let why = Cell { detail: why.text.clone(), ..why };
    SheetRow { cells: vec![Cell::of(name), Cell::of(who), why], ..SheetRow::default() }
}

/// Returns a row for each limit that a machine misses, then for each that it passes.
fn case(answers: &Answers<'_>, at: usize) -> Vec<SheetRow> {
    let verdict = &answers.verdict;
    let failed = verdict.failed.get(at).map_or(&[][..], Vec::as_slice);
    let place = match (verdict.winner == Some(at), verdict.close.contains(&at), verdict.nearest == Some(at)) {
        (true, ..) => "wins",
        (_, true, _) => "close",
        (_, _, true) => "nearest",
        _ if failed.is_empty() => "passes",
        _ => "fails",
    };
    let misses = failed.iter().map(|failed| Cell { tone: Emphasis::Bad, ..Cell::of(failed.text.as_str()) });
    let holds =
        verdict.passed.get(at).into_iter().flatten().map(|text| Cell { tone: Emphasis::Good, ..Cell::of(text) });
    let mut cells: Vec<Cell> = misses.chain(holds).collect();
    if cells.is_empty() {
        cells.push(Cell::of("nothing is asked of it"));
    }
    let named = |(at_row, cell): (usize, Cell)| match at_row {
        0 => row(place, short(answers, at), cell),
        _ => row("", "", cell),
    };
    cells.into_iter().enumerate().map(named).collect()
}
