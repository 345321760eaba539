//! The assumptions about a machine: a list of its parts, each of which is stepped, typed or reset to the catalog's
//! value. Also adds copies of it that do not exist.

use std::sync::Arc;

use ratatui::layout::Rect;

use super::{Choice, Chooser, Column, Component, Outcome, Value, list};
use crate::model::facts::{Fact, Machine};
use crate::model::scenario::what_if::{PARTS, Part};
use crate::model::scenario::{MACHINES, Scenario, WhatIf as Assumptions};
use crate::model::units::{Amount, Unit, round_significant};
use crate::ui::input::{Action, Context};
use crate::ui::state::{Effect, Focus, Gesture, State, complain, replace, steps_of};
use crate::ui::view::canvas::Canvas;
use crate::ui::view::hit::Hits;

/// The id of the knob for assumptions about machines.
pub(super) const WHAT_IF: &str = "what-if";

/// Relative change of a part by one step.
const TURN: f64 = 0.05;

/// The assumptions about one machine.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WhatIf {
    /// The machine's id.
    pub machine: String,
    /// Its parts.
    pub list: Chooser,
}

/// Opens the assumptions about the focused machine, or about the winner.
pub(super) fn open(state: &mut State<'_>) -> Option<Effect> {
    let id = in_focus(state)?;
    state.overlay = WhatIf::of(state, id, None).map(Into::into);
    None
}

/// Adds a machine that does not exist, two linked boxes of the focused one, and opens the assumptions about it.
pub(super) fn open_copy(state: &mut State<'_>) -> Option<Effect> {
    let id = in_focus(state)?;
    let original = state.scenario.sold_as(&id).0.to_owned();
    let copy = new_id(state, &original)?;
    let mut scenario: Scenario = state.scenario.clone();
    if scenario.machines.len() >= *MACHINES.end() {
        complain(state, format!("{} machines are compared at most", MACHINES.end()));
        return None;
    }
    let like = Assumptions { like: Some(original), count: Some(2.0), ..Assumptions::default() };
    scenario.what_if.insert(copy.clone(), like);
    Arc::make_mut(&mut scenario.machines).push(copy.clone());
    replace(state, scenario, None);
    state.overlay = WhatIf::of(state, copy, None).map(Into::into);
    None
}

impl Component for WhatIf {
    fn context(&self) -> Context {
        Context::WhatIf
    }

    fn handle(&mut self, state: &mut State<'_>, action: Action, at: u64) -> Outcome {
        if let Some(steps) = steps_of(action) {
            return self.turn(state, steps, at);
        }
        match action {
            Action::Accept => self.ask_value(state),
            Action::Forget => match self.chosen() {
                Some(part) => self.assume(state, part, None, None),
                None => Outcome::Stays,
            },
            Action::NextMachine => self.next_machine(state, 1),
            Action::PreviousMachine => self.next_machine(state, -1),
            _ => Outcome::Unhandled,
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, state: &State<'_>, area: Rect, hits: &mut Hits) {
        let machine = state.scenario.machine(state.catalog, &self.machine);
        let name = machine.map_or_else(|_| self.machine.clone(), |machine| machine.name.clone());
        list::draw(canvas, area, ("What if", &name), &self.list, hits);
    }

    fn list(&self) -> Option<&Chooser> {
        Some(&self.list)
    }

    fn list_mut(&mut self) -> Option<&mut Chooser> {
        Some(&mut self.list)
    }

    fn refresh(&mut self, state: &State<'_>) {
        if let Some(renewed) = Self::of(state, self.machine.clone(), Some(self.list.clone())) {
            *self = renewed;
        }
    }
}

impl WhatIf {
    /// Builds the list of a machine's parts with their current values; the filter and the chosen part are those of
    /// `before`.
    pub(super) fn of(state: &State<'_>, id: String, before: Option<Chooser>) -> Option<Self> {
        let machine = state.scenario.machine(state.catalog, &id).ok()?;
        let assumed = state.scenario.what_if.get(&id).cloned().unwrap_or_default();
        let original = state.catalog.machine(assumed.like.as_deref().unwrap_or(&id)).ok()?;
        let parts = PARTS.iter().filter(|part| !part.of_copies || assumed.like.is_some());
        let keys =
            "{turn-less} and {turn-more} turn it, {type-value} types a value, {forget} gives it back to the catalog";
        let about = state.keymap.told(keys);
        let rows = parts.map(|part| Choice { about: about.clone(), ..row(part, &assumed, &machine, original) });
        let titles = ["now", "", "found", "how it is known"];
        let columns =
            titles.iter().enumerate().map(|(at, title)| Column { number: at == 0 || at == 2, ..Column::number(title) });
        let mut list = Chooser::of(columns.collect(), rows.collect());
        if let Some(before) = before {
            (list.filter, list.chosen) = (before.filter, before.chosen);
        }
        Some(Self { machine: id, list })
    }

    fn chosen(&self) -> Option<&'static Part> {
        let (_, row) = self.list.current()?;
        PARTS.iter().find(|part| part.id == row.id)
    }

    /// Opens an input line for the chosen part; the list opens again after it.
    fn ask_value(&mut self, state: &mut State<'_>) -> Outcome {
        let Some(part) = self.chosen() else { return Outcome::Stays };
        let text = format!("{}.{}=", self.machine, part.id);
        let from = Some(Box::new(std::mem::take(self).into()));
        state.overlay = Some(Value { knob: WHAT_IF, text, from }.into());
        Outcome::Closes(None)
    }

    /// Changes the chosen part by `steps`.
    fn turn(&mut self, state: &mut State<'_>, steps: i32, at: u64) -> Outcome {
        let Some(part) = self.chosen() else { return Outcome::Stays };
        let assumed = state.scenario.what_if.get(&self.machine).cloned().unwrap_or_default();
        let of_machine = || {
            let machine = state.scenario.machine(state.catalog, &self.machine).ok()?;
            (part.fact)(&machine).map(|fact| fact.value)
        };
        let now = (part.get)(&assumed).or_else(of_machine).unwrap_or(1.0);
        let next = if part.range.is_whole() {
            now + f64::from(steps)
        } else {
            round_significant(now * (1.0 + TURN).powi(steps), 3)
        };
        let next = next.clamp(part.range.low, part.range.high);
        self.assume(state, part, Some(next), Some(Gesture { kind: part.id, at }))
    }

    /// Assumes a value of a part; `None` resets it to the catalog's value.
    fn assume(&mut self, state: &mut State<'_>, part: &Part, value: Option<f64>, gesture: Option<Gesture>) -> Outcome {
        let mut scenario = state.scenario.clone();
        let assumed = scenario.what_if.entry(self.machine.clone()).or_default();
        if part.assume(assumed, value).is_ok() {
            scenario.what_if.retain(|_, assumed| !assumed.is_empty());
            replace(state, scenario, gesture);
        }
        self.refresh(state);
        Outcome::Stays
    }

    /// Shows the parts of the compared machine `by` places further on.
    fn next_machine(&mut self, state: &State<'_>, by: isize) -> Outcome {
        let machines = &state.scenario.machines;
        let at = machines.iter().position(|id| *id == self.machine).unwrap_or(0);
        let next = (at + machines.len()).saturating_add_signed(by) % machines.len().max(1);
        if let Some(id) = machines.get(next) {
            self.machine.clone_from(id);
        }
        self.refresh(state);
        Outcome::Stays
    }
}

/// Returns the id of the focused machine, or of the winner.
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

fn row(part: &Part, assumed: &Assumptions, machine: &Machine, original: &Machine) -> Choice {
    let number = |value: f64| Amount::exact(value, Unit::Count).to_string();
    let fact = |machine| (part.fact)(machine).map(|fact: &Fact| number(fact.value));
    let value = (part.get)(assumed);
    let now = value.map(number).or_else(|| fact(machine)).unwrap_or_else(|| "not set".to_owned());
    let mark = if value.is_some() { "* assumed" } else { "" };
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

/// Returns an id that no machine has.
fn new_id(state: &State<'_>, original: &str) -> Option<String> {
    let free = |id: &String| state.scenario.machine(state.catalog, id).is_err();
    (2..100)
        .map(|count| if count == 2 { format!("2x-{original}") } else { format!("2x-{original}-{count}") })
        .find(free)
}
