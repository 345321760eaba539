//! The scenarios that can be opened.

use ratatui::layout::Rect;

use super::{Chooser, Component, Outcome, list};
use crate::ui::input::{Action, Context};
use crate::ui::state::{Effect, State};
use crate::ui::view::canvas::Canvas;
use crate::ui::view::hit::Hits;

/// The scenarios that can be opened.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OpenList {
    /// The rows, by name or path.
    pub list: Chooser,
}

impl Component for OpenList {
    fn context(&self) -> Context {
        Context::List
    }

    fn handle(&mut self, _: &mut State<'_>, action: Action, _: u64) -> Outcome {
        match action {
            Action::Accept => Outcome::Closes(self.list.current().map(|(_, row)| Effect::Load(row.id.clone()))),
            _ => Outcome::Unhandled,
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, _: &State<'_>, area: Rect, hits: &mut Hits) {
        list::draw(canvas, area, ("Open a scenario", "type to narrow"), &self.list, hits);
    }

    fn list(&self) -> Option<&Chooser> {
        Some(&self.list)
    }

    fn list_mut(&mut self) -> Option<&mut Chooser> {
        Some(&mut self.list)
    }
}
