//! JSON records: a whole file of them, or single ones among the lines of a log.

use serde_json::Value;

use super::super::record::Record;
use crate::files::model_file::with_nulls;
use crate::model::ron_file::{FileError, Place, TextFile};

/// The greatest depth of objects within a record that are read.
const DEEPEST: usize = 3;
/// The most lines of a log that are tried as JSON.
const MOST_TRIES: usize = 2000;
/// The longest JSON record in a log that is read, bytes.
const LONGEST: usize = 1 << 22;

/// Reads a value, an array of values, or several values in a row as records. The parser limits the depth of nesting.
pub(super) fn whole(file: &TextFile, text: &str) -> Result<Vec<Record>, FileError> {
    let finite = with_nulls(text);
    let text = finite.as_str();
    let mut records = Vec::new();
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    let (mut line, mut counted) = (1, 0);
    loop {
        let start = values.byte_offset();
        let blank = text.get(start..).map_or(0, |rest| rest.len() - rest.trim_start().len());
        line += lines_in(text, counted, start + blank);
        counted = start + blank;
        match values.next() {
            None => return Ok(records),
            Some(Ok(value)) => {
                if !add(value, line, &mut records) {
                    let found = Record { line, ..Record::default() };
                    return Err(found.fault(file, "a result is an object in braces; this is something else".to_owned()));
                }
            }
            // A tool's log may follow its results.
            Some(Err(_))
                if !records.is_empty() && !text.get(counted..).is_some_and(|rest| rest.starts_with(['{', '['])) =>
            {
                return Ok(records);
            }
            Some(Err(error)) => {
                let place = Place { line: error.line().max(1), column: error.column().max(1) };
                let sentence = error.to_string();
                let sentence = sentence.split(" at line ").next().unwrap_or_default();
                return Err(FileError::at(&file.name, &file.text, place, 1, format!("this is not JSON: {sentence}")));
            }
        }
    }
}

/// Reads one JSON object per line. A line that is no JSON object becomes a record with a fault; if it is the first
/// line, returns `None`.
pub(super) fn lines(text: &str) -> Option<Vec<Record>> {
    let mut records = Vec::new();
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    for (at, line) in lines.take(super::MOST_RECORDS + 1) {
        let value = serde_json::from_str::<Value>(&with_nulls(line)).ok().filter(Value::is_object);
        if let Some(value) = value {
            add(value, at + 1, &mut records);
        } else if records.is_empty() {
            return None;
        } else {
            let fault = Some("this line is not JSON that can be read; it may be cut off".to_owned());
            records.push(Record { line: at + 1, fault, ..Record::default() });
        }
    }
    Some(records)
}

/// Reads the JSON values that begin at the start of a line of a log.
pub(super) fn among_lines(text: &str) -> Vec<Record> {
    let mut records = Vec::new();
    let (mut offset, mut until, mut tries) = (0, 0, 0);
    for (at, line) in text.split_inclusive('\n').enumerate() {
        let here = offset + (line.len() - line.trim_start().len());
        offset += line.len();
        if here < until || !line.trim_start().starts_with(['{', '[']) || tries >= MOST_TRIES {
            continue;
        }
        tries += 1;
        let mut end = text.len().min(here + LONGEST);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let Some(rest) = text.get(here..end) else { continue };
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<Value>();
        if let Some(Ok(value)) = values.next()
            && add(value, at + 1, &mut records)
        {
            until = here + values.byte_offset();
        }
    }
    records
}

/// Adds the records of a value; returns false if it contains anything but objects.
fn add(value: Value, line: usize, records: &mut Vec<Record>) -> bool {
    let rows = match value {
        Value::Array(rows) => rows,
        one => vec![one],
    };
    for row in rows {
        let Value::Object(mut fields) = row else { return false };
        // llama-benchy writes its rows as a list in an object that also holds their common fields.
        let inner = fields.remove("benchmarks").or_else(|| fields.remove("results")).unwrap_or_default();
        let mut shared = Vec::new();
        flatten("", &Value::Object(fields), 0, &mut shared);
        match inner {
            Value::Array(inner) if inner.iter().all(Value::is_object) && !inner.is_empty() => {
                for row in &inner {
                    let mut fields = Vec::new();
                    flatten("", row, 0, &mut fields);
                    fields.extend(shared.iter().cloned());
                    records.push(Record { line, fields, ..Record::default() });
                }
            }
            _ => records.push(Record { line, fields: shared, ..Record::default() }),
        }
    }
    true
}

/// Adds numbers, texts and booleans as texts; a field of a nested object gets a name with dots.
fn flatten(start: &str, value: &Value, depth: usize, fields: &mut Vec<(String, String)>) {
    let name = |own: &str| if start.is_empty() { own.to_owned() } else { format!("{start}.{own}") };
    match value {
        Value::Null => fields.push((start.to_owned(), String::new())),
        Value::Bool(truth) => fields.push((start.to_owned(), truth.to_string())),
        Value::Number(number) => fields.push((start.to_owned(), number.to_string())),
        Value::String(text) => fields.push((start.to_owned(), text.clone())),
        Value::Object(map) if depth < DEEPEST => {
            for (own, value) in map {
                flatten(&name(own), value, depth + 1, fields);
            }
        }
        // Some tools write the model's name as a list of one.
        Value::Array(list) if list.len() == 1 => {
            if let Some(one) = list.first().filter(|one| !one.is_array() && !one.is_object()) {
                flatten(start, one, depth, fields);
            }
        }
        Value::Array(_) | Value::Object(_) => {}
    }
}

fn lines_in(text: &str, from: usize, to: usize) -> usize {
    text.get(from..to).map_or(0, |part| part.matches('\n').count())
}
