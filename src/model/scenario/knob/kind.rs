//! The kinds of knobs: a count, a limit that may be absent, a choice, and a yes or no.

use crate::model::catalog::Catalog;
use crate::model::scenario::{ModelChoice, Range, Scenario};
use crate::model::units::{Amount, Unit, parse_number};

use super::count::Count;
use super::{Setting, Stop};

/// The kind of a knob.
pub(super) enum KnobKind {
    Count(Count),
    Limit(Limit),
    Choice(Choice),
    Flag(Flag),
}

/// A number that may be absent.
pub(super) struct Limit {
    pub(super) get: fn(&Scenario) -> Option<f64>,
    pub(super) set: fn(&mut Scenario, Option<f64>),
    pub(super) range: Range,
    /// The text that is shown if it is absent.
    pub(super) absent: &'static str,
}

/// A knob with functions of its own for reading, writing and stops.
pub(super) struct Choice {
    pub(super) read: Read,
    pub(super) write: Write,
    pub(super) stops: Stops,
    /// Returns the position, which is outside of 0..=1 beyond the slider's ends.
    pub(super) place: Place,
    /// The ticks; `None` for the labelled stops.
    pub(super) ticks: Option<Stops>,
    /// The accepted words; `None` for the stops.
    pub(super) words: Option<Stops>,
    /// The unit of the value and the noun after it; `None` for names.
    pub(super) quantity: Option<(Unit, &'static str)>,
}

pub(super) type Read = fn(&Scenario, &Catalog) -> Setting;
pub(super) type Write = fn(&mut Scenario, &Catalog, &str) -> Result<(), String>;
pub(super) type Stops = fn(&Scenario, &Catalog) -> Vec<Stop>;
pub(super) type Place = fn(&Scenario, &Catalog) -> f64;

/// A yes-or-no knob.
pub(super) struct Flag {
    pub(super) get: fn(&Scenario) -> bool,
    pub(super) set: fn(&mut Scenario, bool),
}

impl KnobKind {
    pub(super) fn read(&self, scenario: &Scenario, catalog: &Catalog) -> Setting {
        match self {
            KnobKind::Count(kind) => kind.read(scenario),
            KnobKind::Limit(kind) => kind.read(scenario),
            KnobKind::Choice(kind) => (kind.read)(scenario, catalog),
            KnobKind::Flag(kind) => {
                let word = if (kind.get)(scenario) { "yes" } else { "no" };
                Setting { text: word.into(), typed: word.into(), ..Setting::default() }
            }
        }
    }

    pub(super) fn write(&self, scenario: &mut Scenario, catalog: &Catalog, typed: &str) -> Result<(), String> {
        match self {
            KnobKind::Count(kind) => kind.write(scenario, typed),
            KnobKind::Limit(kind) => kind.write(scenario, typed),
            KnobKind::Choice(kind) => (kind.write)(scenario, catalog, typed),
            KnobKind::Flag(kind) => {
                (kind.set)(scenario, yes_or_no(typed)?);
                Ok(())
            }
        }
    }

    pub(super) fn stops(&self, scenario: &Scenario, catalog: &Catalog) -> Vec<Stop> {
        match self {
            KnobKind::Count(kind) => kind.all_stops(),
            KnobKind::Limit(_) => Vec::new(),
            KnobKind::Choice(kind) => (kind.stops)(scenario, catalog),
            KnobKind::Flag(_) => evenly(["no", "yes"].map(|word| (word, word))),
        }
    }

    /// Returns the words that the knob accepts; empty for knobs that take numbers.
    pub(super) fn words(&self, scenario: &Scenario, catalog: &Catalog) -> Vec<Stop> {
        match self {
            KnobKind::Choice(Choice { words: Some(words), .. }) => words(scenario, catalog),
            KnobKind::Choice(Choice { quantity: None, .. }) | KnobKind::Flag(_) => self.stops(scenario, catalog),
            KnobKind::Count(_) | KnobKind::Limit(_) | KnobKind::Choice(_) => Vec::new(),
        }
    }

    pub(super) fn ticks(&self, scenario: &Scenario, catalog: &Catalog) -> Vec<Stop> {
        match self {
            KnobKind::Choice(Choice { ticks: Some(ticks), .. }) => ticks(scenario, catalog),
            _ => self.stops(scenario, catalog).into_iter().filter(|stop| !stop.label.is_empty()).collect(),
        }
    }

    /// Returns the setting as a change towards it: `from 41 streams`, `up to 30B`, `with q8_0`.
    pub(super) fn reached(&self, label: &str, scenario: &Scenario, catalog: &Catalog, rising: bool) -> String {
        let setting = self.read(scenario, catalog);
        let word = if rising { "from" } else { "up to" };
        match (self, setting.value) {
            (KnobKind::Count(_) | KnobKind::Limit(_), _) => format!("{word} {}", setting.text),
            // A catalog model stands for itself, not for all models of its size.
            (KnobKind::Choice(Choice { quantity: Some((Unit::Parameters, _)), .. }), Some(_))
                if matches!(scenario.model, ModelChoice::Catalog(_) | ModelChoice::File(_)) =>
            {
                format!("with {}", setting.text)
            }
            (KnobKind::Choice(Choice { quantity: Some((unit, noun)), .. }), Some(value)) => {
                format!("{word} {}{noun}", Amount::exact(value, *unit))
            }
            (KnobKind::Choice(_) | KnobKind::Flag(_), _) => format!("with {} {}", label.to_lowercase(), setting.text),
        }
    }

    pub(super) fn place(&self, scenario: &Scenario, catalog: &Catalog) -> f64 {
        match self {
            KnobKind::Count(kind) => kind.place((kind.get)(scenario)),
            KnobKind::Limit(_) => 0.0,
            KnobKind::Choice(kind) => (kind.place)(scenario, catalog),
            KnobKind::Flag(kind) => f64::from(u8::from((kind.get)(scenario))),
        }
    }
}

impl Limit {
    fn read(&self, scenario: &Scenario) -> Setting {
        match (self.get)(scenario) {
            None => Setting { text: self.absent.into(), typed: "none".into(), ..Setting::default() },
            Some(value) => Setting {
                text: format!("{}", Amount::exact(value, self.range.unit)),
                typed: format!("{value}"),
                value: Some(value),
                note: String::new(),
            },
        }
    }

    fn write(&self, scenario: &mut Scenario, typed: &str) -> Result<(), String> {
        if matches!(typed, "none" | "") {
            (self.set)(scenario, None);
            return Ok(());
        }
        let value = match self.range.unit {
            Unit::Share => share(typed)?,
            unit => parse_number(typed.trim_start_matches('$'), unit).map_err(|error| format!("{error}, or none"))?,
        };
        (self.set)(scenario, Some(self.range.check(value).map_err(|error| error.to_string())?));
        Ok(())
    }
}

/// Reads a share, `5%` or `0.05`; a number above 1 without a sign counts as a percentage.
pub(super) fn share(typed: &str) -> Result<f64, String> {
    let (number, percent) = match typed.strip_suffix('%') {
        Some(number) => (number.trim_end(), true),
        None => (typed, false),
    };
    let fault = |_| format!("\"{typed}\" is not a share; write 5% or 0.05");
    let value = parse_number(number, Unit::Share).map_err(fault)?;
    Ok(if percent || value > 1.0 { value / 100.0 } else { value })
}

fn yes_or_no(typed: &str) -> Result<bool, String> {
    match typed.to_ascii_lowercase().as_str() {
        "yes" | "true" | "on" | "1" => Ok(true),
        "no" | "false" | "off" | "0" | "none" => Ok(false),
        _ => Err(format!("\"{typed}\" is neither yes nor no")),
    }
}

/// Returns stops at equal distances, from pairs of typed text and label.
pub(super) fn evenly(stops: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>) -> Vec<Stop> {
    let stop = |(typed, label): (_, _)| Stop { at: 0.0, typed: Into::into(typed), label: Into::into(label) };
    let mut stops: Vec<Stop> = stops.into_iter().map(stop).collect();
    let last = stops.len().saturating_sub(1).max(1) as f64;
    for (index, stop) in stops.iter_mut().enumerate() {
        stop.at = index as f64 / last;
    }
    stops
}
