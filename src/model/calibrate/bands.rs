//! Bands from held-out predictions: each source is predicted by a fit without it.

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;

use super::fit::{Configuration, all_factors, data, factors_of, replays, starting, wide_bands};
use super::replay::{Kind, Replay, replay, repository};
use super::structure::{Stage, data_row};
use crate::model::catalog::Catalog;
use crate::model::facts::{Efficiency, EfficiencyRow, Measurement, Parameter};
use crate::model::units::round_significant;

/// The most rows of a small repository; larger ones are left out one at a time, small ones in groups.
const LARGE: usize = 12;
/// The number of groups of small repositories.
const PARTS: usize = 6;
/// The share of the configurations that may be below a band, and the share that may be above it.
const TAIL: f64 = 0.05;
/// The weight of all rows of a test beside those of one group, in configurations.
const PRIOR: f64 = 8.0;

/// A measurement and its prediction by a fit without its source.
#[derive(Clone, Debug)]
pub struct HeldOut<'c> {
    /// The measurement.
    pub row: &'c Measurement,
    /// Figure that is compared.
    pub kind: Kind,
    /// Repository or site of the source.
    pub repository: &'c str,
    /// Family of the machine.
    pub family: &'c str,
    /// Class of the format.
    pub format_class: &'c str,
    /// Class of the model: dense or moe.
    pub class: &'static str,
    /// Class of the model with the kind of its layers, such as moe-hybrid.
    pub shape: &'static str,
    /// Number of other sources of the family with the runtime; 2 stands for 2 or more.
    pub sources: usize,
    /// Predicted figure.
    pub expected: f64,
}

impl<'c> HeldOut<'c> {
    /// Returns the configuration, which counts once for any number of rows.
    #[must_use]
    pub fn configuration(&self) -> Configuration<'c> {
        let row = self.row;
        (self.repository, [&row.machine, &row.model, &row.format, &row.runtime], self.kind.test())
    }

    /// Returns the parameter of the band for this kind of figure.
    #[must_use]
    pub fn band(&self) -> Parameter {
        match self.kind {
            Kind::Decode => Parameter::DecodeBand,
            Kind::Prefill => Parameter::PrefillBand,
            Kind::DecodePhase | Kind::EndToEnd | Kind::Window => Parameter::AggregateBand,
        }
    }
}

/// Predicts every measurement by a fit without its repository or site.
#[must_use]
pub fn held_out(catalog: &Catalog) -> Vec<HeldOut<'_>> {
    let start = starting(catalog);
    let all = replays(catalog, &start, &|_| true);
    let rows_of: Vec<&Measurement> =
        catalog.measurements().iter().filter(|row| is_replayed(catalog, &start, row)).collect();
    let near = all_factors(&all.iter().collect::<Vec<_>>());
    let all_predicted: Vec<Vec<HeldOut<'_>>> = parts(&all)
        .par_iter()
        .map(|part| {
            let rest: Vec<&Replay<'_>> = all.iter().filter(|replay| !part.contains(&replay.repository)).collect();
            // A stage keeps its factors if none of its rows is left out.
            let has_rows =
                |stage: Stage| all.iter().any(|replay| part.contains(&replay.repository) && stage.holds(replay.kind));
            let factors = factors_of(&has_rows, &rest, near.clone());
            let owned: Vec<Replay<'_>> = rest.into_iter().cloned().collect();
            let mut rows = data(&owned, &factors);
            rows.extend(wide_bands());
            let efficiency = catalog.efficiency.with_rows(Vec::new(), None, rows);
            let out = all.iter().zip(&rows_of).filter(|(replay, _)| part.contains(&replay.repository));
            out.filter_map(|(out, row)| predicted(catalog, &efficiency, row, sources(&owned, out))).collect()
        })
        .collect();
    all_predicted.into_iter().flatten().collect()
}

fn is_replayed(catalog: &Catalog, efficiency: &Efficiency, row: &Measurement) -> bool {
    replay(catalog, efficiency, row).is_ok()
}

/// Returns the prediction of a measurement with efficiencies that were fitted without its source.
fn predicted<'c>(
    catalog: &'c Catalog,
    efficiency: &Efficiency,
    row: &'c Measurement,
    sources: usize,
) -> Option<HeldOut<'c>> {
    let again = replay(catalog, efficiency, row).ok()?;
    let (machine, model) = (catalog.machine(&row.machine).ok()?, catalog.model(&row.model).ok()?);
    Some(HeldOut {
        row,
        kind: again.kind,
        repository: catalog.source(&row.source).map_or(row.source.as_str(), repository),
        family: &machine.family,
        format_class: &catalog.format(&row.format).ok()?.class,
        class: model.kind.class(),
        shape: model.kind.shape(),
        sources,
        expected: again.predicted()?.expected,
    })
}

/// Groups the repositories that are left out together.
fn parts<'r>(replays: &[Replay<'r>]) -> Vec<Vec<&'r str>> {
    let mut rows: BTreeMap<&str, usize> = BTreeMap::new();
    for replay in replays {
        *rows.entry(replay.repository).or_default() += 1;
    }
    let (large, small): (Vec<_>, Vec<_>) = rows.into_iter().partition(|(_, rows)| *rows > LARGE);
    let mut parts: Vec<Vec<&str>> = large.into_iter().map(|(name, _)| vec![name]).collect();
    let mut shared = vec![Vec::new(); PARTS];
    for (at, (name, _)) in small.into_iter().enumerate() {
        if let Some(part) = shared.get_mut(at % PARTS) {
            part.push(name);
        }
    }
    parts.extend(shared.into_iter().filter(|part| !part.is_empty()));
    parts
}

/// Returns the number of other sources of a replay's family with its runtime and test; 2 stands for 2 or more.
fn sources(others: &[Replay<'_>], out: &Replay<'_>) -> usize {
    let like = others.iter().filter(|other| {
        other.machine.family == out.machine.family
            && other.row.runtime == out.row.runtime
            && other.kind.test() == out.kind.test()
    });
    let mut names: Vec<&str> = like.map(|other| other.repository).collect();
    names.sort_unstable();
    names.dedup();
    names.len().min(2)
}

/// Returns the bands by test, number of sources and class of model.
///
/// Each group's band is shrunk towards the band of its test, and fewer sources never have a narrower band.
#[must_use]
pub fn bands(held_out: &[HeldOut<'_>]) -> Vec<EfficiencyRow> {
    let mut rows = Vec::new();
    for parameter in [Parameter::DecodeBand, Parameter::AggregateBand, Parameter::PrefillBand] {
        let all: Vec<&HeldOut<'_>> = held_out.iter().filter(|out| out.band() == parameter).collect();
        let pool = edges(&all);
        let mut widest = EfficiencyRow { low: 1.0, high: 1.0, ..data_row(parameter, 1.0) };
        let mut narrower: HashMap<&str, (f64, f64)> = HashMap::new();
        for sources in [2, 1, 0] {
            for class in ["dense", "moe"] {
                let own: Vec<&HeldOut<'_>> =
                    all.iter().copied().filter(|out| out.sources == sources && out.class == class).collect();
                let shrunk = shrunk(edges(&own), pool);
                let before = narrower.get(class).copied().unwrap_or((1.0, 1.0));
                let (low, high) = (shrunk.0.min(before.0), shrunk.1.max(before.1));
                narrower.insert(class, (low, high));
                (widest.low, widest.high) = (widest.low.min(low), widest.high.max(high));
                let count = u32::try_from(own.len()).unwrap_or(u32::MAX);
                let band = EfficiencyRow { class: format!("{sources}/{class}"), ..data_row(parameter, 1.0) };
                let [low, high] = [low, high].map(|edge| round_significant(edge, 3));
                rows.push(EfficiencyRow { low, high, rows: count, ..band });
            }
        }
        let [low, high] = [widest.low, widest.high].map(|edge| round_significant(edge, 3));
        rows.push(EfficiencyRow { low, high, rows: u32::try_from(all.len()).unwrap_or(u32::MAX), ..widest });
    }
    rows
}

/// Returns a group's edges, shrunk towards those of the pool by the group's number of configurations.
fn shrunk((low, high, count): (f64, f64, f64), pool: (f64, f64, f64)) -> (f64, f64) {
    let share = count / (count + PRIOR);
    let between = |own: f64, all: f64| {
        if count > 0.0 { libm::exp(share * libm::log(own) + (1.0 - share) * libm::log(all)) } else { all }
    };
    (between(low, pool.0).min(1.0), between(high, pool.1).max(1.0))
}

/// Returns the two quantiles of measured over predicted and the number of configurations, each of which has a weight of
/// 1.
fn edges(held_out: &[&HeldOut<'_>]) -> (f64, f64, f64) {
    let mut row_counts: HashMap<Configuration<'_>, f64> = HashMap::new();
    for out in held_out {
        *row_counts.entry(out.configuration()).or_default() += 1.0;
    }
    let weight = |out: &HeldOut<'_>| 1.0 / row_counts.get(&out.configuration()).copied().unwrap_or(1.0);
    let ratios: Vec<(f64, f64)> = held_out.iter().map(|out| (out.row.tok_s / out.expected, weight(out))).collect();
    (quantile(ratios.clone(), TAIL), quantile(ratios, 1.0 - TAIL), row_counts.len() as f64)
}

/// Returns the value below which a share of the weight lies; NaN without values.
pub(super) fn quantile(mut values: Vec<(f64, f64)>, share: f64) -> f64 {
    values.sort_by(|a, b| a.0.total_cmp(&b.0));
    let total: f64 = values.iter().map(|(_, weight)| weight).sum();
    let mut sum = 0.0;
    let found = values.iter().find(|(_, weight)| {
        sum += weight;
        sum >= share * total
    });
    found.map_or(f64::NAN, |(value, _)| *value)
}
