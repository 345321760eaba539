//! Reading the quantization block of a `config.json` as rules.

use serde_json::Value;

use super::table::{self, Stored};
use super::{Quantization, Storage, compressed};
use crate::files::model_file::config::fields::{Fields, Read};
use crate::model::facts::Container;

/// Fields in which quantization tools list the modules that are not quantized.
const LEFT_OUT: &[&str] = &[
    "ignore",
    "exclude",
    "exclude_modules",
    "modules_to_not_convert",
    "ignored_layers",
    "llm_int8_skip_modules",
    "skip_modules",
    "modules_to_not_quantize",
];

/// Returns the quantization that a configuration states; `None` if it states none.
///
/// # Errors
/// A sentence if the method or one of its settings is not known.
pub fn read(top: Fields<'_>, text: Fields<'_>) -> Read<Option<Quantization>> {
    let names = ["quantization_config", "compression_config", "quantization"];
    let is_no_block =
        |name: &&&str| [top, text].iter().any(|fields| fields.value(name).is_some_and(|own| !own.is_object()));
    if let Some(name) = names.iter().find(is_no_block) {
        return Err(format!("the field `{name}` is no object, so how the weights are stored is not known"));
    }
    let blocks: Vec<(&str, Fields<'_>)> =
        names.iter().filter_map(|name| Some((*name, top.object(name).or_else(|| text.object(name))?))).collect();
    // MLX writes its block under two names, both without a method.
    let named = |(_, block): &&(&str, Fields<'_>)| block.text("quant_method").is_some() || algorithm(*block).is_some();
    let Some((taken, block)) = blocks.iter().find(named).or(blocks.first()) else { return Ok(None) };
    let mut quantization = of_block(*block)?;
    let differs = |(_, other): &&(&str, Fields<'_>)| {
        other.all() != block.all()
            && of_block(*other)
                .is_ok_and(|other| (&other.name, &other.linear) != (&quantization.name, &quantization.linear))
    };
    if let Some((other, _)) = blocks.iter().find(differs) {
        return Err(format!(
            "the fields `{taken}` and `{other}` say two different things of how the weights are stored"
        ));
    }
    leave_out(&mut quantization, *block)?;
    // DeepSeek's configurations state the type of the experts in a field of its own.
    let experts = [*block, text, top].into_iter().find_map(|own| own.text("expert_dtype"));
    if let Some(name) = experts.filter(|_| quantization.rules.is_empty()) {
        quantization.experts = Some(Storage::Quantized(table::form_named(name).ok_or_else(|| unknown(name))?));
    }
    Ok(Some(quantization))
}

/// Returns the quantization in `hf_quant_config.json`, which NVIDIA's tool writes beside the configuration.
///
/// # Errors
/// A sentence if the algorithm is not known.
pub fn read_nvidia(file: Fields<'_>) -> Read<Option<Quantization>> {
    let Some(block) = file.object("quantization") else { return Ok(None) };
    if block.text("quant_algo").is_none() {
        return Ok(None);
    }
    let mut quantization = modelopt(block)?;
    leave_out(&mut quantization, block)?;
    Ok(Some(quantization))
}

fn algorithm(block: Fields<'_>) -> Option<&str> {
    block.text("quant_algo").or_else(|| block.object("quantization")?.text("quant_algo"))
}

fn of_block(block: Fields<'_>) -> Read<Quantization> {
    let method = block.text("quant_method").map(str::to_lowercase);
    let fixed = |name: &str| uniform(table::form(name), name);
    match method.as_deref() {
        None if algorithm(block).is_some() => modelopt(block.object("quantization").unwrap_or(block)),
        None if block.value("config_groups").is_some() => compressed::read(block),
        None if block.value("bits").is_some() || block.text("mode").is_some() => mlx(block),
        None => Err("the quantization names no method".to_owned()),
        Some(name) if name.starts_with("modelopt") => match algorithm(block) {
            Some(_) => {
                modelopt(block.object("quantization").filter(|_| block.text("quant_algo").is_none()).unwrap_or(block))
            }
            None if block.value("config_groups").is_some() => compressed::read(block),
            None => Err("the quantization \"modelopt\" names no algorithm".to_owned()),
        },
        Some("compressed-tensors") => compressed::read(block),
        Some(name) if block.value("weight_block_size").is_some() && table::form_named(name).is_some() => {
            fixed("FP8 block")
        }
        Some("fp_quant") => match block.text("forward_dtype") {
            Some(kind) => uniform(table::form_named(kind), kind),
            None => fixed("MXFP4"),
        },
        Some(name) if table::form_named(name).is_some() => uniform(table::form_named(name), name).map(|found| {
            // gpt-oss quantizes only its experts; a model without experts quantizes its linear layers.
            Quantization { experts_alone: table::is_of_experts(name), ..found }
        }),
        Some("bitsandbytes" | "bnb") => bitsandbytes(block),
        Some("torchao") => compressed::torchao(block),
        Some("quark") => compressed::quark(block),
        Some("quanto") => quanto(block),
        Some(name) if name.eq_ignore_ascii_case("MLX") => mlx(block),
        Some(name) if table::has_integers(name) => integers(name, block),
        Some(name) => Err(unknown(name)),
    }
}

/// Returns the sentence for a method that is not in the table.
pub(super) fn unknown(name: &str) -> String {
    format!("the quantization \"{name}\" is not known; {} are", table::known())
}

/// Returns a quantization with one form for all linear layers; an error if the form is not known.
pub(super) fn uniform(stored: Option<Stored>, name: &str) -> Read<Quantization> {
    stored.map(|stored| Quantization::uniform(Container::Safetensors, stored)).ok_or_else(|| unknown(name))
}

/// Returns a width or a group size; 0 for a negative number, which tools write for a group of a whole channel.
pub(super) fn number(block: Fields<'_>, names: &[&str]) -> Read<Option<f64>> {
    let Some((name, value)) = names.iter().find_map(|name| Some((*name, block.value(name)?))) else { return Ok(None) };
    match value.as_f64() {
        Some(number) if number < 0.0 => Ok(Some(0.0)),
        Some(number) if number <= 1e6 => Ok(Some(number)),
        _ => Err(format!("the field `{name}` of the quantization is no number")),
    }
}

fn integers(method: &str, block: Fields<'_>) -> Read<Quantization> {
    let settings = block.object("quant_config").and_then(|inner| inner.object("weight_quant_params")).unwrap_or(block);
    let bits = number(settings, &["bits", "w_bit", "nbits", "weight_bits"])?;
    let bits = bits.ok_or_else(|| format!("the quantization \"{method}\" does not say its bits"))?;
    let group = number(settings, &["group_size", "q_group_size"])?;
    let stored = |bits: f64, group: Option<f64>| {
        table::integers(method, bits, group, false)
            .ok_or_else(|| format!("{bits} bits of the quantization \"{method}\" are not known"))
    };
    let main = stored(bits, group)?;
    let mut found = uniform(Some(main.clone()), method)?;
    if let Some(head) = number(block, &["head_bits"])? {
        found.head = if head >= 16.0 { Storage::Unquantized } else { Storage::Quantized(stored(head, None)?) };
    } else if block.flag("lm_head", false).unwrap_or(false) {
        found.head = Storage::Quantized(main);
    }
    // GPTQModel states settings of single modules by regular expression, AutoRound by name or regular expression.
    for (name, as_regex) in [("dynamic", true), ("extra_config", false)] {
        for (pattern, settings) in block.object(name).map(Fields::all).into_iter().flatten() {
            let (pattern, left_out) = match (pattern.strip_prefix("-:"), pattern.strip_prefix("+:")) {
                (Some(rest), _) => (rest, true),
                (None, rest) => (rest.unwrap_or(pattern), false),
            };
            let own = settings.as_object().map(Fields::new);
            let own_bits = own.map_or(Ok(None), |own| number(own, &["bits"]))?;
            let own_group = own.map_or(Ok(None), |own| number(own, &["group_size"]))?;
            let storage = match own_bits.unwrap_or(bits) {
                _ if left_out => Storage::Unquantized,
                wide if wide >= 16.0 => Storage::Unquantized,
                own => Storage::Quantized(stored(own, own_group.or(group))?),
            };
            let as_regex = as_regex || pattern.contains(['\\', '(', '[', '^', '$']) || pattern.contains(".*");
            found.rule(pattern, as_regex, storage)?;
        }
    }
    Ok(found)
}

/// Reads MLX: all matrices are quantized, including the embedding; single modules may differ.
fn mlx(block: Fields<'_>) -> Read<Quantization> {
    let stored = |own: Fields<'_>| -> Read<Stored> {
        let mode = own.text("mode").or_else(|| block.text("mode")).unwrap_or("affine");
        if mode != "affine" {
            let name = format!("MLX {}", mode.to_uppercase());
            return table::form(&name).ok_or_else(|| unknown(&name));
        }
        let bits = number(own, &["bits"])?.map_or_else(|| number(block, &["bits"]), |bits| Ok(Some(bits)))?;
        let group = number(own, &["group_size"])?.map_or_else(|| number(block, &["group_size"]), |g| Ok(Some(g)))?;
        let bits = bits.ok_or("the quantization of MLX does not say its bits")?;
        table::integers("MLX", bits, group, false).ok_or_else(|| format!("{bits} bits of MLX are not known"))
    };
    let main = stored(block)?;
    let storage = Storage::Quantized(main.clone());
    let mut found = Quantization {
        container: Container::Mlx,
        head: storage.clone(),
        embedding: storage.clone(),
        router: storage.clone(),
        ..Quantization::uniform(Container::Mlx, main)
    };
    for (name, value) in block.all() {
        match value {
            Value::Bool(false) => found.rule(name, false, Storage::Unquantized)?,
            Value::Bool(true) => found.rule(name, false, storage.clone())?,
            Value::Object(own) => found.rule(name, false, Storage::Quantized(stored(Fields::new(own))?))?,
            _ => {}
        }
    }
    Ok(found)
}

fn bitsandbytes(block: Fields<'_>) -> Read<Quantization> {
    match (block.flag("load_in_4bit", false)?, block.flag("load_in_8bit", false)?) {
        (true, _) => {}
        (false, true) => return uniform(table::form("BNB INT8"), "bitsandbytes"),
        (false, false) => return Err("the quantization \"bitsandbytes\" says neither 4 nor 8 bits".to_owned()),
    }
    let kind = block.text("bnb_4bit_quant_type").unwrap_or("fp4").to_uppercase();
    let double = if block.flag("bnb_4bit_use_double_quant", false)? { " double" } else { "" };
    let name = format!("BNB {kind}{double}");
    uniform(table::form(&name), &name)
}

fn quanto(block: Fields<'_>) -> Read<Quantization> {
    let weights = block.text("weights").unwrap_or_default();
    if weights.starts_with("float8") {
        return uniform(table::form("FP8"), weights);
    }
    let bits = weights.strip_prefix("int").and_then(|bits| bits.parse().ok());
    let group = bits.filter(|bits| *bits >= 8.0).map(|_| 0.0);
    uniform(bits.and_then(|bits| table::integers("quanto", bits, group, false)), "quanto without a type of weights")
}

/// Reads NVIDIA's Model Optimizer: one algorithm for all layers, or one per layer.
fn modelopt(block: Fields<'_>) -> Read<Quantization> {
    let of = |own: Fields<'_>| -> Read<Stored> {
        let name = own.text("quant_algo").unwrap_or_default();
        let group = number(own, &["group_size"])?;
        let integer = |bits: f64| table::integers("awq", bits, group, true);
        let found = match name {
            "W4A16_AWQ" | "W4A8_AWQ" | "INT4_AWQ" | "W4A16" => integer(4.0),
            name => table::form_named(name),
        };
        found.ok_or_else(|| unknown(if name.is_empty() { "modelopt" } else { name }))
    };
    if block.text("quant_algo") != Some("MIXED_PRECISION") {
        return uniform(Some(of(block)?), "modelopt");
    }
    let layers = block.object("quantized_layers");
    let layers = layers.ok_or("the quantization MIXED_PRECISION does not say which layers are stored how")?;
    let mut mixed = uniform(table::form("FP8"), "modelopt")?;
    "MIXED_PRECISION".clone_into(&mut mixed.name);
    mixed.linear = Storage::Unquantized;
    for (name, own) in layers.all() {
        let own = own.as_object().map(Fields::new).ok_or("a layer of MIXED_PRECISION is no object")?;
        let stored = of(own)?;
        mixed.rule(name, false, Storage::Quantized(stored))?;
    }
    Ok(mixed)
}

/// Puts rules for the modules that are not quantized before all other rules.
fn leave_out(quantization: &mut Quantization, block: Fields<'_>) -> Read<()> {
    let mut rules = std::mem::take(&mut quantization.rules);
    for field in LEFT_OUT {
        let Some(value) = block.value(field) else { continue };
        let names = value.as_array().ok_or_else(|| format!("the field `{field}` of the quantization is no list"))?;
        for name in names {
            let name =
                name.as_str().ok_or_else(|| format!("the field `{field}` of the quantization holds no names"))?;
            quantization.rule(name, false, Storage::Unquantized)?;
        }
    }
    quantization.rules.append(&mut rules);
    Ok(())
}
