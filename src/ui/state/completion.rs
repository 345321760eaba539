//! Words that complete a value while it is typed: ids of models, formats, machines, whatever the knob is written with.

use super::chooser::{Choice, Chooser};
use super::overlay::Overlay;
use super::state::State;
use crate::model::scenario::knob::knob;

/// Words offered at most.
const MOST: usize = 5;

/// The start of the word that is being typed: values may be lists and pairs.
fn start_of_word(text: &str) -> usize {
    text.rfind([',', '=']).map_or(0, |at| at + 1)
}

impl State<'_> {
    /// The words that match best what is typed as a value, the best first; none where the value is a number.
    #[must_use]
    pub fn completions(&self) -> Vec<Choice> {
        let Some(Overlay::Value { knob: id, text, .. }) = &self.overlay else { return Vec::new() };
        let words = knob(id).map(|knob| knob.words(&self.scenario, self.catalog)).unwrap_or_default();
        // A word that asks for a value behind it is complete once it has its sign.
        let valued = text[text.rfind(',').map_or(0, |at| at + 1)..].contains('=');
        let words = words.into_iter().filter(|(word, _)| !(valued && word.ends_with('=')));
        let row = |(id, label): (String, String)| Choice { id: id.into(), label: label.into(), ..Choice::default() };
        let mut list = Chooser::of(Vec::new(), words.map(row).collect());
        text[start_of_word(text)..].trim().clone_into(&mut list.filter);
        list.visible().take(MOST).map(|(_, row)| row.clone()).collect()
    }
}

/// Puts the best word in place of the one that is being typed.
pub(super) fn complete(state: &mut State<'_>) {
    let Some(best) = state.completions().into_iter().next() else { return };
    if let Some(Overlay::Value { text, .. }) = &mut state.overlay {
        text.truncate(start_of_word(text));
        text.push_str(&best.id);
    }
}
