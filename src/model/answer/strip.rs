//! The winner at each stop of a knob, all else equal: the colours of the sliders' tracks.

use rayon::prelude::*;

use super::Neighborhood;
use crate::model::scenario::knob::Knob;

/// Stops that are not worth another thread.
const FEW: usize = 4;

/// The winner at one stop of a knob.
#[derive(Clone, Debug, PartialEq)]
pub struct StopWinner {
    /// Position on the knob, 0..=1.
    pub at: f64,
    /// The text that is typed to get there.
    pub typed: String,
    /// The winner's place among the scenario's machines; `None` where no machine passes.
    pub winner: Option<usize>,
}

impl Neighborhood<'_, '_> {
    /// Returns the winner at each stop of `knob`, from left to right. A stop that cannot be answered has no winner.
    #[must_use]
    pub fn strip(&self, knob: &Knob) -> Vec<StopWinner> {
        // Each stop is a question of its own: all cores answer, so that the strip is in the same frame as the rest.
        let stops = knob.stops(self.scenario, self.catalog).into_par_iter().with_min_len(FEW);
        stops
            .map_with(self.scenario.clone(), |there, stop| {
                let winner = if knob.overwrite(there, self.catalog, &stop.typed).is_ok() {
                    self.winner_of(there).ok().flatten()
                } else {
                    there.clone_from(self.scenario);
                    None
                };
                StopWinner { at: stop.at, typed: stop.typed, winner }
            })
            .collect()
    }
}
