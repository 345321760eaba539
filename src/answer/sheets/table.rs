//! The specification table: silicon, decode, runtime and price of every machine side by side, each cell with its basis.

use crate::answer::{Answer, Answers, Cell, Sheet, SheetColumn, SheetRow};
use crate::catalog::Catalog;
use crate::scenario::Scenario;
use crate::units::{Amount, GB, Unit};

/// Every machine of the scenario side by side.
#[must_use]
pub fn table(_: &Catalog, _: &Scenario, answers: &Answers<'_>) -> Sheet {
    let machines = answers.machines.iter().enumerate();
    let column = |(at, answer): (usize, &Answer<'_>)| SheetColumn {
        title: answer.machine.short.clone(),
        machine: Some(at),
        number: true,
    };
    let bandwidth = |answer: &Answer<'_>| {
        let fact = &answer.machine.bandwidth_gbs;
        let text = Amount::exact(fact.value * GB, Unit::BytesPerSecond).to_string();
        Cell { basis: fact.basis.word().to_owned(), figure: Some("bandwidth"), ..Cell::of(text) }
    };
    let cells = std::iter::once(Cell::of("bandwidth")).chain(answers.machines.iter().map(bandwidth)).collect();
    Sheet {
        title: "Table".to_owned(),
        remarks: vec!["every cell with how it is known".to_owned()],
        columns: std::iter::once(SheetColumn::default()).chain(machines.map(column)).collect(),
        rows: vec![SheetRow::heading("silicon"), SheetRow { cells, ..SheetRow::default() }],
    }
}
