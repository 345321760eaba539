//! The knobs: the adjustable parts of a scenario. Sliders, palette, `--set`, help and tests all use their one table.
//!
//! A knob's value is a [`Setting`], and typed text changes it. Most knobs have stops: typed texts at rising positions
//! in 0..=1, where further right always means more. Stepping moves from stop to stop. A new slider is a new row.

mod assumed;
mod count;
mod kind;
mod list;
mod setups;
mod share;
mod size;
mod storage;
mod table;

use crate::model::catalog::Catalog;

use super::Scenario;
use kind::KnobKind;

pub use table::KNOBS;

/// An adjustable part of a scenario.
pub struct Knob {
    /// Name on the command line, in the palette and in decks.
    pub id: &'static str,
    /// Label on the screen.
    pub label: &'static str,
    /// Its meaning in one line.
    pub help: &'static str,
    /// True if it is one of the sliders.
    pub slider: bool,
    kind: KnobKind,
}

/// The value of a knob.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Setting {
    /// The text on the screen.
    pub text: String,
    /// The text to type for the same setting.
    pub typed: String,
    /// The value as a number, if it has one.
    pub value: Option<f64>,
    /// A remark in few words; empty if it needs none.
    pub note: String,
}

/// A value at which a knob stops.
#[derive(Clone, Debug, PartialEq)]
pub struct Stop {
    /// Position, 0 at the left end and 1 at the right.
    pub at: f64,
    /// The text that sets the knob to this stop.
    pub typed: String,
    /// The label, if the stop has a tick; otherwise empty.
    pub label: String,
}

/// The error for a text that a knob does not accept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{knob}: {sentence}")]
pub struct KnobError {
    /// The knob's id.
    pub knob: &'static str,
    /// The error in a sentence, with the allowed values.
    pub sentence: String,
}

/// The error for an unknown knob.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no knob `{id}`{hint}")]
pub struct UnknownKnob {
    /// The id, with control characters replaced.
    pub id: String,
    /// The most similar knob, and the list of all.
    pub hint: String,
}

/// Distance below which two positions count as the same.
const SAME: f64 = 1e-9;
/// Distance from a tick within which a click selects the tick.
const SNAP: f64 = 0.012;

/// Returns the knob with the id `id`.
///
/// # Errors
/// [`UnknownKnob`] with the most similar knob.
pub fn knob(id: &str) -> Result<&'static Knob, UnknownKnob> {
    KNOBS.iter().find(|knob| knob.id == id).ok_or_else(|| {
        let ids = KNOBS.iter().map(|knob| knob.id);
        let meant = crate::model::ron_file::nearest(id, ids.clone()).map(|id| format!("; did you mean `{id}`?"));
        let all = ids.collect::<Vec<_>>().join(", ");
        let hint = format!("{} allowed: {all}", meant.unwrap_or_else(|| ";".to_owned()));
        UnknownKnob { id: crate::model::ron_file::visible(id), hint }
    })
}

/// Returns the knobs that are sliders, in the order shown.
pub fn sliders() -> impl Iterator<Item = &'static Knob> {
    KNOBS.iter().filter(|knob| knob.slider)
}

impl Knob {
    /// Returns the knob's setting in a scenario.
    #[must_use]
    pub fn read(&self, scenario: &Scenario, catalog: &Catalog) -> Setting {
        self.kind.read(scenario, catalog)
    }

    /// Sets the knob to a typed text: `70b`, `32k`, `q4_k_m`, `gpt-oss-120b`.
    ///
    /// # Errors
    /// [`KnobError`] with the allowed values; the scenario is unchanged.
    pub fn write(&self, scenario: &mut Scenario, catalog: &Catalog, typed: &str) -> Result<(), KnobError> {
        let mut changed = scenario.clone();
        self.overwrite(&mut changed, catalog, typed)?;
        *scenario = changed;
        Ok(())
    }

    /// Sets the knob as [`Knob::write`] does, but without a copy of the scenario, which is undefined after an error.
    ///
    /// # Errors
    /// [`KnobError`] with the allowed values.
    pub fn overwrite(&self, scenario: &mut Scenario, catalog: &Catalog, typed: &str) -> Result<(), KnobError> {
        self.kind
            .write(scenario, catalog, typed.trim())
            .map_err(|sentence| KnobError { knob: self.id, sentence: crate::model::ron_file::visible(&sentence) })
    }

    /// Returns the stops from left to right; empty for a knob that is only typed.
    #[must_use]
    pub fn stops(&self, scenario: &Scenario, catalog: &Catalog) -> Vec<Stop> {
        self.kind.stops(scenario, catalog)
    }

    /// Returns the words that the knob accepts, each with its meaning; empty for knobs that take numbers.
    #[must_use]
    pub fn words(&self, scenario: &Scenario, catalog: &Catalog) -> Vec<(String, String)> {
        self.kind.words(scenario, catalog).into_iter().map(|word| (word.typed, word.label)).collect()
    }

    /// Returns the stops that are marked on the slider, from left to right.
    #[must_use]
    pub fn ticks(&self, scenario: &Scenario, catalog: &Catalog) -> Vec<Stop> {
        self.kind.ticks(scenario, catalog)
    }

    /// Returns the labelled values along the slider: round sizes for the model, the most important first; else the
    /// ticks.
    #[must_use]
    pub fn scale(&self, scenario: &Scenario, catalog: &Catalog) -> Vec<Stop> {
        if self.id == "model" { size::scale() } else { self.ticks(scenario, catalog) }
    }

    /// Returns the knob's position, 0..=1.
    #[must_use]
    pub fn position(&self, scenario: &Scenario, catalog: &Catalog) -> f64 {
        self.kind.place(scenario, catalog).clamp(0.0, 1.0)
    }

    /// Returns the setting of `scenario` as a change towards it from below (`rising`) or above: `from 41 streams`, `up
    /// to 30B`, `with q8_0`.
    #[must_use]
    pub fn reached(&self, scenario: &Scenario, catalog: &Catalog, rising: bool) -> String {
        self.kind.reached(self.label, scenario, catalog, rising)
    }

    /// Returns the number of a knob that counts, for which every whole number is a setting; `None` for other knobs.
    #[must_use]
    pub fn whole_number(&self, scenario: &Scenario) -> Option<u64> {
        match &self.kind {
            KnobKind::Count(count) => Some((count.get)(scenario)),
            _ => None,
        }
    }

    /// The quantity it is set to, where every value between two stops is a setting of its own: a size or a share.
    #[must_use]
    pub fn quantity(&self, scenario: &Scenario, catalog: &Catalog) -> Option<f64> {
        match &self.kind {
            KnobKind::Choice(kind) if kind.quantity.is_some() => self.read(scenario, catalog).value,
            _ => None,
        }
    }

    /// Moves the knob by `by` stops, to the right if positive. Returns true if it moved.
    pub fn step(&self, scenario: &mut Scenario, catalog: &Catalog, by: i32) -> bool {
        let mut moved = false;
        for _ in 0..by.unsigned_abs() {
            let place = self.kind.place(scenario, catalog);
            let stops = self.stops(scenario, catalog);
            let next = if by > 0 {
                stops.iter().find(|stop| stop.at > place + SAME)
            } else {
                stops.iter().rev().find(|stop| stop.at < place - SAME)
            };
            let Some(next) = next else { break };
            if self.write(scenario, catalog, &next.typed).is_err() {
                break;
            }
            moved = true;
        }
        moved
    }

    /// Moves the knob to the stop nearest to `position`, as a drag does.
    pub fn set_position(&self, scenario: &mut Scenario, catalog: &Catalog, position: f64) -> bool {
        let stops = self.stops(scenario, catalog);
        nearest(&stops, position).is_some_and(|stop| self.write(scenario, catalog, &stop.typed).is_ok())
    }

    /// Moves the knob to the tick near `position`, else to the nearest stop, as a click does.
    pub fn pick(&self, scenario: &mut Scenario, catalog: &Catalog, position: f64) -> bool {
        let ticks = self.ticks(scenario, catalog);
        match nearest(&ticks, position) {
            Some(tick) if (tick.at - position).abs() <= SNAP => self.write(scenario, catalog, &tick.typed).is_ok(),
            _ => self.set_position(scenario, catalog, position),
        }
    }

    /// Moves the knob to the next tick, to the right if `forward`; for the model, to the next catalog model by size.
    pub fn snap(&self, scenario: &mut Scenario, catalog: &Catalog, forward: bool) -> bool {
        let ticks = self.ticks(scenario, catalog);
        let typed = self.read(scenario, catalog).typed;
        let place = self.kind.place(scenario, catalog);
        let next = match (ticks.iter().position(|tick| tick.typed == typed), forward) {
            (Some(at), true) => ticks.get(at + 1),
            (Some(at), false) => at.checked_sub(1).and_then(|at| ticks.get(at)),
            (None, true) => ticks.iter().find(|tick| tick.at > place + SAME),
            (None, false) => ticks.iter().rev().find(|tick| tick.at < place - SAME),
        };
        next.is_some_and(|tick| self.write(scenario, catalog, &tick.typed).is_ok())
    }
}

fn nearest(stops: &[Stop], position: f64) -> Option<&Stop> {
    stops.iter().min_by(|a, b| (a.at - position).abs().total_cmp(&(b.at - position).abs()))
}
