//! Benchmarks of servers under concurrent requests, prompts included: `vLLM`, `SGLang`, aiperf.

use super::record::Record;
use super::{Named, Row, Rows, Software, left_out};
use crate::model::facts::{AggregateKind, Test, Tier};

/// Fields that state the number of the server's devices, or of copies of the model.
const DEVICES: &[&str] = &[
    "decode_replicas",
    "tensor_parallel_size",
    "pipeline_parallel_size",
    "data_parallel_size",
    "tp_size",
    "pp_size",
    "dp_size",
    "server_info.tp_size",
    "server_info.pp_size",
    "server_info.dp_size",
];
/// The largest share of failed requests at which a run still counts as one with the stated number of streams.
const MOST_FAILED: f64 = 0.05;
/// The message for a run that does not state the tokens of its requests.
const NO_TOKENS: &str = "the tokens of a request are not stated; the result may be cut off";

/// Reads a result of `vllm bench serve` or `sglang.bench_serving`, which have the same fields.
pub(super) fn rows(record: &Record) -> Rows {
    let Some(streams) = record.number("max_concurrency").unwrap_or_default().filter(|streams| *streams >= 1.0) else {
        return Err(left_out("how many requests ran at once is not stated; measure with --max-concurrency"));
    };
    let rate = record.text("request_rate").unwrap_or_default();
    if !rate.is_empty() && !rate.eq_ignore_ascii_case("inf") && rate != "trace" {
        return Err(left_out("requests came at a fixed rate, so the server may have waited for them"));
    }
    let cards = record.text("gpu").and_then(|name| name.split_once('x')?.0.parse::<f64>().ok()).unwrap_or(1.0);
    let several = |name: &str| record.number(name).ok().flatten().is_some_and(|devices| devices > 1.0);
    if cards > 1.0 || DEVICES.iter().any(|name| several(name)) {
        return Err(left_out("several devices served, which are a set-up and no measurement of one machine"));
    }
    let completed = record.positive("completed")?;
    let failed = record.number("failed")?.unwrap_or(0.0);
    if failed > MOST_FAILED * (completed + failed) {
        return Err(left_out("more than one request in twenty failed, so fewer ran at once than the file states"));
    }
    let each = |name: &str| record.number(name).map(|total| total.map(|total| (total / completed).round()));
    let (Some(prompt), Some(generate)) = (each("total_input_tokens")?, each("total_output_tokens")?) else {
        return Err(left_out(NO_TOKENS));
    };
    let seconds = |name: &str| record.number(name).map(|ms| ms.filter(|ms| *ms > 0.0).map(|ms| ms / 1000.0));
    let model = record.text("model_id").or_else(|| record.text("model"));
    let served = Served {
        streams,
        prompt,
        generate,
        output: record.positive("output_throughput")?,
        per_token: seconds("mean_tpot_ms")?,
        ttft: seconds("median_ttft_ms")?.or(seconds("mean_ttft_ms")?),
        server: record.text("backend").or_else(|| record.text("endpoint_type")).unwrap_or_default(),
        model,
        note: format!("{completed} requests"),
    };
    Ok(vec![served.row(record)].into())
}

/// Reads `profile_export_aiperf.json`.
pub(super) fn aiperf(record: &Record) -> Rows {
    let Some(streams) = record.number("input_config.loadgen.concurrency")?.filter(|streams| *streams >= 1.0) else {
        return Err(left_out("how many requests ran at once is not stated; measure with --concurrency"));
    };
    if record.number("input_config.loadgen.request_rate")?.is_some_and(|rate| rate > 0.0) {
        return Err(left_out("requests came at a fixed rate, so the server may have waited for them"));
    }
    let mean = |name: &str| record.number(&format!("{name}.avg")).map(|value| value.filter(|value| *value > 0.0));
    let seconds = |name: &str| -> Result<Option<f64>, super::Refused> {
        let scale = if record.text(&format!("{name}.unit")).as_deref() == Some("sec") { 1.0 } else { 1000.0 };
        Ok(mean(name)?.map(|value| value / scale))
    };
    let (Some(prompt), Some(generate)) = (mean("input_sequence_length")?, mean("output_sequence_length")?) else {
        return Err(left_out(NO_TOKENS));
    };
    let served = Served {
        streams,
        prompt,
        generate,
        output: record.positive("output_token_throughput.avg")?,
        per_token: seconds("inter_token_latency")?,
        ttft: seconds("time_to_first_token")?,
        server: record.text("input_config.endpoint.backend").unwrap_or_default(),
        model: record.text("input_config.endpoint.model_names"),
        note: "aiperf".to_owned(),
    };
    Ok(vec![served.row(record)].into())
}

/// The figures of a run against a server.
struct Served {
    streams: f64,
    prompt: f64,
    generate: f64,
    output: f64,
    per_token: Option<f64>,
    ttft: Option<f64>,
    server: String,
    model: Option<String>,
    note: String,
}

/// Fields that name a method, or have a value above 0, if speculative decoding was used.
const DRAFTED: &[&str] = &[
    "accept_length",
    "spec_decode_acceptance_length",
    "spec_decode_acceptance_rate",
    "spec_decode_num_drafts",
    "speculative_algorithm",
    "speculative_config",
    "server_info.speculative_algorithm",
    "acceptance_length",
];

/// Returns true if a result states that speculative decoding was used.
fn is_drafted(record: &Record) -> bool {
    DRAFTED.iter().any(|name| {
        record
            .text(name)
            .is_some_and(|text| text.parse::<f64>().map_or(text != "none" && text != "false", |value| value > 0.0))
    })
}

impl Served {
    fn row(self, record: &Record) -> Row {
        let alone = self.streams < 2.0;
        let like = Row {
            line: record.line,
            test: Test::Aggregate,
            aggregate: Some(AggregateKind::EndToEnd),
            prompt: Some(self.prompt),
            // The cache before the answer; an estimate adds the mean of the growth during the answer.
            context: Some(self.prompt),
            generate: Some(self.generate),
            concurrency: self.streams,
            tok_s: self.output,
            per_stream_tok_s: self.per_token.filter(|_| !alone).map(|seconds| 1.0 / seconds),
            ttft_s: self.ttft,
            date: record.day("date"),
            tier: Tier::B,
            note: self.note,
            on_device: None,
            micro_batch: None,
            size_bytes: None,
            speculative: is_drafted(record),
            named: Named {
                machine: record.text("gpu").into_iter().chain(record.devices.iter().cloned()).collect(),
                model: self.model.iter().cloned().collect(),
                format: self.model.into_iter().collect(),
                params: None,
                runtime: Software::Serves(self.server),
                cache: None,
            },
        };
        match (alone, self.per_token) {
            // With one request at a time the time between tokens is that of plain decoding.
            (true, Some(seconds)) => Row { test: Test::Decode, aggregate: None, tok_s: 1.0 / seconds, ..like },
            _ => like,
        }
    }
}
