//! Rules for a catalog: every number has a source, every id is unique and every reference exists, no value is
//! impossible.
//!
//! A test checks the built-in catalog; the user's files are checked when they are read. Each rule is a line
//! `entry.require(holds, field, sentence)` in the module of its kind of entry.

mod facts;
mod formats;
mod linked;
mod machines;
mod market;
mod measurements;
mod models;
mod report;

use super::Catalog;
use super::entry::Entry;
use super::file::{CatalogFile, for_each_list};
use crate::model::facts::{Measurement, Model};

pub use measurements::impossible;
pub use report::Problem;
use report::{Found, Report};

/// Returns all problems of a catalog.
#[must_use]
pub fn problems(catalog: &Catalog) -> Vec<Problem> {
    found(catalog, catalog.measurements())
}

/// Returns the problems in the counts of a model, checked with the formats of a catalog.
#[must_use]
pub fn of_model(model: &Model, catalog: &Catalog) -> Vec<Problem> {
    let mut found = Found::default();
    models::one(&mut found, model, catalog);
    found.problems
}

/// Returns all problems except those of the built-in measurements, which are not parsed for this.
pub(super) fn problems_without_built_in_measurements(catalog: &Catalog) -> Vec<Problem> {
    found(catalog, &catalog.measured.own)
}

/// Returns the problems of a file on its own: repeated ids, and efficiencies without a source.
pub(super) fn alone(file: &CatalogFile) -> Vec<Problem> {
    let mut found = Found::default();
    macro_rules! lists {
        ($($list:ident)*) => { $(unique(&mut found, &file.$list);)* };
    }
    for_each_list!(lists);
    unique(&mut found, &file.measurements);
    if let Some(efficiency) = &file.efficiency {
        market::unique_rows(&mut found, efficiency.rows());
        let cited = !efficiency.source.is_empty() && efficiency.date.is_some();
        let what = || "the rows need a source and a date".to_owned();
        found.entry("efficiency", "efficiency").require(cited || efficiency.rows().is_empty(), "source", what);
    }
    found.problems
}

fn found(catalog: &Catalog, rows: &[Measurement]) -> Vec<Problem> {
    let mut report = Report::new(catalog);
    macro_rules! lists {
        ($($list:ident)*) => { $(list(&mut report, &catalog.$list);)* };
    }
    for_each_list!(lists);
    list(&mut report, rows);
    market::unique_rows(&mut report.found, catalog.efficiency.rows());
    machines::check(&mut report);
    models::check(&mut report);
    formats::check(&mut report);
    linked::check(&mut report);
    market::check(&mut report);
    measurements::check(&mut report, rows);
    report.found.problems
}

/// Checks the rules that apply to every kind of entry.
fn list<T: Entry>(report: &mut Report<'_>, entries: &[T]) {
    unique(&mut report.found, entries);
    for entry in entries {
        facts::check(report, entry);
    }
}

fn unique<T: Entry>(found: &mut Found, entries: &[T]) {
    let mut seen = std::collections::HashSet::new();
    for entry in entries {
        let key = entry.key();
        let is_new = seen.insert(key.clone());
        found.entry(T::LIST, &key).require(is_new, "id", || "this id stands here twice".to_owned());
    }
}
