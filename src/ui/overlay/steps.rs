//! The list of the steps of the presented deck, for going to one of them.

use ratatui::layout::Rect;

use super::{Choice, Chooser, Column, Component, Outcome, list};
use crate::ui::input::{Action, Context};
use crate::ui::present::deck::Step;
use crate::ui::present::go;
use crate::ui::state::{Effect, State};
use crate::ui::view::canvas::Canvas;
use crate::ui::view::hit::Hits;

/// The list of the steps of the presented deck.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Steps {
    /// The rows, by the steps' indices.
    pub list: Chooser,
}

/// Opens the list during a presentation, with the current step chosen.
pub(super) fn open(state: &mut State<'_>) -> Option<Effect> {
    let present = state.present.as_ref()?;
    let row = |(at, step): (usize, &Step)| Choice {
        id: at.to_string(),
        label: format!("{} {}", at + 1, step.title),
        about: step.notes.lines().next().unwrap_or_default().to_owned(),
        ..Choice::default()
    };
    let rows = present.deck.steps.iter().enumerate().map(row).collect();
    let mut list = Chooser::of(vec![Column::default()], rows);
    list.chosen = present.at;
    state.overlay = Some(Steps { list }.into());
    None
}

impl Component for Steps {
    fn context(&self) -> Context {
        Context::List
    }

    fn handle(&mut self, state: &mut State<'_>, action: Action, at: u64) -> Outcome {
        match action {
            Action::Accept => {
                if let Some(step) = self.list.current().and_then(|(_, row)| row.id.parse().ok()) {
                    go(state, step, at);
                }
                Outcome::Closes(None)
            }
            _ => Outcome::Unhandled,
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, _: &State<'_>, area: Rect, hits: &mut Hits) {
        list::draw(canvas, area, ("Steps", "type to narrow"), &self.list, hits);
    }

    fn list(&self) -> Option<&Chooser> {
        Some(&self.list)
    }

    fn list_mut(&mut self) -> Option<&mut Chooser> {
        Some(&mut self.list)
    }
}
