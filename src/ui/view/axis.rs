//! An axis of a chart: where a value lies on it, and which round values are written along it.

use crate::model::units::{Amount, Unit, exponent, log_place, short_tokens};

/// An axis.
#[derive(Clone, Copy, Debug)]
pub(super) struct Axis {
    /// Value at its start.
    pub from: f64,
    /// Value at its end.
    pub to: f64,
    /// Whether equal steps are equal factors.
    pub log: bool,
    /// What it counts.
    pub unit: Unit,
}

impl Axis {
    /// Where a value lies, 0..=1.
    pub fn share(self, value: f64) -> f64 {
        let share = if self.log {
            log_place(value.max(f64::MIN_POSITIVE), (self.from, self.to))
        } else {
            (value - self.from) / (self.to - self.from)
        };
        if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 }
    }

    /// The value at a place.
    pub fn at(self, share: f64) -> f64 {
        if self.log {
            self.from * libm::pow(self.to / self.from, share)
        } else {
            self.from + share * (self.to - self.from)
        }
    }

    pub fn label(self, value: f64) -> String {
        match self.unit {
            Unit::Tokens => short_tokens(value as u64).into(),
            unit => Amount::exact(value, unit).number().into(),
        }
    }

    /// Round values on it, from the start, about `wanted` of them.
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

    /// Powers of two on it, so few that labels of `columns` columns each have room on `room` columns.
    pub fn doublings(self, columns: u16, room: u16) -> Vec<f64> {
        let doublings = libm::log2(self.to / self.from);
        let each = (f64::from(columns) * doublings / f64::from(room.max(1))).ceil().max(1.0) as i32;
        (0..).map(|n| self.from * 2f64.powi(n * each)).take_while(|tick| *tick <= self.to * 1.001).take(64).collect()
    }
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
    fn a_value_is_where_its_place_says() {
        for axis in [SPEED, STREAMS] {
            for share in [0.0, 0.3, 1.0] {
                assert!((axis.share(axis.at(share)) - share).abs() < 1e-12);
            }
        }
        assert!(STREAMS.share(0.0) < 1e-12 && STREAMS.share(1e9) > 1.0 - 1e-12);
    }
}
