//! Efficiencies of one family of machines with one runtime, fitted anew with a person's own measurements.
//!
//! What machines share stays as all measurements say; only what is particular to the family moves, and a person's own
//! rows count most. The bands stay: a few runs of one machine say nothing of how far others lie apart.

use super::fit::fit_again;
use crate::catalog::Catalog;
use crate::spec::{Date, Efficiency, EfficiencyRow, Measurement};

/// A person's own measurement counts like so many published ones: the fit is for this machine.
const OWN: f64 = 20.0;

/// The efficiency rows of `family` with `runtime`, the measurements of `source` being the person's own.
#[must_use]
pub fn fit_family(catalog: &Catalog, (family, runtime): (&str, &str), source: &str, date: Date) -> Efficiency {
    let weigh = |row: &Measurement| if row.source == source { OWN } else { 1.0 };
    let of_family = |row: &EfficiencyRow| row.family == family && (row.runtime.is_empty() || row.runtime == runtime);
    let rows = fit_again(catalog, family, &weigh).into_iter().filter(of_family).collect();
    Efficiency::new(vec![source.to_owned()], Some(date), rows)
}
