//! The files by which a presentation and its speakers' views communicate.
//!
//! The presenting program writes its position whenever it changes, and removes the file at the end. If the program is
//! killed, its file can be taken up by a later one. Each command of a speaker's view is a file of its own, so that no
//! command replaces another. All files are in a directory that only this user can enter, so other users can neither
//! read the position nor change steps. Only positions are exchanged, not pictures, so each screen has its own size and
//! theme.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::model::ron_file::{self, visible};
use crate::model::scenario::Scenario;
use crate::system;
use crate::ui::explorer::own_file::{self, OwnFile};
use crate::ui::input::Action;
use crate::ui::present::{Clock, SlidePosition};
use crate::ui::state::Remote;

/// A presentation and its position.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shared {
    /// The file that it was read from.
    pub path: PathBuf,
    /// Names of the decks and scenarios that are presented.
    pub files: Vec<String>,
    /// The position.
    pub position: SlidePosition,
}

/// [`Shared`] as its file has it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SharedFile {
    version: u32,
    files: Vec<String>,
    deck: u64,
    at: usize,
    detour: Option<Scenario>,
    spotlight: Option<usize>,
    blank: bool,
    spent_ms: u64,
    since_ms: Option<u64>,
}

/// A command of a speaker's view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RemoteCommand {
    /// Goes to the next step.
    Next,
    /// Goes to the step before.
    Back,
    /// Goes to the step at an index.
    Go(usize),
    /// Goes back to the script.
    Script,
    /// Makes the screen blank, or shows it again.
    Blank,
    /// Stops the clock, or starts it again.
    Pause,
}

impl RemoteCommand {
    /// Returns the command as a message to the presentation.
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

/// The version of the file format.
const VERSION: u32 = 2;
/// Start of the names of files that hold the position of a presentation.
const PRESENT: &str = "present";
/// Start of the names of files that hold a command.
const COMMAND: &str = "command";
/// Prefix of the name of a command's file while it is being written.
const SENDING: &str = ".sending-";
/// Most commands that are taken at once; the others are taken next time.
const MOST_COMMANDS: usize = 1000;
/// Largest file of a command, in bytes.
const LARGEST_COMMAND: u64 = 1024;

/// The directory of the files, and this program's file while it presents.
#[derive(Debug, Default)]
pub struct PresenterSession {
    directory: Option<PathBuf>,
    /// The reason why there is no directory.
    trouble: Option<String>,
    /// This program's file, once it has published a position.
    own: Option<OwnFile>,
    /// The names of the files and the position that were published last.
    written: Option<(Vec<String>, SlidePosition)>,
}

impl PresenterSession {
    /// Uses `directory` if only this user can enter it, and creates it if missing.
    #[must_use]
    pub fn in_directory(directory: Option<PathBuf>) -> Self {
        let Some(path) = directory else {
            return Self { trouble: Some("there is no home directory".to_owned()), ..Self::default() };
        };
        // A directory that exists already is checked below.
        let created = system::create_private_directory(&path);
        match created.and_then(|()| system::why_not_private(&path)) {
            Ok(None) => Self { directory: Some(path), ..Self::default() },
            Ok(Some(reason)) => Self { trouble: Some(in_directory(&path, &reason)), ..Self::default() },
            Err(error) => Self { trouble: Some(in_directory(&path, &error.to_string())), ..Self::default() },
        }
    }

    /// Returns the reason why the two sides cannot communicate; `None` if they can.
    #[must_use]
    pub fn trouble(&self) -> Option<&str> {
        self.trouble.as_deref()
    }

    /// Writes the position of this program, if it has changed.
    pub fn publish(&mut self, files: &[String], position: &SlidePosition) {
        let Some(directory) = &self.directory else { return };
        let shared = (files.to_vec(), position.clone());
        if self.written.as_ref() == Some(&shared) {
            return;
        }
        if self.own.is_none() {
            self.own = OwnFile::create(directory, PRESENT).ok();
        }
        if let Some(own) = &self.own {
            // If it cannot be written, the speaker's view reports that it lost the presentation.
            let _ = own.write(&SharedFile::of(files, position));
        }
        self.written = Some(shared);
    }

    /// Removes the files of this program at the end of its presentation.
    pub fn end(&mut self) {
        if let Some(own) = self.own.take() {
            self.command_files(own.path()).iter().for_each(|path| drop(fs::remove_file(path)));
            own.remove();
        }
        self.written = None;
    }

    /// Takes the commands of speakers' views, in the order in which they were sent.
    pub fn take_commands(&mut self) -> Vec<RemoteCommand> {
        let Some(own) = &self.own else { return Vec::new() };
        let files = self.command_files(own.path());
        let take = |path: &PathBuf| {
            let is_small = fs::metadata(path).is_ok_and(|metadata| metadata.len() <= LARGEST_COMMAND);
            let command = is_small.then(|| ron_file::load(path).ok()).flatten();
            // A command whose file cannot be removed is ignored: otherwise it would be taken every time.
            fs::remove_file(path).ok().and(command)
        };
        files.iter().take(MOST_COMMANDS).filter_map(take).collect()
    }

    /// Sends a command to a presentation.
    pub fn send(&self, presentation: &Shared, command: RemoteCommand) {
        let Some(directory) = &self.directory else { return };
        // The time in the name orders the commands of several views; the random part makes each name unique.
        let name = format!("{}{:020}-", command_prefix(&presentation.path), system::since_start().as_nanos());
        let sent = ron_file::to_string(&command).ok().and_then(|text| {
            let mut file = tempfile::Builder::new().prefix(SENDING).tempfile_in(directory).ok()?;
            file.write_all(text.as_bytes()).ok()?;
            let random = file.path().file_name()?.to_string_lossy().replace(SENDING, "");
            file.persist_noclobber(directory.join(format!("{name}{random}.ron"))).ok()
        });
        // A command that cannot be sent has no effect, which the speaker notices.
        drop(sent);
    }

    /// Returns the running presentation whose position changed last.
    #[must_use]
    pub fn running(&self) -> Option<Shared> {
        let files = self.directory.as_deref().map_or_else(Vec::new, |directory| own_file::all(directory, PRESENT));
        files.iter().filter(|path| own_file::is_running(path)).find_map(|path| load(path))
    }

    /// Returns the newest presentation of a program that was killed. Its file stays until [`PresenterSession::forget`].
    #[must_use]
    pub fn left_behind(&self) -> Option<Shared> {
        let directory = self.directory.as_deref()?;
        own_file::left_behind(directory, PRESENT).iter().find_map(|path| load(path))
    }

    /// Removes the file of a killed program's presentation, once it has been resumed.
    pub fn forget(&self, presentation: &Shared) {
        if let Some(own) = OwnFile::take_over(&presentation.path) {
            self.command_files(own.path()).iter().for_each(|path| drop(fs::remove_file(path)));
            own.remove();
        }
    }

    /// Returns the files of commands for a presentation, oldest first.
    fn command_files(&self, presentation: &Path) -> Vec<PathBuf> {
        let prefix = command_prefix(presentation);
        let entries = self.directory.iter().filter_map(|directory| fs::read_dir(directory).ok()).flatten().flatten();
        let is_command =
            |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&prefix));
        let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(is_command).collect();
        files.sort();
        files
    }
}

/// Returns the prefix of the names of a presentation's commands, which contains the random part of its file name.
fn command_prefix(presentation: &Path) -> String {
    let id = presentation.file_stem().unwrap_or_default().to_string_lossy().replace(PRESENT, "");
    format!("{COMMAND}{id}-")
}

fn in_directory(path: &Path, reason: &str) -> String {
    format!("{}: {reason}", visible(&path.to_string_lossy()))
}

impl SharedFile {
    fn of(files: &[String], position: &SlidePosition) -> Self {
        let SlidePosition { deck, at, detour, spotlight, blank, clock } = position.clone();
        let (files, spent_ms, since_ms) = (files.to_vec(), clock.spent, clock.since);
        Self { version: VERSION, files, deck, at, detour, spotlight, blank, spent_ms, since_ms }
    }
}

fn load(path: &Path) -> Option<Shared> {
    let file: SharedFile = ron_file::load(path).ok()?;
    (file.version == VERSION).then(|| Shared {
        path: path.to_owned(),
        files: file.files,
        position: SlidePosition {
            deck: file.deck,
            at: file.at,
            detour: file.detour,
            spotlight: file.spotlight,
            blank: file.blank,
            clock: Clock { spent: file.spent_ms, since: file.since_ms },
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_of_ten_views_arrives_in_order() {
        let directory = tempfile::tempdir().expect("a directory");
        let meet = || PresenterSession::in_directory(Some(directory.path().join("present")));
        let mut presenter = meet();
        presenter.publish(&["deck".to_owned()], &SlidePosition::default());
        let views: Vec<PresenterSession> = (0..10).map(|_| meet()).collect();
        let running = views[0].running().expect("a presentation");
        for step in 0..5 {
            for (number, view) in views.iter().enumerate() {
                view.send(&running, RemoteCommand::Go(10 * step + number));
            }
        }
        let expected: Vec<RemoteCommand> = (0..50).map(RemoteCommand::Go).collect();
        assert_eq!(presenter.take_commands(), expected);
        assert_eq!(presenter.take_commands(), [], "each is taken once");
        presenter.end();
        assert!(views[0].running().is_none() && views[0].left_behind().is_none());
    }

    #[test]
    fn a_presentation_that_was_cut_off_stays_until_it_goes_on() {
        let directory = tempfile::tempdir().expect("a directory");
        let meet = || PresenterSession::in_directory(Some(directory.path().join("present")));
        let mut killed = meet();
        killed.publish(&["deck".to_owned()], &SlidePosition { at: 3, ..SlidePosition::default() });
        drop(killed);
        let resumed = meet();
        let found = resumed.left_behind().expect("a presentation");
        assert_eq!((found.position.at, resumed.left_behind()), (3, Some(found.clone())), "looking takes nothing");
        resumed.forget(&found);
        assert_eq!(resumed.left_behind(), None);
    }
}
