//! What a message does to the state, and what it asks for outside.

use super::ask::{Ask, Taken};
use super::compare::{pin_or_clear, swap};
use super::completion::complete;
use super::copy;
use super::edit::{open, replace, slide, travel};
use super::knobs::{self, knobs};
use super::lines::{enter, offer, paste, save_as, set_value, suggested_name, write};
use super::lists::{machines, opened, toggle};
use super::message::{Effect, Message};
use super::models::{self, models};
use super::overlay::{Help, Overlay, Page};
use super::palette::{palette, perform};
use super::since;
use super::state::{Focus, Notice, State};
use super::trace;
use super::what_if;
use crate::model::answer::RowAction;
use crate::model::scenario::{Scenario, knob};
use crate::ui::input::{Action, Context};
use crate::ui::present::state as present;

/// Steps of a large move.
const MANY: i32 = 5;

/// Changes the state by a message.
pub fn update(state: &mut State<'_>, message: Message) -> Option<Effect> {
    let effect = take(state, message);
    present::settle(state);
    effect
}

fn take(state: &mut State<'_>, message: Message) -> Option<Effect> {
    match message {
        Message::Remote { wish, at } => present::heed(state, wish, at),
        Message::Frame { at } => present::advance(state, at),
        Message::Listed(list) => state.overlay = Some(Overlay::Open(list)),
        Message::ModelFiles(files) => models::add_files(state, &files),
        Message::ModelRead(name) => write(state, knobs::MODEL, &name),
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
            state.notice = Some(Notice { text: sentence, bad: true });
            state.overlay = Some(Overlay::SaveAs(instead));
        }
        Message::Idle => state.catch_up(),
        Message::Done(text) => state.notice = Some(Notice { text, bad: false }),
        Message::Trace { figure, machine } => trace::show(state, figure, machine),
        Message::Failed(text) => state.notice = Some(Notice { text, bad: true }),
        by_person => {
            state.notice = None;
            return heed(state, by_person);
        }
    }
    None
}

/// What the person did with keys or mouse.
fn heed(state: &mut State<'_>, message: Message) -> Option<Effect> {
    match message {
        Message::Key { chord, at } => match state.keymap.action_for(chord, state.context()) {
            Some(action) => return act(state, action, at),
            None => chord.typed().filter(|c| !present::digit(state, *c)).into_iter().for_each(|c| enter(state, c)),
        },
        Message::Act { action, at } => return act(state, action, at),
        Message::Focus(focus) => state.set_focus(focus),
        Message::Drag { slider, to, at } => {
            state.set_focus(Focus::Slider(slider));
            slide(state, at, |knob, scenario, catalog| knob.pick(scenario, catalog, to));
        }
        Message::Wheel { slider, steps, at } => {
            state.set_focus(Focus::Slider(slider));
            step(state, steps, at);
        }
        Message::Scroll(rows) => in_front(state, if rows < 0 { Action::ListUp } else { Action::ListDown }),
        Message::Choose(place) => return choose(state, place, 0),
        Message::Close => state.overlay = None,
        Message::Pasted(text) => paste(state, &text),
        _ => {}
    }
    None
}

pub(super) fn act(state: &mut State<'_>, action: Action, at: u64) -> Option<Effect> {
    if state.context() == Context::Present && present::act(state, action, at) {
        return None;
    }
    match action {
        Action::Present => present::begin(state, at),
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
        Action::Zoom => zoom(state),
        Action::View(at) => state.show(at),
        Action::Type if matches!(state.focus, Focus::Slider(_)) => {
            state.overlay = state.slider().map(|knob| Overlay::value(knob.id));
        }
        Action::Type | Action::Trace => match opening(state) {
            Some(scenario) => replace(state, scenario, None),
            None => return Some(Effect::Trace),
        },
        Action::Models => {
            state.overlay = Some(Overlay::Models(models(state)));
            return Some(Effect::ModelFiles);
        }
        Action::Palette => state.overlay = Some(palette(state)),
        Action::Knobs => state.overlay = Some(Overlay::Knobs(knobs(state))),
        Action::Assume => what_if::open(state),
        Action::CopyMachine => what_if::copy(state),
        Action::Forget => what_if::forget(state),
        Action::NextMachine if what_if::in_front(state) => what_if::next_machine(state, 1),
        Action::PreviousMachine if what_if::in_front(state) => what_if::next_machine(state, -1),
        Action::Machines => state.overlay = Some(Overlay::Machines(machines(state))),
        Action::Save if state.document.path.is_some() => return Some(Effect::Save { to: None }),
        Action::Save | Action::SaveAs => state.overlay = Some(Overlay::SaveAs(suggested_name(state))),
        Action::Undo => travel(state, false),
        Action::Redo => travel(state, true),
        Action::Compare => pin_or_clear(state),
        Action::Swap => swap(state),
        Action::Copy => state.overlay = Some(Overlay::Copy(copy::menu(state))),
        Action::TakeBack => return Some(Effect::TakeBack),
        Action::Reload => return reload(state),
        Action::Since => since::list(state),
        Action::Reset => replace(state, state.document.saved.clone(), None),
        Action::Help => state.overlay = Some(Overlay::Help(Help::default())),
        Action::Ask => state.overlay = Some(Overlay::Ask(Box::new(Ask::start(state.catalog, &state.scenario)))),
        Action::Cancel => cancel(state),
        Action::NextMachine => trace::next_machine(state, 1),
        Action::PreviousMachine => trace::next_machine(state, -1),
        Action::NextFigure => trace::next_figure(state, 1),
        Action::PreviousFigure => trace::next_figure(state, -1),
        Action::Accept => return accept(state, at),
        Action::Mouse => {
            state.mouse = !state.mouse;
            return Some(Effect::Mouse(state.mouse));
        }
        Action::Open => return Some(Effect::List),
        Action::Theme => return Some(Effect::NextTheme),
        Action::Redraw => return Some(Effect::Redraw),
        Action::Suspend => return Some(Effect::Suspend),
        Action::Quit => return Some(Effect::Quit),
        _ => in_front(state, action),
    }
    None
}

/// Reads the present file anew, where it is one.
fn reload(state: &mut State<'_>) -> Option<Effect> {
    let path = state.document.path.as_ref().map(|path| path.to_string_lossy().into_owned());
    if path.is_none() {
        state.notice = Some(Notice { text: "this is no file that could be read anew".to_owned(), bad: false });
    }
    path.map(Effect::Load)
}

/// The scenario that choosing the row in focus puts in place.
fn opening(state: &State<'_>) -> Option<Scenario> {
    let Focus::Cell { row, .. } = state.focus else { return None };
    let RowAction::Scenario(scenario) = state.sheet.as_ref()?.rows.get(row)?.opens.as_ref()?;
    Some(scenario.as_ref().clone())
}

/// Actions on what lies in front.
fn in_front(state: &mut State<'_>, action: Action) {
    let rows: isize = match action {
        Action::ListUp => -1,
        Action::ListDown => 1,
        Action::PageUp => -10,
        Action::PageDown => 10,
        _ => 0,
    };
    match (&mut state.overlay, action) {
        (_, Action::Toggle) => toggle(state),
        (_, Action::Complete) => complete(state),
        (Some(Overlay::Trace(trace)), Action::WalkOut) => trace.walk_out(),
        (Some(Overlay::Trace(trace)), Action::WalkIn) => trace.walk_in(),
        (Some(Overlay::Trace(trace)), _) => trace.step(rows),
        (Some(overlay), Action::EraseBack | Action::EraseAll) => {
            erase(overlay, action == Action::EraseAll);
            offer(state);
        }
        (Some(Overlay::Help(Help { scroll, .. }) | Overlay::Page(Page { scroll, .. })), _) => {
            *scroll = scroll.saturating_add_signed(rows);
        }
        (Some(overlay), _) => overlay.list_mut().into_iter().for_each(|list| list.step(rows)),
        _ => {}
    }
}

/// Takes back the last character of the line or filter, or all of them.
fn erase(overlay: &mut Overlay, all: bool) {
    if let Some(line) = overlay.line_mut() {
        let kept = if all { 0 } else { line.char_indices().last().map_or(0, |(at, _)| at) };
        line.truncate(kept);
    } else if let Some(list) = overlay.list_mut() {
        list.widen(all);
    }
}

fn step(state: &mut State<'_>, steps: i32, at: u64) {
    if what_if::in_front(state) {
        return what_if::turn(state, steps, at);
    }
    slide(state, at, |knob, scenario, catalog| knob.step(scenario, catalog, steps));
    knobs::renew(state);
}

fn move_focus(state: &mut State<'_>, by: isize) {
    let moved = |at: usize, count: usize| at.saturating_add_signed(by).min(count.saturating_sub(1));
    let focus = match state.focus {
        Focus::Slider(at) => Focus::Slider(moved(at, knob::sliders().count())),
        Focus::Panel { panel, machine } => {
            Focus::Panel { panel, machine: moved(machine, state.answers.machines.len()) }
        }
        Focus::Cell { row, column } => Focus::Cell { row: next_row(state, row, by), column },
    };
    state.set_focus(focus);
}

/// The next row of the sheet that is no heading; the same where there is none.
fn next_row(state: &State<'_>, row: usize, by: isize) -> usize {
    let rows = state.sheet.as_ref().map_or(&[][..], |sheet| &sheet.rows);
    let is_row = |at: &usize| rows.get(*at).is_some_and(|row| !row.heading);
    let found = if by < 0 { (0..row).rev().find(is_row) } else { (row + 1..rows.len()).find(is_row) };
    found.unwrap_or(row)
}

/// Sliders, then panel by panel or column by column of the sheet, then the sliders again.
fn next_region(state: &mut State<'_>, by: isize) {
    let columns = state.sheet.as_ref().filter(|sheet| !sheet.rows.is_empty()).map(|sheet| sheet.columns.len());
    let regions = columns.map_or(state.view().panels.len(), |columns| columns.saturating_sub(1)) + 1;
    let winner = state.answers.verdict.winner.unwrap_or(0);
    let (at, machine, row) = match state.focus {
        Focus::Slider(_) => (0, winner, 0),
        Focus::Panel { panel, machine } => (panel + 1, machine, 0),
        Focus::Cell { row, column } => (column, winner, row),
    };
    let next = (at + regions).saturating_add_signed(by) % regions;
    state.set_focus(match (next, columns) {
        (0, _) => Focus::Slider(state.turning),
        (column, Some(_)) => {
            let heading = state.sheet.as_ref().and_then(|sheet| sheet.rows.get(row)).is_some_and(|row| row.heading);
            Focus::Cell { row: if heading { next_row(state, row, 1) } else { row }, column }
        }
        (panel, None) => Focus::Panel { panel: panel - 1, machine },
    });
}

/// Shows one panel in place of all, the first where none has the focus; or all of them again.
fn zoom(state: &mut State<'_>) {
    if matches!(state.focus, Focus::Panel { .. }) {
        state.zoomed = !state.zoomed;
    } else if state.sheet.is_none() {
        state.zoomed = true;
        next_region(state, 1);
    }
}

/// Takes the row in place `place` of the visible ones, as a click does.
fn choose(state: &mut State<'_>, place: usize, at: u64) -> Option<Effect> {
    if let Some(Overlay::Trace(trace)) = &mut state.overlay {
        trace.choose(place);
        return None;
    }
    let list = state.overlay.as_mut().and_then(Overlay::list_mut)?;
    list.chosen = place;
    list.step(0);
    if matches!(state.overlay, Some(Overlay::Machines(_))) {
        toggle(state);
        return None;
    }
    accept(state, at)
}

fn accept(state: &mut State<'_>, at: u64) -> Option<Effect> {
    match state.overlay.take()? {
        Overlay::Open(list) => return opened(&list),
        Overlay::Steps(list) => present::chosen(state, &list, at),
        Overlay::Copy(list) => return copy::chosen(&list),
        Overlay::SaveAs(name) => return save_as(state, name),
        Overlay::Value { knob, text, from } => set_value(state, knob, text, from),
        Overlay::WhatIf { machine, list } => state.overlay = Some(what_if::ask(machine, list)),
        Overlay::Ask(ask) => answered(state, *ask),
        Overlay::Trace(trace) => trace::take(state, *trace),
        Overlay::Models(list) => {
            let id = list.current().map(|(_, row)| row.id.clone())?;
            match models::file_of(&id) {
                Some(path) => return Some(Effect::ReadModel(path)),
                None => write(state, knobs::MODEL, &id),
            }
        }
        Overlay::Knobs(list) => state.overlay = Some(knobs::ask(list)),
        Overlay::Palette(list, deeds) => {
            let deed = list.current().and_then(|(row, _)| deeds.get(row).cloned());
            return deed.and_then(|deed| perform(state, deed, at));
        }
        Overlay::Machines(_) | Overlay::Help(_) | Overlay::Page(_) => {}
    }
    None
}

/// Takes an answer of the three questions; after the last one the overview shows what comes of them.
fn answered(state: &mut State<'_>, ask: Ask) {
    match ask.take(state.catalog) {
        Taken::Next(ask) => state.overlay = Some(Overlay::Ask(ask)),
        Taken::Again(ask, text) => {
            state.notice = Some(Notice { text, bad: true });
            state.overlay = Some(Overlay::Ask(ask));
        }
        Taken::Done(scenario) => {
            replace(state, *scenario, None);
            state.show(0);
        }
    }
}

/// Leaves what lies in front for what it came from: the question before, or the list that a value's line was opened from.
fn cancel(state: &mut State<'_>) {
    state.overlay = match state.overlay.take() {
        Some(Overlay::Value { from: Some(from), .. }) => Some(*from),
        Some(Overlay::Ask(ask)) => ask.back(state.catalog).map(|ask| Overlay::Ask(Box::new(ask))),
        _ => None,
    };
}
