//! Tables of Markdown as they are pasted: with or without outer bars, with wrapped headers, several in one text.

use super::super::record::Record;

/// The rows of every table.
pub(super) fn records(text: &str) -> Vec<Record> {
    let mut records = Vec::new();
    let lines = joined(text);
    let mut header: Option<Vec<String>> = None;
    for (at, (number, line)) in lines.iter().enumerate() {
        let Some(cells) = cells(line) else {
            header = None;
            continue;
        };
        let next_is_rule = lines.get(at + 1).is_some_and(|(_, next)| is_rule(next));
        if is_rule(line) {
            continue;
        }
        match &header {
            // A rule below makes it a header, also where a table follows another without a line between.
            _ if next_is_rule => header = Some(cells.iter().map(|cell| name(cell)).collect()),
            None if line.starts_with('|') => header = Some(cells.iter().map(|cell| name(cell)).collect()),
            None => {}
            Some(names) => {
                let fields = names.iter().cloned().zip(cells).collect();
                records.push(Record { line: *number, fields, ..Record::default() });
            }
        }
    }
    records
}

/// Names of columns that people capitalize, as the tools write them.
fn name(cell: &str) -> String {
    let lower = cell.to_lowercase();
    let tools = ["model", "size", "params", "backend", "test", "threads"];
    if tools.contains(&lower.as_str()) { lower } else { cell.to_owned() }
}

/// The lines with their numbers; a row of bars that is broken in two is one.
fn joined(text: &str) -> Vec<(usize, String)> {
    let mut lines: Vec<(usize, String)> = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let line = line.trim();
        let open = lines.last().is_some_and(|(number, last)| {
            *number == at && last.starts_with('|') && !last.ends_with('|') && !last.is_empty()
        }) || lines.last().is_some_and(|(number, last)| {
            // A break behind a bar leaves a beginning that ends like a row.
            *number == at && last.starts_with('|') && !line.starts_with('|') && line.ends_with('|')
        });
        match lines.last_mut().filter(|_| open && !line.is_empty() && !line.starts_with('|')) {
            Some((_, last)) => {
                last.push(' ');
                last.push_str(line);
            }
            None => lines.push((at + 1, line.to_owned())),
        }
    }
    lines
}

/// The cells of a row; `None` where the line is none.
fn cells(line: &str) -> Option<Vec<String>> {
    let inner = line.strip_prefix('|').unwrap_or(line);
    let inner = inner.strip_suffix('|').unwrap_or(inner);
    if !line.starts_with('|') && inner.matches(" | ").count() < 2 {
        return None;
    }
    Some(inner.split('|').map(|cell| cell.trim().trim_matches('*').trim().to_owned()).collect())
}

/// Returns true for the line between a header and its rows.
fn is_rule(line: &str) -> bool {
    line.contains("--") && line.contains('|') && line.chars().all(|c| matches!(c, '-' | ':' | ' ' | '|'))
}
