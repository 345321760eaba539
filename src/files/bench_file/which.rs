//! The entry that is meant: by a flag or by a name in the file; else it is asked for.

use super::names::{self, Meant};
use super::{Named, Software};
use crate::model::catalog::names::NameOf;
use crate::model::catalog::{Catalog, UnknownId};
use crate::model::facts::{Batching, Container, Model, Runtime};
use crate::model::ron_file::visible;

/// Candidates that a sentence names.
const MOST_NAMED: usize = 6;

/// The reason why a row cannot be said to be about an entry of the catalog.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unresolved {
    /// A flag names what is not there.
    #[error("{0}")]
    Unknown(#[from] UnknownId),
    /// The file does not say.
    #[error("the file does not say which {what}; say it with --{what} ID (`whichbox list {what}s` shows them)")]
    NotStated {
        /// machine, model, format or runtime.
        what: &'static str,
    },
    /// The name is not known.
    #[error(
        "the {what} \"{name}\" is not in the catalog; say which it is with --{what} ID (`whichbox list {what}s` shows them)"
    )]
    Nothing {
        /// machine, model, format or runtime.
        what: &'static str,
        /// The name in the file.
        name: String,
    },
    /// The name can mean several.
    #[error("the {what} \"{name}\" can be {candidates}; say which with --{what} ID")]
    Several {
        /// machine, model or format.
        what: &'static str,
        /// The name in the file.
        name: String,
        /// The ids.
        candidates: String,
    },
    /// One flag cannot stand for several.
    #[error("the file names {count} different {what}s, and --{what} would make them one; split the file")]
    Different {
        /// machine, model or format.
        what: &'static str,
        /// The number of names.
        count: usize,
    },
    /// The element type of the cache is unknown.
    #[error("the cache type \"{0}\" is not in the catalog")]
    Cache(String),
    /// Some layers lay in system memory.
    #[error(
        "{on_device} of {layers} layers lay on the device, the others in system memory: no measurement of the device alone"
    )]
    Offloaded {
        /// Layers on the device.
        on_device: u32,
        /// Layers of the model.
        layers: u32,
    },
    /// The figure is above what the catalog knows to be possible.
    #[error("{0}")]
    BeyondReach(String),
    /// A figure that nothing can measure.
    #[error("{field}: {what}")]
    Impossible {
        /// The figure.
        field: String,
        /// The fault.
        what: String,
    },
}

impl Unresolved {
    /// Returns true where the file's name of the model is not known, or may mean several.
    pub(super) fn is_of_the_model(&self) -> bool {
        matches!(self, Unresolved::Nothing { what, .. } | Unresolved::Several { what, .. } if *what == "model")
    }

    /// Returns true where it is about one row and not about what the whole file was measured with.
    pub(super) fn is_of_one_row(&self) -> bool {
        match self {
            Unresolved::Cache(_)
            | Unresolved::Impossible { .. }
            | Unresolved::Offloaded { .. }
            | Unresolved::BeyondReach(_) => true,
            Unresolved::Nothing { what, .. } | Unresolved::Several { what, .. } => *what == "format",
            Unresolved::Unknown(_) | Unresolved::NotStated { .. } | Unresolved::Different { .. } => false,
        }
    }
}

/// The machine; what the file names otherwise than the flag is said.
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
            |machine| Meant::One(&machine.id),
        )
    };
    let taken = entry("machine", flag, &named.machine, meant)?;
    let other = named.machine.iter().find_map(|name| match meant(name) {
        Meant::One(id) if id != taken.0 => Some(format!("{name} ({id})")),
        Meant::Several(ids) if !ids.contains(&taken.0.as_str()) => Some(format!("{name} ({})", listed(&ids))),
        _ => None,
    });
    let other = other.filter(|_| flag.is_some());
    Ok((
        taken.clone(),
        other.map(|other| format!("the file names {other} and --machine says {}: {0} is taken", taken.0)),
    ))
}

/// The model.
pub(super) fn model(catalog: &Catalog, flag: Option<&str>, named: &Named) -> Result<Taken, Unresolved> {
    entry("model", flag, &named.model, |name| {
        let exact = catalog.models.iter().find(|model| model.id == name);
        let printed = || names::model(&catalog.models, name, named.params);
        // A name with another number of parameters is another model.
        let of_size =
            catalog.models.iter().filter(|model| named.params.is_none_or(|own| names::has_params(model, own)));
        let ids = of_size.map(|model| model.id.as_str());
        exact.map_or_else(|| or_typed(printed(), (catalog, NameOf::Model, name), ids), |model| Meant::One(&model.id))
    })
}

/// Returns what a tool's name means; where it means nothing, what the catalog's resolver finds for it among `ids`, as for names
/// that people type.
fn or_typed<'c>(
    printed: Meant<'c>,
    (catalog, of, name): (&Catalog, NameOf, &str),
    ids: impl Iterator<Item = &'c str>,
) -> Meant<'c> {
    if printed != Meant::Nothing {
        return printed;
    }
    let meant = catalog.all_meant(of, name);
    names::one_of(ids.filter(|id| meant.iter().any(|own| own == id)).collect())
}

/// An id, and the name that was taken for it where it is another.
pub(super) type Taken = (String, Option<String>);

/// The id that the flag says, or that the first name with a meaning means.
fn entry<'c>(
    what: &'static str,
    flag: Option<&str>,
    names: &[String],
    meant: impl Fn(&str) -> Meant<'c>,
) -> Result<Taken, Unresolved> {
    if let Some(id) = flag {
        return Ok((id.to_owned(), None));
    }
    let mut several = None;
    for name in names {
        match meant(name) {
            Meant::One(id) => return Ok((id.to_owned(), Some(name.clone()).filter(|name| name != id))),
            Meant::Several(ids) => several = several.or(Some((name.clone(), ids))),
            Meant::Nothing => {}
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

/// The runtime by flag, by name, or the one that reads such files.
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
            // A runtime under another name, as people type it: `trtllm`, `llama cpp`.
            let id = catalog.resolve(NameOf::Runtime, name).map_or_else(|_| name.clone(), |found| found.id);
            return Ok(catalog.runtime(&id)?);
        }
        Software::ReadsGguf => first(&|runtime| runtime.loads.contains(&Container::Gguf)),
        Software::Serves(name) => {
            let known = names::software(name);
            let id = match known {
                Meant::One(id) => id,
                _ => name.as_str(),
            };
            let named = catalog.runtimes.iter().find(|runtime| runtime.id == id);
            // A client that names no server says at least that there is one.
            let continuous = || first(&|runtime| runtime.batching == Batching::Continuous);
            named.or_else(|| if matches!(known, Meant::Several(_)) { None } else { continuous() })
        }
    };
    found.ok_or(Unresolved::NotStated { what: "runtime" })
}

/// The format by flag or name; where a server names none, the one that the model was released in.
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
        exact.map_or_else(|| or_typed(printed(), (catalog, NameOf::Format, name), ids), |format| Meant::One(&format.id))
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

/// The cache format of one element type for keys and values.
pub(super) fn kv_format(catalog: &Catalog, named: &Named, usual: &str) -> Result<String, Unresolved> {
    let Some((keys, values)) = &named.cache else { return Ok(usual.to_owned()) };
    let unknown =
        || Unresolved::Cache(visible(&if keys == values { keys.clone() } else { format!("{keys}/{values}") }));
    let id = format!("kv-{keys}");
    let found = catalog.kv_formats.iter().find(|format| keys == values && format.id == id);
    found.map(|format| format.id.clone()).ok_or_else(unknown)
}
