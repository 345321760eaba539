//! Rules for all entries and facts: an id in lower case, sources, a date, a possible range.

use super::report::{Report, number};
use crate::model::catalog::entry::Entry;
use crate::model::facts::{Basis, Fact};

pub(super) fn check<T: Entry>(report: &mut Report<'_>, entry: &T) {
    let id = entry.key();
    let readable = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_' | '.');
    let well_formed = !id.is_empty() && id.chars().all(readable);
    report
        .found
        .entry(T::LIST, &id)
        .require(well_formed, "id", || "an id has lower case letters, digits, '-', '_' and '.' only".to_owned());
    if let Some((sources, _)) = entry.origin() {
        report.require_sources((T::LIST, &id), "source", &sources);
    }
    for (field, fact) in entry.facts() {
        report.require_sources((T::LIST, &id), field, &fact.source);
        one(&mut report.found.entry(T::LIST, &id), field, fact);
    }
}

fn one(entry: &mut super::report::Checked<'_>, field: &str, fact: &Fact) {
    let Fact { value, low, high, .. } = *fact;
    for value in [Some(value), low, high].into_iter().flatten() {
        entry.require(value.is_finite(), field, || "is not a finite number".to_owned());
        entry.require_sane(field, value);
    }
    entry.require(value >= 0.0, field, || format!("{} is below zero", number(value)));
    entry.require(fact.date.is_some(), field, || "has no date".to_owned());
    if let Some(low) = low {
        entry.require(low <= value, field, || format!("low {} is above the value {}", number(low), number(value)));
    }
    if let Some(high) = high {
        entry.require(value <= high, field, || format!("the value {} is above high {}", number(value), number(high)));
    }
    let explained = low.is_some() || high.is_some() || !fact.note.is_empty();
    entry.require(fact.basis != Basis::Contested || explained, field, || {
        "is contested; give low and high, or a note on what disputes it".to_owned()
    });
}
