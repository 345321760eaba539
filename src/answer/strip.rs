//! Which box wins at each stop of a knob, all else equal: what paints the sliders' tracks.

use rayon::prelude::*;

use super::{NoAnswer, numbers, winning};
use crate::catalog::Catalog;
use crate::scenario::Scenario;
use crate::scenario::knob::Knob;

/// Stops that are not worth another thread.
const FEW: usize = 4;

/// Who wins at one stop of a knob.
#[derive(Clone, Debug, PartialEq)]
pub struct Stretch {
    /// Position on the knob, 0..=1.
    pub at: f64,
    /// What is typed to get there.
    pub typed: String,
    /// The winner's place among the scenario's machines; `None` where no machine passes.
    pub winner: Option<usize>,
}

/// The winner of a scenario by its place; `None` where no machine passes.
///
/// # Errors
/// [`NoAnswer`] where the scenario names what the catalog does not have.
pub fn winner(catalog: &Catalog, scenario: &Scenario) -> Result<Option<usize>, NoAnswer> {
    Ok(winning(catalog, scenario, &numbers(catalog, scenario)?))
}

/// Who wins at each stop of `knob`, from left to right. A stop that cannot be answered is won by nobody.
#[must_use]
pub fn strip(catalog: &Catalog, scenario: &Scenario, knob: &Knob) -> Vec<Stretch> {
    // Each stop is a question of its own: all cores answer, and the person sees the strip in the same frame as the rest.
    let stops = knob.stops(scenario, catalog).into_par_iter().with_min_len(FEW);
    stops
        .map_with(scenario.clone(), |there, stop| {
            let winner = if knob.overwrite(there, catalog, &stop.typed).is_ok() {
                winner(catalog, there).ok().flatten()
            } else {
                there.clone_from(scenario);
                None
            };
            Stretch { at: stop.at, typed: stop.typed, winner }
        })
        .collect()
}
