//! Lines of text that lie over the explorer: a value for a slider, a name to save under.

use std::path::PathBuf;

use super::edit::replace;
use super::message::Effect;
use super::state::{Notice, Overlay, State};

/// Characters a line takes.
const LONGEST: usize = 200;

/// Types a character into a line.
pub(super) fn push(line: &mut String, c: char) {
    if !c.is_control() && line.chars().count() < LONGEST {
        line.push(c);
    }
}

/// Puts the first line of a pasted text into the line or filter in front.
pub(super) fn paste(state: &mut State<'_>, text: &str) {
    let first = text.lines().next().unwrap_or_default().chars().take(LONGEST);
    match &mut state.overlay {
        Some(Overlay::Value(line) | Overlay::SaveAs(line)) => first.for_each(|c| push(line, c)),
        Some(Overlay::Open(list) | Overlay::Copy(list) | Overlay::Machines(list)) => first.for_each(|c| list.narrow(c)),
        Some(Overlay::Ask(ask)) => {
            first.for_each(|c| ask.list.narrow(c));
            ask.offer(state.catalog);
        }
        Some(Overlay::Help(_) | Overlay::Page(_) | Overlay::Trace(_)) | None => {}
    }
}

/// Takes a typed value; a bad one stays in the line, with the reason.
pub(super) fn set_value(state: &mut State<'_>, text: String) {
    let Some(knob) = state.slider().filter(|_| !text.trim().is_empty()) else { return };
    let mut scenario = state.scenario.clone();
    match knob.write(&mut scenario, state.catalog, text.trim()) {
        Ok(()) => replace(state, scenario, None),
        Err(error) => {
            state.notice = Some(Notice { text: error.sentence, bad: true });
            state.overlay = Some(Overlay::Value(text));
        }
    }
}

/// What saving under a typed name asks for.
pub(super) fn save_as(state: &mut State<'_>, name: String) -> Option<Effect> {
    if name.trim().is_empty() {
        state.notice = Some(Notice { text: "write a file name, or leave with Esc".to_owned(), bad: true });
        state.overlay = Some(Overlay::SaveAs(name));
        return None;
    }
    Some(Effect::Save { to: Some(PathBuf::from(name.trim())) })
}

/// The name offered to save under.
pub(super) fn suggested_name(state: &State<'_>) -> String {
    match &state.document.path {
        Some(path) => path.display().to_string(),
        None => format!("{}.ron", state.document.name),
    }
}
