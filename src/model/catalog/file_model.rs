//! Models that a file describes, kept beside the catalog's own while the program runs.
//!
//! They are found by the name under which a scenario or a flag names the file. Lists of models, custom models and
//! searches over all models do without them.

use super::Catalog;
use crate::model::facts::{Format, Model};

/// A model that a file describes.
#[derive(Clone, Debug)]
pub struct FileModel {
    /// The name of the file as the user gave it.
    pub name: String,
    /// The model, with the exact bytes of its tensors where the file has tensors.
    pub model: Model,
    /// The format that the file is in, by id; `None` where it does not say.
    pub format: Option<String>,
}

impl Catalog {
    /// Adds a file's model, and its format where the catalog has none with this id.
    pub fn adopt(&mut self, file: FileModel, format: Option<Format>) {
        if let Some(format) = format.filter(|format| self.format(&format.id).is_err()) {
            self.formats.push(format);
        }
        self.files.retain(|there| there.name != file.name);
        self.files.push(file);
    }

    /// Returns the model that the file of this name describes; `None` where the file was not read.
    #[must_use]
    pub fn file(&self, name: &str) -> Option<&FileModel> {
        self.files.iter().find(|file| file.name == name)
    }
}
