//! The facts of a model file of any kind: the answer of `whichbox inspect`.

use std::path::PathBuf;

use super::Shape;
use crate::model::catalog::Catalog;
use crate::model::facts::{Container, Date, PerClass};

/// The kind of a model file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// llama.cpp's file.
    Gguf,
    /// Safetensors, one file or many.
    Safetensors,
    /// A configuration without weights.
    HfConfig,
}

impl Kind {
    /// The word for it.
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
    /// Bytes of vision and audio towers and of layers that draft.
    pub extra: f64,
    /// Types with their bytes, the most first.
    pub types: Vec<(String, f64)>,
    /// Bits per element of the type with the most bytes.
    pub main_bits: f64,
    /// The number of tensors.
    pub tensors: usize,
}

impl Weights {
    /// All bytes.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.classes.total() + self.extra
    }
}

/// Sizes that tell published models apart; 0 where the file does not say.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sizes {
    /// Layers.
    pub layers: f64,
    /// Hidden size.
    pub hidden: f64,
    /// Vocabulary.
    pub vocab: f64,
    /// Routed experts per layer.
    pub experts: f64,
}

/// The facts that a model file states.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Its kind.
    pub kind: Kind,
    /// The model's name: the file's own word for it, else the file's name.
    pub name: String,
    /// The name of the file or its directory, without endings.
    pub stem: String,
    /// The file or directory that was named.
    pub path: PathBuf,
    /// When the file was last changed.
    pub date: Option<Date>,
    /// The architecture.
    pub architecture: Option<String>,
    /// The file's name for the format of its weights; [`Facts::format_id`] is the catalog's word.
    pub format: Option<String>,
    /// The catalog's container of the format.
    pub container: Container,
    /// The reason why the format is not known, where the file names one.
    pub format_fault: Option<String>,
    /// Bytes per class that the configuration leads to, where there are no tensors.
    pub stored: Option<PerClass>,
    /// Layers.
    pub layers: Option<f64>,
    /// Sizes that tell published models apart.
    pub sizes: Sizes,
    /// All bytes as an index states them, where the weights themselves are not there.
    pub stated_bytes: Option<f64>,
    /// Parameters per class, where they can be counted.
    pub params: Option<PerClass>,
    /// Parameters outside of the text model.
    pub extra_params: f64,
    /// The build of the model, where all of it is known.
    pub shape: Option<Shape>,
    /// The sizes of the tensors, where there are tensors.
    pub weights: Option<Weights>,
    /// Sentences on what is not known or differs.
    pub notes: Vec<String>,
}

impl Facts {
    /// The id of the format: the catalog's where it has it, else the file's name for it as an id.
    #[must_use]
    pub fn format_id(&self, catalog: &Catalog) -> Option<String> {
        let name = self.format.as_deref()?;
        let known = catalog.format_called(self.container, name).map(|format| format.id.clone());
        let own = || {
            let id = name.to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric() && c != '_', "-");
            // The same name may be another format's in another container.
            if catalog.format(&id).is_ok() { format!("{}-{id}", self.kind.word()) } else { id }
        };
        Some(known.unwrap_or_else(own))
    }

    /// Bytes of all tensors: as they are, else as the configuration leads to.
    #[must_use]
    pub fn tensor_bytes(&self) -> Option<f64> {
        let stated = self.weights.as_ref().map(Weights::total).or(self.stated_bytes);
        stated.or_else(|| Some(self.stored?.total()))
    }

    /// Bits per weight of the text model, scales included.
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
