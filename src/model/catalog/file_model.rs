//! Models that model files describe, stored beside the catalog's models while the program runs.
//!
//! They are found by the file name in a scenario or a flag. Lists of models, custom models and searches over all models
//! exclude them.

use super::Catalog;
use crate::model::facts::{Format, Model};

/// A model that a file describes.
#[derive(Clone, Debug)]
pub struct FileModel {
    /// Name of the file as the user typed it.
    pub name: String,
    /// Model, with the exact bytes of its tensors if the file has tensors.
    pub model: Model,
    /// Id of the file's format; `None` if the file does not state it.
    pub format: Option<String>,
}

impl Catalog {
    /// Adds a file's model, and its format if the catalog has none with this id.
    pub fn adopt(&mut self, file: FileModel, format: Option<Format>) {
        if let Some(format) = format.filter(|format| self.format(&format.id).is_err()) {
            self.formats.push(format);
        }
        self.files.retain(|there| there.name != file.name);
        self.files.push(file);
    }

    /// Returns the model that the file of this name describes; `None` if no such file was read.
    #[must_use]
    pub fn file(&self, name: &str) -> Option<&FileModel> {
        self.files.iter().find(|file| file.name == name)
    }
}
