//! The software matrix: what runs on which machine, dated, with what is contested marked.

use crate::answer::{Answers, Sheet};
use crate::catalog::Catalog;
use crate::scenario::Scenario;

/// What runs on each machine of the scenario.
#[must_use]
pub fn software(_: &Catalog, _: &Scenario, _: &Answers<'_>) -> Sheet {
    Sheet { title: "Software".to_owned(), ..Sheet::default() }
}
