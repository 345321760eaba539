//! Where the audience's screen and the speaker's view meet: two small files that are replaced whole.
//!
//! The program that presents writes where it stands whenever that changes, and removes the file when the presentation
//! ends; what is left of one that was killed can be taken up. The speaker's view writes what it asks for. Both files are
//! in a directory that only this person can enter, so nobody else reads the notes' place or moves the steps; state is
//! exchanged, never cells, so each screen has its own size and theme. A side that comes late or back reads the file and
//! is where the other is.

use std::fs;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::process::getuid;
use serde::{Deserialize, Serialize};

use crate::model::ron_file;
use crate::model::scenario::Scenario;
use crate::ui::explorer::own_file::{self, is_running, own_pid, write};
use crate::ui::input::Action;
use crate::ui::present::state::{Clock, Standing};
use crate::ui::state::Remote;

/// Where a presentation stands, and of what.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shared {
    /// The process that presents.
    pub pid: i32,
    /// What is presented: names of decks and scenarios.
    pub files: Vec<String>,
    /// Where it stands.
    pub standing: Standing,
}

/// [`Shared`] as the file has it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SharedFile {
    version: u32,
    files: Vec<String>,
    at: usize,
    detour: Option<Scenario>,
    spotlight: Option<usize>,
    blank: bool,
    spent_ms: u64,
    since_ms: Option<u64>,
}

/// What the speaker's view asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Wish {
    /// The next step.
    Next,
    /// The step before.
    Back,
    /// The step at a place.
    Go(usize),
    /// Back to the script.
    Script,
    /// An empty screen, and back.
    Blank,
    /// The clock stopped, and on.
    Pause,
}

impl Wish {
    /// What it is while presenting.
    pub(in crate::ui) fn action(self) -> Remote {
        match self {
            Self::Next => Remote::Act(Action::NextStep),
            Self::Back => Remote::Act(Action::PreviousStep),
            Self::Script => Remote::Act(Action::ToScript),
            Self::Blank => Remote::Act(Action::Blank),
            Self::Pause => Remote::Act(Action::Pause),
            Self::Go(step) => Remote::Go(step),
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WishFile {
    /// Counts up, so that a wish is heeded once.
    number: u64,
    wish: Wish,
}

/// The version of both files' shape.
const VERSION: u32 = 1;
const PRESENT: &str = "present";
const WISH: &str = "wish";

/// The directory and what was read of it.
#[derive(Debug, Default)]
pub struct Meeting {
    directory: Option<PathBuf>,
    written: Option<Shared>,
    heeded: u64,
    wished: u64,
}

impl Meeting {
    /// Meets in `directory`, where it is or can be made this person's alone.
    #[must_use]
    pub fn in_directory(directory: Option<PathBuf>) -> Self {
        let directory = directory.filter(|path| {
            // What is there already is looked at below.
            let _ = fs::DirBuilder::new().recursive(true).mode(0o700).create(path);
            is_own(path)
        });
        Self { directory, ..Self::default() }
    }

    /// Whether the two sides can meet.
    #[must_use]
    pub fn is_possible(&self) -> bool {
        self.directory.is_some()
    }

    /// Writes where this process stands, where that has changed.
    pub fn tell(&mut self, files: &[String], standing: &Standing) {
        let pid = own_pid();
        let shared = Shared { pid, files: files.to_vec(), standing: standing.clone() };
        if self.written.as_ref() == Some(&shared) {
            return;
        }
        if let Some(path) = self.path(PRESENT, pid) {
            // Where it cannot be written the speaker's view says that it lost the presentation.
            let _ = write(&path, &SharedFile::of(&shared));
        }
        self.written = Some(shared);
    }

    /// Removes what this process wrote: the presentation is over.
    pub fn end(&mut self) {
        let pid = own_pid();
        for path in [self.path(PRESENT, pid), self.path(WISH, pid)].into_iter().flatten() {
            // A file that stays is offered to be resumed: a nuisance, no loss.
            let _ = fs::remove_file(path);
        }
        self.written = None;
    }

    /// What the speaker's view has asked for since it was last looked.
    pub fn heed(&mut self) -> Option<Wish> {
        let path = self.path(WISH, own_pid())?;
        let file: WishFile = ron_file::load(&path).ok()?;
        if file.number <= self.heeded {
            return None;
        }
        self.heeded = file.number;
        Some(file.wish)
    }

    /// Asks the process that presents for something.
    pub fn wish(&mut self, pid: i32, wish: Wish) {
        let Some(path) = self.path(WISH, pid) else { return };
        // Counted on from what another speaker's view asked for before.
        let before = ron_file::load::<WishFile>(&path).map_or(0, |file| file.number);
        self.wished = before.max(self.wished) + 1;
        let _ = write(&path, &WishFile { number: self.wished, wish });
    }

    /// The presentation that runs and changed last.
    #[must_use]
    pub fn running(&self) -> Option<Shared> {
        self.all().into_iter().find(|(pid, _)| is_running(*pid)).and_then(|(pid, path)| load(pid, &path))
    }

    /// The newest presentation that was cut off. Its file becomes this process's own.
    #[must_use]
    pub fn left_behind(&self) -> Option<Shared> {
        let dead = self.all().into_iter().filter(|(pid, _)| !is_running(*pid));
        let mut found = None;
        for (pid, path) in dead {
            if found.is_none() {
                found = load(pid, &path);
            }
            // Only the newest is worth going on with.
            let _ = fs::remove_file(&path);
            self.path(WISH, pid).into_iter().for_each(|path| drop(fs::remove_file(path)));
        }
        found
    }

    fn path(&self, kind: &str, pid: i32) -> Option<PathBuf> {
        self.directory.as_ref().map(|directory| own_file::path(directory, kind, pid))
    }

    /// All presentations with their process, the newest first.
    fn all(&self) -> Vec<(i32, PathBuf)> {
        self.directory.as_ref().map_or_else(Vec::new, |directory| own_file::all(directory, PRESENT))
    }
}

impl SharedFile {
    fn of(shared: &Shared) -> Self {
        let Standing { at, detour, spotlight, blank, clock } = shared.standing.clone();
        let (files, spent_ms, since_ms) = (shared.files.clone(), clock.spent, clock.since);
        Self { version: VERSION, files, at, detour, spotlight, blank, spent_ms, since_ms }
    }
}

/// Whether a directory is this person's alone: nobody else can enter it.
fn is_own(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|found| {
        found.is_dir() && found.uid() == getuid().as_raw() && found.permissions().mode().trailing_zeros() >= 6
    })
}

fn load(pid: i32, path: &Path) -> Option<Shared> {
    let file: SharedFile = ron_file::load(path).ok()?;
    (file.version == VERSION).then_some(Shared {
        pid,
        files: file.files,
        standing: Standing {
            at: file.at,
            detour: file.detour,
            spotlight: file.spotlight,
            blank: file.blank,
            clock: Clock { spent: file.spent_ms, since: file.since_ms },
        },
    })
}
