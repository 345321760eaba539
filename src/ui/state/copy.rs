//! What can be copied: the menu and what its rows stand for.

use super::chooser::{Choice, Chooser, Column};
use super::message::Effect;
use super::state::{Focus, State};

/// Something that can be copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Copied {
    /// The answer in words.
    Verdict,
    /// The sheet, or the panel in focus, as a Markdown table.
    Shown,
    /// The scenario as a file's text.
    Scenario,
    /// The command line that gives the same figures.
    Command,
}

/// The rows of the menu.
const MENU: &[(Copied, &str, &str)] = &[
    (Copied::Verdict, "verdict", "the answer in words, with the catalog's date"),
    (Copied::Shown, "table", "a Markdown table of"),
    (Copied::Scenario, "scenario", "the text of its file"),
    (Copied::Command, "command", "the command line that gives these figures"),
];

impl Copied {
    /// What it is called.
    #[must_use]
    pub fn name(self) -> &'static str {
        MENU.iter().find(|(what, ..)| *what == self).map_or("", |(_, name, _)| name)
    }
}

/// The menu.
pub(super) fn menu(state: &State<'_>) -> Chooser {
    let rows = MENU.iter().map(|(what, name, help)| {
        let help = if *what == Copied::Shown { format!("{help} {}", shown(state)) } else { (*help).to_owned() };
        Choice { id: (*name).to_owned(), label: (*name).to_owned(), cells: vec![help], ..Choice::default() }
    });
    Chooser::of(vec![Column::default()], rows.collect())
}

/// What the table would be of.
fn shown(state: &State<'_>) -> String {
    match (&state.sheet, panel(state)) {
        (Some(sheet), _) => sheet.title.to_lowercase(),
        (None, Some(panel)) => format!("the panel {panel}"),
        (None, None) => "nothing".to_owned(),
    }
}

/// The panel in focus, the view's first where none is, by its id.
#[must_use]
pub fn panel(state: &State<'_>) -> Option<&'static str> {
    let at = match state.focus {
        Focus::Panel { panel, .. } => panel,
        Focus::Slider(_) | Focus::Cell { .. } => 0,
    };
    state.view().panels.get(at).copied()
}

/// What the chosen row asks for.
pub(super) fn chosen(list: &Chooser) -> Option<Effect> {
    let (_, row) = list.current()?;
    MENU.iter().find(|(_, name, _)| *name == row.id).map(|(what, ..)| Effect::Copy(*what))
}
