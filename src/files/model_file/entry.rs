//! The catalog entry of a model file: the model, the file as its source, and a format that the catalog does not have.

use serde::Serialize;

use super::Facts;
use super::quantization;
use crate::model::catalog::Catalog;
use crate::model::facts::{Basis, Container, Date, Fact, Format, Model, PerClass};
use crate::model::ron_file::to_string;
use crate::model::units::{Amount, Unit};

/// A model file as an entry of the user's catalog.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The model.
    pub model: Model,
    /// Format of the weights, if the catalog has no format with this id.
    pub format: Option<Format>,
    /// Reason why the format of the weights is not known to the catalog and cannot be added to it, if so.
    pub format_fault: Option<String>,
    /// Text of a catalog file with the model, the format and their source.
    pub text: String,
}

/// The reason why no catalog entry can be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no catalog entry can be made: {0}")]
pub struct NoEntry(String);

/// The source that the entry names: the model file.
#[derive(Serialize)]
struct FileSource {
    id: String,
    title: String,
    date: Date,
}

/// Returns the catalog entry of a model file.
///
/// # Errors
/// [`NoEntry`] that names what is unknown and what a model of the catalog needs.
pub fn entry(facts: &Facts, catalog: &Catalog) -> Result<Entry, NoEntry> {
    let no = |why: &str| NoEntry(why.to_owned());
    let unknown = || {
        let of = |parts: &[&str]| facts.notes.iter().find(|note| parts.iter().any(|part| note.contains(part)));
        let why = of(&["it belongs to a model"]).or_else(|| of(&["cannot be counted", "are counted"]));
        let mut why = why.cloned().unwrap_or_else(|| "the build of the model is not known".to_owned());
        let known = [("parameters", facts.params.map(|params| params.total())), ("bytes", facts.tensor_bytes())];
        for (what, value) in known.into_iter().filter_map(|(what, value)| Some((what, value?))) {
            why = format!("{why}; {} {what} are known", Amount::exact(value, Unit::Count));
        }
        NoEntry(why)
    };
    let shape = facts.shape.as_ref().ok_or_else(unknown)?;
    let max_context = shape.max_context.ok_or_else(|| no("the file does not say the longest context"))?;
    if shape.heads <= 0.0 || shape.head_dim <= 0.0 || shape.kv_elems() <= 0.0 {
        return Err(no("the catalog describes models with attention, and this has none"));
    }
    let date = facts.date.or_else(|| catalog.newest()).ok_or_else(|| no("its date is not known"))?;
    let id = id(&facts.stem);
    let architecture = facts.architecture.as_deref().unwrap_or("unknown");
    let source = FileSource { id: format!("file-{id}"), title: format!("the file {}", shown_path(facts)), date };
    let mut model = Model {
        id,
        name: facts.name.clone(),
        repo: String::new(),
        aliases: Vec::new(),
        family: architecture.into(),
        kind: shape.kind(),
        source: [source.id.clone()].into(),
        date,
        basis: Basis::Derived,
        released: None,
        total_params: shape.params.total(),
        active_params: shape.active_params(),
        params: shape.params,
        table_params: 0.0,
        tied: shape.params.head <= 0.0,
        layers: shape.layers,
        hidden: shape.hidden,
        heads: shape.heads,
        head_dim: shape.head_dim,
        vocab: shape.vocab,
        max_context,
        moe: shape.experts(),
        kv: shape.kv,
        state: shape.recurrent(),
        attention: attention(facts),
        native: native(facts),
        license: String::new(),
        extra_params: facts.extra_params,
        prediction_head: None,
        note: facts.notes.join("; "),
        exact_bytes: Vec::new(),
    };
    let (format, fault) = match with_bytes(facts, catalog, &mut model) {
        Ok(format) => (format, None),
        Err(fault) => (None, Some(fault)),
    };
    let text = text(&model, format.as_ref(), &source)?;
    Ok(Entry { model, format, format_fault: fault, text })
}

/// Returns the name as an id: lower case, with letters, digits, dots, hyphens and underscores.
fn id(name: &str) -> String {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '_');
    let mut id = String::new();
    for c in name.to_lowercase().chars().take(80) {
        if allowed(c) {
            id.push(c);
        } else if !id.ends_with('-') {
            id.push('-');
        }
    }
    let id = id.trim_matches(['-', '.']).to_owned();
    if id.is_empty() { "model".to_owned() } else { id }
}

fn shown_path(facts: &Facts) -> String {
    let name = facts.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    crate::model::ron_file::visible(&name)
}

/// Returns a description of the attention layers.
fn attention(facts: &Facts) -> String {
    let Some(shape) = &facts.shape else { return String::new() };
    let count = |layers: f64| Amount::exact(layers, Unit::Count);
    let mut parts = vec![format!("{} layers with a full cache", count(shape.kv.full_layers))];
    if shape.kv.window_layers > 0.0 {
        let window = count(shape.kv.window);
        parts.push(format!("{} with a window of {window}", count(shape.kv.window_layers)));
    }
    if shape.state.layers > 0.0 {
        parts.push(format!("{} with a state", count(shape.state.layers)));
    }
    parts.join(", ")
}

/// Returns the text of the model's field `native`. It is the format of the file, since a file does not name the formats
/// of the release.
fn native(facts: &Facts) -> String {
    let words = |format: &String| format.to_lowercase().replace('_', " ");
    facts.format.as_ref().map(words).unwrap_or_default()
}

/// Gives the model the bytes of the file, and returns the format if the catalog has none with this id.
///
/// # Errors
/// A sentence if the format is not known, or if no format of the catalog runs like it.
fn with_bytes(facts: &Facts, catalog: &Catalog, model: &mut Model) -> Result<Option<Format>, String> {
    if let Some(fault) = &facts.format_fault {
        return Err(fault.clone());
    }
    let id = facts.format_id(catalog).ok_or("the format of its weights is not known")?;
    let Some(bytes) = facts.weights.as_ref().map(|weights| weights.classes).or(facts.stored) else {
        return if catalog.format(&id).is_ok() { Ok(None) } else { Err(format!("the catalog has no format {id}")) };
    };
    let possible = model.params.zip(&bytes, |params, bytes| {
        let bits = 8.0 * bytes / params;
        f64::from(u8::from((params <= 0.0 && bytes <= 0.0) || (1.0..=33.0).contains(&bits)))
    });
    let known = catalog.format(&id).ok();
    // If a configuration stores a class otherwise than its build says, the rule of the format is the better guess.
    if possible.values().contains(&0.0) {
        return match known {
            Some(_) if facts.weights.is_none() => Ok(None),
            _ => Err("its bytes by class are not those of the model that it describes".to_owned()),
        };
    }
    if let Some(known) = known {
        // The bytes of a configuration are needed only if they differ from the rule of the format.
        let by_rule = model.params.zip(&known.bits, |params, bits| params * bits / 8.0);
        let away = by_rule.zip(&bytes, |rule, own| (rule - own).abs()).total();
        if facts.weights.is_some() || away > AS_BY_RULE * bytes.total() {
            model.exact_bytes = vec![(id, bytes)];
        }
        return Ok(None);
    }
    let own = own_format(catalog, model, facts, (&id, &bytes))?;
    model.exact_bytes = vec![(id, bytes)];
    Ok(Some(own))
}

/// The largest difference in bytes, as a share of all bytes, at which the classes still follow the rule of a format.
const AS_BY_RULE: f64 = 2e-3;

/// Returns a new format named after the file, which runs like the most similar format of the catalog.
fn own_format(
    catalog: &Catalog,
    model: &Model,
    facts: &Facts,
    (id, bytes): (&str, &PerClass),
) -> Result<Format, String> {
    let whole = bytes.total() * 8.0 / model.params.total();
    let main = facts.weights.as_ref().filter(|_| facts.container == Container::Gguf);
    let main = main.map_or(whole, |weights| weights.main_bits);
    let nearest = || {
        let gguf = catalog.formats.iter().filter(|format| format.container == Container::Gguf && !format.native_only);
        let away = |format: &&Format| (format.block_bits.value - main).abs();
        gguf.min_by(|a, b| away(a).total_cmp(&away(b))).ok_or("the catalog has no format of GGUF files".to_owned())
    };
    let alike = match (facts.container, &facts.format) {
        (Container::Gguf, _) => nearest()?,
        (_, Some(name)) => catalog.format(quantization::like(name)?).map_err(|error| error.to_string())?,
        (_, None) => return Err("the format of its weights is not known".to_owned()),
    };
    let bits = model.params.zip(bytes, |params, bytes| if params > 0.0 { bytes * 8.0 / params } else { whole });
    let block_bits =
        Fact { value: main, source: model.source.clone(), date: Some(model.date), ..alike.block_bits.clone() };
    let name = match facts.container {
        Container::Gguf => format!("GGUF {}", id.to_uppercase()),
        _ => facts.format.clone().unwrap_or_default(),
    };
    Ok(Format {
        id: id.to_owned(),
        name,
        aliases: Vec::new(),
        called: Vec::new(),
        container: alike.container,
        source: model.source.clone(),
        date: model.date,
        block_bits: Fact { basis: Basis::Derived, low: None, high: None, note: String::new(), ..block_bits },
        bits,
        kld: None,
        rule: format!("bits of one file; kernels as for {}", alike.id),
        ..alike.clone()
    })
}

fn text(model: &Model, format: Option<&Format>, source: &FileSource) -> Result<String, NoEntry> {
    let failed = |error: ron::Error| NoEntry(error.to_string());
    let source = indented(&to_string(source).map_err(failed)?);
    let model = indented(&to_string(model).map_err(failed)?);
    let format = format.map(to_string).transpose().map_err(failed)?;
    let formats = format.map_or_else(String::new, |format| format!("    formats: [\n{},\n    ],\n", indented(&format)));
    Ok(format!("Catalog(\n    sources: [\n{source},\n    ],\n{formats}    models: [\n{model},\n    ],\n)\n"))
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("        {line}")).collect::<Vec<_>>().join("\n")
}
