//! A saved scenario as the record of a decision: the answer when it was saved, and the changes since.
//!
//! Only changes that are visible in the digits shown count, and figures that were not saved are not compared.

use super::compare::named;
use super::{Answer, Answers, Change, Figure, Named, written};
use crate::model::catalog::{Catalog, Version};
use crate::model::facts::Date;
use crate::model::scenario::{Range, SPEED, Saved, SavedResult, USD};
use crate::model::units::{Amount, Unit};

/// A figure that a saved scenario records, by its name.
struct SavedFigure {
    figure: &'static str,
    word: &'static str,
    range: Range,
    get: fn(&SavedResult) -> Option<f64>,
    set: fn(&mut SavedResult, Option<f64>),
}

/// The figures of each machine's answer that a saved scenario records.
static SAVED_FIGURES: &[SavedFigure] = &[
    SavedFigure {
        figure: "cost.price",
        word: "",
        range: USD,
        get: |saved| saved.price_usd,
        set: |saved, value| saved.price_usd = value,
    },
    SavedFigure {
        figure: "decode.expected",
        word: "expected ",
        range: SPEED,
        get: |saved| saved.expected_tok_s,
        set: |saved, value| saved.expected_tok_s = value,
    },
    SavedFigure {
        figure: "decode.aggregate",
        word: "all streams ",
        range: SPEED,
        get: |saved| saved.aggregate_expected_tok_s,
        set: |saved, value| saved.aggregate_expected_tok_s = value,
    },
];

/// Returns the current answer for saving with the scenario.
#[must_use]
pub fn record(catalog: &Catalog, answers: &Answers<'_>, date: Option<Date>) -> Saved {
    let result = |answer: &Answer<'_>| {
        let mut result = SavedResult::default();
        for kept in SAVED_FIGURES {
            // A value that a file may not hold is left out, because it would make the file unreadable.
            let value = amount_of(answer, kept).map(|amount| amount.value).filter(|v| kept.range.check(*v).is_ok());
            (kept.set)(&mut result, value);
        }
        (answer.machine.id.clone(), result)
    };
    let winner = answers.verdict.winner.and_then(|at| answers.machines.get(at));
    Saved {
        catalog: catalog.version().to_string(),
        date,
        winner: winner.map(|answer| answer.machine.id.clone()),
        results: answers.machines.iter().map(result).collect(),
    }
}

/// The changes since a scenario was saved.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ChangesSinceSave {
    /// The date of saving, if recorded.
    pub date: Option<Date>,
    /// A sentence for each machine whose figures changed.
    pub changes: Vec<String>,
    /// The change of the winner in words; `None` if it is the same.
    pub verdict: Option<String>,
    /// The change of the catalog in words; `None` if it is the same.
    pub catalog: Option<String>,
}

/// Compares the saved answer with the current one.
#[must_use]
pub fn changes_since_save(catalog: &Catalog, saved: &Saved, answers: &Answers<'_>) -> ChangesSinceSave {
    let (then, now) = (saved.catalog.parse::<Version>().ok(), catalog.version());
    let refit = then.is_some_and(|then| then.fit != now.fit && then.specs == now.specs);
    let mut changes: Vec<String> = answers.machines.iter().filter_map(|answer| machine(saved, answer, refit)).collect();
    let is_there = |id: &str| answers.machines.iter().any(|answer| answer.machine.id == id);
    let gone = saved.results.keys().filter(|id| !is_there(id));
    changes.extend(gone.map(|id| format!("{}: no longer among the machines", name(catalog, id))));
    let winner = answers.verdict.winner.and_then(|at| answers.machines.get(at)).map(named);
    ChangesSinceSave {
        date: saved.date,
        changes,
        verdict: verdict(catalog, saved, winner),
        catalog: then.filter(|then| *then != now).map(|then| which(then, now)),
    }
}

/// Returns the changes of one machine in a sentence; `None` if there are none.
fn machine(saved: &Saved, answer: &Answer<'_>, refit: bool) -> Option<String> {
    let Some(then) = saved.results.get(&answer.machine.id) else {
        return Some(format!("{}: not there when it was saved", answer.machine.short));
    };
    let words: Vec<String> = SAVED_FIGURES.iter().filter_map(|kept| told(kept, then, answer, refit)).collect();
    (!words.is_empty()).then(|| format!("{}: {}", answer.machine.short, words.join("; ")))
}

/// Returns the change of one figure in words; `None` if its written digits are the same, or if it repeats another
/// figure.
fn told(kept: &SavedFigure, then: &SavedResult, answer: &Answer<'_>, refit: bool) -> Option<String> {
    let after = amount_of(answer, kept);
    let before = (kept.get)(then);
    // With one stream, the speed of all streams is the same figure again.
    if kept.figure == "decode.aggregate" && before == then.expected_tok_s {
        return None;
    }
    let figure = Figure::named(kept.figure)?;
    let digits = after.unwrap_or(Amount::computed(0.0, figure.unit));
    let before = before.map(|value| Amount { value, ..digits });
    let change = Change { machine: named(answer), figure, after, before };
    let why = if refit && figure.unit == Unit::TokensPerSecond { " (refit)" } else { "" };
    change.is_visible().then(|| format!("{}{}{why}", kept.word, change.sentence()))
}

fn amount_of(answer: &Answer<'_>, kept: &SavedFigure) -> Option<Amount> {
    written(answer, Figure::named(kept.figure)?)
}

/// Returns the change of winner in a sentence; `None` if there is none.
fn verdict(catalog: &Catalog, saved: &Saved, now: Option<Named>) -> Option<String> {
    // A record without results does not say which machine won.
    if saved.results.is_empty() || saved.winner.as_deref() == now.as_ref().map(|machine| machine.id.as_str()) {
        return None;
    }
    let then = saved.winner.as_deref().map_or_else(|| "no box".to_owned(), |id| name(catalog, id));
    Some(format!("the answer changed: {then} → {}", now.map_or_else(|| "no box".to_owned(), |machine| machine.short)))
}

fn name(catalog: &Catalog, id: &str) -> String {
    catalog.machine(id).map_or_else(|_| id.to_owned(), |machine| machine.short.clone())
}

/// Returns a sentence about the parts of the catalog that differ from the one it was saved with.
fn which(then: Version, now: Version) -> String {
    let parts = [
        (then.specs != now.specs, "specifications"),
        (then.fit != now.fit, "efficiencies"),
        (then.market != now.market, "prices"),
    ];
    let moved: Vec<&str> = parts.iter().filter(|(moved, _)| *moved).map(|(_, word)| *word).collect();
    let date = |date: Option<Date>| date.map_or_else(|| "no date".to_owned(), |date| date.to_string());
    let dates =
        if then.date == now.date { date(now.date) } else { format!("{} → {}", date(then.date), date(now.date)) };
    format!("catalog {dates}: other {}", if moved.is_empty() { "sources".to_owned() } else { moved.join(", ") })
}

impl ChangesSinceSave {
    /// Returns true if neither a figure nor the winner changed; a newer catalog alone does not count.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        self.changes.is_empty() && self.verdict.is_none()
    }

    /// Returns all changes as sentences, the winner first.
    #[must_use]
    pub fn sentences(&self) -> Vec<String> {
        let verdict = self.verdict.clone().or_else(|| Some("the answer is the same".to_owned()));
        verdict.into_iter().chain(self.changes.iter().cloned()).chain(self.catalog.clone()).collect()
    }

    /// Returns the date of saving in words: `since it was saved on 2026-10-01`.
    #[must_use]
    pub fn when(&self) -> String {
        self.date.map_or_else(|| "since it was saved".to_owned(), |date| format!("since it was saved on {date}"))
    }
}
