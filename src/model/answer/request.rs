//! The scenario's request in the terms of the estimate: the model, the load, and numbers that the catalog assumes.

use std::sync::Arc;

use super::{AnswerError, Shared};
use crate::model::catalog::Catalog;
use crate::model::estimate::case::{Load, Missing};
use crate::model::estimate::trace::Sourced;
use crate::model::facts::{Currency, DraftMethod, Model};
use crate::model::scenario::{ModelChoice, Scenario};

/// Returns the requested model, and the bytes read per token if the user gave them instead.
pub(super) fn model<'c>(
    catalog: &'c Catalog,
    scenario: &Scenario,
) -> Result<(Shared<'c, Model>, Option<f64>), AnswerError> {
    Ok(match RequestedModel::of(catalog, scenario)? {
        RequestedModel::Entry(model) => (Shared::Known(model), None),
        RequestedModel::Made(model, bytes) => (Shared::Made(Arc::new(model)), bytes),
    })
}

/// The requested model, owned or borrowed, so that the caller decides how to share it.
#[expect(clippy::large_enum_variant, reason = "it lives on the stack for as long as one question is answered")]
pub(super) enum RequestedModel<'c> {
    /// An entry of the catalog.
    Entry(&'c Model),
    /// A model made for the scenario: a custom model, or one with given bytes read per token.
    Made(Model, Option<f64>),
}

impl<'c> RequestedModel<'c> {
    pub fn of(catalog: &'c Catalog, scenario: &Scenario) -> Result<Self, AnswerError> {
        let make =
            |total: f64, active: f64| catalog.custom_model(total, active).ok_or(AnswerError::Custom { total, active });
        Ok(match &scenario.model {
            ModelChoice::Catalog(id) => Self::Entry(catalog.model(id)?),
            ModelChoice::File(name) => {
                let file =
                    catalog.file(name).ok_or_else(|| AnswerError::Unread(crate::model::ron_file::visible(name)))?;
                Self::Entry(&file.model)
            }
            ModelChoice::Custom { params, active } => Self::Made(make(*params, *active)?, None),
            ModelChoice::ReadGb(gb) => {
                // Given bytes say nothing of cache and layers, so these follow a dense model that reads as many bytes
                // in the usual format.
                let bits = catalog.format(scenario.auto_format(catalog))?.block_bits.value;
                let bytes = gb * crate::model::units::GB;
                let params = (bytes * 8.0 / bits).max(1e6);
                let model = Model { name: "given bytes".to_owned(), ..make(params, params)? };
                Self::Made(model, Some(bytes))
            }
        })
    }
}

/// Returns the draft method; `None` if none is named.
pub(super) fn method<'c>(catalog: &'c Catalog, scenario: &Scenario) -> Option<&'c DraftMethod> {
    scenario.speculation.method.as_ref().and_then(|id| catalog.draft(id).ok())
}

/// Returns the tokens drafted per step: the scenario's, else the usual number of its method, else 0.
pub(super) fn drafted(catalog: &Catalog, scenario: &Scenario) -> f64 {
    let asked = &scenario.speculation;
    let usual = || method(catalog, scenario).map(|method| method.drafted.value);
    asked.draft.or_else(usual).unwrap_or(0.0)
}

pub(super) fn load(catalog: &Catalog, scenario: &Scenario) -> Load {
    Load {
        concurrency: scenario.concurrency as f64,
        context: scenario.context as f64,
        prompt: scenario.prompt_tokens() as f64,
        cached: scenario.cached as f64,
        generate: scenario.generate as f64,
        drafted: drafted(catalog, scenario),
        acceptance: scenario.speculation.acceptance,
        task: scenario.speculation.task,
        micro_batch: scenario.micro_batch.map(|tokens| tokens as f64),
    }
}

/// Returns the value of an assumption; `None` if the catalog lacks it.
pub(super) fn number(catalog: &Catalog, id: &str) -> Option<f64> {
    catalog.assumption(id).map(|entry| entry.fact.value)
}

pub(super) fn assumption<'c>(catalog: &'c Catalog, id: &'static str) -> Result<Sourced<'c>, Missing> {
    catalog.assumption(id).map(|entry| Sourced::fact(&entry.fact, &entry.id, 1.0)).ok_or(Missing::Assumption(id))
}

/// Returns the price of a kWh in the first region that pays in USD.
pub(super) fn tariff(catalog: &Catalog) -> Result<Sourced<'_>, Missing> {
    let region = catalog.electricity.iter().find(|region| region.currency == Currency::Usd);
    let region = region.ok_or(Missing::Assumption("electricity in USD"))?;
    Ok(Sourced::fact(&region.per_kwh, &region.id, 1.0))
}
