//! The sources sheet: every figure with its formula, basis and sources, then the sources with their dates and links.

use crate::model::answer::{Answer, Answers, Cell, Emphasis, Figure, Listing, Sheet, SheetColumn, SheetRow, explain};
use crate::model::catalog::Catalog;
use crate::model::scenario::Scenario;

/// Returns the origin of each figure of the scenario, grouped by machine.
#[must_use]
pub fn sources(catalog: &Catalog, scenario: &Scenario, answers: &Answers<'_>) -> Sheet {
    let mut rows = Vec::new();
    let mut used: Vec<String> = Vec::new();
    for (at, answer) in answers.machines.iter().enumerate() {
        rows.push(SheetRow::heading(format!("{}, {}", answer.machine.name, answer.label())));
        rows.extend(figures(catalog, scenario, (at, answer), &mut used));
    }
    rows.push(SheetRow::heading("sources of these figures"));
    rows.extend(used.iter().map(|id| source(catalog, id)));
    let column = |title: &str| SheetColumn { title: title.to_owned(), ..SheetColumn::default() };
    Sheet {
        title: "Sources".to_owned(),
        remarks: vec![
            "every figure with its formula, how it is known and by whom".to_owned(),
            "of every figure".to_owned(),
        ],
        columns: ["", "value", "basis", "formula", "sources"].map(column).to_vec(),
        rows,
    }
}

fn figures(
    catalog: &Catalog,
    scenario: &Scenario,
    (at, answer): (usize, &Answer<'_>),
    used: &mut Vec<String>,
) -> Vec<SheetRow> {
    let first =
        Figure::named("memory.total").and_then(|figure| explain(catalog, scenario, answer, figure).ok().flatten());
    let Some(mut run) = first else { return Vec::new() };
    let mut rows = Vec::new();
    for figure in Figure::listed(Listing::Page) {
        if !run.turn_to(figure) {
            continue;
        }
        let sources = run.sources();
        let formula = run.trace.symbolic(run.root);
        let formula = if formula.is_empty() { "as stated".to_owned() } else { formula };
        let of = |text: String| Cell { figure: Some(figure.id), ..Cell::of(text) };
        rows.push(SheetRow {
            cells: vec![
                of(figure.label.to_owned()),
                of(run.value()),
                of(run.basis()),
                of(formula),
                Cell::of(sources.join(", ")),
            ],
            machine: Some(at),
            ..SheetRow::default()
        });
        used.extend(sources.into_iter().filter(|id| !used.contains(id)).collect::<Vec<_>>());
    }
    rows
}

/// Returns the row of a source: title, date and address.
fn source(catalog: &Catalog, id: &str) -> SheetRow {
    let Some(source) = catalog.source(id) else {
        return SheetRow {
            cells: vec![Cell::of(id), Cell { tone: Emphasis::Muted, ..Cell::of("not recorded") }],
            ..SheetRow::default()
        };
    };
    let url = source.url.clone();
    let detail =
        format!("{}, {}{}", source.title, source.date, url.as_ref().map_or(String::new(), |url| format!(", {url}")));
    let link = url.clone().unwrap_or_else(|| "no link recorded".to_owned());
    SheetRow {
        cells: vec![
            Cell::of(id),
            Cell::of(source.date.to_string()),
            Cell::default(),
            Cell { detail, ..Cell::of(&source.title) },
            Cell { url, tone: Emphasis::Muted, ..Cell::of(link) },
        ],
        ..SheetRow::default()
    }
}
