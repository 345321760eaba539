//! Result files of benchmarks as rows: the tools' own formats, tables that people paste, plain CSV.
//!
//! Each shape (JSON, SQL, CSV, tables and blocks among the lines of a log) is read into records of texts by field name;
//! the field names identify the tool. `names` and `resolve` then find the machine, model, format and runtime in the
//! catalog, or ask the user for them, and check the row against the catalog.

mod benchy;
mod cross_check;
mod generated;
mod llama_batched;
mod llama_bench;
mod names;
mod own_csv;
mod record;
mod resolve;
mod serving;
mod shape;
mod which;

use std::collections::BTreeMap;

use crate::model::facts::{AggregateKind, Date, Test, Tier};
use crate::model::ron_file::{FileError, TextFile};

pub use resolve::{Asked, Imported, RefusedRow, resolve};
pub use which::Unresolved;

use record::Record;

/// A row of a benchmark with the names that the tool wrote, before they are looked up in the catalog.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Line of the file, from 1.
    pub line: usize,
    /// The test.
    pub test: Test,
    /// Kind of aggregate; `None` for other tests.
    pub aggregate: Option<AggregateKind>,
    /// Tokens of the prompt.
    pub prompt: Option<f64>,
    /// Tokens in the cache before the test.
    pub context: Option<f64>,
    /// Tokens that were generated.
    pub generate: Option<f64>,
    /// Concurrent streams.
    pub concurrency: f64,
    /// Speed, tokens per second.
    pub tok_s: f64,
    /// Mean speed of one of several streams, tokens per second.
    pub per_stream_tok_s: Option<f64>,
    /// Time to first token, seconds.
    pub ttft_s: Option<f64>,
    /// Date of the run, if the file states it.
    pub date: Option<Date>,
    /// Tier of trust in the row.
    pub tier: Tier,
    /// Conditions of the run in words.
    pub note: String,
    /// Layers on the device, if the file states them; a number above the model's layers means all.
    pub on_device: Option<f64>,
    /// Size of a prefill micro-batch in tokens, if the file states it.
    pub micro_batch: Option<f64>,
    /// Bytes of the weights, if the file states them.
    pub size_bytes: Option<f64>,
    /// True if speculative decoding was used.
    pub speculative: bool,
    /// The tool's names of machine, model, format and software.
    pub named: Named,
}

/// Names as a tool writes them, the most specific first; empty if the file has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// Names of the machine: graphics card, then processor.
    pub machine: Vec<String>,
    /// Names of the model: file, then type.
    pub model: Vec<String>,
    /// Names of the weight format: type, then file.
    pub format: Vec<String>,
    /// Parameters of the model, if the file states them.
    pub params: Option<u64>,
    /// Runtime that was measured.
    pub runtime: Software,
    /// Element types of the cache: keys and values.
    pub cache: Option<(String, String)>,
}

/// The runtime that a tool measured, as far as its result states it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Software {
    /// A runtime that the file does not state.
    #[default]
    NotStated,
    /// The runtime for GGUF files.
    ReadsGguf,
    /// A server with continuous batching; its name, or an empty text if it is not stated.
    Serves(String),
    /// A runtime by its id.
    Id(String),
}

/// The content of a result file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// Name of the tool that wrote the file.
    pub tool: &'static str,
    /// Rows that are measurements.
    pub rows: Vec<Row>,
    /// Number of rows that were left out, by reason.
    pub left_out: BTreeMap<String, usize>,
    /// Line numbers of unreadable records, with the reason.
    pub unread: Vec<(usize, String)>,
    /// Hash of the file's text, which distinguishes the measurements of two files.
    pub mark: u32,
}

/// The rows of one record, or the reason why it has none.
type Rows = Result<Found, Refused>;

/// The rows of one record, and the reason why another figure of the record was left out.
#[derive(Default)]
struct Found {
    rows: Vec<Row>,
    left_out: Option<String>,
}

impl From<Vec<Row>> for Found {
    fn from(rows: Vec<Row>) -> Self {
        Self { rows, left_out: None }
    }
}

/// The reason why a record gives no row.
enum Refused {
    /// The record is no measurement of a kind that the catalog has; the other records count.
    LeftOut(String),
    /// The record is wrong; the sentence says how.
    Wrong(String),
}

fn left_out(why: &str) -> Refused {
    Refused::LeftOut(why.to_owned())
}

/// A tool: its name, the fields that identify its records, and the function that reads a record.
struct Tool {
    name: &'static str,
    fields: &'static [&'static str],
    rows: fn(&Record) -> Rows,
}

/// The tools that are read; the first whose fields are all present is chosen.
const TOOLS: &[Tool] = &[
    Tool { name: "llama-bench", fields: &["avg_ts", "n_prompt", "n_gen"], rows: llama_bench::full },
    Tool { name: "llama-benchy", fields: &["test", "ttfr (ms)"], rows: benchy::table },
    Tool { name: "llama-benchy", fields: &["test", "peak t/s"], rows: benchy::table },
    Tool { name: "llama-benchy", fields: &["test", "t/s (total)"], rows: benchy::table },
    Tool { name: "llama-benchy", fields: &["test_name", "t_s_mean"], rows: benchy::csv },
    Tool { name: "llama-benchy", fields: &["pp_throughput.mean", "tg_throughput.mean"], rows: benchy::json },
    Tool { name: "llama-bench", fields: &["model", "test", "t/s"], rows: llama_bench::table },
    Tool { name: "llama-batched-bench", fields: &["pp", "tg", "pl", "speed_tg"], rows: llama_batched::lines },
    Tool { name: "llama-batched-bench", fields: &["PP", "TG", "B", "S_TG t/s"], rows: llama_batched::table },
    Tool { name: "llama-sweep-bench", fields: &["PP", "TG", "N_KV", "S_TG t/s"], rows: generated::sweep },
    Tool {
        name: "sglang.bench_serving",
        fields: &["output_throughput", "completed", "total_output_tokens_retokenized"],
        rows: serving::rows,
    },
    Tool {
        name: "sglang.bench_serving",
        fields: &["output_throughput", "completed", "accept_length"],
        rows: serving::rows,
    },
    Tool { name: "vllm bench serve", fields: &["output_throughput", "completed"], rows: serving::rows },
    Tool { name: "aiperf", fields: &["output_token_throughput.avg", "inter_token_latency.avg"], rows: serving::aiperf },
    Tool { name: "ollama --verbose", fields: &["eval_count"], rows: generated::ollama },
    Tool { name: "mlx_lm", fields: &["prompt_tps", "generation_tps"], rows: generated::mlx },
    // A result that is cut off before its speeds matches this entry, so that it is reported.
    Tool { name: "vllm bench serve", fields: &["completed", "total_input_tokens"], rows: serving::rows },
    Tool { name: "plain CSV", fields: &["test", "tok_s"], rows: own_csv::rows },
];

/// Names of the tools and shapes for messages.
const KNOWN: &str = "llama-bench (json, jsonl, csv, md, sql), llama-batched-bench (md, jsonl), llama-sweep-bench, llama-benchy (md, csv, \
                     json), vllm bench serve and sglang.bench_serving (json, console), aiperf, ollama --verbose, mlx_lm.benchmark, \
                     and CSV with the columns machine, model, format, runtime, test, tok_s are read";

/// Reads a result file.
///
/// # Errors
/// [`FileError`] with the place if the file is malformed, comes from an unknown tool, or contains no measurement.
pub fn read(file: &TextFile) -> Result<Reading, FileError> {
    let records = shape::records(file)?;
    let Some(first) = records.first() else {
        return Err(FileError::whole(&file.name, format!("no result of a benchmark is in it; {KNOWN}")));
    };
    let Some(tool) = records.iter().find_map(tool_of) else {
        let fields: Vec<&str> = first.names().take(6).collect();
        let sentence =
            format!("these are the results of no tool that is known (fields {}); {KNOWN}", fields.join(", "));
        return Err(first.fault(file, sentence));
    };
    let mut reading = Reading { tool: tool.name, mark: mark(&file.text), ..Reading::default() };
    let mut wrong = None;
    for record in &records {
        if let Some(why) = &record.fault {
            reading.unread.push((record.line, why.clone()));
            continue;
        }
        let Some(own) = tool_of(record).filter(|own| own.name == tool.name) else {
            let fields: Vec<&str> = record.names().take(6).collect();
            let sentence = format!("this is not a result of {} (fields {})", tool.name, fields.join(", "));
            reading.unread.push((record.line, sentence));
            continue;
        };
        match (own.rows)(record) {
            Ok(found) => {
                reading.rows.extend(found.rows);
                if let Some(why) = found.left_out {
                    *reading.left_out.entry(why).or_default() += 1;
                }
            }
            Err(Refused::LeftOut(why)) => *reading.left_out.entry(why).or_default() += 1,
            Err(Refused::Wrong(sentence)) => {
                wrong = wrong.or_else(|| Some(record.fault(file, sentence.clone())));
                reading.unread.push((record.line, sentence));
            }
        }
    }
    match wrong {
        Some(wrong) if reading.rows.is_empty() => return Err(wrong),
        _ => {}
    }
    if reading.rows.is_empty() {
        let why: Vec<&str> = reading.left_out.keys().map(String::as_str).collect();
        let sentence = format!("no row of these results of {} is a measurement: {}", reading.tool, why.join("; "));
        return Err(FileError::whole(&file.name, sentence));
    }
    Ok(reading)
}

/// Returns the FNV-1a hash of the text, which is the same on every machine.
fn mark(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |mark, byte| (mark ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

fn tool_of(record: &Record) -> Option<&'static Tool> {
    TOOLS.iter().find(|tool| tool.fields.iter().all(|field| record.has(field)))
}
