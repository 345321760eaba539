//! Reading the rows of a table of machines.

use std::cell::RefCell;

use super::{Reader, Row};
use crate::model::facts::{Availability, Date, Fact, Host, Machine, MachineKind, MachinePrice, Offer, Sources};
use crate::model::ron_file::FileError;

/// The columns of a table of machines.
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
    "date",
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

/// The longest short name for narrow columns, characters.
const SHORT: usize = 14;

/// The columns of a row whose figures have no date. These figures are not used: with today's date an old figure would
/// look recent.
#[derive(Default)]
struct Undated<'c>(RefCell<Vec<&'c str>>);

impl<'c> Undated<'c> {
    /// Returns the table's fact if it has a date and differs from the catalog's value, otherwise the catalog's fact.
    fn settle(&self, column: &'c str, there: Option<&Fact>, new: Option<Fact>) -> Option<Fact> {
        let differs = |new: &Fact| there.is_none_or(|there| there.value.total_cmp(&new.value).is_ne());
        let new = new.filter(differs);
        if new.as_ref().is_some_and(|new| new.date.is_none()) {
            self.note(column);
            return there.cloned();
        }
        new.or_else(|| there.cloned())
    }

    fn note(&self, column: &'c str) {
        self.0.borrow_mut().push(column);
    }

    /// Returns a sentence that lists the figures without a date, if there are any.
    fn sentence(self, id: &str) -> Option<String> {
        let columns = self.0.into_inner();
        let why = "the row states no date for them (columns date, price_date), so the catalog's facts stay";
        (!columns.is_empty()).then(|| format!("{id}: {}: {why}", columns.join(", ")))
    }
}

/// Reads a row as a new machine, or as changes to a machine of the catalog. A figure that differs from the catalog's
/// needs a date.
pub(super) fn read(reader: &mut Reader<'_>, row: &Row<'_>) -> Result<(), FileError> {
    let id = row.required("id")?;
    let there = reader.catalog.machines.iter().find(|machine| machine.id == id);
    let (date, price_date) = (row.date("date")?, row.date("price_date")?);
    if there.is_none() && date.is_none() {
        let why = "a new machine needs the day on which its figures were read, in the column date";
        reader.leave_out(row, &format!("{id}: {why}"));
        return Ok(());
    }
    let seen = price_date.or(date);
    let source = reader.citations.cite(row.text("source"), date.or(seen).unwrap_or(reader.today));
    let (origin, market) = ((Sources::clone(&source), date), (source, seen));
    let undated = Undated::default();
    let text = |column: &str, own: fn(&Machine) -> &String| match (row.text(column), there) {
        (Some(text), _) => Ok(text.to_owned()),
        (None, Some(there)) => Ok(own(there).clone()),
        (None, None) => row.required(column).map(str::to_owned),
    };
    let optional = |column: &'static str, basis: &str, own: fn(&Machine) -> Option<&Fact>| {
        row.fact(column, basis, &origin).map(|new| undated.settle(column, there.and_then(own), new))
    };
    let stated = |column: &'static str, basis: &str, own: fn(&Machine) -> &Fact| {
        let new = row.fact(column, basis, &origin)?;
        undated
            .settle(column, there.map(own), new)
            .ok_or_else(|| row.fault(&format!("{column} is empty, and the machine is new")))
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
        date: there.map(|there| there.date).or(date).unwrap_or(reader.today),
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
        price: price(row, there.and_then(|there| there.price.as_ref()), &market, &undated)?,
        rent_usd_per_hour: undated.settle(
            "rent_usd_per_hour",
            there.and_then(|there| there.rent_usd_per_hour.as_ref()),
            row.fact("rent_usd_per_hour", "price_basis", &market)?,
        ),
        variants: there.map(|there| there.variants.clone()).unwrap_or_default(),
        availability: availability(row, there, &market, &undated)?,
        name,
    };
    let undated = undated.sentence(id);
    reader.facts.machines.push(machine);
    if let Some(why) = undated {
        reader.leave_out(row, &why);
    }
    Ok(())
}

/// Returns the table's price if it has a date, otherwise the catalog's.
fn price(
    row: &Row<'_>,
    there: Option<&MachinePrice>,
    market: &(Sources, Option<Date>),
    undated: &Undated<'_>,
) -> Result<Option<MachinePrice>, FileError> {
    let Some(fact) = row.fact("price_usd", "price_basis", market)? else { return Ok(there.cloned()) };
    let word = row.text("price_basis").unwrap_or_default();
    let word = word.split(|c: char| !c.is_alphanumeric()).next().filter(|word| !word.is_empty()).unwrap_or("stated");
    let (low, high) = (row.number("price_low_usd")?, row.number("price_high_usd")?);
    // An edge that equals the price gives no range.
    let low = low.filter(|low| *low < fact.value);
    let high = high.filter(|high| *high > fact.value);
    let is_same = there.is_some_and(|there| {
        let is_dated_so = fact.date.is_none() || there.usd.date == fact.date;
        is_dated_so && (there.usd.value, there.usd.low, there.usd.high) == (fact.value, low, high)
    });
    if !is_same && fact.date.is_none() {
        undated.note("price_usd");
    }
    if is_same || fact.date.is_none() {
        return Ok(there.cloned());
    }
    let usd = Fact { low, high, ..fact };
    Ok(Some(MachinePrice { usd, kind: word.to_lowercase() }))
}

/// Returns the table's availability if it has a date, otherwise the catalog's.
fn availability(
    row: &Row<'_>,
    there: Option<&Machine>,
    market: &(Sources, Option<Date>),
    undated: &Undated<'_>,
) -> Result<Availability, FileError> {
    let own = there.map(|there| there.availability.clone()).unwrap_or_default();
    let Some(state) = row.one_of("availability", OFFERS)?.filter(|state| *state != own.state) else { return Ok(own) };
    if market.1.is_none() {
        undated.note("availability");
        return Ok(own);
    }
    Ok(Availability { state, date: market.1, source: Sources::clone(&market.0), note: String::new() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::facts::Basis;

    #[test]
    fn the_same_value_keeps_the_sources_of_the_catalog() {
        let date = "2026-09".parse().ok();
        let fact = |value: f64, basis: Basis| Fact { basis, date, ..Fact::assumed(value, "") };
        let there = fact(273.0, Basis::Vendor);
        let undated = Undated::default();
        let settle = |new: Option<Fact>| undated.settle("bandwidth_gbs", Some(&there), new);
        assert_eq!(settle(Some(fact(273.0, Basis::Assumed))), Some(there.clone()));
        assert_eq!(settle(Some(fact(546.0, Basis::Assumed))), Some(fact(546.0, Basis::Assumed)));
        assert_eq!(settle(None), Some(there.clone()));
        assert_eq!(settle(Some(Fact { date: None, ..fact(546.0, Basis::Assumed) })), Some(there.clone()));
        assert!(
            undated
                .sentence("my-box")
                .is_some_and(|why| why.starts_with("my-box: bandwidth_gbs: the row states no date"))
        );
    }
}
