//! Effects on files: what can be opened, reading it, saving it.

use std::path::{Path, PathBuf};

use crate::answer::answers;
use crate::app::{Choice, Document, Message, State};
use crate::catalog::Catalog;
use crate::ron_file::{Fingerprint, Overwrite, save_atomic, visible};
use crate::scenario::{self, Opened, Origin, Scenario};

/// Files of the directory that are offered; more would not be read by anyone.
const MOST_FILES: usize = 200;

/// What is remembered about the file behind the scenario.
#[derive(Default)]
pub(super) struct Files {
    /// As it was when it was read or written last.
    known: Option<(PathBuf, Fingerprint)>,
}

/// Scenarios that can be opened: the built-in ones, then those of the working directory.
pub(super) fn list() -> Vec<Choice> {
    let built_in = scenario::SCENARIOS.iter().map(|(name, text)| Choice {
        id: (*name).to_owned(),
        label: (*name).to_owned(),
        detail: scenario::from_str(name, text).map(|scenario| scenario.title).unwrap_or_default(),
        on: None,
    });
    let mut files: Vec<Choice> = std::fs::read_dir(".")
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
        .filter(|entry| entry.path().extension().is_some_and(|extension| extension == "ron"))
        .take(MOST_FILES)
        .map(|entry| {
            let name = format!("./{}", entry.file_name().to_string_lossy());
            Choice { id: name.clone(), label: visible(&name), detail: "in this directory".to_owned(), on: None }
        })
        .collect();
    files.sort_by(|a, b| a.label.cmp(&b.label));
    built_in.chain(files).collect()
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
        let opened = match scenario::find(name) {
            Ok(opened) => opened,
            Err(error) => return Message::Failed(error.to_string()),
        };
        if let Err(error) = answers(catalog, &opened.scenario) {
            return Message::Failed(format!("{}: {error}", opened.origin.name()));
        }
        self.remember(&opened);
        let document = document_of(&opened);
        Message::Loaded(Box::new((opened.scenario, document)))
    }

    /// Remembers the file as it is now, so that a change by somebody else is noticed before it is overwritten.
    pub(super) fn remember(&mut self, opened: &Opened) {
        self.known = match &opened.origin {
            Origin::BuiltIn(_) => None,
            Origin::File { path, fingerprint } => Some((path.clone(), *fingerprint)),
        };
    }

    /// Writes the scenario, never over a file that is not as it was read.
    pub(super) fn save(&mut self, state: &State<'_>, to: Option<PathBuf>) -> Message {
        let Some(path) = to.or_else(|| state.document.path.clone()) else {
            return Message::Failed("there is no file name to save under".to_owned());
        };
        match self.write(&state.scenario, &path) {
            Ok(document) => Message::Saved(document),
            Err(sentence) => Message::Failed(sentence),
        }
    }

    fn write(&mut self, scenario: &Scenario, path: &Path) -> Result<Document, String> {
        let text = scenario.to_ron().map_err(|error| error.to_string())?;
        let overwrite = match &self.known {
            Some((known, fingerprint)) if known == path => Overwrite::Unchanged(*fingerprint),
            _ => Overwrite::Never,
        };
        let fingerprint = save_atomic(path, &text, overwrite).map_err(|error| error.to_string())?;
        self.known = Some((path.to_owned(), fingerprint));
        let name = visible(&path.to_string_lossy());
        Ok(Document { name, path: Some(path.to_owned()), saved: scenario.clone() })
    }
}
