//! A scenario that was pinned as A, and the differences from it.
//!
//! While a scenario is pinned, every figure shows its change from A. Swapping A and the current scenario is a step that
//! can be undone. Pinning and clearing change no scenario, so they are not steps.

use super::edit::{Pin, swap_pinned};
use super::state::{Document, Notice, State};
use crate::model::answer::{AnswerError, Answers, Comparison, Sheet, answer_scenario, compare};
use crate::model::catalog::Catalog;
use crate::model::scenario::{Difference, Scenario};

/// The pinned scenario, compared with the current one.
#[derive(Clone, Debug)]
pub struct Pinned<'c> {
    /// The pinned scenario and its document.
    pub pin: Pin,
    /// Its answers.
    pub answers: Answers<'c>,
    /// Knobs that differ between A and the current scenario.
    pub knobs: Vec<Difference>,
    /// Figures that differ.
    pub comparison: Comparison,
}

impl<'c> Pinned<'c> {
    /// Pins a scenario; it is compared later.
    ///
    /// # Errors
    /// [`AnswerError`] if the scenario names something that the catalog lacks.
    pub fn new(catalog: &'c Catalog, scenario: Scenario, document: Document) -> Result<Self, AnswerError> {
        let answers = answer_scenario(catalog, &scenario)?;
        let pin = Pin { scenario, document };
        Ok(Self { pin, answers, knobs: Vec::new(), comparison: Comparison::default() })
    }

    /// Compares the pinned scenario with the current one.
    pub(super) fn follow(&mut self, catalog: &Catalog, scenario: &Scenario, present: &Answers<'_>) {
        self.knobs = self.pin.scenario.diff(scenario, catalog);
        self.comparison = compare(&self.answers, present);
    }

    /// Appends its change from A to each figure in a sheet of the current answers.
    pub(super) fn tell_in(&self, sheet: &mut Sheet, present: &Answers<'_>) {
        let machines: Vec<Option<usize>> = sheet.columns.iter().map(|column| column.machine).collect();
        for (cell, machine) in sheet.rows.iter_mut().flat_map(|row| row.cells.iter_mut().zip(&machines)) {
            let answer = machine.and_then(|at| present.machines.get(at));
            let Some((answer, figure)) = answer.zip(cell.figure) else { continue };
            let change = self.comparison.of(&answer.machine.id, figure).filter(|change| change.is_visible());
            if let Some(change) = change {
                cell.text = format!("{} ({})", cell.text, change.times().unwrap_or("changed".into()));
            }
        }
    }
}

/// Pins the current scenario as A, or clears the pin.
pub(super) fn pin_or_clear(state: &mut State<'_>) {
    if state.pinned.take().is_none() {
        pin(state, state.scenario.clone(), state.document.clone());
        let text = "pinned as A: what you change now is shown against it; {swap} swaps, {compare} clears";
        let text = state.keymap.told(text);
        state.notice.get_or_insert(Notice { text, bad: false });
    }
    state.recompare();
}

/// Pins a scenario, or shows an error if it cannot be answered.
pub(in crate::ui) fn pin(state: &mut State<'_>, scenario: Scenario, document: Document) {
    match Pinned::new(state.catalog, scenario, document) {
        Ok(pinned) => state.pinned = Some(Box::new(pinned)),
        Err(error) => state.notice = Some(Notice { text: error.to_string(), bad: true }),
    }
}

/// Swaps A and the current scenario.
pub(super) fn swap(state: &mut State<'_>) {
    let Some(pinned) = &state.pinned else {
        let text = state.keymap.told("nothing is pinned: {compare} pins the present state as A");
        state.notice = Some(Notice { text, bad: false });
        return;
    };
    let pin = pinned.pin.clone();
    swap_pinned(state, pin);
}
