//! Efficiencies of one family of machines with one runtime, fitted again with a user's own measurements.
//!
//! The part that all machines share stays as published measurements say. The part particular to the family and the
//! runtime starts from there and is held there by how far one machine of a family lies from another: that spread, and
//! the scatter of a row about its own machine, are taken from the published rows. Own rows count by their own scatter.
//! So a few that disagree move little, and many that agree move all the way. The bands stay: a few runs of one machine
//! say nothing of how far others lie apart.

use std::collections::{BTreeMap, HashMap};

use super::accuracy::{Error, Subject, error_by_test};
use super::fit::{
    FACTOR_SPREAD, Freedom, all_factors, data, fit_stage, measured_over_predicted, of_stage, replays, starting, weights,
};
use super::replay::Replay;
use super::structure::{Factor, STRUCTURE, Stage, Term};
use crate::model::catalog::Catalog;
use crate::model::facts::{Date, Efficiency, EfficiencyRow};

/// Parts that more rows than these are left out in, so that a long file is no long wait.
const MOST_PARTS: usize = 20;

/// The changes that a user's own rows make.
#[derive(Clone, Debug)]
pub struct OwnFit {
    /// The efficiency rows of the family with the runtime.
    pub efficiency: Efficiency,
    /// The error of own rows, each predicted by a fit of the others, by test.
    pub left_out: Vec<(Subject, Error)>,
    /// The weight of own rows, by test.
    pub shares: Vec<Share>,
}

/// The belief in own rows of a test.
#[derive(Clone, Debug, PartialEq)]
pub struct Share {
    /// decode, prefill or aggregate.
    pub test: &'static str,
    /// Own rows.
    pub rows: usize,
    /// Distance of a machine from the published values of its family: a standard deviation, natural logarithm.
    pub between: f64,
    /// Distance of own rows from each other, likewise.
    pub scatter: f64,
    /// Share of the way from the published to the own mean, 0..=1.
    pub share: f64,
}

/// Fits the efficiencies of `family` with `runtime`, the measurements of `source` being the user's own.
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

/// The expectation that published rows give of a machine of the family without measurements.
struct Prior {
    stage: Stage,
    /// Variance of its offset from the family's factors, natural logarithm.
    between: f64,
    /// Variance of a row about its own machine's mean.
    scatter: f64,
}

impl Prior {
    fn of(stage: Stage, published: &[Replay<'_>], family: &str, known: &HashMap<Factor, f64>) -> Self {
        let rows = of_stage(stage, published);
        // A machine as one source has set it up is to its family what the user's own is.
        let mut families: BTreeMap<&str, BTreeMap<(&str, &str), Vec<f64>>> = BTreeMap::new();
        for replay in &rows {
            let group = (replay.row.machine.as_str(), replay.row.source.as_str());
            let of_family = families.entry(replay.machine.family.as_str()).or_default();
            of_family.entry(group).or_default().push(libm::log(measured_over_predicted(replay, known)));
        }
        let groups = || families.values().flat_map(BTreeMap::values);
        let scatter = pooled(groups().map(Vec::as_slice)).unwrap_or(stage.spread().powi(2));
        let means: Vec<Vec<f64>> = families.values().map(|groups| groups.values().map(|r| mean(r)).collect()).collect();
        // The means scatter by what lies between machines and by their rows' own scatter.
        let (count, inverse) = groups().fold((0.0, 0.0), |(n, sum), rows| (n + 1.0, sum + 1.0 / rows.len() as f64));
        let noise = scatter * inverse / f64::max(count, 1.0);
        let apart = pooled(means.iter().map(Vec::as_slice)).map_or(FACTOR_SPREAD.powi(2), |all| (all - noise).max(0.0));
        // What is published of the family is itself known only so well; nothing is known of a family without rows.
        let own_family = rows.iter().zip(weights(&rows)).filter(|(replay, _)| replay.machine.family == family);
        let weight: f64 = own_family.map(|(_, weight)| weight).sum();
        let uncertain = 1.0 / (FACTOR_SPREAD.powi(-2) + weight / stage.spread().powi(2));
        Self { stage, between: apart + uncertain, scatter }
    }

    /// Variance of own rows about their mean: theirs, with the published scatter counting like one row more.
    fn scatter_of(&self, residuals: &[f64]) -> f64 {
        (self.scatter + squares(residuals)) / residuals.len().max(1) as f64
    }
}

/// The factors with what own rows say of the family, and how far the rows are believed.
fn learn(own: &[Replay<'_>], known: &HashMap<Factor, f64>, priors: &[Prior]) -> (HashMap<Factor, f64>, Vec<Share>) {
    let (mut factors, mut shares) = (known.clone(), Vec::new());
    for prior in priors {
        let rows = of_stage(prior.stage, own);
        let Some(first) = rows.first() else { continue };
        let residuals: Vec<f64> = rows.iter().map(|row| libm::log(measured_over_predicted(row, &factors))).collect();
        let scatter = prior.scatter_of(&residuals);
        // The solver counts in units of the stage's spread.
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

/// Tells if a factor is the one most particular to a family: with its runtime, where there is such a one.
fn is_nearest(factor: &Factor) -> bool {
    let with_runtime = STRUCTURE.iter().any(|structure| {
        structure.parameter == factor.parameter && structure.terms.iter().any(|(term, _)| *term == Term::FamilyRuntime)
    });
    factor.term == if with_runtime { Term::FamilyRuntime } else { Term::Family }
}

/// Every own row with what the others predict for it: its kind, the prediction, the measurement.
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

/// Sum of the squares about the mean.
fn squares(values: &[f64]) -> f64 {
    let mean = mean(values);
    values.iter().map(|value| (value - mean).powi(2)).sum()
}

/// Variance about the groups' own means; `None` where no group has two values.
fn pooled<'v>(groups: impl Iterator<Item = &'v [f64]>) -> Option<f64> {
    let sums = groups
        .fold((0.0, 0.0), |(sum, free), group| (sum + squares(group), free + group.len().saturating_sub(1) as f64));
    (sums.1 > 0.0).then(|| sums.0 / sums.1)
}
