//! Model, format and runtime: chosen by name, left to the program, or per machine.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::units::{Amount, Unit};

use super::bounds;
use super::range::{OutOfRange, SHARE};

/// The model that is asked about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Model")]
pub enum ModelChoice {
    /// A model of the catalog, by id.
    Catalog(String),
    /// A model of a size, the rest of its shape assumed.
    Custom {
        /// Parameters.
        params: f64,
        /// Parameters that work on one token; as many as `params` for a dense model.
        active: f64,
    },
    /// Gigabytes (1e9 bytes) read per token, resident as well.
    ReadGb(f64),
    /// The model that a file describes, by the file's name; beside the scenario's file where the name is relative.
    File(String),
}

/// [`ModelChoice`] as a file may write it.
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

/// A custom model that cannot be.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CustomModelError {
    /// More parameters are active than there are.
    #[error("{active} active is more than {params} in all")]
    MoreActive {
        /// Parameters that work on a token.
        active: Amount,
        /// Parameters in all.
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
    /// A custom model.
    ///
    /// # Errors
    /// [`CustomModelError`] where more parameters are active than there are, or next to none.
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
    /// One format everywhere: `q4_k_m`, or `mxfp4-gguf` for models that are native in MXFP4.
    #[default]
    Auto,
    /// One format everywhere, by id.
    Same(#[serde(deserialize_with = "bounds::text")] String),
    /// On each machine the one that serves the model best.
    Best,
    /// A format's id by machine; as [`FormatChoice::Auto`] for a machine that is not named.
    PerMachine(#[serde(deserialize_with = "bounds::names")] BTreeMap<String, String>),
}

/// The software that runs the model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum RuntimeChoice {
    /// On each machine the first that runs the format there.
    #[default]
    Auto,
    /// One runtime everywhere, by id.
    Same(#[serde(deserialize_with = "bounds::text")] String),
    /// A runtime's id by machine; as [`RuntimeChoice::Auto`] for a machine that is not named.
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

/// The format of one machine by a [`FormatChoice`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormatOn<'a> {
    /// The default for the model.
    Auto,
    /// The one that serves the model best there.
    Best,
    /// This one.
    Id(&'a str),
}

impl RuntimeChoice {
    /// The runtime's id on one machine; `None` where it is left to the program.
    #[must_use]
    pub fn on(&self, machine: &str) -> Option<&str> {
        match self {
            Self::Auto => None,
            Self::Same(id) => Some(id),
            Self::PerMachine(ids) => ids.get(machine).map(String::as_str),
        }
    }
}
