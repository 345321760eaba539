//! Rows of machines.

use super::{Reader, Row};
use crate::model::facts::{Availability, Date, Fact, Host, Machine, MachineKind, MachinePrice, Offer, Sources};
use crate::model::ron_file::FileError;

/// Columns of a table of machines.
pub(super) const COLUMNS: &[&str] = &[
    "id",
    "name",
    "short",
    "kind",
    "family",
    "aliases",
    "memory_gb",
    "memory_type",
    "bandwidth_gbs",
    "usable_gib",
    "fp16_dense_tflops",
    "fp8_dense_tflops",
    "fp4_dense_tflops",
    "fp4_sparse_tflops",
    "tdp_w",
    "load_w",
    "idle_w",
    "price_usd",
    "price_low_usd",
    "price_high_usd",
    "price_date",
    "rent_usd_per_hour",
    "bandwidth_basis",
    "usable_basis",
    "compute_basis",
    "power_basis",
    "price_basis",
    "source",
    "gpu_cores",
    "needs_host",
    "availability",
];

const KINDS: &[(&str, MachineKind)] = &[
    ("laptop", MachineKind::Laptop),
    ("desktop", MachineKind::Desktop),
    ("workstation-gpu", MachineKind::WorkstationGpu),
    ("consumer-gpu", MachineKind::ConsumerGpu),
    ("datacenter-gpu", MachineKind::DatacenterGpu),
    ("cloud", MachineKind::Cloud),
];

const HOSTS: &[(&str, Host)] = &[("no", Host::Complete), ("yes", Host::NeedsHost), ("rented", Host::Rented)];

const OFFERS: &[(&str, Offer)] = &[
    ("on-sale", Offer::OnSale),
    ("pre-order", Offer::PreOrder),
    ("used", Offer::Used),
    ("withdrawn", Offer::Withdrawn),
    ("unknown", Offer::Unknown),
];

/// Characters of a name in narrow columns.
const SHORT: usize = 14;

/// Reads a machine: a new one, or changes to one of the catalog.
pub(super) fn read(reader: &mut Reader<'_>, row: &Row<'_>) -> Result<(), FileError> {
    let id = row.required("id")?;
    let there = reader.catalog.machines.iter().find(|machine| machine.id == id);
    let origin = (reader.citations.cite(row.text("source"), reader.today), reader.today);
    let text = |column: &str, own: fn(&Machine) -> &String| match (row.text(column), there) {
        (Some(text), _) => Ok(text.to_owned()),
        (None, Some(there)) => Ok(own(there).clone()),
        (None, None) => row.required(column).map(str::to_owned),
    };
    let optional = |column: &str, basis: &str, own: fn(&Machine) -> Option<&Fact>| {
        row.fact(column, basis, &origin).map(|new| merged(there.and_then(own), new))
    };
    let stated = |column: &str, basis: &str, own: fn(&Machine) -> &Fact| {
        let new = row.fact(column, basis, &origin)?;
        merged(there.map(own), new).ok_or_else(|| row.fault(&format!("{column} is empty, and the machine is new")))
    };
    let name = text("name", |machine| &machine.name)?;
    let short = match (row.text("short"), there) {
        (Some(short), _) => short.to_owned(),
        (None, Some(there)) => there.short.clone(),
        (None, None) => name.chars().take(SHORT).collect::<String>().trim().to_owned(),
    };
    let kind = row.one_of("kind", KINDS)?.or(there.map(|there| there.kind));
    let host = row.one_of("needs_host", HOSTS)?.or(there.map(|there| there.host));
    let listed = |text: &str| text.split(';').map(|word| word.trim().to_owned()).collect();
    let machine = Machine {
        id: id.to_owned(),
        short,
        mark: there.and_then(|there| there.mark),
        kind: kind.ok_or_else(|| row.fault("kind is empty, and the machine is new"))?,
        family: text("family", |machine| &machine.family)?,
        aliases: row.text("aliases").map(listed).or(there.map(|there| there.aliases.clone())).unwrap_or_default(),
        source: there.map_or_else(|| Sources::clone(&origin.0), |there| Sources::clone(&there.source)),
        date: there.map_or(reader.today, |there| there.date),
        memory_gb: stated("memory_gb", "bandwidth_basis", |machine| &machine.memory_gb)?,
        memory_type: text("memory_type", |machine| &machine.memory_type)?,
        bandwidth_gbs: stated("bandwidth_gbs", "bandwidth_basis", |machine| &machine.bandwidth_gbs)?,
        usable_gib: stated("usable_gib", "usable_basis", |machine| &machine.usable_gib)?,
        raised_gib: there.and_then(|there| there.raised_gib.clone()),
        fp16_tflops: optional("fp16_dense_tflops", "compute_basis", |machine| machine.fp16_tflops.as_ref())?,
        inference_tflops: there.and_then(|there| there.inference_tflops.clone()),
        fp8_tflops: optional("fp8_dense_tflops", "compute_basis", |machine| machine.fp8_tflops.as_ref())?,
        fp4_tflops: optional("fp4_dense_tflops", "compute_basis", |machine| machine.fp4_tflops.as_ref())?,
        fp4_sparse_tflops: optional("fp4_sparse_tflops", "compute_basis", |machine| {
            machine.fp4_sparse_tflops.as_ref()
        })?,
        tdp_w: optional("tdp_w", "power_basis", |machine| machine.tdp_w.as_ref())?,
        load_w: optional("load_w", "power_basis", |machine| machine.load_w.as_ref())?,
        load_metered: there.and_then(|there| there.load_metered),
        idle_w: optional("idle_w", "power_basis", |machine| machine.idle_w.as_ref())?,
        gpu_cores: optional("gpu_cores", "compute_basis", |machine| machine.gpu_cores.as_ref())?,
        host: host.ok_or_else(|| row.fault("needs_host is empty, and the machine is new: yes, no or rented"))?,
        price: price(row, there.and_then(|there| there.price.as_ref()), &origin)?,
        rent_usd_per_hour: optional("rent_usd_per_hour", "price_basis", |machine| machine.rent_usd_per_hour.as_ref())?,
        variants: there.map(|there| there.variants.clone()).unwrap_or_default(),
        availability: availability(row, there, &origin)?,
        name,
    };
    reader.facts.machines.push(machine);
    Ok(())
}

/// Returns the fact of the table; that of the catalog where the table has none, or the same value.
fn merged(there: Option<&Fact>, new: Option<Fact>) -> Option<Fact> {
    match (there, new) {
        (Some(there), Some(new)) if there.value.total_cmp(&new.value).is_eq() => Some(there.clone()),
        (there, new) => new.or_else(|| there.cloned()),
    }
}

/// Returns the price of the table, or that of the catalog where the table states none.
fn price(
    row: &Row<'_>,
    there: Option<&MachinePrice>,
    origin: &(Sources, Date),
) -> Result<Option<MachinePrice>, FileError> {
    let Some(fact) = row.fact("price_usd", "price_basis", origin)? else { return Ok(there.cloned()) };
    let date = row.date("price_date")?.unwrap_or(origin.1);
    let word = row.text("price_basis").unwrap_or_default();
    let word = word.split(|c: char| !c.is_alphanumeric()).next().filter(|word| !word.is_empty()).unwrap_or("stated");
    let (low, high) = (row.number("price_low_usd")?, row.number("price_high_usd")?);
    // Edges at the price itself are no range.
    let low = low.filter(|low| *low < fact.value);
    let high = high.filter(|high| *high > fact.value);
    let is_same = there.is_some_and(|there| {
        (there.usd.value, there.usd.low, there.usd.high, there.usd.date) == (fact.value, low, high, Some(date))
    });
    if is_same {
        return Ok(there.cloned());
    }
    let usd = Fact { low, high, date: Some(date), ..fact };
    Ok(Some(MachinePrice { usd, kind: word.to_lowercase() }))
}

/// Returns the availability of the table, or that of the catalog where the table states none.
fn availability(row: &Row<'_>, there: Option<&Machine>, origin: &(Sources, Date)) -> Result<Availability, FileError> {
    let own = there.map(|there| there.availability.clone()).unwrap_or_default();
    let Some(state) = row.one_of("availability", OFFERS)?.filter(|state| *state != own.state) else { return Ok(own) };
    let date = row.date("price_date")?.unwrap_or(origin.1);
    Ok(Availability { state, date: Some(date), source: Sources::clone(&origin.0), note: String::new() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::facts::Basis;

    #[test]
    fn the_same_value_keeps_the_sources_of_the_catalog() {
        let fact = |value: f64, basis: Basis| Fact { basis, ..Fact::assumed(value, "") };
        let there = fact(273.0, Basis::Vendor);
        assert_eq!(merged(Some(&there), Some(fact(273.0, Basis::Assumed))), Some(there.clone()));
        assert_eq!(merged(Some(&there), Some(fact(546.0, Basis::Assumed))), Some(fact(546.0, Basis::Assumed)));
        assert_eq!(merged(Some(&there), None), Some(there));
    }
}
