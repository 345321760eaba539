//! The menu of the texts that can be copied.

use ratatui::layout::Rect;

use super::{Choice, Chooser, Column, Component, Outcome, list};
use crate::ui::input::{Action, Context};
use crate::ui::state::{Copied, Effect, State, shown_panel};
use crate::ui::view::canvas::Canvas;
use crate::ui::view::hit::Hits;

/// The menu of the texts that can be copied.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CopyMenu {
    /// Its rows.
    pub list: Chooser,
}

/// Opens the menu.
pub(super) fn open(state: &mut State<'_>) -> Option<Effect> {
    let rows = Copied::ALL.iter().map(|copied| {
        let (name, help) = (copied.name(), copied.help());
        let help = if *copied == Copied::Shown { format!("{help} {}", shown(state)) } else { help.to_owned() };
        Choice { id: name.to_owned(), label: name.to_owned(), cells: vec![help], ..Choice::default() }
    });
    let list = Chooser::of(vec![Column::default()], rows.collect());
    state.overlay = Some(CopyMenu { list }.into());
    None
}

/// Returns the name of the table that would be copied.
fn shown(state: &State<'_>) -> String {
    match (&state.sheet, shown_panel(state)) {
        (Some(sheet), _) => sheet.title.to_lowercase(),
        (None, Some(panel)) => format!("the panel {panel}"),
        (None, None) => "nothing".to_owned(),
    }
}

impl Component for CopyMenu {
    fn context(&self) -> Context {
        Context::List
    }

    fn handle(&mut self, _: &mut State<'_>, action: Action, _: u64) -> Outcome {
        match action {
            Action::Accept => {
                let row = self.list.current().map(|(_, row)| row.id.as_str());
                let copied = Copied::ALL.iter().find(|copied| Some(copied.name()) == row);
                Outcome::Closes(copied.map(|copied| Effect::Copy(*copied)))
            }
            _ => Outcome::Unhandled,
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, _: &State<'_>, area: Rect, hits: &mut Hits) {
        list::draw(canvas, area, ("Copy", "to the terminal's clipboard"), &self.list, hits);
    }

    fn list(&self) -> Option<&Chooser> {
        Some(&self.list)
    }

    fn list_mut(&mut self) -> Option<&mut Chooser> {
        Some(&mut self.list)
    }
}
