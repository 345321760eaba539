//! Units, and the only place where numbers become text or text becomes numbers.
//!
//! All values are in base units: bytes, seconds, tokens, FLOP, watts, US dollars. GB is 1e9 bytes and GiB is 2^30
//! bytes; the [`Unit`] of a byte count determines in which of them it is shown.
#![warn(clippy::disallowed_methods)]

mod digits;
mod scale;
mod typed;

use std::fmt;

use digits::{decimals, digits_of, group};

pub use digits::{Digits, counted};
pub use scale::{exponent, log_place, round_down, round_significant, round_up};
pub use typed::{NotANumber, ShortParameters, parse_number, short_tokens};

/// Bytes in a gigabyte (1e9).
pub const GB: f64 = 1e9;
/// Bytes in a gibibyte (2^30).
pub const GIB: f64 = 1_073_741_824.0;

/// The unit of a number, which determines its notation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Bytes, shown in GB (1e9).
    Bytes,
    /// Bytes of installed or used memory, shown in GiB (2^30).
    MemoryBytes,
    /// Bytes read per generated token, shown in GB.
    BytesPerToken,
    /// Bytes read per step of several streams, shown in GB.
    BytesPerStep,
    /// Bytes per second, shown in GB/s.
    BytesPerSecond,
    /// Tokens per second.
    TokensPerSecond,
    /// Seconds, shown in µs, ms or s.
    Seconds,
    /// A plain number.
    Count,
    /// Tokens.
    Tokens,
    /// Parameters, shown as 70B.
    Parameters,
    /// A fraction of 1, shown in percent.
    Share,
    /// A factor, shown as 2.25x.
    Factor,
    /// Bits per weight or cache element.
    Bits,
    /// Floating-point operations.
    Flop,
    /// Floating-point operations per second, shown in TFLOPS.
    FlopPerSecond,
    /// Floating-point operations per byte moved.
    FlopPerByte,
    /// US dollars.
    Usd,
    /// US dollars per marketed GB of memory.
    UsdPerGb,
    /// US dollars per million tokens.
    UsdPerMtok,
    /// US dollars per usable GiB of memory.
    UsdPerGib,
    /// US dollars per GB/s of bandwidth.
    UsdPerGbs,
    /// US dollars per hour.
    UsdPerHour,
    /// US dollars per year.
    UsdPerYear,
    /// Millions of tokens.
    Mtok,
    /// Kilowatt-hours per million tokens.
    KwhPerMtok,
    /// Months.
    Months,
    /// Hours per day.
    HoursPerDay,
    /// US dollars per kWh.
    UsdPerKwh,
    /// Watts.
    Watts,
    /// Joules per token.
    JoulesPerToken,
    /// Years.
    Years,
    /// Days.
    Days,
    /// Minutes.
    Minutes,
    /// Euros.
    Eur,
}

/// A number with its unit, for display.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Amount {
    /// Value in base units.
    pub value: f64,
    /// Unit of the value.
    pub unit: Unit,
    /// Digits with which the value is written.
    pub digits: Digits,
}

impl Amount {
    /// Returns an amount with these digits.
    #[must_use]
    pub fn new(value: f64, unit: Unit, digits: Digits) -> Self {
        Self { value, unit, digits }
    }

    /// Returns a share from a value in percent, with two digits, as errors are shown.
    #[must_use]
    pub fn percent(value: f64) -> Self {
        Self::new(value / 100.0, Unit::Share, Digits::Significant(2))
    }

    /// Returns an amount that is written exactly, for facts and settings.
    #[must_use]
    pub fn exact(value: f64, unit: Unit) -> Self {
        Self::new(value, unit, Digits::Exact)
    }

    /// Returns an amount with three significant digits, for a computed value without a band.
    #[must_use]
    pub fn computed(value: f64, unit: Unit) -> Self {
        Self::new(value, unit, Digits::Significant(3))
    }

    /// Returns two computed values with enough digits to differ, at least three: 23.91 GiB and 23.86 GiB.
    #[must_use]
    pub fn told_apart(one: f64, other: f64, unit: Unit) -> (Self, Self) {
        let with = |digits| [one, other].map(|value| Self::new(value, unit, Digits::Significant(digits)));
        let differ = |[one, other]: &[Self; 2]| one.to_string() != other.to_string();
        let [one, other] = (3..=9).map(with).find(differ).unwrap_or_else(|| with(3));
        (one, other)
    }

    /// Returns the number without its unit, scaled as [`Amount`] displays it.
    #[must_use]
    pub fn number(self) -> String {
        let (scaled, _) = self.scaled();
        group(&digits_of(scaled, self.digits))
    }

    /// Returns the value in its displayed unit, and the symbol of that unit.
    fn scaled(self) -> (f64, &'static str) {
        let v = self.value;
        match self.unit {
            Unit::Bytes => (v / GB, " GB"),
            Unit::MemoryBytes => (v / GIB, " GiB"),
            Unit::BytesPerToken => (v / GB, " GB/token"),
            Unit::BytesPerStep => (v / GB, " GB/step"),
            Unit::BytesPerSecond => (v / GB, " GB/s"),
            Unit::TokensPerSecond => (v, " tok/s"),
            Unit::Seconds if v.abs() < 1e-3 && v != 0.0 => (v * 1e6, " µs"),
            Unit::Seconds if v.abs() < 1.0 && v != 0.0 => (v * 1e3, " ms"),
            Unit::Seconds => (v, " s"),
            Unit::Tokens => (v, " tokens"),
            Unit::Parameters if v.abs() >= 999.5e9 => (v / 1e12, "T"),
            Unit::Parameters if v.abs() >= 999.5e6 => (v / 1e9, "B"),
            Unit::Parameters => (v / 1e6, "M"),
            Unit::Share => (v * 100.0, " %"),
            Unit::Factor => (v, "x"),
            Unit::Bits => (v, " bit"),
            Unit::Flop => (v / 1e9, " GFLOP"),
            Unit::FlopPerSecond => (v / 1e12, " TFLOPS"),
            Unit::FlopPerByte => (v, " FLOP/byte"),
            Unit::Count | Unit::Usd | Unit::Eur => (v, ""),
            Unit::UsdPerGb => (v, "/GB"),
            Unit::UsdPerMtok => (v, "/Mtok"),
            Unit::UsdPerGib => (v, "/GiB"),
            Unit::UsdPerGbs => (v, " per GB/s"),
            Unit::UsdPerHour => (v, "/h"),
            Unit::UsdPerYear => (v, "/year"),
            Unit::Mtok => (v, " Mtok"),
            Unit::KwhPerMtok => (v, " kWh/Mtok"),
            Unit::Months => (v, " months"),
            Unit::HoursPerDay => (v, " h a day"),
            Unit::UsdPerKwh => (v, "/kWh"),
            Unit::Watts => (v, " W"),
            Unit::JoulesPerToken => (v, " J/token"),
            Unit::Years => (v, " years"),
            Unit::Days if v.to_bits() == 1f64.to_bits() => (v, " day"),
            Unit::Days => (v, " days"),
            Unit::Minutes => (v, " min"),
        }
    }

    /// Returns the currency sign before the number; empty for other units.
    fn sign(self) -> &'static str {
        match self.unit {
            Unit::Usd
            | Unit::UsdPerGb
            | Unit::UsdPerGib
            | Unit::UsdPerGbs
            | Unit::UsdPerMtok
            | Unit::UsdPerKwh
            | Unit::UsdPerHour
            | Unit::UsdPerYear => "$",
            Unit::Eur => "EUR ",
            _ => "",
        }
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.value.is_finite() {
            return f.pad("not known");
        }
        let (scaled, symbol) = self.scaled();
        let sign = self.sign();
        let text = format!("{sign}{}{symbol}", group(&digits_of(scaled, self.digits)));
        f.pad(&text)
    }
}

/// Returns the terms of a sum as text, all in the unit of the largest term and rounded to its third digit.
///
/// The displayed terms therefore add up: `199 ms`, `8 ms`, `3 ms`. A term that would round to zero is written in its
/// own unit.
#[must_use]
pub fn terms(values: &[f64], unit: Unit) -> Vec<String> {
    let largest = values.iter().copied().fold(0.0, f64::max);
    let (shown, symbol) = Amount::exact(largest, unit).scaled();
    let factor = if largest > 0.0 { shown / largest } else { 1.0 };
    let places = decimals(round_significant(shown, 3), 3);
    let sign = Amount::exact(largest, unit).sign();
    let write = |value: &f64| {
        let text = format!("{:.places$}", value * factor);
        let lost = *value != 0.0 && text.bytes().all(|byte| matches!(byte, b'0' | b'.'));
        let small = || Amount::new(*value, unit, Digits::Significant(1)).to_string();
        if lost { small() } else { format!("{sign}{}{symbol}", group(&text)) }
    };
    values.iter().map(write).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gigabytes_and_gibibytes_differ() {
        assert_eq!(Amount::exact(128.0 * GIB, Unit::MemoryBytes).to_string(), "128 GiB");
        assert_eq!(Amount::computed(128.0 * GIB, Unit::Bytes).to_string(), "137 GB");
    }

    #[test]
    fn parts_of_a_sum_share_a_unit_and_a_place() {
        assert_eq!(terms(&[0.1993, 0.0078, 0.00272], Unit::Seconds), ["199 ms", "8 ms", "3 ms"]);
        assert_eq!(terms(&[0.0119, 0.0003, 0.000_000_2], Unit::Seconds), ["11.9 ms", "0.3 ms", "0.2 µs"]);
        assert_eq!(terms(&[1.2345, 0.1], Unit::Seconds), ["1.23 s", "0.10 s"]);
        assert_eq!(terms(&[0.0], Unit::Seconds), ["0 s"]);
    }

    #[test]
    fn money_and_parameters() {
        assert_eq!(Amount::exact(4699.0, Unit::Usd).to_string(), "$4,699");
        assert_eq!(Amount::computed(36.71, Unit::UsdPerGb).to_string(), "$36.7/GB");
        assert_eq!(Amount::computed(70.55e9, Unit::Parameters).to_string(), "70.6B");
        assert_eq!(Amount::exact(1e12, Unit::Parameters).to_string(), "1T");
        assert_eq!(Amount::computed(f64::NAN, Unit::Usd).to_string(), "not known");
    }

    #[test]
    fn every_unit_is_written_in_its_own_prefix() {
        let written = [
            (2.5e9, Unit::Flop, "2.5 GFLOP"),
            (125e12, Unit::FlopPerSecond, "125 TFLOPS"),
            (457.0, Unit::FlopPerByte, "457 FLOP/byte"),
            (0.25, Unit::Share, "25 %"),
            (70e9, Unit::Parameters, "70B"),
            (1.5e12, Unit::Parameters, "1.5T"),
            (135e6, Unit::Parameters, "135M"),
            (2.5e-5, Unit::Seconds, "25 µs"),
            (0.25, Unit::Seconds, "250 ms"),
            (40e9, Unit::BytesPerToken, "40 GB/token"),
            (273e9, Unit::BytesPerSecond, "273 GB/s"),
        ];
        for (value, unit, text) in written {
            assert_eq!(Amount::exact(value, unit).to_string(), text);
        }
    }
}
