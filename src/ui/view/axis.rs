//! Axes of charts: the position of a value, and the round values that are labelled.

use crate::model::units::{Amount, Unit, exponent, log_place, round_significant, short_tokens};

/// Share of an axis's start below which a value does not extend the axis.
const LEAST: f64 = 1e-6;

/// An axis of a chart or of bars.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Axis {
    /// Value at the start.
    pub from: f64,
    /// Value at the end.
    pub to: f64,
    /// True for a logarithmic axis, false for a linear one.
    pub log: bool,
    /// Unit of the values.
    pub unit: Unit,
}

impl Axis {
    /// Returns a logarithmic axis over `base`, extended by whole decades until all `values` lie on it.
    pub fn fixed(unit: Unit, base: (f64, f64), values: impl IntoIterator<Item = f64>) -> Self {
        let (mut from, mut to) = base;
        for value in values.into_iter().filter(|value| value.is_finite() && *value > base.0 * LEAST) {
            while value < from {
                from /= 10.0;
            }
            while value > to {
                to *= 10.0;
            }
        }
        Self { from, to, log: true, unit }
    }

    /// Returns the axis of speeds per stream, which is the same in all panels: 1 to 300 tok/s, extended only if a value
    /// lies beyond.
    pub fn speeds(values: impl IntoIterator<Item = f64>) -> Self {
        Self::fixed(Unit::TokensPerSecond, (1.0, 300.0), values)
    }

    /// Returns the axis of aggregate speeds, which is the same in all panels: 1 to 3,000 tok/s, extended only if a
    /// value lies beyond.
    pub fn together(values: impl IntoIterator<Item = f64>) -> Self {
        Self::fixed(Unit::TokensPerSecond, (1.0, 3000.0), values)
    }

    /// Returns a logarithmic axis over all `values` of a catalog, with round values at both ends.
    pub fn over(unit: Unit, values: impl IntoIterator<Item = f64>) -> Self {
        let mut ends = (f64::INFINITY, 0.0);
        for value in values.into_iter().filter(|value| value.is_finite() && *value > 0.0) {
            ends = (f64::min(ends.0, value), f64::max(ends.1, value));
        }
        if ends.1 <= 0.0 {
            return Self { from: 1.0, to: 10.0, log: true, unit };
        }
        let (from, to) = (round_below(ends.0), round_below(ends.1));
        let to = if to < ends.1 { [2.0, 5.0, 10.0].map(|times| round_below(to * times)) } else { [to; 3] };
        let to = to.into_iter().find(|to| *to >= ends.1).unwrap_or(ends.1);
        Self { from, to: to.max(from * 2.0), log: true, unit }
    }

    /// Returns the column of a value on an axis that is `columns` wide.
    pub fn column(self, value: f64, columns: u16) -> u16 {
        (self.share(value) * f64::from(columns.max(1) - 1)).round() as u16
    }

    /// Returns the values to label, most important first: powers of ten, then five times and twice those.
    pub fn marks(self) -> Vec<f64> {
        if !self.log {
            let unit = if self.unit == Unit::MemoryBytes { crate::model::units::GIB } else { 1.0 };
            let counted = Self { from: self.from / unit, to: self.to / unit, ..self };
            return counted.ticks(5).into_iter().map(|tick| tick * unit).collect();
        }
        let (first, last) = (exponent(self.from) - 1, exponent(self.to) + 1);
        let step = |digit: f64| (first..=last).map(move |power| digit * 10f64.powi(power));
        let all = step(1.0).chain(step(5.0)).chain(step(2.0));
        all.filter(|mark| (self.from * 0.999..=self.to * 1.001).contains(mark)).collect()
    }

    /// Returns a label in as few columns as possible: `1k` for a thousand.
    pub fn short(self, value: f64) -> String {
        let (value, suffix) = match self.unit {
            Unit::Tokens => return short_tokens(value as u64),
            Unit::BytesPerSecond => (value / crate::model::units::GB, ""),
            Unit::Parameters if value >= 1e12 => (value / 1e12, "T"),
            Unit::Parameters => (value / 1e9, "B"),
            Unit::Share => (value * 100.0, "%"),
            Unit::MemoryBytes => (value / crate::model::units::GIB, ""),
            _ => (value, ""),
        };
        let (value, suffix) = if !suffix.is_empty() {
            (value, suffix)
        } else if value >= 1e6 {
            (value / 1e6, "M")
        } else if value >= 1e3 {
            (value / 1e3, "k")
        } else {
            (value, suffix)
        };
        format!("{}{suffix}", round_significant(value, 3))
    }

    /// Returns the position of a value, 0..=1.
    pub fn share(self, value: f64) -> f64 {
        let share = if self.log {
            log_place(value.max(f64::MIN_POSITIVE), (self.from, self.to))
        } else {
            (value - self.from) / (self.to - self.from)
        };
        if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 }
    }

    /// Returns the value at a position, 0..=1.
    pub fn at(self, share: f64) -> f64 {
        if self.log {
            self.from * libm::pow(self.to / self.from, share)
        } else {
            self.from + share * (self.to - self.from)
        }
    }

    pub fn label(self, value: f64) -> String {
        match self.unit {
            Unit::Tokens => short_tokens(value as u64),
            unit => Amount::exact(value, unit).number(),
        }
    }

    /// Returns about `wanted` round values on the axis, in rising order.
    pub fn ticks(self, wanted: u16) -> Vec<f64> {
        let wanted = f64::from(wanted.max(2));
        if !self.log {
            let rough = (self.to - self.from) / wanted;
            let power = 10f64.powi(exponent(rough));
            let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|n| n * power).find(|step| *step >= rough);
            let step = step.unwrap_or(rough);
            let first = (self.from / step).ceil();
            return (0..64).map(|n| (first + f64::from(n)) * step).take_while(|tick| *tick <= self.to).collect();
        }
        let decades = libm::log10(self.to / self.from);
        let (first, last) = (exponent(self.from), libm::log10(self.to).ceil() as i32);
        let steps: &[f64] = if 3.0 * decades <= wanted { &[1.0, 2.0, 5.0] } else { &[1.0] };
        let all = (first..=last).flat_map(|power| steps.iter().map(move |step| step * 10f64.powi(power)));
        all.filter(|tick| (self.from..=self.to).contains(tick)).collect()
    }

    /// Returns powers of two on the axis, at most as many as have room for labels of `columns` columns each on `room`
    /// columns.
    pub fn doublings(self, columns: u16, room: u16) -> Vec<f64> {
        let doublings = libm::log2(self.to / self.from);
        let each = (f64::from(columns) * doublings / f64::from(room.max(1))).ceil().max(1.0) as i32;
        (0..).map(|n| self.from * 2f64.powi(n * each)).take_while(|tick| *tick <= self.to * 1.001).take(64).collect()
    }
}

/// Returns the largest 1, 2 or 5 times a power of ten that is not above a value.
pub(super) fn round_below(value: f64) -> f64 {
    let power = 10f64.powi(exponent(value));
    [5.0, 2.0, 1.0].into_iter().map(|digit| digit * power).find(|round| *round <= value * 1.000_001).unwrap_or(power)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPEED: Axis = Axis { from: 0.0, to: 37.0, log: false, unit: Unit::TokensPerSecond };
    const STREAMS: Axis = Axis { from: 1.0, to: 1024.0, log: true, unit: Unit::Count };

    #[test]
    fn ticks_are_round_and_on_the_axis() {
        assert_eq!(SPEED.ticks(4), [0.0, 10.0, 20.0, 30.0]);
        assert_eq!(Axis { from: 4.0, to: 700.0, ..STREAMS }.ticks(3), [10.0, 100.0]);
        assert_eq!(Axis { from: 4.0, to: 70.0, ..STREAMS }.ticks(6), [5.0, 10.0, 20.0, 50.0]);
        assert_eq!(STREAMS.doublings(9, 60), [1.0, 4.0, 16.0, 64.0, 256.0, 1024.0]);
    }

    #[test]
    fn an_axis_stays_until_a_value_leaves_it_and_then_grows_by_whole_decades() {
        let ends =
            |values: &[f64]| (Axis::speeds(values.iter().copied()).from, Axis::speeds(values.iter().copied()).to);
        assert_eq!(ends(&[1.0, 4.6, 300.0]), (1.0, 300.0));
        assert_eq!(ends(&[4.6, 301.0]), (1.0, 3000.0));
        assert_eq!(ends(&[0.99]), (0.1, 300.0));
        assert_eq!(ends(&[f64::NAN, f64::INFINITY, 0.0]), (1.0, 300.0));
        let prices = Axis::over(Unit::Usd, [640.0, 96_996.0]);
        assert_eq!((prices.from, prices.to), (500.0, 100_000.0));
        assert_eq!(Axis::over(Unit::Usd, [200.0, 500.0]).to.to_bits(), 500f64.to_bits());
    }

    #[test]
    fn labels_are_short_and_round() {
        assert_eq!(Axis::speeds([]).marks(), [1.0, 10.0, 100.0, 5.0, 50.0, 2.0, 20.0, 200.0]);
        let bandwidth = Axis { from: 2e11, to: 1e13, log: true, unit: Unit::BytesPerSecond };
        assert_eq!([2e11, 1e12, 1e13].map(|value| bandwidth.short(value)), ["200", "1k", "10k"]);
    }

    #[test]
    fn a_value_is_where_its_place_says() {
        for axis in [SPEED, STREAMS] {
            for share in [0.0, 0.3, 1.0] {
                assert!((axis.share(axis.at(share)) - share).abs() < 1e-12);
            }
        }
        assert!(STREAMS.share(0.0) < 1e-12 && STREAMS.share(1e9) > 1.0 - 1e-12);
    }
}
