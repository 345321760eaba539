//! Knobs of set-ups: offload, the host, and drafts.

use crate::model::catalog::Catalog;
use crate::model::estimate::setup::OffloadKind;
use crate::model::facts::Task;
use crate::model::scenario::Scenario;
use crate::model::scenario::range::{BANDWIDTH, CORES, MEMORY, PCIE};
use crate::model::units::{Unit, parse_number};

use super::kind::evenly;
use super::{Setting, Stop};

fn word(text: &str) -> Setting {
    Setting { text: text.to_owned(), typed: text.to_owned(), ..Setting::default() }
}

pub(super) fn read_offload(scenario: &Scenario, _: &Catalog) -> Setting {
    word(scenario.offload.word())
}

/// Reads `none`, `auto`, `experts` or `layers`.
pub(super) fn write_offload(scenario: &mut Scenario, _: &Catalog, text: &str) -> Result<(), String> {
    let found = OffloadKind::ALL.into_iter().find(|kind| kind.word() == text);
    scenario.offload = found.ok_or(format!("\"{text}\" is no offload; write none, auto, experts or layers"))?;
    Ok(())
}

pub(super) fn offloads(_: &Scenario, _: &Catalog) -> Vec<Stop> {
    evenly(OffloadKind::ALL.map(|kind| (kind.word(), kind.word())))
}

pub(super) fn read_host(scenario: &Scenario, _: &Catalog) -> Setting {
    let host = &scenario.host;
    let parts = [("ram", host.ram_gb), ("gbs", host.ram_gbs), ("cores", host.cores), ("pcie", host.pcie)];
    let given = parts.iter().filter_map(|(name, value)| Some(format!("{name}={}", (*value)?)));
    let words: Vec<String> = host.id.iter().cloned().chain(given).collect();
    word(if words.is_empty() { "none".to_owned() } else { words.join(",") }.as_str())
}

/// Reads a host's id, `ram=GB,gbs=GB/s,cores=N,pcie=N`, or both separated by commas; or `none`.
pub(super) fn write_host(scenario: &mut Scenario, catalog: &Catalog, text: &str) -> Result<(), String> {
    let host = &mut scenario.host;
    (host.id, host.ram_gb, host.ram_gbs, host.cores, host.pcie) = (None, None, None, None, None);
    if matches!(text, "none" | "") {
        return Ok(());
    }
    for part in text.split(',').map(str::trim) {
        let Some((name, value)) = part.split_once('=') else {
            host.id = Some(catalog.host(part).map_err(|error| error.to_string())?.id.clone());
            continue;
        };
        let (range, field) = match name.trim() {
            "ram" => (MEMORY, &mut host.ram_gb),
            "gbs" => (BANDWIDTH, &mut host.ram_gbs),
            "cores" => (CORES, &mut host.cores),
            "pcie" => (PCIE, &mut host.pcie),
            other => return Err(format!("a host has no part \"{other}\"; write ram=64,gbs=89.6,cores=16,pcie=5")),
        };
        let value = parse_number(value.trim(), Unit::Count).map_err(|error| error.to_string())?;
        *field = Some(range.check(value).map_err(|error| format!("{name}: {error}"))?);
    }
    if host.pcie.is_some_and(|generation| generation.fract() != 0.0) {
        return Err("pcie is a generation: 3, 4 or 5".to_owned());
    }
    Ok(())
}

pub(super) fn hosts(_: &Scenario, catalog: &Catalog) -> Vec<Stop> {
    evenly(catalog.hosts.iter().map(|host| (host.id.as_str(), host.name.as_str())))
}

pub(super) fn read_draft(scenario: &Scenario, _: &Catalog) -> Setting {
    word(scenario.speculation.method.as_deref().unwrap_or("none"))
}

/// Reads a draft method's id, or `none`, which also removes the number of drafted tokens.
pub(super) fn write_draft(scenario: &mut Scenario, catalog: &Catalog, text: &str) -> Result<(), String> {
    if matches!(text, "none" | "") {
        (scenario.speculation.method, scenario.speculation.draft) = (None, None);
        return Ok(());
    }
    scenario.speculation.method = Some(catalog.draft(text).map_err(|error| error.to_string())?.id.clone());
    Ok(())
}

pub(super) fn drafts(_: &Scenario, catalog: &Catalog) -> Vec<Stop> {
    evenly(catalog.drafts.iter().map(|draft| (draft.id.as_str(), draft.name.as_str())))
}

pub(super) fn read_task(scenario: &Scenario, _: &Catalog) -> Setting {
    word(scenario.speculation.task.word())
}

/// Reads `code`, `prose` or `mixed`.
pub(super) fn write_task(scenario: &mut Scenario, _: &Catalog, text: &str) -> Result<(), String> {
    let found = Task::ALL.into_iter().find(|task| task.word() == text);
    scenario.speculation.task = found.ok_or(format!("\"{text}\" is no task; write code, prose or mixed"))?;
    Ok(())
}

pub(super) fn tasks(_: &Scenario, _: &Catalog) -> Vec<Stop> {
    evenly(Task::ALL.map(|task| (task.word(), task.word())))
}
