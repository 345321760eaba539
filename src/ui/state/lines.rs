//! Lines of text that lie over the explorer: a value for a knob, a name to save under.

use std::path::PathBuf;

use super::edit::replace;
use super::knobs::renewed;
use super::message::Effect;
use super::models;
use super::overlay::Overlay;
use super::state::{Notice, State};
use super::what_if;
use crate::model::ron_file::is_hostile;
use crate::model::scenario::knob::knob;

/// Characters a line takes.
const LONGEST: usize = 200;

/// Whether a typed or pasted character is taken: what a terminal shows and nothing that reorders or breaks lines.
pub(super) fn is_shown(c: char) -> bool {
    c != '\n' && !is_hostile(c)
}

/// Types a character into a line.
fn push(line: &mut String, c: char) {
    if is_shown(c) && line.chars().count() < LONGEST {
        line.push(c);
    }
}

/// Puts a character into the line or filter in front.
pub(super) fn enter(state: &mut State<'_>, c: char) {
    let Some(overlay) = &mut state.overlay else { return };
    if let Some(line) = overlay.line_mut() {
        push(line, c);
    } else if let Some(list) = overlay.list_mut() {
        list.narrow(c);
        offer(state);
    }
}

/// Makes the rows anew that depend on what is typed.
pub(super) fn offer(state: &mut State<'_>) {
    if let Some(Overlay::Ask(ask)) = &mut state.overlay {
        ask.offer(state.catalog);
    }
    models::offer(state);
}

/// Puts the first line of a pasted text into the line or filter in front.
pub(super) fn paste(state: &mut State<'_>, text: &str) {
    let first = text.lines().next().unwrap_or_default().chars().take(LONGEST);
    first.for_each(|c| enter(state, c));
}

/// Takes a typed value; a bad one stays in the line, with the reason. Nothing typed changes nothing.
pub(super) fn set_value(state: &mut State<'_>, knob: &'static str, text: String, from: Option<Box<Overlay>>) {
    if !text.trim().is_empty() {
        write(state, knob, text.trim());
    }
    state.overlay = match from.map(|from| *from) {
        from if state.notice.as_ref().is_some_and(|notice| notice.bad) => {
            Some(Overlay::Value { knob, text, from: from.map(Box::new) })
        }
        Some(Overlay::Knobs(list)) => Some(Overlay::Knobs(renewed(state, list))),
        Some(Overlay::WhatIf { machine, list }) => what_if::overlay(state, machine, Some(list)),
        other => other,
    };
}

/// Sets a knob to a typed value, where it is one.
pub(super) fn write(state: &mut State<'_>, id: &str, text: &str) {
    let mut scenario = state.scenario.clone();
    let written =
        knob(id).and_then(|knob| knob.write(&mut scenario, state.catalog, text).map_err(|error| error.sentence));
    match written {
        Ok(()) => replace(state, scenario, None),
        Err(text) => complain(state, text),
    }
}

/// Says what cannot be done.
pub(in crate::ui) fn complain(state: &mut State<'_>, text: String) {
    state.notice = Some(Notice { text, bad: true });
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
