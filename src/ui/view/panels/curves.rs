//! Curves of every machine over another value of one input, by the same estimate as everything else.

use super::PanelInput;
use crate::model::answer::Answer;
use crate::model::estimate::case::EstimateInputs;
use crate::model::estimate::figures::{Memory, Speeds};
use crate::model::estimate::fit_and_decode;
use crate::ui::view::axis::Axis;
use crate::ui::view::chart::Curve;

/// What a curve shows.
pub(super) struct Subject {
    /// What it is over.
    pub x: Axis,
    /// Puts a value from there into a case.
    pub set: fn(&mut EstimateInputs<'_>, f64),
    /// The largest value that fits.
    pub most: fn(&Memory<f64>) -> Option<f64>,
    /// The speed it shows.
    pub speed: fn(&Speeds<f64>) -> f64,
}

impl Subject {
    /// A curve per machine, with a value for each of `columns` columns as far as it fits.
    pub fn curves(&self, input: &PanelInput<'_>, columns: u16) -> Vec<Curve> {
        let machines = input.answers.machines.iter().enumerate();
        machines.map(|(machine, answer)| Curve { machine, values: self.values(input, answer, columns) }).collect()
    }

    fn values(&self, input: &PanelInput<'_>, answer: &Answer<'_>, columns: u16) -> Vec<f64> {
        let Ok(mut case) = answer.case(input.catalog, input.scenario) else { return Vec::new() };
        let most = answer.estimate.and_then(|estimate| (self.most)(&estimate.memory)).unwrap_or(f64::INFINITY);
        let last = f64::from(columns.max(2) - 1);
        let mut values = Vec::with_capacity(columns.into());
        for column in 0..columns {
            let x = self.x.at(f64::from(column) / last);
            (self.set)(&mut case, x);
            match fit_and_decode(&case).1.speeds {
                Some(speeds) if x <= most * (1.0 + 1e-9) => values.push((self.speed)(&speeds)),
                _ => break,
            }
        }
        values
    }
}

/// The smallest and the largest value of some curves.
pub(super) fn extent(curves: &[Curve]) -> Option<(f64, f64)> {
    let values = || curves.iter().flat_map(|curve| curve.values.iter().copied());
    Some((values().reduce(f64::min)?, values().reduce(f64::max)?))
}
