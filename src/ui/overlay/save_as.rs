//! An input line for the name of the file to save.

use std::path::PathBuf;

use ratatui::layout::Rect;

use super::{Component, Outcome, field};
use crate::ui::input::{Action, Context};
use crate::ui::state::{Effect, State, complain};
use crate::ui::view::canvas::Canvas;
use crate::ui::view::hit::Hits;

/// An input line for the name of the file to save.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SaveAs {
    /// The typed name.
    pub name: String,
}

/// Opens the line with the file's name, or with a name made from that of the scenario.
pub(in crate::ui) fn open(state: &mut State<'_>) -> Option<Effect> {
    let name = match &state.document.path {
        Some(path) => path.display().to_string(),
        None => format!("{}.ron", state.document.name),
    };
    state.overlay = Some(SaveAs { name }.into());
    None
}

impl Component for SaveAs {
    fn context(&self) -> Context {
        Context::Text
    }

    fn handle(&mut self, state: &mut State<'_>, action: Action, _: u64) -> Outcome {
        match action {
            Action::Accept if self.name.trim().is_empty() => {
                let leaves = state.keymap.told("write a file name, or leave with {cancel}");
                complain(state, leaves);
                Outcome::Stays
            }
            Action::Accept => Outcome::Closes(Some(Effect::Save { to: Some(PathBuf::from(self.name.trim())) })),
            _ => Outcome::Unhandled,
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, state: &State<'_>, area: Rect, hits: &mut Hits) {
        let help = "a file name; files that this program did not write are never replaced";
        field::draw(canvas, state, area, ("Save as", help, ""), (&self.name, &[]), hits);
    }

    fn line_mut(&mut self) -> Option<&mut String> {
        Some(&mut self.name)
    }

    fn shows_complaints(&self) -> bool {
        true
    }
}
