//! In which format a configuration says that the weights are, by the name that the format has among files.

use super::fields::Fields;

/// The format that a configuration names.
pub fn format(top: Fields<'_>, text: Fields<'_>) -> Option<String> {
    let quantized = ["quantization_config", "compression_config", "quantization"];
    match quantized.iter().find_map(|name| top.object(name).or_else(|| text.object(name)).map(|own| (*name, own))) {
        Some(("quantization", mlx)) if mlx.value("quant_algo").is_none() => mlx_format(mlx),
        Some((_, config)) => Some(quantized_format(config)),
        None => {
            let names = ["dtype", "torch_dtype"];
            let dtype = names.iter().find_map(|name| text.text(name).or_else(|| top.text(name)))?;
            Some(plain(dtype))
        }
    }
}

/// Bits of a weight, where the format stores each by itself and nothing else.
pub fn plain_bits(format: &str) -> Option<f64> {
    match format {
        "BF16" | "F16" => Some(16.0),
        "F32" => Some(32.0),
        _ => None,
    }
}

fn plain(dtype: &str) -> String {
    match dtype {
        "bfloat16" => "BF16".to_owned(),
        "float16" => "F16".to_owned(),
        "float32" => "F32".to_owned(),
        other => other.to_uppercase(),
    }
}

fn mlx_format(mlx: Fields<'_>) -> Option<String> {
    let bits = mlx.value("bits")?.as_u64()?;
    match mlx.text("mode") {
        None | Some("affine") => Some(format!("MLX {bits}-bit")),
        Some(mode) => Some(format!("MLX {}", mode.to_uppercase())),
    }
}

fn quantized_format(config: Fields<'_>) -> String {
    let bits = || config.value("bits").or_else(|| config.value("w_bit")).and_then(serde_json::Value::as_u64);
    let algorithm = || config.text("quant_algo").or_else(|| config.object("quantization")?.text("quant_algo"));
    match config.text("quant_method") {
        Some("fbgemm_fp8") => "FP8".to_owned(),
        Some(method @ ("awq" | "gptq")) => match bits() {
            Some(bits) => format!("{} {bits}-bit", method.to_uppercase()),
            None => method.to_uppercase(),
        },
        Some("modelopt" | "modelopt_fp4") | None if algorithm().is_some() => {
            algorithm_format(algorithm().unwrap_or(""))
        }
        Some("compressed-tensors") => compressed(config),
        Some("bitsandbytes") => {
            let four = config.flag("load_in_4bit", false).unwrap_or(false);
            if four {
                format!("BNB {}", config.text("bnb_4bit_quant_type").unwrap_or("fp4").to_uppercase())
            } else {
                "BNB INT8".to_owned()
            }
        }
        Some(other) => other.to_uppercase(),
        None => "a quantization without a name".to_owned(),
    }
}

fn algorithm_format(algorithm: &str) -> String {
    match algorithm {
        "NVFP4" | "NVFP4_AWQ" => "NVFP4".to_owned(),
        "FP8" | "FP8_PB_WO" | "FP8_PER_CHANNEL_PER_TOKEN" => "FP8".to_owned(),
        "W4A16_AWQ" => "AWQ 4-bit".to_owned(),
        other => other.to_uppercase(),
    }
}

/// What compressed-tensors calls its groups: the weights of the first say the format.
fn compressed(config: Fields<'_>) -> String {
    let named = config.text("format").unwrap_or("compressed-tensors").to_uppercase();
    let groups = config.value("config_groups").and_then(|groups| groups.as_object());
    let first = groups.and_then(|groups| groups.values().next()).and_then(|group| group.as_object());
    let weights = first.and_then(|group| Fields::new(group).object("weights"));
    let bits = weights.and_then(|weights| weights.value("num_bits")?.as_u64());
    match (named.as_str(), weights.and_then(|weights| weights.text("type")), bits) {
        (named, _, _) if named.starts_with("NVFP4") => "NVFP4".to_owned(),
        (named, _, _) if named.starts_with("MXFP4") => "MXFP4 in compressed tensors".to_owned(),
        (_, Some("float"), Some(8)) => "FP8".to_owned(),
        (_, Some("int"), Some(4)) => "INT4".to_owned(),
        (_, Some(kind), Some(bits)) => format!("{}{bits}", kind.to_uppercase()),
        _ => named,
    }
}
