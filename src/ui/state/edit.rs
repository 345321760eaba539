//! Changes of the scenario. Each is answered at once, and each is a step that can be undone.

use super::compare;
use super::history::Gesture;
use super::state::{Document, Notice, State};
use super::update::complain;
use crate::model::catalog::Catalog;
use crate::model::scenario::Scenario;
use crate::model::scenario::knob::{self, knob};

/// The state before a step of the history.
#[derive(Clone, Debug)]
pub struct Step {
    /// The scenario before the step.
    scenario: Scenario,
    /// The document before the step, if the step opened another one.
    document: Option<Document>,
    /// The pinned scenario before the step, if the step replaced it.
    pin: Option<Pin>,
}

/// A pinned scenario and its document.
#[derive(Clone, Debug, PartialEq)]
pub struct Pin {
    /// The scenario.
    pub scenario: Scenario,
    /// Its document.
    pub document: Document,
}

/// Changes the value of the focused slider.
pub(super) fn turn_slider(
    state: &mut State<'_>,
    at: u64,
    turn: impl FnOnce(&knob::Knob, &mut Scenario, &Catalog) -> bool,
) {
    let Some(knob) = state.slider() else { return };
    turn_knob(state, knob, at, |scenario, catalog| turn(knob, scenario, catalog));
}

/// Changes the value of a knob; changes that quickly follow each other are one step of the history.
pub(in crate::ui) fn turn_knob(
    state: &mut State<'_>,
    knob: &'static knob::Knob,
    at: u64,
    turn: impl FnOnce(&mut Scenario, &Catalog) -> bool,
) {
    let mut scenario = state.scenario.clone();
    turn(&mut scenario, state.catalog);
    replace(state, scenario, Some(Gesture { kind: knob.id, at }));
}

/// Sets a knob to a typed value, or shows an error.
pub(in crate::ui) fn write_knob(state: &mut State<'_>, id: &str, text: &str) {
    let mut scenario = state.scenario.clone();
    let written = knob(id)
        .map_err(|error| error.to_string())
        .and_then(|knob| knob.write(&mut scenario, state.catalog, text).map_err(|error| error.sentence));
    match written {
        Ok(()) => replace(state, scenario, None),
        Err(text) => complain(state, text),
    }
}

/// Replaces the current scenario, if the new one can be answered.
pub(in crate::ui) fn replace(state: &mut State<'_>, scenario: Scenario, gesture: Option<Gesture>) {
    if let Some(before) = try_set_scenario(state, scenario) {
        state.history.record(Step { scenario: before, document: None, pin: None }, gesture);
    }
}

/// Opens another scenario.
pub(super) fn open(state: &mut State<'_>, scenario: Scenario, document: Document) {
    let same = scenario.asks_the_same(&state.scenario);
    let before =
        if same { Some(std::mem::replace(&mut state.scenario, scenario)) } else { try_set_scenario(state, scenario) };
    if let Some(before) = before {
        let document = std::mem::replace(&mut state.document, document);
        state.history.record(Step { scenario: before, document: Some(document), pin: None }, None);
    }
}

/// Swaps the pinned scenario and the current one, as one step.
pub(super) fn swap_pinned(state: &mut State<'_>, pin: Pin) {
    let before = Pin { scenario: state.scenario.clone(), document: state.document.clone() };
    if try_set_scenario(state, pin.scenario.clone()).is_some() {
        state.document = pin.document.clone();
        compare::pin(state, before.scenario.clone(), before.document.clone());
        state.recompare();
        let step = Step { scenario: before.scenario, document: Some(before.document), pin: Some(pin) };
        state.history.record(step, None);
    }
}

/// Answers the scenario and returns the one that it replaces; `None` if nothing changed or it cannot be answered.
fn try_set_scenario(state: &mut State<'_>, scenario: Scenario) -> Option<Scenario> {
    if scenario.asks_the_same(&state.scenario) {
        return None;
    }
    let before = std::mem::replace(&mut state.scenario, scenario);
    match state.refresh() {
        Ok(()) => Some(before),
        Err(error) => {
            state.scenario = before;
            complain(state, error.to_string());
            None
        }
    }
}

/// Undoes a step, or redoes one if `forward` is true.
pub(super) fn undo_or_redo(state: &mut State<'_>, forward: bool) {
    let mut history = std::mem::take(&mut state.history);
    let mut pin = None;
    let swap = |step: Step| {
        let document = step.document.map(|document| std::mem::replace(&mut state.document, document));
        let scenario = std::mem::replace(&mut state.scenario, step.scenario);
        // A pin that was cleared in the meantime is not restored.
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
        let failed = state.refresh().err();
        // After an undo, the panels must not mark the undone values as the ones before the change.
        state.before = state.before.take().filter(|_| forward);
        failed.map(|error| Notice { text: error.to_string(), bad: true })
    } else {
        let text = if forward { "nothing to redo" } else { "nothing to undo" };
        Some(Notice { text: text.to_owned(), bad: false })
    };
}
