//! The change of a panel's rows against the compared state.
//!
//! The ratio stands behind the panel's own number and stays when the columns behind it have to go; both sides and the
//! difference are among the details.

use super::{Clause, Panel, PanelInput, Row};
use crate::model::answer::Change;

/// Tells the change of the panel's figure in each row.
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

/// Figures of which less is better, by the start of their ids.
const LESS: [&str; 5] = ["answer-time", "cost", "memory", "power", "prefill.ttft"];

/// The ratio, and whether that is better or worse.
fn times(change: &Change) -> String {
    let Some((times, ratio)) = change.times().zip(change.ratio()) else { return "new".to_owned() };
    let less = LESS.iter().any(|start| change.figure.id.starts_with(start));
    if times == "1.00x" {
        return "the same".to_owned();
    }
    let word = if (ratio < 1.0) == less { "better" } else { "worse" };
    format!("{times} {word}")
}

/// The value before, and by how much it changed.
fn clause(change: &Change) -> String {
    let was = change.before.map_or_else(|| "none".to_owned(), |before| before.to_string());
    change.delta().map_or_else(|| format!("A {was}"), |delta| format!("A {was}, {delta}"))
}
