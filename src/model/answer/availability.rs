//! Reasons for which a machine does not win by itself: it is no longer sold, or its software is experimental there.

use super::{Answer, choose};
use crate::model::catalog::Catalog;
use crate::model::estimate::verdict::Exclusion;
use crate::model::facts::{Machine, Offer, Support};
use crate::model::scenario::Scenario;

/// Returns the reasons for which the answer's machine does not win; none where the scenario allows them.
pub(super) fn exclusions(catalog: &Catalog, scenario: &Scenario, answer: &Answer<'_>) -> Vec<Exclusion> {
    let mut exclusions = Vec::new();
    if !scenario.limits.any_availability && is_withdrawn(scenario, &answer.machine) {
        exclusions.push(Exclusion { limit: "availability", text: withdrawn(&answer.machine) });
    }
    if !scenario.limits.experimental && is_unsettled(catalog, answer) {
        let text = choose::caution(catalog, &answer.machine, answer.runtime).unwrap_or_default();
        exclusions.push(Exclusion { limit: "experimental", text });
    }
    exclusions
}

/// Says whether a machine is no longer sold, on the day of the prices in use.
pub(super) fn is_withdrawn(scenario: &Scenario, machine: &Machine) -> bool {
    let offer = &machine.availability;
    // Before it was withdrawn, it was sold.
    let was_sold = scenario.price.as_of.zip(offer.date).is_some_and(|(day, withdrawn)| day < withdrawn);
    offer.state == Offer::Withdrawn && !was_sold
}

/// Says whether the answer's runtime is experimental or contested on the machine.
pub(super) fn is_unsettled(catalog: &Catalog, answer: &Answer<'_>) -> bool {
    let state = choose::support(catalog, &answer.machine, answer.runtime);
    answer.refused.is_none() && matches!(state, Some(Support::Experimental | Support::Contested))
}

/// Returns a sentence that says since when a machine is no longer sold.
fn withdrawn(machine: &Machine) -> String {
    let offer = &machine.availability;
    match offer.date {
        Some(date) if offer.note.is_empty() => format!("withdrawn, {date}"),
        Some(date) if offer.note.contains(&date.to_string()) => offer.note.clone(),
        Some(date) => format!("withdrawn, {date}: {}", offer.note),
        None => "withdrawn".to_owned(),
    }
}

/// Returns what to know of a machine's offer; `None` where it is plainly on sale or no source says.
pub(super) fn remark(machine: &Machine) -> Option<String> {
    let offer = &machine.availability;
    let date = offer.date.map_or_else(String::new, |date| format!(", {date}"));
    match offer.state {
        Offer::Withdrawn => Some(withdrawn(machine)),
        Offer::PreOrder => Some(format!("on pre-order, not yet delivered{date}")),
        Offer::Used => Some(format!("sold used only{date}")),
        Offer::OnSale | Offer::Unknown => None,
    }
}
