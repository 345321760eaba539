//! The map of winners: the winning machine at each pair of values of two inputs, with all other inputs unchanged.
//!
//! A cell is sure if the same machine wins for all speeds within their bands: the winner passes with the slow end of
//! its band, and no cheaper machine passes with the fast end of its band.

use rayon::prelude::*;

use super::{AnswerError, candidates, decisive_waiting, default_min_speed, estimate_machines, limits, load};
use crate::model::catalog::Catalog;
use crate::model::estimate::case::EstimateInputs;
use crate::model::estimate::estimate;
use crate::model::estimate::figures::Estimate;
use crate::model::estimate::verdict::{Candidate, Contest, Limits};
use crate::model::scenario::knob::{Knob, knob};
use crate::model::scenario::{FormatChoice, Scenario};
use crate::model::units::{Unit, log_place, round_significant};

/// An input along one axis of a map, on a logarithmic scale.
#[derive(Debug, PartialEq)]
pub struct MapAxis {
    /// The knob that sets it.
    pub knob: &'static str,
    /// Its label.
    pub label: &'static str,
    /// The unit of its values.
    pub unit: Unit,
    /// The values at its ends.
    pub ends: (f64, f64),
    /// True if the input changes only the load, no property of a machine.
    load: bool,
}

/// The inputs that an axis of a map can have.
pub static MAP_AXES: [MapAxis; 7] = [
    MapAxis { knob: "model", label: "model size", unit: Unit::Parameters, ends: (1e9, 1e12), load: false },
    MapAxis { knob: "concurrency", label: "streams", unit: Unit::Count, ends: (1.0, 256.0), load: true },
    MapAxis { knob: "context", label: "context", unit: Unit::Tokens, ends: (1024.0, 1_048_576.0), load: true },
    MapAxis { knob: "prompt", label: "prompt", unit: Unit::Tokens, ends: (128.0, 131_072.0), load: true },
    MapAxis { knob: "sparsity", label: "active share", unit: Unit::Share, ends: (0.01, 1.0), load: false },
    MapAxis { knob: "budget", label: "budget", unit: Unit::Usd, ends: (1000.0, 20_000.0), load: false },
    MapAxis { knob: "min-tok-s", label: "least speed", unit: Unit::TokensPerSecond, ends: (1.0, 300.0), load: false },
];

impl MapAxis {
    /// Returns the knob of the axis.
    fn dial(&self) -> Option<&'static Knob> {
        knob(self.knob).ok()
    }

    /// Returns the value at a position on the axis, 0..=1.
    #[must_use]
    pub fn value(&self, place: f64) -> f64 {
        self.ends.0 * libm::pow(self.ends.1 / self.ends.0, place.clamp(0.0, 1.0))
    }

    /// Returns the position of a value: 0..=1 on the axis, beyond that outside its ends.
    #[must_use]
    pub fn place(&self, value: f64) -> f64 {
        log_place(value, self.ends)
    }

    /// Returns the position of a scenario on the axis; `None` if the input is not set.
    #[must_use]
    pub fn place_of(&self, catalog: &Catalog, scenario: &Scenario) -> Option<f64> {
        let value = self.dial()?.read(scenario, catalog).value?;
        (value > 0.0).then(|| self.place(value))
    }

    /// Sets the input of a scenario to the value at a position; returns false if it cannot be set.
    pub fn put(&self, catalog: &Catalog, scenario: &mut Scenario, place: f64) -> bool {
        let value = self.value(place);
        let value = match self.unit {
            Unit::Count | Unit::Tokens | Unit::Usd => value.round(),
            _ => round_significant(value, 3),
        };
        self.dial().is_some_and(|dial| dial.overwrite(scenario, catalog, &value.to_string()).is_ok())
    }
}

/// One cell of a map.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MapCell {
    /// Index of the winner among the machines; `None` if no machine passes.
    pub winner: Option<usize>,
    /// True if the winner is the same for all speeds within their bands.
    pub sure: bool,
}

/// The winner in each cell of two inputs.
#[derive(Clone, Debug, PartialEq)]
pub struct WinnerMap {
    /// The inputs from left to right and from bottom to top.
    pub axes: [&'static MapAxis; 2],
    /// The cells, row by row from the bottom.
    cells: Vec<MapCell>,
}

/// Number of columns.
pub const MAP_COLUMNS: usize = 54;
/// Number of rows.
pub const MAP_ROWS: usize = 36;

impl WinnerMap {
    /// Computes a map. With a `step` above 1, blocks of `step` by `step` cells are computed once, at their middle.
    #[must_use]
    pub fn of(catalog: &Catalog, scenario: &Scenario, axes: [&'static MapAxis; 2], step: usize) -> Self {
        // Machines do not change along an input of the load, so such an input is the inner one of each line.
        let transposed = axes[0].load && !axes[1].load;
        let (outer, inner) = if transposed { (1, 0) } else { (0, 1) };
        let sizes = [MAP_COLUMNS, MAP_ROWS];
        let lines: Vec<Vec<MapCell>> = (0..sizes[outer].div_ceil(step))
            .into_par_iter()
            .map_with(scenario.clone(), |there, at| {
                let place = middle(at * step, step, sizes[outer]);
                let wanted = sizes[inner].div_ceil(step);
                if !axes[outer].put(catalog, there, place) {
                    there.clone_from(scenario);
                    return vec![MapCell::default(); wanted];
                }
                let places = (0..wanted).map(|at| middle(at * step, step, sizes[inner]));
                line(catalog, there, axes[inner], places).unwrap_or_else(|_| vec![MapCell::default(); wanted])
            })
            .collect();
        let cell = |column: usize, row: usize| {
            let (line, at) = if transposed { (row, column) } else { (column, row) };
            lines.get(line / step).and_then(|line| line.get(at / step)).copied().unwrap_or_default()
        };
        let cells = (0..MAP_ROWS).flat_map(|row| (0..MAP_COLUMNS).map(move |column| (column, row)));
        Self { axes, cells: cells.map(|(column, row)| cell(column, row)).collect() }
    }

    /// Returns the cell at a position on both axes, 0..=1 each.
    #[must_use]
    pub fn at(&self, x: f64, y: f64) -> MapCell {
        let index = |place: f64, count: usize| ((place * count as f64) as usize).min(count - 1);
        self.cells[index(y, MAP_ROWS) * MAP_COLUMNS + index(x, MAP_COLUMNS)]
    }
}

/// Returns the position of the middle of `step` cells from `at` on, 0..=1.
fn middle(at: usize, step: usize, count: usize) -> f64 {
    let last = (at + step).min(count);
    (at + last) as f64 / 2.0 / count as f64
}

/// Returns the cells of a line: the inner input at each of `places`, all other inputs as in `there`.
fn line(
    catalog: &Catalog,
    there: &Scenario,
    inner: &MapAxis,
    places: impl Iterator<Item = f64>,
) -> Result<Vec<MapCell>, AnswerError> {
    let machines = estimate_machines(catalog, there)?;
    let mut known = candidates(catalog, there, &machines);
    let inputs: Option<Vec<EstimateInputs<'_>>> =
        machines.iter().map(|answer| answer.case(catalog, there).ok()).collect();
    // Under another load, the best format of a machine may be another one.
    let inputs = inputs.filter(|_| inner.load && there.format != FormatChoice::Best);
    let least = default_min_speed(catalog);
    let mut row = there.clone();
    let mut estimates: Vec<Option<Estimate<f64>>> = Vec::with_capacity(known.len());
    let mut cells = Vec::new();
    for place in places {
        if !inner.put(catalog, &mut row, place) {
            row.clone_from(there);
            cells.push(MapCell::default());
            continue;
        }
        estimates.clear();
        if let Some(inputs) = &inputs {
            let load = load(catalog, &row);
            let limits = limits(&row);
            let wanted = limits.clone().with_default_speed(least).min_tok_s;
            for (inputs, candidate) in inputs.iter().zip(&mut known) {
                let case = inputs.under(&load);
                let numbers = estimate(&case);
                candidate.waiting = decisive_waiting(&row, &case, &numbers, wanted);
                estimates.push(Some(numbers));
            }
            cells.push(judge(&known, &estimates, &limits, least));
        } else {
            let machines = estimate_machines(catalog, &row)?;
            estimates.extend(machines.iter().map(|answer| answer.estimate));
            cells.push(judge(&candidates(catalog, &row, &machines), &estimates, &limits(&row), least));
        }
    }
    Ok(cells)
}

/// Returns the winner among candidates with these estimates. It is sure if it wins for all speeds within their bands.
fn judge(candidates: &[Candidate<'_>], estimates: &[Option<Estimate<f64>>], limits: &Limits, least: f64) -> MapCell {
    let mut contest = Contest::new(limits, least);
    for (candidate, estimate) in candidates.iter().zip(estimates) {
        contest.enter(&Candidate { estimate: estimate.as_ref(), ..candidate.clone() });
    }
    let winner = contest.winner();
    let passes = |at: usize, end: fn(&Estimate<f64>) -> Estimate<f64>| {
        let Some((candidate, Some(estimate))) = candidates.get(at).zip(estimates.get(at)) else { return false };
        let mut alone = Contest::new(limits, least);
        alone.enter(&Candidate { estimate: Some(&end(estimate)), ..candidate.clone() });
        alone.winner().is_some()
    };
    let price = |at: usize| candidates.get(at).and_then(|it| it.price).map_or(f64::INFINITY, |price| price.usd);
    let threatens = |at: usize| winner.is_none_or(|winner| at != winner && price(at) < price(winner));
    let sure = winner.is_none_or(|winner| passes(winner, slowest))
        && !(0..candidates.len()).any(|at| threatens(at) && passes(at, fastest));
    MapCell { winner, sure }
}

/// Returns the estimate with the slow ends of its bands as expected values.
fn slowest(estimate: &Estimate<f64>) -> Estimate<f64> {
    at_ends(estimate, |speed| speed.low, |time| time.high)
}

/// Returns the estimate with the fast ends of its bands as expected values.
fn fastest(estimate: &Estimate<f64>) -> Estimate<f64> {
    at_ends(estimate, |speed| speed.high, |time| time.low)
}

use crate::model::estimate::figures::Band;

fn at_ends(estimate: &Estimate<f64>, speed: fn(&Band<f64>) -> f64, time: fn(&Band<f64>) -> f64) -> Estimate<f64> {
    let mut end = *estimate;
    if let Some(speeds) = &mut end.decode.speeds {
        speeds.each.expected = speed(&speeds.each);
    }
    if let Some(prefill) = &mut end.prefill {
        prefill.ttft.expected = time(&prefill.ttft);
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::answer::answer_scenario;
    use crate::model::scenario::from_str;

    fn catalog() -> Catalog {
        Catalog::builtin().unwrap_or_else(|error| panic!("{error}"))
    }

    fn scenario(fields: &str) -> Scenario {
        from_str("test", &format!("(schema: 1, {fields})")).unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn a_cell_names_the_winner_that_the_verdict_names_there() {
        let catalog = catalog();
        for (fields, axes) in [
            ("", [0, 1]),
            ("", [1, 0]),
            ("model: Catalog(\"gpt-oss-120b\"), limits: (budget_usd: 9000)", [2, 4]),
            ("model: Catalog(\"llama-3.3-70b\")", [5, 6]),
        ] {
            let scenario = scenario(fields);
            let axes = axes.map(|at: usize| &MAP_AXES[at]);
            let map = WinnerMap::of(&catalog, &scenario, axes, 1);
            // At (39, 30) only a few streams fit at once, and the others wait.
            for (column, row) in [(0, 0), (10, 3), (27, 18), (40, 5), (39, 30), (53, 35)] {
                let mut there = scenario.clone();
                let place = |at: usize, count: usize| middle(at, 1, count);
                let (x, y) = (place(column, MAP_COLUMNS), place(row, MAP_ROWS));
                assert!(axes[0].put(&catalog, &mut there, x) && axes[1].put(&catalog, &mut there, y));
                let answers = answer_scenario(&catalog, &there).unwrap_or_else(|error| panic!("{error}"));
                assert_eq!(map.at(x, y).winner, answers.verdict.winner, "{fields} at {column}, {row}");
            }
        }
    }

    #[test]
    fn a_band_over_the_border_makes_a_cell_unsure_and_a_coarse_map_agrees_with_a_fine_one() {
        let (catalog, scenario) = (catalog(), scenario(""));
        let axes = [&MAP_AXES[0], &MAP_AXES[1]];
        let fine = WinnerMap::of(&catalog, &scenario, axes, 1);
        let sure = fine.cells.iter().filter(|cell| cell.sure).count();
        assert!(sure > fine.cells.len() / 4 && sure < fine.cells.len(), "{sure} of {}", fine.cells.len());
        // Speeds change gradually, so some cells at their borders are unsure; a border where memory ends is sharp.
        let rows = fine.cells.chunks(MAP_COLUMNS);
        let borders = rows.flat_map(|row| row.windows(2)).filter(|pair| pair[0].winner != pair[1].winner);
        assert!(borders.into_iter().any(|pair| !pair[0].sure || !pair[1].sure), "no border is unsure");
        let coarse = WinnerMap::of(&catalog, &scenario, axes, 3);
        let same = fine.cells.iter().zip(&coarse.cells).filter(|(a, b)| a.winner == b.winner).count();
        assert!(same * 10 > fine.cells.len() * 8, "{same} of {} agree", fine.cells.len());
    }
}
