//! Output formats of answers: tables for people; JSON, CSV and Markdown for other uses.

use std::io::{self, BufWriter, ErrorKind, Write};

use clap::ValueEnum;
use serde_json::Value;
use unicode_width::UnicodeWidthStr;

use super::Failure;
use crate::model::answer::{Cell, Sheet, SheetColumn, SheetRow};
use crate::model::ron_file::{is_hostile, visible_lines};

/// The form of an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Output {
    /// Columns for a terminal
    #[default]
    Table,
    /// One JSON value
    Json,
    /// Comma-separated values with a header
    Csv,
    /// A Markdown table
    Markdown,
}

/// Standard output that ignores a reader that ends early.
pub struct Stdout {
    /// Not locked, since the explorer writes from another thread.
    inner: BufWriter<io::Stdout>,
}

impl Stdout {
    pub(super) fn new() -> Self {
        Self { inner: BufWriter::new(io::stdout()) }
    }

    pub(super) fn finish(&mut self) -> Result<(), Failure> {
        self.flush().map_err(Failure::from)
    }
}

/// Returns `otherwise` instead of the error that the reader has ended.
fn quiet<T>(result: io::Result<T>, otherwise: T) -> io::Result<T> {
    match result {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(otherwise),
        result => result,
    }
}

impl Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        quiet(self.inner.write(bytes), bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        quiet(self.inner.flush(), ())
    }
}

/// A table for people: a header and cells as text.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    pub header: Vec<String>,
    pub rows: Vec<Vec<String>>,
    /// Sentences below the table.
    pub notes: Vec<String>,
}

impl Table {
    /// Returns an empty table with these columns.
    pub fn of<'t>(header: impl IntoIterator<Item = &'t str>) -> Self {
        Self { header: header.into_iter().map(str::to_owned).collect(), rows: Vec::new(), notes: Vec::new() }
    }

    /// Adds a row.
    pub fn push(&mut self, row: impl IntoIterator<Item = String>) {
        self.rows.push(row.into_iter().collect());
    }

    fn widths(&self) -> Vec<usize> {
        let mut widths: Vec<usize> = self.header.iter().map(|cell| cell.width()).collect();
        for row in &self.rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.width());
            }
        }
        widths
    }
}

/// Writes an answer in the given format: `json` as JSON or flattened to CSV, `table` as a table or as Markdown.
pub(super) fn write(out: &mut Stdout, output: Output, json: &Value, table: &Table) -> Result<(), Failure> {
    match output {
        Output::Json => {
            let text = serde_json::to_string_pretty(json).map_err(Failure::input)?;
            writeln!(out, "{}", escaped(&text))?;
        }
        Output::Csv if json.as_array().is_some_and(Vec::is_empty) => write_rows(out, &table.header, &[])?,
        Output::Csv => write_csv(out, json)?,
        Output::Markdown => write_markdown(out, table)?,
        Output::Table => write_table(out, table)?,
    }
    Ok(())
}

/// Returns JSON in which characters that could control a terminal are replaced by escapes of the same value.
fn escaped(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        if is_hostile(c) {
            text.extend(c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")));
        } else {
            text.push(c);
        }
    }
    text
}

fn write_table(out: &mut Stdout, table: &Table) -> io::Result<()> {
    let widths = table.widths();
    for row in std::iter::once(&table.header).chain(&table.rows) {
        let mut text = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            text.push_str(cell);
            text.push_str(&" ".repeat(width + 2 - cell.width()));
        }
        writeln!(out, "{}", text.trim_end())?;
    }
    write_notes(out, table)
}

fn write_notes(out: &mut Stdout, table: &Table) -> io::Result<()> {
    if !table.notes.is_empty() {
        writeln!(out)?;
    }
    table.notes.iter().try_for_each(|note| writeln!(out, "{note}"))
}

fn write_markdown(out: &mut Stdout, table: &Table) -> io::Result<()> {
    let column = |title: &String| SheetColumn { title: title.clone(), ..SheetColumn::default() };
    let row = |cells: &Vec<String>| SheetRow { cells: cells.iter().map(Cell::of).collect(), ..SheetRow::default() };
    let sheet = Sheet {
        columns: table.header.iter().map(column).collect(),
        rows: table.rows.iter().map(row).collect(),
        ..Sheet::default()
    };
    write!(out, "{}", sheet.markdown())?;
    write_notes(out, table)
}

/// Writes a header and rows as CSV.
pub(super) fn write_rows(out: &mut Stdout, header: &[String], rows: &[Vec<String>]) -> Result<(), Failure> {
    let mut writer = csv::Writer::from_writer(out);
    for row in std::iter::once(header).chain(rows.iter().map(Vec::as_slice)) {
        writer.write_record(row.iter().map(|cell| visible_lines(cell))).map_err(Failure::input)?;
    }
    writer.flush()?;
    Ok(())
}

/// Writes one CSV line per element of a JSON array (or the value itself), with a column per path; lists are joined by
/// semicolons.
fn write_csv(out: &mut Stdout, json: &Value) -> Result<(), Failure> {
    let records: Vec<&Value> = json.as_array().map_or_else(|| vec![json], |array| array.iter().collect());
    let flat: Vec<Vec<(String, String)>> = records.into_iter().map(flatten).collect();
    let mut header: Vec<String> = Vec::new();
    for (path, _) in flat.iter().flatten() {
        if !header.contains(path) {
            header.push(path.clone());
        }
    }
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(&header).map_err(Failure::input)?;
    for record in &flat {
        let cell = |path: &String| record.iter().find(|(own, _)| own == path).map_or("", |(_, text)| text.as_str());
        writer.write_record(header.iter().map(cell)).map_err(Failure::input)?;
    }
    writer.flush()?;
    Ok(())
}

fn flatten(value: &Value) -> Vec<(String, String)> {
    let mut cells = Vec::new();
    flatten_into(value, "", &mut cells);
    cells
}

fn flatten_into(value: &Value, path: &str, cells: &mut Vec<(String, String)>) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                flatten_into(field, &path, cells);
            }
        }
        other => cells.push((path.to_owned(), cell(other))),
    }
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => visible_lines(text),
        Value::Array(items) => items.iter().map(cell).collect::<Vec<_>>().join("; "),
        other => other.to_string(),
    }
}
