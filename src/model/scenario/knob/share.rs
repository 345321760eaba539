//! The knob for the share of active parameters: 100 % is a dense model, less is a mixture of experts of the same size.

use crate::model::catalog::Catalog;
use crate::model::facts::Model;
use crate::model::scenario::range::SHARE;
use crate::model::scenario::{ModelChoice, Scenario};
use crate::model::units::{Amount, Digits, Unit, log_place, round_significant};

use super::kind::share as parse_share;
use super::size::{is, size, snap_to_catalog_model};
use super::{Setting, Stop};

/// The share at the slider's left end.
const SPARSEST: f64 = 0.01;
/// The slider's stops, apart from the shares of catalog models.
const SHARES: [f64; 15] = [0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0];

pub(super) fn read(scenario: &Scenario, catalog: &Catalog) -> Setting {
    let Some((_, share)) = size(scenario, catalog) else { return Setting::default() };
    let note = match &scenario.model {
        ModelChoice::Catalog(_) | ModelChoice::File(_) if share < 1.0 => "its own",
        ModelChoice::Catalog(_) | ModelChoice::File(_) => "dense; less makes a custom MoE",
        ModelChoice::Custom { .. } if share < 1.0 => "custom MoE, shape assumed",
        ModelChoice::Custom { .. } => "custom dense, shape assumed",
        ModelChoice::ReadGb(_) => "all that is read counts",
    };
    let text = format!("{}", Amount::new(share, Unit::Share, Digits::Significant(2)));
    Setting { text, typed: format!("{share}"), value: Some(share), note: note.to_owned() }
}

/// Reads a share, `5%` or `0.05`.
pub(super) fn write(scenario: &mut Scenario, catalog: &Catalog, text: &str) -> Result<(), String> {
    let share = SHARE.check(round_significant(parse_share(text)?, 4)).map_err(|error| error.to_string())?;
    let Some((params, now)) = size(scenario, catalog) else { return Err("the model is not in the catalog".to_owned()) };
    if (now - share).abs() > 1e-12 {
        scenario.model = snap_to_catalog_model(scenario, catalog, params, share);
    }
    Ok(())
}

fn place_of(share: f64) -> f64 {
    log_place(share, (SPARSEST, 1.0))
}

pub(super) fn place(scenario: &Scenario, catalog: &Catalog) -> f64 {
    size(scenario, catalog).map_or(1.0, |(_, share)| place_of(share))
}

/// Returns shares on a logarithmic scale, with those of the catalog's models of the current size.
pub(super) fn stops(scenario: &Scenario, catalog: &Catalog) -> Vec<Stop> {
    let Some((params, _)) = size(scenario, catalog) else { return Vec::new() };
    let share_of = |model: &Model| round_significant(model.active_share(), 4);
    let own = catalog.models.iter().map(|model| (model, share_of(model)));
    let own: Vec<f64> = own.filter(|(model, share)| is(model, params, *share)).map(|(_, share)| share).collect();
    let mut shares: Vec<f64> =
        SHARES.iter().copied().chain(own.into_iter().filter(|share| *share >= SPARSEST)).collect();
    shares.sort_by(f64::total_cmp);
    shares.dedup();
    let label = |share| match share {
        0.01 | 0.1 | 1.0 => format!("{}", Amount::exact(share, Unit::Share)),
        _ => String::default(),
    };
    let stop = |share: f64| Stop { at: place_of(share), typed: format!("{share}"), label: label(share) };
    shares.into_iter().map(stop).collect()
}
