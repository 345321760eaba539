//! Reading a Hugging Face `config.json`: the architecture, and the model's shape to the last parameter.
//!
//! Each family has a rule for the matrices that its published implementation builds from these fields. A family without
//! a rule, or a field whose value would be a guess, is refused with a sentence.

mod bailing;
mod classic;
mod deepseek4;
mod defaults;
mod family;
pub(super) mod fields;
mod hybrid;
mod layout;
mod listed;
mod mamba;
mod nemotron;
mod part_names;
mod stack;
mod windowed;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Map, Value};

use self::fields::{Fields, Read};
use super::architectures::changes_the_build;
use super::facts::Sizes;
use super::quantization::{self, Quantization};
use super::{ModelFileError, Shape, json, source};

/// The largest configuration that is read, bytes; some state the quantization of every layer.
const LARGEST: u64 = 1 << 24;

/// The content of a configuration.
#[derive(Clone, Debug)]
pub struct Config {
    /// Architecture by its `model_type`.
    pub architecture: String,
    /// Type of the weights that are not quantized, with its bits; `None` if the configuration does not state it.
    pub own_type: Option<(String, f64)>,
    /// Quantization of the weights, if any, or the reason why it is not known.
    pub quantization: Result<Option<Quantization>, String>,
    /// Shape of the model, or the reason why it is not known.
    pub shape: Result<Shape, String>,
    /// Number of layers, if the field is there; it may be known when the shape is not.
    pub layers: Option<f64>,
    /// Number of layers at the end that use the keys and values of an earlier layer.
    pub shared_layers: f64,
    /// Sizes that every configuration states.
    pub sizes: Sizes,
    /// Number of layers that attend to the tokens of an image only.
    pub image_layers: f64,
    /// True if the model has a vision or audio tower.
    pub has_towers: bool,
    /// Sizes that are missing in the configuration and were taken from its class in the transformers library.
    pub assumed: Vec<String>,
}

impl Config {
    /// Returns the name of the format of most weights, as far as it is known without the matrices.
    #[must_use]
    pub fn format(&self) -> Option<String> {
        match &self.quantization {
            Ok(Some(quantization)) => Some(quantization.name.clone()),
            Ok(None) => self.own_type.as_ref().map(|(name, _)| name.clone()),
            Err(_) => None,
        }
    }
}

/// Reads the configuration at `path`.
///
/// # Errors
/// [`ModelFileError`] if it cannot be read or is no configuration of a model.
pub fn read(path: &Path) -> Result<Config, ModelFileError> {
    let text = source::text(path, LARGEST)?;
    let mut config = parse(&path.to_string_lossy(), &text)?;
    // NVIDIA's tool writes the quantization into a separate file.
    let beside = path.with_file_name("hf_quant_config.json");
    if beside.is_file() {
        let text = source::text(&beside, LARGEST)?;
        let name = beside.to_string_lossy();
        let json = json::parse(&name, &text)?;
        if let Some(map) = json.as_object() {
            match quantization::read_nvidia(Fields::new(map)) {
                Ok(None) => {}
                own => config.quantization = own,
            }
        }
    }
    Ok(config)
}

/// Parses the configuration in `text`; errors call it `name`.
///
/// # Errors
/// [`ModelFileError`] if it is no JSON object or names no architecture.
pub fn parse(name: &str, text: &str) -> Result<Config, ModelFileError> {
    let json = json::parse(name, text)?;
    let Some(map) = json.as_object() else {
        return Err(ModelFileError::at(name, 0, "a configuration is a JSON object, which begins with {"));
    };
    of_map(map).map_err(|sentence| ModelFileError::whole(name, sentence))
}

fn of_map(map: &Map<String, Value>) -> Read<Config> {
    let top = Fields::new(map);
    let outer = top.text("model_type");
    let outermost = top.object("thinker_config").unwrap_or(top);
    let names = ["text_config", "llm_config", "language_config"];
    let text = names.iter().find_map(|name| outermost.object(name)).unwrap_or(outermost);
    let Some(inner) = text.text("model_type").or(outer) else {
        return Err("it has no field `model_type`, so it is no configuration of a model".to_owned());
    };
    // Some multi-modal models give their text part no `model_type`, or that of the whole model.
    let aliases = alias(inner);
    let towers = ["vision_config", "audio_config", "vision_tower", "img_processor", "embd_layer"];
    let mut assumed = Vec::new();
    let shape = build(aliases, text, &mut assumed).and_then(|shape| tied_by_top(shape, top, text));
    Ok(Config {
        architecture: inner.to_owned(),
        own_type: own_type(top, text),
        quantization: quantization::read(top, text).and_then(|found| match (found, dtype(top, text)) {
            (None, Some(name)) if own_type(top, text).is_none() => {
                Err(format!("the type of the weights, \"{name}\", is not known"))
            }
            (found, _) => Ok(found),
        }),
        shape,
        layers: text.layers().ok().map(|layers| layers as f64),
        shared_layers: text.or("num_kv_shared_layers", 0.0).unwrap_or(0.0),
        sizes: Sizes {
            layers: text.layers().unwrap_or(0) as f64,
            hidden: text.any(&["hidden_size", "d_model", "n_embd"]).unwrap_or(0.0),
            vocab: text.any(&["vocab_size"]).unwrap_or(0.0),
            experts: text.any(&["num_experts", "n_routed_experts", "num_local_experts"]).unwrap_or(0.0),
        },
        image_layers: text.numbers("cross_attention_layers").map_or(0.0, |places| places.len() as f64),
        has_towers: towers.iter().any(|name| top.value(name).is_some()),
        assumed,
    })
}

/// Returns the library's name of the type of the weights that are not quantized.
fn dtype<'a>(top: Fields<'a>, text: Fields<'a>) -> Option<&'a str> {
    ["dtype", "torch_dtype"].iter().find_map(|name| text.text(name).or_else(|| top.text(name)))
}

/// Returns the type of the weights that are not quantized, by its name in the catalog's formats, and its bits.
fn own_type(top: Fields<'_>, text: Fields<'_>) -> Option<(String, f64)> {
    let (name, bits) = match dtype(top, text)?.trim_start_matches("torch.") {
        "bfloat16" => ("BF16", 16.0),
        "float16" | "half" => ("F16", 16.0),
        "float32" | "float" => ("F32", 32.0),
        "float8_e4m3fn" | "float8_e5m2" => ("FP8", 8.0),
        _ => return None,
    };
    Some((name.to_owned(), bits))
}

/// Returns the `model_type` under which the rule for the text part of a model is known.
fn alias(model_type: &str) -> &str {
    match model_type {
        "gemma3" => "gemma3_text",
        "gemma4" | "gemma4_unified" => "gemma4_text",
        "llama4" => "llama4_text",
        "qwen3_5" => "qwen3_5_text",
        "qwen3_5_moe" => "qwen3_5_moe_text",
        "qwen2_5_vl" | "qwen2_vl" => "qwen2_5_vl_text",
        "mistral3" => "mistral",
        "minimax_m1" | "minimax_text_01" => "minimax",
        "glm4v" => "glm4v_text",
        "mllama" => "mllama_text_model",
        "apertus1p5" => "apertus1p5_text",
        other => other,
    }
}

fn build(model_type: &str, fields: Fields<'_>, assumed: &mut Vec<String>) -> Read<Shape> {
    let whole = defaults::with(model_type, fields);
    let read = RefCell::new(BTreeSet::new());
    let shape = build_of(model_type, Fields::noting(&whole, &read))?;
    let read = read.borrow();
    *assumed = defaults::assumed(fields.all(), &whole, &read);
    let unread = |(name, value): &(&String, &Value)| !read.contains(*name) && changes_the_build(name, value);
    match whole.iter().find(unread) {
        Some((name, _)) => Err(format!(
            "the field `{name}` changes the build of the architecture \"{model_type}\" in a way that is not known"
        )),
        None => Ok(shape),
    }
}

fn build_of(model_type: &str, fields: Fields<'_>) -> Read<Shape> {
    let own = hybrid::build(model_type, fields).or_else(|| windowed::build(model_type, fields));
    let own = own.or_else(|| deepseek4::build(model_type, fields)).or_else(|| listed::build(model_type, fields));
    let own = own.or_else(|| bailing::build(model_type, fields));
    if let Some(shape) = own.or_else(|| classic::build(model_type, fields)) {
        return shape;
    }
    match family::find(model_type) {
        Some(family) => stack::build(family, fields),
        None => Err(format!("the architecture \"{model_type}\" is not known")),
    }
}

/// Applies the outer `tie_word_embeddings` of a multi-modal model.
///
/// An error if the text part states the opposite: which of the two counts depends on the library's version.
fn tied_by_top(mut shape: Shape, top: Fields<'_>, text: Fields<'_>) -> Read<Shape> {
    if top.value("tie_word_embeddings").is_none() {
        return Ok(shape);
    }
    let tied = top.flag("tie_word_embeddings", shape.tied)?;
    if text.value("tie_word_embeddings").is_none() {
        shape.set_tied(tied);
    } else if tied != text.flag("tie_word_embeddings", tied)? {
        return Err("the field `tie_word_embeddings` says one thing of the whole and another of its text".to_owned());
    }
    Ok(shape)
}
