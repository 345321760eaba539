//! Rules for machines.

use super::report::{Checked, Report, number};
use crate::model::catalog::Catalog;
use crate::model::facts::{Availability, Fact, Machine, Offer};

/// The width of a narrow column, characters.
const SHORT: usize = 14;

pub(super) fn check(report: &mut Report<'_>) {
    let catalog = report.catalog;
    for machine in &catalog.machines {
        let mut entry = report.found.entry("machines", &machine.id);
        memory(&mut entry, machine);
        power(&mut entry, machine);
        names(&mut entry, machine, catalog);
        for (field, fact) in [
            ("bandwidth_gbs", Some(&machine.bandwidth_gbs)),
            ("fp16_tflops", machine.fp16_tflops.as_ref()),
            ("inference_tflops", machine.inference_tflops.as_ref()),
            ("fp8_tflops", machine.fp8_tflops.as_ref()),
            ("fp4_tflops", machine.fp4_tflops.as_ref()),
            ("fp4_sparse_tflops", machine.fp4_sparse_tflops.as_ref()),
            ("gpu_cores", machine.gpu_cores.as_ref()),
            ("price", machine.price.as_ref().map(|price| &price.usd)),
            ("rent_usd_per_hour", machine.rent_usd_per_hour.as_ref()),
        ] {
            if let Some(fact) = fact {
                entry.require_positive(field, fact.value);
            }
        }
    }
}

fn memory(entry: &mut Checked<'_>, machine: &Machine) {
    // Makers call GiB of DRAM "GB", so installed and usable memory can be compared directly.
    let installed = machine.memory_gb.value;
    let usable = &machine.usable_gib;
    let most = [usable.high, machine.raised_gib.as_ref().map(|raised| raised.high.unwrap_or(raised.value))];
    let most = most.into_iter().flatten().fold(usable.value, f64::max);
    entry.require_positive("memory_gb", installed);
    entry.require_positive("usable_gib", usable.value);
    if let Some(raised) = &machine.raised_gib {
        entry.require(raised.value >= usable.value, "raised_gib", || {
            format!("{} GiB are fewer than the {} usable by default", number(raised.value), number(usable.value))
        });
    }
    entry.require(most <= installed, "usable_gib", || {
        format!("{} GiB are more than the {} GB installed", number(most), number(installed))
    });
}

fn power(entry: &mut Checked<'_>, machine: &Machine) {
    for (field, fact) in [("tdp_w", &machine.tdp_w), ("load_w", &machine.load_w)] {
        if let Some(fact) = fact {
            entry.require_positive(field, fact.value);
        }
    }
    let value = |fact: &Option<Fact>| fact.as_ref().map(|fact| fact.value);
    if let (Some(idle), Some(load)) = (value(&machine.idle_w), value(&machine.load_w)) {
        entry.require(idle <= load, "idle_w", || {
            format!("{} W at idle are more than {} W under load", number(idle), number(load))
        });
    }
}

fn names(entry: &mut Checked<'_>, machine: &Machine, catalog: &Catalog) {
    let short = machine.short.chars().count();
    entry.require((1..=SHORT).contains(&short), "short", || format!("has {short} characters; 1 to {SHORT} fit"));
    let sharing = catalog.machines.iter().find(|other| other.short == machine.short && other.id != machine.id);
    entry.require(sharing.is_none(), "short", || {
        format!("\"{}\" is also that of \"{}\"", machine.short, sharing.map_or("", |other| &other.id))
    });
    entry.require(!machine.name.is_empty(), "name", || "is empty".to_owned());
    entry.require(!machine.family.is_empty(), "family", || "is empty".to_owned());
    let Availability { state, date, .. } = &machine.availability;
    entry.require(*state == Offer::Unknown || date.is_some(), "availability", || {
        format!("is {} without a date", state.word())
    });
    for variant in &machine.variants {
        let known = *variant != machine.id && catalog.machines.iter().any(|other| other.id == *variant);
        entry.require_known(known, "variants", variant);
    }
}
