//! Scenarios as text: reading them, finding them by name or path, writing them.

use std::path::{Path, PathBuf};

use crate::model::ron_file::{self, FileError, Fingerprint, MARKER, nearest, visible};

use super::{Scenario, built_in};

/// A scenario with where it came from.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The scenario.
    pub scenario: Scenario,
    /// Its origin.
    pub origin: Origin,
    /// The text it was read from, to place later faults in it.
    pub text: String,
}

/// The origin of a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Built in, by its name.
    BuiltIn(&'static str),
    /// A file, as it was when it was read.
    File {
        /// Its path.
        path: PathBuf,
        /// Its state when it was read.
        fingerprint: Fingerprint,
    },
}

impl Origin {
    /// Returns the name that errors use.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::BuiltIn(name) => (*name).to_owned(),
            Self::File { path, .. } => visible(&path.to_string_lossy()),
        }
    }
}

/// Reads a scenario from `text`, which errors call `name`.
///
/// # Errors
/// [`FileError`] with the place, where the text is not a scenario or holds a value out of range.
pub fn from_str(name: &str, text: &str) -> Result<Scenario, FileError> {
    let scenario: Scenario = ron_file::from_str(name, text)?;
    if scenario.schema == 0 {
        return Err(FileError::whole(name, "the field `schema` is missing; a scenario begins with (schema: 1,"));
    }
    Ok(scenario)
}

/// Opens a built-in scenario by its name, or a file. A name with a slash or a dot is always a file.
///
/// # Errors
/// [`FileError`] where there is no such scenario or it cannot be used.
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
/// [`FileError`] where it cannot be read or is not a scenario.
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
    /// The text of a file with this scenario: what differs from the defaults, below the line that marks it as written
    /// by the program. [`from_str`] reads the same scenario back.
    ///
    /// # Errors
    /// [`ron::Error`] where the scenario has no RON form, which no scenario that was read has.
    pub fn to_ron(&self) -> Result<String, ron::Error> {
        ron_file::to_string(self).map(|body| format!("{MARKER}\n{body}\n"))
    }
}
