//! The rows of `llama-bench -o sql`: one `INSERT INTO` statement with its columns per row.

use super::super::record::Record;

/// The longest statement that is read, bytes.
const LONGEST: usize = 1 << 16;

/// Reads the statements of a text as records.
pub(super) fn records(text: &str) -> Vec<Record> {
    let mut records = Vec::new();
    let mut offset = 0;
    for (at, line) in text.split_inclusive('\n').enumerate() {
        if line.trim_start().starts_with("INSERT INTO") {
            let mut end = text.len().min(offset + LONGEST);
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            if let Some(fields) = text.get(offset..end).and_then(fields) {
                records.push(Record { line: at + 1, fields, ..Record::default() });
            }
        }
        offset += line.len();
    }
    records
}

fn fields(statement: &str) -> Option<Vec<(String, String)>> {
    let (names, values) = statement.split_once(" VALUES ")?;
    let names = names.split_once('(')?.1.trim_end().strip_suffix(')')?;
    let names = names.split(',').map(|name| name.trim().to_owned());
    Some(names.zip(list(values.trim_start().strip_prefix('(')?)?).collect())
}

/// Returns the values up to the closing bracket; texts are in single quotes, and a quote within a text is doubled.
fn list(text: &str) -> Option<Vec<String>> {
    let mut values = vec![String::new()];
    let mut quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\'' if quoted && chars.peek() == Some(&'\'') => {
                chars.next();
                values.last_mut()?.push('\'');
            }
            '\'' => quoted = !quoted,
            ',' if !quoted => values.push(String::new()),
            ')' if !quoted => return Some(values.into_iter().map(|value| value.trim().to_owned()).collect()),
            c => values.last_mut()?.push(c),
        }
    }
    None
}
