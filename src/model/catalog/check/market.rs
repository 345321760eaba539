//! Rules for prices, events, claims, sources and the fitted efficiencies.

use std::collections::HashSet;

use super::report::{Found, Report};
use crate::model::catalog::Catalog;
use crate::model::catalog::entry::efficiency_key;
use crate::model::facts::{EfficiencyRow, Parameter, is_web};

pub(super) fn check(report: &mut Report<'_>) {
    prices(report);
    happenings(report);
    efficiency(report);
    let catalog = report.catalog;
    for source in &catalog.sources {
        let mut entry = report.found.entry("sources", &source.id);
        entry.require(!source.title.is_empty(), "title", || "is empty".to_owned());
        let web = source.url.as_deref().is_none_or(is_web);
        entry.require(web, "url", || "begins with neither https:// nor http://".to_owned());
    }
}

fn prices(report: &mut Report<'_>) {
    let catalog = report.catalog;
    for price in &catalog.prices {
        let mut entry = report.found.entry("prices", &price.id);
        entry.require_positive("amount", price.amount);
        if let Some(machine) = &price.machine {
            entry.require_known(is_machine(catalog, machine), "machine", machine);
        }
    }
    for rent in &catalog.cloud {
        let mut entry = report.found.entry("cloud", &rent.id);
        entry.require_known(is_machine(catalog, &rent.id), "id", &rent.id);
        entry.require_positive("usd_per_hour", rent.usd_per_hour.value);
    }
    for api in &catalog.api_prices {
        let known = catalog.models.iter().any(|model| model.id == api.id)
            || catalog.named_models.iter().any(|model| model.id == api.id);
        report.found.entry("api_prices", &api.id).require_known(known, "id", &api.id);
    }
    for region in &catalog.electricity {
        report.found.entry("electricity", &region.id).require_positive("per_kwh", region.per_kwh.value);
    }
}

fn happenings(report: &mut Report<'_>) {
    let catalog = report.catalog;
    for event in &catalog.events {
        let mut entry = report.found.entry("events", &event.id);
        for machine in &event.machines {
            entry.require_known(is_machine(catalog, machine), "machines", machine);
        }
    }
    for claim in &catalog.claims {
        let mut entry = report.found.entry("claims", &claim.id);
        for machine in &claim.machines {
            entry.require_known(is_machine(catalog, machine), "machines", machine);
        }
        if let Some(model) = &claim.model {
            entry.require_known(catalog.models.iter().any(|m| m.id == *model), "model", model);
        }
        let ordered = claim.low.zip(claim.high).is_none_or(|(low, high)| low <= high);
        let finite = [claim.low, claim.high].into_iter().flatten().all(f64::is_finite);
        entry.require(ordered && finite, "low", || "is above high, or not a finite number".to_owned());
        entry.require(!claim.why.is_empty(), "why", || "says nothing; why is it contested?".to_owned());
    }
}

fn efficiency(report: &mut Report<'_>) {
    let catalog = report.catalog;
    let fit = &catalog.efficiency;
    if !fit.rows().is_empty() {
        report.require_sources(("efficiency", "efficiency"), "source", &fit.source);
        let mut entry = report.found.entry("efficiency", "efficiency");
        entry.require(fit.date.is_some(), "date", || "has no date".to_owned());
        for parameter in Parameter::ALL {
            let any = fit.rows().iter().any(|row| row.subject() == (parameter, "", "", "", ""));
            entry.require(any, "rows", || format!("has no {parameter:?} for any machine"));
        }
    }
    for row in fit.rows() {
        let key = efficiency_key(row);
        let mut entry = report.found.entry("efficiency", &key);
        let EfficiencyRow { low, typical, high, .. } = *row;
        let ordered = 0.0 < low && low <= typical && typical <= high && high.is_finite();
        entry.require(ordered, "low", || "low, typical and high are not above zero and in this order".to_owned());
        entry.require_sane("low", low);
        entry.require_sane("high", high);
        let family = row.family.is_empty() || catalog.machines.iter().any(|m| m.family == row.family);
        entry.require_known(family, "family", &row.family);
        let runtime = row.runtime.is_empty() || catalog.runtimes.iter().any(|r| r.id == row.runtime);
        entry.require_known(runtime, "runtime", &row.runtime);
    }
}

/// Checks that no two rows have the same subject.
pub(super) fn unique_rows(found: &mut Found, rows: &[EfficiencyRow]) {
    let mut seen = HashSet::new();
    for row in rows {
        let is_new = seen.insert(row.subject());
        let what = || "two rows are about the same".to_owned();
        found.entry("efficiency", &efficiency_key(row)).require(is_new, "rows", what);
    }
}

fn is_machine(catalog: &Catalog, id: &str) -> bool {
    catalog.machines.iter().any(|machine| machine.id == id)
}
