//! The knob for the model by its size: a catalog model, or a custom one of any size between them.
//!
//! Size and active share are two sliders for one field: the size slider keeps the active share, and the share slider
//! keeps the size. If both match a catalog model, the setting is that model.

use crate::model::catalog::Catalog;
use crate::model::catalog::names::{NameError, NameOf};
use crate::model::facts::Model;
use crate::model::scenario::range::{ACTIVE, PARAMS, READ_GB};
use crate::model::scenario::{ModelChoice, Scenario};
use crate::model::units::{Amount, GB, ShortParameters, Unit, log_place, parse_number, round_significant};

use super::{Setting, Stop};

/// Parameters at the left end of the size slider.
const SMALLEST: f64 = 0.5e9;
/// Parameters at the right end of the size slider.
const LARGEST: f64 = 2e12;
/// Stops per decade of the size slider.
const FINE: f64 = 24.0;
/// Returns the parameters and the share of them that work on a token. The share has four digits, so that multiplying
/// and dividing by it does not change it.
pub(super) fn size(scenario: &Scenario, catalog: &Catalog) -> Option<(f64, f64)> {
    let (params, active) = match &scenario.model {
        ModelChoice::Catalog(id) => catalog.model(id).ok().map(|model| (model.total_params, model.active_params))?,
        ModelChoice::File(name) => {
            catalog.file(name).map(|file| (file.model.total_params, file.model.active_params))?
        }
        ModelChoice::Custom { params, active } => (*params, *active),
        // A model given by its bytes counts as a dense model that reads as many bytes.
        ModelChoice::ReadGb(gb) => {
            let params = round_significant(gb * GB * 8.0 / super::storage::bits(scenario, catalog), 3);
            (params, params)
        }
    };
    Some((params, round_significant(active / params, 4)))
}

fn same_size(one: f64, other: f64) -> bool {
    ((one - other) / other).abs() < 1e-9
}

pub(super) fn is(model: &Model, params: f64, share: f64) -> bool {
    same_size(model.total_params, params) && (round_significant(model.active_share(), 4) - share).abs() < 1e-9
}

/// Returns the catalog model of this size and share, the current model first if several match; else a custom model.
pub(super) fn snap_to_catalog_model(scenario: &Scenario, catalog: &Catalog, params: f64, share: f64) -> ModelChoice {
    let current = |model: &&Model| matches!(&scenario.model, ModelChoice::Catalog(id) if *id == model.id);
    let alike = || catalog.models.iter().filter(|model| is(model, params, share));
    match alike().find(current).or_else(|| alike().next()) {
        Some(model) => ModelChoice::Catalog(model.id.clone()),
        None => custom(params, share),
    }
}

fn custom(params: f64, share: f64) -> ModelChoice {
    ModelChoice::Custom { params, active: (share * params).min(params) }
}

fn typed(model: &ModelChoice) -> String {
    match model {
        ModelChoice::Catalog(id) | ModelChoice::File(id) => id.clone(),
        ModelChoice::Custom { params, active } => {
            format!("{}/{}", ShortParameters(*params), ShortParameters(*active))
        }
        ModelChoice::ReadGb(gb) => format!("{gb} GB"),
    }
}

fn amount(params: f64) -> Amount {
    Amount::computed(params, Unit::Parameters)
}

pub(super) fn read(scenario: &Scenario, catalog: &Catalog) -> Setting {
    let named = |id: &str, model: Option<&Model>| {
        let text = model.map_or(id, |model| &model.name).into();
        let kind = |model: &Model| format!("{} {}", amount(model.total_params), model.kind.word());
        (text, model.map_or_else(String::new, kind))
    };
    let (text, note) = match &scenario.model {
        ModelChoice::Catalog(id) => named(id, catalog.model(id).ok()),
        ModelChoice::File(name) => named(name, catalog.file(name).map(|file| &file.model)),
        ModelChoice::Custom { params, active } if active < params => {
            (format!("{}, {} active", amount(*params), amount(*active)), "custom MoE".to_owned())
        }
        ModelChoice::Custom { params, .. } => (format!("{} dense", amount(*params)), "custom".to_owned()),
        ModelChoice::ReadGb(gb) => {
            let read = Amount::exact(gb * GB, Unit::BytesPerToken);
            (format!("{read}"), "read and resident, as given".to_owned())
        }
    };
    let value = size(scenario, catalog).map(|(params, _)| params);
    Setting { text, typed: typed(&scenario.model), value, note }
}

/// Reads a model's name, a size (`70b`), total and active size (`120b/12b`), or bytes read per token (`40 GB`).
pub(super) fn write(scenario: &mut Scenario, catalog: &Catalog, text: &str) -> Result<(), String> {
    // Exact ids are compared first, because resolving a name costs more than a whole estimate.
    if catalog.models.iter().any(|model| model.id == text) {
        scenario.model = ModelChoice::Catalog(text.into());
        return Ok(());
    }
    if catalog.file(text).is_some() {
        scenario.model = ModelChoice::File(text.into());
        return Ok(());
    }
    let lower = String::from(text).to_lowercase();
    if let Some(gb) = lower.strip_suffix("gb").and_then(|number| parse_number(number, Unit::Count).ok()) {
        let gb = READ_GB.check(gb).map_err(|error| format!("{error} GB"))?;
        scenario.model = ModelChoice::ReadGb(gb);
        return Ok(());
    }
    let (params, active) =
        lower.split_once('/').map_or((lower.as_str(), None), |(params, active)| (params, Some(active)));
    let Ok(params) = parse_number(params, Unit::Parameters) else { return by_name(scenario, catalog, text) };
    let params = PARAMS.check(params).map_err(|error| error.to_string())?;
    scenario.model = match active {
        None => {
            snap_to_catalog_model(scenario, catalog, params, size(scenario, catalog).map_or(1.0, |(_, share)| share))
        }
        Some(active) => {
            let active = parse_number(active, Unit::Parameters).map_err(|error| error.to_string())?;
            ModelChoice::custom(params, ACTIVE.check(active).map_err(|error| error.to_string())?)
                .map_err(|error| error.to_string())?
        }
    };
    Ok(())
}

fn by_name(scenario: &mut Scenario, catalog: &Catalog, text: &str) -> Result<(), String> {
    if text.is_empty() {
        return Err("write a model's name, a size such as 70b, or 120b/12b for 12B active of 120B".to_owned());
    }
    let found = catalog.resolve(NameOf::Model, text).map_err(|error| match error {
        NameError::Unknown { .. } => format!("{error}; a size such as 70b or 120b/12b will do, too"),
        error => error.to_string(),
    })?;
    scenario.model = ModelChoice::Catalog(found.id);
    Ok(())
}

fn size_place(params: f64) -> f64 {
    log_place(params, (SMALLEST, LARGEST))
}

pub(super) fn place(scenario: &Scenario, catalog: &Catalog) -> f64 {
    size(scenario, catalog).map_or(0.0, |(params, _)| size_place(params))
}

/// Returns sizes on a fine logarithmic scale at the current share; catalog models of that share replace the sizes near
/// them.
pub(super) fn stops(scenario: &Scenario, catalog: &Catalog) -> Vec<Stop> {
    let share = size(scenario, catalog).map_or(1.0, |(_, share)| share);
    let alike =
        |model: &&Model| is(model, model.total_params, share) && (SMALLEST..=LARGEST).contains(&model.total_params);
    let models: Vec<f64> = catalog.models.iter().filter(alike).map(|model| model.total_params).collect();
    let half_step = libm::pow(10.0, 0.5 / FINE);
    let near_model = |params: f64| models.iter().any(|model| (model / params).max(params / model) < half_step);
    let count = (libm::log10(LARGEST / SMALLEST) * FINE).floor() as i32;
    let fine = (1..count).map(|step| round_significant(SMALLEST * libm::pow(10.0, f64::from(step) / FINE), 3));
    let mut sizes: Vec<f64> = fine.filter(|params| !near_model(*params)).chain(models.iter().copied()).collect();
    sizes.extend([SMALLEST, LARGEST]);
    sizes.sort_by(f64::total_cmp);
    sizes.dedup_by(|a, b| (*a - *b).abs() < 1.0);
    let stop = |params| {
        // Only the sizes in `models` belong to catalog models.
        let known = models.iter().any(|model| same_size(*model, params));
        let choice =
            if known { snap_to_catalog_model(scenario, catalog, params, share) } else { custom(params, share) };
        Stop { at: size_place(params), typed: typed(&choice), label: String::default() }
    };
    sizes.into_iter().map(stop).collect()
}

/// Returns well-known sizes for the scale below the slider.
pub(super) fn scale() -> Vec<Stop> {
    let sizes = [1e9, 8e9, 32e9, 70e9, 235e9, 1e12, 3e9, 14e9, 120e9, 400e9];
    let stop = |params: f64| Stop {
        at: size_place(params),
        typed: ShortParameters(params).to_string(),
        label: Amount::exact(params, Unit::Parameters).to_string(),
    };
    sizes.map(stop).to_vec()
}

/// Returns the catalog's models by size.
pub(super) fn models(_: &Scenario, catalog: &Catalog) -> Vec<Stop> {
    let mut models: Vec<&Model> = catalog.models.iter().collect();
    models.sort_by(|a, b| a.total_params.total_cmp(&b.total_params));
    let tick = |model: &Model| Stop {
        at: size_place(model.total_params).clamp(0.0, 1.0),
        typed: model.id.as_str().into(),
        label: model.name.as_str().into(),
    };
    models.into_iter().map(tick).collect()
}
