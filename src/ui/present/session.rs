//! The files through which the audience's screen and the speaker's views meet.
//!
//! The program that presents writes its position whenever that changes, and removes the file when the presentation ends;
//! the file of one that was killed can be taken up. Each command of a speaker's view is a file of its own, so none
//! replaces another. All are in a directory that only this user can enter, so no other user reads the notes' place or
//! moves the steps. Positions are exchanged, never cells, so each screen has its own size and theme.

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

/// [`Shared`] as the file has it.
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

impl RemoteCommand {
    /// Returns the message that the command is for the presentation.
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

/// The version of the files' shape.
const VERSION: u32 = 2;
const PRESENT: &str = "present";
const COMMAND: &str = "command";
/// The beginning of the name of a command that is being written.
const SENDING: &str = ".sending-";
/// Commands that are taken at once; the rest follows at the next look.
const MOST_COMMANDS: usize = 1000;
/// The largest file of a command, in bytes.
const LARGEST_COMMAND: u64 = 1024;

/// The directory, and the file of this program once it presents.
#[derive(Debug, Default)]
pub struct PresenterSession {
    directory: Option<PathBuf>,
    /// The reason why there is no directory to meet in.
    trouble: Option<String>,
    own: Option<OwnFile>,
    written: Option<(Vec<String>, SlidePosition)>,
}

impl PresenterSession {
    /// Meets in `directory`, where it is or can be made this user's alone.
    #[must_use]
    pub fn in_directory(directory: Option<PathBuf>) -> Self {
        let Some(path) = directory else {
            return Self { trouble: Some("there is no home directory".to_owned()), ..Self::default() };
        };
        // A directory that is there already is looked at below.
        let created = system::create_private_directory(&path);
        match created.and_then(|()| system::why_not_private(&path)) {
            Ok(None) => Self { directory: Some(path), ..Self::default() },
            Ok(Some(reason)) => Self { trouble: Some(in_directory(&path, &reason)), ..Self::default() },
            Err(error) => Self { trouble: Some(in_directory(&path, &error.to_string())), ..Self::default() },
        }
    }

    /// Returns the reason why the two sides cannot meet; `None` where they can.
    #[must_use]
    pub fn trouble(&self) -> Option<&str> {
        self.trouble.as_deref()
    }

    /// Writes the position of this program, where that has changed.
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
            // If it cannot be written, the speaker's view says that it lost the presentation.
            let _ = own.write(&SharedFile::of(files, position));
        }
        self.written = Some(shared);
    }

    /// Removes the files of this program: the presentation is over.
    pub fn end(&mut self) {
        if let Some(own) = self.own.take() {
            self.command_files(own.path()).iter().for_each(|path| drop(fs::remove_file(path)));
            own.remove();
        }
        self.written = None;
    }

    /// Takes the commands that speakers' views have sent, in the order in which they were sent.
    pub fn take_commands(&mut self) -> Vec<RemoteCommand> {
        let Some(own) = &self.own else { return Vec::new() };
        let files = self.command_files(own.path());
        let take = |path: &PathBuf| {
            let is_small = fs::metadata(path).is_ok_and(|metadata| metadata.len() <= LARGEST_COMMAND);
            let command = is_small.then(|| ron_file::load(path).ok()).flatten();
            // Taken once: a file that cannot be removed would be taken again at every look.
            fs::remove_file(path).ok().and(command)
        };
        files.iter().take(MOST_COMMANDS).filter_map(take).collect()
    }

    /// Sends a command to a presentation.
    pub fn send(&self, presentation: &Shared, command: RemoteCommand) {
        let Some(directory) = &self.directory else { return };
        // The clock orders the commands of several views, and no file has the name of another.
        let name = format!("{}{:020}-", command_prefix(&presentation.path), system::since_start().as_nanos());
        let sent = ron_file::to_string(&command).ok().and_then(|text| {
            let mut file = tempfile::Builder::new().prefix(SENDING).tempfile_in(directory).ok()?;
            file.write_all(text.as_bytes()).ok()?;
            let random = file.path().file_name()?.to_string_lossy().replace(SENDING, "");
            file.persist_noclobber(directory.join(format!("{name}{random}.ron"))).ok()
        });
        // A command that cannot be sent moves nothing, which the speaker sees.
        drop(sent);
    }

    /// Returns the presentation that runs and changed last.
    #[must_use]
    pub fn running(&self) -> Option<Shared> {
        let files = self.directory.as_deref().map_or_else(Vec::new, |directory| own_file::all(directory, PRESENT));
        files.iter().filter(|path| own_file::is_running(path)).find_map(|path| load(path))
    }

    /// Returns the newest presentation that was cut off. Its file stays until [`PresenterSession::forget`].
    #[must_use]
    pub fn left_behind(&self) -> Option<Shared> {
        let directory = self.directory.as_deref()?;
        own_file::left_behind(directory, PRESENT).iter().find_map(|path| load(path))
    }

    /// Removes the file of a presentation that was cut off and goes on now.
    pub fn forget(&self, presentation: &Shared) {
        if let Some(own) = OwnFile::take_over(&presentation.path) {
            self.command_files(own.path()).iter().for_each(|path| drop(fs::remove_file(path)));
            own.remove();
        }
    }

    /// Returns the files of commands for a presentation, the oldest first.
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

/// Returns the beginning of the names of the commands for a presentation: it has the random part of the presentation's name.
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
