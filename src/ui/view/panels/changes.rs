//! The changes of a panel's rows from the pinned scenario.
//!
//! The ratio follows the panel's figure and stays when the columns after it do not fit; the old value and the
//! difference are among the details.

use super::{Clause, Panel, PanelInput, Row};
use crate::model::answer::Change;

/// Adds the change of the panel's figure to each row.
pub(super) fn tell(panel: &Panel, input: &PanelInput<'_>, rows: &mut [Row]) {
    let Some(compared) = input.compared else { return };
    let is_new = |id: &str| compared.new.iter().any(|machine| machine.id == id);
    let change = |id: &str| compared.of(id, panel.figure).filter(|change| change.is_visible());
    let machines = || input.answers.machines.iter().map(|answer| answer.machine.id.as_str());
    if !machines().any(|id| is_new(id) || change(id).is_some()) {
        return;
    }
    for (row, id) in rows.iter_mut().zip(machines()) {
        let (times, detail) = match (is_new(id), change(id)) {
            (true, _) => ("new".to_owned(), "not in A".to_owned()),
            (false, Some(change)) => (times(change), clause(change)),
            (false, None) => ("=".to_owned(), String::default()),
        };
        row.details.insert(0, Clause::plain(detail));
        if !row.numbers.is_empty() {
            let place = (row.own + 1).min(row.numbers.len());
            row.numbers.insert(place, times);
            row.change = Some(place);
        }
    }
}

/// Beginnings of the ids of figures for which less is better.
const LESS: [&str; 5] = ["answer-time", "cost", "memory", "power", "prefill.ttft"];

/// Returns the ratio, and if it is better or worse.
fn times(change: &Change) -> String {
    let Some((times, ratio)) = change.times().zip(change.ratio()) else { return "new".to_owned() };
    let less = LESS.iter().any(|start| change.figure.id.starts_with(start));
    if times == "1.00x" {
        return "the same".to_owned();
    }
    let word = if (ratio < 1.0) == less { "better" } else { "worse" };
    format!("{times} {word}")
}

/// Returns the old value and the difference.
fn clause(change: &Change) -> String {
    let was = change.before.map_or_else(|| "none".to_owned(), |before| before.to_string());
    change.delta().map_or_else(|| format!("A {was}"), |delta| format!("A {was}, {delta}"))
}
