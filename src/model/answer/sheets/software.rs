//! The software matrix: support of software on each machine, with dates, and with contested support marked.

use crate::model::answer::{Answer, Answers, Cell, Emphasis, Sheet, SheetColumn, SheetRow};
use crate::model::catalog::Catalog;
use crate::model::facts::{Capability, Support};
use crate::model::scenario::Scenario;

/// Returns the support of software on each machine of the scenario.
#[must_use]
pub fn software(catalog: &Catalog, _: &Scenario, answers: &Answers<'_>) -> Sheet {
    let is_runtime = |word: &str| catalog.runtimes.iter().any(|runtime| runtime.id == word);
    let mut words: Vec<&str> = Vec::new();
    for capability in &catalog.capabilities {
        if !words.contains(&capability.capability.as_str()) {
            words.push(&capability.capability);
        }
    }
    let (runtimes, others): (Vec<&str>, Vec<&str>) = words.into_iter().partition(|word| is_runtime(word));
    let row = |word: &&str| {
        let cells = answers.machines.iter().map(|answer| cell(catalog.capability(&answer.machine.family, word)));
        SheetRow { cells: std::iter::once(Cell::of(*word)).chain(cells).collect(), ..SheetRow::default() }
    };
    let mut rows = vec![SheetRow::heading("runtimes")];
    rows.extend(runtimes.iter().map(row));
    rows.push(SheetRow::heading("what machine and software can do"));
    rows.extend(others.iter().map(row));
    let column = |(at, answer): (usize, &Answer<'_>)| SheetColumn {
        title: answer.machine.short.clone(),
        machine: Some(at),
        number: false,
    };
    Sheet {
        title: "Software".to_owned(),
        remarks: vec![
            "what runs where; choose a cell for its remark, source and date".to_owned(),
            "choose a cell for its source and date".to_owned(),
            "with source and date".to_owned(),
        ],
        columns: std::iter::once(SheetColumn::default())
            .chain(answers.machines.iter().enumerate().map(column))
            .collect(),
        rows,
    }
}

fn cell(capability: Option<&Capability>) -> Cell {
    let Some(found) = capability else {
        return Cell { tone: Emphasis::Muted, detail: "no source says so".to_owned(), ..Cell::of("no source") };
    };
    let tone = match found.state {
        Support::Yes | Support::Stated => Emphasis::Good,
        Support::Partial | Support::Experimental | Support::Contested => Emphasis::Warn,
        Support::No => Emphasis::Bad,
    };
    let stated = found.state == Support::Stated;
    let text = match (stated, found.note.is_empty()) {
        (true, false) => found.note.clone(),
        (false, false) => format!("{}: {}", found.state.word(), found.note),
        (_, true) => found.state.word().to_owned(),
    };
    let detail = format!("{text} · {} · {}", found.source.join(", "), found.date);
    Cell { tone, detail, basis: String::new(), ..Cell::of(text) }
}
