//! Finds the efficiencies that agree best with the catalog's measurements, and how far they can be trusted.
//!
//! Stage by stage (decode, prefill, batches) the factors of `structure` are fitted to the logarithm of measured over
//! predicted. A source with many rows about one model counts as its square root, hearsay less than a repeatable run.
//! The bands come from cross-validation: each source is predicted by a fit that has not seen it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::replay::{Kind, Replay, predict, replay};
use super::solve::{Observation, solve};
use super::structure::{Factor, STRUCTURE, Stage, Structure, Term, data_row, slot};
use crate::model::catalog::Catalog;
use crate::model::estimate::case::EstimateInputs;
use crate::model::facts::{Efficiency, EfficiencyRow, Level, Measurement, Parameter, Tier};
use crate::model::units::round_significant;

/// Parts that the sources are dealt into; each is predicted by a fit of the others.
pub const FOLDS: usize = 10;
/// A factor of its own needs so many measurements.
const FEWEST_ROWS: usize = 3;
/// A factor of strength 1 that differs from 1 by this much (natural logarithm) costs as much as one unusual error.
pub(super) const FACTOR_SPREAD: f64 = 0.3;

/// Fits efficiencies to the measurements that `keep` lets through. The bands are those of `bands`.
#[must_use]
pub fn fit(catalog: &Catalog, keep: &dyn Fn(&Measurement) -> bool, bands: Vec<EfficiencyRow>) -> Efficiency {
    let start = starting();
    let replays = replays(catalog, &start, keep);
    let factors = all_factors(&replays);
    let mut rows = data(&replays, &factors);
    rows.extend(bands);
    Efficiency::new(catalog.efficiency.source.clone(), catalog.efficiency.date, rows)
}

pub(super) fn replays<'r, 'c: 'r>(
    catalog: &'c Catalog,
    start: &'r Efficiency,
    keep: &dyn Fn(&Measurement) -> bool,
) -> Vec<Replay<'r>> {
    let kept = catalog.measurements().iter().filter(|row| keep(row));
    kept.filter_map(|row| replay(catalog, start, row).ok()).collect()
}

/// All factors from all rows, stage by stage.
pub(super) fn all_factors(replays: &[Replay<'_>]) -> HashMap<Factor, f64> {
    let mut factors: HashMap<Factor, f64> = HashMap::new();
    for stage in Stage::ALL {
        let rows = of_stage(stage, replays);
        let freedom = Freedom { known: &factors, free: &|_| true, pull: &|strength| strength / FACTOR_SPREAD };
        let found = fit_stage(stage, &rows, &weights(&rows), &freedom);
        factors.extend(found);
    }
    factors
}

/// The rows that a stage is fitted to.
pub(super) fn of_stage<'r, 'c>(stage: Stage, replays: &'r [Replay<'c>]) -> Vec<&'r Replay<'c>> {
    replays.iter().filter(|replay| stage.holds(replay.kind)).collect()
}

/// The whole fit: efficiencies from all measurements, bands from predicting each source with and without having seen it.
#[must_use]
pub fn refit(catalog: &Catalog) -> Efficiency {
    let mut efficiency = fit(catalog, &|_| true, wide_bands());
    // A source that is not in the catalog is known better than one that was left out, and worse than one that was not.
    let mut predictions = held_out(catalog);
    predictions.extend(predictions_of(catalog, &efficiency, &|_| true));
    let bands = bands(&predictions);
    efficiency.edit(|rows| {
        rows.retain(|row| !is_band(row.parameter));
        rows.extend(bands);
    });
    efficiency
}

fn is_band(parameter: Parameter) -> bool {
    matches!(parameter, Parameter::DecodeBand | Parameter::AggregateBand | Parameter::PrefillBand)
}

/// A prediction of a measurement by a fit that has not seen its source.
#[derive(Clone, Debug)]
pub struct HeldOut<'c> {
    /// The measurement.
    pub row: &'c Measurement,
    /// What is compared.
    pub kind: Kind,
    /// The class of its model: dense or moe.
    pub class: &'static str,
    /// How close the evidence was.
    pub level: Level,
    /// What was predicted.
    pub expected: f64,
}

/// Predicts every measurement by a fit without its source.
#[must_use]
pub fn held_out(catalog: &Catalog) -> Vec<HeldOut<'_>> {
    let mut all = Vec::new();
    for fold in 0..FOLDS {
        let inside = |row: &Measurement| fold_of(&row.source) == fold;
        let efficiency = fit(catalog, &|row| !inside(row), wide_bands());
        all.extend(predictions_of(catalog, &efficiency, &inside));
    }
    all
}

/// Predictions of the measurements that `which` lets through.
fn predictions_of<'c>(
    catalog: &'c Catalog,
    efficiency: &Efficiency,
    which: &dyn Fn(&Measurement) -> bool,
) -> Vec<HeldOut<'c>> {
    let predicted = |row: &'c Measurement| {
        let replay = replay(catalog, efficiency, row).ok()?;
        let expected = replay.predicted()?.expected;
        Some(HeldOut { row, kind: replay.kind, class: replay.model.kind.class(), level: replay.level(), expected })
    };
    catalog.measurements().iter().filter(|row| which(row)).filter_map(predicted).collect()
}

/// The fold of a source: a sum of its bytes (FNV-1a), the same everywhere and always.
fn fold_of(source: &str) -> usize {
    let hash = source
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    (hash % FOLDS as u64) as usize
}

/// Efficiencies before anything is known.
pub(super) fn starting() -> Efficiency {
    let mut rows: Vec<EfficiencyRow> = STRUCTURE.iter().map(|s| data_row(s.parameter, s.start)).collect();
    rows.extend(wide_bands());
    Efficiency::new(Vec::new(), None, rows)
}

/// Bands that say nothing.
fn wide_bands() -> Vec<EfficiencyRow> {
    let band = |parameter| EfficiencyRow { low: 0.5, high: 2.0, ..data_row(parameter, 1.0) };
    [Parameter::DecodeBand, Parameter::AggregateBand, Parameter::PrefillBand].map(band).to_vec()
}

/// A measurement as the solver sees it.
struct Seen<'c> {
    case: EstimateInputs<'c>,
    kind: Kind,
    /// Each parameter, the sum of what is known of its factors, and the unknowns that multiply it.
    slots: Vec<(&'static Structure, f64, Vec<usize>)>,
    depends: Vec<usize>,
    target: f64,
    spread: f64,
    weight: f64,
}

impl Observation for Seen<'_> {
    fn residual(&self, unknowns: &[f64]) -> f64 {
        let mut case = self.case;
        for (structure, known, on) in &self.slots {
            let sum: f64 = known + on.iter().filter_map(|at| unknowns.get(*at)).sum::<f64>();
            if let Some(value) = slot(&mut case, structure.parameter) {
                *value = structure.value(sum);
            }
        }
        let predicted = predict(&case, self.kind).map_or(f64::MIN_POSITIVE, |p| p.expected);
        (libm::log(predicted) - self.target) / self.spread
    }

    fn depends(&self) -> &[usize] {
        &self.depends
    }

    fn weight(&self) -> f64 {
        self.weight
    }
}

/// Which factors may move, from where, and what holds them there.
pub(super) struct Freedom<'f> {
    /// Where they are.
    pub known: &'f HashMap<Factor, f64>,
    /// Which may move.
    pub free: &'f dyn Fn(&Factor) -> bool,
    /// How hard one of this strength is held.
    pub pull: &'f dyn Fn(f64) -> f64,
}

/// The factors that a stage looks for, by number.
struct Unknowns<'f> {
    index: BTreeMap<Factor, usize>,
    pull: Vec<f64>,
    freedom: &'f Freedom<'f>,
}

impl Unknowns<'_> {
    fn from(&self, factor: &Factor) -> f64 {
        self.freedom.known.get(factor).copied().unwrap_or(0.0)
    }

    /// What is known of a parameter's factors in a replay, and the numbers of those that are looked for.
    fn of(&mut self, structure: &Structure, replay: &Replay<'_>) -> (f64, Vec<usize>) {
        let (mut sum, mut on) = (0.0, Vec::new());
        for (factor, strength) in structure.factors(replay) {
            sum += self.from(&factor);
            if (self.freedom.free)(&factor) {
                let next = self.index.len();
                let at = *self.index.entry(factor).or_insert(next);
                if at == self.pull.len() {
                    self.pull.push((self.freedom.pull)(strength));
                }
                on.push(at);
            }
        }
        (sum, on)
    }
}

/// Fits the factors of a stage that are free to its rows, each of which counts its weight.
pub(super) fn fit_stage(
    stage: Stage,
    rows: &[&Replay<'_>],
    weights: &[f64],
    freedom: &Freedom<'_>,
) -> HashMap<Factor, f64> {
    let mut unknowns = Unknowns { index: BTreeMap::new(), pull: Vec::new(), freedom };
    let mut seen = Vec::with_capacity(rows.len());
    for (replay, weight) in rows.iter().zip(weights.iter().copied()) {
        let mut case = replay.case;
        set_fixed(&mut case, replay, stage, freedom.known);
        let mut slots = Vec::new();
        for structure in STRUCTURE.iter().filter(|s| s.stage == stage && s.matters(&case)) {
            let (sum, on) = unknowns.of(structure, replay);
            slots.push((structure, sum, on));
        }
        let mut depends: Vec<usize> = slots.iter().flat_map(|(_, _, on)| on.iter().copied()).collect();
        depends.sort_unstable();
        depends.dedup();
        let (target, spread) = (libm::log(replay.row.tok_s), stage.spread());
        seen.push(Seen { case, kind: replay.kind, slots, depends, target, spread, weight });
    }
    let solved = solve(&seen, &unknowns.pull);
    let found = unknowns.index.iter().filter_map(|(factor, at)| {
        let moved = solved.get(*at)?;
        Some((factor.clone(), unknowns.from(factor) + moved))
    });
    found.collect()
}

/// Puts the values of other stages into a case.
fn set_fixed(case: &mut EstimateInputs<'_>, replay: &Replay<'_>, stage: Stage, fixed: &HashMap<Factor, f64>) {
    for structure in STRUCTURE.iter().filter(|structure| structure.stage != stage) {
        let sum: f64 = structure.factors(replay).iter().filter_map(|(factor, _)| fixed.get(factor)).sum();
        if let Some(value) = slot(case, structure.parameter) {
            *value = structure.value(sum);
        }
    }
}

/// How far a tier is trusted beside the best.
fn trust(tier: Tier) -> f64 {
    match tier {
        Tier::A => 1.0,
        Tier::B => 0.64,
        Tier::C => 0.25,
    }
}

/// How much each row counts: many rows of one source about one model count as their square root.
pub(super) fn weights(rows: &[&Replay<'_>]) -> Vec<f64> {
    let mut crowd: HashMap<(&str, &str), f64> = HashMap::new();
    for replay in rows {
        *crowd.entry((&replay.row.source, &replay.row.model)).or_default() += 1.0;
    }
    rows.iter()
        .map(|replay| {
            let crowd = crowd.get(&(replay.row.source.as_str(), replay.row.model.as_str())).copied().unwrap_or(1.0);
            trust(replay.row.tier) / crowd
        })
        .collect()
}

/// Rows of data from factors: for each parameter one for all machines, then the more specific ones that measurements
/// speak about.
pub(super) fn data(replays: &[Replay<'_>], factors: &HashMap<Factor, f64>) -> Vec<EfficiencyRow> {
    let mut rows = Vec::new();
    for structure in STRUCTURE {
        let of_stage: Vec<Judged<'_, '_>> = replays
            .iter()
            .filter(|replay| structure.stage.holds(replay.kind) && structure.matters(&replay.case))
            .map(|replay| (replay, measured_over_predicted(replay, factors)))
            .collect();
        rows.extend(parameter_rows(structure, &of_stage, factors));
    }
    rows
}

/// A replay with measured over predicted.
type Judged<'r, 'c> = (&'r Replay<'c>, f64);

/// Measured over what the factors predict.
pub(super) fn measured_over_predicted(replay: &Replay<'_>, factors: &HashMap<Factor, f64>) -> f64 {
    let mut case = replay.case;
    for stage in Stage::ALL {
        // Every stage but one at a time is set; three of them set all.
        set_fixed(&mut case, replay, stage, factors);
    }
    predict(&case, replay.kind).map_or(1.0, |predicted| replay.row.tok_s / predicted.expected)
}

fn parameter_rows(
    structure: &Structure,
    replays: &[Judged<'_, '_>],
    factors: &HashMap<Factor, f64>,
) -> Vec<EfficiencyRow> {
    // The key of a row: family, runtime, class. The product of the factors up to a term holds for the term's key.
    let mut found: BTreeMap<(String, String, String), (f64, Vec<f64>)> = BTreeMap::new();
    let nobody = (String::new(), String::new(), String::new());
    found.insert(nobody.clone(), (structure.start, Vec::new()));
    for (replay, ratio) in replays {
        let mut sum = 0.0;
        let mut touched: BTreeSet<(String, String, String)> = BTreeSet::from([nobody.clone()]);
        for (factor, _) in structure.factors(replay) {
            sum += factors.get(&factor).copied().unwrap_or(0.0);
            let value = structure.value(sum);
            let key = match factor.term {
                Term::Global => nobody.clone(),
                _ => (factor.family, factor.runtime, factor.class),
            };
            found.entry(key.clone()).or_insert((value, Vec::new())).0 = value;
            touched.insert(key);
        }
        for key in touched {
            if let Some((_, ratios)) = found.get_mut(&key) {
                ratios.push(*ratio);
            }
        }
    }
    found
        .into_iter()
        .filter(|(key, (_, ratios))| *key == nobody || ratios.len() >= FEWEST_ROWS)
        .map(|((family, runtime, class), (value, ratios))| {
            let rows = u32::try_from(ratios.len()).unwrap_or(u32::MAX);
            let (low, high) = structure.spread_of(ratios);
            let [low, typical, high] = [low, 1.0, high].map(|factor| round_significant(value * factor, 4));
            EfficiencyRow { parameter: structure.parameter, family, runtime, class, low, typical, high, rows }
        })
        .collect()
}

/// Bands from held-out predictions: by test, closeness of the evidence and class of model. Evidence further away never
/// has the narrower band.
#[must_use]
pub fn bands(held_out: &[HeldOut<'_>]) -> Vec<EfficiencyRow> {
    let mut rows = Vec::new();
    for (parameter, stage) in [
        (Parameter::DecodeBand, Stage::Decode),
        (Parameter::AggregateBand, Stage::Batch),
        (Parameter::PrefillBand, Stage::Prefill),
    ] {
        let all: Vec<&HeldOut<'_>> = held_out.iter().filter(|h| stage.holds(h.kind)).collect();
        let mut widest = EfficiencyRow { low: 1.0, high: 1.0, ..data_row(parameter, 1.0) };
        for level in [Level::Exact, Level::Family, Level::Global] {
            for class in ["dense", "moe"] {
                let own: Vec<&HeldOut<'_>> =
                    all.iter().copied().filter(|h| h.level == level && h.class == class).collect();
                let (low, high, count) = edges(if own.len() >= 20 { &own } else { &all }, stage.tail());
                let class = format!("{}/{class}", level.word());
                let (low, high) = match level {
                    Level::Exact => (low, high),
                    _ => (low.min(widest.low), high.max(widest.high)),
                };
                rows.push(EfficiencyRow { class, low, high, rows: count, ..data_row(parameter, 1.0) });
            }
            for row in &rows {
                if row.parameter == parameter {
                    widest.low = widest.low.min(row.low);
                    widest.high = widest.high.max(row.high);
                }
            }
        }
        let rows_behind = u32::try_from(all.len()).unwrap_or(u32::MAX);
        rows.push(EfficiencyRow { rows: rows_behind, ..widest });
    }
    rows
}

/// The `tail` and 1 − `tail` quantiles of measured over predicted, sources with many rows counted as in the fit.
fn edges(held_out: &[&HeldOut<'_>], tail: f64) -> (f64, f64, u32) {
    let mut crowd: HashMap<&str, f64> = HashMap::new();
    for h in held_out {
        *crowd.entry(h.row.source.as_str()).or_default() += 1.0;
    }
    let mut ratios: Vec<(f64, f64)> = held_out
        .iter()
        .map(|h| {
            let crowd = crowd.get(h.row.source.as_str()).copied().unwrap_or(1.0);
            (h.row.tok_s / h.expected, trust(h.row.tier) / crowd.sqrt())
        })
        .collect();
    ratios.sort_by(|a, b| a.0.total_cmp(&b.0));
    let total: f64 = ratios.iter().map(|(_, weight)| weight).sum();
    let at = |share: f64| {
        let mut sum = 0.0;
        let found = ratios.iter().find(|(_, weight)| {
            sum += weight;
            sum >= share * total
        });
        found.map_or(1.0, |(ratio, _)| *ratio)
    };
    let count = u32::try_from(held_out.len()).unwrap_or(u32::MAX);
    (round_significant(at(tail).min(1.0), 3), round_significant(at(1.0 - tail).max(1.0), 3), count)
}

/// The efficiencies as a catalog file, a line a row.
#[must_use]
pub fn to_ron(efficiency: &Efficiency) -> String {
    let quoted: Vec<String> = efficiency.source.iter().map(|id| format!("{id:?}")).collect();
    let date = efficiency.date.map_or(String::new(), |date| format!("        date: \"{date}\",\n"));
    let mut text = format!(
        "// How much of a specification software reaches: fitted from measurements.ron by `whichbox fit`, not by hand.\n\
         // The most specific row wins, family before runtime before class. Overheads and starts are in seconds. Bands are\n\
         // measured over predicted where the source was left out of the fit, without the rarest few percent.\n\
         Catalog(\n    efficiency: (\n        source: [{}],\n{date}        rows: [\n",
        quoted.join(", ")
    );
    let mut rows: Vec<&EfficiencyRow> = efficiency.rows().iter().collect();
    rows.sort_by_key(|row| row.subject());
    for row in rows {
        text.push_str("            ");
        text.push_str(&row_text(row));
        text.push_str(",\n");
    }
    text.push_str("        ],\n    ),\n)\n");
    text
}

fn row_text(row: &EfficiencyRow) -> String {
    let mut text = format!("(parameter: {:?}", row.parameter);
    for (name, value) in [("family", &row.family), ("runtime", &row.runtime), ("class", &row.class)] {
        if !value.is_empty() {
            text = format!("{text}, {name}: {value:?}");
        }
    }
    let EfficiencyRow { low, typical, high, rows, .. } = row;
    format!("{text}, low: {low}, typical: {typical}, high: {high}, rows: {rows})")
}
