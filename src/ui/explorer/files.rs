//! Effects on files: what can be opened, reading it, saving it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::model::answer::{answer_scenario, record};
use crate::model::catalog::Catalog;
use crate::model::facts::Date;
use crate::model::ron_file::{self, Fingerprint, Overwrite, SaveError, save_atomic, visible};
use crate::model::scenario::{self, Opened, Origin, Scenario};
use crate::system;
use crate::ui::overlay::{Choice, Chooser, Column};
use crate::ui::state::{Document, Message, State};

/// Files of the directory that are offered; more would not be read by anyone.
const MOST_FILES: usize = 200;

/// What tells without reading that a file may have changed: another time, length or, after a rename, another file.
type Stamp = (Option<SystemTime>, u64, u64);

/// What is remembered about the files that were opened and saved.
#[derive(Default)]
pub(super) struct Files {
    /// Files as they were when they were read or written last.
    known: HashMap<PathBuf, Fingerprint>,
    /// When the file that is open was changed last, and its length, as of the last look.
    looked: Option<(PathBuf, Stamp)>,
}

/// Scenarios that can be opened: the built-in ones, then those of the working directory.
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
        .filter_map(|entry| Some(Path::new(".").join(entry.ok()?.file_name())))
        .filter(|path| path.extension().is_some_and(|extension| extension == "ron"))
        .collect();
    files.sort();
    let files = files.iter().take(MOST_FILES).map(|path| file_row(path));
    Chooser::of(vec![Column::default()], built_in.chain(files).collect())
}

/// A file of the working directory, with its question or why it cannot be opened.
fn file_row(path: &Path) -> Choice {
    let name = path.to_string_lossy().into_owned();
    let about = match scenario::open(path) {
        Ok(opened) if opened.scenario.title.is_empty() => "a scenario without a title".to_owned(),
        Ok(opened) => opened.scenario.title,
        Err(_) => "no scenario of this program, or one with a fault".to_owned(),
    };
    Choice { label: visible(&name), id: name, cells: vec![about], ..Choice::default() }
}

/// What the explorer shows about where a scenario came from.
#[must_use]
pub fn document_of(opened: &Opened) -> Document {
    let path = match &opened.origin {
        Origin::BuiltIn(_) => None,
        Origin::File { path, .. } => Some(path.clone()),
    };
    Document { name: opened.origin.name(), path, saved: opened.scenario.clone() }
}

impl Files {
    /// Reads a scenario; a bad one leaves everything as it is.
    pub(super) fn load(&mut self, catalog: &Catalog, name: &str) -> Message {
        let mut opened = match scenario::find(name) {
            Ok(opened) => opened,
            Err(error) => return Message::Failed(error.to_string()),
        };
        // A name that means nothing is told by the answer, below.
        let _ = opened.scenario.resolve_names(catalog);
        if let Err(error) = answer_scenario(catalog, &opened.scenario) {
            return Message::Failed(format!("{}: {error}", opened.origin.name()));
        }
        self.remember(&opened);
        let document = document_of(&opened);
        Message::Loaded(Box::new((opened.scenario, document)))
    }

    /// Whether somebody else changed the file since it was read or written, asked once per change. A file that is just
    /// being replaced is looked at again the next time.
    pub(super) fn was_changed(&mut self, path: &Path) -> bool {
        let Ok(metadata) = std::fs::metadata(path) else { return false };
        let stamp = (metadata.modified().ok(), metadata.len(), system::file_number(&metadata));
        if self.looked.as_ref().is_some_and(|(looked, then)| looked == path && *then == stamp) {
            return false;
        }
        self.looked = Some((path.to_owned(), stamp));
        let now = ron_file::read(path).ok().map(|file| file.fingerprint);
        self.known.get(path).copied() != now
    }

    /// Remembers the file as it is now, so that a change by somebody else is noticed before it is overwritten.
    pub(super) fn remember(&mut self, opened: &Opened) {
        if let Origin::File { path, fingerprint } = &opened.origin {
            self.known.insert(path.clone(), *fingerprint);
        }
    }

    /// Writes the scenario, never over a file that is not as it was read.
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
        self.known.insert(path.to_owned(), fingerprint);
        Ok(Document { name, path: Some(path.to_owned()), saved: scenario.clone() })
    }
}

/// A name to save under where `path` was refused: a free one beside it, or the same where the fault is another.
fn instead(path: &Path, error: &SaveError) -> String {
    let taken = matches!(error, SaveError::Exists(_) | SaveError::Changed(_) | SaveError::HandWritten(_));
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let numbered = (2..100).map(|number| path.with_file_name(format!("{stem}-{number}.ron")));
    let free = numbered.filter(|_| taken).find(|candidate| std::fs::symlink_metadata(candidate).is_err());
    free.as_deref().unwrap_or(path).to_string_lossy().into_owned()
}
