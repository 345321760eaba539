//! Tables of facts in CSV, read as entries of a catalog: machines, models, prices, rents, prices of APIs and electricity.
//!
//! A table is recognised by its columns. Of an entry that the catalog has, an empty cell or a missing column keeps the
//! catalog's fact; of a new one it is not known. Each distinct text in a source column becomes a source of its own.

mod cite;
mod machine;
mod market;
mod model;
mod row;

use serde::Serialize;

use crate::model::catalog::Catalog;
use crate::model::facts::{ApiPrice, CloudPrice, Date, Electricity, Machine, Model, PricePoint, Source};
use crate::model::ron_file::{self, FileError, Place, TextFile, normalised};
use cite::Citations;
use row::Row;

/// The entries of a table, in the shape of a catalog file.
#[derive(Default, Serialize)]
struct Facts {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sources: Vec<Source>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    machines: Vec<Machine>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    models: Vec<Model>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    prices: Vec<PricePoint>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    cloud: Vec<CloudPrice>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    api_prices: Vec<ApiPrice>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    electricity: Vec<Electricity>,
}

/// The state of reading a table: the catalog that it is laid over, the day, and the entries so far.
struct Reader<'c> {
    catalog: &'c Catalog,
    today: Date,
    citations: Citations,
    facts: Facts,
    left_out: Vec<String>,
}

/// A table as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactTable {
    /// Its entries as the text of a catalog file.
    pub text: String,
    /// Rows that were left out, each with its line and the reason.
    pub left_out: Vec<String>,
}

impl Reader<'_> {
    /// Notes that a row is left out, and the reason.
    fn leave_out(&mut self, row: &Row<'_>, why: &str) {
        self.left_out.push(format!("line {}: {why}", row.line));
    }
}

/// A kind of table.
struct Kind {
    /// Its entries, in words.
    what: &'static str,
    /// Columns that it has at least.
    marks: &'static [&'static str],
    /// Columns that it may have.
    columns: &'static [&'static str],
    /// Reads a row.
    read: fn(&mut Reader<'_>, &Row<'_>) -> Result<(), FileError>,
}

const KINDS: &[Kind] = &[
    Kind { what: "machines", marks: &["id"], columns: machine::COLUMNS, read: machine::read },
    Kind { what: "models", marks: &["id"], columns: model::COLUMNS, read: model::read },
    Kind { what: "prices", marks: &["sold_as", "price"], columns: market::PRICES, read: market::price },
    Kind { what: "rents", marks: &["gpu"], columns: market::CLOUD, read: market::cloud },
    Kind { what: "prices of APIs", marks: &["model"], columns: market::API_PRICES, read: market::api_price },
    Kind { what: "prices of electricity", marks: &["region"], columns: market::ELECTRICITY, read: market::electricity },
];

/// Reads the entries of a table. `today` dates facts that state no date.
///
/// # Errors
/// [`FileError`] with the line where the text is no CSV, has columns of no table, or a cell cannot be read.
pub fn read(file: &TextFile, catalog: &Catalog, today: Date) -> Result<FactTable, FileError> {
    let text = normalised(&file.text);
    let at_line = |line: u64, sentence: String| {
        FileError::at(
            &file.name,
            &text,
            Place { line: usize::try_from(line).unwrap_or(1).max(1), column: 1 },
            1,
            sentence,
        )
    };
    let no_csv = |error: csv::Error| {
        let line = error.position().map_or(1, csv::Position::line);
        at_line(line, "this row does not have the columns of the header".to_owned())
    };
    let mut csv = csv::Reader::from_reader(text.as_bytes());
    let header: Vec<String> = csv.headers().map_err(no_csv)?.iter().map(|name| name.trim().to_lowercase()).collect();
    let kind = kind_of(&header).map_err(|sentence| at_line(1, sentence))?;
    let mut reader =
        Reader { catalog, today, citations: Citations::default(), facts: Facts::default(), left_out: Vec::new() };
    for record in csv.records() {
        let record = record.map_err(no_csv)?;
        let line = record.position().map_or(1, csv::Position::line);
        let cells = header.iter().map(String::as_str).zip(record.iter().map(str::trim)).collect();
        (kind.read)(&mut reader, &Row { file: &file.name, text: &text, line, cells })?;
    }
    let facts = Facts { sources: reader.citations.into_sources(), ..reader.facts };
    let body = ron_file::to_string(&facts).map_err(|error| FileError::whole(&file.name, error.to_string()))?;
    Ok(FactTable { text: format!("Catalog{body}\n"), left_out: reader.left_out })
}

/// Returns the kind of table that has these columns; else a sentence about the nearest kind.
fn kind_of(header: &[String]) -> Result<&'static Kind, String> {
    let has = |name: &str| header.iter().any(|own| own == name);
    let fits = |kind: &&Kind| {
        kind.marks.iter().all(|mark| has(mark)) && header.iter().all(|name| kind.columns.contains(&name.as_str()))
    };
    if let Some(kind) = KINDS.iter().find(fits) {
        return Ok(kind);
    }
    if has("tok_s") {
        return Err("this is a table of measurements; `whichbox import` reads it".to_owned());
    }
    // Of kinds that share as many columns the first is meant.
    let shared = |kind: &&Kind| header.iter().filter(|name| kind.columns.contains(&name.as_str())).count();
    let Some(nearest) = KINDS.iter().rev().max_by_key(shared).filter(|kind| shared(kind) > 0) else {
        let kinds: Vec<&str> = KINDS.iter().map(|kind| kind.what).collect();
        return Err(format!("these are not the columns of a table of facts; tables of {} are read", kinds.join(", ")));
    };
    let odd = header.iter().find(|name| !nearest.columns.contains(&name.as_str()));
    Err(match odd {
        Some(odd) => {
            format!("a table of {} has no column \"{odd}\"; {} are read", nearest.what, nearest.columns.join(", "))
        }
        None => format!("a table of {} needs the columns {}", nearest.what, nearest.marks.join(" and ")),
    })
}

#[cfg(test)]
mod tests;
