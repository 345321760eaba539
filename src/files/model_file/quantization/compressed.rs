//! Quantization blocks that state their number formats in full: compressed-tensors, Quark, torchao.

use serde_json::Value;

use super::read::{number, uniform, unknown};
use super::table::{self, Stored};
use super::{Quantization, Storage};
use crate::files::model_file::config::fields::{Fields, Read};

/// Reads groups of modules with their number formats, as compressed-tensors and Model Optimizer write them.
pub(super) fn read(block: Fields<'_>) -> Read<Quantization> {
    let format = block.text("format").unwrap_or_default();
    let sparse = block.object("sparsity_config").and_then(|sparse| sparse.text("format"));
    let sparse = sparse.filter(|format| *format != "dense").or(Some(format).filter(|format| format.contains("24")));
    if let Some(sparse) = sparse {
        return Err(format!("sparse weights, as \"{sparse}\" stores them, are not known"));
    }
    let groups = block.object("config_groups").ok_or("the quantization names no groups of modules")?;
    let mut found: Option<Quantization> = None;
    let mut rules = Vec::new();
    for group in groups.all().values() {
        let group = group.as_object().map(Fields::new).ok_or("a group of the quantization is no object")?;
        let Some(weights) = group.object("weights") else { continue };
        let stored = group_of(weights, group.text("format").unwrap_or(format))?;
        let quantization = found.get_or_insert_with(|| Quantization {
            linear: Storage::Unquantized,
            ..Quantization::uniform(crate::model::facts::Container::Safetensors, stored.clone())
        });
        for target in group.texts("targets").unwrap_or_else(|| vec!["Linear"]) {
            match target {
                "Linear" => quantization.linear = Storage::Quantized(stored.clone()),
                "Embedding" => quantization.embedding = Storage::Quantized(stored.clone()),
                target => rules.push((target.to_owned(), stored.clone())),
            }
        }
    }
    let mut found = found.ok_or("no group of the quantization says how weights are stored")?;
    for (target, stored) in rules {
        found.rule(&target, false, Storage::Quantized(stored))?;
    }
    Ok(found)
}

fn group_of(weights: Fields<'_>, format: &str) -> Read<Stored> {
    let bits = number(weights, &["num_bits"])?.ok_or("a group of the quantization does not say its bits")?;
    let kind = weights.text("type").unwrap_or("int");
    let group = number(weights, &["group_size"])?;
    let strategy = weights.text("strategy").unwrap_or(if group.is_some() { "group" } else { "channel" });
    let microscaled =
        weights.text("scale_dtype").is_some_and(|kind| kind.contains("uint8")) || format.starts_with("mx");
    let found = match (kind, bits) {
        ("float", 4.0) if format.starts_with("mxfp4-") || group == Some(32.0) => table::form("MXFP4"),
        ("float", 4.0) => table::form("NVFP4"),
        ("float", 6.0) => table::form("MXFP6"),
        ("float", 8.0) if microscaled && group == Some(32.0) => table::form("MXFP8"),
        ("float", 8.0) => table::form(if strategy == "block" { "FP8 block" } else { "FP8" }),
        ("int", bits) => {
            let group = if strategy == "group" { group } else { Some(0.0) };
            let symmetric = weights.flag("symmetric", true)?;
            table::integers("compressed-tensors", bits, group, symmetric)
        }
        _ => None,
    };
    found.ok_or_else(|| unknown(&format!("{kind} of {bits} bits")))
}

/// Reads AMD's Quark: one description for all layers, and others for modules by name.
pub(super) fn quark(block: Fields<'_>) -> Read<Quantization> {
    let described = |own: Fields<'_>| -> Read<Option<Stored>> {
        let Some(weights) = own.value("weight") else { return Ok(None) };
        // Two levels of scaling are written as a list; the first describes the weights.
        let first = weights.as_array().and_then(|list| list.first()).unwrap_or(weights);
        let Some(weights) = first.as_object().map(Fields::new) else { return Ok(None) };
        let dtype = weights.text("dtype").unwrap_or_default();
        let group = number(weights, &["group_size"])?;
        let blocks = weights.text("qscheme") == Some("per_group");
        let found = match dtype {
            "fp8_e4m3" | "fp8_e5m2" if blocks && group == Some(32.0) => table::form("MXFP8"),
            "fp4" if group == Some(16.0) => table::form("NVFP4"),
            "int4" | "uint4" => {
                let group = if blocks { group } else { Some(0.0) };
                table::integers("compressed-tensors", 4.0, group, dtype == "int4")
            }
            other => table::form_named(other),
        };
        found.map(Some).ok_or_else(|| unknown(&format!("quark {dtype}")))
    };
    let whole = block.object("global_quant_config");
    let main =
        whole.map_or(Ok(None), described)?.ok_or("the quantization \"quark\" does not say its type of numbers")?;
    let mut found = uniform(Some(main), "quark")?;
    for (name, own) in block.object("layer_quant_config").map(Fields::all).into_iter().flatten() {
        let Some(own) = own.as_object().map(Fields::new) else { continue };
        let storage = described(own)?.map_or(Storage::Unquantized, Storage::Quantized);
        found.rule(name, false, storage)?;
    }
    Ok(found)
}

/// Reads `PyTorch`'s torchao: one class of settings for all linear layers, or one per module.
pub(super) fn torchao(block: Fields<'_>) -> Read<Quantization> {
    let kind = block.value("quant_type").ok_or("the quantization \"torchao\" does not say its type")?;
    let default = kind.as_object().map_or(kind, |kinds| kinds.get("default").unwrap_or(kind));
    let Some(modules) = default.pointer("/_data/module_fqn_to_config").and_then(Value::as_object) else {
        return uniform(Some(torchao_of(default)?), "torchao");
    };
    let main = modules.get("_default").filter(|value| !value.is_null());
    let any = modules.values().find(|value| !value.is_null());
    let first = torchao_of(main.or(any).ok_or("the quantization \"torchao\" quantizes no module")?)?;
    let mut found = uniform(Some(first), "torchao")?;
    if main.is_none() {
        found.linear = Storage::Unquantized;
    }
    for (name, own) in modules.iter().filter(|(name, _)| *name != "_default") {
        let storage = if own.is_null() { Storage::Unquantized } else { Storage::Quantized(torchao_of(own)?) };
        if name.ends_with("embed_tokens") {
            found.embedding = storage.clone();
        }
        found.rule(name, false, storage)?;
    }
    Ok(found)
}

fn torchao_of(kind: &Value) -> Read<Stored> {
    let name =
        kind.as_str().or_else(|| kind.get("_type")?.as_str()).unwrap_or_default().to_lowercase().replace('_', "");
    let data = kind.get("_data").and_then(Value::as_object).map(Fields::new);
    let group = data.map_or(Ok(None), |data| number(data, &["group_size"]))?;
    let dtype = data.and_then(|data| data.object("weight_dtype")?.text("_data")).unwrap_or_default();
    let found = match name.as_str() {
        name if name.contains("int4weight") || name.contains("int8dynamicactivationint4") => {
            table::integers("torchao", 4.0, group, false)
        }
        name if name.contains("intxweight") || name.contains("intxdynamic") => {
            let bits = dtype.strip_prefix("int").and_then(|bits| bits.parse().ok());
            bits.and_then(|bits| table::integers("torchao", bits, group, false))
        }
        name if name.contains("int8weight") || name.contains("int8dynamicactivationint8") => table::form("INT8"),
        name if name.contains("float8") => table::form("FP8"),
        name if name.contains("mxdynamic") && dtype.contains("float4") => table::form("MXFP4"),
        name => table::form_within(name),
    };
    found.ok_or_else(|| unknown(&format!("torchao {name}")))
}
