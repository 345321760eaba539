//! The error of the estimates, in public: every replayable measurement against its prediction.

use std::collections::BTreeMap;

use super::fit::held_out;
use super::replay::{Kind, Skipped, replay};
use crate::model::catalog::Catalog;
use crate::model::facts::Measurement;

/// Below this many rows a figure is marked as resting on few.
pub const FEW_ROWS: usize = 10;

/// Which rows a figure is about; an empty name means all.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subject {
    /// decode, aggregate or prefill.
    pub test: String,
    /// Machine by id.
    pub machine: String,
    /// Class of model: dense, dense-hybrid, moe, moe-hybrid.
    pub class: String,
}

/// The error over some rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Error {
    /// Rows.
    pub rows: usize,
    /// Median of the absolute relative error, percent.
    pub median_abs_pct: f64,
    /// 90th percentile of it, percent.
    pub p90_abs_pct: f64,
    /// Median of the relative error, percent; positive where the estimate is too fast.
    pub bias_pct: f64,
    /// Rows whose measurement lies inside the band, percent.
    pub in_band_pct: f64,
    /// Median of the band's high over low.
    pub band_ratio: f64,
}

/// One comparison.
#[derive(Clone, Debug)]
struct Compared {
    subject: Subject,
    /// Predicted over measured, less one: by the estimate.
    error: f64,
    /// By bandwidth over active bytes, where that rule says anything.
    naive: Option<f64>,
    in_band: bool,
    band_ratio: f64,
}

/// The error of the estimates over the catalog's measurements.
#[derive(Clone, Debug, Default)]
pub struct Accuracy {
    /// Over all rows, then by test, by test and machine, by test and class.
    pub groups: Vec<(Subject, Error)>,
    /// The same rows by bandwidth over active bytes, by test.
    pub naive: Vec<(Subject, Error)>,
    /// Predicted by a fit without their source, by test.
    pub held_out: Vec<(Subject, Error)>,
    /// Rows that are not replayed, by reason.
    pub skipped: BTreeMap<Skipped, usize>,
}

/// Replays the catalog's measurements with the efficiencies it ships.
#[must_use]
pub fn accuracy(catalog: &Catalog) -> Accuracy {
    let mut skipped = BTreeMap::new();
    let compared = compare(catalog, &|_| true, &mut skipped);
    let mut compared = compared;
    compared.extend(compare_setups(catalog, &mut skipped));
    let naive: Vec<Compared> =
        compared.iter().filter_map(|c| Some(Compared { error: c.naive?, ..c.clone() })).collect();
    Accuracy { groups: groups(&compared), naive: by_test(&naive), held_out: by_test(&left_out(catalog)), skipped }
}

/// The error by test over the measurements that `keep` lets through.
#[must_use]
pub fn error_of(catalog: &Catalog, keep: &dyn Fn(&Measurement) -> bool) -> Vec<(Subject, Error)> {
    by_test(&compare(catalog, keep, &mut BTreeMap::new()))
}

/// The error by test of comparisons made elsewhere: the test, the prediction and the measurement.
pub(super) fn error_by_test(pairs: impl Iterator<Item = (Kind, f64, f64)>) -> Vec<(Subject, Error)> {
    let compared: Vec<Compared> = pairs
        .map(|(kind, expected, measured)| {
            let subject = Subject { test: kind.test().to_owned(), ..Subject::default() };
            Compared { subject, error: expected / measured - 1.0, naive: None, in_band: false, band_ratio: f64::NAN }
        })
        .collect();
    by_test(&compared)
}

/// Replays with the catalog's efficiencies; what is not replayed is counted in `skipped`.
fn compare(
    catalog: &Catalog,
    keep: &dyn Fn(&Measurement) -> bool,
    skipped: &mut BTreeMap<Skipped, usize>,
) -> Vec<Compared> {
    let mut compared = Vec::new();
    for row in catalog.measurements().iter().filter(|row| keep(row)) {
        match replay(catalog, &catalog.efficiency, row) {
            Err(reason) => *skipped.entry(reason).or_default() += 1,
            Ok(replay) => {
                let Some(predicted) = replay.predicted() else { continue };
                compared.push(Compared {
                    subject: Subject {
                        test: replay.kind.test().to_owned(),
                        machine: row.machine.clone(),
                        class: replay.model.kind.shape().to_owned(),
                    },
                    error: predicted.expected / row.tok_s - 1.0,
                    naive: replay.naive().map(|naive| naive / row.tok_s - 1.0),
                    in_band: (predicted.low..=predicted.high).contains(&row.tok_s),
                    band_ratio: predicted.high / predicted.low,
                });
            }
        }
    }
    compared
}

/// Compares every measured set-up; what is not compared is counted in `skipped`.
fn compare_setups(catalog: &Catalog, skipped: &mut BTreeMap<Skipped, usize>) -> Vec<Compared> {
    let mut compared = Vec::new();
    for row in catalog.all_setup_measurements() {
        match super::setups::predicted(catalog, &catalog.setup_constants, row) {
            Err(reason) => *skipped.entry(reason).or_default() += 1,
            Ok(predicted) => {
                let class = catalog.model(&row.model).map_or("", |model| model.kind.shape());
                compared.push(Compared {
                    subject: Subject {
                        test: super::setups::test(row),
                        machine: row.machine.clone(),
                        class: class.to_owned(),
                    },
                    error: predicted.expected / row.tok_s - 1.0,
                    naive: None,
                    in_band: (predicted.low..=predicted.high).contains(&row.tok_s),
                    band_ratio: predicted.high / predicted.low,
                });
            }
        }
    }
    compared
}

/// Every row predicted by a fit that has not seen its source.
fn left_out(catalog: &Catalog) -> Vec<Compared> {
    held_out(catalog)
        .into_iter()
        .map(|h| {
            let test = h.kind.test().to_owned();
            let subject = Subject { test, machine: h.row.machine.clone(), class: h.class.to_owned() };
            let error = h.expected / h.row.tok_s - 1.0;
            Compared { subject, error, naive: None, in_band: false, band_ratio: f64::NAN }
        })
        .collect()
}

fn groups(compared: &[Compared]) -> Vec<(Subject, Error)> {
    let mut all = vec![(Subject::default(), error(&compared.iter().collect::<Vec<_>>()))];
    all.extend(by_test(compared));
    all.extend(by(compared, |s| Subject { class: String::new(), ..s.clone() }));
    all.extend(by(compared, |s| Subject { machine: String::new(), ..s.clone() }));
    all
}

fn by_test(compared: &[Compared]) -> Vec<(Subject, Error)> {
    by(compared, |s| Subject { test: s.test.clone(), ..Subject::default() })
}

fn by(compared: &[Compared], key: impl Fn(&Subject) -> Subject) -> Vec<(Subject, Error)> {
    let mut groups: BTreeMap<Subject, Vec<&Compared>> = BTreeMap::new();
    for one in compared {
        groups.entry(key(&one.subject)).or_default().push(one);
    }
    groups.into_iter().map(|(subject, rows)| (subject, error(&rows))).collect()
}

fn error(rows: &[&Compared]) -> Error {
    let inside = rows.iter().filter(|row| row.in_band).count();
    Error {
        rows: rows.len(),
        median_abs_pct: 100.0 * quantile(rows.iter().map(|row| row.error.abs()), 0.5),
        p90_abs_pct: 100.0 * quantile(rows.iter().map(|row| row.error.abs()), 0.9),
        bias_pct: 100.0 * quantile(rows.iter().map(|row| row.error), 0.5),
        in_band_pct: 100.0 * inside as f64 / rows.len().max(1) as f64,
        band_ratio: quantile(rows.iter().map(|row| row.band_ratio), 0.5),
    }
}

/// The value below which a share of the values lies; not a number where there are none.
fn quantile(values: impl Iterator<Item = f64>, share: f64) -> f64 {
    let mut sorted: Vec<f64> = values.collect();
    sorted.sort_by(f64::total_cmp);
    let at = (share * sorted.len() as f64) as usize;
    sorted.get(at.min(sorted.len().saturating_sub(1))).copied().unwrap_or(f64::NAN)
}
