//! Refitting the efficiencies of one family of machines with one runtime to a user's own measurements.
//!
//! Factors that all machines share keep the values of published measurements. The factors particular to the family and
//! the runtime start from the published values and are pulled towards them. The pull follows from the spread of
//! machines within a family, and the weight of the user's rows from their scatter; the published rows give the spread
//! and a first value of the scatter. A few contradictory rows therefore change little, many consistent ones change the
//! factors fully. The bands stay, since runs of one machine do not show how much others differ.

use std::collections::{BTreeMap, HashMap};

use super::accuracy::{Error, Subject, error_by_test};
use super::fit::{
    FACTOR_SPREAD, Freedom, all_factors, data, fit_stage, measured_over_predicted, of_stage, replays, starting, weights,
};
use super::replay::Replay;
use super::structure::{Factor, STRUCTURE, Stage, Term};
use crate::model::catalog::Catalog;
use crate::model::facts::{Date, Efficiency, EfficiencyRow};

/// The most parts into which the user's rows are split for leaving them out, which limits the time for a long file.
const MOST_PARTS: usize = 20;

/// The result of a fit to a user's own measurements.
#[derive(Clone, Debug)]
pub struct OwnFit {
    /// Efficiency rows of the family with the runtime.
    pub efficiency: Efficiency,
    /// Error of the user's rows by test, each predicted by a fit to the published and the other own rows.
    pub left_out: Vec<(Subject, Error)>,
    /// Weight of the user's rows by test.
    pub shares: Vec<Share>,
}

/// The weight of the user's rows of a test against the published ones.
#[derive(Clone, Debug, PartialEq)]
pub struct Share {
    /// Test: decode, prefill or aggregate.
    pub test: &'static str,
    /// Number of the user's rows.
    pub rows: usize,
    /// Standard deviation of a machine from the published value of its family, natural logarithm.
    pub between: f64,
    /// Standard deviation of the user's rows, natural logarithm.
    pub scatter: f64,
    /// Fraction of the way from the published to the user's mean, 0..=1.
    pub share: f64,
}

/// Returns the efficiencies of `family` with `runtime`, fitted to the user's own measurements, which have the source
/// `source`.
#[must_use]
pub fn fit_family(catalog: &Catalog, (family, runtime): (&str, &str), source: &str, date: Date) -> OwnFit {
    let start = starting(catalog);
    let all = replays(catalog, &start, &|_| true);
    let (own, published): (Vec<Replay<'_>>, Vec<Replay<'_>>) =
        all.iter().cloned().partition(|replay| replay.row.source == source);
    let own: Vec<Replay<'_>> =
        own.into_iter().filter(|own| own.machine.family == family && own.row.runtime == runtime).collect();
    let known = all_factors(&published.iter().collect::<Vec<_>>());
    let priors = Stage::ALL.map(|stage| Prior::of(stage, &published, family, &known));
    let (factors, shares) = learn(&own, &known, &priors);
    let of_family = |row: &EfficiencyRow| row.family == family && (row.runtime.is_empty() || row.runtime == runtime);
    let rows = data(&all, &factors).into_iter().filter(of_family).collect();
    let left_out = error_by_test(left_out(&own, &known, &priors).into_iter());
    OwnFit { efficiency: catalog.efficiency.with_rows(vec![source.to_owned()], Some(date), rows), left_out, shares }
}

/// The expectation of published rows for a machine of the family that has no measurements.
struct Prior {
    stage: Stage,
    /// Variance of the machine's offset from the family's factors, natural logarithm.
    between: f64,
    /// Variance of a row about the mean of its machine, natural logarithm.
    scatter: f64,
}

impl Prior {
    fn of(stage: Stage, published: &[Replay<'_>], family: &str, known: &HashMap<Factor, f64>) -> Self {
        let rows = of_stage(stage, published);
        // A machine in one source differs from its family in the same way as the user's machine.
        let mut families: BTreeMap<&str, BTreeMap<(&str, &str), Vec<f64>>> = BTreeMap::new();
        for replay in &rows {
            let group = (replay.row.machine.as_str(), replay.row.source.as_str());
            let of_family = families.entry(replay.machine.family.as_str()).or_default();
            of_family.entry(group).or_default().push(libm::log(measured_over_predicted(replay, known)));
        }
        let groups = || families.values().flat_map(BTreeMap::values);
        let scatter = pooled(groups().map(Vec::as_slice)).unwrap_or(stage.spread().powi(2));
        let means: Vec<Vec<f64>> = families.values().map(|groups| groups.values().map(|r| mean(r)).collect()).collect();
        // The variance of the means is that between machines plus that of a mean of a few rows.
        let (count, inverse) = groups().fold((0.0, 0.0), |(n, sum), rows| (n + 1.0, sum + 1.0 / rows.len() as f64));
        let noise = scatter * inverse / f64::max(count, 1.0);
        let apart = pooled(means.iter().map(Vec::as_slice)).map_or(FACTOR_SPREAD.powi(2), |all| (all - noise).max(0.0));
        // The published value of the family is uncertain too; without rows the uncertainty is that of a free factor.
        let own_family = rows.iter().zip(weights(&rows)).filter(|(replay, _)| replay.machine.family == family);
        let weight: f64 = own_family.map(|(_, weight)| weight).sum();
        let uncertain = 1.0 / (FACTOR_SPREAD.powi(-2) + weight / stage.spread().powi(2));
        Self { stage, between: apart + uncertain, scatter }
    }

    /// Returns the variance of the user's rows about their mean, with the published scatter as one more row.
    fn scatter_of(&self, residuals: &[f64]) -> f64 {
        (self.scatter + squares(residuals)) / residuals.len().max(1) as f64
    }
}

/// Returns the factors after a fit to the user's rows, and the weight of the rows by test.
fn learn(own: &[Replay<'_>], known: &HashMap<Factor, f64>, priors: &[Prior]) -> (HashMap<Factor, f64>, Vec<Share>) {
    let (mut factors, mut shares) = (known.clone(), Vec::new());
    for prior in priors {
        let rows = of_stage(prior.stage, own);
        let Some(first) = rows.first() else { continue };
        let residuals: Vec<f64> = rows.iter().map(|row| libm::log(measured_over_predicted(row, &factors))).collect();
        let scatter = prior.scatter_of(&residuals);
        // The solver measures residuals in units of the stage's spread.
        let weight = prior.stage.spread().powi(2) / scatter;
        let freedom =
            Freedom { known: &factors, others: &factors, free: &is_nearest, pull: &|_| prior.between.sqrt().recip() };
        let moved = fit_stage(prior.stage, &rows, &vec![weight; rows.len()], &freedom);
        factors.extend(moved);
        let (between, noise) = (prior.between, scatter / rows.len() as f64);
        shares.push(Share {
            test: first.kind.test(),
            rows: rows.len(),
            between: between.sqrt(),
            scatter: scatter.sqrt(),
            share: between / (between + noise),
        });
    }
    (factors, shares)
}

/// Returns true for the factor that is the most particular to a family: by family and runtime if the parameter has one,
/// otherwise by family.
fn is_nearest(factor: &Factor) -> bool {
    let with_runtime = STRUCTURE.iter().any(|structure| {
        structure.parameter == factor.parameter && structure.terms.iter().any(|(term, _)| *term == Term::FamilyRuntime)
    });
    factor.term == if with_runtime { Term::FamilyRuntime } else { Term::Family }
}

/// Returns for each of the user's rows its kind, its prediction by a fit to the others, and its measured figure.
fn left_out(
    own: &[Replay<'_>],
    known: &HashMap<Factor, f64>,
    priors: &[Prior],
) -> Vec<(super::replay::Kind, f64, f64)> {
    let parts = own.len().min(MOST_PARTS);
    let mut predicted = Vec::with_capacity(own.len());
    for part in 0..parts {
        let (out, rest): (Vec<_>, Vec<_>) = own.iter().cloned().enumerate().partition(|(at, _)| at % parts == part);
        let rest: Vec<Replay<'_>> = rest.into_iter().map(|(_, replay)| replay).collect();
        let (factors, _) = learn(&rest, known, priors);
        predicted.extend(out.iter().map(|(_, replay)| {
            let measured = replay.row.tok_s;
            (replay.kind, measured / measured_over_predicted(replay, &factors), measured)
        }));
    }
    predicted
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

/// Returns the sum of squared deviations from the mean.
fn squares(values: &[f64]) -> f64 {
    let mean = mean(values);
    values.iter().map(|value| (value - mean).powi(2)).sum()
}

/// Returns the pooled variance within the groups; `None` if no group has two values.
fn pooled<'v>(groups: impl Iterator<Item = &'v [f64]>) -> Option<f64> {
    let sums = groups
        .fold((0.0, 0.0), |(sum, free), group| (sum + squares(group), free + group.len().saturating_sub(1) as f64));
    (sums.1 > 0.0).then(|| sums.0 / sums.1)
}
