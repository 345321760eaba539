//! Every knob in one list: each with its value, turned by arrow keys where it has stops, typed where it has not.

use super::chooser::{Choice, Chooser, Column};
use super::overlay::Overlay;
use super::state::State;
use crate::model::scenario::knob::{KNOBS, Knob, knob};

/// The id of the knob that chooses the model.
pub(super) const MODEL: &str = "model";

/// The id of the knob that holds what is assumed of machines.
pub(super) const WHAT_IF: &str = "what-if";

/// All knobs with what they are set to.
pub(super) fn knobs(state: &State<'_>) -> Chooser {
    let row = |knob: &Knob| Choice {
        id: knob.id.to_owned(),
        label: knob.label.to_owned(),
        cells: vec![value(state, knob)],
        about: knob.help.to_owned(),
        ..Choice::default()
    };
    Chooser::of(vec![Column::default()], KNOBS.iter().map(row).collect())
}

fn value(state: &State<'_>, knob: &Knob) -> String {
    let setting = knob.read(&state.scenario, state.catalog);
    if setting.note.is_empty() { setting.text.into() } else { format!("{}  {}", setting.text, setting.note) }
}

/// The list with its values as they are now, the same knob chosen.
pub(super) fn renewed(state: &State<'_>, before: Chooser) -> Chooser {
    let chosen = before.current().map(|(_, row)| row.id.clone());
    let mut list = Chooser { filter: before.filter, ..knobs(state) };
    let place = list.visible().position(|(_, row)| Some(&row.id) == chosen.as_ref());
    list.chosen = place.unwrap_or(0);
    list
}

/// Shows in the list of knobs in front what has been turned.
pub(super) fn renew(state: &mut State<'_>) {
    if let Some(Overlay::Knobs(list)) = state.overlay.take_if(|overlay| matches!(overlay, Overlay::Knobs(_))) {
        state.overlay = Some(Overlay::Knobs(renewed(state, list)));
    }
}

/// The knob that the keys turn: the chosen one of the list in front, or the slider.
pub(super) fn in_hand(state: &State<'_>) -> Option<&'static Knob> {
    match &state.overlay {
        Some(Overlay::Knobs(list)) => list.current().and_then(|(_, row)| knob(&row.id).ok()),
        _ => state.slider(),
    }
}

/// Asks for a value of the chosen knob; the list comes back after it.
pub(super) fn ask(list: Chooser) -> Overlay {
    let knob = list.current().and_then(|(_, row)| knob(&row.id).ok());
    let list = Overlay::Knobs(list);
    match knob {
        Some(knob) => Overlay::Value { knob: knob.id, text: String::new(), from: Some(Box::new(list)) },
        None => list,
    }
}
