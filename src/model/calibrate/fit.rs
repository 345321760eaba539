//! Fitting the efficiencies to the catalog's measurements, with bands for their reliability.
//!
//! Stage by stage (decode, prefill, batches) the factors of `structure` are fitted to the logarithm of measured over
//! predicted. A configuration of a source counts once for any number of rows, and hearsay counts less than a repeatable
//! run. The bands come from predicting each source by a fit without it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::bands::{HeldOut, bands, held_out};
use super::replay::{Kind, Replay, predict, replay};
use super::solve::{Observation, solve};
use super::structure::{Factor, STRUCTURE, Stage, Structure, data_row, slot};
use crate::model::catalog::Catalog;
use crate::model::estimate::case::EstimateInputs;
use crate::model::facts::{Efficiency, EfficiencyRow, Kernel, Measurement, Parameter, Tier};
use crate::model::units::round_significant;

/// The fewest measurements that give an efficiency row of its own.
const FEWEST_ROWS: usize = 3;
/// The deviation of a factor of strength 1 (natural logarithm) that costs as much as a residual of one spread.
pub(super) const FACTOR_SPREAD: f64 = 0.2;

/// Returns efficiencies that are fitted to the measurements for which `keep` returns true, with the given bands.
#[must_use]
pub fn fit(catalog: &Catalog, keep: &dyn Fn(&Measurement) -> bool, bands: Vec<EfficiencyRow>) -> Efficiency {
    let start = starting(catalog);
    let replays = replays(catalog, &start, keep);
    let factors = all_factors(&replays.iter().collect::<Vec<_>>());
    efficiency(catalog, &replays, &factors, bands)
}

fn efficiency(
    catalog: &Catalog,
    replays: &[Replay<'_>],
    factors: &HashMap<Factor, f64>,
    bands: Vec<EfficiencyRow>,
) -> Efficiency {
    let mut rows = data(replays, factors);
    rows.extend(bands);
    catalog.efficiency.with_rows(catalog.efficiency.source.clone(), catalog.efficiency.date, rows)
}

pub(super) fn replays<'r, 'c: 'r>(
    catalog: &'c Catalog,
    start: &'r Efficiency,
    keep: &dyn Fn(&Measurement) -> bool,
) -> Vec<Replay<'r>> {
    let kept = catalog.measurements().iter().filter(|row| keep(row));
    kept.filter_map(|row| replay(catalog, start, row).ok()).collect()
}

/// Returns all factors, fitted to the rows stage by stage.
pub(super) fn all_factors(replays: &[&Replay<'_>]) -> HashMap<Factor, f64> {
    factors_of(&|_| true, replays, HashMap::new())
}

/// Returns `factors` with those of the stages `which` refitted to the rows, starting from their present values.
pub(super) fn factors_of(
    which: &dyn Fn(Stage) -> bool,
    replays: &[&Replay<'_>],
    mut factors: HashMap<Factor, f64>,
) -> HashMap<Factor, f64> {
    for stage in Stage::ORDER.into_iter().filter(|stage| which(*stage)) {
        let rows: Vec<&Replay<'_>> = replays.iter().copied().filter(|replay| stage.holds(replay.kind)).collect();
        let freedom = Freedom {
            known: &HashMap::new(),
            others: &factors,
            free: &|_| true,
            pull: &|strength| strength / FACTOR_SPREAD,
        };
        let found = fit_stage(stage, &rows, &weights(&rows), &freedom);
        factors.retain(|factor, _| !stage.fits(factor.parameter));
        factors.extend(found);
    }
    factors
}

/// Returns the rows to which a stage is fitted.
pub(super) fn of_stage<'r, 'c>(stage: Stage, replays: &'r [Replay<'c>]) -> Vec<&'r Replay<'c>> {
    replays.iter().filter(|replay| stage.holds(replay.kind)).collect()
}

/// Returns efficiencies that are fitted to all measurements, with bands from held-out predictions.
#[must_use]
pub fn refit(catalog: &Catalog) -> Efficiency {
    let efficiency = fit(catalog, &|_| true, wide_bands());
    with_bands(efficiency, &held_out(catalog))
}

/// Replaces the bands by those of held-out predictions.
#[must_use]
pub fn with_bands(mut efficiency: Efficiency, held_out: &[HeldOut<'_>]) -> Efficiency {
    let bands = bands(held_out);
    efficiency.edit(|rows| {
        rows.retain(|row| !is_band(row.parameter));
        rows.extend(bands);
    });
    efficiency
}

fn is_band(parameter: Parameter) -> bool {
    matches!(parameter, Parameter::DecodeBand | Parameter::AggregateBand | Parameter::PrefillBand)
}

/// Returns the efficiencies at which a fit starts.
pub(super) fn starting(catalog: &Catalog) -> Efficiency {
    let mut rows: Vec<EfficiencyRow> = STRUCTURE.iter().map(|s| data_row(s.parameter, s.start)).collect();
    rows.extend(wide_bands());
    catalog.efficiency.with_rows(Vec::new(), None, rows)
}

/// Returns placeholder bands for use before bands are known: half to double.
pub(super) fn wide_bands() -> Vec<EfficiencyRow> {
    let band = |parameter| EfficiencyRow { low: 0.5, high: 2.0, ..data_row(parameter, 1.0) };
    [Parameter::DecodeBand, Parameter::AggregateBand, Parameter::PrefillBand].map(band).to_vec()
}

/// A measurement in the form that the solver needs.
struct FitRow<'c> {
    case: EstimateInputs<'c>,
    kind: Kind,
    /// Parameters, each with the sum of its known factors' logarithms and the indices of the unknowns that multiply it.
    slots: Vec<(&'static Structure, f64, Vec<usize>)>,
    depends: Vec<usize>,
    target: f64,
    spread: f64,
    weight: f64,
}

impl Observation for FitRow<'_> {
    fn residual(&self, unknowns: &[f64]) -> f64 {
        let mut case = self.case;
        for (structure, known, on) in &self.slots {
            let sum: f64 = known + on.iter().filter_map(|at| unknowns.get(*at)).sum::<f64>();
            if let Some(value) = slot(&mut case, structure.parameter) {
                *value = structure.value(sum);
            }
        }
        let predicted = predict(&case, self.kind).unwrap_or(f64::MIN_POSITIVE);
        (libm::log(predicted) - self.target) / self.spread
    }

    fn depends(&self) -> &[usize] {
        &self.depends
    }

    fn weight(&self) -> f64 {
        self.weight
    }
}

/// The factors that a fit may change, their starting values, and the strength of the pull towards known values.
pub(super) struct Freedom<'f> {
    /// Values towards which factors are pulled.
    pub known: &'f HashMap<Factor, f64>,
    /// Factors of other stages, and the starting values of this stage's factors.
    pub others: &'f HashMap<Factor, f64>,
    /// Returns true if the fit may change a factor.
    pub free: &'f dyn Fn(&Factor) -> bool,
    /// Returns the pull on a factor for a given strength.
    pub pull: &'f dyn Fn(f64) -> f64,
}

/// The factors that a stage fits, by index.
struct Unknowns<'f> {
    index: BTreeMap<Factor, usize>,
    pull: Vec<f64>,
    freedom: &'f Freedom<'f>,
}

impl Unknowns<'_> {
    fn from(&self, factor: &Factor) -> f64 {
        self.freedom.known.get(factor).copied().unwrap_or(0.0)
    }

    /// Returns the sum of the known logarithms of a parameter's factors in a replay, and the indices of those to be
    /// fitted.
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

/// Returns the free factors of a stage, fitted to its rows with these weights.
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
        set_fixed(&mut case, replay, stage, freedom.others);
        let mut slots = Vec::new();
        for structure in STRUCTURE.iter().filter(|s| s.stage == stage && s.matters(&case)) {
            let (sum, on) = unknowns.of(structure, replay);
            slots.push((structure, sum, on));
        }
        let mut depends: Vec<usize> = slots.iter().flat_map(|(_, _, on)| on.iter().copied()).collect();
        depends.sort_unstable();
        depends.dedup();
        let (target, spread) = (libm::log(replay.row.tok_s), stage.spread());
        seen.push(FitRow { case, kind: replay.kind, slots, depends, target, spread, weight });
    }
    let mut start = vec![0.0; unknowns.pull.len()];
    for (factor, at) in &unknowns.index {
        let begin = freedom.others.get(factor).map_or(0.0, |there| there - unknowns.from(factor));
        if let Some(value) = start.get_mut(*at) {
            *value = begin;
        }
    }
    let solved = solve(&seen, &unknowns.pull, start);
    let found = unknowns.index.iter().filter_map(|(factor, at)| {
        let moved = solved.get(*at)?;
        Some((factor.clone(), unknowns.from(factor) + moved))
    });
    found.collect()
}

/// Sets the parameters of all other stages in a case from their factors.
fn set_fixed(case: &mut EstimateInputs<'_>, replay: &Replay<'_>, stage: Stage, fixed: &HashMap<Factor, f64>) {
    for structure in STRUCTURE.iter().filter(|structure| structure.stage != stage) {
        let sum: f64 = structure.factors(replay).iter().filter_map(|(factor, _)| fixed.get(factor)).sum();
        if let Some(value) = slot(case, structure.parameter) {
            *value = structure.value(sum);
        }
    }
}

/// Returns the weight of a measurement by its tier of trust; the best has 1.
pub(super) fn trust(tier: Tier) -> f64 {
    match tier {
        Tier::A => 1.0,
        Tier::B => 0.64,
        Tier::C => 0.25,
    }
}

/// Factor on the weight of a row that states neither prompt nor context, since its share of prefill is unknown.
const VAGUE: f64 = 0.15;
/// Factor on the weight of a row that its own data set marks as doubtful.
const DOUBTED: f64 = 0.5;

/// A configuration: a repository, its machine, model, format and runtime, and the test. Its rows share unstated
/// conditions.
pub(super) type Configuration<'r> = (&'r str, [&'r str; 4], &'static str);

pub(super) fn configuration<'r>(replay: &Replay<'r>) -> Configuration<'r> {
    let row = replay.row;
    (replay.repository, [&row.machine, &row.model, &row.format, &row.runtime], replay.kind.test())
}

/// Returns the weight of each row; the rows of a configuration share the weight of one.
pub(super) fn weights(rows: &[&Replay<'_>]) -> Vec<f64> {
    let mut row_counts: HashMap<Configuration<'_>, f64> = HashMap::new();
    for replay in rows {
        *row_counts.entry(configuration(replay)).or_default() += 1.0;
    }
    rows.iter()
        .map(|replay| {
            let row = replay.row;
            let row_count = row_counts.get(&configuration(replay)).copied().unwrap_or(1.0);
            let vague = row.prompt.is_none() && row.context.is_none() && replay.kind != Kind::Decode;
            let stated = if vague { VAGUE } else { 1.0 };
            let doubted = if row.doubts.is_empty() { 1.0 } else { DOUBTED };
            trust(row.tier) * stated * doubted / row_count
        })
        .collect()
}

/// Returns efficiency rows from factors: for each parameter one for all machines, then the more specific ones that have
/// measurements.
pub(super) fn data(replays: &[Replay<'_>], factors: &HashMap<Factor, f64>) -> Vec<EfficiencyRow> {
    let mut rows = Vec::new();
    for structure in STRUCTURE {
        let of_stage: Vec<ReplayRatio<'_, '_>> = replays
            .iter()
            .filter(|replay| structure.stage.holds(replay.kind) && structure.matters(&replay.case))
            .map(|replay| (replay, measured_over_predicted(replay, factors)))
            .collect();
        rows.extend(parameter_rows(structure, &of_stage, factors));
    }
    rows
}

/// A replay with the ratio of measured over predicted.
type ReplayRatio<'r, 'c> = (&'r Replay<'c>, f64);

/// Returns measured over predicted, where the factors determine the prediction.
pub(super) fn measured_over_predicted(replay: &Replay<'_>, factors: &HashMap<Factor, f64>) -> f64 {
    let mut case = replay.case;
    for stage in Stage::ALL {
        // Each call sets the parameters of all stages but one; three calls set all of them.
        set_fixed(&mut case, replay, stage, factors);
    }
    predict(&case, replay.kind).map_or(1.0, |predicted| replay.row.tok_s / predicted)
}

/// The subject of an efficiency row: vendor, family, runtime and class.
type Key = [String; 4];

/// The value of an efficiency row with its evidence: ratios of measured over predicted, and sources.
#[derive(Default)]
struct Evidence<'r> {
    value: f64,
    ratios: Vec<f64>,
    sources: BTreeSet<&'r str>,
}

fn parameter_rows(
    structure: &Structure,
    replays: &[ReplayRatio<'_, '_>],
    factors: &HashMap<Factor, f64>,
) -> Vec<EfficiencyRow> {
    // The product of the factors up to a term is the value for the term's key.
    let mut found: BTreeMap<Key, Evidence<'_>> = BTreeMap::new();
    let general = Key::default();
    found.insert(general.clone(), Evidence { value: structure.start, ..Evidence::default() });
    for (replay, ratio) in replays {
        let mut sum = 0.0;
        let mut touched: BTreeSet<Key> = BTreeSet::from([general.clone()]);
        for (factor, _) in structure.factors(replay) {
            sum += factors.get(&factor).copied().unwrap_or(0.0);
            let key = [factor.vendor, factor.family, factor.runtime, factor.class];
            found.entry(key.clone()).or_default().value = structure.value(sum);
            touched.insert(key);
        }
        for key in touched {
            if let Some(behind) = found.get_mut(&key) {
                behind.ratios.push(*ratio);
                behind.sources.insert(replay.repository);
            }
        }
    }
    found
        .into_iter()
        .filter(|(key, behind)| *key == general || behind.ratios.len() >= FEWEST_ROWS)
        .map(|([vendor, family, runtime, class], Evidence { value, ratios, sources })| {
            let count = |many: usize| u32::try_from(many).unwrap_or(u32::MAX);
            let (rows, sources) = (count(ratios.len()), count(sources.len()));
            let (low, high) = structure.spread_of(ratios);
            let [low, typical, high] = [low, 1.0, high].map(|factor| round_significant(value * factor, 4));
            let parameter = structure.parameter;
            EfficiencyRow { parameter, vendor, family, runtime, class, low, typical, high, rows, sources }
        })
        .collect()
}

/// Returns the efficiencies as the text of a catalog file with one line per row.
#[must_use]
pub fn to_ron(efficiency: &Efficiency) -> String {
    let quoted: Vec<String> = efficiency.source.iter().map(|id| format!("{id:?}")).collect();
    let date = efficiency.date.map_or(String::new(), |date| format!("        date: \"{date}\",\n"));
    let mut text = format!(
        "// How much of a specification software reaches: fitted from measurements.ron by `whichbox fit`, not by hand.\n\
         // The most specific row wins, family before vendor before runtime before class. Overheads and starts are in seconds.\n\
         // Bands are measured over predicted by a fit without the source, 5th and 95th percentile; their class is the number\n\
         // of sources of the family with the runtime, and the kind of model. `vendors` and `kernels` are kept by a refit.\n\
         Catalog(\n    efficiency: (\n        source: [{}],\n{date}{}        rows: [\n",
        quoted.join(", "),
        written_tables(efficiency)
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
    for (name, value) in
        [("vendor", &row.vendor), ("family", &row.family), ("runtime", &row.runtime), ("class", &row.class)]
    {
        if !value.is_empty() {
            text = format!("{text}, {name}: {value:?}");
        }
    }
    let EfficiencyRow { low, typical, high, rows, sources, .. } = row;
    format!("{text}, low: {low}, typical: {typical}, high: {high}, rows: {rows}, sources: {sources})")
}

/// Returns vendors and kernels in the form of a catalog file.
fn written_tables(efficiency: &Efficiency) -> String {
    let mut text = "        vendors: [\n".to_owned();
    for vendor in &efficiency.vendors {
        let families: Vec<String> = vendor.families.iter().map(|family| format!("{family:?}")).collect();
        text = format!("{text}            (id: {:?}, families: [{}]),\n", vendor.id, families.join(", "));
    }
    text.push_str("        ],\n        kernels: [\n");
    for Kernel { class, container, family, unit, path } in &efficiency.kernels {
        let container = container.map_or(String::new(), |container| format!(", container: Some({container:?})"));
        let family = if family.is_empty() { String::new() } else { format!(", family: {family:?}") };
        text = format!("{text}            (class: {class:?}{container}{family}, unit: {unit:?}, path: {path:?}),\n");
    }
    text.push_str("        ],\n");
    text
}
