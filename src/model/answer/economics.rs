//! The assumed use of a machine, from which its cost per token follows: years, share of the time, and price of
//! electricity.

use super::request::{assumption, tariff};
use super::tree::origin_words;
use crate::model::catalog::Catalog;
use crate::model::estimate::case::Missing;
use crate::model::estimate::trace::Sourced;
use crate::model::scenario::Scenario;
use crate::model::units::{Amount, Digits, Unit};

/// Years of use, the share of that time in which the machine generates, and the price of electricity in USD per kWh.
/// Values that the scenario does not set are the catalog's.
#[derive(Clone, Copy, Debug)]
pub(super) struct Use<'c> {
    pub years: Sourced<'c>,
    pub utilisation: Sourced<'c>,
    pub tariff: Sourced<'c>,
}

impl<'c> Use<'c> {
    pub fn of(catalog: &'c Catalog, scenario: &Scenario) -> Result<Self, Missing> {
        let chosen = |value: Option<f64>, knob: &'static str, otherwise: &'static str| match value {
            Some(value) => Ok(Sourced::setting(value, knob)),
            None => assumption(catalog, otherwise),
        };
        let economics = &scenario.economics;
        Ok(Self {
            years: chosen(economics.years, "years", "lifetime_years")?,
            utilisation: chosen(economics.utilisation, "utilisation", "utilisation")?,
            tariff: match economics.tariff_usd_kwh {
                Some(value) => Sourced::setting(value, "tariff"),
                None => tariff(catalog)?,
            },
        })
    }
}

/// Returns one sentence for each assumption of the cost per million tokens, with its origin.
#[must_use]
pub fn economics_words(catalog: &Catalog, scenario: &Scenario) -> Vec<String> {
    let Ok(Use { years, utilisation, tariff }) = Use::of(catalog, scenario) else { return Vec::new() };
    let origin = |known: Sourced<'_>| format!("{}; {}", known.basis.word(), origin_words(catalog, &known.origin()));
    let hours = Amount::new(utilisation.value * 24.0, Unit::HoursPerDay, Digits::Significant(2));
    let share = Amount::exact(utilisation.value, Unit::Share);
    vec![
        format!(
            "cost per million tokens: price over {} of use ({})",
            Amount::exact(years.value, Unit::Years),
            origin(years)
        ),
        format!("cost per million tokens: {hours} of generating, {share} of the time ({})", origin(utilisation)),
        format!(
            "cost per million tokens: electricity at {} ({}); --set years=, utilisation= or tariff= changes them",
            Amount::exact(tariff.value, Unit::UsdPerKwh),
            origin(tariff)
        ),
    ]
}
