//! The choices of model, format and runtime: by name, left to the program, or per machine.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::units::{Amount, Unit};

use super::bounds;
use super::range::{OutOfRange, SHARE};

/// The model of the question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Model")]
pub enum ModelChoice {
    /// A model of the catalog, by id.
    Catalog(String),
    /// A custom model: sizes are given, the rest of its shape is assumed.
    Custom {
        /// Parameters.
        params: f64,
        /// Parameters that work on one token; equal to `params` for a dense model.
        active: f64,
    },
    /// Gigabytes (1e9 bytes) read per token; all of them are in memory too.
    ReadGb(f64),
    /// A model that a file describes, by the file's name. A relative name is resolved from the directory of the
    /// scenario file.
    File(String),
}

/// A [`ModelChoice`] as a scenario file has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
enum Model {
    Catalog(#[serde(deserialize_with = "bounds::text")] String),
    Custom {
        #[serde(deserialize_with = "bounds::params")]
        params: f64,
        #[serde(default, deserialize_with = "bounds::active")]
        active: Option<f64>,
    },
    ReadGb(#[serde(deserialize_with = "bounds::read_gb")] f64),
    File(#[serde(deserialize_with = "bounds::text")] String),
}

/// A custom model with impossible sizes.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CustomModelError {
    /// The active parameters exceed the total.
    #[error("{active} active is more than {params} in all")]
    MoreActive {
        /// Parameters that work on one token.
        active: Amount,
        /// Total parameters.
        params: Amount,
    },
    /// The active share is out of range.
    #[error("the active share of {0}")]
    Share(#[from] OutOfRange),
}

impl TryFrom<Model> for ModelChoice {
    type Error = CustomModelError;

    fn try_from(model: Model) -> Result<Self, CustomModelError> {
        match model {
            Model::Catalog(id) => Ok(Self::Catalog(id)),
            Model::Custom { params, active } => Self::custom(params, active.unwrap_or(params)),
            Model::ReadGb(gb) => Ok(Self::ReadGb(gb)),
            Model::File(name) => Ok(Self::File(name)),
        }
    }
}

impl ModelChoice {
    /// Returns a custom model.
    ///
    /// # Errors
    /// [`CustomModelError`] if the active parameters exceed the total or are too small a share of it.
    pub fn custom(params: f64, active: f64) -> Result<Self, CustomModelError> {
        let amount = |value| Amount::exact(value, Unit::Parameters);
        if active > params {
            return Err(CustomModelError::MoreActive { active: amount(active), params: amount(params) });
        }
        SHARE.check(active / params)?;
        Ok(Self::Custom { params, active })
    }
}

/// The format of the weights.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum FormatChoice {
    /// One format on all machines: `q4_k_m`, or `mxfp4-gguf` for models that were released in MXFP4.
    #[default]
    Auto,
    /// One format on all machines, by id.
    Same(#[serde(deserialize_with = "bounds::text")] String),
    /// The fastest format on each machine, see `AnswerBuilder::best`.
    Best,
    /// A format's id for each machine; [`FormatChoice::Auto`] for machines that are not named.
    PerMachine(#[serde(deserialize_with = "bounds::names")] BTreeMap<String, String>),
}

/// The software that runs the model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum RuntimeChoice {
    /// On each machine the best supported runtime that loads the format.
    #[default]
    Auto,
    /// One runtime on all machines, by id.
    Same(#[serde(deserialize_with = "bounds::text")] String),
    /// A runtime's id for each machine; [`RuntimeChoice::Auto`] for machines that are not named.
    PerMachine(#[serde(deserialize_with = "bounds::names")] BTreeMap<String, String>),
}

impl FormatChoice {
    /// Returns the choice for one machine.
    #[must_use]
    pub fn on(&self, machine: &str) -> FormatOn<'_> {
        match self {
            Self::Auto => FormatOn::Auto,
            Self::Best => FormatOn::Best,
            Self::Same(id) => FormatOn::Id(id),
            Self::PerMachine(ids) => ids.get(machine).map_or(FormatOn::Auto, |id| FormatOn::Id(id)),
        }
    }
}

/// The format of one machine, by a [`FormatChoice`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormatOn<'a> {
    /// The default for the model, see [`FormatChoice::Auto`].
    Auto,
    /// The fastest on the machine, see [`FormatChoice::Best`].
    Best,
    /// The format with this id.
    Id(&'a str),
}

impl RuntimeChoice {
    /// Returns the id of the runtime on a machine; `None` if the choice is left to the program.
    #[must_use]
    pub fn on(&self, machine: &str) -> Option<&str> {
        match self {
            Self::Auto => None,
            Self::Same(id) => Some(id),
            Self::PerMachine(ids) => ids.get(machine).map(String::as_str),
        }
    }
}
