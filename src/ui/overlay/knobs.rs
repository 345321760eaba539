//! All knobs in one list: arrow keys change those with stops, and the others are typed.

use ratatui::layout::Rect;

use super::{Choice, Chooser, Column, Component, Outcome, Value, list};
use crate::model::scenario::knob::{KNOBS, Knob, knob};
use crate::ui::input::{Action, Context};
use crate::ui::state::{Effect, State, steps_of, turn_knob};
use crate::ui::view::canvas::Canvas;
use crate::ui::view::hit::Hits;

/// All knobs with their values.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Knobs {
    /// The rows, by the knobs' ids.
    pub list: Chooser,
}

/// Opens the list.
pub(super) fn open(state: &mut State<'_>) -> Option<Effect> {
    state.overlay = Some(Knobs { list: knobs(state) }.into());
    None
}

fn knobs(state: &State<'_>) -> Chooser {
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
    if setting.note.is_empty() { setting.text } else { format!("{}  {}", setting.text, setting.note) }
}

impl Knobs {
    /// Returns the chosen knob, which the arrow keys change.
    fn focused_knob(&self) -> Option<&'static Knob> {
        self.list.current().and_then(|(_, row)| knob(&row.id).ok())
    }

    /// Opens an input line for the chosen knob; the list opens again after it.
    fn ask_value(&mut self, state: &mut State<'_>) -> Outcome {
        let Some(knob) = self.focused_knob() else { return Outcome::Stays };
        let from = Some(Box::new(std::mem::take(self).into()));
        state.overlay = Some(Value { from, ..Value::of(knob.id) }.into());
        Outcome::Closes(None)
    }
}

impl Component for Knobs {
    fn context(&self) -> Context {
        Context::Knobs
    }

    fn handle(&mut self, state: &mut State<'_>, action: Action, at: u64) -> Outcome {
        if let Some(steps) = steps_of(action) {
            if let Some(knob) = self.focused_knob() {
                turn_knob(state, knob, at, |scenario, catalog| knob.step(scenario, catalog, steps));
            }
            self.refresh(state);
            return Outcome::Stays;
        }
        match action {
            Action::Accept => self.ask_value(state),
            _ => Outcome::Unhandled,
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, _: &State<'_>, area: Rect, hits: &mut Hits) {
        list::draw(canvas, area, ("Every knob", "type to narrow"), &self.list, hits);
    }

    fn list(&self) -> Option<&Chooser> {
        Some(&self.list)
    }

    fn list_mut(&mut self) -> Option<&mut Chooser> {
        Some(&mut self.list)
    }

    fn refresh(&mut self, state: &State<'_>) {
        let chosen = self.focused_knob().map(|knob| knob.id);
        self.list.rows = knobs(state).rows;
        let place = self.list.visible().position(|(_, row)| Some(row.id.as_str()) == chosen);
        self.list.chosen = place.unwrap_or(0);
    }
}
