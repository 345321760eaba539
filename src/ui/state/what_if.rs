//! What if a machine differed: its parts in a list, each turned, typed or given back to the catalog, and copies of it
//! that do not exist yet.

use std::sync::Arc;

use super::chooser::{Choice, Chooser, Column};
use super::edit::replace;
use super::history::Gesture;
use super::knobs::WHAT_IF;
use super::lines;
use super::overlay::Overlay;
use super::state::{Focus, State};
use crate::model::facts::{Fact, Machine};
use crate::model::scenario::what_if::{PARTS, Part};
use crate::model::scenario::{MACHINES, Scenario, WhatIf};
use crate::model::units::{Amount, Unit, round_significant};

/// A turn changes a part by this share of it.
const TURN: f64 = 0.05;

/// Whether the list of parts is in front.
pub(super) fn in_front(state: &State<'_>) -> bool {
    matches!(state.overlay, Some(Overlay::WhatIf { .. }))
}

/// Opens the parts of the machine in focus, or of the winner.
pub(super) fn open(state: &mut State<'_>) {
    let id = in_focus(state);
    state.overlay = id.and_then(|id| overlay(state, id, None));
}

fn in_focus(state: &State<'_>) -> Option<String> {
    let winner = state.answers.verdict.winner.unwrap_or(0);
    let at = match state.focus {
        Focus::Panel { machine, .. } => machine,
        Focus::Cell { column, .. } => {
            let column = state.sheet.as_ref().and_then(|sheet| sheet.columns.get(column));
            column.and_then(|column| column.machine).unwrap_or(winner)
        }
        Focus::Slider(_) => winner,
    };
    state.answers.machines.get(at).map(|answer| answer.machine.id.clone())
}

/// The parts of a machine as they are now; the filter and the chosen part stay as they were `before`.
pub(super) fn overlay(state: &State<'_>, id: String, before: Option<Chooser>) -> Option<Overlay> {
    let machine = state.scenario.machine(state.catalog, &id).ok()?;
    let what_if = state.scenario.what_if.get(&id).cloned().unwrap_or_default();
    let original = state.catalog.machine(what_if.like.as_deref().unwrap_or(&id)).ok()?;
    let parts = PARTS.iter().filter(|part| !part.of_copies || what_if.like.is_some());
    let keys = "{turn-less} and {turn-more} turn it, {type-value} types a value, {forget} gives it back to the catalog";
    let about = state.keymap.told(keys);
    let rows = parts.map(|part| Choice { about: about.clone(), ..row(part, &what_if, &machine, original) }).collect();
    let titles = ["now", "", "found", "how it is known"];
    let columns = titles.iter().enumerate().map(|(at, title)| Column {
        title: (*title).to_owned(),
        number: at == 0 || at == 2,
        most: 0,
    });
    let mut list = Chooser::of(columns.collect(), rows);
    if let Some(before) = before {
        (list.filter, list.chosen) = (before.filter, before.chosen);
    }
    Some(Overlay::WhatIf { machine: id, list })
}

fn row(part: &Part, what_if: &WhatIf, machine: &Machine, original: &Machine) -> Choice {
    let number = |value: f64| Amount::exact(value, Unit::Count).to_string();
    let fact = |machine| (part.fact)(machine).map(|fact: &Fact| number(fact.value));
    let assumed = (part.get)(what_if);
    let now = assumed.map(number).or_else(|| fact(machine)).unwrap_or_else(|| "not set".to_owned());
    let mark = if assumed.is_some() { "* assumed" } else { "" };
    let found = (part.fact)(original).map_or(String::new(), |fact| {
        let date = fact.date.map_or(String::new(), |date| format!(" {date}"));
        format!("{}{date}", fact.basis.word())
    });
    Choice {
        id: part.id.to_owned(),
        label: part.label.to_owned(),
        cells: vec![now, mark.to_owned(), fact(original).unwrap_or_default(), found],
        ..Choice::default()
    }
}

/// The machine and the part that are chosen in front.
fn chosen(state: &State<'_>) -> Option<(String, &'static Part)> {
    let Some(Overlay::WhatIf { machine, list }) = &state.overlay else { return None };
    let (_, row) = list.current()?;
    Some((machine.clone(), PARTS.iter().find(|part| part.id == row.id)?))
}

/// Asks for a value of the chosen part; the parts come back after it.
pub(super) fn ask(machine: String, list: Chooser) -> Overlay {
    let text = list.current().map(|(_, row)| format!("{machine}.{}=", row.id));
    let from = Overlay::WhatIf { machine, list };
    match text {
        Some(text) => Overlay::Value { knob: WHAT_IF, text, from: Some(Box::new(from)) },
        None => from,
    }
}

/// Turns the chosen part by so many steps.
pub(super) fn turn(state: &mut State<'_>, steps: i32, at: u64) {
    let Some((id, part)) = chosen(state) else { return };
    let what_if = state.scenario.what_if.get(&id).cloned().unwrap_or_default();
    let of_machine = || {
        let machine = state.scenario.machine(state.catalog, &id).ok()?;
        (part.fact)(&machine).map(|fact| fact.value)
    };
    let now = (part.get)(&what_if).or_else(of_machine).unwrap_or(1.0);
    let next = if part.range.is_whole() {
        now + f64::from(steps)
    } else {
        round_significant(now * (1.0 + TURN).powi(steps), 3)
    };
    assume(state, &id, part, Some(next.clamp(part.range.low, part.range.high)), Some(Gesture { kind: part.id, at }));
}

/// Gives the chosen part back to the catalog.
pub(super) fn forget(state: &mut State<'_>) {
    if let Some((id, part)) = chosen(state) {
        assume(state, &id, part, None, None);
    }
}

fn assume(state: &mut State<'_>, id: &str, part: &Part, value: Option<f64>, gesture: Option<Gesture>) {
    let mut scenario = state.scenario.clone();
    let what_if = scenario.what_if.entry(id.to_owned()).or_default();
    if part.assume(what_if, value).is_ok() {
        scenario.what_if.retain(|_, what_if| !what_if.is_empty());
        replace(state, scenario, gesture);
    }
    renew(state);
}

fn renew(state: &mut State<'_>) {
    if let Some(Overlay::WhatIf { machine, list }) =
        state.overlay.take_if(|overlay| matches!(overlay, Overlay::WhatIf { .. }))
    {
        state.overlay = overlay(state, machine, Some(list));
    }
}

/// The parts of the machine after or before, of those on the screen.
pub(super) fn next_machine(state: &mut State<'_>, by: isize) {
    let Some(Overlay::WhatIf { machine, list }) = state.overlay.take() else { return };
    let machines = &state.scenario.machines;
    let at = machines.iter().position(|id| *id == machine).unwrap_or(0);
    let next = (at + machines.len()).saturating_add_signed(by) % machines.len().max(1);
    let id = machines.get(next).cloned().unwrap_or(machine);
    state.overlay = overlay(state, id, Some(list));
}

/// Puts a machine on the screen that does not exist: two of the one in focus, its parts in front.
pub(super) fn copy(state: &mut State<'_>) {
    let Some(id) = in_focus(state) else { return };
    let original = state.scenario.sold_as(&id).0.to_owned();
    let Some(copy) = new_id(state, &original) else { return };
    let mut scenario: Scenario = state.scenario.clone();
    if scenario.machines.len() >= *MACHINES.end() {
        return lines::complain(state, format!("{} machines are compared at most", MACHINES.end()));
    }
    let like = WhatIf { like: Some(original), count: Some(2.0), ..WhatIf::default() };
    scenario.what_if.insert(copy.clone(), like);
    Arc::make_mut(&mut scenario.machines).push(copy.clone());
    replace(state, scenario, None);
    state.overlay = overlay(state, copy, None);
}

/// An id that no machine has.
fn new_id(state: &State<'_>, original: &str) -> Option<String> {
    let free = |id: &String| state.scenario.machine(state.catalog, id).is_err();
    (2..100)
        .map(|count| if count == 2 { format!("2x-{original}") } else { format!("2x-{original}-{count}") })
        .find(free)
}
