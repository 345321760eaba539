//! Chords: a key with its modifiers, written as `q`, `C-r`, `S-Right` or `Tab`.

use std::fmt;
use std::str::FromStr;

use crate::model::ron_file::visible;

/// A key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each variant is the key of its name")]
pub enum Key {
    /// A character as typed, with shift already applied.
    Char(char),
    Up,
    Down,
    Left,
    Right,
    Home,
    End,
    PageUp,
    PageDown,
    Tab,
    BackTab,
    Enter,
    Esc,
    Backspace,
    Delete,
    /// F1 to F12.
    F(u8),
}

/// A key with control, alt and shift. Shift is set only for keys other than characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Chord {
    /// The key.
    pub key: Key,
    /// True with control.
    pub ctrl: bool,
    /// True with alt.
    pub alt: bool,
    /// True with shift, for keys other than characters.
    pub shift: bool,
}

impl Chord {
    /// Returns a key without modifiers.
    #[must_use]
    pub fn plain(key: Key) -> Self {
        Self { key, ctrl: false, alt: false, shift: false }
    }

    /// Returns the character that the chord types, if it types one.
    #[must_use]
    pub fn typed(self) -> Option<char> {
        match self.key {
            Key::Char(c) if !self.ctrl && !self.alt => Some(c),
            _ => None,
        }
    }
}

const NAMED: &[(&str, Key)] = &[
    ("Up", Key::Up),
    ("Down", Key::Down),
    ("Left", Key::Left),
    ("Right", Key::Right),
    ("Home", Key::Home),
    ("End", Key::End),
    ("PgUp", Key::PageUp),
    ("PgDn", Key::PageDown),
    ("Tab", Key::Tab),
    ("BackTab", Key::BackTab),
    ("Enter", Key::Enter),
    ("Esc", Key::Esc),
    ("Bksp", Key::Backspace),
    ("Del", Key::Delete),
    ("Space", Key::Char(' ')),
];

/// The error for a text that is not a [`Chord`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a key; write q, C-r, A-x, S-Right, F1, Tab, Enter, Esc, PgUp")]
pub struct NotAChord(String);

impl FromStr for Chord {
    type Err = NotAChord;

    fn from_str(text: &str) -> Result<Self, NotAChord> {
        let fault = || NotAChord(visible(text).chars().take(20).collect());
        let mut chord = Chord::plain(Key::Esc);
        let mut rest = text;
        while let Some((prefix, tail)) = rest.split_once('-').filter(|(_, tail)| !tail.is_empty()) {
            match prefix {
                "C" => chord.ctrl = true,
                "A" => chord.alt = true,
                "S" => chord.shift = true,
                _ => return Err(fault()),
            }
            rest = tail;
        }
        let mut characters = rest.chars();
        chord.key = match (characters.next(), characters.next()) {
            (Some(c), None) => Key::Char(c),
            _ => {
                if let Some((_, key)) = NAMED.iter().find(|(name, _)| *name == rest) {
                    *key
                } else {
                    let number = rest.strip_prefix('F').and_then(|n| n.parse().ok()).filter(|n| (1..=12).contains(n));
                    Key::F(number.ok_or_else(fault)?)
                }
            }
        };
        Ok(chord)
    }
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (on, prefix) in [(self.ctrl, "C-"), (self.alt, "A-"), (self.shift, "S-")] {
            if on {
                f.write_str(prefix)?;
            }
        }
        match (NAMED.iter().find(|(_, key)| *key == self.key), self.key) {
            (Some((name, _)), _) => f.write_str(name),
            (None, Key::Char(c)) => write!(f, "{c}"),
            (None, Key::F(n)) => write!(f, "F{n}"),
            (None, other) => write!(f, "{other:?}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        for text in ["q", "?", "-", "C-r", "A-x", "S-Right", "F1", "F12", "Tab", "Space", "C-S-Left", "["] {
            assert_eq!(text.parse::<Chord>().map(|c| c.to_string()).as_deref(), Ok(text));
        }
        for text in ["", "F13", "X-a", "Righter", "C-"] {
            assert!(text.parse::<Chord>().is_err(), "{text}");
        }
    }
}
