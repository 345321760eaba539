//! A scenario with its answers, from which one looks around: who would win if one thing were otherwise.
//!
//! Machines, model, formats and prices do not depend on how many streams and tokens are asked for. Where nothing else
//! differs, as along the sliders of streams and context, only the estimates are made anew.

use super::{Answers, NoAnswer, candidates, limits, load, numbers, well, winning};
use crate::catalog::Catalog;
use crate::estimate::case::Case;
use crate::estimate::estimate;
use crate::estimate::figures::Estimate;
use crate::estimate::verdict::{self, Candidate};
use crate::scenario::{FormatChoice, Scenario};

/// A scenario with its answers.
pub struct Here<'a, 'c> {
    pub(super) catalog: &'c Catalog,
    pub(super) scenario: &'a Scenario,
    pub(super) answers: &'a Answers<'c>,
    pub(super) candidates: Vec<Candidate<'a>>,
    /// What the machines are estimated from, where another load changes nothing else of it.
    cases: Option<Vec<Case<'a>>>,
}

impl<'a, 'c: 'a> Here<'a, 'c> {
    /// The place of `scenario`, whose answers are `answers`.
    #[must_use]
    pub fn of(catalog: &'c Catalog, scenario: &'a Scenario, answers: &'a Answers<'c>) -> Self {
        // Each machine's best format may be another under another load.
        let cases = answers.machines.iter().map(|answer| answer.case(catalog, scenario).ok());
        let cases = if scenario.format == FormatChoice::Best { None } else { cases.collect() };
        Self { catalog, scenario, answers, candidates: candidates(catalog, scenario, &answers.machines), cases }
    }

    /// Who wins there, by its place among the machines; `None` where no machine passes.
    ///
    /// # Errors
    /// [`NoAnswer`] where `there` names what the catalog does not have.
    pub fn winner_of(&self, there: &Scenario) -> Result<Option<usize>, NoAnswer> {
        match &self.cases {
            Some(cases) if self.scenario.differs_in_load_alone(there) => {
                let load = load(there);
                let estimates: Vec<Estimate<f64>> = cases.iter().map(|case| estimate(&case.under(&load))).collect();
                let judged = self.candidates.iter().zip(&estimates);
                let judged = judged.map(|(known, anew)| Candidate { estimate: Some(anew), ..known.clone() });
                Ok(verdict::winner(&judged.collect::<Vec<_>>(), &limits(there), well(self.catalog)))
            }
            _ => Ok(winning(self.catalog, there, &numbers(self.catalog, there)?)),
        }
    }
}
