//! What does a benchmark's result file say? Rows of llama-bench, llama-batched-bench, `vllm bench serve` and plain CSV.
//!
//! Every shape (JSON, JSON lines, CSV, a table in Markdown) becomes records of named texts; a tool is known by the names
//! of its fields. `names` and `resolve` then say which machine, model, format and runtime of the catalog is meant, or
//! what must be asked.

mod llama_batched;
mod llama_bench;
mod names;
mod own_csv;
mod record;
mod resolve;
mod shape;
mod vllm;
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
    /// What was measured.
    pub test: Test,
    /// How, for aggregates.
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
    /// When it was taken, where the file says.
    pub date: Option<Date>,
    /// How far it can be trusted.
    pub tier: Tier,
    /// Conditions in words.
    pub note: String,
    /// What the tool says of machine, model, format and software.
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

/// Which runtime a tool measures.
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

/// What a file holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// The tool that wrote it.
    pub tool: &'static str,
    /// The rows that are measurements.
    pub rows: Vec<Row>,
    /// Why others are left out, with how many.
    pub left_out: BTreeMap<String, usize>,
    /// The same for the same text, to tell the rows of two files apart.
    pub mark: u32,
}

/// What a tool makes of one of its records: rows, or why it gives none.
type Rows = Result<Vec<Row>, Refused>;

/// Why a record gives no row.
enum Refused {
    /// It is no measurement of this kind: the others count.
    LeftOut(&'static str),
    /// The file is wrong here.
    Wrong(String),
}

/// A tool: its name, the fields its records are known by, and how they are read.
struct Tool {
    name: &'static str,
    fields: &'static [&'static str],
    rows: fn(&Record) -> Rows,
}

/// What is read, the first whose fields are there.
const TOOLS: &[Tool] = &[
    Tool { name: "llama-bench", fields: &["avg_ts", "n_prompt", "n_gen"], rows: llama_bench::full },
    Tool { name: "llama-bench", fields: &["model", "test", "t/s"], rows: llama_bench::table },
    Tool { name: "llama-batched-bench", fields: &["pp", "tg", "pl", "speed_tg"], rows: llama_batched::lines },
    Tool { name: "llama-batched-bench", fields: &["PP", "TG", "B", "S_TG t/s"], rows: llama_batched::table },
    Tool { name: "vllm bench serve", fields: &["output_throughput", "completed"], rows: vllm::rows },
    Tool { name: "plain CSV", fields: &["test", "tok_s"], rows: own_csv::rows },
];

/// What is read, in words.
const KNOWN: &str = "llama-bench (json, jsonl, csv, md), llama-batched-bench (md, jsonl), the result of vllm bench serve, and CSV \
                     with the columns machine, model, format, runtime, test, tok_s are read";

/// Reads a result file.
///
/// # Errors
/// [`FileError`] with the place where it is not what it seems, is of no known tool, or holds no measurement.
pub fn read(file: &TextFile) -> Result<Reading, FileError> {
    let mut records = shape::records(file)?;
    for record in &mut records {
        record.machine = shape::device(&file.text);
    }
    let Some(first) = records.first() else {
        return Err(FileError::whole(&file.name, format!("no result of a benchmark is in it; {KNOWN}")));
    };
    let Some(tool) = tool_of(first) else {
        let fields: Vec<&str> = first.names().take(6).collect();
        let sentence =
            format!("these are the results of no tool that is known (fields {}); {KNOWN}", fields.join(", "));
        return Err(first.fault(file, sentence));
    };
    let mut reading = Reading { tool: tool.name, mark: mark(&file.text), ..Reading::default() };
    for record in &records {
        let Some(own) = tool_of(record).filter(|own| own.name == tool.name) else {
            return Err(
                record.fault(file, format!("this is not a result of {} as the others before it are", tool.name))
            );
        };
        match (own.rows)(record) {
            Ok(rows) => reading.rows.extend(rows),
            Err(Refused::LeftOut(why)) => *reading.left_out.entry(why.to_owned()).or_default() += 1,
            Err(Refused::Wrong(sentence)) => return Err(record.fault(file, sentence)),
        }
    }
    if reading.rows.is_empty() {
        let why: Vec<&str> = reading.left_out.keys().map(String::as_str).collect();
        return Err(FileError::whole(&file.name, format!("no row of it is a measurement: {}", why.join("; "))));
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
