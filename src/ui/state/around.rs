//! The sensitivity of the answer: the winner at every stop of every slider, and the nearest flips.
//!
//! Only the screen needs it, and it costs about a hundred answers. So it is computed once per frame, and a slider's
//! strip that a change cannot affect is kept.

use rayon::prelude::*;

use crate::model::answer::{Alternative, Answers, Flip, Neighborhood, StopWinner, cheaper_not_shown, fallback};
use crate::model::catalog::Catalog;
use crate::model::scenario::Scenario;
use crate::model::scenario::knob::{self, Knob};

/// The strips of the sliders, and the flips of the answer.
#[derive(Clone, Debug, Default)]
pub struct Around {
    /// The winner at each stop of each slider, in the order of the sliders.
    pub strips: Vec<Vec<StopWinner>>,
    /// The nearest changes after which another machine wins.
    pub flips: Vec<Flip>,
    /// The cheapest machine of the catalog that passes and is not compared; `None` if there is none or the winner is as
    /// cheap.
    pub cheaper: Option<Alternative>,
    /// A sentence about an alternative, if no machine of the catalog passes.
    pub smaller: Option<String>,
    /// The scenario that all of it belongs to.
    of: Option<Scenario>,
}

impl Around {
    /// Returns true once everything has been computed for a scenario.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.of.is_some()
    }

    /// Computes everything for `scenario`, unless it belongs to that scenario already.
    pub(super) fn follow(&mut self, catalog: &Catalog, scenario: &Scenario, answers: &Answers<'_>) {
        if self.of.as_ref() == Some(scenario) {
            return;
        }
        // Inside one scope, the threads of the pool are woken only once.
        rayon::scope(|_| self.work_out(catalog, scenario, answers));
        self.of = Some(scenario.clone());
    }

    fn work_out(&mut self, catalog: &Catalog, scenario: &Scenario, answers: &Answers<'_>) {
        let before = self.of.as_ref();
        let here = Neighborhood::of(catalog, scenario, answers);
        let kept = |at: usize, knob: &Knob| {
            let (before, old) = before.zip(self.strips.get(at))?;
            holds(catalog, (before, scenario), knob, old).then(|| old.clone())
        };
        let knobs: Vec<&Knob> = knob::sliders().collect();
        let turned = knobs.into_par_iter().enumerate();
        let strips = turned.map(|(at, knob)| kept(at, knob).unwrap_or_else(|| here.strip(knob)));
        self.strips = strips.collect();
        self.cheaper = cheaper_not_shown(catalog, scenario, answers).unwrap_or_default();
        let nothing_does = self.cheaper.is_none() && answers.verdict.winner.is_none();
        let instead = nothing_does.then(|| fallback(catalog, scenario, answers).unwrap_or_default());
        self.smaller = instead.and_then(|instead| instead.into_iter().next());
        self.flips = here.flips(&self.strips);
    }
}

/// Returns true if a knob's strip is still valid after a change: only that knob changed, and its stops are the same.
fn holds(catalog: &Catalog, (before, after): (&Scenario, &Scenario), knob: &Knob, strip: &[StopWinner]) -> bool {
    let mut turned = before.clone();
    let typed = knob.read(after, catalog).typed;
    if knob.overwrite(&mut turned, catalog, &typed).is_err() || turned != *after {
        return false;
    }
    let stops = knob.stops(after, catalog);
    stops.iter().map(|stop| &stop.typed).eq(strip.iter().map(|stretch| &stretch.typed))
}
