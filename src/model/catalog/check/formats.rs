//! Rules for formats, runtimes and the software matrix.

use super::report::Report;
use crate::model::catalog::Catalog;
use crate::model::catalog::entry::capability_key;
use crate::model::facts::Capability;

pub(super) fn check(report: &mut Report<'_>) {
    weights(report);
    cache(report);
    runtimes(report);
    let catalog = report.catalog;
    for capability in &catalog.capabilities {
        let id = capability_key(capability);
        let Capability { runtime, family, .. } = capability;
        let mut entry = report.found.entry("capabilities", &id);
        entry.require(!(runtime.is_empty() && family.is_empty()), "family", || {
            "names neither a runtime nor a family of machines".to_owned()
        });
        let known = family.is_empty() || catalog.machines.iter().any(|machine| machine.family == *family);
        entry.require_known(known, "family", family);
        let known = runtime.is_empty() || catalog.runtimes.iter().any(|known| known.id == *runtime);
        entry.require_known(known, "runtime", runtime);
    }
}

fn weights(report: &mut Report<'_>) {
    let catalog = report.catalog;
    for format in &catalog.formats {
        let mut entry = report.found.entry("formats", &format.id);
        entry.require_positive("block_bits", format.block_bits.value);
        for bits in format.bits.values() {
            entry.require(bits > 0.0 && bits <= 64.0, "bits", || "every class needs 0 to 64 bits".to_owned());
        }
        entry.require(!format.class.is_empty(), "class", || "is empty".to_owned());
        for path in &format.paths {
            entry.require_known(is_family(catalog, &path.family), "paths", &path.family);
        }
        let last = format.paths.last().is_some_and(|path| path.family.is_empty());
        entry.require(last, "paths", || "the last path is the one for all other families, with family \"\"".to_owned());
    }
}

fn cache(report: &mut Report<'_>) {
    let catalog = report.catalog;
    for format in &catalog.kv_formats {
        let mut entry = report.found.entry("kv_formats", &format.id);
        entry.require_positive("bits", format.bits.value);
        for runtime in &format.runtimes {
            entry.require_known(catalog.runtimes.iter().any(|r| r.id == *runtime), "runtimes", runtime);
        }
    }
}

fn runtimes(report: &mut Report<'_>) {
    let catalog = report.catalog;
    for runtime in &catalog.runtimes {
        let mut entry = report.found.entry("runtimes", &runtime.id);
        entry.require(!runtime.loads.is_empty(), "loads", || "loads no kind of file".to_owned());
        for family in &runtime.families {
            entry.require_known(is_family(catalog, family), "families", family);
        }
    }
}

/// Returns true if the family of some machine begins with `prefix`.
fn is_family(catalog: &Catalog, prefix: &str) -> bool {
    catalog.machines.iter().any(|machine| machine.family.starts_with(prefix))
}
