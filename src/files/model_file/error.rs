//! Errors of model files: the file, the byte, the fault and what to do.

use std::fmt;
use std::path::Path;

use crate::model::ron_file::visible;

/// An error in a model file. Displays as `path: at byte N: sentence`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelFileError {
    name: String,
    offset: Option<u64>,
    sentence: String,
}

impl ModelFileError {
    /// Returns an error that concerns the file as a whole.
    #[must_use]
    pub fn whole(name: &str, sentence: impl Into<String>) -> Self {
        Self { name: visible(name), offset: None, sentence: visible(&sentence.into()) }
    }

    /// Returns an error that concerns the file at `path` as a whole.
    pub(super) fn of(path: &Path, sentence: impl Into<String>) -> Self {
        Self::whole(&path.to_string_lossy(), sentence)
    }

    /// Returns an error at a byte of the file.
    pub(super) fn at(name: &str, offset: u64, sentence: impl Into<String>) -> Self {
        Self { offset: Some(offset), ..Self::whole(name, sentence) }
    }

    /// Returns the error for a failure of the system to read the file.
    pub(super) fn io(name: &str, error: &std::io::Error) -> Self {
        let sentence = match error.kind() {
            std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
            std::io::ErrorKind::PermissionDenied => "there is no permission to read it".to_owned(),
            _ => format!("it cannot be read: {error}"),
        };
        Self::whole(name, sentence)
    }

    /// Returns the byte of the file at which the fault is, or `None` if it concerns the whole file.
    #[must_use]
    pub fn offset(&self) -> Option<u64> {
        self.offset
    }

    /// Returns the sentence without file and byte.
    #[must_use]
    pub fn sentence(&self) -> &str {
        &self.sentence
    }
}

impl fmt::Display for ModelFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.offset {
            Some(offset) => write!(f, "{}: at byte {offset}: {}", self.name, self.sentence),
            None => write!(f, "{}: {}", self.name, self.sentence),
        }
    }
}

impl std::error::Error for ModelFileError {}
