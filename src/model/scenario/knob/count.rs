//! Knobs for counts of streams and tokens, on a logarithmic scale.

use crate::model::scenario::{Range, Scenario};
use crate::model::units::{Amount, Unit, parse_number, short_tokens};

use super::{Setting, Stop};

/// The text for a number that the program chooses.
const AUTO: &str = "auto";

/// A whole-number knob.
pub(super) struct Count {
    pub(super) get: fn(&Scenario) -> u64,
    pub(super) set: fn(&mut Scenario, u64),
    /// The setting that lets the program choose the number, if there is one.
    pub(super) auto: Option<Auto>,
    /// The range of the numbers.
    pub(super) range: Range,
    /// The nouns for one and for several.
    pub(super) nouns: [&'static str; 2],
    /// The stops of the slider.
    pub(super) stops: Octaves,
    /// Stops that have a tick.
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

    /// Returns a number as it is typed.
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
        // The length of a chained iterator is not known in advance; 32 is enough for the longest.
        let mut stops = Vec::with_capacity(32);
        stops.extend(self.stops.iter().map(stop));
        stops
    }

    pub(super) fn place(&self, value: u64) -> f64 {
        self.stops.place(value)
    }
}

/// The setting that lets the program choose a number.
pub(super) struct Auto {
    pub(super) is_set: fn(&Scenario) -> bool,
    pub(super) set: fn(&mut Scenario),
    /// The rule of the choice, in few words.
    pub(super) rule: &'static str,
}

/// The stops of a count: powers of two with 1.5 times each of them, after some lower stops.
pub(super) struct Octaves {
    /// Stops below the powers.
    pub(super) before: &'static [u64],
    /// Lowest power.
    pub(super) first: u64,
    /// Last stop.
    pub(super) last: u64,
}

impl Octaves {
    /// Returns the stops, such as 1, 2, 3, 4, 6, 8, 12.
    fn iter(&self) -> impl Iterator<Item = u64> {
        let powers = std::iter::successors(Some(self.first), |power| Some(power * 2)).take_while(|at| *at < self.last);
        let halves = powers.flat_map(|power| [Some(power), (power >= 2).then_some(power / 2 * 3)]);
        self.before.iter().copied().chain(halves.flatten()).chain([self.last])
    }

    /// Returns the position of a value: linear up to the first stop above zero, logarithmic from there.
    fn place(&self, value: u64) -> f64 {
        let first = self.before.iter().copied().find(|stop| *stop > 0).unwrap_or(self.first);
        let (first, last, value) = (first as f64, self.last as f64, value as f64);
        // A stop at zero is as far below the first stop as half of the first stop would be.
        let before = if self.before.first() == Some(&0) { 1.0 } else { 0.0 };
        let octaves = if value < first { value / first - 1.0 } else { libm::log2(value / first) };
        (octaves + before) / (libm::log2(last / first) + before)
    }
}
