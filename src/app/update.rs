//! What a message does to the state, and what it asks for outside.

use std::path::PathBuf;

use super::chooser::{Choice, Chooser};
use super::state::{Document, Focus, Notice, Overlay, State};
use crate::catalog::Catalog;
use crate::input::{Action, Chord, action_for};
use crate::scenario::{Scenario, knob};

/// Something that happened.
#[derive(Clone, Debug)]
pub enum Message {
    /// A key, `at` milliseconds after the start.
    Key {
        /// The key.
        chord: Chord,
        /// When.
        at: u64,
    },
    /// A click on a slider or a panel's row.
    Focus(Focus),
    /// A slider dragged to a place on its track, 0..=1.
    Drag {
        /// The slider's place.
        slider: usize,
        /// Where on the track.
        to: f64,
        /// When, milliseconds after the start.
        at: u64,
    },
    /// The wheel over a slider.
    Wheel {
        /// The slider's place.
        slider: usize,
        /// Steps, negative for less.
        steps: i32,
        /// When.
        at: u64,
    },
    /// The wheel elsewhere: rows of what lies in front, negative for up.
    Scroll(i32),
    /// A click on a row of the list in front, by its place among the visible ones.
    Choose(usize),
    /// Scenarios that can be opened.
    Listed(Vec<Choice>),
    /// A scenario was read.
    Loaded(Box<(Scenario, Document)>),
    /// The scenario was saved.
    Saved(Document),
    /// Text pasted into a line.
    Pasted(String),
    /// There is time to read the published measurements.
    Idle,
    /// Something went wrong outside, in a sentence.
    Failed(String),
}

/// Something to be done outside.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// End the program.
    Quit,
    /// To the shell.
    Suspend,
    /// Draw the whole screen anew.
    Redraw,
    /// The next theme.
    NextTheme,
    /// Take or give back the mouse.
    Mouse(bool),
    /// List what can be opened.
    List,
    /// Read a scenario by name or path.
    Load(String),
    /// Write the scenario to its file, or to `to`.
    Save {
        /// The file; `None` for where it came from.
        to: Option<PathBuf>,
    },
}

/// Steps of a large move.
const MANY: i32 = 5;

/// Changes the state by a message.
pub fn update(state: &mut State<'_>, message: Message) -> Option<Effect> {
    match message {
        Message::Key { chord, at } => return key(state, chord, at),
        Message::Focus(focus) => state.focus = focus,
        Message::Drag { slider, to, at } => {
            state.focus = Focus::Slider(slider);
            slide(state, at, |knob, scenario, catalog| knob.pick(scenario, catalog, to));
        }
        Message::Wheel { slider, steps, at } => {
            state.focus = Focus::Slider(slider);
            slide(state, at, |knob, scenario, catalog| knob.step(scenario, catalog, steps));
        }
        Message::Scroll(rows) => in_front(state, if rows < 0 { Action::ListUp } else { Action::ListDown }),
        Message::Choose(place) => return choose(state, place),
        Message::Listed(rows) => state.overlay = Some(Overlay::Open(Chooser::of(rows))),
        Message::Loaded(loaded) => {
            let (scenario, document) = *loaded;
            replace(state, scenario, "open", u64::MAX);
            state.document = document;
            state.overlay = None;
        }
        Message::Saved(document) => {
            state.notice = Some(Notice { text: format!("saved to {}", document.name), bad: false });
            state.document = document;
        }
        Message::Pasted(text) => paste(state, &text),
        Message::Idle => {
            state.marked = true;
            state.answers.mark(state.catalog);
        }
        Message::Failed(text) => state.notice = Some(Notice { text, bad: true }),
    }
    None
}

fn key(state: &mut State<'_>, chord: Chord, at: u64) -> Option<Effect> {
    state.notice = None;
    let context = state.context();
    if let Some(action) = action_for(chord, context) {
        act(state, action, at)
    } else {
        typed(state, chord);
        None
    }
}

/// A character without an action: into the line or filter in front, or the start of a value for the slider in focus.
fn typed(state: &mut State<'_>, chord: Chord) {
    let Some(c) = chord.typed() else { return };
    let slides = state.slider().is_some();
    match &mut state.overlay {
        Some(Overlay::Value(line) | Overlay::SaveAs(line)) => push(line, c),
        Some(Overlay::Open(list) | Overlay::Machines(list)) => list.narrow(c),
        None if c.is_ascii_digit() && slides => state.overlay = Some(Overlay::Value(c.to_string())),
        Some(Overlay::Help(_)) | None => {}
    }
}

fn push(line: &mut String, c: char) {
    if !c.is_control() && line.chars().count() < 200 {
        line.push(c);
    }
}

fn paste(state: &mut State<'_>, text: &str) {
    if let Some(Overlay::Value(line) | Overlay::SaveAs(line)) = &mut state.overlay {
        text.lines().next().unwrap_or("").chars().take(200).for_each(|c| push(line, c));
    }
}

fn act(state: &mut State<'_>, action: Action, at: u64) -> Option<Effect> {
    match action {
        Action::Less => step(state, -1, at),
        Action::More => step(state, 1, at),
        Action::MuchLess => step(state, -MANY, at),
        Action::MuchMore => step(state, MANY, at),
        Action::Least => slide(state, at, |knob, scenario, catalog| knob.set_position(scenario, catalog, 0.0)),
        Action::Most => slide(state, at, |knob, scenario, catalog| knob.set_position(scenario, catalog, 1.0)),
        Action::PreviousKnown => slide(state, at, |knob, scenario, catalog| knob.snap(scenario, catalog, false)),
        Action::NextKnown => slide(state, at, |knob, scenario, catalog| knob.snap(scenario, catalog, true)),
        Action::Up => move_focus(state, -1),
        Action::Down => move_focus(state, 1),
        Action::NextRegion => next_region(state, 1),
        Action::PreviousRegion => next_region(state, -1),
        Action::Type => state.overlay = state.slider().map(|_| Overlay::Value(String::new())),
        Action::Machines => state.overlay = Some(Overlay::Machines(machines(state))),
        Action::Open => return Some(Effect::List),
        Action::Save if state.document.path.is_some() => return Some(Effect::Save { to: None }),
        Action::Save | Action::SaveAs => state.overlay = Some(Overlay::SaveAs(suggested_name(state))),
        Action::Undo => travel(state, false),
        Action::Redo => travel(state, true),
        Action::Reset => replace(state, state.document.saved.clone(), "reset", u64::MAX),
        Action::Theme => return Some(Effect::NextTheme),
        Action::Mouse => {
            state.mouse = !state.mouse;
            return Some(Effect::Mouse(state.mouse));
        }
        Action::Help => state.overlay = Some(Overlay::Help(0)),
        Action::Redraw => return Some(Effect::Redraw),
        Action::Suspend => return Some(Effect::Suspend),
        Action::Quit => return Some(Effect::Quit),
        Action::Cancel => state.overlay = None,
        Action::Accept => return accept(state),
        _ => in_front(state, action),
    }
    None
}

/// Actions on the overlay in front.
fn in_front(state: &mut State<'_>, action: Action) {
    let rows: isize = match action {
        Action::ListUp => -1,
        Action::ListDown => 1,
        Action::PageUp => -10,
        Action::PageDown => 10,
        _ => 0,
    };
    match (&mut state.overlay, action) {
        (Some(Overlay::Help(scroll)), _) => *scroll = scroll.saturating_add_signed(rows),
        (Some(Overlay::Machines(_)), Action::Toggle) => toggle(state),
        (Some(Overlay::Open(list) | Overlay::Machines(list)), Action::EraseBack | Action::EraseAll) => {
            list.widen(action == Action::EraseAll);
        }
        (Some(Overlay::Open(list)), Action::Toggle) => list.narrow(' '),
        (Some(Overlay::Open(list) | Overlay::Machines(list)), _) => list.step(rows),
        (Some(Overlay::Value(line) | Overlay::SaveAs(line)), Action::EraseBack) => {
            line.pop();
        }
        (Some(Overlay::Value(line) | Overlay::SaveAs(line)), Action::EraseAll) => line.clear(),
        _ => {}
    }
}

fn step(state: &mut State<'_>, steps: i32, at: u64) {
    slide(state, at, |knob, scenario, catalog| knob.step(scenario, catalog, steps));
}

/// Changes the slider in focus.
fn slide(state: &mut State<'_>, at: u64, change: impl FnOnce(&knob::Knob, &mut Scenario, &Catalog) -> bool) {
    let Some(knob) = state.slider() else { return };
    let before = state.scenario.clone();
    change(knob, &mut state.scenario, state.catalog);
    changed(state, &before, knob.id, at);
}

/// Answers the changed scenario; puts `before` back where it cannot be answered.
fn changed(state: &mut State<'_>, before: &Scenario, kind: &'static str, at: u64) {
    if state.scenario == *before {
        return;
    }
    match state.refresh() {
        Ok(()) => state.history.record(before, kind, at),
        Err(error) => {
            state.scenario = before.clone();
            state.notice = Some(Notice { text: error.to_string(), bad: true });
        }
    }
}

/// Puts another scenario in place of the present one, as one step that can be undone.
fn replace(state: &mut State<'_>, scenario: Scenario, kind: &'static str, at: u64) {
    let before = std::mem::replace(&mut state.scenario, scenario);
    changed(state, &before, kind, at);
}

fn travel(state: &mut State<'_>, forward: bool) {
    let there = if forward { state.history.redo(&state.scenario) } else { state.history.undo(&state.scenario) };
    let Some(scenario) = there else {
        let text = if forward { "nothing to redo" } else { "nothing to undo" };
        state.notice = Some(Notice { text: text.to_owned(), bad: false });
        return;
    };
    state.scenario = scenario;
    if let Err(error) = state.refresh() {
        state.notice = Some(Notice { text: error.to_string(), bad: true });
    }
}

fn move_focus(state: &mut State<'_>, by: isize) {
    let wrap = |at: usize, count: usize| at.saturating_add_signed(by).min(count.saturating_sub(1));
    state.focus = match state.focus {
        Focus::Slider(at) => Focus::Slider(wrap(at, knob::sliders().count())),
        Focus::Panel { panel, machine } => Focus::Panel { panel, machine: wrap(machine, state.answers.machines.len()) },
    };
}

/// Sliders, then panel by panel, then the sliders again.
fn next_region(state: &mut State<'_>, by: isize) {
    let regions = state.panels + 1;
    let (at, machine) = match state.focus {
        Focus::Slider(_) => (0, 0),
        Focus::Panel { panel, machine } => (panel + 1, machine),
    };
    let next = (at + regions).saturating_add_signed(by) % regions;
    state.focus = match next.checked_sub(1) {
        None => Focus::Slider(0),
        Some(panel) => Focus::Panel { panel, machine },
    };
}

fn machines(state: &State<'_>) -> Chooser {
    let on = |id: &String| state.scenario.machines.contains(id);
    let mut rows: Vec<Choice> = state
        .catalog
        .machines
        .iter()
        .map(|machine| Choice {
            id: machine.id.clone(),
            label: machine.name.clone(),
            detail: machine.kind.word().to_owned(),
            on: Some(on(&machine.id)),
        })
        .collect();
    rows.sort_by_key(|row| row.on != Some(true));
    Chooser::of(rows)
}

fn toggle(state: &mut State<'_>) {
    let Some(Overlay::Machines(list)) = &mut state.overlay else { return };
    let Some((at, row)) = list.current() else { return };
    let (id, on) = (row.id.clone(), row.on == Some(true));
    let mut scenario = state.scenario.clone();
    if on {
        scenario.machines.retain(|machine| *machine != id);
    } else {
        scenario.machines.push(id);
    }
    if scenario.machines.is_empty() {
        state.notice = Some(Notice { text: "at least one machine stays".to_owned(), bad: true });
        return;
    }
    if let Some(row) = list.rows.get_mut(at) {
        row.on = Some(!on);
    }
    replace(state, scenario, "machines", u64::MAX);
}

fn choose(state: &mut State<'_>, place: usize) -> Option<Effect> {
    if let Some(Overlay::Open(list) | Overlay::Machines(list)) = &mut state.overlay {
        list.chosen = place;
        list.step(0);
    }
    match state.overlay {
        Some(Overlay::Machines(_)) => {
            toggle(state);
            None
        }
        Some(Overlay::Open(_)) => accept(state),
        _ => None,
    }
}

fn accept(state: &mut State<'_>) -> Option<Effect> {
    match state.overlay.take()? {
        Overlay::Open(list) => list.current().map(|(_, row)| Effect::Load(row.id.clone())),
        Overlay::SaveAs(name) if name.trim().is_empty() => None,
        Overlay::SaveAs(name) => Some(Effect::Save { to: Some(PathBuf::from(name.trim())) }),
        Overlay::Value(text) => {
            set_value(state, &text);
            None
        }
        Overlay::Machines(_) | Overlay::Help(_) => None,
    }
}

/// Takes a typed value; a bad one stays in the line with the reason above.
fn set_value(state: &mut State<'_>, text: &str) {
    let Some(knob) = state.slider().filter(|_| !text.trim().is_empty()) else { return };
    let mut scenario = state.scenario.clone();
    match knob.write(&mut scenario, state.catalog, text.trim()) {
        Ok(()) => replace(state, scenario, "typed", u64::MAX),
        Err(error) => {
            state.notice = Some(Notice { text: error.to_string(), bad: true });
            state.overlay = Some(Overlay::Value(text.to_owned()));
        }
    }
}

fn suggested_name(state: &State<'_>) -> String {
    match &state.document.path {
        Some(path) => path.display().to_string(),
        None => format!("{}.ron", state.document.name),
    }
}
