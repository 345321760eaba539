//! Finding the catalog entry of a row by a flag or by the names in the file; if neither identifies it, the user is
//! asked.

use super::names::{self, Matches};
use super::{Named, Software};
use crate::model::catalog::names::NameOf;
use crate::model::catalog::{Catalog, UnknownId};
use crate::model::facts::{Batching, Container, Model, Runtime};
use crate::model::ron_file::visible;

/// The most candidates that a sentence names.
const MOST_NAMED: usize = 6;

/// The reason why a row gives no measurement of the catalog.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unresolved {
    /// A flag with an unknown id.
    #[error("{0}")]
    Unknown(#[from] UnknownId),
    /// A name that the file does not state.
    #[error("the file does not say which {what}; say it with --{what} ID (`whichbox list {what}s` shows them)")]
    NotStated {
        /// Kind of entry: machine, model, format or runtime.
        what: &'static str,
    },
    /// A name that matches no entry.
    #[error(
        "the {what} \"{name}\" is not in the catalog; say which it is with --{what} ID (`whichbox list {what}s` shows them)"
    )]
    Nothing {
        /// Kind of entry: machine, model, format or runtime.
        what: &'static str,
        /// Name in the file.
        name: String,
    },
    /// A name that matches several entries.
    #[error("the {what} \"{name}\" can be {candidates}; say which with --{what} ID")]
    Several {
        /// Kind of entry: machine, model or format.
        what: &'static str,
        /// Name in the file.
        name: String,
        /// Ids of the matching entries.
        candidates: String,
    },
    /// One flag for a file with several different names.
    #[error("the file names {count} different {what}s, and --{what} would make them one; split the file")]
    Different {
        /// Kind of entry: machine, model or format.
        what: &'static str,
        /// Number of different names.
        count: usize,
    },
    /// An element type of the cache that the catalog does not have.
    #[error("the cache type \"{0}\" is not in the catalog")]
    Cache(String),
    /// A run with some layers in system memory.
    #[error(
        "{on_device} of {layers} layers lay on the device, the others in system memory: no measurement of the device alone"
    )]
    Offloaded {
        /// Number of layers on the device.
        on_device: u32,
        /// Number of layers of the model.
        layers: u32,
    },
    /// A run with all layers of the model on the device, and its output in system memory.
    #[error(
        "{layers} layers lay on the device, and the output counts as another: one was left in system memory, so this is \
         no measurement of the device alone"
    )]
    OneShort {
        /// Number of layers of the model.
        layers: u32,
    },
    /// A figure above what the catalog's facts allow.
    #[error("{0}")]
    BeyondReach(String),
    /// A figure that no measurement can have.
    #[error("{field}: {what}")]
    Impossible {
        /// Name of the figure.
        field: String,
        /// Reason why it is impossible.
        what: String,
    },
}

impl Unresolved {
    /// Returns true if the name of the model matches no entry or several.
    pub(super) fn is_of_the_model(&self) -> bool {
        matches!(self, Unresolved::Nothing { what, .. } | Unresolved::Several { what, .. } if *what == "model")
    }

    /// Returns true if the reason concerns one row only, and not the conditions of the whole file.
    pub(super) fn is_of_one_row(&self) -> bool {
        match self {
            Unresolved::Cache(_)
            | Unresolved::Impossible { .. }
            | Unresolved::Offloaded { .. }
            | Unresolved::OneShort { .. }
            | Unresolved::BeyondReach(_) => true,
            Unresolved::Nothing { what, .. } | Unresolved::Several { what, .. } => *what == "format",
            Unresolved::Unknown(_) | Unresolved::NotStated { .. } | Unresolved::Different { .. } => false,
        }
    }
}

/// Returns the machine of a row, and a note if the file names another machine than the flag.
pub(super) fn machine(
    catalog: &Catalog,
    flag: Option<&str>,
    named: &Named,
) -> Result<(Taken, Option<String>), Unresolved> {
    let meant = |name: &str| {
        let exact = catalog.machines.iter().find(|machine| machine.id == name);
        let printed = || names::machine(&catalog.machines, name);
        let ids = catalog.machines.iter().map(|machine| machine.id.as_str());
        exact.map_or_else(
            || or_typed(printed(), (catalog, NameOf::Machine, name), ids),
            |machine| Matches::One(&machine.id),
        )
    };
    let taken = entry("machine", flag, &named.machine, meant)?;
    let other = named.machine.iter().find_map(|name| match meant(name) {
        Matches::One(id) if id != taken.0 => Some(format!("{name} ({id})")),
        Matches::Several(ids) if !ids.contains(&taken.0.as_str()) => Some(format!("{name} ({})", listed(&ids))),
        _ => None,
    });
    let other = other.filter(|_| flag.is_some());
    Ok((
        taken.clone(),
        other.map(|other| format!("the file names {other} and --machine says {}: {0} is taken", taken.0)),
    ))
}

/// Returns the model of a row.
pub(super) fn model(catalog: &Catalog, flag: Option<&str>, named: &Named) -> Result<Taken, Unresolved> {
    entry("model", flag, &named.model, |name| {
        let exact = catalog.models.iter().find(|model| model.id == name);
        let printed = || names::model(&catalog.models, name, named.params);
        // A model with another number of parameters cannot be the one that the file names.
        let of_size =
            catalog.models.iter().filter(|model| named.params.is_none_or(|own| names::has_params(model, own)));
        let ids = of_size.map(|model| model.id.as_str());
        exact.map_or_else(|| or_typed(printed(), (catalog, NameOf::Model, name), ids), |model| Matches::One(&model.id))
    })
}

/// Returns `printed`, or, if that is no match, the entries among `ids` that the catalog's resolver finds for typed
/// names.
fn or_typed<'c>(
    printed: Matches<'c>,
    (catalog, of, name): (&Catalog, NameOf, &str),
    ids: impl Iterator<Item = &'c str>,
) -> Matches<'c> {
    if printed != Matches::Nothing {
        return printed;
    }
    let meant = catalog.all_meant(of, name);
    names::one_of(ids.filter(|id| meant.iter().any(|own| own == id)).collect())
}

/// The id of an entry, and the name in the file if it differs from the id.
pub(super) type Taken = (String, Option<String>);

/// Returns the id that the flag states, or the match of the first name that has one.
fn entry<'c>(
    what: &'static str,
    flag: Option<&str>,
    names: &[String],
    meant: impl Fn(&str) -> Matches<'c>,
) -> Result<Taken, Unresolved> {
    if let Some(id) = flag {
        return Ok((id.to_owned(), None));
    }
    let mut several = None;
    for name in names {
        match meant(name) {
            Matches::One(id) => return Ok((id.to_owned(), Some(name.clone()).filter(|name| name != id))),
            Matches::Several(ids) => several = several.or(Some((name.clone(), ids))),
            Matches::Nothing => {}
        }
    }
    match (several, names.first()) {
        (Some((name, ids)), _) => Err(Unresolved::Several { what, name: visible(&name), candidates: listed(&ids) }),
        (None, Some(name)) => Err(Unresolved::Nothing { what, name: visible(name) }),
        (None, None) => Err(Unresolved::NotStated { what }),
    }
}

fn listed(ids: &[&str]) -> String {
    let named = ids.get(..ids.len().min(MOST_NAMED)).unwrap_or_default().join(", ");
    match ids.len().saturating_sub(MOST_NAMED) {
        0 => named,
        more => format!("{named} or one of {more} more"),
    }
}

/// Returns the runtime by flag or by name, or the first runtime that fits what the result states.
pub(super) fn runtime<'c>(
    catalog: &'c Catalog,
    flag: Option<&str>,
    software: &Software,
) -> Result<&'c Runtime, Unresolved> {
    if let Some(id) = flag {
        return Ok(catalog.runtime(id)?);
    }
    let first =
        |holds: &dyn Fn(&Runtime) -> bool| catalog.runtimes.iter().find(|runtime| runtime.auto && holds(runtime));
    let found = match software {
        Software::NotStated => None,
        Software::Id(name) => {
            // People type other names of a runtime, such as `trtllm` or `llama cpp`.
            let id = catalog.resolve(NameOf::Runtime, name).map_or_else(|_| name.clone(), |found| found.id);
            return Ok(catalog.runtime(&id)?);
        }
        Software::ReadsGguf => first(&|runtime| runtime.loads.contains(&Container::Gguf)),
        Software::Serves(name) => {
            let known = names::software(name);
            let id = match known {
                Matches::One(id) => id,
                _ => name.as_str(),
            };
            let named = catalog.runtimes.iter().find(|runtime| runtime.id == id);
            // If the client names no server, it has at least measured one with continuous batching.
            let continuous = || first(&|runtime| runtime.batching == Batching::Continuous);
            named.or_else(|| if matches!(known, Matches::Several(_)) { None } else { continuous() })
        }
    };
    found.ok_or(Unresolved::NotStated { what: "runtime" })
}

/// Returns the format by flag or by name; if a server states no format, the one in which the model was released.
pub(super) fn format(
    catalog: &Catalog,
    flag: Option<&str>,
    named: &Named,
    runtime: &Runtime,
    model: &Model,
) -> Result<Taken, Unresolved> {
    let found = entry("format", flag, &named.format, |name| {
        let exact = catalog.formats.iter().find(|format| format.id == name);
        let printed = || names::format(&catalog.formats, name, &runtime.loads);
        let loaded = catalog.formats.iter().filter(|format| runtime.loads.contains(&format.container));
        let ids = loaded.map(|format| format.id.as_str());
        exact.map_or_else(
            || or_typed(printed(), (catalog, NameOf::Format, name), ids),
            |format| Matches::One(&format.id),
        )
    });
    let released = model.native.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let native = catalog.formats.iter().find(|f| f.id == released && runtime.loads.contains(&f.container));
    match (found, native) {
        (Err(Unresolved::Nothing { .. }), Some(native)) if matches!(named.runtime, Software::Serves(_)) => {
            Ok((native.id.clone(), named.model.first().cloned()))
        }
        (found, _) => {
            let (id, name) = found?;
            catalog.format(&id)?;
            Ok((id, name))
        }
    }
}

/// Returns the id of the cache format if keys and values have the same element type; `usual` if the row states no type.
pub(super) fn kv_format(catalog: &Catalog, named: &Named, usual: &str) -> Result<String, Unresolved> {
    let Some((keys, values)) = &named.cache else { return Ok(usual.to_owned()) };
    let unknown =
        || Unresolved::Cache(visible(&if keys == values { keys.clone() } else { format!("{keys}/{values}") }));
    let id = format!("kv-{keys}");
    let found = catalog.kv_formats.iter().find(|format| keys == values && format.id == id);
    found.map(|format| format.id.clone()).ok_or_else(unknown)
}
