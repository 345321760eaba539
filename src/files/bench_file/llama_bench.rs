//! llama-bench: each row is a prompt (`pp`) or an answer (`tg`), at a depth of the cache.

use super::record::Record;
use super::{Named, Refused, Row, Rows, Software, left_out};
use crate::model::facts::{Test, Tier};

/// The largest size of a micro-batch that is taken as plausible, tokens.
const MOST_TOKENS: f64 = 1e6;

/// Reads a row of JSON, JSON lines, CSV or SQL, which have all fields.
pub(super) fn full(record: &Record) -> Rows {
    let count = |name: &str| record.number(name).map(Option::unwrap_or_default);
    let (prompt, generate, depth) = (count("n_prompt")?, count("n_gen")?, count("n_depth")?);
    let file = record.text("model_filename").map(|path| path.rsplit(['/', '\\']).next().unwrap_or_default().to_owned());
    let kind = record.text("model_type");
    let cache = record.text("type_k").zip(record.text("type_v"));
    let graphics = record.text("gpu_info");
    let params = record.number("model_n_params")?.filter(|params| *params > 0.0).map(|params| params as u64);
    let named = Named {
        machine: [graphics, record.text("cpu_info")].into_iter().flatten().collect(),
        model: [file.clone(), kind.clone()].into_iter().flatten().collect(),
        format: [kind, file].into_iter().flatten().collect(),
        params,
        runtime: Software::ReadsGguf,
        cache,
    };
    let conditions = conditions(record, &["build_commit", "backends", "n_ubatch", "n_gpu_layers", "flash_attn"]);
    let size_bytes = record.number("model_size")?.filter(|bytes| *bytes > 0.0);
    let on_device = record.text("n_gpu_layers").and_then(|layers| layers.parse().ok()).filter(|layers| *layers >= 0.0);
    row(
        record,
        "avg_ts",
        (prompt, generate, depth),
        Row { date: record.day("test_time"), on_device, size_bytes, named, ..blank(record, conditions) },
    )
}

/// Reads a row of the Markdown table, which has only some of the fields.
pub(super) fn table(record: &Record) -> Rows {
    let test = record.text("test").unwrap_or_default();
    let counts = counts(&test).ok_or_else(|| {
        Refused::Wrong(format!(
            "the test is \"{test}\"; pp512, tg128 or one with a depth such as tg128 @ d4096 is expected"
        ))
    })?;
    let kind = record.text("model");
    let cache = record.text("type_k").or_else(|| record.text("type_v")).map(|one| {
        // The table has no column for a cache type that was left at its default.
        let usual = "f16".to_owned();
        (
            record.text("type_k").unwrap_or_else(|| usual.clone()),
            record.text("type_v").unwrap_or(if one == "f16" { one } else { usual }),
        )
    });
    let named = Named {
        machine: record.devices.clone(),
        model: kind.iter().cloned().collect(),
        format: kind.into_iter().collect(),
        params: scaled(record, "params", &[(" B", 1e9), (" M", 1e6)]).map(|params| params as u64),
        runtime: Software::ReadsGguf,
        cache,
    };
    let conditions = conditions(record, &["backend", "n_ubatch", "ngl", "fa"]);
    let size_bytes =
        scaled(record, "size", &[(" GiB", 1_073_741_824.0), (" MiB", 1_048_576.0), (" TiB", 1_099_511_627_776.0)]);
    let on_device = record.text("ngl").and_then(|layers| layers.parse().ok()).filter(|layers| *layers >= 0.0);
    row(record, "t/s", counts, Row { on_device, size_bytes, named, ..blank(record, conditions) })
}

/// Returns a number that is written with one of the units, scaled to base units.
fn scaled(record: &Record, name: &str, units: &[(&str, f64)]) -> Option<f64> {
    let text = record.text(name)?;
    let (number, unit) = units.iter().find_map(|(unit, scale)| Some((text.strip_suffix(unit)?.to_owned(), *scale)))?;
    let alone = Record { fields: vec![(name.to_owned(), number)], ..Record::default() };
    Some(alone.number(name).ok()?.filter(|value| *value > 0.0)? * unit)
}

/// Returns the reason why a row does not measure one device that holds the whole model; `None` if it does.
pub(super) fn several_or_offloaded(record: &Record) -> Option<String> {
    let graphics = record.text("gpu_info").unwrap_or_default();
    let in_columns = record.text("dev").or_else(|| record.text("devices")).unwrap_or_default();
    let split = record.text("ts").or_else(|| record.text("tensor_split")).unwrap_or_default();
    let shares = split.split('/').filter(|share| share.parse::<f64>().is_ok_and(|share| share > 0.0)).count();
    let named = if record.devices.len() > 1 { record.devices.join(", ") } else { graphics };
    if named.contains(", ") || in_columns.contains('/') || shares > 1 {
        let names = [named, in_columns, split].into_iter().find(|name| name.contains([',', '/'])).unwrap_or_default();
        return Some(format!("several devices ({names}) are a set-up, and no measurement of one machine"));
    }
    if record.text("rpc_servers").is_some() || in_columns.contains("RPC") {
        return Some("devices of other machines (RPC) took part".to_owned());
    }
    let above_zero =
        |names: &[&str]| names.iter().find_map(|name| record.number(name).ok().flatten().filter(|value| *value > 0.0));
    let stated = |name: &str| record.text(name).filter(|text| !matches!(text.as_str(), "none" | "0" | "false"));
    let layers = record.text("ngl").or_else(|| record.text("n_gpu_layers"));
    if layers.as_deref() == Some("0") {
        return Some("no layer lay on the device (ngl 0): the processor computed".to_owned());
    }
    if let Some(layers) = above_zero(&["n_cpu_moe", "ncmoe"]) {
        return Some(format!("experts of {layers} layers lay in system memory (n_cpu_moe)"));
    }
    if stated("ot").or_else(|| stated("tensor_buft_overrides")).is_some() {
        return Some("tensors were placed by hand (ot), some perhaps in system memory".to_owned());
    }
    if matches!(stated("nkvo").or_else(|| stated("no_kv_offload")).as_deref(), Some("1" | "true")) {
        return Some("the cache lay in system memory (nkvo)".to_owned());
    }
    let backend = record.text("backend").or_else(|| record.text("backends")).unwrap_or_default();
    let of_processor = |part: &str| matches!(part.trim(), "CPU" | "BLAS");
    if !backend.is_empty() && backend.split(',').all(of_processor) {
        return Some(format!("the processor computed (backend {backend})"));
    }
    // Many releases name the RPC backend, which takes part only if servers are given. The checks above refuse those.
    let is_accelerator = |part: &&str| !of_processor(part) && !matches!(part.trim(), "" | "RPC");
    let accelerators = backend.split(',').filter(is_accelerator).count();
    // With two backends, llama.cpp splits the layers over the devices of both.
    (accelerators > 1).then(|| format!("several backends ({backend}) took part, each with devices of its own"))
}

/// Returns the tokens of prompt, answer and depth of a test such as `pp512`, `tg128`, `pp512+tg128` or `tg32 @ d4096`.
pub(super) fn counts(test: &str) -> Option<(f64, f64, f64)> {
    let (what, depth) = match test.split_once('@') {
        Some((what, depth)) => (what.trim(), depth.trim().strip_prefix('d')?.parse::<u32>().ok()?),
        None => (test, 0),
    };
    let (mut prompt, mut generate) = (0_u32, 0_u32);
    for part in what.split('+') {
        let number = |start| part.trim().strip_prefix(start)?.parse::<u32>().ok();
        match (number("pp"), number("tg")) {
            (Some(tokens), _) => prompt = tokens,
            (_, Some(tokens)) => generate = tokens,
            _ => return None,
        }
    }
    Some((f64::from(prompt), f64::from(generate), f64::from(depth)))
}

fn row(record: &Record, speed: &str, (prompt, generate, depth): (f64, f64, f64), like: Row) -> Rows {
    if let Some(why) = several_or_offloaded(record) {
        return Err(Refused::LeftOut(why));
    }
    if prompt > 0.0 && generate > 0.0 {
        return Err(left_out("a prompt and an answer in one test (pg) mix two speeds"));
    }
    let tok_s = record.positive(speed)?;
    if generate > 0.0 {
        return Ok(vec![Row { context: Some(depth), generate: Some(generate), tok_s, ..like }].into());
    }
    if prompt <= 0.0 {
        return Err(left_out("a test without tokens"));
    }
    if prompt.total_cmp(&depth).is_eq() {
        return Err(left_out("a prompt as long as the cache before it cannot be told from the prompt alone"));
    }
    Ok(vec![Row { test: Test::Prefill, prompt: Some(prompt), context: Some(depth), tok_s, ..like }].into())
}

fn blank(record: &Record, conditions: String) -> Row {
    Row {
        line: record.line,
        test: Test::Decode,
        aggregate: None,
        prompt: None,
        context: None,
        generate: None,
        concurrency: 1.0,
        tok_s: 0.0,
        per_stream_tok_s: None,
        ttft_s: None,
        date: None,
        tier: Tier::A,
        note: conditions,
        on_device: None,
        micro_batch: micro_batch(record),
        size_bytes: None,
        speculative: false,
        named: Named::default(),
    }
}

/// Returns the size of a prefill micro-batch in tokens, limited to the size of a batch; `None` if it is not stated.
pub(super) fn micro_batch(record: &Record) -> Option<f64> {
    let stated = |name: &str| record.number(name).ok().flatten().filter(|tokens| (1.0..=MOST_TOKENS).contains(tokens));
    let tokens = stated("n_ubatch")?;
    Some(stated("n_batch").map_or(tokens, |batch| batch.min(tokens)))
}

/// Returns the conditions of the run as text, from the given fields.
fn conditions(record: &Record, fields: &[&str]) -> String {
    let stated = |name: &&str| record.text(name).map(|text| format!("{name} {text}"));
    let stated: Vec<String> = fields.iter().filter_map(stated).collect();
    format!("llama-bench; {}", stated.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_are_read_as_the_table_writes_them() {
        for (text, counted) in [
            ("pp512", (512.0, 0.0, 0.0)),
            ("tg128", (0.0, 128.0, 0.0)),
            ("tg32 @ d4096", (0.0, 32.0, 4096.0)),
            ("pp512+tg128", (512.0, 128.0, 0.0)),
        ] {
            assert_eq!(counts(text), Some(counted), "{text}");
        }
        for text in ["", "512", "pp", "pp-1", "tg128 @ 4096", "tg128 @ d", "pp99999999999", "pp512+", "xx5"] {
            assert_eq!(counts(text), None, "{text}");
        }
    }
}
