//! Scenarios as text: reading them, finding them by name or path, and writing them.

use std::path::{Path, PathBuf};

use crate::model::ron_file::{self, FileError, Fingerprint, MARKER, nearest, visible};

use super::{Scenario, built_in};

/// A scenario with its origin.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The scenario.
    pub scenario: Scenario,
    /// Its origin.
    pub origin: Origin,
    /// The text that it was read from, in which later errors are placed.
    pub text: String,
}

/// The origin of a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A built-in scenario, by name.
    BuiltIn(&'static str),
    /// A file in the state in which it was read.
    File {
        /// Its path.
        path: PathBuf,
        /// Its state when it was read.
        fingerprint: Fingerprint,
    },
}

impl Origin {
    /// Returns the name of the origin in errors.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::BuiltIn(name) => (*name).to_owned(),
            Self::File { path, .. } => visible(&path.to_string_lossy()),
        }
    }
}

/// Reads a scenario from `text`; errors give `name` as its origin.
///
/// # Errors
/// [`FileError`] with its place if the text is not a scenario or has a value out of range.
pub fn from_str(name: &str, text: &str) -> Result<Scenario, FileError> {
    let scenario: Scenario = ron_file::from_str(name, text)?;
    if scenario.schema == 0 {
        return Err(FileError::whole(name, "the field `schema` is missing; a scenario begins with (schema: 1,"));
    }
    Ok(scenario)
}

/// Opens a built-in scenario by its name, or a file by its path. A name with a slash or a dot is always a path.
///
/// # Errors
/// [`FileError`] if there is no such scenario or it cannot be read.
pub fn find(name_or_path: &str) -> Result<Opened, FileError> {
    if let Some((name, text)) = built_in::SCENARIOS.iter().find(|(name, _)| *name == name_or_path) {
        let scenario = from_str(name, text)?;
        return Ok(Opened { scenario, origin: Origin::BuiltIn(name), text: (*text).to_owned() });
    }
    open(Path::new(name_or_path)).map_err(|error| if error.is_missing() { unknown(name_or_path) } else { error })
}

/// Opens the scenario file at `path`.
///
/// # Errors
/// [`FileError`] if the file cannot be read or is not a scenario.
pub fn open(path: &Path) -> Result<Opened, FileError> {
    let file = ron_file::read(path)?;
    let scenario = from_str(&file.name, &file.text)?;
    let origin = Origin::File { path: file.path, fingerprint: file.fingerprint };
    Ok(Opened { scenario, origin, text: file.text })
}

fn unknown(name: &str) -> FileError {
    let names = built_in::SCENARIOS.iter().map(|(name, _)| *name);
    let advice = match nearest(name, names) {
        Some(meant) => format!("did you mean {meant}?"),
        None => "`whichbox list scenarios` shows the built-in ones".to_owned(),
    };
    FileError::whole(name, format!("there is no file and no built-in scenario of this name; {advice}"))
}

impl Scenario {
    /// Returns the text of a scenario file: the line that marks it as written by the program, then the fields that
    /// differ from the defaults. [`from_str`] reads the same scenario from it.
    ///
    /// # Errors
    /// [`ron::Error`] if the scenario cannot be written as RON, which does not happen for scenarios that were read.
    pub fn to_ron(&self) -> Result<String, ron::Error> {
        ron_file::to_string(self).map(|body| format!("{MARKER}\n{body}\n"))
    }
}
