//! Rows as measurements of the catalog: which machine, model, format and runtime is each about, or what must be asked?

use super::names::{self, Meant};
use super::{Named, Reading, Row, Software};
use crate::catalog::{Catalog, UnknownId};
use crate::ron_file::visible;
use crate::spec::{Batching, Container, Date, Measurement, Model, Runtime, Source};

/// Candidates that a sentence names.
const MOST_NAMED: usize = 6;

/// What the person said, and what holds where the file is silent.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Machine, by id.
    pub machine: Option<&'a str>,
    /// Model, by id.
    pub model: Option<&'a str>,
    /// Weight format, by id.
    pub format: Option<&'a str>,
    /// Runtime, by id.
    pub runtime: Option<&'a str>,
    /// Cache format where the file names none, by id.
    pub kv_format: &'a str,
    /// Day of rows that state none.
    pub today: Date,
    /// Name of the file.
    pub file: &'a str,
}

/// Measurements with their source.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The source that they cite.
    pub source: Source,
    /// The measurements.
    pub rows: Vec<Measurement>,
    /// What was taken for what: sentences.
    pub notes: Vec<String>,
}

/// Why a row cannot be said to be about an entry of the catalog.
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
    /// The name is known to nobody.
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
        /// How many.
        count: usize,
    },
    /// The element type of the cache is unknown.
    #[error("the cache type \"{0}\" is not in the catalog; leave out its rows")]
    Cache(String),
}

/// Makes measurements of what was read.
///
/// # Errors
/// [`Unresolved`], a sentence with the flag that answers it.
pub fn resolve(catalog: &Catalog, reading: &Reading, asked: &Asked<'_>) -> Result<Imported, Unresolved> {
    flags(catalog, asked)?;
    one_name(reading, "machine", asked.machine, |named| &named.machine)?;
    one_name(reading, "model", asked.model, |named| &named.model)?;
    one_name(reading, "format", asked.format, |named| &named.format)?;
    let source = source(reading, asked);
    let mut notes: Vec<String> = Vec::new();
    let mut rows = Vec::new();
    for (at, row) in reading.rows.iter().enumerate() {
        let (measurement, taken) = measurement(catalog, row, asked)?;
        let (id, source) = (format!("{}-{}", source.id, at + 1), source.id.clone());
        rows.push(Measurement { id, source, ..measurement });
        let new: Vec<String> = taken.into_iter().filter(|note| !notes.contains(note)).collect();
        notes.extend(new);
    }
    Ok(Imported { source, rows, notes })
}

/// What a flag names must be there, whatever else is to be asked.
fn flags(catalog: &Catalog, asked: &Asked<'_>) -> Result<(), UnknownId> {
    asked.machine.map(|id| catalog.machine(id)).transpose()?;
    asked.model.map(|id| catalog.model(id)).transpose()?;
    asked.format.map(|id| catalog.format(id)).transpose()?;
    asked.runtime.map(|id| catalog.runtime(id)).transpose()?;
    Ok(())
}

/// A flag answers for the whole file, so the file must be about one thing.
fn one_name(
    reading: &Reading,
    what: &'static str,
    flag: Option<&str>,
    names: fn(&Named) -> &Vec<String>,
) -> Result<(), Unresolved> {
    let mut different: Vec<&Vec<String>> = Vec::new();
    for row in &reading.rows {
        let own = names(&row.named);
        if !own.is_empty() && !different.contains(&own) {
            different.push(own);
        }
    }
    let count = different.len();
    if flag.is_some() && count > 1 { Err(Unresolved::Different { what, count }) } else { Ok(()) }
}

fn source(reading: &Reading, asked: &Asked<'_>) -> Source {
    let stem = asked.file.rsplit('/').next().unwrap_or_default();
    let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem).to_lowercase();
    let slug: String = stem.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).take(40).collect();
    let slug = slug.trim_matches('-');
    let dates = reading.rows.iter().filter_map(|row| row.date);
    Source {
        id: format!("own-{slug}-{:08x}", reading.mark),
        title: format!("own run of {}, {}", reading.tool, visible(asked.file)),
        date: dates.max().unwrap_or(asked.today),
        url: None,
    }
}

/// A row as a measurement without id and source, and what was taken for what.
fn measurement(catalog: &Catalog, row: &Row, asked: &Asked<'_>) -> Result<(Measurement, Vec<String>), Unresolved> {
    let named = &row.named;
    let (machine, machine_name) = entry("machine", asked.machine, &named.machine, |name| {
        let exact = catalog.machines.iter().find(|machine| machine.id == name);
        exact.map_or_else(|| names::machine(&catalog.machines, name), |machine| Meant::One(&machine.id))
    })?;
    let (model, model_name) = entry("model", asked.model, &named.model, |name| {
        let exact = catalog.models.iter().find(|model| model.id == name);
        exact.map_or_else(|| names::model(&catalog.models, name, named.params), |model| Meant::One(&model.id))
    })?;
    let (machine, model) = (catalog.machine(&machine)?, catalog.model(&model)?);
    let runtime = runtime(catalog, asked.runtime, &named.runtime)?;
    let (format, format_name) = format(catalog, asked.format, named, runtime, model)?;
    let taken = [
        machine_name.map(|name| format!("machine \"{name}\" is taken for {}", machine.id)),
        model_name.map(|name| format!("model \"{name}\" is taken for {}", model.id)),
        format_name.map(|name| format!("format \"{name}\" is taken for {format}")),
    ];
    let measurement = Measurement {
        id: String::new(),
        machine: machine.id.clone(),
        model: model.id.clone(),
        format,
        runtime: runtime.id.clone(),
        kv_format: kv_format(catalog, named, asked.kv_format)?,
        test: row.test,
        aggregate: row.aggregate,
        prompt: row.prompt,
        context: row.context,
        generate: row.generate,
        concurrency: row.concurrency,
        tok_s: row.tok_s,
        per_stream_tok_s: row.per_stream_tok_s,
        ttft_s: row.ttft_s,
        power_w: None,
        speculative: false,
        date: row.date.unwrap_or(asked.today),
        source: String::new(),
        tier: row.tier,
        kernel: String::new(),
        suspect: String::new(),
        note: row.note.clone(),
    };
    Ok((measurement, taken.into_iter().flatten().collect()))
}

/// An id, and the name that was taken for it where it is another.
type Taken = (String, Option<String>);

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
        (Some((name, ids)), _) => Err(Unresolved::Several { what, name, candidates: listed(&ids) }),
        (None, Some(name)) => Err(Unresolved::Nothing { what, name: name.clone() }),
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

fn runtime<'c>(catalog: &'c Catalog, flag: Option<&str>, software: &Software) -> Result<&'c Runtime, Unresolved> {
    if let Some(id) = flag {
        return Ok(catalog.runtime(id)?);
    }
    let first =
        |holds: &dyn Fn(&Runtime) -> bool| catalog.runtimes.iter().find(|runtime| runtime.auto && holds(runtime));
    let found = match software {
        Software::NotStated => None,
        Software::Id(id) => return Ok(catalog.runtime(id)?),
        Software::ReadsGguf => first(&|runtime| runtime.loads.contains(&Container::Gguf)),
        Software::Serves(name) => {
            let named = catalog.runtimes.iter().find(|runtime| runtime.id == *name);
            named.or_else(|| first(&|runtime| runtime.batching == Batching::Continuous))
        }
    };
    found.ok_or(Unresolved::NotStated { what: "runtime" })
}

/// The format by flag or name; where a server names none, the one that the model was released in.
fn format(
    catalog: &Catalog,
    flag: Option<&str>,
    named: &Named,
    runtime: &Runtime,
    model: &Model,
) -> Result<Taken, Unresolved> {
    let found = entry("format", flag, &named.format, |name| {
        let exact = catalog.formats.iter().find(|format| format.id == name);
        exact.map_or_else(|| names::format(&catalog.formats, name, &runtime.loads), |format| Meant::One(&format.id))
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
fn kv_format(catalog: &Catalog, named: &Named, usual: &str) -> Result<String, Unresolved> {
    let Some((keys, values)) = &named.cache else { return Ok(usual.to_owned()) };
    let unknown = || Unresolved::Cache(if keys == values { keys.clone() } else { format!("{keys}/{values}") });
    let id = format!("kv-{keys}");
    let found = catalog.kv_formats.iter().find(|format| keys == values && format.id == id);
    found.map(|format| format.id.clone()).ok_or_else(unknown)
}
