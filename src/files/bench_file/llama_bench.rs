//! llama-bench: a row is a prompt (`pp`) or an answer (`tg`), at a depth of cache.

use super::record::Record;
use super::{Named, Refused, Row, Rows, Software};
use crate::model::facts::{Test, Tier};

/// A row of JSON, JSON lines or CSV, which say everything.
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
    row(
        record,
        "avg_ts",
        (prompt, generate, depth),
        Row { named, date: record.day("test_time"), ..blank(record, conditions) },
    )
}

/// A row of the table in Markdown, which says less.
pub(super) fn table(record: &Record) -> Rows {
    let test = record.text("test").unwrap_or_default();
    let counts = counts(&test).ok_or_else(|| {
        Refused::Wrong(format!(
            "the test is \"{test}\"; pp512, tg128 or one with a depth such as tg128 @ d4096 is expected"
        ))
    })?;
    let kind = record.text("model");
    let cache = record.text("type_k").or_else(|| record.text("type_v")).map(|one| {
        // A column that is left out holds what is usual.
        let usual = "f16".to_owned();
        (
            record.text("type_k").unwrap_or_else(|| usual.clone()),
            record.text("type_v").unwrap_or(if one == "f16" { one } else { usual }),
        )
    });
    let named = Named {
        machine: record.machine.iter().cloned().collect(),
        model: kind.iter().cloned().collect(),
        format: kind.into_iter().collect(),
        params: None,
        runtime: Software::ReadsGguf,
        cache,
    };
    let conditions = conditions(record, &["backend", "n_ubatch", "ngl", "fa"]);
    row(record, "t/s", counts, Row { named, ..blank(record, conditions) })
}

/// Prompt, answer and depth of `pp512`, `tg128`, `pp512+tg128`, `tg32 @ d4096`.
fn counts(test: &str) -> Option<(f64, f64, f64)> {
    let (what, depth) = match test.split_once(" @ ") {
        Some((what, depth)) => (what, depth.strip_prefix('d')?.parse::<u32>().ok()?),
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
    if prompt > 0.0 && generate > 0.0 {
        return Err(Refused::LeftOut("a prompt and an answer in one test (pg) mix two speeds"));
    }
    let tok_s = record.positive(speed)?;
    if generate > 0.0 {
        return Ok(vec![Row { context: Some(depth), generate: Some(generate), tok_s, ..like }]);
    }
    if prompt <= 0.0 {
        return Err(Refused::LeftOut("a test without tokens"));
    }
    if prompt.total_cmp(&depth).is_eq() {
        return Err(Refused::LeftOut("a prompt as long as the cache before it cannot be told from the prompt alone"));
    }
    Ok(vec![Row { test: Test::Prefill, prompt: Some(prompt), context: Some(depth), tok_s, ..like }])
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
        named: Named::default(),
    }
}

/// Fields that say how it was run.
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
