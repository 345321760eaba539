//! Formats of weights and caches: bits per element by tensor class, and the machines that can compute with them.

use serde::{Deserialize, Serialize};

use super::{Date, Fact, Model, PerClass, Sources};

/// The kind of file that a format comes in. A runtime loads some of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Container {
    /// The file format of llama.cpp.
    Gguf,
    /// Safetensors of MLX, with affine or microscaling groups.
    Mlx,
    /// Safetensors as published on the Hugging Face hub.
    Safetensors,
    /// Safetensors in the trellis format of `ExLlamaV3`.
    Exl3,
}

/// The ability of a family of machines to compute with a format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PathState {
    /// It runs.
    Runs,
    /// It runs on kernels that are young, slow or unsupported, so `auto` never picks it.
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
    /// Prefix of the families of machines; empty for all families that no earlier path matches.
    pub family: String,
    /// The ability of these machines.
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
    /// Usual name.
    pub name: String,
    /// Other names that users type: `awq`, `gptq`, `fp4`, `ud-q4_k_xl`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Names in the metadata of files of its container, if they differ from the id in capitals.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub called: Vec<String>,
    /// The kind of file that it comes in.
    pub container: Container,
    /// Class of formats that share kernels.
    pub class: String,
    /// Sources of every number here.
    pub source: Sources,
    /// Date of the numbers.
    pub date: Date,
    /// Bits per weight of the main block, scales included.
    pub block_bits: Fact,
    /// Bits per weight by tensor class, scales included. For mixed formats these are typical values; models carry their
    /// exact bytes.
    pub bits: PerClass,
    /// Mean Kullback-Leibler divergence from the 16-bit model, the cost in quality; `None` if no source has measured
    /// it.
    #[serde(default)]
    pub kld: Option<Fact>,
    /// The abilities of machines to compute with it; the first path whose family prefix matches is used.
    pub paths: Vec<ComputePath>,
    /// True if only models that were released in such a format have it (a native format such as MXFP4).
    #[serde(default)]
    pub native_only: bool,
    /// The rule of bits in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub rule: String,
}

impl Format {
    /// Returns the way in which machines of `family` compute with the format; `None` if no path matches.
    #[must_use]
    pub fn path(&self, family: &str) -> Option<&ComputePath> {
        self.paths.iter().find(|path| family.starts_with(&path.family))
    }

    /// Returns true if `model` is available in the format. A native format needs a model that was released in one of
    /// its kind or whose exact bytes in it are known; a custom model has no release and is available in all formats.
    #[must_use]
    pub fn is_offered_for(&self, model: &Model) -> bool {
        let kinds = |native: &str| native.split(|c: char| !c.is_alphanumeric()).any(|kind| self.has_kind(kind));
        !self.native_only
            || model.native.is_empty()
            || kinds(&model.native.to_lowercase())
            || model.bytes_in(&self.id).is_some()
    }

    /// Returns true if a part of the id between dashes is `kind`: `mlx-mxfp4-q8` has `mxfp4`, but not `fp4`.
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
    /// Usual name.
    pub name: String,
    /// Other names that users type.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Sources of every number here.
    pub source: Sources,
    /// Date of the numbers.
    pub date: Date,
    /// Bits per cache element, scales included.
    pub bits: Fact,
    /// Cost in quality as for weights; `None` if not measured.
    #[serde(default)]
    pub kld: Option<Fact>,
    /// Ids of the runtimes that offer it; empty if all do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub runtimes: Vec<String>,
    /// A remark for the reader.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}
