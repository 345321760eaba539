//! The explorer's files: listing, reading and saving scenarios, and noticing changes by other programs.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use crate::model::answer::{answer_scenario, record};
use crate::model::catalog::Catalog;
use crate::model::facts::Date;
use crate::model::ron_file::{self, Fingerprint, Overwrite, SaveError, save_atomic, visible};
use crate::model::scenario::{self, Opened, Origin, Scenario};
use crate::system;
use crate::ui::overlay::{Choice, Chooser, Column};
use crate::ui::state::{Document, Message, State};

/// Most files of the directory that the list offers; a longer list would not help.
const MOST_FILES: usize = 200;
/// Most entries of the directory that are examined.
const MOST_ENTRIES: usize = 10_000;
/// Largest file whose title is read for the list, in bytes. A scenario has a few thousand.
const LARGEST_LISTED: u64 = 64 << 10;
/// Time for reading titles; files that come later are listed without one.
const LISTING: Duration = Duration::from_millis(200);

/// Modification time, length and number of a file: without reading it, they show that it may have changed or been
/// replaced.
type Stamp = (Option<SystemTime>, u64, u64);

/// A change of a file by another program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FileChange {
    /// No change.
    None,
    /// The content has changed.
    Changed,
    /// The file is no longer there.
    Gone,
}

/// The files that were opened and saved.
#[derive(Default)]
pub(super) struct Files {
    /// The content of each file when it was last read or written, as a fingerprint.
    known: HashMap<PathBuf, Fingerprint>,
    /// The open file with its stamp at the last check; no stamp if it was gone.
    looked: Option<(PathBuf, Option<Stamp>)>,
}

/// Returns the scenarios that can be opened: the built-in ones, then those in the working directory.
pub(super) fn list() -> Chooser {
    let built_in = scenario::SCENARIOS.iter().map(|(name, text)| Choice {
        id: (*name).to_owned(),
        label: (*name).to_owned(),
        cells: vec![scenario::from_str(name, text).map(|scenario| scenario.title).unwrap_or_default()],
        ..Choice::default()
    });
    let mut files: Vec<PathBuf> = std::fs::read_dir(".")
        .into_iter()
        .flatten()
        .take(MOST_ENTRIES)
        .filter_map(|entry| Some(Path::new(".").join(entry.ok()?.file_name())))
        .filter(|path| path.extension().is_some_and(|extension| extension == "ron"))
        .collect();
    files.sort();
    let start = Instant::now();
    let files = files.iter().take(MOST_FILES).map(|path| file_row(path, start.elapsed() < LISTING));
    Chooser::of(vec![Column::default()], built_in.chain(files).collect())
}

/// Returns the row of a file: its name, and its title or the reason why it cannot be opened.
fn file_row(path: &Path, is_read: bool) -> Choice {
    let name = path.to_string_lossy().into_owned();
    let is_small = std::fs::metadata(path).is_ok_and(|metadata| metadata.len() <= LARGEST_LISTED);
    let about = match (is_small && is_read).then(|| scenario::open(path)) {
        None if is_read => "too large to list; it can be opened by its name".to_owned(),
        None => "not read, as there are many files".to_owned(),
        Some(Ok(opened)) if opened.scenario.title.is_empty() => "a scenario without a title".to_owned(),
        Some(Ok(opened)) => opened.scenario.title,
        Some(Err(_)) => "no scenario of this program, or one with a fault".to_owned(),
    };
    Choice { label: visible(&name), id: name, cells: vec![about], ..Choice::default() }
}

/// Returns the document of a scenario: its name, its file and its saved content.
#[must_use]
pub fn document_of(opened: &Opened) -> Document {
    let path = match &opened.origin {
        Origin::BuiltIn(_) => None,
        Origin::File { path, .. } => Some(path.clone()),
    };
    Document { name: opened.origin.name(), path, saved: opened.scenario.clone() }
}

/// Returns the first error of a file in one line, with the command that shows the faulty line or lists all errors.
fn in_one_line(told: &str, name: &str) -> String {
    let mut lines = told.lines().filter(|line| !line.trim().is_empty());
    let first = lines.next().unwrap_or_default();
    let rest: Vec<&str> = lines.collect();
    let place = format!("{name}:");
    match (rest.is_empty(), rest.iter().filter(|line| line.starts_with(&place)).count()) {
        (true, _) => first.to_owned(),
        (false, 0) => format!("{first}; `whichbox check {name}` shows the line"),
        (false, more) => format!("{first}; and {more} more: `whichbox check {name}` lists them"),
    }
}

impl Files {
    /// Reads a scenario; if it cannot be read or answered, nothing changes.
    pub(super) fn load(&mut self, catalog: &Catalog, name: &str) -> Message {
        let mut opened = match scenario::find(name) {
            Ok(opened) => opened,
            Err(error) => return Message::Failed(in_one_line(&error.to_string(), error.name())),
        };
        // An unknown name is reported by the answer below.
        let _ = opened.scenario.resolve_names(catalog);
        if let Err(error) = answer_scenario(catalog, &opened.scenario) {
            let name = opened.origin.name();
            return Message::Failed(in_one_line(&format!("{name}: {error}"), &name));
        }
        self.remember(&opened);
        let document = document_of(&opened);
        Message::Loaded(Box::new((opened.scenario, document)))
    }

    /// Returns the change of the file by another program since it was last read or written; each change is returned
    /// once.
    pub(super) fn change_of(&mut self, path: &Path) -> FileChange {
        let stamp = std::fs::metadata(path)
            .ok()
            .map(|metadata| (metadata.modified().ok(), metadata.len(), system::file_number(&metadata)));
        let before = self.looked.replace((path.to_owned(), stamp)).filter(|(looked, _)| looked == path);
        if before.as_ref().is_some_and(|(_, then)| *then == stamp) {
            return FileChange::None;
        }
        if stamp.is_none() {
            return FileChange::Gone;
        }
        let now = ron_file::read(path).ok().map(|file| file.fingerprint);
        if self.known.get(path).copied() == now { FileChange::None } else { FileChange::Changed }
    }

    /// Returns true while the open file does not exist.
    pub(super) fn is_gone(&self) -> bool {
        self.looked.as_ref().is_some_and(|(_, stamp)| stamp.is_none())
    }

    /// Remembers the content of the file, so that a change by another program is noticed before it is overwritten.
    pub(super) fn remember(&mut self, opened: &Opened) {
        if let Origin::File { path, fingerprint } = &opened.origin {
            self.known.insert(path.clone(), *fingerprint);
        }
    }

    /// Writes the scenario, but never over a file whose content has changed since it was read.
    pub(super) fn save(&mut self, state: &State<'_>, to: Option<PathBuf>) -> Message {
        let Some(path) = to.or_else(|| state.document.path.clone()) else {
            return Message::Failed("there is no file name to save under".to_owned());
        };
        let path = if path.extension().is_none() { path.with_extension("ron") } else { path };
        let saved = Some(record(state.catalog, &state.answers, Date::today()));
        match self.write(&Scenario { saved, ..state.scenario.clone() }, &path) {
            Ok(document) => Message::Saved(Box::new(document)),
            Err(error) => Message::NotSaved { instead: instead(&path, &error), sentence: error.to_string() },
        }
    }

    fn write(&mut self, scenario: &Scenario, path: &Path) -> Result<Document, SaveError> {
        let name = visible(&path.to_string_lossy());
        let text = scenario.to_ron().map_err(|error| SaveError::Io(name.clone(), std::io::Error::other(error)))?;
        let overwrite = self.known.get(path).map_or(Overwrite::Never, |known| Overwrite::Unchanged(*known));
        let fingerprint = save_atomic(path, &text, overwrite)?;
        self.looked = None;
        self.known.insert(path.to_owned(), fingerprint);
        Ok(Document { name, path: Some(path.to_owned()), saved: scenario.clone() })
    }
}

/// Returns a name to save under after `path` was refused: if it is taken, a free one beside it; else `path` again.
fn instead(path: &Path, error: &SaveError) -> String {
    let taken = matches!(error, SaveError::Exists(_) | SaveError::Changed(_) | SaveError::HandWritten(_));
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let numbered = (2..100).map(|number| path.with_file_name(format!("{stem}-{number}.ron")));
    let free = numbered.filter(|_| taken).find(|candidate| std::fs::symlink_metadata(candidate).is_err());
    free.as_deref().unwrap_or(path).to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_turns_into_garbage_is_told_in_one_line() {
        let catalog = Catalog::builtin().expect("the catalog");
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("mine.ron");
        let mut files = Files::default();
        for garbage in
            ["(schema: 1,\n  machine: (((\n", "\u{1}\u{2}\n\n)))", "(schema: 1, machines: [\"no-such\", \"none\"])"]
        {
            std::fs::write(&path, garbage).expect("written");
            let Message::Failed(told) = files.load(&catalog, &path.to_string_lossy()) else {
                unreachable!("garbage is no scenario: {garbage}")
            };
            assert!(!told.contains('\n') && told.contains("mine.ron:"), "{told}");
        }
        let two = "f.ron:1:2: one\n  |\nf.ron:3:4: two\nf.ron:5:6: three";
        assert_eq!(in_one_line(two, "f.ron"), "f.ron:1:2: one; and 2 more: `whichbox check f.ron` lists them");
        assert_eq!(
            in_one_line("f.ron:1:2: one\n  |\n  ^", "f.ron"),
            "f.ron:1:2: one; `whichbox check f.ron` shows the line"
        );
        assert_eq!(in_one_line("f.ron: one", "f.ron"), "f.ron: one");
    }
}
