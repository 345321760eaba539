//! Unsaved work that outlives the program: kept in a file while the person pauses, offered at the next start.
//!
//! Each running program has a file of its own, named after its process, so two of them never write the same one. A file
//! is offered once its process is gone, and becomes the taker's own. Where the directory cannot be written, the program
//! goes without.

use std::fs;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::own_file::{self, NotWritten};
use crate::model::ron_file::{self, visible};
use crate::model::scenario::Scenario;
use crate::ui::input::Keymap;
use crate::ui::state::{Document, State};

/// What these files are called.
const KIND: &str = "recovery";

/// What is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    /// What the document was called.
    name: String,
    /// Its file, where it had one.
    path: Option<PathBuf>,
    /// The scenario as it was opened or last saved.
    saved: Scenario,
    /// The scenario with what was not saved.
    scenario: Scenario,
}

/// The file of this program, and what another one left behind.
#[derive(Default)]
pub(super) struct Recovery {
    directory: Option<PathBuf>,
    /// What was seen at the last tick: work is kept when it has not changed since.
    seen: Option<Scenario>,
    /// What is in the file of this program.
    written: Option<Scenario>,
    /// The newest file of a program that is gone.
    found: Option<(PathBuf, Kept)>,
}

impl Recovery {
    /// Keeps work in `directory`, and looks there for what was left behind.
    pub fn in_directory(directory: Option<PathBuf>) -> Self {
        let found = directory.as_deref().and_then(left_behind);
        Self { directory, found, ..Self::default() }
    }

    /// What the person is told at the start.
    pub fn offer(&self, keymap: &Keymap) -> Option<String> {
        let (_, kept) = self.found.as_ref()?;
        let does = keymap.told("{take-back} takes it back");
        Some(format!("unsaved work on {} is kept: {does}", visible(&kept.name)))
    }

    /// Gives back what was left behind; its file becomes this program's own.
    pub fn take(&mut self) -> Option<(Scenario, Document)> {
        let (path, kept) = self.found.take()?;
        if let Some(own) = self.own() {
            // Where it cannot be renamed it is offered again at the next start.
            let _ = fs::rename(path, own);
            self.written = Some(kept.scenario.clone());
        }
        Some((kept.scenario, Document { name: kept.name, path: kept.path, saved: kept.saved }))
    }

    /// Whether something is to be written or removed once the person pauses.
    pub fn is_due(&self, state: &State<'_>) -> bool {
        let is_kept = self.written.as_ref() == Some(&state.scenario);
        self.directory.is_some() && if state.is_changed() { !is_kept } else { self.written.is_some() }
    }

    /// Writes or removes the file where nothing has changed since the last tick.
    pub fn tick(&mut self, state: &State<'_>) {
        if !self.is_due(state) {
            return;
        }
        if self.seen.as_ref() == Some(&state.scenario) {
            self.settle(state);
        } else {
            self.seen = Some(state.scenario.clone());
        }
    }

    /// Brings the file up to date; says whether unsaved work is in it.
    pub fn settle(&mut self, state: &State<'_>) -> bool {
        let Some(own) = self.own() else { return false };
        if !state.is_changed() {
            if self.written.take().is_some() {
                // A file that stays is offered at the next start: a nuisance, no loss.
                let _ = fs::remove_file(own);
            }
            return false;
        }
        if self.is_due(state) {
            // What cannot be kept is not tried again at every tick.
            self.written = Some(state.scenario.clone());
            if write(&own, state).is_err() {
                self.directory = None;
                return false;
            }
        }
        true
    }

    fn own(&self) -> Option<PathBuf> {
        self.directory.as_ref().map(|directory| own_file::path(directory, KIND, own_file::own_pid()))
    }
}

fn write(path: &Path, state: &State<'_>) -> Result<(), NotWritten> {
    let Document { name, path: file, saved } = state.document.clone();
    let kept = Kept { name, path: file, saved, scenario: state.scenario.clone() };
    let directory = path.parent().ok_or(NotWritten)?;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(directory).map_err(|_| NotWritten)?;
    own_file::write(path, &kept)
}

/// The newest readable file whose program is gone.
fn left_behind(directory: &Path) -> Option<(PathBuf, Kept)> {
    let gone = own_file::all(directory, KIND).into_iter().filter(|(pid, _)| !own_file::is_running(*pid));
    gone.into_iter().find_map(|(_, path)| Some((path.clone(), ron_file::load(&path).ok()?)))
}
