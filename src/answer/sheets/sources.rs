//! The sources: every figure on the screen with its formula, basis, source and date.

use crate::answer::{Answers, Sheet};
use crate::catalog::Catalog;
use crate::scenario::Scenario;

/// Where each figure of the scenario comes from.
#[must_use]
pub fn sources(_: &Catalog, _: &Scenario, _: &Answers<'_>) -> Sheet {
    Sheet { title: "Sources".to_owned(), ..Sheet::default() }
}
