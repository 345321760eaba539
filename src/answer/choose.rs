//! Which format and runtime a machine uses, and why it cannot where it cannot.
//!
//! `auto` takes the first runtime of the catalog that loads the format and runs on the machine, the better supported
//! before the worse. A refusal is a sentence.

use crate::catalog::Catalog;
use crate::spec::{Format, KvFormat, Machine, Model, PathState, Runtime, Support};

/// A runtime for a format on a machine.
#[derive(Clone, Debug)]
pub struct Choice<'c> {
    /// The runtime that is or would be used.
    pub runtime: &'c Runtime,
    /// Why it cannot run, where it cannot.
    pub refused: Option<String>,
}

/// The runtime for `format` on `machine`: `wanted`, or the best that the catalog offers.
#[must_use]
pub fn runtime<'c>(
    catalog: &'c Catalog,
    machine: &Machine,
    format: &Format,
    wanted: Option<&'c Runtime>,
) -> Option<Choice<'c>> {
    if let Some(runtime) = wanted {
        return Some(judge(catalog, machine, format, runtime));
    }
    let loading = || catalog.runtimes.iter().filter(|r| r.auto && r.loads.contains(&format.container));
    let best = loading()
        .filter(|r| exists_for(r, machine) && support(catalog, machine, r) != Some(Support::No))
        .min_by_key(|r| rank(support(catalog, machine, r)));
    best.or_else(|| loading().next()).map(|runtime| judge(catalog, machine, format, runtime))
}

/// Why `format` is not to be had for `model`, where it is not.
#[must_use]
pub fn unavailable(model: &Model, format: &Format) -> Option<String> {
    (!format.is_offered_for(model))
        .then(|| format!("{} is a native format and {} was not released in it", format.name, model.name))
}

/// Why `runtime` cannot keep its cache in `kv`, where it cannot.
#[must_use]
pub fn no_such_cache(runtime: &Runtime, kv: &KvFormat) -> Option<String> {
    (!kv.runtimes.is_empty() && !kv.runtimes.contains(&runtime.id))
        .then(|| format!("{} has no {} cache; {} do", runtime.name, kv.name, kv.runtimes.join(", ")))
}

fn judge<'c>(catalog: &'c Catalog, machine: &Machine, format: &Format, runtime: &'c Runtime) -> Choice<'c> {
    let state = support(catalog, machine, runtime);
    let refused = if !runtime.loads.contains(&format.container) {
        Some(format!("{} does not load {}", runtime.name, format.name))
    } else if state == Some(Support::No) || !exists_for(runtime, machine) {
        Some(format!("{} does not run on the {}", runtime.name, machine.short))
    } else {
        no_kernels(machine, format)
    };
    Choice { runtime, refused }
}

/// What a reader should know of `runtime` on `machine`, where it is not plainly supported.
#[must_use]
pub fn caution(catalog: &Catalog, machine: &Machine, runtime: &Runtime) -> Option<String> {
    let note = catalog.capability(&machine.family, &runtime.id).map_or("", |capability| capability.note.as_str());
    match support(catalog, machine, runtime) {
        Some(Support::Yes | Support::Stated | Support::No) => None,
        Some(Support::Partial) => Some(remark(runtime, machine, "runs only in part", note)),
        Some(Support::Experimental) => Some(remark(runtime, machine, "is experimental", note)),
        Some(Support::Contested) => Some(remark(runtime, machine, "is contested", note)),
        None => Some(format!("no source says how well {} runs on the {}", runtime.name, machine.short)),
    }
}

fn remark(runtime: &Runtime, machine: &Machine, state: &str, note: &str) -> String {
    let note = if note.is_empty() { String::new() } else { format!(" ({note})") };
    format!("{} {state} on the {}{note}", runtime.name, machine.short)
}

fn no_kernels(machine: &Machine, format: &Format) -> Option<String> {
    let path = format.path(&machine.family)?;
    (path.state == PathState::No).then(|| {
        let how = if path.how.is_empty() { String::new() } else { format!(": {}", path.how) };
        format!("no kernels for {} on the {}{how}", format.name, machine.short)
    })
}

fn exists_for(runtime: &Runtime, machine: &Machine) -> bool {
    runtime.families.is_empty() || runtime.families.iter().any(|family| machine.family.starts_with(family))
}

fn support(catalog: &Catalog, machine: &Machine, runtime: &Runtime) -> Option<Support> {
    catalog.capability(&machine.family, &runtime.id).map(|capability| capability.state)
}

fn rank(support: Option<Support>) -> u8 {
    match support {
        Some(Support::Yes | Support::Stated) => 0,
        Some(Support::Partial) => 1,
        None => 2,
        Some(Support::Experimental | Support::Contested) => 3,
        Some(Support::No) => 4,
    }
}
