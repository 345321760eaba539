//! `vllm bench serve`: what a server gives to so many requests at once, prompts included.

use super::record::Record;
use super::{Named, Refused, Row, Rows, Software};
use crate::model::facts::{AggregateKind, Test, Tier};

/// The one row of a result.
pub(super) fn rows(record: &Record) -> Rows {
    let Some(streams) = record.number("max_concurrency")?.filter(|streams| *streams >= 1.0) else {
        return Err(Refused::LeftOut("how many requests ran at once is not stated; measure with --max-concurrency"));
    };
    let rate = record.text("request_rate").unwrap_or_default();
    if !rate.is_empty() && !rate.eq_ignore_ascii_case("inf") {
        return Err(Refused::LeftOut("requests came at a fixed rate, so the server may have waited for them"));
    }
    let completed = record.positive("completed")?;
    let each = |name: &str| record.number(name).map(|total| total.map(|total| (total / completed).round()));
    let (prompt, generate) = (each("total_input_tokens")?, each("total_output_tokens")?);
    let seconds = |name: &str| record.number(name).map(|ms| ms.filter(|ms| *ms > 0.0).map(|ms| ms / 1000.0));
    let per_token = seconds("mean_tpot_ms")?;
    let alone = streams < 2.0;
    let server = record.text("backend").or_else(|| record.text("endpoint_type"));
    let model = record.text("model_id");
    let like = Row {
        line: record.line,
        test: Test::Aggregate,
        aggregate: Some(AggregateKind::EndToEnd),
        prompt,
        context: prompt,
        generate,
        concurrency: streams,
        tok_s: record.positive("output_throughput")?,
        per_stream_tok_s: per_token.filter(|_| !alone).map(|seconds| 1.0 / seconds),
        ttft_s: seconds("median_ttft_ms")?,
        date: record.day("date"),
        tier: Tier::B,
        note: format!("vllm bench serve; {completed} requests"),
        named: Named {
            machine: Vec::new(),
            model: model.iter().cloned().collect(),
            format: model.into_iter().collect(),
            params: None,
            runtime: Software::Serves(server.unwrap_or_default()),
            cache: None,
        },
    };
    match (alone, per_token) {
        // One request at a time: between tokens it is plain decoding.
        (true, Some(seconds)) => Ok(vec![Row { test: Test::Decode, aggregate: None, tok_s: 1.0 / seconds, ..like }]),
        _ => Ok(vec![like]),
    }
}
