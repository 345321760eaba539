//! Curves of all machines over the values of one input, by the same estimate as all other figures.

use super::PanelInput;
use crate::model::answer::Answer;
use crate::model::estimate::case::EstimateInputs;
use crate::model::estimate::figures::{Band, Memory, Speeds};
use crate::model::estimate::fit_and_decode;
use crate::ui::view::axis::Axis;
use crate::ui::view::chart::{Curve, Place};

/// The input and the figure of a curve.
pub(super) struct Subject {
    /// The axis of the input.
    pub x: Axis,
    /// Sets the input of a case to a value.
    pub set: fn(&mut EstimateInputs<'_>, f64),
    /// Returns the largest value of the input that fits.
    pub most: fn(&Memory<f64>) -> Option<f64>,
    /// Returns the speed that the curve shows.
    pub speed: fn(&Speeds<f64>) -> Band<f64>,
}

impl Subject {
    /// Returns a curve per machine, with a point in each of `columns` columns as far as it fits.
    pub fn curves(&self, input: &PanelInput<'_>, columns: u16) -> Vec<Curve> {
        let curve = |(machine, answer): (usize, &Answer<'_>)| {
            let places = self.places(input, answer, columns);
            Curve {
                identity: input.identities.get(machine).copied(),
                name: answer.machine.short.clone(),
                full: !places.is_empty() && places.len() < usize::from(columns),
                places: places.into_iter().map(|(x, speeds)| place(x, (self.speed)(&speeds))).collect(),
                steps: false,
            }
        };
        input.answers.machines.iter().enumerate().map(curve).collect()
    }

    /// Returns the speeds in each of `columns` columns, as far as it fits.
    pub fn places(&self, input: &PanelInput<'_>, answer: &Answer<'_>, columns: u16) -> Vec<(f64, Speeds<f64>)> {
        let Ok(mut case) = answer.case(input.catalog, input.scenario) else { return Vec::new() };
        let most = answer.estimate.and_then(|estimate| (self.most)(&estimate.memory)).unwrap_or(f64::INFINITY);
        let last = f64::from(columns.max(2) - 1);
        let mut places = Vec::with_capacity(columns.into());
        for column in 0..columns {
            let x = self.x.at(f64::from(column) / last);
            (self.set)(&mut case, x);
            match fit_and_decode(&case).1.speeds {
                Some(speeds) if x <= most * (1.0 + 1e-9) => places.push((x, speeds)),
                _ => break,
            }
        }
        places
    }
}

fn place(x: f64, speed: Band<f64>) -> Place {
    Place { x, y: speed.expected, band: (speed.low, speed.high) }
}

/// Returns the smallest and the largest expected value of some curves.
pub(super) fn extent(curves: &[Curve]) -> Option<(f64, f64)> {
    let values = || curves.iter().flat_map(|curve| curve.places.iter().map(|place| place.y));
    Some((values().reduce(f64::min)?, values().reduce(f64::max)?))
}
