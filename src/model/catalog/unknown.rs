//! Finding an entry by its id, and suggesting the nearest id if there is none.

use crate::model::ron_file::{nearest, visible};

/// An id that the catalog does not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no {what} \"{id}\"{hint}")]
pub struct UnknownId {
    /// Kind of entry: machine, model, format …
    pub what: &'static str,
    /// Id, safe to display.
    pub id: String,
    /// End of the sentence: the entry that was probably intended, or the command that lists all.
    pub hint: String,
}

/// Returns the entry with `id`; `known` returns the words that a user may type, each with its id.
pub(super) fn find<'e, T>(
    entries: &'e [T],
    what: &'static str,
    id: &str,
    id_of: impl Fn(&T) -> &str,
    known: impl FnOnce() -> Vec<(String, String)>,
) -> Result<&'e T, UnknownId> {
    entries.iter().find(|entry| id_of(entry) == id).ok_or_else(|| {
        let known = known();
        let meant = nearest(id, known.iter().map(|(word, _)| word.as_str()))
            .and_then(|word| known.iter().find(|(other, _)| other == word));
        let hint = match meant {
            Some((word, id)) if word == id => format!("; did you mean \"{id}\"?"),
            Some((word, id)) => format!("; \"{word}\" is a \"{id}\" inside"),
            None => format!("; `whichbox list {}s` shows them", what.trim_start_matches("cache ")),
        };
        UnknownId { what, id: visible(id), hint }
    })
}

/// Returns the entry with `id`.
pub(super) fn find_by_id<'e, T>(
    entries: &'e [T],
    what: &'static str,
    id: &str,
    id_of: impl Fn(&T) -> &str,
) -> Result<&'e T, UnknownId> {
    let known = || entries.iter().map(|e| (id_of(e).to_owned(), id_of(e).to_owned())).collect();
    find(entries, what, id, &id_of, known)
}
