//! Rules for hosts: each names a link of the catalog and has memory that can be read.

use super::report::Report;

pub(super) fn check(report: &mut Report<'_>) {
    let catalog = report.catalog;
    for host in &catalog.hosts {
        let known = catalog.links.iter().any(|link| link.id == host.slot);
        let mut entry = report.found.entry("hosts", &host.id);
        entry.require_known(known, "slot", &host.slot);
        entry.require_positive("memory_gb", host.memory_gb.value);
        entry.require_positive("bandwidth_gbs", host.bandwidth_gbs.value);
    }
}
