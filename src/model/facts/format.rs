//! Formats of weights and cache: bits per element by tensor class, and the machines a format runs on.

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
    /// Safetensors in the trellis format of `ExLlamaV3`.
    Exl3,
}

/// The ability of a family's hardware to compute with a format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PathState {
    /// It runs.
    Runs,
    /// It runs on kernels that are young, slow or unsupported; never chosen by itself.
    Experimental,
    /// It cannot run.
    No,
    /// No source says.
    NotKnown,
}

/// The way in which machines of a family compute with a format.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ComputePath {
    /// Prefix of the machine families this holds for; empty for all others.
    pub family: String,
    /// The ability to run it.
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
    /// Other names that people type for it: `awq`, `gptq`, `fp4`, `ud-q4_k_xl`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Names that files of its container give it, where that is not the id in capitals.
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
    /// Mean Kullback-Leibler divergence against 16 bit, the cost in quality; `None` where no source has measured it.
    #[serde(default)]
    pub kld: Option<Fact>,
    /// The machines it runs on, first match by family prefix.
    pub paths: Vec<ComputePath>,
    /// True where a model must be released in it (a native format such as MXFP4) to be available.
    #[serde(default)]
    pub native_only: bool,
    /// The rule in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub rule: String,
}

impl Format {
    /// Returns the way in which machines of `family` compute with it.
    #[must_use]
    pub fn path(&self, family: &str) -> Option<&ComputePath> {
        self.paths.iter().find(|path| family.starts_with(&path.family))
    }

    /// Returns true if `model` is available in it: a native format only where the model was released in one of its kind,
    /// where a file of it is known by its bytes, or where the model is custom and has no release.
    #[must_use]
    pub fn is_offered_for(&self, model: &Model) -> bool {
        let kinds = |native: &str| native.split(|c: char| !c.is_alphanumeric()).any(|kind| self.has_kind(kind));
        !self.native_only
            || model.native.is_empty()
            || kinds(&model.native.to_lowercase())
            || model.bytes_in(&self.id).is_some()
    }

    /// Returns true if a part of the id is `kind`: mlx-mxfp4-q8 has mxfp4, but not fp4.
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
    /// Other names that people type for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
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
    /// A remark for the reader.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}
