//! The way from one scenario to another in frames: sliders move, everything else flips half-way.
//!
//! Frame k depends on k alone. Sizes and counts move by equal factors, eased at both ends; models in between are custom
//! ones of that size, so that what the room sees on the way is estimated like everything else.

use crate::model::catalog::Catalog;
use crate::model::scenario::{FormatChoice, ModelChoice, Scenario};
use crate::model::units::round_significant;

/// Frames of a transition; the last one is where it leads to.
pub const FRAMES: u32 = 12;
/// Time between two frames, milliseconds: 12 of them are 400 ms, 30 a second.
pub const FRAME_MS: u64 = 33;

/// The scenario of frame `frame` on the way `from` one `to` another: the first one at 0, the other from [`FRAMES`] on.
#[must_use]
pub fn frame(catalog: &Catalog, from: &Scenario, to: &Scenario, frame: u32) -> Scenario {
    if frame >= FRAMES {
        return to.clone();
    }
    if frame == 0 {
        return from.clone();
    }
    let share = eased(f64::from(frame) / f64::from(FRAMES));
    let whole = |from: u64, to: u64| between(from as f64 + 1.0, to as f64 + 1.0, share).round() as u64 - 1;
    let side = if share < 0.5 { from } else { to };
    Scenario {
        model: model(catalog, from, to, share),
        // A custom model on the way would change the format that is chosen for it.
        format: match &side.format {
            FormatChoice::Auto => FormatChoice::Same(side.auto_format(catalog).into()),
            chosen => chosen.clone(),
        },
        concurrency: whole(from.concurrency, to.concurrency).max(1),
        context: whole(from.context, to.context),
        prompt: Some(whole(from.prompt_tokens(), to.prompt_tokens()).max(1)),
        cached: whole(from.cached, to.cached),
        generate: whole(from.generate, to.generate).max(1),
        ..side.clone()
    }
}

/// Slow at both ends: 3x² - 2x³.
fn eased(share: f64) -> f64 {
    share * share * (3.0 - 2.0 * share)
}

/// The value a share of the way between two, by equal factors.
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

/// Parameters in all and at work, where the model has a size.
fn size(catalog: &Catalog, scenario: &Scenario) -> Option<(f64, f64)> {
    match &scenario.model {
        ModelChoice::Catalog(id) => catalog.model(id).ok().map(|model| (model.total_params, model.active_params)),
        ModelChoice::File(name) => catalog.file(name).map(|file| (file.model.total_params, file.model.active_params)),
        ModelChoice::Custom { params, active } => Some((*params, *active)),
        ModelChoice::ReadGb(_) => None,
    }
}
