//! The rented machine that owning is compared with: the scenario's, else the one that runs the same question for the
//! lowest rent per token.

use std::borrow::Cow;

use super::{AnswerError, answer, model};
use crate::model::catalog::Catalog;
use crate::model::estimate::trace::{Cited, Origin, Provenance, Sourced};
use crate::model::facts::{Basis, Fact, Machine};
use crate::model::scenario::Scenario;

/// A machine that is rented by the hour and runs the question.
#[derive(Clone, Debug)]
pub struct Rented<'c> {
    /// The machine.
    pub machine: &'c Machine,
    /// Rent, USD per hour.
    pub usd_per_hour: Cow<'c, Fact>,
    /// Expected speed of all streams for the same question, tokens per second, by the same formulas.
    pub tok_s: f64,
    /// The format and the runtime, in words.
    pub how: String,
}

impl Rented<'_> {
    /// Returns the rent and the speed as inputs of an estimate.
    pub(super) fn known(&self) -> (Sourced<'_>, Sourced<'_>) {
        let rent = Sourced::fact(&self.usd_per_hour, &self.machine.id, 1.0);
        (rent, Sourced { value: self.tok_s, basis: Basis::Derived, provenance: Provenance::Cited(self) })
    }
}

/// A rented machine is the citation of its speed.
impl Cited for Rented<'_> {
    fn origin(&self) -> Origin<'_> {
        Origin::Cited {
            entry: &self.machine.id,
            source: &self.machine.source,
            date: Some(self.machine.date),
            note: "expected of all streams for the same question, by the same formulas",
        }
    }
}

/// Returns the rented machine to compare with; `None` if none runs the model.
pub(super) fn choose<'c>(catalog: &'c Catalog, scenario: &Scenario) -> Result<Option<Rented<'c>>, AnswerError> {
    let asked = scenario.economics.cloud.as_ref().map(|id| catalog.machine(id)).transpose()?;
    let subject = model(catalog, scenario)?;
    let mut best: Option<(f64, Rented<'c>)> = None;
    for machine in catalog.machines.iter().filter(|machine| asked.is_none_or(|asked| asked.id == machine.id)) {
        let Some(rent) = rent(catalog, scenario, machine) else { continue };
        let answer = answer(catalog, scenario, &machine.id, &subject)?;
        let Some(speeds) = answer.estimate.and_then(|estimate| estimate.decode.speeds) else { continue };
        let tok_s = speeds.aggregate.expected;
        let each = rent.value / tok_s;
        if best.as_ref().is_none_or(|(least, _)| each < *least) {
            let how = format!("{} on {}", answer.format.id, answer.runtime.name);
            best = Some((each, Rented { machine, usd_per_hour: rent, tok_s, how }));
        }
    }
    Ok(best.map(|(_, rented)| rented))
}

/// Returns the rent of a machine: the scenario's what-if, else the catalog's latest.
fn rent<'c>(catalog: &'c Catalog, scenario: &Scenario, machine: &'c Machine) -> Option<Cow<'c, Fact>> {
    let own = scenario.what_if.get(&machine.id).and_then(|what_if| what_if.rent_usd_per_hour);
    if let Some(own) = own {
        return Some(Cow::Owned(Fact::assumed(own, "what if")));
    }
    let known = catalog.cloud(&machine.id).map(|cloud| &cloud.usd_per_hour).or(machine.rent_usd_per_hour.as_ref());
    known.map(Cow::Borrowed)
}
