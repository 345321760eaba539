//! Unsaved work that survives the program: it is written to a file while the user pauses, and offered at the next
//! start.
//!
//! Each running program has its own file, so no two of them write the same one. A file is offered after its program has
//! ended; the program that takes the work takes over the file. If nothing can be kept, a sentence says so once.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::own_file::{OwnFile, left_behind};
use crate::model::ron_file::{self, is_hostile, visible};
use crate::model::scenario::Scenario;
use crate::ui::input::Keymap;
use crate::ui::state::{Document, State};

/// The kind of these files, which their names begin with.
const KIND: &str = "recovery";

/// Unsaved work as written to a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    /// The document's name, with control characters replaced.
    name: String,
    /// The path of the document's file, as [`encoded`] writes it, if it has one.
    path: Option<String>,
    /// The scenario when it was opened or last saved.
    saved: Scenario,
    /// The scenario with the unsaved changes.
    scenario: Scenario,
}

/// The file of this program, and those of programs that have ended.
#[derive(Default)]
pub(super) struct Recovery {
    directory: Option<PathBuf>,
    own: Option<OwnFile>,
    /// The scenario at the last tick; work is kept once it has not changed between two ticks.
    seen: Option<Scenario>,
    /// The content of this program's file.
    written: Option<Scenario>,
    /// The work of programs that have ended: first that on the open document, then all other, each newest first.
    found: Vec<(PathBuf, Kept)>,
    /// The reason why nothing can be kept, if there is one.
    trouble: Option<String>,
}

impl Recovery {
    /// Keeps work in `directory`, and reads the work that was left behind there, that on the `open` document first.
    pub fn in_directory(directory: Option<PathBuf>, open: &Document) -> Self {
        let files = directory.as_deref().map_or_else(Vec::new, |directory| left_behind(directory, KIND));
        let mut found: Vec<(PathBuf, Kept)> = Vec::with_capacity(files.len());
        for path in files {
            let Some(kept) = ron_file::load::<Kept>(&path).ok() else { continue };
            if found.iter().any(|(_, newer)| *newer == kept) {
                // Without this, work that is kept in two files would be offered twice.
                OwnFile::take_over(&path).into_iter().for_each(OwnFile::remove);
            } else {
                found.push((path, kept));
            }
        }
        let (name, path) = (visible(&open.name), open.path.as_deref().and_then(encoded));
        found.sort_by_key(|(_, kept)| kept.name != name || kept.path != path);
        let trouble = directory.is_none().then(|| "there is no home directory".to_owned());
        Self { directory, found, trouble, ..Self::default() }
    }

    /// Returns the sentence that offers work that was left behind.
    pub fn offer(&self, keymap: &Keymap) -> Option<String> {
        let (_, first) = self.found.first()?;
        let does = keymap.told("{take-back} takes it back, {discard-kept} discards it");
        Some(format!("unsaved work on {} is kept: {does}{}", visible(&first.name), self.more()))
    }

    /// Returns the number of further kept works, in words; empty if there is at most one work.
    fn more(&self) -> String {
        match self.found.len() {
            0 | 1 => String::new(),
            count => format!("; {} more", count - 1),
        }
    }

    /// Returns the sentence that the work kept on `name` is discarded, with the offer of the next work.
    pub fn discarded(&self, name: &str, keymap: &Keymap) -> String {
        let next = self.offer(keymap).map_or_else(String::new, |next| format!("; {next}"));
        format!("the kept work on {} is discarded{next}", visible(name))
    }

    /// Takes back the first work that was left behind; its file becomes this program's. Unsaved work that this program
    /// has already kept stays in its old file and is offered again.
    pub fn take(&mut self) -> Option<(Scenario, Document)> {
        while !self.found.is_empty() {
            let (path, kept) = self.found.remove(0);
            // Another program may have taken the work in the meantime.
            let Some(taken) = OwnFile::take_over(&path).filter(|_| path.exists()) else { continue };
            if let Some(own) = self.own.replace(taken) {
                if self.written.is_some() { own.release() } else { own.remove() }
            }
            self.written = Some(kept.scenario.clone());
            let path = kept.path.as_deref().and_then(decoded);
            return Some((kept.scenario, Document { name: kept.name, path, saved: kept.saved }));
        }
        None
    }

    /// Removes the first work that was left behind and returns the name of its document.
    pub fn discard(&mut self) -> Option<String> {
        if self.found.is_empty() {
            return None;
        }
        let (path, kept) = self.found.remove(0);
        if let Some(taken) = OwnFile::take_over(&path) {
            taken.remove();
        }
        Some(kept.name)
    }

    /// Returns true if the file must be written or removed. `is_unsaved` is true if the state differs from its
    /// document, or if the document's file is gone.
    pub fn is_due(&self, state: &State<'_>, is_unsaved: bool) -> bool {
        let is_kept = self.written.as_ref() == Some(&state.scenario);
        if is_unsaved { !is_kept && self.trouble.is_none() } else { self.written.is_some() }
    }

    /// Writes or removes the file if nothing has changed since the last tick; returns the reason why nothing can be
    /// kept, once.
    pub fn tick(&mut self, state: &State<'_>, is_unsaved: bool) -> Option<String> {
        if !self.is_due(state, is_unsaved) {
            return None;
        }
        if self.seen.as_ref() == Some(&state.scenario) {
            return self.settle(state, is_unsaved).err();
        }
        self.seen = Some(state.scenario.clone());
        None
    }

    /// Brings the file up to date; returns true if it holds unsaved work.
    ///
    /// # Errors
    /// The reason why unsaved work cannot be kept.
    pub fn settle(&mut self, state: &State<'_>, is_unsaved: bool) -> Result<bool, String> {
        if !is_unsaved {
            self.written = None;
            if let Some(own) = self.own.take() {
                own.remove();
            }
            return Ok(false);
        }
        if self.written.as_ref() != Some(&state.scenario) {
            if let Some(trouble) = &self.trouble {
                return Err(trouble.clone());
            }
            self.write(state).inspect_err(|trouble| self.trouble = Some(trouble.clone()))?;
            self.written = Some(state.scenario.clone());
        }
        Ok(true)
    }

    fn write(&mut self, state: &State<'_>) -> Result<(), String> {
        let directory = self.directory.as_deref().ok_or_else(|| "there is no home directory".to_owned())?;
        let own = match self.own.take() {
            Some(own) => own,
            None => OwnFile::create(directory, KIND).map_err(|error| in_directory(directory, &error.to_string()))?,
        };
        let Document { name, path, saved } = state.document.clone();
        let kept = Kept {
            name: visible(&name),
            path: path.as_deref().and_then(encoded),
            saved,
            scenario: state.scenario.clone(),
        };
        let result = own.write(&kept).map_err(|error| error.to_string());
        if result.is_err() && self.written.is_none() {
            own.remove();
        } else {
            self.own = Some(own);
        }
        result
    }
}

fn in_directory(directory: &Path, error: &str) -> String {
    format!("{}: {error}", visible(&directory.to_string_lossy()))
}

/// Encodes a path as plain text: each byte of a character that could control a terminal becomes `%` and two hexadecimal
/// digits. Returns `None` for a name that is not UTF-8.
fn encoded(path: &Path) -> Option<String> {
    let mut text = String::new();
    for c in path.to_str()?.chars() {
        if c == '%' || is_hostile(c) || c.is_control() {
            let mut bytes = [0; 4];
            text.extend(c.encode_utf8(&mut bytes).bytes().map(|byte| format!("%{byte:02x}")));
        } else {
            text.push(c);
        }
    }
    Some(text)
}

/// Decodes what [`encoded`] writes.
fn decoded(text: &str) -> Option<PathBuf> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, behind @ ..] = rest {
        let digits = behind.get(..2).filter(|_| *first == b'%').and_then(|digits| std::str::from_utf8(digits).ok());
        if let Some(byte) = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            bytes.push(byte);
            rest = behind.get(2..).unwrap_or_default();
        } else {
            bytes.push(*first);
            rest = behind;
        }
    }
    String::from_utf8(bytes).ok().map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_name_is_written_as_plain_text_and_read_back() {
        for name in ["a.ron", "a\tb.ron", "\u{1b}[31m.ron", "a\u{202e}b%41 100%.ron", "日本/é.ron", "%"] {
            let text = encoded(Path::new(name)).expect("UTF-8");
            assert!(!text.chars().any(|c| is_hostile(c) || c.is_control()), "{text:?}");
            assert_eq!(decoded(&text), Some(PathBuf::from(name)), "{text}");
        }
    }
}
