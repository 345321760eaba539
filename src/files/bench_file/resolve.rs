//! Turning rows into measurements of the catalog, each with its machine, model, format and runtime.

use super::which::{self, Unresolved};
use super::{Named, Reading, Row, Software, cross_check};
use crate::model::catalog::check::{Problem, impossible};
use crate::model::catalog::{Catalog, UnknownId};
use crate::model::facts::{Date, Measurement, Source};
use crate::model::ron_file::visible;

/// The answers that the command's flags give, and the defaults for what the file does not state.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Id of the machine.
    pub machine: Option<&'a str>,
    /// Id of the model.
    pub model: Option<&'a str>,
    /// Id of the weight format.
    pub format: Option<&'a str>,
    /// Id of the runtime.
    pub runtime: Option<&'a str>,
    /// Id of the cache format for rows that state none.
    pub kv_format: &'a str,
    /// Date of rows that state none.
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
    /// Sentences on the assumptions that were made.
    pub notes: Vec<String>,
    /// Rows that give no measurement.
    pub refused: Vec<RefusedRow>,
}

/// A row that gives no measurement although other rows do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedRow {
    /// Line of the row in the file.
    pub line: usize,
    /// Reason why it gives none.
    pub why: Unresolved,
}

/// Returns the measurements of a result file.
///
/// A row is refused alone if its weight format or cache type is not known, or if its speed is impossible. If the file
/// has several models, so is a row whose model is not known.
///
/// # Errors
/// [`Unresolved`], a sentence that names the flag which answers it; also if every row is refused.
pub fn resolve(catalog: &Catalog, reading: &Reading, asked: &Asked<'_>) -> Result<Imported, Unresolved> {
    flags(catalog, asked)?;
    one_name(reading, "machine", asked.machine, |named| &named.machine)?;
    one_name(reading, "model", asked.model, |named| &named.model)?;
    one_name(reading, "format", asked.format, |named| &named.format)?;
    let source = source(reading, asked);
    let mut notes: Vec<String> = Vec::new();
    if reading.rows.iter().any(|row| row.date.is_none()) {
        notes.push(format!("the file does not say the day of every row: {}, today, is taken", asked.today));
    }
    // If the file has several models, an unknown one does not affect the rows of the others.
    let models = different(reading, |named| &named.model);
    let (mut rows, mut refused) = (Vec::new(), Vec::new());
    for (at, row) in reading.rows.iter().enumerate() {
        let made = measurement(catalog, row, asked).and_then(|(mut made, mut taken)| {
            if let Some(Problem { field, what, .. }) = impossible(&made) {
                return Err(Unresolved::Impossible { field, what });
            }
            taken.extend(cross_check::against(catalog, row, &mut made, asked.today)?);
            Ok((made, taken))
        });
        let (measurement, taken) = match made {
            Err(why) if why.is_of_one_row() || (models > 1 && why.is_of_the_model()) => {
                refused.push(RefusedRow { line: row.line, why });
                continue;
            }
            found => found?,
        };
        let (id, source) = (format!("{}-{}", source.id, at + 1), source.id.clone());
        rows.push(Measurement { id, source, ..measurement });
        let new: Vec<String> = taken.into_iter().filter(|note| !notes.contains(note)).collect();
        notes.extend(new);
    }
    match refused.first() {
        Some(first) if rows.is_empty() => Err(first.why.clone()),
        _ => Ok(Imported { source, rows, notes, refused }),
    }
}

/// Checks that the ids in the flags exist, before anything else is asked.
fn flags(catalog: &Catalog, asked: &Asked<'_>) -> Result<(), UnknownId> {
    asked.machine.map(|id| catalog.machine(id)).transpose()?;
    asked.model.map(|id| catalog.model(id)).transpose()?;
    asked.format.map(|id| catalog.format(id)).transpose()?;
    asked.runtime.map(|id| catalog.runtime(id)).transpose()?;
    Ok(())
}

/// Returns the number of different names in the rows.
fn different(reading: &Reading, names: fn(&Named) -> &Vec<String>) -> usize {
    let mut different: Vec<&Vec<String>> = Vec::new();
    for row in &reading.rows {
        let own = names(&row.named);
        if !own.is_empty() && !different.contains(&own) {
            different.push(own);
        }
    }
    different.len()
}

/// Refuses a flag for a file with several different names, since the flag applies to the whole file.
fn one_name(
    reading: &Reading,
    what: &'static str,
    flag: Option<&str>,
    names: fn(&Named) -> &Vec<String>,
) -> Result<(), Unresolved> {
    let count = different(reading, names);
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

/// Returns the note that a runtime was assumed for a server that the file does not name.
fn runtime_guessed(software: &Software, id: &str) -> Option<String> {
    match software {
        Software::Serves(name) if name.is_empty() || name.starts_with("openai") => {
            Some(format!("the file does not name the server: {id} is taken; say another with --runtime ID"))
        }
        _ => None,
    }
}

/// Returns a note that the type of the cache was assumed; `None` if the row states it, or if its tool leaves it out
/// only when it is the default.
fn cache_guessed(named: &Named, kv_format: &str) -> Option<String> {
    let is_said = named.cache.is_some() || named.runtime == Software::ReadsGguf;
    (!is_said).then(|| format!("the file does not say the type of the cache: {kv_format} is taken"))
}

/// Returns a row as a measurement without id and source, and notes on the assumptions.
fn measurement(catalog: &Catalog, row: &Row, asked: &Asked<'_>) -> Result<(Measurement, Vec<String>), Unresolved> {
    let named = &row.named;
    let ((machine, machine_name), differs) = which::machine(catalog, asked.machine, named)?;
    let (model, model_name) = which::model(catalog, asked.model, named)?;
    let (machine, model) = (catalog.machine(&machine)?, catalog.model(&model)?);
    let runtime = which::runtime(catalog, asked.runtime, &named.runtime)?;
    let (format, format_name) = which::format(catalog, asked.format, named, runtime, model)?;
    let kv_format = which::kv_format(catalog, named, asked.kv_format)?;
    let taken = [
        differs,
        cache_guessed(named, &kv_format),
        runtime_guessed(&named.runtime, &runtime.id),
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
        kv_format,
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
        micro_batch: row.micro_batch,
        speculative: row.speculative,
        date: row.date.unwrap_or(asked.today),
        source: String::new(),
        tier: row.tier,
        kernel: String::new(),
        backend: String::new(),
        suspect: String::new(),
        doubts: String::new(),
        note: row.note.clone(),
    };
    Ok((measurement, taken.into_iter().flatten().collect()))
}
