//! The check of the answers that the steps of a deck expect.

use super::Deck;
use crate::model::answer::answer_scenario;
use crate::model::catalog::Catalog;

/// The results of checking a deck.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Expectations that are not met, a sentence each.
    pub unmet: Vec<String>,
    /// Remarks for the speaker, such as that a step has no notes.
    pub remarks: Vec<String>,
    /// Number of expectations that are met.
    pub met: usize,
}

/// Answers all steps and compares the winners with the expected ones.
#[must_use]
pub fn check(catalog: &Catalog, deck: &Deck) -> Found {
    let mut found = Found::default();
    for (at, step) in deck.steps.iter().enumerate() {
        let number = at + 1;
        if step.notes.is_empty() {
            found.remarks.push(format!("step {number} has no notes"));
        }
        let answers = match answer_scenario(catalog, &step.scenario) {
            Ok(answers) => answers,
            Err(error) => {
                found.unmet.push(format!("step {number}: {error}"));
                continue;
            }
        };
        let Some(wanted) = step.expect.as_ref().and_then(|expect| expect.winner.as_ref()) else { continue };
        let winner = answers.verdict.winner.and_then(|at| answers.machines.get(at)).map(|answer| &answer.machine.id);
        if winner == Some(wanted) {
            found.met += 1;
        } else {
            let winner = winner.map_or("no machine passes".to_owned(), |id| format!("{id} wins"));
            let place = step.expect_at.map_or(String::new(), |place| format!(" at {}:{}", place.line, place.column));
            found.unmet.push(format!("step {number}{place}: {wanted} was expected to win; {winner}"));
        }
    }
    found
}
