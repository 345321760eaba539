//! llama-benchy: the tests of llama-bench against any server, as a table, CSV or JSON.
//!
//! For a prompt at a depth the tool counts the earlier tokens as processed although they may be cached: such rows give
//! no prefill speed. The total speed of several streams covers the time from the first to the last token.

use super::llama_bench::counts;
use super::record::Record;
use super::{Found, Named, Refused, Row, Rows, Software, left_out};
use crate::model::facts::{AggregateKind, Test, Tier};

/// Reads a row of the Markdown table.
pub(super) fn table(record: &Record) -> Rows {
    let speed = if record.has("t/s (total)") { "t/s (total)" } else { "t/s" };
    of_test(record, "test", (speed, "t/s (req)", "ttfr (ms)"))
}

/// Reads a row of CSV.
pub(super) fn csv(record: &Record) -> Rows {
    of_test(record, "test_name", ("t_s_mean", "t_s_req_mean", "ttfr_mean"))
}

fn of_test(record: &Record, test: &str, (speed, each, ttft): (&str, &str, &str)) -> Rows {
    let text = record.text(test).unwrap_or_default();
    let (what, streams) = match text.split_once("(c") {
        Some((what, streams)) => (what.trim(), streams.trim_end_matches([')', ' ']).parse::<f64>().ok()),
        None => (text.trim(), Some(1.0)),
    };
    let known = streams.and_then(|streams| Some((counts(what)?, streams)));
    let Some(((prompt, generate, depth), streams)) = known else {
        return Err(Refused::Wrong(format!(
            "the test is \"{text}\"; pp2048, tg32, tg32 @ d4096 or tg32 (c2) is expected"
        )));
    };
    let run = Run { prompt, generate, depth, streams };
    run.row(record, record.positive(speed)?, record.number(each)?, record.number(ttft)?)
}

/// Reads a record of JSON, which holds the prefill and the decode result of one setting.
pub(super) fn json(record: &Record) -> Rows {
    let count = |name: &str| record.number(name).map(Option::unwrap_or_default);
    let streams = count("concurrency")?.max(1.0);
    let (prompt, generate, depth) = (count("prompt_size")?, count("response_size")?, count("context_size")?);
    let mut rows = Vec::new();
    let mut why = None;
    for (run, speed, each) in [
        (Run { prompt, generate: 0.0, depth, streams }, "pp_throughput.mean", "pp_req_throughput.mean"),
        (Run { prompt: 0.0, generate, depth, streams }, "tg_throughput.mean", "tg_req_throughput.mean"),
    ] {
        let Some(speed) = record.number(speed)?.filter(|speed| *speed > 0.0) else { continue };
        match run.row(record, speed, record.number(each)?, record.number("ttfr.mean")?) {
            Ok(mut found) => rows.append(&mut found.rows),
            Err(refused) => why = Some(refused),
        }
    }
    match (rows.is_empty(), why) {
        (true, Some(refused)) => Err(refused),
        (true, None) => Err(left_out("a run without a speed")),
        (false, Some(Refused::Wrong(sentence))) => Err(Refused::Wrong(sentence)),
        (false, Some(Refused::LeftOut(why))) => Ok(Found { rows, left_out: Some(why) }),
        (false, None) => Ok(rows.into()),
    }
}

#[derive(Clone, Copy)]
struct Run {
    prompt: f64,
    generate: f64,
    depth: f64,
    streams: f64,
}

impl Run {
    fn row(self, record: &Record, tok_s: f64, each: Option<f64>, ttft_ms: Option<f64>) -> Rows {
        let alone = self.streams < 2.0;
        let is_prompt = self.generate <= 0.0;
        if is_prompt && self.depth > 0.0 {
            return Err(left_out(
                "a prompt at a depth counts the tokens before it, which a cache may hold: no prefill",
            ));
        }
        if is_prompt && !alone {
            return Err(left_out("prompts of several streams at once are no prefill of one"));
        }
        let model = record.text("model");
        let lower = model.as_deref().unwrap_or_default().to_lowercase();
        let speculative = ["dflash", "eagle", "mtp", "draft", "-spec"].iter().any(|word| lower.contains(word));
        Ok(vec![Row {
            line: record.line,
            test: match (is_prompt, alone) {
                (true, _) => Test::Prefill,
                (false, true) => Test::Decode,
                (false, false) => Test::Aggregate,
            },
            aggregate: (!alone).then_some(AggregateKind::Window),
            prompt: is_prompt.then_some(self.prompt),
            context: Some(self.depth),
            generate: (!is_prompt).then_some(self.generate),
            concurrency: self.streams,
            tok_s,
            per_stream_tok_s: each.filter(|each| !alone && *each > 0.0),
            ttft_s: ttft_ms.filter(|ms| *ms > 0.0).map(|ms| ms / 1000.0),
            date: record.day("date"),
            tier: Tier::B,
            note: "llama-benchy".to_owned(),
            on_device: None,
            micro_batch: None,
            size_bytes: None,
            speculative,
            named: Named {
                machine: record.devices.clone(),
                model: model.iter().cloned().collect(),
                format: model.into_iter().collect(),
                params: None,
                runtime: Software::NotStated,
                cache: None,
            },
        }]
        .into())
    }
}
