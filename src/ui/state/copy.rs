//! The texts that can be copied.

use super::state::{Focus, State};

/// A text that can be copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Copied {
    /// The answer in words.
    Verdict,
    /// The sheet or the focused panel, as a Markdown table.
    Shown,
    /// The scenario as the text of its file.
    Scenario,
    /// The command line that gives the same figures.
    Command,
}

impl Copied {
    /// All texts, in the order of the menu.
    pub const ALL: [Self; 4] = [Self::Verdict, Self::Shown, Self::Scenario, Self::Command];

    /// Returns its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.words().0
    }

    /// Returns its description for the menu; for a table, the caller appends its subject.
    #[must_use]
    pub fn help(self) -> &'static str {
        self.words().1
    }

    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Verdict => ("verdict", "the answer in words, with the catalog's date"),
            Self::Shown => ("table", "a Markdown table of"),
            Self::Scenario => ("scenario", "the text of its file"),
            Self::Command => ("command", "the command line that gives these figures"),
        }
    }
}

/// Returns the id of the focused panel, or of the view's first panel if none is focused.
#[must_use]
pub fn panel(state: &State<'_>) -> Option<&'static str> {
    let at = match state.focus {
        Focus::Panel { panel, .. } => panel,
        Focus::Slider(_) | Focus::Cell { .. } => 0,
    };
    state.view().panels.get(at).copied()
}
