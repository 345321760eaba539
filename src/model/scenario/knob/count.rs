//! Knobs that count: streams and tokens, on a logarithmic scale.

use crate::model::scenario::{Range, Scenario};
use crate::model::units::{Amount, Unit, parse_number, short_tokens};

use super::{Setting, Stop};

/// The text that leaves a number to the program.
const AUTO: &str = "auto";

/// A whole number on a scale.
pub(super) struct Count {
    pub(super) get: fn(&Scenario) -> u64,
    pub(super) set: fn(&mut Scenario, u64),
    /// Access to the setting that leaves the number to the program, where it has one.
    pub(super) auto: Option<Auto>,
    pub(super) range: Range,
    /// The nouns for one and for more than one.
    pub(super) nouns: [&'static str; 2],
    pub(super) stops: Octaves,
    /// Stops worth a tick.
    pub(super) ticks: &'static [u64],
}

impl Count {
    pub(super) fn read(&self, scenario: &Scenario) -> Setting {
        let value = (self.get)(scenario);
        let typed = self.typed(value);
        let [one, many] = self.nouns;
        let text = format!("{typed} {}", if value == 1 { one } else { many });
        let value = Some(value as f64);
        match self.auto.as_ref().filter(|auto| (auto.is_set)(scenario)) {
            Some(auto) => Setting { text, typed: AUTO.to_owned(), value, note: auto.rule.to_owned() },
            None => Setting { text, typed, value, note: String::new() },
        }
    }

    fn typed(&self, value: u64) -> String {
        match self.range.unit {
            Unit::Tokens => short_tokens(value),
            unit => format!("{}", Amount::exact(value as f64, unit)),
        }
    }

    pub(super) fn write(&self, scenario: &mut Scenario, typed: &str) -> Result<(), String> {
        if let Some(auto) = self.auto.as_ref().filter(|_| typed == AUTO) {
            (auto.set)(scenario);
            return Ok(());
        }
        let value = parse_number(typed, self.range.unit).map_err(|error| error.to_string())?;
        let value = self.range.check(value).map_err(|error| error.to_string())?;
        if value.fract() != 0.0 {
            return Err(format!("\"{typed}\" is not a whole number"));
        }
        (self.set)(scenario, value as u64);
        Ok(())
    }

    pub(super) fn all_stops(&self) -> Vec<Stop> {
        let label = |value| if self.ticks.contains(&value) { self.typed(value) } else { String::default() };
        let stop = |value| Stop { at: self.place(value), typed: self.typed(value), label: label(value) };
        // Of an iterator made of several the length is not known before: as many as the longest has.
        let mut stops = Vec::with_capacity(32);
        stops.extend(self.stops.iter().map(stop));
        stops
    }

    pub(super) fn place(&self, value: u64) -> f64 {
        self.stops.place(value)
    }
}

/// Access to the setting that leaves a number to the program.
pub(super) struct Auto {
    pub(super) is_set: fn(&Scenario) -> bool,
    pub(super) set: fn(&mut Scenario),
    /// The rule in few words.
    pub(super) rule: &'static str,
}

/// The stops of a count: powers of two, the halves between them, and stops below the powers.
pub(super) struct Octaves {
    /// Stops below the powers.
    pub(super) before: &'static [u64],
    /// The lowest power.
    pub(super) first: u64,
    /// The last stop.
    pub(super) last: u64,
}

impl Octaves {
    /// The stops: 1, 2, 3, 4, 6, 8, 12.
    fn iter(&self) -> impl Iterator<Item = u64> {
        let powers = std::iter::successors(Some(self.first), |power| Some(power * 2)).take_while(|at| *at < self.last);
        let halves = powers.flat_map(|power| [Some(power), (power >= 2).then_some(power / 2 * 3)]);
        self.before.iter().copied().chain(halves.flatten()).chain([self.last])
    }

    /// Linear up to the first stop above nothing, logarithmic from there.
    fn place(&self, value: u64) -> f64 {
        let first = self.before.iter().copied().find(|stop| *stop > 0).unwrap_or(self.first);
        let (first, last, value) = (first as f64, self.last as f64, value as f64);
        // A stop of zero is as far before the first one as half of that would be.
        let before = if self.before.first() == Some(&0) { 1.0 } else { 0.0 };
        let octaves = if value < first { value / first - 1.0 } else { libm::log2(value / first) };
        (octaves + before) / (libm::log2(last / first) + before)
    }
}
