//! The lists about set-ups: measured set-ups, hosts, links and draft methods.

use serde_json::Value;

use super::Failure;
use super::list::values;
use super::output::Table;
use crate::model::catalog::Catalog;
use crate::model::facts::{Fact, SetupMeasurement};
use crate::model::units::{Amount, GB, Unit};

/// Returns the measured set-ups.
pub(super) fn setups(catalog: &Catalog) -> Result<(Value, Table), Failure> {
    let rows: Vec<&SetupMeasurement> = catalog.all_setup_measurements().collect();
    let mut table =
        Table::of(["kind", "machine", "model", "format", "runtime", "test", "streams", "tok/s", "date", "source"]);
    for row in &rows {
        table.push([
            row.kind.word().to_owned(),
            row.machine.clone(),
            row.model.clone(),
            row.format.clone(),
            row.runtime.clone(),
            format!("{:?}", row.test).to_lowercase(),
            row.concurrency.to_string(),
            row.tok_s.to_string(),
            row.date.to_string(),
            row.source.clone(),
        ]);
    }
    Ok((values(&rows)?, table))
}

/// Returns the host computers for cards.
pub(super) fn hosts(catalog: &Catalog) -> Result<(Value, Table), Failure> {
    let mut table = Table::of(["id", "name", "memory", "bandwidth", "cores", "slot", "price", "basis"]);
    for host in &catalog.hosts {
        let price = host.price_usd.as_ref();
        table.push([
            host.id.clone(),
            host.name.clone(),
            format!("{} GB", host.memory_gb.value),
            rate(&host.bandwidth_gbs),
            host.cores.value.to_string(),
            host.slot.clone(),
            price.map_or("not known".to_owned(), |fact| Amount::exact(fact.value, Unit::Usd).to_string()),
            price.map_or(String::new(), |fact| fact.basis.word().to_owned()),
        ]);
    }
    Ok((values(&catalog.hosts)?, table))
}

/// Returns the draft methods.
pub(super) fn drafts(catalog: &Catalog) -> Result<(Value, Table), Failure> {
    let mut table = Table::of(["id", "name", "drafted", "accepted, code", "prose", "mixed", "basis"]);
    for draft in &catalog.drafts {
        let share = |fact: &Fact| Amount::exact(fact.value, Unit::Share).to_string();
        table.push([
            draft.id.clone(),
            draft.name.clone(),
            draft.drafted.value.to_string(),
            share(&draft.accept_code),
            share(&draft.accept_prose),
            share(&draft.accept_mixed),
            draft.accept_mixed.basis.word().to_owned(),
        ]);
    }
    Ok((values(&catalog.drafts)?, table))
}

/// Returns the links between devices.
pub(super) fn links(catalog: &Catalog) -> Result<(Value, Table), Failure> {
    let mut table = Table::of(["id", "name", "behaves like", "one way"]);
    for link in &catalog.links {
        table.push([link.id.clone(), link.name.clone(), link.class.word().to_owned(), rate(&link.gbs)]);
    }
    Ok((values(&catalog.links)?, table))
}

fn rate(gbs: &Fact) -> String {
    Amount::exact(gbs.value * GB, Unit::BytesPerSecond).to_string()
}
