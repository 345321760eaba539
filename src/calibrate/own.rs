//! Efficiencies of one family of machines with one runtime, fitted anew with a person's own measurements.
//!
//! The fit is that of everything, so that what all machines share stays shared; only the rows of the family are given.
//! The bands stay as they are: a few runs of one machine say nothing of how far others lie apart.

use super::fit::{fit, is_band};
use crate::catalog::Catalog;
use crate::spec::{Date, Efficiency, EfficiencyRow};

/// The efficiency rows of `family` with `runtime` from all measurements of the catalog, as found by `source` at `date`.
#[must_use]
pub fn fit_family(catalog: &Catalog, (family, runtime): (&str, &str), source: &str, date: Date) -> Efficiency {
    let bands: Vec<EfficiencyRow> =
        catalog.efficiency.rows.iter().filter(|row| is_band(row.parameter)).cloned().collect();
    let fitted = fit(catalog, &|_| true, bands);
    let of_family = |row: &EfficiencyRow| row.family == family && (row.runtime.is_empty() || row.runtime == runtime);
    let rows = fitted.rows.into_iter().filter(|row| of_family(row)).collect();
    Efficiency { source: vec![source.to_owned()], date: Some(date), rows }
}
