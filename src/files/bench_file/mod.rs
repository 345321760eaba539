//! Result files of benchmarks as rows: the tools' own formats, tables that people paste, plain CSV.
//!
//! Every shape (JSON, SQL, CSV, tables and blocks among the lines of a log) becomes records of named texts; a tool is known by
//! the names of its fields. `names` and `resolve` then say which machine, model, format and runtime of the catalog is meant, or
//! ask for it, and hold the row against what the catalog knows of them.

mod benchy;
mod generated;
mod held;
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

/// A row of a benchmark with the names that the tool wrote, before the catalog is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The line of the file that it stands on, from 1.
    pub line: usize,
    /// The test.
    pub test: Test,
    /// The kind of aggregate, for aggregates.
    pub aggregate: Option<AggregateKind>,
    /// Tokens of the prompt.
    pub prompt: Option<f64>,
    /// Tokens in the cache before.
    pub context: Option<f64>,
    /// Tokens generated.
    pub generate: Option<f64>,
    /// Streams at once.
    pub concurrency: f64,
    /// Tokens per second.
    pub tok_s: f64,
    /// Mean rate of one stream of several, tokens per second.
    pub per_stream_tok_s: Option<f64>,
    /// Time to first token, seconds.
    pub ttft_s: Option<f64>,
    /// The day on which it was taken, where the file says.
    pub date: Option<Date>,
    /// The trust in it.
    pub tier: Tier,
    /// Conditions in words.
    pub note: String,
    /// Layers on the device, where the file says; as many as the model has and more mean all.
    pub on_device: Option<f64>,
    /// Bytes of the weights, where the file says.
    pub size_bytes: Option<f64>,
    /// True where drafts were used.
    pub speculative: bool,
    /// The tool's names of machine, model, format and software.
    pub named: Named,
}

/// Names as a tool writes them, the more telling first; empty where it says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// Machine: graphics card, then processor.
    pub machine: Vec<String>,
    /// Model: file, then type.
    pub model: Vec<String>,
    /// Weight format: type, then file.
    pub format: Vec<String>,
    /// Parameters of the model, where stated.
    pub params: Option<u64>,
    /// Runtime.
    pub runtime: Software,
    /// Element types of the cache, keys and values.
    pub cache: Option<(String, String)>,
}

/// The runtime that a tool measures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Software {
    /// The file does not say.
    #[default]
    NotStated,
    /// The one that reads GGUF files.
    ReadsGguf,
    /// One that batches continuously; the name where it is stated.
    Serves(String),
    /// By id.
    Id(String),
}

/// The content of a result file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// The tool that wrote it.
    pub tool: &'static str,
    /// The rows that are measurements.
    pub rows: Vec<Row>,
    /// The reasons why others are left out, with their number.
    pub left_out: BTreeMap<String, usize>,
    /// Lines that are not read, with the reason.
    pub unread: Vec<(usize, String)>,
    /// The same for the same text, to tell the rows of two files apart.
    pub mark: u32,
}

/// The rows of one record, or the reason why it gives none.
type Rows = Result<Found, Refused>;

/// The rows of one record, and the reason why another of its figures gives none.
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
    /// It is no measurement of this kind: the others count.
    LeftOut(String),
    /// The file is wrong here.
    Wrong(String),
}

fn left_out(why: &str) -> Refused {
    Refused::LeftOut(why.to_owned())
}

/// A tool: its name, the fields its records are known by, and the way in which they are read.
struct Tool {
    name: &'static str,
    fields: &'static [&'static str],
    rows: fn(&Record) -> Rows,
}

/// The tools that are read, the first whose fields are there.
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
    Tool { name: "ollama --verbose", fields: &["eval_count", "eval_rate"], rows: generated::ollama },
    Tool { name: "mlx_lm", fields: &["prompt_tps", "generation_tps"], rows: generated::mlx },
    Tool { name: "plain CSV", fields: &["test", "tok_s"], rows: own_csv::rows },
];

/// The tools that are read, in words.
const KNOWN: &str = "llama-bench (json, jsonl, csv, md, sql), llama-batched-bench (md, jsonl), llama-sweep-bench, llama-benchy (md, csv, \
                     json), vllm bench serve and sglang.bench_serving (json, console), aiperf, ollama --verbose, mlx_lm.benchmark, \
                     and CSV with the columns machine, model, format, runtime, test, tok_s are read";

/// Reads a result file.
///
/// # Errors
/// [`FileError`] with the place where it is not what it seems, is of no known tool, or holds no measurement.
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

/// FNV-1a: the same on every machine.
fn mark(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |mark, byte| (mark ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

fn tool_of(record: &Record) -> Option<&'static Tool> {
    TOOLS.iter().find(|tool| tool.fields.iter().all(|field| record.has(field)))
}
