//! How weights and cache are stored: bits per element by tensor class, and where a format runs.

use serde::{Deserialize, Serialize};

use super::{Date, Fact, Model, PerClass, Sources};

/// The kind of file a format lives in; runtimes load containers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Container {
    /// llama.cpp's file.
    Gguf,
    /// MLX's safetensors with affine or microscaling groups.
    Mlx,
    /// Safetensors as published on the hub.
    Safetensors,
}

/// Whether hardware of a family can compute with a format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PathState {
    /// It runs.
    Runs,
    /// It cannot run.
    No,
    /// No source says.
    NotKnown,
}

/// How machines of a family compute with a format.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ComputePath {
    /// Prefix of the machine families this holds for; empty for all others.
    pub family: String,
    /// Whether it runs.
    pub state: PathState,
    /// The kernels, in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub how: String,
}

/// A weight format: a rule of bits per tensor class.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Format {
    /// Identifier, lower case.
    pub id: String,
    /// Name in the field.
    pub name: String,
    /// What files of its container call it, where that is not the id in capitals.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub called: Vec<String>,
    /// File it lives in.
    pub container: Container,
    /// Class of formats that share kernels.
    pub class: String,
    /// Sources of every number here.
    pub source: Sources,
    /// Date of the numbers.
    pub date: Date,
    /// Bits per weight of the main block, scales included.
    pub block_bits: Fact,
    /// Bits per weight by tensor class, scales included; typical for mixed formats, whose exact bytes models carry.
    pub bits: PerClass,
    /// Mean Kullback-Leibler divergence against 16 bit, the cost in quality; `None` where nobody measured it.
    #[serde(default)]
    pub kld: Option<Fact>,
    /// Where it runs, first match by family prefix.
    pub paths: Vec<ComputePath>,
    /// Whether a model must be released in it (a native format such as MXFP4) to be available.
    #[serde(default)]
    pub native_only: bool,
    /// The rule in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub rule: String,
}

impl Format {
    /// How machines of `family` compute with it.
    #[must_use]
    pub fn path(&self, family: &str) -> Option<&ComputePath> {
        self.paths.iter().find(|path| family.starts_with(&path.family))
    }

    /// Whether `model` is to be had in it: a native format only where the model was released in one of its kind, where
    /// somebody made it (its bytes are known), or where the model is custom and has no release.
    #[must_use]
    pub fn is_offered_for(&self, model: &Model) -> bool {
        let kinds = |native: &str| native.split(|c: char| !c.is_alphanumeric()).any(|kind| self.has_kind(kind));
        !self.native_only
            || model.native.is_empty()
            || kinds(&model.native.to_lowercase())
            || model.bytes_in(&self.id).is_some()
    }

    /// Whether a part of the id is `kind`: mlx-mxfp4-q8 has mxfp4, but not fp4.
    fn has_kind(&self, kind: &str) -> bool {
        self.id.split('-').any(|part| part == kind)
    }
}

/// A format of the key-value cache.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KvFormat {
    /// Identifier, lower case.
    pub id: String,
    /// Name in the field.
    pub name: String,
    /// Sources of every number here.
    pub source: Sources,
    /// Date of the numbers.
    pub date: Date,
    /// Bits per cache element, scales included.
    pub bits: Fact,
    /// Cost in quality, where measured.
    #[serde(default)]
    pub kld: Option<Fact>,
    /// Runtimes that have it; empty where every runtime has it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub runtimes: Vec<String>,
    /// What a reader should know.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}
