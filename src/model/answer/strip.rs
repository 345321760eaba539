//! Strips: the winner at each stop of a knob, with all else unchanged. They colour the tracks of the sliders.

use rayon::prelude::*;

use super::Neighborhood;
use crate::model::scenario::knob::Knob;

/// Fewest stops that are worth a thread.
const FEW: usize = 4;

/// The winner at one stop of a knob.
#[derive(Clone, Debug, PartialEq)]
pub struct StopWinner {
    /// Position on the knob, 0..=1.
    pub at: f64,
    /// The text that sets the knob to this stop.
    pub typed: String,
    /// Index of the winner among the scenario's machines; `None` if no machine passes.
    pub winner: Option<usize>,
}

impl Neighborhood<'_, '_> {
    /// Returns the winner at each stop of `knob`, from left to right. A stop that cannot be answered has no winner.
    #[must_use]
    pub fn strip(&self, knob: &Knob) -> Vec<StopWinner> {
        // All cores answer the stops, so the strip is ready for the same frame as everything else.
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
