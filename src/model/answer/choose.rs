//! The choice of a runtime for a format on a machine, and the reasons why a machine cannot run something.
//!
//! `auto` takes the best supported runtime that loads the format and runs on the machine, and among equals the first in
//! the catalog. A refusal is a sentence.

use std::sync::Arc;

use crate::model::catalog::Catalog;
use crate::model::estimate::setup::Setup;
use crate::model::facts::{DraftMethod, Format, KvFormat, Machine, Model, PathState, Runtime, Split, Support};

/// The runtime for a format on a machine.
#[derive(Clone, Debug)]
pub struct Choice<'c> {
    /// The runtime that is used, or would be used if it could run.
    pub runtime: &'c Runtime,
    /// The reason why it cannot run; `None` if it can.
    pub refused: Option<Refusal<'c>>,
}

/// A reason why a machine cannot run what is asked. It is formatted only where it is shown.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Refusal<'c> {
    /// The model was not released in its native format.
    #[error("{} is a native format and {model} was not released in it", .format.name)]
    NotReleased {
        /// The format.
        format: &'c Format,
        /// The model's name.
        model: String,
    },
    /// The runtime does not load the format.
    #[error("{} does not load {}", .runtime.name, .format.name)]
    NotLoaded {
        /// The runtime.
        runtime: &'c Runtime,
        /// The format.
        format: &'c Format,
    },
    /// The runtime does not run on the machine.
    #[error("{} does not run on the {machine}", .runtime.name)]
    NotThere {
        /// The runtime.
        runtime: &'c Runtime,
        /// The machine's short name.
        machine: String,
    },
    /// The machine's family has no kernels for the format.
    #[error("no kernels for {} on the {machine}{}{how}", .format.name, if .how.is_empty() { "" } else { ": " })]
    NoKernels {
        /// The format.
        format: &'c Format,
        /// The machine's short name.
        machine: String,
        /// The note of the source.
        how: &'c str,
    },
    /// The runtime cannot split a model in this way.
    #[error("{} does not split a model by {}; replicas always work", .runtime.name, .split.word())]
    NoSplit {
        /// The runtime.
        runtime: &'c Runtime,
        /// The split.
        split: Split,
    },
    /// The devices are unequal, and tensors can only be split into equal slices.
    #[error("{machine} has unequal devices, which share a model by layers, not as tensors")]
    UnequalSlices {
        /// The set-up as written.
        machine: String,
    },
    /// The method drafts with a prediction head of the model, and the model has none.
    #[error("{model} has no {}, so nothing drafts for it; `small`, `eagle` or another method of `whichbox list drafts` may", .method.name.replace(" of the model", ""))]
    NoHead {
        /// The drafting method.
        method: &'c DraftMethod,
        /// The model's name.
        model: String,
    },
    /// The runtime has no cache of that format.
    #[error("{} has no {} cache; {} do", .runtime.name, .kv.name, .kv.runtimes.join(", "))]
    NoCache {
        /// The runtime.
        runtime: &'c Runtime,
        /// The cache format.
        kv: &'c KvFormat,
    },
}

/// Chooses the runtime for `format` on `machine`: `wanted` if given, else the best supported one; `None` if no runtime
/// of the catalog loads the format.
#[must_use]
pub fn runtime<'c>(
    catalog: &'c Catalog,
    machine: &Machine,
    format: &'c Format,
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

/// Returns the reason why `model` is not available in `format`; `None` if it is.
#[must_use]
pub fn unavailable<'c>(model: &Model, format: &'c Format) -> Option<Refusal<'c>> {
    (!format.is_offered_for(model)).then(|| Refusal::NotReleased { format, model: model.name.clone() })
}

/// Returns the refusal of a drafting method that needs a prediction head which `model` does not have; `None` if the
/// method works or it is not known if the model has a head.
#[must_use]
pub fn no_head<'c>(model: &Model, method: Option<&'c DraftMethod>) -> Option<Refusal<'c>> {
    let method = method.filter(|method| method.own_head && model.prediction_head == Some(false))?;
    Some(Refusal::NoHead { method, model: model.name.clone() })
}

/// Returns the reason why `runtime` cannot have a cache in the format `kv`; `None` if it can.
#[must_use]
pub fn no_such_cache<'c>(runtime: &'c Runtime, kv: &'c KvFormat) -> Option<Refusal<'c>> {
    (!kv.runtimes.is_empty() && !kv.runtimes.contains(&runtime.id)).then_some(Refusal::NoCache { runtime, kv })
}

/// Returns the reason why `runtime` cannot split a model over the devices as the set-up says; `None` if it can.
/// Replicas work with every runtime.
#[must_use]
pub fn no_such_split<'c>(runtime: &'c Runtime, setup: Option<&(Arc<Setup>, Split)>) -> Option<Refusal<'c>> {
    let (setup, split) = setup?;
    if *split == Split::Tensor && !setup.is_even() {
        return Some(Refusal::UnequalSlices { machine: setup.spec.to_string() });
    }
    let has = *split == Split::Replica || runtime.splits.contains(split);
    (!has).then_some(Refusal::NoSplit { runtime, split: *split })
}

fn judge<'c>(catalog: &'c Catalog, machine: &Machine, format: &'c Format, runtime: &'c Runtime) -> Choice<'c> {
    let state = support(catalog, machine, runtime);
    let refused = if !runtime.loads.contains(&format.container) {
        Some(Refusal::NotLoaded { runtime, format })
    } else if state == Some(Support::No) || !exists_for(runtime, machine) {
        Some(Refusal::NotThere { runtime, machine: machine.short.as_str().into() })
    } else {
        no_kernels(machine, format)
    };
    Choice { runtime, refused }
}

/// Returns a remark about the support of `runtime` on `machine`; `None` if it is settled either way.
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

fn no_kernels<'c>(machine: &Machine, format: &'c Format) -> Option<Refusal<'c>> {
    let path = format.path(&machine.family).filter(|path| path.state == PathState::No)?;
    Some(Refusal::NoKernels { format, machine: machine.short.as_str().into(), how: &path.how })
}

fn exists_for(runtime: &Runtime, machine: &Machine) -> bool {
    runtime.families.is_empty() || runtime.families.iter().any(|family| machine.family.starts_with(family))
}

/// Returns the level of support of a runtime on a machine; `None` if no source states it.
pub(super) fn support(catalog: &Catalog, machine: &Machine, runtime: &Runtime) -> Option<Support> {
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
