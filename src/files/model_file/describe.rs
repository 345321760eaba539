//! The facts of a model file from its headers and configuration, with notes on what is unknown or contradictory.

use std::path::Path;

use super::config::{self, Config};
use super::facts::{Facts, Kind, Sizes, Weights};
use super::gguf::{Header, Value};
use super::gguf_shape::{self, Metadata};
use super::shape::Shape;
use super::tensor::{Tensor, refuse_repeated};
use super::{ModelFileError, class, gguf_format, parts, quantization, sums};
use crate::model::facts::Container;
use crate::model::ron_file::visible;
use crate::model::units::{Amount, Unit};

/// Returns the model's name by its file: without extension and part number, or the directory's name for common file
/// names.
fn name_of(path: &Path) -> String {
    let stem = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let base = parts::numbered(&stem).map_or(stem.as_str(), |(base, _, _, _)| base);
    let base = ["gguf", "safetensors", "json", "index"]
        .iter()
        .fold(base, |base, ending| base.strip_suffix(&format!(".{ending}")).unwrap_or(base));
    let base = base.strip_suffix(".safetensors").unwrap_or(base);
    let parent = || {
        let parent = path.parent()?;
        // The Hugging Face cache has a directory per revision, named by its hash, in the directory of the repository.
        let is_cached = |path: &&Path| {
            path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(super::folder::REPOSITORY))
        };
        let repository = parent.parent().filter(|above| above.ends_with("snapshots")).and_then(Path::parent);
        let repository = repository.filter(is_cached);
        let name = repository.unwrap_or(parent).file_name()?.to_string_lossy().into_owned();
        Some(name.rsplit("--").next().unwrap_or_default().to_owned())
    };
    if matches!(base, "model" | "config" | "") { parent().unwrap_or_else(|| base.to_owned()) } else { base.to_owned() }
}

fn blank(kind: Kind, path: &Path) -> Facts {
    Facts {
        kind,
        name: visible(&name_of(path)),
        stem: name_of(path),
        path: path.to_owned(),
        date: None,
        architecture: None,
        format: None,
        container: if kind == Kind::Gguf { Container::Gguf } else { Container::Safetensors },
        format_fault: None,
        stored: None,
        layers: None,
        sizes: Sizes::default(),
        stated_bytes: None,
        params: None,
        extra_params: 0.0,
        shape: None,
        weights: None,
        notes: Vec::new(),
    }
}

fn weights(tensors: &[Tensor]) -> Weights {
    let (classes, extra) = sums::bytes(tensors);
    let types = sums::types(tensors);
    let main_bits = types.first().map_or(0.0, |(block, _)| block.bits as f64 / block.elements as f64);
    let of_unknown = tensors.iter().filter(|tensor| tensor.block.bits == 0);
    let (unknown, elements) =
        of_unknown.fold((0, 0), |(bytes, elements), tensor| (bytes + tensor.bytes, elements + tensor.elements));
    let main_bits = if main_bits > 0.0 { main_bits } else { unknown as f64 * 8.0 / elements.max(1) as f64 };
    let types = types.into_iter().map(|(block, bytes)| (block.name.to_owned(), bytes)).collect();
    Weights { classes, extra, types, main_bits, tensors: tensors.len() }
}

/// Returns the facts of a configuration that has no weight files.
pub fn config(path: &Path, config: &Config) -> Facts {
    let mut facts = blank(Kind::HfConfig, path);
    apply(&mut facts, config);
    if facts.format.is_none() && facts.format_fault.is_none() {
        facts.notes.push("the configuration does not say the type of its weights: BF16 is taken".to_owned());
        facts.format = Some("BF16".to_owned());
    }
    facts
}

/// Adds what the configuration says about the model to the facts.
fn apply(facts: &mut Facts, config: &Config) {
    facts.architecture = Some(visible(&config.architecture));
    facts.layers = config.layers;
    facts.sizes = config.sizes;
    match &config.shape {
        Ok(shape) => {
            facts.layers = Some(shape.layers);
            facts.params = Some(shape.params);
            facts.shape = Some(shape.clone());
        }
        Err(sentence) => facts.notes.push(visible(&format!("{sentence}: parameters and cache cannot be counted"))),
    }
    apply_format(facts, config);
    if !config.assumed.is_empty() {
        let sizes = config.assumed.join(", ");
        facts.notes.push(format!("not in the configuration, and taken from its class in transformers: {sizes}"));
    }
    if config.image_layers > 0.0 {
        facts.notes.push(format!(
            "{} layers attend to the tokens of an image: they are counted as read in every step, which is so while an \
             image is in the context; their cache is one of the image, and none per token",
            whole(config.image_layers)
        ));
    }
    if config.has_towers {
        facts.notes.push("a vision or audio tower is not counted among the parameters".to_owned());
    }
}

/// Adds the format that the configuration states to the facts, with the bytes that follow from it.
fn apply_format(facts: &mut Facts, config: &Config) {
    let own = config.own_type.as_ref().map_or(("16-bit", 16.0), |(name, bits)| (name.as_str(), *bits));
    let quantization = match &config.quantization {
        Err(sentence) => {
            facts.notes.push(visible(sentence));
            facts.format_fault = Some(visible(sentence));
            return;
        }
        Ok(None) => {
            facts.format = config.own_type.as_ref().map(|(name, _)| name.clone());
            let params = config.shape.as_ref().ok().map(|shape| shape.params);
            facts.stored = params.map(|params| params.zip(&params, |params, _| params * own.1 / 8.0));
            return;
        }
        Ok(Some(quantization)) => quantization,
    };
    facts.container = quantization.container;
    facts.format = Some(visible(&quantization.name));
    let Ok(shape) = &config.shape else { return };
    match quantization::bytes(quantization, shape, own) {
        Ok(bytes) => {
            if config.own_type.is_none() {
                let sentence =
                    "the configuration does not say the type of weights that are not quantized: 16 bits are taken";
                facts.notes.push(sentence.to_owned());
            }
            facts.format = Some(bytes.main.name.clone());
            facts.stored = Some(bytes.classes);
            facts.notes.push(bytes.sentence);
        }
        Err(sentence) => {
            facts.notes.push(sentence.clone());
            facts.format_fault = Some(sentence);
        }
    }
}

/// Returns the facts of a GGUF header.
///
/// # Errors
/// [`ModelFileError`] if the header names a tensor twice.
pub fn gguf(path: &Path, mut header: Header) -> Result<Facts, ModelFileError> {
    refuse_repeated(&path.to_string_lossy(), &header.tensors)?;
    let mut facts = blank(Kind::Gguf, path);
    if let Some(Value::Text(name)) =
        header.metadata.get("general.name").filter(|name| **name != Value::Text(String::new()))
    {
        facts.name = visible(name);
    }
    let metadata = Metadata::new(&header.metadata);
    let layers = metadata.as_ref().and_then(Metadata::layers);
    class::settle(&mut header.tensors, layers.map(|layers| layers as u32));
    let shared = metadata.as_ref().and_then(|metadata| metadata.number("attention.shared_kv_layers")).unwrap_or(0.0);
    if shared > 0.0 {
        class::move_unread_to_embedding(&mut header.tensors, layers.unwrap_or(0) as f64 - shared);
    }
    facts.weights = Some(weights(&header.tensors));
    facts.params = Some(sums::params(&header.tensors));
    facts.extra_params = sums::extra_params(&header.tensors);
    facts.layers = layers.map(|layers| layers as f64);
    let (format, doubt) = gguf_format::format(&header);
    facts.format = format;
    facts.notes.extend(doubt);
    if !header.unknown.is_empty() {
        let numbers: Vec<String> = header.unknown.iter().map(u32::to_string).collect();
        let sentence = format!(
            "tensors are of types that are not known, by their numbers {}: their bytes are those that they take in the file, and their \
             speed is not known",
            numbers.join(", ")
        );
        facts.notes.push(sentence.clone());
        facts.format_fault = Some(sentence);
        // The file's stated format does not describe tensors of unknown types.
        facts.format = None;
    }
    if let Some(Value::Text(kind)) =
        header.metadata.get("general.type").filter(|kind| **kind != Value::Text("model".to_owned()))
    {
        facts.notes.push(format!("its general.type is \"{}\": it belongs to a model and is none", visible(kind)));
    }
    let Some(metadata) = metadata else {
        facts.notes.push("the metadata has no general.architecture: layers and cache are not known".to_owned());
        return Ok(facts);
    };
    facts.architecture = Some(visible(metadata.architecture));
    facts.sizes = gguf_shape::sizes(&metadata, &header.tensors);
    match gguf_shape::shape(&metadata, &header.tensors) {
        Ok((shape, notes)) => {
            facts.shape = Some(shape);
            facts.notes.extend(notes);
        }
        Err(sentence) => facts.notes.push(visible(&format!("{sentence}: the cache cannot be counted"))),
    }
    Ok(facts)
}

/// Returns the facts of safetensors files and of the configuration beside them.
///
/// # Errors
/// [`ModelFileError`] if the files name a tensor twice or the configuration cannot be used.
pub fn safetensors(path: &Path, mut tensors: Vec<Tensor>) -> Result<Facts, ModelFileError> {
    refuse_repeated(&path.to_string_lossy(), &tensors)?;
    let mut facts = blank(Kind::Safetensors, path);
    let beside = path.with_file_name("config.json");
    let config = if beside.is_file() { Some(config::read(&beside)?) } else { None };
    if let Some(config) = &config {
        apply(&mut facts, config);
    }
    class::settle(&mut tensors, facts.layers.map(|layers| layers as u32));
    let shared = config.as_ref().map_or(0.0, |config| config.shared_layers);
    if shared > 0.0 {
        class::move_unread_to_embedding(&mut tensors, facts.layers.unwrap_or(0.0) - shared);
    }
    if facts.params.is_none() && tensors.iter().all(|tensor| !tensor.role.is_param || holds_params(tensor)) {
        facts.params = Some(sums::params(&tensors));
    }
    facts.layers = facts.layers.or_else(|| {
        let last = tensors.iter().filter_map(|tensor| tensor.role.layer).max()?;
        Some(f64::from(last) + 1.0)
    });
    facts.extra_params = sums::extra_params(&tensors);
    facts.weights = Some(weights(&tensors));
    settle_format(&mut facts, config.as_ref(), &tensors);
    if config.is_none() {
        facts.notes.push("no config.json is beside it: architecture, experts and cache are not known".to_owned());
    }
    check_counts(&mut facts, &tensors);
    Ok(facts)
}

/// Returns true if each element of the tensor is one parameter, which holds for all floating-point types.
fn holds_params(tensor: &Tensor) -> bool {
    matches!(tensor.block.name, "F16" | "BF16" | "F32" | "F64" | "F8_E4M3" | "F8_E5M2")
}

fn plain_format(tensors: &[Tensor]) -> Option<String> {
    let name = sums::types(tensors).first()?.0.name;
    Some(if name.starts_with("F8_E") { "FP8".to_owned() } else { name.to_owned() })
}

/// Compares the format that a configuration names with the types of the tensors.
fn settle_format(facts: &mut Facts, config: Option<&Config>, tensors: &[Tensor]) {
    let Some(stored) = plain_format(tensors) else { return };
    let quantized = config.is_some_and(|config| !matches!(config.quantization, Ok(None)));
    if quantized || facts.format_fault.is_some() {
        let weights = facts.weights.as_ref().map(|weights| weights.classes.total());
        if let (Some(there), Some(expected)) = (weights, facts.stored.map(|stored| stored.total()))
            && (there - expected).abs() > 0.03 * expected
        {
            facts.notes.push(format!(
                "the tensors take {} bytes and the quantization of config.json leads to {}: the tensors count",
                whole(there),
                whole(expected)
            ));
        }
        return;
    }
    match (&facts.format, stored.as_str()) {
        (_, "U32" | "I32" | "U8" | "I8" | "I64" | "F4") => {
            let sentence = format!(
                "most of its tensors are packed numbers ({stored}), and no configuration beside them says by which quantization"
            );
            facts.notes.push(sentence.clone());
            facts.format_fault = Some(sentence);
        }
        (Some(named), stored) if named != stored && !(is_sixteen(named) && is_sixteen(stored)) => {
            facts
                .notes
                .push(format!("config.json names {named} and most of the tensors are {stored}: the tensors count"));
            facts.format = Some(stored.to_owned());
        }
        (Some(_), _) => {}
        (None, _) => facts.format = Some(stored),
    }
}

fn is_sixteen(name: &str) -> bool {
    matches!(name, "BF16" | "F16")
}

/// The largest relative difference in parameters between tensors and configuration at which both describe the same
/// model.
const SAME_BUILD: f64 = 0.15;

/// Adds a note if the tensors hold another number of parameters than the configuration leads to.
fn check_counts(facts: &mut Facts, tensors: &[Tensor]) {
    let Some(shape) = &facts.shape else { return };
    if !tensors.iter().all(|tensor| !tensor.role.is_param || holds_params(tensor)) {
        return;
    }
    let (there, expected) = (sums::params(tensors), shape.params);
    let away = (there.total() - expected.total()).abs() / expected.total().max(1.0);
    if away <= 1e-3 {
        return;
    }
    let sentence = format!(
        "the tensors hold {} parameters of the text model and config.json leads to {}: the tensors are counted",
        whole(there.total()),
        whole(expected.total())
    );
    facts.params = Some(there);
    if away <= SAME_BUILD {
        // Some checkpoints contain unused tensors, such as keys and values of layers that use those of another layer.
        facts.notes.push(format!("{sentence}, and the cache is the configuration's"));
        facts.shape = facts.shape.take().map(|shape| Shape { params: there, ..shape });
    } else {
        facts.notes.push(sentence);
        facts.shape = None;
    }
}

fn whole(count: f64) -> Amount {
    Amount::exact(count, Unit::Count)
}
