//! Results of one prompt and one answer: `ollama run --verbose`, mlx-lm, and rows of llama-sweep-bench.

use super::record::Record;
use super::{Found, Named, Refused, Row, Rows, Software};
use crate::model::facts::{AggregateKind, Test, Tier};

/// The shortest prompt that gives a prefill speed, tokens: below it the fixed costs of a step dominate.
const SHORTEST_PROMPT: f64 = 64.0;

/// The token counts and speeds of one run.
struct Run {
    /// Tokens of the prompt; `None` if the tool does not state them.
    prompt: Option<f64>,
    prompt_tok_s: Option<f64>,
    before: f64,
    generate: f64,
    tok_s: Option<f64>,
    streams: f64,
    tool: &'static str,
    runtime: Software,
}

/// Reads the output of `ollama run MODEL --verbose`.
pub(super) fn ollama(record: &Record) -> Rows {
    let run = Run {
        prompt: record.number("prompt_eval_count")?,
        prompt_tok_s: record.number("prompt_eval_rate")?,
        before: 0.0,
        generate: record.number("eval_count")?.unwrap_or(0.0),
        tok_s: record.number("eval_rate")?,
        streams: 1.0,
        tool: "ollama --verbose",
        runtime: Software::Serves("ollama --verbose".to_owned()),
    };
    run.rows(record)
}

/// Reads the output of mlx-lm's `benchmark` and `generate`.
pub(super) fn mlx(record: &Record) -> Rows {
    let run = Run {
        prompt: record.number("prompt_tokens")?,
        prompt_tok_s: record.number("prompt_tps")?,
        before: 0.0,
        generate: record.number("generation_tokens")?.unwrap_or(0.0),
        tok_s: record.number("generation_tps")?,
        streams: record.number("batch_size")?.unwrap_or(1.0).max(1.0),
        tool: "mlx_lm",
        runtime: Software::Serves("mlx_lm".to_owned()),
    };
    run.rows(record)
}

/// Reads a row of llama-sweep-bench, whose cache grows from row to row.
pub(super) fn sweep(record: &Record) -> Rows {
    if let Some(why) = super::llama_bench::several_or_offloaded(record) {
        return Err(Refused::LeftOut(why));
    }
    let run = Run {
        prompt: Some(record.positive("PP")?),
        prompt_tok_s: record.number("S_PP t/s")?,
        before: record.number("N_KV")?.unwrap_or(0.0),
        generate: record.positive("TG")?,
        tok_s: record.number("S_TG t/s")?,
        streams: 1.0,
        tool: "llama-sweep-bench",
        runtime: Software::ReadsGguf,
    };
    run.rows(record)
}

impl Run {
    fn rows(self, record: &Record) -> Rows {
        let Some(prompt) = self.prompt else {
            return Err(super::left_out(
                "the tokens of the prompt are not stated, so the context of the answer is not known",
            ));
        };
        let alone = self.streams < 2.0;
        let is_sweep = self.tool == "llama-sweep-bench";
        let model = record.text("model");
        let like = Row {
            line: record.line,
            test: Test::Prefill,
            aggregate: None,
            prompt: Some(prompt),
            context: Some(self.before),
            generate: None,
            concurrency: self.streams,
            tok_s: 0.0,
            per_stream_tok_s: None,
            ttft_s: None,
            date: None,
            tier: Tier::B,
            note: self.tool.to_owned(),
            on_device: record.number("ngl").unwrap_or_default(),
            micro_batch: super::llama_bench::micro_batch(record),
            size_bytes: None,
            speculative: false,
            named: Named {
                machine: record.devices.clone(),
                model: model.iter().cloned().collect(),
                format: model.into_iter().collect(),
                params: None,
                runtime: self.runtime,
                cache: None,
            },
        };
        let above_zero = |rate: Option<f64>| rate.filter(|rate| *rate > 0.0);
        let mut rows = Vec::new();
        let why_none = if !alone {
            Some("prompts of several streams at once are no prefill of one")
        } else if prompt < SHORTEST_PROMPT {
            Some("a prompt of fewer than 64 tokens says nothing of prefill")
        } else if prompt.total_cmp(&self.before).is_eq() {
            Some("a prompt as long as what is before it cannot be told from the prompt alone")
        } else {
            None
        };
        let prefill = above_zero(self.prompt_tok_s).filter(|_| prompt > 0.0);
        let left_out = why_none.filter(|_| prefill.is_some());
        if let Some(tok_s) = prefill.filter(|_| why_none.is_none()) {
            rows.push(Row { tok_s, ..like.clone() });
        }
        if let Some(tok_s) = above_zero(self.tok_s).filter(|_| self.generate > 0.0) {
            rows.push(Row {
                test: if alone { Test::Decode } else { Test::Aggregate },
                aggregate: (!alone).then_some(AggregateKind::DecodePhase),
                prompt: if is_sweep { None } else { like.prompt },
                context: Some(if is_sweep { self.before } else { prompt }),
                generate: Some(self.generate),
                per_stream_tok_s: (!alone).then_some(tok_s / self.streams),
                tok_s,
                ..like
            });
        }
        match (rows.is_empty(), left_out) {
            (true, why) => Err(super::left_out(why.unwrap_or("a run without a rate that measures anything"))),
            (false, why) => Ok(Found { rows, left_out: why.map(str::to_owned) }),
        }
    }
}
