//! The facts that a model file of any kind states, as `whichbox inspect` shows them.

use std::path::PathBuf;

use super::Shape;
use crate::model::catalog::Catalog;
use crate::model::facts::{Container, Date, PerClass};

/// The kind of a model file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A GGUF file, llama.cpp's format.
    Gguf,
    /// Safetensors, in one file or several.
    Safetensors,
    /// A Hugging Face `config.json` without weights.
    HfConfig,
}

impl Kind {
    /// Returns the word for the kind in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Kind::Gguf => "gguf",
            Kind::Safetensors => "safetensors",
            Kind::HfConfig => "hf-config",
        }
    }
}

/// The sizes of the tensors of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    /// Bytes per class of the text model.
    pub classes: PerClass,
    /// Bytes of vision and audio towers and of draft layers.
    pub extra: f64,
    /// Types with their bytes, in descending order of bytes.
    pub types: Vec<(String, f64)>,
    /// Bits per element of the type with the most bytes.
    pub main_bits: f64,
    /// The number of tensors.
    pub tensors: usize,
}

impl Weights {
    /// Returns the bytes of all tensors.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.classes.total() + self.extra
    }
}

/// Sizes that distinguish published models; 0 if the file does not state them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sizes {
    /// Layers.
    pub layers: f64,
    /// Hidden size, elements.
    pub hidden: f64,
    /// Vocabulary size, tokens.
    pub vocab: f64,
    /// Routed experts per layer.
    pub experts: f64,
}

/// The facts that a model file states.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Kind of the file.
    pub kind: Kind,
    /// Name of the model as the file states it, otherwise the file's name.
    pub name: String,
    /// Name of the file or its directory without extension.
    pub stem: String,
    /// File or directory that the user named.
    pub path: PathBuf,
    /// Date on which the file was last changed.
    pub date: Option<Date>,
    /// Name of the architecture in the file.
    pub architecture: Option<String>,
    /// Name of the weights' format in the file; [`Facts::format_id`] returns the catalog's id.
    pub format: Option<String>,
    /// Container of the format, in the catalog's terms.
    pub container: Container,
    /// Reason why the format is not known.
    pub format_fault: Option<String>,
    /// Bytes per class that follow from the configuration, if there are no tensors.
    pub stored: Option<PerClass>,
    /// Number of layers.
    pub layers: Option<f64>,
    /// Sizes that distinguish published models.
    pub sizes: Sizes,
    /// Bytes of all tensors as an index states them, if the weights are not there.
    pub stated_bytes: Option<f64>,
    /// Parameters per class, if they can be counted.
    pub params: Option<PerClass>,
    /// Parameters outside of the text model.
    pub extra_params: f64,
    /// Build of the model, if all of it is known.
    pub shape: Option<Shape>,
    /// Sizes of the tensors, if there are any.
    pub weights: Option<Weights>,
    /// Sentences on what is unknown or contradictory.
    pub notes: Vec<String>,
}

impl Facts {
    /// Returns the catalog's id of the format, or the file's name for the format in the form of an id.
    #[must_use]
    pub fn format_id(&self, catalog: &Catalog) -> Option<String> {
        let name = self.format.as_deref()?;
        let known = catalog.format_called(self.container, name).map(|format| format.id.clone());
        let own = || {
            let id = name.to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric() && c != '_', "-");
            // The catalog may use this id for a format of another container.
            if catalog.format(&id).is_ok() { format!("{}-{id}", self.kind.word()) } else { id }
        };
        Some(known.unwrap_or_else(own))
    }

    /// Returns the bytes of all tensors: counted, else stated by an index, else as the configuration leads to.
    #[must_use]
    pub fn tensor_bytes(&self) -> Option<f64> {
        let stated = self.weights.as_ref().map(Weights::total).or(self.stated_bytes);
        stated.or_else(|| Some(self.stored?.total()))
    }

    /// Returns the bits per weight of the text model, scales included.
    #[must_use]
    pub fn bits_per_weight(&self) -> Option<f64> {
        let params = self.params?.total();
        let bytes = match &self.weights {
            Some(weights) => weights.classes.total(),
            None => self.tensor_bytes()?,
        };
        (params > 0.0).then_some(bytes * 8.0 / params)
    }
}
