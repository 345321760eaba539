//! The power of a machine: at idle, with one stream and under load, each as a range.
//!
//! A power at the wall, a power of the card alone and a design power differ, so each range says which it is.

use super::Answer;
use crate::model::catalog::Catalog;
use crate::model::facts::{Fact, Measurement, Test};
use crate::model::units::{Amount, Unit};

/// A power of the machine as sold, with its range.
#[derive(Clone, Debug, PartialEq)]
pub struct PowerRange {
    /// Lowest value found, watts.
    pub low: f64,
    /// Typical value, watts, if one is stated.
    pub typical: Option<f64>,
    /// Highest value found, watts.
    pub high: f64,
    /// The basis and the place of metering, in words.
    pub basis: String,
}

impl PowerRange {
    /// Returns the range in words: `95 to 156 W`.
    #[must_use]
    pub fn words(&self) -> String {
        let watts = |value| Amount::exact(value, Unit::Watts);
        let sure = self.low.to_bits() == self.high.to_bits();
        if sure { watts(self.low).to_string() } else { format!("{} to {}", watts(self.low).number(), watts(self.high)) }
    }
}

/// The powers of a machine; `None` for those that are not known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Powers {
    /// Power at idle.
    pub idle: Option<PowerRange>,
    /// Power while one stream decodes, from measurements that metered it.
    pub one_stream: Option<PowerRange>,
    /// Power while generating, as the catalog states it.
    pub load: Option<PowerRange>,
}

/// Returns the powers of the answer's machine.
#[must_use]
pub fn powers(catalog: &Catalog, answer: &Answer<'_>) -> Powers {
    let machine = &answer.machine;
    let of = |fact: &Fact, metered: &str| PowerRange {
        low: fact.low.unwrap_or(fact.value),
        typical: Some(fact.value),
        high: fact.high.unwrap_or(fact.value),
        basis: if metered.is_empty() {
            fact.basis.word().to_owned()
        } else {
            format!("{}, {metered}", fact.basis.word())
        },
    };
    let is_design = |fact: &Fact| machine.tdp_w.as_ref().is_some_and(|tdp| tdp.value.to_bits() == fact.value.to_bits());
    let metered = |fact: &Fact| match machine.load_metered {
        Some(metered) => metered.word(),
        None if is_design(fact) => "the design power (TDP)",
        None => "where it was metered is not stated",
    };
    Powers {
        idle: machine.idle_w.as_ref().map(|fact| of(fact, "")),
        one_stream: one_stream(catalog, &machine.id),
        load: machine.load_w.as_ref().map(|fact| of(fact, metered(fact))),
    }
}

/// Returns the power that was metered in measurements of one stream's decode on a machine: of the GPU alone, or not
/// stated.
fn one_stream(catalog: &Catalog, machine: &str) -> Option<PowerRange> {
    let alone = |m: &&Measurement| m.test == Test::Decode && m.concurrency <= 1.0;
    let watts: Vec<f64> = catalog.metered_on(machine).into_iter().filter(alone).filter_map(|m| m.power_w).collect();
    let (low, high) = (watts.iter().copied().reduce(f64::min)?, watts.iter().copied().reduce(f64::max)?);
    let rows = Amount::exact(watts.len() as f64, Unit::Count);
    Some(PowerRange { low, typical: None, high, basis: format!("measured, {rows} rows, the GPU alone or not stated") })
}
