//! Plain CSV with the columns `machine,model,format,runtime,test,tok_s` and optional columns for the conditions.

use super::record::Record;
use super::{Named, Refused, Row, Rows, Software};
use crate::model::facts::{AggregateKind, Test, Tier};

/// The columns that are read.
const COLUMNS: &[&str] = &[
    "machine",
    "model",
    "format",
    "runtime",
    "test",
    "tok_s",
    "concurrency",
    "context",
    "prompt",
    "generate",
    "date",
    "note",
];

/// Reads a line as one row.
pub(super) fn rows(record: &Record) -> Rows {
    if let Some(odd) = record.names().find(|name| !COLUMNS.contains(name)) {
        let sentence = format!("there is no column \"{odd}\"; {} are read", COLUMNS.join(", "));
        return Err(Refused::Wrong(sentence));
    }
    let word = record.text("test").unwrap_or_default().to_lowercase();
    let (test, aggregate) = match word.as_str() {
        "decode" | "tg" => (Test::Decode, None),
        "prefill" | "pp" => (Test::Prefill, None),
        "aggregate" => (Test::Aggregate, Some(AggregateKind::EndToEnd)),
        "aggregate-decode" => (Test::Aggregate, Some(AggregateKind::DecodePhase)),
        _ => {
            let allowed = "decode, prefill, aggregate (prompts included) and aggregate-decode are";
            return Err(Refused::Wrong(format!("\"{word}\" is no test; {allowed}")));
        }
    };
    let concurrency = match record.number("concurrency")? {
        None if test == Test::Aggregate => {
            return Err(Refused::Wrong("an aggregate needs the column concurrency, the number of streams".to_owned()));
        }
        stated => stated.unwrap_or(1.0),
    };
    if concurrency < 1.0 {
        return Err(Refused::Wrong("concurrency is below one stream".to_owned()));
    }
    let date = record.text("date").map(|date| date.parse()).transpose();
    let date = date.map_err(|error: crate::model::facts::NotADate| Refused::Wrong(error.to_string()))?;
    let names = |name: &str| record.text(name).into_iter().collect();
    Ok(vec![Row {
        line: record.line,
        test,
        aggregate,
        prompt: record.number("prompt")?,
        context: record.number("context")?,
        generate: record.number("generate")?,
        concurrency,
        tok_s: record.positive("tok_s")?,
        per_stream_tok_s: None,
        ttft_s: None,
        date,
        tier: Tier::B,
        note: record.text("note").unwrap_or_default(),
        on_device: None,
        micro_batch: None,
        size_bytes: None,
        speculative: false,
        named: Named {
            machine: names("machine"),
            model: names("model"),
            format: names("format"),
            params: None,
            runtime: record.text("runtime").map_or(Software::NotStated, Software::Id),
            cache: None,
        },
    }]
    .into())
}
