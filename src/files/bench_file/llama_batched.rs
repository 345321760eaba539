//! llama-batched-bench: prompts and answers of several concurrent streams. Its results name neither machine nor model.

use super::record::Record;
use super::{Found, Named, Row, Rows, Software};
use crate::model::facts::{AggregateKind, Test, Tier};

/// The reason why prompts of several streams give no row.
const PROMPTS_AT_ONCE: &str = "prompts of several streams at once are no prefill of one";

/// Field names of one output shape.
struct Fields {
    prompt: &'static str,
    generate: &'static str,
    streams: &'static str,
    prompt_speed: &'static str,
    speed: &'static str,
}

/// Reads a JSON line.
pub(super) fn lines(record: &Record) -> Rows {
    let fields = Fields { prompt: "pp", generate: "tg", streams: "pl", prompt_speed: "speed_pp", speed: "speed_tg" };
    rows(record, &fields)
}

/// Reads a row of the Markdown table.
pub(super) fn table(record: &Record) -> Rows {
    let fields = Fields { prompt: "PP", generate: "TG", streams: "B", prompt_speed: "S_PP t/s", speed: "S_TG t/s" };
    rows(record, &fields)
}

fn rows(record: &Record, fields: &Fields) -> Rows {
    if let Some(why) = super::llama_bench::several_or_offloaded(record) {
        return Err(super::Refused::LeftOut(why));
    }
    let streams = record.positive(fields.streams)?.max(1.0);
    let prompt = record.number(fields.prompt)?.unwrap_or_default();
    let generate = record.number(fields.generate)?.unwrap_or_default();
    let alone = streams < 2.0;
    let like = Row {
        line: record.line,
        test: if alone { Test::Decode } else { Test::Aggregate },
        aggregate: (!alone).then_some(AggregateKind::DecodePhase),
        prompt: Some(prompt),
        context: Some(prompt),
        generate: None,
        concurrency: streams,
        tok_s: 0.0,
        per_stream_tok_s: None,
        ttft_s: None,
        date: None,
        tier: Tier::B,
        note: "llama-batched-bench".to_owned(),
        on_device: record.number("ngl").unwrap_or_default(),
        micro_batch: super::llama_bench::micro_batch(record),
        size_bytes: None,
        speculative: false,
        named: Named { machine: record.devices.clone(), runtime: Software::ReadsGguf, ..Named::default() },
    };
    let mut found = Vec::new();
    // The joint prefill speed of several prompts is not that of one prompt, which is the only prefill that the catalog
    // has.
    if alone && prompt > 0.0 {
        let tok_s = record.positive(fields.prompt_speed)?;
        let context = Some(0.0);
        found.push(Row { test: Test::Prefill, aggregate: None, context, tok_s, ..like.clone() });
    }
    if generate > 0.0 {
        let tok_s = record.positive(fields.speed)?;
        let per_stream_tok_s = (!alone).then_some(tok_s / streams);
        found.push(Row { generate: Some(generate), tok_s, per_stream_tok_s, ..like });
    }
    if found.is_empty() {
        return Err(super::left_out(PROMPTS_AT_ONCE));
    }
    let left_out = (!alone && prompt > 0.0).then(|| PROMPTS_AT_ONCE.to_owned());
    Ok(Found { rows: found, left_out })
}
