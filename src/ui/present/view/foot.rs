//! The line with the sources of the numbers.

use crate::ui::state::State;
use crate::ui::view::canvas::width;

/// Returns as many sources as fit without being cut.
pub(super) fn line(state: &State<'_>, columns: u16) -> String {
    let machines = &state.answers.machines;
    let mut bases: Vec<&str> = machines.iter().map(|answer| answer.machine.bandwidth_gbs.basis.word()).collect();
    bases.dedup();
    let rows: Vec<String> = machines.iter().map(|answer| answer.evidence.0.to_string()).collect();
    let mut dates: Vec<String> = machines
        .iter()
        .filter_map(|answer| answer.price.as_ref().and_then(|price| price.fact.date))
        .map(|date| date.to_string())
        .collect();
    dates.sort();
    dates.dedup();
    let prices = match (dates.first(), dates.last()) {
        (Some(first), Some(last)) if first != last => format!("prices of {first} to {last}"),
        (Some(date), _) => format!("prices of {date}"),
        _ => "no prices".to_owned(),
    };
    let clauses = [
        format!("bandwidth: {}", bases.join(", ")),
        format!("estimates from {} measurements", rows.join(", ")),
        prices,
        "whichbox".to_owned(),
    ];
    let whole = |count: usize| clauses[..count].join(" · ");
    (1..=clauses.len()).rev().map(whole).find(|text| width(text) <= columns).unwrap_or_default()
}
