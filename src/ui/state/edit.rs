//! Changes of the scenario: each answered anew, each a step that can be undone.

use super::compare;
use super::history::Gesture;
use super::knobs;
use super::state::{Document, Notice, State};
use crate::model::catalog::Catalog;
use crate::model::scenario::{Scenario, knob};

/// What one step of the history replaces.
#[derive(Clone, Debug)]
pub struct Step {
    /// The scenario before.
    scenario: Scenario,
    /// Where it came from, for a step that opened another one.
    document: Option<Document>,
    /// What was pinned, for a step that replaced it.
    pin: Option<Pin>,
}

/// A scenario that is pinned, and where it came from.
#[derive(Clone, Debug, PartialEq)]
pub struct Pin {
    /// The scenario.
    pub scenario: Scenario,
    /// Where it came from.
    pub document: Document,
}

/// Turns the knob that keys are going to.
pub(super) fn slide(state: &mut State<'_>, at: u64, turn: impl FnOnce(&knob::Knob, &mut Scenario, &Catalog) -> bool) {
    let Some(knob) = knobs::in_hand(state) else { return };
    let mut scenario = state.scenario.clone();
    turn(knob, &mut scenario, state.catalog);
    replace(state, scenario, Some(Gesture { kind: knob.id, at }));
}

/// Puts another scenario in place of the present one, where it can be answered.
pub(super) fn replace(state: &mut State<'_>, scenario: Scenario, gesture: Option<Gesture>) {
    if let Some(before) = put(state, scenario) {
        state.history.record(Step { scenario: before, document: None, pin: None }, gesture);
    }
}

/// Opens another scenario.
pub(super) fn open(state: &mut State<'_>, scenario: Scenario, document: Document) {
    let same = scenario.asks_the_same(&state.scenario);
    let before = if same { Some(std::mem::replace(&mut state.scenario, scenario)) } else { put(state, scenario) };
    if let Some(before) = before {
        let document = std::mem::replace(&mut state.document, document);
        state.history.record(Step { scenario: before, document: Some(document), pin: None }, None);
    }
}

/// Puts what is pinned in place of the present state, and the other way round, in one step.
pub(super) fn swap_pinned(state: &mut State<'_>, pin: Pin) {
    let before = Pin { scenario: state.scenario.clone(), document: state.document.clone() };
    if put(state, pin.scenario.clone()).is_some() {
        state.document = pin.document.clone();
        compare::pin(state, before.scenario.clone(), before.document.clone());
        state.recompare();
        let step = Step { scenario: before.scenario, document: Some(before.document), pin: Some(pin) };
        state.history.record(step, None);
    }
}

/// Answers the scenario and gives the one it replaces; `None` where nothing changed or it cannot be answered.
fn put(state: &mut State<'_>, scenario: Scenario) -> Option<Scenario> {
    if scenario.asks_the_same(&state.scenario) {
        return None;
    }
    let before = std::mem::replace(&mut state.scenario, scenario);
    match state.refresh() {
        Ok(()) => Some(before),
        Err(error) => {
            state.scenario = before;
            state.notice = Some(Notice { text: error.to_string(), bad: true });
            None
        }
    }
}

/// Goes a step back or forward.
pub(super) fn travel(state: &mut State<'_>, forward: bool) {
    let mut history = std::mem::take(&mut state.history);
    let mut pin = None;
    let swap = |step: Step| {
        let document = step.document.map(|document| std::mem::replace(&mut state.document, document));
        let scenario = std::mem::replace(&mut state.scenario, step.scenario);
        // What was pinned and cleared since stays cleared.
        pin = step.pin.filter(|_| state.pinned.is_some());
        let pin = pin.as_ref().and(state.pinned.as_ref()).map(|pinned| pinned.pin.clone());
        Step { scenario, document, pin }
    };
    let moved = if forward { history.redo(swap) } else { history.undo(swap) };
    state.history = history;
    if let Some(pin) = pin {
        compare::pin(state, pin.scenario, pin.document);
    }
    state.notice = if moved {
        state.refresh().err().map(|error| Notice { text: error.to_string(), bad: true })
    } else {
        let text = if forward { "nothing to redo" } else { "nothing to undo" };
        Some(Notice { text: text.to_owned(), bad: false })
    };
}
