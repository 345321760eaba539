//! The comparison of two answers: the figures that differ and by how much, and a changed winner.
//!
//! Machines are matched by id, not by position. A machine that is in only one of the answers is listed without a
//! comparison. `diff`, the explorer's comparison and decision records use the same list of figures.

use super::{Answer, Answers, Figure, Listing};
use crate::model::units::{Amount, Digits, Unit};

/// A machine by its id and name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Its id.
    pub id: String,
    /// Its short name.
    pub short: String,
}

/// A figure of a machine that differs between two answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The machine.
    pub machine: Named,
    /// The figure.
    pub figure: &'static Figure,
    /// The value after the change.
    pub after: Option<Amount>,
    /// The value before the change.
    pub before: Option<Amount>,
}

/// The differences between two answers, before and after.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparison {
    /// Figures that differ, grouped by machine.
    pub changes: Vec<Change>,
    /// Machines that only the answer before has.
    pub gone: Vec<Named>,
    /// Machines that only the answer after has.
    pub new: Vec<Named>,
    /// The winners before and after.
    pub winners: (Option<Named>, Option<Named>),
}

impl Change {
    /// Returns the ratio of after to before; `None` if either value is not known.
    #[must_use]
    pub fn ratio(&self) -> Option<f64> {
        let (before, after) = (self.before?.value, self.after?.value);
        (before > 0.0).then(|| after / before)
    }

    /// Returns true if the rounded numbers differ; a reader cannot see a change of digits that are not shown.
    #[must_use]
    pub fn is_visible(&self) -> bool {
        words(self.before) != words(self.after)
    }

    /// Returns the ratio with as many digits as are needed to tell it from one: `2.1x`.
    #[must_use]
    pub fn times(&self) -> Option<String> {
        let ratio = self.ratio().filter(|ratio| ratio.is_finite())?;
        let digits = if (0.9..1.1).contains(&ratio) { 3 } else { 2 };
        Some(format!("{}", Amount::new(ratio, Unit::Factor, Digits::Significant(digits))))
    }

    /// Returns the difference with its sign: `+12 tok/s`.
    #[must_use]
    pub fn delta(&self) -> Option<String> {
        let (before, after) = self.before.zip(self.after)?;
        let by = Amount { value: (after.value - before.value).abs(), ..Amount::computed(0.0, after.unit) };
        // The difference gets no more digits than the figure has.
        let by = Amount { digits: if after.digits == Digits::Significant(2) { after.digits } else { by.digits }, ..by };
        Some(format!("{}{by}", if after.value < before.value { "-" } else { "+" }))
    }

    /// Returns both values and their ratio: `11 → 23 tok/s, 2.1x`.
    #[must_use]
    pub fn sentence(&self) -> String {
        let (before, after) = (words(self.before), words(self.after));
        self.times().map_or_else(|| format!("{before} → {after}"), |times| format!("{before} → {after}, {times}"))
    }
}

/// Returns an amount in words.
fn words(amount: Option<Amount>) -> String {
    amount.map_or_else(|| "none".to_owned(), |amount| amount.to_string())
}

impl Comparison {
    /// Returns the change of a figure of a machine; `None` if it did not change.
    #[must_use]
    pub fn of(&self, machine: &str, figure: &str) -> Option<&Change> {
        self.changes.iter().find(|change| change.machine.id == machine && change.figure.id == figure)
    }

    /// Returns true if the winner is another machine, or if only one of the answers has a winner.
    #[must_use]
    pub fn winner_changed(&self) -> bool {
        self.winners.0 != self.winners.1
    }

    /// Returns the winners before and after in words.
    #[must_use]
    pub fn verdict(&self) -> String {
        let name = |winner: &Option<Named>| winner.as_ref().map_or("none", |machine| &machine.short).to_owned();
        let (before, after) = (name(&self.winners.0), name(&self.winners.1));
        match (&self.winners.1, self.winner_changed()) {
            (_, true) => format!("winner {before} → {after}"),
            (Some(_), false) => format!("{after} still wins"),
            (None, false) => "still no box passes".to_owned(),
        }
    }
}

/// Compares two answers.
#[must_use]
pub fn compare(before: &Answers<'_>, after: &Answers<'_>) -> Comparison {
    let find = |answers: &'_ [Answer<'_>], id: &str| answers.iter().position(|answer| answer.machine.id == id);
    let missing_in = |there: &Answers<'_>, here: &Answers<'_>| {
        let only = here.machines.iter().filter(|answer| find(&there.machines, &answer.machine.id).is_none());
        only.map(named).collect::<Vec<_>>()
    };
    let mut changes = Vec::new();
    for answer in &after.machines {
        let Some(old) = find(&before.machines, &answer.machine.id).and_then(|at| before.machines.get(at)) else {
            continue;
        };
        changes.extend(Figure::listed(Listing::Comparison).filter_map(|figure| change(old, answer, figure)));
    }
    Comparison {
        changes,
        gone: missing_in(after, before),
        new: missing_in(before, after),
        winners: (winner(before), winner(after)),
    }
}

fn change(old: &Answer<'_>, new: &Answer<'_>, figure: &'static Figure) -> Option<Change> {
    let (before, after) = (written(old, figure), written(new, figure));
    let value = |amount: Option<Amount>| amount.map(|amount| amount.value);
    (value(before) != value(after)).then(|| Change { machine: named(new), figure, after, before })
}

/// Returns a figure of an answer as it is shown; `None` if it is not known or does not apply.
#[must_use]
pub fn written(answer: &Answer<'_>, figure: &Figure) -> Option<Amount> {
    figure.amount(answer.estimate.as_ref()?)
}

pub(super) fn named(answer: &Answer<'_>) -> Named {
    Named { id: answer.machine.id.clone(), short: answer.machine.short.clone() }
}

fn winner(answers: &Answers<'_>) -> Option<Named> {
    answers.verdict.winner.and_then(|at| answers.machines.get(at)).map(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change_of(before: Option<f64>, after: Option<f64>) -> Change {
        let figure = Figure::named("decode.expected").unwrap_or_else(|| panic!("a figure"));
        let amount = |value| Amount::new(value, Unit::TokensPerSecond, Digits::Significant(2));
        let machine = Named { id: "box".to_owned(), short: "Box".to_owned() };
        Change { machine, figure, before: before.map(amount), after: after.map(amount) }
    }

    #[test]
    fn a_change_is_told_as_both_sides_difference_and_ratio() {
        let change = change_of(Some(11.0), Some(23.0));
        assert_eq!(change.sentence(), "11 tok/s → 23 tok/s, 2.1x");
        assert_eq!((change.delta().as_deref(), change.times().as_deref()), (Some("+12 tok/s"), Some("2.1x")));
        let less = change_of(Some(23.0), Some(11.0));
        assert_eq!((less.delta().as_deref(), less.times().as_deref()), (Some("-12 tok/s"), Some("0.48x")));
        assert_eq!(change_of(Some(11.0), Some(11.4)).times().as_deref(), Some("1.04x"));
    }

    #[test]
    fn what_one_side_lacks_has_no_ratio_and_what_no_digit_shows_is_no_change() {
        let lost = change_of(Some(11.0), None);
        assert_eq!((lost.sentence(), lost.ratio(), lost.delta()), ("11 tok/s → none".to_owned(), None, None));
        assert!(lost.is_visible());
        assert!(!change_of(Some(11.01), Some(11.02)).is_visible());
    }
}
