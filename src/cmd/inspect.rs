//! `whichbox inspect`: the facts of a model file and the catalog entry that it gives, or a list of the models on this
//! computer.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};

use super::output::{Output, Stdout, Table, write};
use super::{DONE, Failure};
use crate::cmd::exporters::{bytes, number};
use crate::files::model_file::{self, Entry, Facts, Listing, Place, Places};
use crate::model::catalog::Catalog;
use crate::model::facts::PerClass;
use crate::model::ron_file::visible;
use crate::model::units::{Amount, Unit};

/// Arguments of `inspect`.
#[derive(Args, Clone, Debug)]
pub struct InspectArgs {
    /// A GGUF, safetensors or config.json file, or a directory with one; with --list a directory to look through
    #[arg(required_unless_present = "list")]
    file: Option<PathBuf>,
    /// Lists the models in the usual places: Hugging Face's cache, Ollama, LM Studio
    #[arg(long)]
    list: bool,
    /// The form of the answer
    #[arg(long, value_enum, default_value_t)]
    output: Output,
}

/// Runs the command.
pub(super) fn run(catalog: &Catalog, args: &InspectArgs, out: &mut Stdout) -> Result<u8, Failure> {
    if args.list {
        return list(args, out);
    }
    let path = args.file.as_deref().unwrap_or(Path::new("."));
    let mut facts = model_file::inspect(path).map_err(Failure::input)?;
    model_file::complete(&mut facts, catalog);
    let entry = model_file::entry(&facts, catalog);
    let mut notes = facts.notes.clone();
    if let Err(none) = &entry {
        notes.push(none.to_string());
    }
    let entry = entry.ok();
    let format = facts.format_id(catalog);
    let json = record(&facts, format.as_deref(), entry.as_ref(), &notes);
    write(out, args.output, &json, &table(&facts, format, entry.as_ref(), &notes))?;
    Ok(DONE)
}

/// Returns the machine-readable answer.
fn record(facts: &Facts, format: Option<&str>, entry: Option<&Entry>, notes: &[String]) -> Value {
    let shape = facts.shape.as_ref();
    let experts = shape.and_then(model_file::Shape::experts);
    let state = shape.and_then(model_file::Shape::recurrent);
    json!({
        "kind": facts.kind.word(),
        "name": facts.name,
        "architecture": facts.architecture,
        "format": format,
        "params_total": number(facts.params.map(|params| params.total())),
        "params_active": number(shape.map(model_file::Shape::active_params)),
        "params_extra": number(facts.extra_params),
        "tensor_bytes": bytes(facts.tensor_bytes()),
        "bits_per_weight": number(facts.bits_per_weight()),
        "layers": number(facts.layers),
        "kv_elems_per_token": number(shape.map(model_file::Shape::kv_elems)),
        "kv": shape.map(|shape| json!({
            "full_elems": number(shape.kv.full_elems), "full_layers": number(shape.kv.full_layers),
            "window_elems": number(shape.kv.window_elems), "window_layers": number(shape.kv.window_layers),
            "window": number(shape.kv.window),
        })),
        "state": state.map(|state| json!({
            "layers": number(state.layers), "state_elems": number(state.state_elems),
            "conv_elems": number(state.conv_elems),
        })),
        "experts": number(experts.map(|moe| moe.experts)),
        "experts_per_token": number(experts.map(|moe| moe.per_token)),
        "context_max": number(shape.and_then(|shape| shape.max_context)),
        "params": facts.params.map(|params| classes(&params)),
        "classes": facts.weights.as_ref().map(|weights| {
            let mut classes = classes(&weights.classes);
            classes["other"] = bytes(weights.extra);
            classes
        }),
        "types": facts.weights.as_ref().map(|weights| {
            weights.types.iter().map(|(name, size)| (name.clone(), bytes(*size))).collect::<serde_json::Map<_, _>>()
        }),
        "notes": notes,
        "catalog_entry": entry.map(|entry| &entry.text),
    })
}

/// The names of the classes of tensors, in the order of [`PerClass::values`].
const CLASSES: [&str; 9] = [
    "attention",
    "linear_attention",
    "dense_ffn",
    "shared_experts",
    "experts",
    "router",
    "norm",
    "output",
    "embedding",
];

fn classes(sums: &PerClass) -> Value {
    CLASSES.iter().zip(sums.values()).map(|(name, value)| ((*name).to_owned(), bytes(value))).collect()
}

fn table(facts: &Facts, format: Option<String>, entry: Option<&Entry>, notes: &[String]) -> Table {
    let mut table = Table::of(["what", "value"]);
    let mut row = |what: &str, value: Option<String>| {
        table.push([what.to_owned(), value.unwrap_or_else(|| "not known".to_owned())]);
    };
    let show = |value: Option<f64>, unit: Unit| value.map(|value| Amount::exact(value, unit).to_string());
    let shape = facts.shape.as_ref();
    row("kind", Some(facts.kind.word().to_owned()));
    row("name", Some(facts.name.clone()));
    row("architecture", facts.architecture.clone());
    row("format", format);
    row("parameters", show(facts.params.map(|params| params.total()), Unit::Count));
    row("active per token", show(shape.map(model_file::Shape::active_params), Unit::Count));
    row("bytes of tensors", show(facts.tensor_bytes(), Unit::Count));
    row("bits per weight", show(facts.bits_per_weight(), Unit::Count));
    row("layers", show(facts.layers, Unit::Count));
    row("cache elements per token", show(shape.map(model_file::Shape::kv_elems), Unit::Count));
    if let Some(shape) = shape.filter(|shape| shape.kv.window_layers > 0.0) {
        row("  of them within a window", show(Some(shape.kv.window_elems), Unit::Count));
        row("  the window, tokens", show(Some(shape.kv.window), Unit::Count));
    }
    if let Some(state) = shape.and_then(model_file::Shape::recurrent) {
        row("state elements", show(Some(state.state_elems + state.conv_elems), Unit::Count));
    }
    if let Some(moe) = shape.and_then(model_file::Shape::experts) {
        row("experts", show(Some(moe.experts), Unit::Count));
        row("experts per token", show(Some(moe.per_token), Unit::Count));
    }
    row("longest context", show(shape.and_then(|shape| shape.max_context), Unit::Count));
    if let Some(weights) = &facts.weights {
        let of_class = CLASSES.iter().copied().zip(weights.classes.values()).chain([("other", weights.extra)]);
        for (name, size) in of_class.filter(|(_, size)| *size > 0.0) {
            row(&format!("bytes of {}", name.replace('_', " ")), show(Some(size), Unit::Count));
        }
    }
    table.notes.extend(notes.iter().cloned());
    if let Some(entry) = entry {
        table.notes.push("As an entry of your catalog, in a file of ~/.config/whichbox/catalog/:".to_owned());
        table.notes.push(entry.text.trim_end().to_owned());
    }
    table
}

fn list(args: &InspectArgs, out: &mut Stdout) -> Result<u8, Failure> {
    let places = match &args.file {
        Some(directory) if !directory.is_dir() => {
            let name = visible(&directory.to_string_lossy());
            return Err(Failure::input(format!("{name}: there is no such directory")));
        }
        Some(directory) => vec![Place { kind: Places::Folder, path: directory.clone() }],
        None => usual_places(),
    };
    let (models, cut) = model_file::list(&places);
    let json: Vec<Value> = models.iter().map(listed).collect();
    let mut table = Table::of(["model", "bytes", "path"]);
    for model in &models {
        let size = Amount::exact(model.bytes as f64, Unit::Count).to_string();
        table.push([model.name.clone(), size, visible(&model.path.to_string_lossy())]);
    }
    if models.is_empty() {
        table.notes.push("no models were found; `whichbox inspect --list DIR` looks in a directory".to_owned());
    }
    if cut {
        table.notes.push("there are more than are listed".to_owned());
    }
    write(out, args.output, &Value::Array(json), &table)?;
    Ok(DONE)
}

fn listed(model: &Listing) -> Value {
    json!({"name": model.name, "path": model.path.to_string_lossy(), "bytes": model.bytes})
}

/// Returns the directories in which programs store models, by their environment variables or defaults.
pub(super) fn usual_places() -> Vec<Place> {
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let home = variable("HOME");
    let at_home = |path: &str| home.as_ref().map(|home| home.join(path));
    let hub = variable("HF_HUB_CACHE").or_else(|| variable("HF_HOME").map(|home| home.join("hub")));
    let hub = hub.or_else(|| at_home(".cache/huggingface/hub"));
    let ollama = variable("OLLAMA_MODELS").or_else(|| at_home(".ollama/models"));
    let studio = [at_home(".lmstudio/models"), at_home(".cache/lm-studio/models")];
    let place = |kind: Places| move |path: PathBuf| Place { kind, path };
    let mut places: Vec<Place> = hub.map(place(Places::HuggingFace)).into_iter().collect();
    places.extend(ollama.map(place(Places::Ollama)));
    places.extend(studio.into_iter().flatten().map(place(Places::Folder)));
    places
}
