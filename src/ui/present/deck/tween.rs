//! Transitions between two scenarios in frames: counts and sizes move, formats step, everything else changes half-way.
//!
//! A frame depends only on its number. Sizes and counts change by equal factors, slowly at both ends. Models in between
//! are custom ones of that size and formats in between are formats of the catalog, so every frame is a real estimate.

use crate::model::catalog::Catalog;
use crate::model::scenario::knob::{KNOBS, knob};
use crate::model::scenario::{FormatChoice, ModelChoice, Scenario};
use crate::model::units::round_significant;

/// Number of frames of a transition; the last one shows its end.
pub const FRAMES: u32 = 12;
/// Time between two frames in milliseconds: 12 frames take 400 ms, at 30 per second.
pub const FRAME_MS: u64 = 33;

/// Returns frame `frame` of the transition between two scenarios: `from` for 0, `to` from [`FRAMES`] on.
#[must_use]
pub fn frame(catalog: &Catalog, from: &Scenario, to: &Scenario, frame: u32) -> Scenario {
    if frame >= FRAMES {
        return to.clone();
    }
    if frame == 0 {
        return from.clone();
    }
    let share = eased(f64::from(frame) / f64::from(FRAMES));
    let side = if share < 0.5 { from } else { to };
    let mut scenario =
        Scenario { model: model(catalog, from, to, share), format: format(catalog, from, to, share), ..side.clone() };
    // Knobs that count move between their values; all others have the value of the nearer end.
    for knob in KNOBS {
        let (start, end) = (knob.whole_number(from), knob.whole_number(to));
        let Some((start, end)) = start.zip(end).filter(|(start, end)| start != end) else { continue };
        let between = between(start as f64 + 1.0, end as f64 + 1.0, share).round() - 1.0;
        let typed = between.max(start.min(end) as f64).to_string();
        // If the knob refuses a value in between, it keeps that of the nearer end.
        let _ = knob.write(&mut scenario, catalog, &typed);
    }
    scenario
}

/// Eases a share of the way, so that it changes slowly at both ends: 3x² - 2x³.
fn eased(share: f64) -> f64 {
    share * share * (3.0 - 2.0 * share)
}

/// Returns the value at a share of the way between two values, by equal factors.
fn between(from: f64, to: f64, share: f64) -> f64 {
    from * libm::pow(to / from, share)
}

fn model(catalog: &Catalog, from: &Scenario, to: &Scenario, share: f64) -> ModelChoice {
    let side = if share < 0.5 { from } else { to };
    if from.model == to.model {
        return from.model.clone();
    }
    let Some((start, end)) = size(catalog, from).zip(size(catalog, to)) else { return side.model.clone() };
    let params = round_significant(between(start.0, end.0, share), 3);
    let active = round_significant(between(start.1, end.1, share), 3).min(params);
    ModelChoice::custom(params, active).unwrap_or_else(|_| side.model.clone())
}

/// Returns the format of a frame. If the model stays the same, it steps through the catalog's formats of the same
/// container; otherwise it changes half-way.
fn format(catalog: &Catalog, from: &Scenario, to: &Scenario, share: f64) -> FormatChoice {
    let side = if share < 0.5 { from } else { to };
    let ids = one_format(catalog, from).zip(one_format(catalog, to));
    if from.model == to.model
        && let Some((start, end)) = ids.filter(|(start, end)| start != end)
    {
        let way = formats_between(catalog, from, (start, end));
        let at = (share * way.len() as f64) as usize;
        if let Some(id) = way.get(at.min(way.len().saturating_sub(1))) {
            return FormatChoice::Same(id.clone());
        }
    }
    match &side.format {
        // A custom model in between would change the automatic choice of the format, so the format is fixed.
        FormatChoice::Auto => FormatChoice::Same(side.auto_format(catalog).into()),
        chosen => chosen.clone(),
    }
}

/// Returns the id of the format, if it is the same on all machines.
fn one_format<'s>(catalog: &'s Catalog, scenario: &'s Scenario) -> Option<&'s str> {
    match &scenario.format {
        FormatChoice::Auto => Some(scenario.auto_format(catalog)),
        FormatChoice::Same(id) => Some(id),
        FormatChoice::Best | FormatChoice::PerMachine(_) => None,
    }
}

/// Returns the formats between two formats in the order of the slider, both included. Only formats of the same
/// container are used, because others may not run; empty if the two containers differ.
fn formats_between(catalog: &Catalog, scenario: &Scenario, (start, end): (&str, &str)) -> Vec<String> {
    let container = |id: &str| catalog.format(id).map(|format| format.container).ok();
    let Ok(knob) = knob("format") else { return Vec::new() };
    let stops: Vec<String> = knob.stops(scenario, catalog).into_iter().map(|stop| stop.typed.clone()).collect();
    let place = |id: &str| stops.iter().position(|stop| stop == id);
    let Some((first, last)) = place(start).zip(place(end)).filter(|_| container(start) == container(end)) else {
        return Vec::new();
    };
    let between = &stops[first.min(last)..=first.max(last)];
    let mut way: Vec<String> = between.iter().filter(|id| container(id) == container(start)).cloned().collect();
    if first > last {
        way.reverse();
    }
    way
}

/// Returns the total and the active parameters, if the model has a size.
fn size(catalog: &Catalog, scenario: &Scenario) -> Option<(f64, f64)> {
    match &scenario.model {
        ModelChoice::Catalog(id) => catalog.model(id).ok().map(|model| (model.total_params, model.active_params)),
        ModelChoice::File(name) => catalog.file(name).map(|file| (file.model.total_params, file.model.active_params)),
        ModelChoice::Custom { params, active } => Some((*params, *active)),
        ModelChoice::ReadGb(_) => None,
    }
}
