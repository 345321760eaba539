//! Faults of model files: the file, the byte, the fault and what to do.

use std::fmt;
use std::path::Path;

use crate::model::ron_file::visible;

/// A fault of a model file. Displays as `path: at byte N: sentence`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelFileError {
    name: String,
    offset: Option<u64>,
    sentence: String,
}

impl ModelFileError {
    /// A fault of the file as a whole.
    #[must_use]
    pub fn whole(name: &str, sentence: impl Into<String>) -> Self {
        Self { name: visible(name), offset: None, sentence: visible(&sentence.into()) }
    }

    /// A fault of the file at `path` as a whole.
    pub(super) fn of(path: &Path, sentence: impl Into<String>) -> Self {
        Self::whole(&path.to_string_lossy(), sentence)
    }

    /// A fault at a byte of the file.
    pub(super) fn at(name: &str, offset: u64, sentence: impl Into<String>) -> Self {
        Self { offset: Some(offset), ..Self::whole(name, sentence) }
    }

    /// A failure of the system to give the file's bytes.
    pub(super) fn io(name: &str, error: &std::io::Error) -> Self {
        let sentence = match error.kind() {
            std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
            std::io::ErrorKind::PermissionDenied => "there is no permission to read it".to_owned(),
            _ => format!("it cannot be read: {error}"),
        };
        Self::whole(name, sentence)
    }

    /// The byte of the file where the fault is, if anywhere in particular.
    #[must_use]
    pub fn offset(&self) -> Option<u64> {
        self.offset
    }

    /// The sentence alone.
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
