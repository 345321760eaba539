//! The frontier sheet: the combinations of machine, format and runtime that no other beats in speed, price and quality
//! for the scenario's model, and those with the most speed per dollar. A row can replace the scenario.

use std::sync::Arc;

use crate::model::answer::{
    Answers, Axes, Cell, Emphasis, Found, Point, RowAction, Search, Sheet, SheetColumn, SheetRow, search,
};
use crate::model::catalog::Catalog;
use crate::model::scenario::{FormatChoice, MACHINES, RuntimeChoice, Scenario};
use crate::model::units::{Amount, Digits, Unit, short_tokens};

/// Most rows under the heading of the most tokens per second for a dollar.
const CHEAPEST: usize = 12;

/// Returns the frontier of the scenario's model over all machines that can be bought and those compared, within the
/// scenario's limits, streams and context. Format and runtime are varied.
#[must_use]
pub fn frontier(catalog: &Catalog, scenario: &Scenario, answers: &Answers<'_>) -> Sheet {
    let free = Scenario { format: FormatChoice::Auto, runtime: RuntimeChoice::Auto, ..scenario.clone() };
    let mut machines = Axes::purchasable(catalog, scenario.limits.any_availability);
    machines.extend(scenario.machines.iter().filter(|id| !machines.contains(id)).cloned().collect::<Vec<_>>());
    let axes = Axes { machines, models: vec![scenario.model.clone()], ..Axes::default() };
    let title = "Frontier".to_owned();
    match search(catalog, &free, &axes) {
        Err(error) => Sheet { title, rows: vec![SheetRow::heading(error.to_string())], ..Sheet::default() },
        Ok(search) => {
            let name = answers.machines.first().map_or("", |answer| answer.model.name.as_str());
            Page { catalog, scenario, search: &search }.sheet(title, name)
        }
    }
}

/// The results of a search, with its scenario and catalog.
struct Page<'a> {
    catalog: &'a Catalog,
    scenario: &'a Scenario,
    search: &'a Search,
}

impl Page<'_> {
    fn sheet(&self, title: String, model: &str) -> Sheet {
        let combinations = Amount::exact(self.search.evaluated as f64, Unit::Count);
        let column = |(title, number): (&str, bool)| SheetColumn { title: title.to_owned(), machine: None, number };
        let mut rows = Vec::new();
        if self.search.frontier.is_empty() {
            rows.push(SheetRow::heading("no combination of this model passes the limits"));
        } else {
            rows.push(SheetRow::heading("nothing beats these in speed of a stream, price and quality"));
        }
        rows.extend(self.search.frontier.iter().map(|found| {
            let point = found.total_usd.map(|usd| Point { usd, tok_s: found.expected_tok_s });
            SheetRow { point, ..self.row(found) }
        }));
        if !self.search.results.is_empty() {
            rows.push(SheetRow::heading("the most tokens per second for a dollar"));
        }
        rows.extend(self.search.results.iter().take(CHEAPEST).map(|found| self.row(found)));
        Sheet {
            title,
            remarks: vec![
                format!(
                    "{combinations} combinations with {model}: tok/s of a stream over the price of a working computer; Enter takes a row"
                ),
                "tok/s of a stream over price; Enter takes a row".to_owned(),
                "Enter takes a row".to_owned(),
            ],
            columns: COLUMNS.iter().copied().map(column).collect(),
            rows,
        }
    }

    fn row(&self, found: &Found) -> SheetRow {
        let place = |machines: &[String]| machines.iter().position(|id| *id == found.machine);
        let machine = place(&self.scenario.machines).or_else(|| {
            let other = Axes::purchasable(self.catalog, self.scenario.limits.any_availability);
            place(&other).map(|at| self.scenario.machines.len() + at)
        });
        let short = self.catalog.machine(&found.machine).map_or(found.machine.as_str(), |machine| &machine.short);
        let two = |value, unit| Amount::new(value, unit, Digits::Significant(2)).number();
        let known = |text: Option<String>| text.unwrap_or_else(|| "not known".to_owned());
        let texts = [
            short.to_owned(),
            two(found.expected_tok_s, Unit::TokensPerSecond),
            known(found.total_usd.map(|usd| Amount::exact(usd, Unit::Usd).to_string())),
            found.format.clone(),
            found.runtime.clone(),
            Amount::exact(found.concurrency as f64, Unit::Count).to_string(),
            two(found.aggregate_expected_tok_s, Unit::TokensPerSecond),
            known(found.usd_per_mtok.map(|usd| two(usd, Unit::UsdPerMtok))),
            known(found.quality_cost.map(|kld| Amount::exact(kld, Unit::Count).to_string())),
            short_tokens(found.context),
        ];
        let caution = found.caution.as_ref().map_or_else(String::new, |caution| format!(" {caution}."));
        let detail = format!(
            "{short} with {} on {}: {} expected per stream of {} tokens.{caution} Enter takes it, undo brings back what was.",
            found.format,
            found.runtime,
            Amount::new(found.expected_tok_s, Unit::TokensPerSecond, Digits::Significant(2)),
            short_tokens(found.context),
        );
        let tone = |at: usize| if at == RUNTIME && found.caution.is_some() { Emphasis::Warn } else { Emphasis::Plain };
        let cell = |(at, text): (usize, String)| Cell { detail: detail.clone(), tone: tone(at), ..Cell::of(text) };
        let cells = texts.into_iter().enumerate().map(cell).collect();
        let opens = Some(RowAction::Scenario(Box::new(self.opened(found))));
        SheetRow { cells, machine, opens, ..SheetRow::default() }
    }

    /// Returns the scenario of a row, with its machine among those compared.
    fn opened(&self, found: &Found) -> Scenario {
        let mut there = found.scenario(self.scenario);
        if !there.machines.contains(&found.machine) {
            let machines = Arc::make_mut(&mut there.machines);
            machines.truncate(MACHINES.end() - 1);
            machines.push(found.machine.clone());
        }
        there
    }
}

/// Titles of the columns, the most important first, and true for numbers.
const COLUMNS: [(&str, bool); 10] = [
    ("", false),
    ("tok/s", true),
    ("price", true),
    ("format", false),
    ("runtime", false),
    ("streams", true),
    ("tok/s all", true),
    ("$/Mtok", true),
    ("KLD", true),
    ("context", true),
];
/// Index of the runtime's column.
const RUNTIME: usize = 4;
