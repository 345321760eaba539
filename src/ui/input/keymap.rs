//! The keys in force: those of [`ACTIONS`], some of them replaced by the user's.
//!
//! The explorer's state owns the one keymap; dispatch, hints, help and `whichbox keys` read it.

use std::collections::BTreeMap;

use super::{ACTIONS, Action, Binding, Chord, Context, Key};
use crate::model::ron_file::{nearest, visible};

/// The keys in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keymap {
    /// One entry for each row of [`ACTIONS`], in its order.
    rows: Vec<Bound>,
}

/// The error for a key or an action in the user's settings.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{sentence}")]
pub struct KeyFault {
    /// The action as written.
    pub action: String,
    /// The key as written; `None` if the fault is in the action.
    pub key: Option<String>,
    /// The fault, and how to correct it.
    pub sentence: String,
}

/// A row of [`ACTIONS`] with the keys that are in force for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// The action with its contexts and descriptions.
    pub row: &'static Binding,
    /// The keys as text; the first is the one to show.
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
    /// Returns the keymap with the keys of some actions, by id, replaced.
    ///
    /// # Errors
    /// [`KeyFault`] for an unknown action, a text that is not a chord, or a key of two actions in one context.
    pub fn with(mut self, keys: &BTreeMap<String, Vec<String>>) -> Result<Self, KeyFault> {
        for (id, keys) in keys {
            let Some(bound) = self.rows.iter_mut().find(|bound| bound.row.id == *id) else {
                return Err(KeyFault { action: id.clone(), key: None, sentence: no_action(id) });
            };
            let fault = |key: &String, sentence| KeyFault { action: id.clone(), key: Some(key.clone()), sentence };
            let chord = |key: &String| chord_for(bound.row.action, key).map_err(|sentence| fault(key, sentence));
            *bound = Bound::of(bound.row, keys.iter().map(chord).collect::<Result<Vec<_>, _>>()?);
        }
        match self.conflict(keys) {
            Some(fault) => Err(fault),
            None => Ok(self),
        }
    }

    /// Returns the fault for the first key of two actions in one context of which one was changed.
    fn conflict(&self, changed: &BTreeMap<String, Vec<String>>) -> Option<KeyFault> {
        for (bound, written) in self.rows.iter().filter_map(|bound| Some((bound, changed.get(bound.row.id)?))) {
            for ((chord, key), written) in bound.chords.iter().zip(&bound.keys).zip(written) {
                let shares = |other: &&Bound| {
                    other.row.id != bound.row.id
                        && other.chords.contains(chord)
                        && other.row.contexts.iter().any(|context| bound.row.contexts.contains(context))
                };
                if let Some(other) = self.rows.iter().find(shares) {
                    let (id, other) = (bound.row.id, other.row.id);
                    let sentence =
                        format!("{key} is the key of \"{id}\" and of \"{other}\"; give one of them another key");
                    return Some(KeyFault { action: id.to_owned(), key: Some(written.clone()), sentence });
                }
            }
        }
        None
    }

    /// Returns the action that `chord` starts in `context`; `None` if there is none.
    #[must_use]
    pub fn action_for(&self, chord: Chord, context: Context) -> Option<Action> {
        self.in_context(context).find(|bound| bound.chords.contains(&chord)).map(|bound| bound.row.action)
    }

    /// Returns the keys of `action` in `context`; the first is the one to show.
    #[must_use]
    pub fn keys_of(&self, action: Action, context: Context) -> &[String] {
        self.in_context(context).find(|bound| bound.row.action == action).map_or(&[], |bound| &bound.keys)
    }

    /// Returns the key to show for `action` in `context`; empty if it has none.
    #[must_use]
    pub fn first_key(&self, action: Action, context: Context) -> &str {
        self.keys_of(action, context).first().map_or("", String::as_str)
    }

    /// Returns a text in which `{id}` of each action is replaced by the key to show. An action without a key is
    /// replaced by its id in quotes, by which the palette finds it.
    #[must_use]
    pub fn told(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, (id, after))) =
            rest.split_once('{').and_then(|(b, rest)| Some((b, rest.split_once('}')?)))
        {
            out.push_str(before);
            let bound = self.rows.iter().find(|bound| bound.row.id == id);
            debug_assert!(bound.is_some(), "no action has the id {id}");
            match bound.map_or("", Bound::first_key) {
                "" => out.extend(["\"", id, "\""]),
                key => out.push_str(key),
            }
            rest = after;
        }
        out.push_str(rest);
        out
    }

    /// Returns all rows with their keys, in the order of the table.
    #[must_use]
    pub fn rows(&self) -> &[Bound] {
        &self.rows
    }

    /// Returns the rows that work in `context`.
    pub fn in_context(&self, context: Context) -> impl Iterator<Item = &Bound> {
        self.rows.iter().filter(move |bound| bound.row.contexts.contains(&context))
    }
}

impl Bound {
    fn of(row: &'static Binding, chords: impl IntoIterator<Item = Chord>) -> Self {
        let chords: Vec<Chord> = chords.into_iter().collect();
        Self { row, keys: chords.iter().map(Chord::to_string).collect(), chords }
    }

    /// Returns the key to show; empty if the row has none.
    #[must_use]
    pub fn first_key(&self) -> &str {
        self.keys.first().map_or("", String::as_str)
    }
}

fn no_action(id: &str) -> String {
    let meant = nearest(id, ACTIONS.iter().map(|row| row.id));
    let meant = meant
        .map_or_else(|| "; `whichbox keys --settings` lists them".to_owned(), |id| format!("; did you mean \"{id}\"?"));
    format!("there is no action \"{}\"{meant}", visible(id))
}

/// Returns the chord that the user gives to an action, or the reason why it could never start it.
fn chord_for(action: Action, key: &str) -> Result<Chord, String> {
    let chord: Chord = key.parse().map_err(|fault: super::NotAChord| visible(&fault.to_string()))?;
    match chord {
        Chord { key: Key::Char('c'), ctrl: true, alt: false, .. } if action != Action::Quit => {
            Err("C-c always quits; give this another key".to_owned())
        }
        Chord { key: Key::Char(c), shift: true, .. } => {
            let upper: String = c.to_uppercase().collect();
            Err(format!("a character has its shift in itself; write {} instead of {}", visible(&upper), visible(key)))
        }
        Chord { key: Key::Tab, shift: true, .. } => Err("Tab with shift is the key BackTab; write that".to_owned()),
        chord => Ok(chord),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_tell_the_keys_in_force() {
        let keys = [("undo".to_owned(), vec!["C-t".to_owned()]), ("swap".to_owned(), vec![])];
        let keymap = Keymap::default().with(&keys.into()).unwrap_or_default();
        assert_eq!(
            keymap.told("{undo} goes back, {swap} swaps, {redo} redoes"),
            "C-t goes back, \"swap\" swaps, C-r redoes"
        );
        assert_eq!(keymap.told("nothing {"), "nothing {");
    }

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
