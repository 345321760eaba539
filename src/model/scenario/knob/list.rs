//! Knobs for lists: the machines, required capabilities, and the prices that count.

use crate::model::catalog::Catalog;
use crate::model::catalog::names::NameOf;
use crate::model::scenario::check::capability;
use crate::model::scenario::range::USD;
use crate::model::scenario::{MACHINES, PriceLevel, Scenario};
use crate::model::units::{Amount, Unit, parse_number};

use super::kind::evenly;
use super::{Setting, Stop};

/// Returns no stops, for a knob that is only typed.
pub(super) fn none(_: &Scenario, _: &Catalog) -> Vec<Stop> {
    Vec::new()
}

/// Returns the position of a knob without stops.
pub(super) fn nowhere(_: &Scenario, _: &Catalog) -> f64 {
    0.0
}

/// Returns all machines with their ids and short names.
pub(super) fn machines(scenario: &Scenario, catalog: &Catalog) -> Vec<Stop> {
    let all = scenario.all_machines(catalog);
    evenly(all.iter().map(|machine| (&*machine.id, &*machine.short)))
}

/// Returns all capabilities of software that the catalog states something about.
pub(super) fn capabilities(_: &Scenario, catalog: &Catalog) -> Vec<Stop> {
    let mut words: Vec<&String> = catalog.capabilities.iter().map(|row| &row.capability).collect();
    words.sort_unstable();
    words.dedup();
    evenly(words.into_iter().map(|word| (word.as_str(), "")))
}

fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in text.split(',').map(str::trim).filter(|word| !word.is_empty()) {
        if !words.iter().any(|known| known == word) {
            words.push(word.to_owned());
        }
    }
    words
}

pub(super) fn read_machines(scenario: &Scenario, catalog: &Catalog) -> Setting {
    let name = |id: &String| scenario.machine(catalog, id).map_or(id.clone(), |machine| machine.short.clone());
    let names: Vec<String> = scenario.machines.iter().map(name).collect();
    let value = Some(scenario.machines.len() as f64);
    Setting { text: names.join(", "), typed: scenario.machines.join(","), value, note: String::new() }
}

/// Reads names of machines, separated by commas.
pub(super) fn write_machines(scenario: &mut Scenario, catalog: &Catalog, text: &str) -> Result<(), String> {
    let machines = words(text);
    if !MACHINES.contains(&machines.len()) {
        return Err(format!("{} to {} machines can be compared", MACHINES.start(), MACHINES.end()));
    }
    let mut ids: Vec<String> = Vec::new();
    for name in &machines {
        let id = scenario.resolve_machine(catalog, name).map_err(|error| error.to_string())?.id;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    scenario.machines = ids.into();
    Ok(())
}

pub(super) fn read_needs(scenario: &Scenario, _: &Catalog) -> Setting {
    let needs = scenario.limits.needs.join(",");
    let (text, typed) =
        if needs.is_empty() { ("nothing in particular".into(), "none".into()) } else { (needs.clone(), needs) };
    Setting { text, typed, ..Setting::default() }
}

/// Reads capabilities, separated by commas, or `none`.
pub(super) fn write_needs(scenario: &mut Scenario, catalog: &Catalog, text: &str) -> Result<(), String> {
    let needs = if text == "none" { Vec::new() } else { words(text) };
    needs.iter().try_for_each(|need| capability(catalog, need))?;
    scenario.limits.needs = needs;
    Ok(())
}

const LEVELS: [(PriceLevel, &str); 3] =
    [(PriceLevel::Low, "low"), (PriceLevel::Typical, "typical"), (PriceLevel::High, "high")];

pub(super) fn read_level(scenario: &Scenario, _: &Catalog) -> Setting {
    let word = LEVELS.iter().find(|(level, _)| *level == scenario.price.level).map_or("", |(_, word)| word);
    Setting { text: word.into(), typed: word.into(), ..Setting::default() }
}

/// Reads `low`, `typical` or `high`.
pub(super) fn write_level(scenario: &mut Scenario, _: &Catalog, text: &str) -> Result<(), String> {
    let found = LEVELS.iter().find(|(_, word)| word.eq_ignore_ascii_case(text));
    scenario.price.level = found.ok_or(format!("\"{text}\" is no price level; write low, typical or high"))?.0;
    Ok(())
}

pub(super) fn stops_level(_: &Scenario, _: &Catalog) -> Vec<Stop> {
    evenly(LEVELS.map(|(_, word)| (word, word)))
}

pub(super) fn place_level(scenario: &Scenario, _: &Catalog) -> f64 {
    match scenario.price.level {
        PriceLevel::Low => 0.0,
        PriceLevel::Typical => 0.5,
        PriceLevel::High => 1.0,
    }
}

pub(super) fn read_as_of(scenario: &Scenario, _: &Catalog) -> Setting {
    let date = scenario.price.as_of.map(|date| format!("{date}"));
    let (text, typed) = date.map_or(("now".into(), "none".into()), |date| (date.clone(), date));
    Setting { text, typed, ..Setting::default() }
}

/// Reads a date, or `none` for the latest prices.
pub(super) fn write_as_of(scenario: &mut Scenario, _: &Catalog, text: &str) -> Result<(), String> {
    scenario.price.as_of = match text {
        "none" | "now" | "" => None,
        date => Some(date.parse().map_err(|error| format!("{error}, or none for now"))?),
    };
    Ok(())
}

pub(super) fn read_cloud(scenario: &Scenario, catalog: &Catalog) -> Setting {
    let Some(id) = &scenario.economics.cloud else {
        return Setting { text: "as the catalog has it".into(), typed: "none".into(), ..Setting::default() };
    };
    let text = catalog.machine(id).map_or(id, |machine| &machine.short);
    Setting { text: text.into(), typed: id.into(), ..Setting::default() }
}

/// Reads the name of a machine that can be rented, or `none` for the program's choice.
pub(super) fn write_cloud(scenario: &mut Scenario, catalog: &Catalog, text: &str) -> Result<(), String> {
    scenario.economics.cloud = match text {
        "none" | "" => None,
        name => Some(catalog.resolve(NameOf::Machine, name).map_err(|error| error.to_string())?.id),
    };
    Ok(())
}

pub(super) fn read_prices(scenario: &Scenario, _: &Catalog) -> Setting {
    let own = &scenario.price.own;
    if own.is_empty() {
        return Setting { text: "as found".into(), typed: "none".into(), ..Setting::default() };
    }
    let join = |pair: &dyn Fn(&String, f64) -> String, comma: &str| {
        own.iter().map(|(machine, usd)| pair(machine, *usd)).collect::<Vec<_>>().join(comma)
    };
    let text = join(&|machine, usd| format!("{machine} {}", Amount::exact(usd, Unit::Usd)), ", ");
    let typed = join(&|machine, usd| format!("{machine}={usd}"), ",");
    Setting { text, typed, ..Setting::default() }
}

/// Splits a text at the commas between pairs; a comma within a price (`4,699`) has no pair after it.
fn price_pairs(text: &str) -> Vec<String> {
    let mut pairs: Vec<String> = Vec::new();
    for part in text.split(',') {
        match pairs.last_mut() {
            Some(pair) if !part.contains('=') => *pair = format!("{pair},{part}"),
            _ => pairs.push(part.to_owned()),
        }
    }
    pairs
}

/// Reads pairs `machine=usd`, separated by commas, and adds them to the prices that are set; `none` removes all.
pub(super) fn write_prices(scenario: &mut Scenario, catalog: &Catalog, text: &str) -> Result<(), String> {
    if text == "none" {
        scenario.price.own.clear();
        return Ok(());
    }
    for pair in price_pairs(text) {
        let (machine, usd) = pair.split_once('=').ok_or(format!("\"{pair}\" is no price; write machine=usd"))?;
        let machine = scenario.resolve_machine(catalog, machine).map_err(|error| error.to_string())?.id;
        let usd = parse_number(usd.trim().trim_start_matches('$'), Unit::Usd).map_err(|error| error.to_string())?;
        scenario.price.own.insert(machine, USD.check(usd).map_err(|error| error.to_string())?);
    }
    Ok(())
}
