//! The knobs: the parts of a scenario that can be turned, in the one table behind sliders, palette, `--set`, help and tests.
//!
//! A knob reads as a [`Setting`], is written by typed text, and most have stops: typed texts at rising positions in
//! 0..=1, where further right always means more. Stepping goes from stop to stop; to add a slider is to add a row.

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

/// A part of a scenario that can be turned.
pub struct Knob {
    /// Name on the command line, in the palette and in decks.
    pub id: &'static str,
    /// Name on the screen.
    pub label: &'static str,
    /// Its meaning, in a line.
    pub help: &'static str,
    /// True if it is one of the sliders.
    pub slider: bool,
    kind: KnobKind,
}

/// The setting of a knob.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Setting {
    /// As the screen shows it.
    pub text: String,
    /// As it is typed: writing it gives the same setting.
    pub typed: String,
    /// The number behind it, where there is one.
    pub value: Option<f64>,
    /// A remark about it, in few words; empty where the text says it all.
    pub note: String,
}

/// A place that a knob stops at.
#[derive(Clone, Debug, PartialEq)]
pub struct Stop {
    /// Position, 0 at the left end and 1 at the right.
    pub at: f64,
    /// The text that is typed to get there.
    pub typed: String,
    /// Label where it is worth a tick; otherwise empty.
    pub label: String,
}

/// The reason why a text is no setting of a knob.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{knob}: {sentence}")]
pub struct KnobError {
    /// The knob's id.
    pub knob: &'static str,
    /// The sentence that says what is wrong and what is allowed.
    pub sentence: String,
}

/// An id that no knob has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no knob `{id}`{hint}")]
pub struct UnknownKnob {
    /// The id, made visible.
    pub id: String,
    /// The nearest knob, and all of them.
    pub hint: String,
}

/// Closer than this, positions count as the same.
const SAME: f64 = 1e-9;
/// A click this close to a tick means the tick.
const SNAP: f64 = 0.012;

/// The knob called `id`.
///
/// # Errors
/// [`UnknownKnob`] with the nearest knob.
pub fn knob(id: &str) -> Result<&'static Knob, UnknownKnob> {
    KNOBS.iter().find(|knob| knob.id == id).ok_or_else(|| {
        let ids = KNOBS.iter().map(|knob| knob.id);
        let meant = crate::model::ron_file::nearest(id, ids.clone()).map(|id| format!("; did you mean `{id}`?"));
        let all = ids.collect::<Vec<_>>().join(", ");
        let hint = format!("{} allowed: {all}", meant.unwrap_or_else(|| ";".to_owned()));
        UnknownKnob { id: crate::model::ron_file::visible(id), hint }
    })
}

/// The knobs that are sliders, in the order shown.
pub fn sliders() -> impl Iterator<Item = &'static Knob> {
    KNOBS.iter().filter(|knob| knob.slider)
}

impl Knob {
    /// Returns its setting.
    #[must_use]
    pub fn read(&self, scenario: &Scenario, catalog: &Catalog) -> Setting {
        self.kind.read(scenario, catalog)
    }

    /// Sets it to what was typed: `70b`, `32k`, `q4_k_m`, `gpt-oss-120b`.
    ///
    /// # Errors
    /// [`KnobError`] with what is allowed; the scenario is then unchanged.
    pub fn write(&self, scenario: &mut Scenario, catalog: &Catalog, typed: &str) -> Result<(), KnobError> {
        let mut changed = scenario.clone();
        self.overwrite(&mut changed, catalog, typed)?;
        *scenario = changed;
        Ok(())
    }

    /// Does what [`Knob::write`] does, in place: what a scenario is after an error is not defined.
    ///
    /// # Errors
    /// [`KnobError`] with what is allowed.
    pub fn overwrite(&self, scenario: &mut Scenario, catalog: &Catalog, typed: &str) -> Result<(), KnobError> {
        self.kind
            .write(scenario, catalog, typed.trim())
            .map_err(|sentence| KnobError { knob: self.id, sentence: crate::model::ron_file::visible(&sentence) })
    }

    /// The stops from left to right; empty for a knob that is typed only.
    #[must_use]
    pub fn stops(&self, scenario: &Scenario, catalog: &Catalog) -> Vec<Stop> {
        self.kind.stops(scenario, catalog)
    }

    /// Returns the words that it takes, each with its meaning; none where it takes numbers.
    #[must_use]
    pub fn words(&self, scenario: &Scenario, catalog: &Catalog) -> Vec<(String, String)> {
        self.kind.words(scenario, catalog).into_iter().map(|word| (word.typed, word.label)).collect()
    }

    /// The places worth a mark on the slider, from left to right.
    #[must_use]
    pub fn ticks(&self, scenario: &Scenario, catalog: &Catalog) -> Vec<Stop> {
        self.kind.ticks(scenario, catalog)
    }

    /// The labelled values along the slider, the most important first: round sizes, else the ticks.
    #[must_use]
    pub fn scale(&self, scenario: &Scenario, catalog: &Catalog) -> Vec<Stop> {
        if self.id == "model" { size::scale() } else { self.ticks(scenario, catalog) }
    }

    /// Returns its position, 0..=1.
    #[must_use]
    pub fn position(&self, scenario: &Scenario, catalog: &Catalog) -> f64 {
        self.kind.place(scenario, catalog).clamp(0.0, 1.0)
    }

    /// The setting of `scenario` as a change that leads there from below (`rising`) or above: `from 41 streams`, `up to
    /// 30B`, `with q8_0`.
    #[must_use]
    pub fn reached(&self, scenario: &Scenario, catalog: &Catalog, rising: bool) -> String {
        self.kind.reached(self.label, scenario, catalog, rising)
    }

    /// The number it is set to, where it counts and every number between two stops is a setting of its own.
    #[must_use]
    pub fn whole_number(&self, scenario: &Scenario) -> Option<u64> {
        match &self.kind {
            KnobKind::Count(count) => Some((count.get)(scenario)),
            _ => None,
        }
    }

    /// Moves it by that many stops, right where positive. Says whether it moved.
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

    /// Moves it to the stop nearest to `position`, as a drag does.
    pub fn set_position(&self, scenario: &mut Scenario, catalog: &Catalog, position: f64) -> bool {
        let stops = self.stops(scenario, catalog);
        nearest(&stops, position).is_some_and(|stop| self.write(scenario, catalog, &stop.typed).is_ok())
    }

    /// Moves it to the tick at `position`, or to the nearest stop where no tick is close, as a click does.
    pub fn pick(&self, scenario: &mut Scenario, catalog: &Catalog, position: f64) -> bool {
        let ticks = self.ticks(scenario, catalog);
        match nearest(&ticks, position) {
            Some(tick) if (tick.at - position).abs() <= SNAP => self.write(scenario, catalog, &tick.typed).is_ok(),
            _ => self.set_position(scenario, catalog, position),
        }
    }

    /// Moves it to the next tick, to the right where `forward`: the next model of the catalog by size.
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
