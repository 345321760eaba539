//! The split that the devices of a set-up could have instead of the one in use, and its speed.

use super::builder::answer;
use super::request::model;
use super::{Answer, AnswerError};
use crate::model::catalog::Catalog;
use crate::model::estimate::figures::Speeds;
use crate::model::facts::{Runtime, SetupSpec, Split};
use crate::model::scenario::{FormatChoice, RuntimeChoice, Scenario};
use crate::model::units::{Amount, Unit};

/// Another split of the same devices, in the same format.
#[derive(Clone, Debug, PartialEq)]
pub struct OtherSplit {
    /// The set-up with this split, as a scenario names it.
    pub machine: String,
    /// The split.
    pub split: Split,
    /// The runtime, by id.
    pub runtime: String,
    /// Its speeds; `None` if the model does not fit with this split.
    pub speeds: Option<Speeds<f64>>,
}

impl OtherSplit {
    /// Returns its expected speed compared with that of `answer`, in words such as `4xrtx-4090:tensor is expected to
    /// give 47 tok/s per stream in place of 17 tok/s`.
    #[must_use]
    pub fn words(&self, answer: &Answer<'_>) -> String {
        let own = answer.estimate.and_then(|estimate| estimate.decode.speeds);
        let on = if self.runtime == answer.runtime.id { String::new() } else { format!(" on {}", self.runtime) };
        let machine = &self.machine;
        let amount = |value, digits| Amount::new(value, Unit::TokensPerSecond, digits);
        match (self.speeds, own) {
            (None, _) => format!("by {} ({machine}{on}) it does not fit", self.split.word()),
            (Some(there), None) => {
                let each = amount(there.each.expected, there.each.digits());
                format!("{machine}{on} is expected to give {each} per stream")
            }
            (Some(there), Some(here)) => {
                let each = amount(there.each.expected, there.each.digits());
                let now = amount(here.each.expected, here.each.digits());
                format!("{machine}{on} is expected to give {each} per stream in place of {now}")
            }
        }
    }
}

/// Returns the other split of an answer's set-up: by layer if it is split by tensor, otherwise by tensor. `None` if the
/// machine is no set-up of equal devices, or if no runtime that loads the format can run that split.
pub(super) fn of(catalog: &Catalog, scenario: &Scenario, own: &Answer<'_>) -> Result<Option<OtherSplit>, AnswerError> {
    let Some((setup, split)) = own.setup.as_ref().filter(|(setup, _)| setup.is_even()) else { return Ok(None) };
    let split = if *split == Split::Tensor { Split::Layer } else { Split::Tensor };
    let loads = |runtime: &&Runtime| runtime.splits.contains(&split) && runtime.loads.contains(&own.format.container);
    let is_open = matches!(scenario.runtime, RuntimeChoice::Auto);
    let others = catalog.runtimes.iter().filter(|runtime| is_open && runtime.auto);
    let Some(runtime) = std::iter::once(own.runtime).chain(others).find(loads) else { return Ok(None) };
    let machine = SetupSpec { split: Some(split), ..setup.spec.clone() }.to_string();
    let asked = Scenario {
        machines: vec![machine.clone()].into(),
        format: FormatChoice::Same(own.format.id.clone()),
        runtime: RuntimeChoice::Same(runtime.id.clone()),
        ..scenario.clone()
    };
    let there = answer(catalog, &asked, &machine, &model(catalog, &asked)?)?;
    let runs = there.refused.is_none();
    Ok(runs.then(|| OtherSplit {
        machine,
        split,
        runtime: runtime.id.clone(),
        speeds: there.estimate.and_then(|estimate| estimate.decode.speeds),
    }))
}
