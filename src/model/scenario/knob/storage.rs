//! The knobs for the formats of weights and cache and for the runtime, chosen from the catalog's lists.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::catalog::Catalog;
use crate::model::catalog::names::NameOf;
use crate::model::facts::Format;
use crate::model::scenario::{FormatChoice, FormatOn, ModelChoice, RuntimeChoice, Scenario};
use crate::model::units::{Amount, Digits, Unit};

use super::kind::evenly;
use super::{Setting, Stop};

/// Returns the bits per weight of the chosen format's main block; 4.5, as in 4-bit blocks, if each machine has its best
/// format.
pub(super) fn bits(scenario: &Scenario, catalog: &Catalog) -> f64 {
    let id = current(scenario, catalog);
    catalog.format(id.unwrap_or_default()).map_or(4.5, |format| format.block_bits.value)
}

/// Returns the format that the slider shows: that of the first machine if they differ; `None` for each machine's best.
fn current<'a>(scenario: &'a Scenario, catalog: &'a Catalog) -> Option<&'a str> {
    let machine = scenario.machines.first().map_or("", String::as_str);
    match scenario.format.on(machine) {
        FormatOn::Auto => Some(scenario.auto_format(catalog)),
        FormatOn::Best => None,
        FormatOn::Id(id) => Some(id),
    }
}

/// Returns the formats that the model is available in, and the current one, by rising bits.
fn formats<'a>(scenario: &'a Scenario, catalog: &'a Catalog) -> Vec<&'a Format> {
    let now = current(scenario, catalog);
    let model = match &scenario.model {
        ModelChoice::Catalog(id) => catalog.model(id).ok(),
        ModelChoice::File(name) => catalog.file(name).map(|file| &file.model),
        ModelChoice::Custom { .. } | ModelChoice::ReadGb(_) => None,
    };
    let offered = |format: &Format| model.is_none_or(|model| format.is_offered_for(model));
    let shown = |format: &&Format| offered(format) || now == Some(format.id.as_str());
    let mut formats: Vec<&Format> = catalog.formats.iter().filter(shown).collect();
    let classes = |format: &Format| format.bits.experts + format.bits.dense_ffn + format.bits.attention;
    formats.sort_by(|a, b| a.block_bits.value.total_cmp(&b.block_bits.value).then(classes(a).total_cmp(&classes(b))));
    formats
}

pub(super) fn read_format(scenario: &Scenario, catalog: &Catalog) -> Setting {
    let (text, typed) = match &scenario.format {
        FormatChoice::Auto => (scenario.auto_format(catalog).into(), "auto".into()),
        FormatChoice::Best => ("each machine's best".into(), "best".into()),
        FormatChoice::Same(id) => (id.clone(), id.clone()),
        FormatChoice::PerMachine(ids) => (distinct(ids), per_machine(ids)),
    };
    let format = current(scenario, catalog).and_then(|id| catalog.format(id).ok());
    let one = !matches!(scenario.format, FormatChoice::PerMachine(_));
    let note = format.filter(|_| one).map_or_else(String::new, |format| bits_per_weight(scenario, catalog, format));
    Setting { text, typed, value: format.map(|format| format.block_bits.value), note }
}

/// Returns the model's mean bits per weight, scales included, as text; empty if the bytes read are given.
fn bits_per_weight(scenario: &Scenario, catalog: &Catalog, format: &Format) -> String {
    let bits = match &scenario.model {
        ModelChoice::Catalog(id) => catalog.model(id).ok().map(|model| model.bits_in(format)),
        ModelChoice::File(name) => catalog.file(name).map(|file| file.model.bits_in(format)),
        ModelChoice::Custom { params, active } => {
            catalog.custom_model(*params, *active).map(|model| model.bits_in(format))
        }
        ModelChoice::ReadGb(_) => None,
    };
    bits.map_or_else(String::new, |bits| Amount::new(bits, Unit::Bits, Digits::Significant(2)).to_string())
}

/// Reads a format's id, `auto`, `best`, `same` (one format for all machines) or `machine=format,…`.
pub(super) fn write_format(scenario: &mut Scenario, catalog: &Catalog, text: &str) -> Result<(), String> {
    scenario.format = match text {
        "auto" => FormatChoice::Auto,
        "best" => FormatChoice::Best,
        "same" => match &scenario.format {
            FormatChoice::Same(id) => FormatChoice::Same(id.clone()),
            _ => FormatChoice::Auto,
        },
        list if list.contains('=') => FormatChoice::PerMachine(pairs((scenario, catalog), list, NameOf::Format)?),
        name => FormatChoice::Same(resolved(catalog, NameOf::Format, name)?),
    };
    Ok(())
}

pub(super) fn stops_format(scenario: &Scenario, catalog: &Catalog) -> Vec<Stop> {
    let mut before = 0.0;
    let stop = |format: &Format| {
        let whole = format.block_bits.value.floor();
        let first = std::mem::replace(&mut before, whole) < whole;
        let label = first.then(|| format!("{}", Amount::exact(whole, Unit::Bits)));
        (String::from(&format.id), label.unwrap_or_default())
    };
    let best = ("best".into(), String::default());
    evenly(std::iter::once(best).chain(formats(scenario, catalog).into_iter().map(stop)))
}

pub(super) fn place_format(scenario: &Scenario, catalog: &Catalog) -> f64 {
    let id = current(scenario, catalog).unwrap_or("best");
    place_of(&stops_format(scenario, catalog), id)
}

pub(super) fn read_runtime(scenario: &Scenario, _: &Catalog) -> Setting {
    let typed: String = match &scenario.runtime {
        RuntimeChoice::Auto => "auto".into(),
        RuntimeChoice::Same(id) => id.clone(),
        RuntimeChoice::PerMachine(ids) => per_machine(ids),
    };
    Setting { text: typed.clone(), typed, ..Setting::default() }
}

/// Reads a runtime's id, `auto` or `machine=runtime,…`.
pub(super) fn write_runtime(scenario: &mut Scenario, catalog: &Catalog, text: &str) -> Result<(), String> {
    scenario.runtime = match text {
        "auto" => RuntimeChoice::Auto,
        list if list.contains('=') => RuntimeChoice::PerMachine(pairs((scenario, catalog), list, NameOf::Runtime)?),
        name => RuntimeChoice::Same(resolved(catalog, NameOf::Runtime, name)?),
    };
    Ok(())
}

pub(super) fn stops_runtime(_: &Scenario, catalog: &Catalog) -> Vec<Stop> {
    let ids = catalog.runtimes.iter().map(|runtime| runtime.id.as_str());
    evenly(std::iter::once("auto").chain(ids).map(|id| (id, id)))
}

pub(super) fn place_runtime(scenario: &Scenario, catalog: &Catalog) -> f64 {
    place_of(&stops_runtime(scenario, catalog), &read_runtime(scenario, catalog).typed)
}

pub(super) fn read_kv(scenario: &Scenario, catalog: &Catalog) -> Setting {
    let value = catalog.kv_format(&scenario.kv_format).ok().map(|format| format.bits.value);
    let id = scenario.kv_format.clone();
    Setting { text: id.clone(), typed: id, value, note: String::new() }
}

/// Reads a cache format's name, with or without the prefix `kv-`.
pub(super) fn write_kv(scenario: &mut Scenario, catalog: &Catalog, text: &str) -> Result<(), String> {
    scenario.kv_format = resolved(catalog, NameOf::KvFormat, text)?;
    Ok(())
}

pub(super) fn stops_kv(_: &Scenario, catalog: &Catalog) -> Vec<Stop> {
    let mut formats: Vec<_> = catalog.kv_formats.iter().collect();
    formats.sort_by(|a, b| a.bits.value.total_cmp(&b.bits.value));
    evenly(formats.into_iter().map(|format| (&*format.id, &*format.id)))
}

pub(super) fn place_kv(scenario: &Scenario, catalog: &Catalog) -> f64 {
    place_of(&stops_kv(scenario, catalog), &scenario.kv_format)
}

fn place_of(stops: &[Stop], typed: &str) -> f64 {
    stops.iter().find(|stop| stop.typed == typed).map_or(0.0, |stop| stop.at)
}

fn per_machine(ids: &BTreeMap<String, String>) -> String {
    ids.iter().map(|(machine, id)| format!("{machine}={id}")).collect::<Vec<_>>().join(",")
}

/// Returns the ids in use, each once.
fn distinct(ids: &BTreeMap<String, String>) -> String {
    let ids: BTreeSet<&str> = ids.values().map(String::as_str).collect();
    format!("by machine: {}", ids.into_iter().collect::<Vec<_>>().join(", "))
}

fn resolved(catalog: &Catalog, of: NameOf, name: &str) -> Result<String, String> {
    catalog.resolve(of, name).map(|found| found.id).map_err(|error| error.to_string())
}

fn pairs(
    (scenario, catalog): (&Scenario, &Catalog),
    list: &str,
    of: NameOf,
) -> Result<BTreeMap<String, String>, String> {
    let mut ids = BTreeMap::new();
    for pair in list.split(',') {
        let (machine, name) =
            pair.split_once('=').ok_or(format!("\"{pair}\" is no pair; write machine=id,machine=id"))?;
        let machine = scenario.resolve_machine(catalog, machine).map_err(|error| error.to_string())?.id;
        ids.insert(machine, resolved(catalog, of, name)?);
    }
    Ok(ids)
}
