//! The what-if knob: assumptions about machines as text, `dgx-spark.price_usd=4500`,
//! `pair.like=dgx-spark,pair.count=2`.

use super::kind::evenly;
use super::{Setting, Stop};
use crate::model::catalog::Catalog;
use crate::model::scenario::Scenario;
use crate::model::scenario::what_if::{PARTS, part};
use crate::model::units::{Amount, Unit, parse_number};

/// The part that names the machine of which this one is a copy.
const LIKE: &str = "like";

pub(super) fn read(scenario: &Scenario, _: &Catalog) -> Setting {
    let mut typed = Vec::new();
    let mut text = Vec::new();
    for (machine, what_if) in &scenario.what_if {
        let like = what_if.like.iter().map(|like| format!("{machine}.{LIKE}={like}"));
        typed.extend(like.clone());
        text.extend(like);
        for part in PARTS {
            let Some(value) = (part.get)(what_if) else { continue };
            typed.push(format!("{machine}.{}={value}", part.id));
            text.push(format!("{machine} {} {}", part.label, Amount::exact(value, Unit::Count)));
        }
    }
    if typed.is_empty() {
        return Setting { text: "as found".into(), typed: "none".into(), ..Setting::default() };
    }
    Setting { text: text.join(", "), typed: typed.join(","), ..Setting::default() }
}

/// Adds the assumptions `machine.part=value`, separated by commas, to those that are set. The value `none` removes that
/// part, `machine=none` all parts of a machine, and `none` alone everything.
pub(super) fn write(scenario: &mut Scenario, catalog: &Catalog, text: &str) -> Result<(), String> {
    if text == "none" {
        scenario.what_if.clear();
    } else {
        text.split(',').try_for_each(|change| assume(scenario, change.trim()))?;
    }
    scenario.what_if.retain(|_, what_if| !what_if.is_empty());
    // A copy that was removed leaves the comparison, unless it was the last machine there.
    let known: Vec<String> =
        scenario.machines.iter().filter(|id| scenario.machine(catalog, id).is_ok()).cloned().collect();
    if !known.is_empty() {
        scenario.machines = known.into();
    }
    scenario.check(catalog).map_err(|error| error.sentence)
}

fn assume(scenario: &mut Scenario, change: &str) -> Result<(), String> {
    let form = || format!("\"{change}\" is no assumption; write machine.part=value");
    let (left, value) = change.split_once('=').ok_or_else(form)?;
    let (left, value) = (left.trim(), value.trim());
    if value == "none" && scenario.what_if.contains_key(left) {
        scenario.what_if.remove(left);
        return Ok(());
    }
    // Ids contain dots and parts do not, so the last dot separates them.
    let (machine, name) = left.rsplit_once('.').ok_or_else(form)?;
    let what_if = scenario.what_if.entry(machine.to_owned()).or_default();
    if name == LIKE {
        what_if.like = (value != "none").then(|| value.to_owned());
        return Ok(());
    }
    let part = part(name).map_err(|error| error.to_string())?;
    let value = match value {
        "none" => None,
        number => {
            Some(parse_number(number.trim_start_matches('$'), part.range.unit).map_err(|error| error.to_string())?)
        }
    };
    part.assume(what_if, value).map_err(|error| error.to_string())
}

/// Returns the beginnings of assumptions about the machines that are compared, for completion.
pub(super) fn words(scenario: &Scenario, catalog: &Catalog) -> Vec<Stop> {
    let machines = scenario.machines.iter().filter_map(|id| scenario.machine(catalog, id).ok());
    let words = machines.flat_map(|machine| {
        let copy = scenario.what_if.get(&machine.id).is_some_and(|what_if| what_if.like.is_some());
        let parts = PARTS.iter().filter(move |part| copy || !part.of_copies);
        parts.map(move |part| (format!("{}.{}=", machine.id, part.id), part.label)).collect::<Vec<_>>()
    });
    evenly(words)
}
