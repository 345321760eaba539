//! Knobs that count: streams and tokens, on a logarithmic scale.

use compact_str::{CompactString, format_compact};

use crate::scenario::{Range, Scenario};
use crate::units::{Amount, Unit, parse_number, short_tokens};

use super::{Setting, Stop};

/// A whole number on a scale.
pub(super) struct Count {
    pub(super) get: fn(&Scenario) -> u64,
    pub(super) set: fn(&mut Scenario, u64),
    pub(super) range: Range,
    /// What is counted: one, and more than one.
    pub(super) nouns: [&'static str; 2],
    pub(super) stops: fn() -> Vec<u64>,
    /// Stops worth a tick.
    pub(super) ticks: &'static [u64],
}

impl Count {
    pub(super) fn read(&self, scenario: &Scenario) -> Setting {
        let value = (self.get)(scenario);
        let typed = self.typed(value);
        let [one, many] = self.nouns;
        let text = format_compact!("{typed} {}", if value == 1 { one } else { many });
        Setting { text, typed, value: Some(value as f64), note: String::new() }
    }

    fn typed(&self, value: u64) -> CompactString {
        match self.range.unit {
            Unit::Tokens => short_tokens(value),
            unit => format_compact!("{}", Amount::exact(value as f64, unit)),
        }
    }

    pub(super) fn write(&self, scenario: &mut Scenario, typed: &str) -> Result<(), String> {
        let value = parse_number(typed, self.range.unit).map_err(|error| error.to_string())?;
        let value = self.range.check(value).map_err(|error| error.to_string())?;
        if value.fract() != 0.0 {
            return Err(format!("\"{typed}\" is not a whole number"));
        }
        (self.set)(scenario, value as u64);
        Ok(())
    }

    pub(super) fn all_stops(&self) -> Vec<Stop> {
        let label = |value| if self.ticks.contains(&value) { self.typed(value) } else { CompactString::default() };
        let stops = (self.stops)();
        let stop = |value| Stop { at: place_among(&stops, value), typed: self.typed(value), label: label(value) };
        stops.iter().copied().map(stop).collect()
    }

    pub(super) fn place(&self, value: u64) -> f64 {
        place_among(&(self.stops)(), value)
    }
}

/// Linear up to the first stop above nothing, logarithmic from there.
fn place_among(stops: &[u64], value: u64) -> f64 {
    let (Some(first), Some(last)) = (stops.iter().copied().find(|stop| *stop > 0), stops.last()) else {
        return 0.0;
    };
    let (first, last, value) = (first as f64, *last as f64, value as f64);
    // A stop of nothing stands as far before the first one as half of that would.
    let before = if stops.first() == Some(&0) { 1.0 } else { 0.0 };
    let octaves = if value < first { value / first - 1.0 } else { (value / first).log2() };
    (octaves + before) / ((last / first).log2() + before)
}

/// Powers of two and their halves between, from `first` to `last`: 1, 2, 3, 4, 6, 8, 12.
pub(super) fn octaves(first: u64, last: u64) -> Vec<u64> {
    let mut stops = Vec::new();
    let mut power = first;
    while power < last {
        stops.push(power);
        if power >= 2 {
            stops.push(power / 2 * 3);
        }
        power *= 2;
    }
    stops.push(last);
    stops
}
