//! Two answers side by side: which figures differ, by how much, and whether another box wins.
//!
//! Machines are matched by id and not by place, and one that only one of the two answers has is named and compared with
//! nothing. `diff`, the explorer's comparing and decision records read the same list of figures.

use super::{Answer, Answers, Figure, Listing};
use crate::model::units::{Amount, Digits, Unit};

/// A machine as both sides name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Its id.
    pub id: String,
    /// Its short name.
    pub short: String,
}

/// One figure of one machine that is not the same in both answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The machine.
    pub machine: Named,
    /// The figure.
    pub figure: &'static Figure,
    /// The value now, as it is written.
    pub after: Option<Amount>,
    /// The value before.
    pub before: Option<Amount>,
}

/// The differences from one answer to another.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparison {
    /// Figures that differ, machine by machine.
    pub changes: Vec<Change>,
    /// Machines that only the first answer has.
    pub gone: Vec<Named>,
    /// Machines that only the second has.
    pub new: Vec<Named>,
    /// The winners before and after.
    pub winners: (Option<Named>, Option<Named>),
}

impl Change {
    /// Returns the ratio of after to before; `None` where one side is not known.
    #[must_use]
    pub fn ratio(&self) -> Option<f64> {
        let (before, after) = (self.before?.value, self.after?.value);
        (before > 0.0).then(|| after / before)
    }

    /// Returns true if the written numbers differ: a change behind the digits shown is none for a reader.
    #[must_use]
    pub fn is_visible(&self) -> bool {
        words(self.before) != words(self.after)
    }

    /// Returns the ratio in as many digits as tell it from one: `2.1x`.
    #[must_use]
    pub fn times(&self) -> Option<String> {
        let ratio = self.ratio().filter(|ratio| ratio.is_finite())?;
        let digits = if (0.9..1.1).contains(&ratio) { 3 } else { 2 };
        Some(format!("{}", Amount::new(ratio, Unit::Factor, Digits::Significant(digits))))
    }

    /// Returns the difference: `+12 tok/s`.
    #[must_use]
    pub fn delta(&self) -> Option<String> {
        let (before, after) = self.before.zip(self.after)?;
        let by = Amount { value: (after.value - before.value).abs(), ..Amount::computed(0.0, after.unit) };
        // No more digits than the figure itself has.
        let by = Amount { digits: if after.digits == Digits::Significant(2) { after.digits } else { by.digits }, ..by };
        Some(format!("{}{by}", if after.value < before.value { "-" } else { "+" }))
    }

    /// Both sides: `11 → 23 tok/s, 2.1x`.
    #[must_use]
    pub fn sentence(&self) -> String {
        let (before, after) = (words(self.before), words(self.after));
        self.times().map_or_else(|| format!("{before} → {after}"), |times| format!("{before} → {after}, {times}"))
    }
}

/// An amount in words.
fn words(amount: Option<Amount>) -> String {
    amount.map_or_else(|| "none".to_owned(), |amount| amount.to_string())
}

impl Comparison {
    /// The change of a machine's figure, where it changed.
    #[must_use]
    pub fn of(&self, machine: &str, figure: &str) -> Option<&Change> {
        self.changes.iter().find(|change| change.machine.id == machine && change.figure.id == figure)
    }

    /// Returns true if another box wins, or one where none did.
    #[must_use]
    pub fn winner_changed(&self) -> bool {
        self.winners.0 != self.winners.1
    }

    /// Returns the winner against the winner before, in words.
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

/// Returns a figure of an answer as it is written; `None` where it is not known or does not apply.
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
