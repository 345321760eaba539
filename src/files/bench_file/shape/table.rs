//! Pasted Markdown tables: with or without outer bars, with wrapped headers, several in one text.

use super::super::record::Record;

/// Reads the rows of every table as records.
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
            // A rule in the next line makes this a header, even if it directly follows another table.
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

/// Returns a column's name; the tools' own names that people capitalize are changed to lower case.
fn name(cell: &str) -> String {
    let lower = cell.to_lowercase();
    let tools = ["model", "size", "params", "backend", "test", "threads"];
    if tools.contains(&lower.as_str()) { lower } else { cell.to_owned() }
}

/// Returns the lines with their numbers; a table row that is broken into two lines is joined.
fn joined(text: &str) -> Vec<(usize, String)> {
    let mut lines: Vec<(usize, String)> = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let line = line.trim();
        let open = lines.last().is_some_and(|(number, last)| {
            *number == at && last.starts_with('|') && !last.ends_with('|') && !last.is_empty()
        }) || lines.last().is_some_and(|(number, last)| {
            // If the break comes after a bar, the first part looks like a complete row.
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

/// Returns the cells of a table row; `None` for other lines.
fn cells(line: &str) -> Option<Vec<String>> {
    let inner = line.strip_prefix('|').unwrap_or(line);
    let inner = inner.strip_suffix('|').unwrap_or(inner);
    if !line.starts_with('|') && inner.matches(" | ").count() < 2 {
        return None;
    }
    Some(inner.split('|').map(|cell| cell.trim().trim_matches('*').trim().to_owned()).collect())
}

/// Returns true for the line between a table's header and its rows.
fn is_rule(line: &str) -> bool {
    line.contains("--") && line.contains('|') && line.chars().all(|c| matches!(c, '-' | ':' | ' ' | '|'))
}
