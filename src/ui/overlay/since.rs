//! The changes since the scenario was saved: a notice when it is opened, and a page on request.

use super::Page;
use crate::model::answer::{ChangesSinceSave, answer_scenario, changes_since_save};
use crate::ui::state::{Effect, Notice, State};

/// Compares the figures saved in the file with the current ones; returns `None` if the file has none.
fn of_document(state: &State<'_>) -> Option<ChangesSinceSave> {
    let document = &state.document.saved;
    let saved = document.saved.as_ref()?;
    let now = answer_scenario(state.catalog, document).ok()?;
    Some(changes_since_save(state.catalog, saved, &now))
}

impl State<'_> {
    /// Shows a notice of the changes since the scenario was saved, if there are any.
    pub fn tell_since(&mut self) {
        let Some(since) = of_document(self).filter(|since| !since.is_quiet()) else { return };
        let all = since.sentences();
        let first = all.first().cloned().unwrap_or_default();
        let changes: Vec<&str> = since.changes.iter().map(String::as_str).collect();
        let does = self.keymap.told("{since} lists it");
        let text = format!("{}: {first}. {}. {does}.", capital(&since.when()), changes.join(". "));
        let bad = since.verdict.is_some();
        self.notice = Some(Notice { text, bad });
    }
}

/// Opens the page of all changes, or shows a notice that nothing was saved.
pub(super) fn open(state: &mut State<'_>) -> Option<Effect> {
    let Some(since) = of_document(state) else {
        state.notice = Some(Notice { text: "not saved yet, so nothing to compare with".to_owned(), bad: false });
        return None;
    };
    let mut lines = since.sentences();
    if since.changes.is_empty() {
        lines.push("no figure changed".to_owned());
    }
    let title = format!("What changed {}", since.when());
    state.overlay = Some(Page { title, lines, scroll: 0 }.into());
    None
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
