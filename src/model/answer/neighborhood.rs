//! A scenario with its answers as the starting point for single changes: the winner after each of them.
//!
//! Machines, model, formats and prices do not depend on the load. Where only the load differs, as along the sliders of
//! streams and context, only the estimates are computed again.

use super::{
    AnswerError, Answers, RequestedModel, Shared, answer_if_it_runs, candidate, candidates, decisive_waiting,
    default_min_speed, limits, load,
};
use crate::model::catalog::Catalog;
use crate::model::estimate::case::EstimateInputs;
use crate::model::estimate::estimate;
use crate::model::estimate::verdict::{Candidate, Contest};
use crate::model::scenario::{FormatChoice, ModelChoice, Scenario};

/// A scenario with its answers, from which changed scenarios are judged.
pub struct Neighborhood<'a, 'c> {
    pub(super) catalog: &'c Catalog,
    pub(super) scenario: &'a Scenario,
    pub(super) answers: &'a Answers<'c>,
    pub(super) candidates: Vec<Candidate<'a>>,
    /// The inputs of the estimates; `None` if another load may change more in them than the load itself.
    cases: Option<Vec<EstimateInputs<'a>>>,
}

impl<'a, 'c: 'a> Neighborhood<'a, 'c> {
    /// Returns the neighborhood of `scenario` with its `answers`.
    #[must_use]
    pub fn of(catalog: &'c Catalog, scenario: &'a Scenario, answers: &'a Answers<'c>) -> Self {
        // Under another load, the best format of a machine may be another one.
        let cases = answers.machines.iter().map(|answer| answer.case(catalog, scenario).ok());
        let cases = if scenario.format == FormatChoice::Best { None } else { cases.collect() };
        Self { catalog, scenario, answers, candidates: candidates(catalog, scenario, &answers.machines), cases }
    }

    /// Returns the index of the winner of `there` among its machines; `None` if no machine passes.
    ///
    /// # Errors
    /// [`AnswerError`] if `there` names something that the catalog lacks.
    pub fn winner_of(&self, there: &Scenario) -> Result<Option<usize>, AnswerError> {
        let (limits, least) = (limits(there), default_min_speed(self.catalog));
        let wanted = limits.clone().with_default_speed(least).min_tok_s;
        let mut contest = Contest::new(&limits, least);
        match &self.cases {
            Some(cases) if self.scenario.differs_in_load_alone(there) => {
                let load = load(self.catalog, there);
                for (known, case) in self.candidates.iter().zip(cases) {
                    let case = case.under(&load);
                    let numbers = estimate(&case);
                    let waiting = decisive_waiting(there, &case, &numbers, wanted);
                    contest.enter(&Candidate { estimate: Some(&numbers), waiting, ..known.clone() });
                }
            }
            _ => {
                // A model given by its bytes depends on the format; any other model is the same for both scenarios.
                let same = there.model == self.scenario.model && !matches!(there.model, ModelChoice::ReadGb(_));
                let asked;
                let subject = if let Some(here) = self.answers.machines.first().filter(|_| same) {
                    (here.model.clone(), here.read_bytes)
                } else {
                    asked = RequestedModel::of(self.catalog, there)?;
                    match &asked {
                        RequestedModel::Entry(model) => (Shared::Known(*model), None),
                        RequestedModel::Made(model, bytes) => (Shared::Known(model), *bytes),
                    }
                };
                for id in there.machines.iter() {
                    match answer_if_it_runs(self.catalog, there, id, &subject)? {
                        Some(answer) => contest.enter(&candidate(self.catalog, there, &answer)),
                        None => contest.pass_over(),
                    }
                }
            }
        }
        Ok(contest.winner())
    }
}
