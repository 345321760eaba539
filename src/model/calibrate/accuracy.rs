//! The published error of the estimates: every measurement that can be replayed against its prediction.
//!
//! The held-out error is the main figure: each measurement is predicted by a fit without its repository or site, and
//! each configuration (machine, model, format and runtime of a source) counts once.

use std::collections::{BTreeMap, HashMap};

use super::bands::{HeldOut, held_out, quantile};
use super::replay::{Kind, Skipped, replay, repository};
use crate::model::catalog::Catalog;
use crate::model::facts::{Class, Efficiency, Measurement};

/// The number of rows below which a figure is marked as based on few.
pub const FEW_ROWS: usize = 10;

/// The rows that a figure is about; an empty field means all.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subject {
    /// Test: decode, aggregate or prefill.
    pub test: String,
    /// Id of the machine.
    pub machine: String,
    /// Family of machines.
    pub family: String,
    /// Class of models: dense, dense-hybrid, moe, moe-hybrid.
    pub class: String,
}

/// The error of the estimates over some rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Error {
    /// Number of rows.
    pub rows: usize,
    /// Number of configurations: machine, model, format and runtime of a source.
    pub configurations: usize,
    /// Number of repositories and sites.
    pub sources: usize,
    /// Median of the absolute relative error, percent.
    pub median_abs_pct: f64,
    /// 90th percentile of the absolute relative error, percent.
    pub p90_abs_pct: f64,
    /// Median of the relative error, percent; positive if the estimates are too fast.
    pub bias_pct: f64,
    /// Share of the measurements inside the band, percent.
    pub in_band_pct: f64,
    /// Median of the ratio of the band's edges, high over low.
    pub band_ratio: f64,
}

/// One measurement beside its prediction.
#[derive(Clone, Debug)]
struct Compared<'c> {
    subject: Subject,
    /// Relative error: predicted over measured, minus 1.
    error: f64,
    /// Relative error of the rule "bandwidth over active bytes", if that rule applies.
    naive: Option<f64>,
    in_band: bool,
    band_ratio: f64,
    repository: &'c str,
    configuration: [&'c str; 4],
    /// Weight of the row: 1 in sample; in held-out comparisons 1 divided by the rows of its configuration.
    weight: f64,
}

/// The error of the estimates over the catalog's measurements.
#[derive(Clone, Debug, Default)]
pub struct Accuracy {
    /// Error on held-out sources, each configuration counting once: over all, by test, machine, family and class.
    pub held_out: Vec<(Subject, Error)>,
    /// Error of the shipped fit, which has used these rows, each row counting once: over all, by test, machine, family
    /// and class.
    pub in_sample: Vec<(Subject, Error)>,
    /// Error of the rule "bandwidth over active bytes" on the same rows, by test.
    pub naive: Vec<(Subject, Error)>,
    /// Held-out residuals of decode by family, runtime, format class, class of model, context and year.
    pub residuals: Vec<Residual>,
    /// Number of rows that are not replayed, by reason.
    pub skipped: BTreeMap<Skipped, usize>,
}

/// Measured over predicted for the decode rows of the same conditions.
#[derive(Clone, Debug, PartialEq)]
pub struct Residual {
    /// Family, runtime, format class, class of model, context, year.
    pub conditions: [String; 6],
    /// Number of rows.
    pub rows: usize,
    /// Repositories and sites; the conditions of a single one may be unusual.
    pub sources: Vec<String>,
    /// 10th percentile, median and 90th percentile of measured over predicted.
    pub ratio: [f64; 3],
}

/// Returns the error of the shipped efficiencies and the held-out error, for which it fits without each source.
#[must_use]
pub fn accuracy(catalog: &Catalog) -> Accuracy {
    accuracy_of(catalog, &held_out(catalog))
}

/// Returns the accuracy from held-out predictions that have been computed already.
#[must_use]
pub fn accuracy_of(catalog: &Catalog, unseen: &[HeldOut<'_>]) -> Accuracy {
    Accuracy { residuals: residuals(unseen), held_out: groups(&judged(catalog, unseen)), ..in_sample(catalog) }
}

/// Returns the error in sample only, which needs no fit.
#[must_use]
pub fn in_sample(catalog: &Catalog) -> Accuracy {
    let mut skipped = BTreeMap::new();
    let mut compared = compare(catalog, &|_| true, &mut skipped);
    compared.extend(compare_setups(catalog, &mut skipped));
    let naive: Vec<Compared<'_>> =
        compared.iter().filter_map(|c| Some(Compared { error: c.naive?, ..c.clone() })).collect();
    Accuracy { in_sample: groups(&compared), naive: by_test(&naive), skipped, ..Accuracy::default() }
}

/// Returns the error by test over the measurements for which `keep` returns true.
#[must_use]
pub fn error_of(catalog: &Catalog, keep: &dyn Fn(&Measurement) -> bool) -> Vec<(Subject, Error)> {
    by_test(&compare(catalog, keep, &mut BTreeMap::new()))
}

/// Returns the error by test of given comparisons: the test, the prediction and the measurement.
pub(super) fn error_by_test(pairs: impl Iterator<Item = (Kind, f64, f64)>) -> Vec<(Subject, Error)> {
    let compared: Vec<Compared<'_>> = pairs
        .map(|(kind, expected, measured)| Compared {
            subject: Subject { test: kind.test().to_owned(), ..Subject::default() },
            error: expected / measured - 1.0,
            naive: None,
            in_band: false,
            band_ratio: f64::NAN,
            repository: "",
            configuration: [""; 4],
            weight: 1.0,
        })
        .collect();
    by_test(&compared)
}

/// Replays measurements with the catalog's efficiencies; counts those that cannot be replayed in `skipped`.
fn compare<'c>(
    catalog: &'c Catalog,
    keep: &dyn Fn(&Measurement) -> bool,
    skipped: &mut BTreeMap<Skipped, usize>,
) -> Vec<Compared<'c>> {
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
                        family: replay.machine.family.clone(),
                        class: replay.model.kind.shape().to_owned(),
                    },
                    error: predicted.expected / row.tok_s - 1.0,
                    naive: replay.naive().map(|naive| naive / row.tok_s - 1.0),
                    in_band: (predicted.low..=predicted.high).contains(&row.tok_s),
                    band_ratio: predicted.high / predicted.low,
                    repository: replay.repository,
                    configuration: [&row.machine, &row.model, &row.format, &row.runtime],
                    weight: 1.0,
                });
            }
        }
    }
    compared
}

/// Compares every measured set-up with its estimate; counts those that cannot be compared in `skipped`.
fn compare_setups<'c>(catalog: &'c Catalog, skipped: &mut BTreeMap<Skipped, usize>) -> Vec<Compared<'c>> {
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
                        family: String::new(),
                        class: class.to_owned(),
                    },
                    error: predicted.expected / row.tok_s - 1.0,
                    naive: None,
                    in_band: (predicted.low..=predicted.high).contains(&row.tok_s),
                    band_ratio: predicted.high / predicted.low,
                    repository: catalog.source(&row.source).map_or(row.source.as_str(), repository),
                    configuration: [&row.machine, &row.model, &row.format, &row.runtime],
                    weight: 1.0,
                });
            }
        }
    }
    compared
}

/// Compares held-out predictions with the bands of the catalog; the rows of a configuration add up to a weight of 1.
fn judged<'c>(catalog: &Catalog, unseen: &[HeldOut<'c>]) -> Vec<Compared<'c>> {
    let mut row_counts: HashMap<_, f64> = HashMap::new();
    for out in unseen {
        *row_counts.entry(out.configuration()).or_default() += 1.0;
    }
    let compared = unseen.iter().filter_map(|out| {
        let (low, high) = band(&catalog.efficiency, out)?;
        let ratio = out.row.tok_s / out.expected;
        let configuration = out.configuration();
        Some(Compared {
            subject: Subject {
                test: out.kind.test().to_owned(),
                machine: out.row.machine.clone(),
                family: out.family.to_owned(),
                class: out.shape.to_owned(),
            },
            error: ratio.recip() - 1.0,
            naive: None,
            in_band: (low..=high).contains(&ratio),
            band_ratio: high / low,
            repository: out.repository,
            configuration: configuration.1,
            weight: 1.0 / row_counts.get(&configuration).copied().unwrap_or(1.0),
        })
    });
    compared.collect()
}

/// Returns the edges of the catalog's band for this amount of evidence, relative to the prediction.
fn band(efficiency: &Efficiency, out: &HeldOut<'_>) -> Option<(f64, f64)> {
    let sources = ["0", "1", "2"].get(out.sources)?;
    let (row, _) = efficiency.on(("", "")).find(out.band(), Class(sources, out.class))?;
    Some((row.low, row.high))
}

/// Returns decode's residuals by conditions, those with the widest spread first.
fn residuals(unseen: &[HeldOut<'_>]) -> Vec<Residual> {
    let mut groups: BTreeMap<[String; 6], Vec<&HeldOut<'_>>> = BTreeMap::new();
    for out in unseen.iter().filter(|out| out.kind == Kind::Decode) {
        let row = out.row;
        let context = match row.context.or(row.prompt).unwrap_or(0.0) {
            tokens if tokens < 4096.0 => "below 4k",
            tokens if tokens < 32_768.0 => "4k to 32k",
            _ => "32k and more",
        };
        let year = row.date.to_string().chars().take(4).collect();
        let words = [out.family, &row.runtime, out.format_class, out.shape, context].map(str::to_owned);
        let [family, runtime, format, shape, context] = words;
        groups.entry([family, runtime, format, shape, context, year]).or_default().push(out);
    }
    let mut found: Vec<Residual> = groups
        .into_iter()
        .map(|(conditions, rows)| {
            let mut sources: Vec<String> = rows.iter().map(|out| out.repository.to_owned()).collect();
            sources.sort_unstable();
            sources.dedup();
            let ratios: Vec<(f64, f64)> = rows.iter().map(|out| (out.row.tok_s / out.expected, 1.0)).collect();
            let ratio = [0.1, 0.5, 0.9].map(|share| quantile(ratios.clone(), share));
            Residual { conditions, rows: rows.len(), sources, ratio }
        })
        .collect();
    let apart = |residual: &Residual| libm::log(residual.ratio[1]).abs();
    found.sort_by(|a, b| apart(b).total_cmp(&apart(a)));
    found
}

fn groups(compared: &[Compared<'_>]) -> Vec<(Subject, Error)> {
    let of_test = |s: &Subject| Subject { test: s.test.clone(), ..Subject::default() };
    let mut all = vec![(Subject::default(), error(&compared.iter().collect::<Vec<_>>()))];
    all.extend(by_test(compared));
    all.extend(by(compared, |s| Subject { machine: s.machine.clone(), family: s.family.clone(), ..of_test(s) }));
    all.extend(by(compared, |s| Subject { family: s.family.clone(), ..of_test(s) }));
    all.extend(by(compared, |s| Subject { class: s.class.clone(), ..of_test(s) }));
    all
}

fn by_test(compared: &[Compared<'_>]) -> Vec<(Subject, Error)> {
    by(compared, |s| Subject { test: s.test.clone(), ..Subject::default() })
}

fn by(compared: &[Compared<'_>], key: impl Fn(&Subject) -> Subject) -> Vec<(Subject, Error)> {
    let mut groups: BTreeMap<Subject, Vec<&Compared<'_>>> = BTreeMap::new();
    for one in compared {
        groups.entry(key(&one.subject)).or_default().push(one);
    }
    groups.into_iter().map(|(subject, rows)| (subject, error(&rows))).collect()
}

fn error(rows: &[&Compared<'_>]) -> Error {
    let count = |mut names: Vec<(&str, [&str; 4])>| {
        names.sort_unstable();
        names.dedup();
        names.len()
    };
    let weight: f64 = rows.iter().map(|row| row.weight).sum();
    let inside: f64 = rows.iter().filter(|row| row.in_band).map(|row| row.weight).sum();
    let at = |value: fn(&Compared<'_>) -> f64, share| {
        quantile(rows.iter().map(|row| (value(row), row.weight)).collect(), share)
    };
    Error {
        rows: rows.len(),
        configurations: count(rows.iter().map(|row| (row.repository, row.configuration)).collect()),
        sources: count(rows.iter().map(|row| (row.repository, [""; 4])).collect()),
        median_abs_pct: 100.0 * at(|row| row.error.abs(), 0.5),
        p90_abs_pct: 100.0 * at(|row| row.error.abs(), 0.9),
        bias_pct: 100.0 * at(|row| row.error, 0.5),
        in_band_pct: 100.0 * inside / weight.max(f64::MIN_POSITIVE),
        band_ratio: at(|row| row.band_ratio, 0.5),
    }
}
