//! The change of the state by a message, and the effect that it requests.

use super::compare::{pin_or_clear, swap};
use super::edit::{open, replace, turn_slider, undo_or_redo, write_knob};
use super::focus::{move_focus, next_region, zoom};
use super::map;
use super::message::{Effect, Message};
use super::state::{Focus, Notice, State};
use crate::model::answer::RowAction;
use crate::model::scenario::Scenario;
use crate::ui::input::Action;
use crate::ui::overlay::{self, OpenList, Outcome, SaveAs};
use crate::ui::present::{advance, state as present};

/// Number of stops in a large step.
const MANY: i32 = 5;

/// Changes the state by a message and returns the effect to carry out.
pub fn update(state: &mut State<'_>, message: Message) -> Option<Effect> {
    let effect = apply(state, message);
    present::settle(state);
    effect
}

fn apply(state: &mut State<'_>, message: Message) -> Option<Effect> {
    match message {
        Message::Remote { wish, at } => present::run_remote(state, wish, at),
        Message::Frame { at } => advance(state, at),
        Message::Listed(list) => state.overlay = Some(OpenList { list }.into()),
        Message::ModelFiles(files) => overlay::add_files(state, &files),
        Message::ModelRead(name) => write_knob(state, overlay::MODEL, &name),
        Message::Loaded(loaded) => {
            let (scenario, document) = *loaded;
            open(state, scenario, document);
            state.overlay = None;
            state.tell_since();
        }
        Message::Saved(document) => {
            state.scenario.saved.clone_from(&document.saved.saved);
            state.notice = Some(Notice { text: format!("saved to {}", document.name), bad: false });
            state.document = *document;
        }
        Message::NotSaved { instead, sentence } => {
            complain(state, sentence);
            state.overlay = Some(SaveAs { name: instead }.into());
        }
        Message::Idle => state.catch_up(),
        Message::Done(text) => state.notice = Some(Notice { text, bad: false }),
        Message::Trace { figure, machine } => overlay::show_trace(state, figure, machine),
        Message::Failed(text) => complain(state, text),
        input => {
            state.notice = None;
            return apply_input(state, input);
        }
    }
    None
}

/// Handles a message from the keyboard or the mouse.
fn apply_input(state: &mut State<'_>, message: Message) -> Option<Effect> {
    match message {
        Message::Key { chord, at } => {
            if let Some(action) = state.keymap.action_for(chord, state.context()) {
                return run_action(state, action, at);
            }
            if let Some(c) = chord.typed().filter(|c| !present::digit(state, *c)) {
                overlay::type_character(state, c);
            }
        }
        Message::Act { action, at } => return run_action(state, action, at),
        Message::Focus(focus) => state.set_focus(focus),
        Message::Drag { slider, to, at } => {
            state.set_focus(Focus::Slider(slider));
            turn_slider(state, at, |knob, scenario, catalog| knob.pick(scenario, catalog, to));
        }
        Message::Go { x, y } => map::go(state, (x, y)),
        Message::Wheel { slider, steps, at } => {
            state.set_focus(Focus::Slider(slider));
            turn_slider(state, at, |knob, scenario, catalog| knob.step(scenario, catalog, steps));
        }
        Message::Scroll(rows) => overlay::scroll(state, if rows < 0 { -1 } else { 1 }),
        Message::Choose(place) => return overlay::accept_choice(state, place),
        Message::Close => overlay::close(state),
        Message::Pasted(text) => overlay::paste(state, &text),
        _ => {}
    }
    None
}

/// Runs an action: the open overlay handles it first, then the presentation, then the explorer.
pub(in crate::ui) fn run_action(state: &mut State<'_>, action: Action, at: u64) -> Option<Effect> {
    if let Some(effect) = overlay::run_action(state, action, at) {
        return effect;
    }
    if state.overlay.is_none() && state.present.is_some() {
        match present::run_action(state, action, at) {
            Outcome::Unhandled => {}
            Outcome::Stays => return None,
            Outcome::Closes(effect) => return effect,
        }
    }
    explorer_action(state, action, at)
}

fn explorer_action(state: &mut State<'_>, action: Action, at: u64) -> Option<Effect> {
    if map::act(state, action) {
        return None;
    }
    if let (Focus::Cell { row, column }, Action::Less | Action::More) = (state.focus, action) {
        // If a cell is focused, the arrow keys move the focus instead of a slider.
        let last = state.sheet.as_ref().map_or(1, |sheet| sheet.columns.len().saturating_sub(1)).max(1);
        let column = if action == Action::Less { column.saturating_sub(1).max(1) } else { (column + 1).min(last) };
        state.set_focus(Focus::Cell { row, column });
        return None;
    }
    if let Some(steps) = steps_of(action) {
        turn_slider(state, at, |knob, scenario, catalog| knob.step(scenario, catalog, steps));
        return None;
    }
    match action {
        Action::Present => present::begin(state, at),
        Action::ShowCheaper => show_cheaper(state),
        Action::Least => turn_slider(state, at, |knob, scenario, catalog| knob.set_position(scenario, catalog, 0.0)),
        Action::Most => turn_slider(state, at, |knob, scenario, catalog| knob.set_position(scenario, catalog, 1.0)),
        Action::PreviousKnown => turn_slider(state, at, |knob, scenario, catalog| knob.snap(scenario, catalog, false)),
        Action::NextKnown => turn_slider(state, at, |knob, scenario, catalog| knob.snap(scenario, catalog, true)),
        Action::Up => move_focus(state, -1),
        Action::Down => move_focus(state, 1),
        Action::NextRegion => next_region(state, 1),
        Action::PreviousRegion => next_region(state, -1),
        Action::Zoom => zoom(state),
        Action::View(at) => state.show(at),
        Action::Type if overlay::open_value(state) => {}
        Action::Type | Action::Trace => match row_scenario(state) {
            Some(scenario) => replace(state, scenario, None),
            None => return Some(Effect::Trace),
        },
        Action::Save if state.document.path.is_some() => return Some(Effect::Save { to: None }),
        Action::Save => return overlay::open_save_as(state),
        Action::Undo => undo_or_redo(state, false),
        Action::Redo => undo_or_redo(state, true),
        Action::Compare => pin_or_clear(state),
        Action::Swap => swap(state),
        Action::TakeBack => return Some(Effect::TakeBack),
        Action::DiscardKept => return Some(Effect::DiscardKept),
        Action::Reload => return reload(state),
        Action::Reset => replace(state, state.document.saved.clone(), None),
        Action::Mouse => {
            state.mouse = !state.mouse;
            return Some(Effect::Mouse(state.mouse));
        }
        Action::Open => return Some(Effect::List),
        Action::Theme => return Some(Effect::NextTheme),
        Action::Redraw => return Some(Effect::Redraw),
        Action::Suspend => return Some(Effect::Suspend),
        Action::Quit => return Some(Effect::Quit),
        _ => return overlay::opener(action).and_then(|open| open(state)),
    }
    None
}

/// Returns the number of stops by which an action changes a knob; `None` for other actions.
pub(in crate::ui) fn steps_of(action: Action) -> Option<i32> {
    match action {
        Action::Less => Some(-1),
        Action::More => Some(1),
        Action::MuchLess => Some(-MANY),
        Action::MuchMore => Some(MANY),
        _ => None,
    }
}

/// Shows an error until the next key.
pub(in crate::ui) fn complain(state: &mut State<'_>, text: String) {
    state.notice = Some(Notice { text, bad: true });
}

/// Adds the cheaper machine that passes to the comparison, or tells that there is none.
fn show_cheaper(state: &mut State<'_>) {
    if let Some(other) = state.around.cheaper.clone() {
        overlay::show_machine(state, &other.machine, &other.short);
    } else {
        let text = "no machine of the catalog passes and is cheaper".to_owned();
        state.notice = Some(Notice { text, bad: false });
    }
}

/// Reads the scenario's file again, if it has one.
fn reload(state: &mut State<'_>) -> Option<Effect> {
    let path = state.document.path.as_ref().map(|path| path.to_string_lossy().into_owned());
    if path.is_none() {
        state.notice = Some(Notice { text: "this is no file that could be read again".to_owned(), bad: false });
    }
    path.map(Effect::Load)
}

/// Returns the scenario of the focused row of the sheet, if it has one.
fn row_scenario(state: &State<'_>) -> Option<Scenario> {
    let Focus::Cell { row, .. } = state.focus else { return None };
    let RowAction::Scenario(scenario) = state.sheet.as_ref()?.rows.get(row)?.opens.as_ref()?;
    Some(scenario.as_ref().clone())
}
