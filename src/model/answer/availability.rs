//! Reasons why a machine does not win by itself: it is no longer sold, or its software is experimental there.

use super::{Answer, choose};
use crate::model::catalog::Catalog;
use crate::model::estimate::verdict::Exclusion;
use crate::model::facts::{Machine, Offer, Support};
use crate::model::scenario::Scenario;

/// Returns the reasons why the answer's machine does not win by itself, except those that the scenario permits.
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

/// Returns true if a machine is no longer sold, on the date of prices that the scenario names, if it does.
pub(super) fn is_withdrawn(scenario: &Scenario, machine: &Machine) -> bool {
    let offer = &machine.availability;
    // A date of prices before the withdrawal means that the machine was sold then.
    let was_sold = scenario.price.as_of.zip(offer.date).is_some_and(|(day, withdrawn)| day < withdrawn);
    offer.state == Offer::Withdrawn && !was_sold
}

/// Returns true if the answer's runtime is experimental or contested on its machine.
pub(super) fn is_unsettled(catalog: &Catalog, answer: &Answer<'_>) -> bool {
    let state = choose::support(catalog, &answer.machine, answer.runtime);
    answer.refused.is_none() && matches!(state, Some(Support::Experimental | Support::Contested))
}

/// Returns the withdrawal of a machine in words, with its date.
fn withdrawn(machine: &Machine) -> String {
    let offer = &machine.availability;
    match offer.date {
        Some(date) if offer.note.is_empty() => format!("withdrawn, {date}"),
        Some(date) if offer.note.contains(&date.to_string()) => offer.note.clone(),
        Some(date) => format!("withdrawn, {date}: {}", offer.note),
        None => "withdrawn".to_owned(),
    }
}

/// Returns the remark about a machine's availability; `None` if it is on sale or no source states it.
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
