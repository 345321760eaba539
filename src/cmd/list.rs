//! `whichbox list`: lists the entries of the catalog.

use clap::{Args, ValueEnum};
use serde::Serialize;
use serde_json::{Value, json};

use super::output::{Output, Stdout, Table, write};
use super::{DONE, Failure};
use crate::model::catalog::Catalog;
use crate::model::scenario::{self, SCENARIOS};
use crate::model::units::{Amount, Unit, short_tokens};
use crate::ui::present::deck::DECKS;

/// A list that the command can print.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// Machines with memory, bandwidth and price
    Machines,
    /// Models with parameters
    Models,
    /// Weight and cache formats
    Formats,
    /// Inference runtimes
    Runtimes,
    /// Built-in scenarios
    Scenarios,
    /// Built-in decks to present
    Decks,
    /// Published measurements
    Measurements,
    /// Sources of every number
    Sources,
    /// Published measurements of set-ups: several devices, weights in system memory, drafts
    Setups,
    /// Computers around cards, with memory for weights
    Hosts,
    /// Ways to draft tokens
    Drafts,
    /// Links between devices
    Links,
    /// Prices in use and as they were seen, with their ages
    Prices,
}

/// Arguments of `list`.
#[derive(Args, Clone, Debug)]
pub struct ListArgs {
    /// The list to print
    #[arg(value_enum)]
    kind: Kind,
    /// The format of the answer
    #[arg(long, value_enum, default_value_t)]
    output: Output,
}

/// Runs the command.
pub(super) fn run(catalog: &Catalog, args: &ListArgs, out: &mut Stdout) -> Result<u8, Failure> {
    let (json, table) = match args.kind {
        Kind::Machines => (values(&catalog.machines)?, machines(catalog)),
        Kind::Models => (values(&catalog.models)?, models(catalog)),
        Kind::Formats => (formats_json(catalog)?, formats(catalog)),
        Kind::Runtimes => (values(&catalog.runtimes)?, runtimes(catalog)),
        Kind::Scenarios => scenarios()?,
        Kind::Decks => decks(catalog)?,
        Kind::Measurements => (values(catalog.measurements())?, measurements(catalog)),
        Kind::Setups => super::list_setups::setups(catalog)?,
        Kind::Hosts => super::list_setups::hosts(catalog)?,
        Kind::Drafts => super::list_setups::drafts(catalog)?,
        Kind::Links => super::list_setups::links(catalog)?,
        Kind::Prices => super::list_prices::prices(catalog)?,
        Kind::Sources => {
            let all: Vec<_> = catalog.all_sources().collect();
            (values(&all)?, sources(catalog))
        }
    };
    write(out, args.output, &json, &table)?;
    Ok(DONE)
}

pub(super) fn values<T: Serialize>(entries: &[T]) -> Result<Value, Failure> {
    serde_json::to_value(entries).map_err(Failure::input)
}

fn machines(catalog: &Catalog) -> Table {
    let mut table = Table::of(["id", "name", "memory", "bandwidth", "price", "basis", "date"]);
    for m in &catalog.machines {
        let price = m.price.as_ref().map(|price| &price.usd);
        table.push([
            m.id.clone(),
            m.name.clone(),
            format!("{} GB", m.memory_gb.value),
            Amount::exact(m.bandwidth_gbs.value * crate::model::units::GB, Unit::BytesPerSecond).to_string(),
            price.map_or("not known".to_owned(), |fact| Amount::exact(fact.value, Unit::Usd).to_string()),
            price.map_or(String::new(), |fact| fact.basis.word().to_owned()),
            price.and_then(|fact| fact.date).map_or(String::new(), |date| date.to_string()),
        ]);
    }
    table
}

fn models(catalog: &Catalog) -> Table {
    let mut table = Table::of(["id", "name", "kind", "parameters", "active", "context", "native"]);
    for m in &catalog.models {
        table.push([
            m.id.clone(),
            m.name.clone(),
            m.kind.word().to_owned(),
            Amount::computed(m.total_params, Unit::Parameters).to_string(),
            Amount::computed(m.active_params, Unit::Parameters).to_string(),
            short_tokens(m.max_context as u64),
            m.native.clone(),
        ]);
    }
    table
}

fn formats_json(catalog: &Catalog) -> Result<Value, Failure> {
    let Value::Array(mut all) = values(&catalog.formats)? else { return Ok(Value::Null) };
    if let Value::Array(cache) = values(&catalog.kv_formats)? {
        all.extend(cache);
    }
    Ok(Value::Array(all))
}

fn formats(catalog: &Catalog) -> Table {
    let mut table = Table::of(["id", "name", "bits", "quality cost (KLD)", "rule"]);
    let kld =
        |fact: Option<&crate::model::facts::Fact>| fact.map_or("not known".to_owned(), |kld| kld.value.to_string());
    for f in &catalog.formats {
        table.push([
            f.id.clone(),
            f.name.clone(),
            f.block_bits.value.to_string(),
            kld(f.kld.as_ref()),
            f.rule.chars().take(60).collect(),
        ]);
    }
    for f in &catalog.kv_formats {
        table.push([f.id.clone(), f.name.clone(), f.bits.value.to_string(), kld(f.kld.as_ref()), "cache".to_owned()]);
    }
    table
}

fn runtimes(catalog: &Catalog) -> Table {
    let mut table = Table::of(["id", "name", "version", "date", "loads", "batching"]);
    for r in &catalog.runtimes {
        let loads: Vec<String> = r.loads.iter().map(|container| format!("{container:?}").to_lowercase()).collect();
        let batching = format!("{:?}", r.batching).to_lowercase();
        table.push([r.id.clone(), r.name.clone(), r.version.clone(), r.date.to_string(), loads.join(", "), batching]);
    }
    table
}

fn scenarios() -> Result<(Value, Table), Failure> {
    let mut table = Table::of(["id", "title"]);
    let mut json = Vec::new();
    for (id, text) in SCENARIOS {
        let scenario = scenario::from_str(id, text).map_err(Failure::input)?;
        json.push(json!({"id": id, "title": scenario.title, "note": scenario.note}));
        table.push([(*id).to_owned(), scenario.title]);
    }
    Ok((Value::Array(json), table))
}

fn decks(catalog: &Catalog) -> Result<(Value, Table), Failure> {
    let mut table = Table::of(["id", "title", "steps", "minutes"]);
    let mut json = Vec::new();
    for (id, _) in DECKS {
        let (_, deck) = super::present::open(catalog, &[(*id).to_owned()])?;
        let minutes = deck.minutes().map(|minutes| minutes.to_string()).unwrap_or_default();
        json.push(json!({"id": id, "title": deck.title, "steps": deck.steps.len(), "minutes": deck.minutes()}));
        table.push([(*id).to_owned(), deck.title.clone(), deck.steps.len().to_string(), minutes]);
    }
    Ok((Value::Array(json), table))
}

fn measurements(catalog: &Catalog) -> Table {
    let mut table =
        Table::of(["machine", "model", "format", "runtime", "test", "streams", "tok/s", "date", "tier", "source"]);
    for m in catalog.measurements() {
        table.push([
            m.machine.clone(),
            m.model.clone(),
            m.format.clone(),
            m.runtime.clone(),
            format!("{:?}", m.test).to_lowercase(),
            m.concurrency.to_string(),
            m.tok_s.to_string(),
            m.date.to_string(),
            format!("{:?}", m.tier),
            m.source.clone(),
        ]);
    }
    table
}

fn sources(catalog: &Catalog) -> Table {
    let mut table = Table::of(["id", "date", "title"]);
    for s in catalog.all_sources() {
        table.push([s.id.clone(), s.date.to_string(), s.title.clone()]);
    }
    table
}
