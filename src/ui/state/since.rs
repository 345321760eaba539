//! What has changed since the scenario was saved: told when it is opened, listed on demand.

use super::overlay::{Overlay, Page};
use super::state::{Notice, State};
use crate::model::answer::{ChangesSinceSave, answer_scenario, changes_since_save};

/// Compares what the file has on record with what is answered now; `None` where it has no record.
fn of_document(state: &State<'_>) -> Option<ChangesSinceSave> {
    let document = &state.document.saved;
    let saved = document.saved.as_ref()?;
    let now = answer_scenario(state.catalog, document).ok()?;
    Some(changes_since_save(state.catalog, saved, &now))
}

impl State<'_> {
    /// Tells what has changed since the scenario was saved, where anything has.
    pub fn tell_since(&mut self) {
        let Some(since) = of_document(self).filter(|since| !since.is_quiet()) else { return };
        let all = since.sentences();
        let first = all.first().cloned().unwrap_or_default();
        let changes: Vec<&str> = since.changes.iter().map(String::as_str).collect();
        let text = format!("{}: {first}. {}. d lists it.", capital(&since.when()), changes.join(". "));
        let bad = since.verdict.is_some();
        self.notice = Some(Notice { text, bad });
    }
}

/// The whole list, or why there is none.
pub(super) fn list(state: &mut State<'_>) {
    let Some(since) = of_document(state) else {
        let text = "nothing is on record: saving keeps what is answered".to_owned();
        state.notice = Some(Notice { text, bad: false });
        return;
    };
    let mut lines = since.sentences();
    if since.changes.is_empty() {
        lines.push("no figure changed".to_owned());
    }
    let title = format!("What changed {}", since.when());
    state.overlay = Some(Overlay::Page(Page { title, lines, scroll: 0 }));
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
