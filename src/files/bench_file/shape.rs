//! JSON, JSON lines, CSV or a table in Markdown: records from each.

use serde_json::Value;

use super::record::{Record, shown};
use crate::model::ron_file::{FileError, Place, TextFile};

/// More rows than these are no benchmark.
const MOST_RECORDS: usize = 10_000;

/// The records of a file, whatever its shape.
pub(super) fn records(file: &TextFile) -> Result<Vec<Record>, FileError> {
    let text = file.text.strip_prefix('\u{feff}').unwrap_or(&file.text);
    let records = if text.trim_start().starts_with(['{', '[']) {
        json(file, text)?
    } else if text.lines().any(|line| line.trim_start().starts_with('|')) {
        table(text)
    } else {
        csv(file, text)?
    };
    match records.get(MOST_RECORDS) {
        Some(beyond) => Err(beyond.fault(file, "the file holds more rows than are read; split it".to_owned())),
        None => Ok(records),
    }
}

/// One value, an array of them, or one after the other. The parser refuses what is nested too deeply.
fn json(file: &TextFile, text: &str) -> Result<Vec<Record>, FileError> {
    let mut records = Vec::new();
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    let mut line = 1;
    let mut counted = 0;
    loop {
        let start = values.byte_offset();
        let blank = text.get(start..).map_or(0, |rest| rest.len() - rest.trim_start().len());
        line += lines_in(text, counted, start + blank);
        counted = start + blank;
        let value = match values.next() {
            None => return Ok(records),
            Some(Ok(value)) => value,
            Some(Err(error)) => {
                let place = Place { line: error.line().max(1), column: error.column().max(1) };
                let sentence = format!("this is not JSON: {}", reason(&error));
                return Err(FileError::at(&file.name, &file.text, place, 1, sentence));
            }
        };
        let rows = match value {
            Value::Array(rows) => rows,
            one => vec![one],
        };
        for row in rows {
            let Value::Object(fields) = row else {
                let found = Record { line, ..Record::default() };
                return Err(found.fault(file, "a result is an object in braces; this is something else".to_owned()));
            };
            let fields = fields.into_iter().filter_map(|(name, value)| Some((name, scalar(value)?))).collect();
            records.push(Record { line, fields, machine: None });
        }
    }
}

fn lines_in(text: &str, from: usize, to: usize) -> usize {
    text.get(from..to).map_or(0, |part| part.matches('\n').count())
}

/// The parser's reason without its place, which stands before the sentence.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or_default().to_owned()
}

/// A number, text or truth as text; what is nested says nothing here.
fn scalar(value: Value) -> Option<String> {
    match value {
        Value::Null => Some(String::new()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(text),
        Value::Array(_) | Value::Object(_) => None,
    }
}

/// The rows of every table; the lines between are a log.
fn table(text: &str) -> Vec<Record> {
    let mut records = Vec::new();
    let mut header: Option<Vec<String>> = None;
    for (at, line) in text.lines().enumerate() {
        let Some(inner) = line.trim().strip_prefix('|') else {
            header = None;
            continue;
        };
        let cells: Vec<String> =
            inner.strip_suffix('|').unwrap_or(inner).split('|').map(|cell| cell.trim().to_owned()).collect();
        let is_rule = cells.iter().all(|cell| !cell.is_empty() && cell.chars().all(|c| matches!(c, '-' | ':' | ' ')));
        match &header {
            _ if is_rule => {}
            None => header = Some(cells),
            Some(names) => {
                let fields = names.iter().cloned().zip(cells).collect();
                records.push(Record { line: at + 1, fields, machine: None });
            }
        }
    }
    records
}

fn csv(file: &TextFile, text: &str) -> Result<Vec<Record>, FileError> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).comment(Some(b'#')).from_reader(text.as_bytes());
    let fault = |error: &csv::Error| {
        let line = error.position().map_or(1, csv::Position::line);
        let sentence = match error.kind() {
            csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
                format!("this row has {len} cells, the header {expected_len}")
            }
            _ => "this is not CSV that can be read".to_owned(),
        };
        let place = Place { line: usize::try_from(line).unwrap_or(1).max(1), column: 1 };
        FileError::at(&file.name, &file.text, place, 1, sentence)
    };
    let names: Vec<String> = reader.headers().map_err(|error| fault(&error))?.iter().map(str::to_owned).collect();
    let mut records = Vec::new();
    for row in reader.records() {
        let row = row.map_err(|error| fault(&error))?;
        let line = row.position().map_or(1, |place| usize::try_from(place.line()).unwrap_or(1));
        let fields = names.iter().cloned().zip(row.iter().map(str::to_owned)).collect();
        records.push(Record { line, fields, machine: None });
    }
    Ok(records)
}

/// The graphics card that the log around a table names; several different ones name none.
pub(super) fn device(text: &str) -> Option<String> {
    let cuda = |line: &str| {
        let rest = line.trim_start().strip_prefix("Device ")?;
        let (number, rest) = rest.split_once(": ")?;
        number.parse::<u32>().ok()?;
        Some(rest.split(", ").next()?.trim().to_owned())
    };
    let metal = |line: &str| Some(line.split_once("GPU name:")?.1.trim().to_owned());
    let found: Vec<String> = text.lines().take(1000).filter_map(|line| cuda(line).or_else(|| metal(line))).collect();
    match found.as_slice() {
        [] => None,
        // Of several the machine is not that of one.
        all => Some(shown(&all.join(", "))),
    }
}
