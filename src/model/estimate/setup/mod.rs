//! Set-ups: several devices as one machine, weights in system memory, and requests that wait for room.
//!
//! The estimate of one device does not change: a set-up is a machine made of others (`devices`), and its bandwidth and
//! rate follow from the split. The code here adds what a set-up adds to a step: the messages between devices (`split`)
//! and the weights that the host reads (`offload`). All constants are catalog data with sources.

pub mod devices;
pub(super) mod offload;
mod processor;
pub mod queue;
mod short_name;
pub mod split;
pub(super) mod users;

pub use devices::{Device, Setup};
pub use offload::{Offload, OffloadInputs, OffloadKind, Offloaded};
pub use queue::Waiting;
pub use split::SetupInputs;

use super::case::Missing;
use super::trace::{Cited, Origin, Provenance, Sourced};
use crate::model::facts::{Basis, SetupConstant, SetupParameter};

impl Cited for SetupConstant {
    fn origin(&self) -> Origin<'_> {
        Origin::Cited { entry: self.parameter.word(), source: &self.source, date: Some(self.date), note: &self.note }
    }
}

/// The constants of set-ups for one runtime.
#[derive(Clone, Copy, Debug)]
pub(super) struct Constants<'a> {
    pub entries: &'a [SetupConstant],
    pub runtime: &'a str,
}

impl<'a> Constants<'a> {
    /// Returns the constant `parameter` for a class.
    ///
    /// # Errors
    /// [`Missing`] if the catalog has neither that constant for the class nor one for any class.
    pub fn entry(&self, parameter: SetupParameter, class: &str) -> Result<&'a SetupConstant, Missing> {
        SetupConstant::find(self.entries, parameter, class, self.runtime).ok_or(Missing::Setup(parameter))
    }

    /// Returns the constant's typical value, multiplied by `scale` to reach base units.
    ///
    /// # Errors
    /// [`Missing`] as for [`Constants::entry`].
    pub fn typical(&self, parameter: SetupParameter, class: &str, scale: f64) -> Result<Sourced<'a>, Missing> {
        self.entry(parameter, class).map(|entry| sourced(entry, entry.typical * scale))
    }

    /// Returns the edges of the band for a class of set-up.
    ///
    /// # Errors
    /// [`Missing`] as for [`Constants::entry`].
    pub fn band(&self, class: &str) -> Result<super::case::Edges<'a>, Missing> {
        let entry = self.entry(SetupParameter::Band, class)?;
        Ok(super::case::Edges { low: sourced(entry, entry.low), high: sourced(entry, entry.high) })
    }
}

fn sourced(entry: &SetupConstant, value: f64) -> Sourced<'_> {
    let basis = if entry.rows > 0 { Basis::Measured } else { Basis::Assumed };
    Sourced { value, basis, provenance: Provenance::Cited(entry) }
}
