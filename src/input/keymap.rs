//! Which keys start which action: those of [`ACTIONS`], or the person's own in their place.
//!
//! One value, owned by the explorer's state: dispatch, hints, help and `whichbox keys` all read it.

use super::{ACTIONS, Action, Binding, Chord, Context};

/// The keys in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keymap {
    /// One row per row of [`ACTIONS`], in its order.
    rows: Vec<Bound>,
}

/// A row of [`ACTIONS`] with the keys that it has now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// What is done, where, in which words.
    pub row: &'static Binding,
    /// Its keys as they are written, the one to show first.
    pub keys: Vec<String>,
    chords: Vec<Chord>,
}

impl Default for Keymap {
    fn default() -> Self {
        let default = |row: &'static Binding| Bound::of(row, row.keys.iter().filter_map(|key| key.parse().ok()));
        Self { rows: ACTIONS.iter().map(default).collect() }
    }
}

impl Keymap {
    /// The action that `chord` starts in `context`.
    #[must_use]
    pub fn action_for(&self, chord: Chord, context: Context) -> Option<Action> {
        self.in_context(context).find(|bound| bound.chords.contains(&chord)).map(|bound| bound.row.action)
    }

    /// The keys of `action` in `context`, the one to show first.
    #[must_use]
    pub fn keys_of(&self, action: Action, context: Context) -> &[String] {
        self.in_context(context).find(|bound| bound.row.action == action).map_or(&[], |bound| &bound.keys)
    }

    /// The key to show for `action` in `context`; empty where it has none.
    #[must_use]
    pub fn first_key(&self, action: Action, context: Context) -> &str {
        self.keys_of(action, context).first().map_or("", String::as_str)
    }

    /// Every row with its keys, in the order of the table.
    #[must_use]
    pub fn rows(&self) -> &[Bound] {
        &self.rows
    }

    /// The rows that work in `context`.
    pub fn in_context(&self, context: Context) -> impl Iterator<Item = &Bound> {
        self.rows.iter().filter(move |bound| bound.row.contexts.contains(&context))
    }
}

impl Bound {
    fn of(row: &'static Binding, chords: impl IntoIterator<Item = Chord>) -> Self {
        let chords: Vec<Chord> = chords.into_iter().collect();
        Self { row, keys: chords.iter().map(Chord::to_string).collect(), chords }
    }

    /// The key to show; empty where it has none.
    #[must_use]
    pub fn first_key(&self) -> &str {
        self.keys.first().map_or("", String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_of_the_table_is_a_chord_and_means_one_thing_per_context() {
        let keymap = Keymap::default();
        for (row, bound) in ACTIONS.iter().zip(keymap.rows()) {
            assert_eq!(bound.keys, row.keys, "{}: a key is no chord, or is written in another way", row.id);
            for chord in &bound.chords {
                for context in row.contexts {
                    let with_it = keymap.in_context(*context).filter(|other| other.chords.contains(chord));
                    let ids: Vec<&str> = with_it.map(|other| other.row.id).collect();
                    assert_eq!(ids, [row.id], "{chord} in {context:?}");
                    assert_eq!(keymap.action_for(*chord, *context), Some(row.action));
                }
            }
        }
    }
}
