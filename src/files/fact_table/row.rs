//! A row of a table: cells by column, read as texts, numbers, dates and facts.

use crate::model::facts::{Basis, Date, Fact, Sources};
use crate::model::ron_file::{FileError, Place, visible};
use crate::model::units::{Unit, parse_number};

/// A row of a table.
pub(super) struct Row<'t> {
    /// Name of the file, safe to display.
    pub file: &'t str,
    /// Text of the whole file.
    pub text: &'t str,
    /// Line on which the row begins, from 1.
    pub line: u64,
    /// Columns with their cells, without surrounding blanks.
    pub cells: Vec<(&'t str, &'t str)>,
}

impl<'t> Row<'t> {
    /// Returns the text of a cell; `None` if it is empty or there is no such column.
    pub fn text(&self, column: &str) -> Option<&'t str> {
        self.cells.iter().find(|(name, text)| *name == column && !text.is_empty()).map(|(_, text)| *text)
    }

    /// Returns the text of a cell that must not be empty.
    pub fn required(&self, column: &str) -> Result<&'t str, FileError> {
        self.text(column).ok_or_else(|| self.fault(&format!("{column} is empty")))
    }

    /// Returns the number in a cell; `None` if it is empty.
    pub fn number(&self, column: &str) -> Result<Option<f64>, FileError> {
        let read =
            |text: &str| parse_number(text, Unit::Count).map_err(|error| self.fault(&format!("{column}: {error}")));
        self.text(column).map(read).transpose()
    }

    /// Returns the date in a cell; `None` if it is empty.
    pub fn date(&self, column: &str) -> Result<Option<Date>, FileError> {
        let read = |text: &str| text.parse().map_err(|error| self.fault(&format!("{column}: {error}")));
        self.text(column).map(read).transpose()
    }

    /// Returns the value whose word is in a cell; `None` if the cell is empty.
    pub fn one_of<T: Copy>(&self, column: &str, values: &[(&str, T)]) -> Result<Option<T>, FileError> {
        let Some(text) = self.text(column) else { return Ok(None) };
        let found = values.iter().find(|(word, _)| text.eq_ignore_ascii_case(word)).map(|(_, value)| *value);
        let words: Vec<&str> = values.iter().map(|(word, _)| *word).collect();
        let fault = || self.fault(&format!("{column}: \"{}\" is none of {}", visible(text), words.join(", ")));
        found.ok_or_else(fault).map(Some)
    }

    /// Returns the number of a cell as a fact; the column `basis` states its basis.
    pub fn fact(&self, column: &str, basis: &str, origin: &(Sources, Option<Date>)) -> Result<Option<Fact>, FileError> {
        let Some(value) = self.number(column)? else { return Ok(None) };
        let (basis, note) = basis_of(self.text(basis).unwrap_or_default());
        let (source, date) = (Sources::clone(&origin.0), origin.1);
        Ok(Some(Fact { value, basis, low: None, high: None, source, date, note }))
    }

    /// Returns an error at the row.
    pub fn fault(&self, sentence: &str) -> FileError {
        let place = Place { line: usize::try_from(self.line).unwrap_or(1), column: 1 };
        FileError::at(self.file, self.text, place, 1, sentence)
    }
}

/// Returns the basis that the first word of a cell states, and the rest as a note.
///
/// A maker's prices (list, launch) count as vendor facts, prices among users as measured; without a known word the
/// basis is assumed.
fn basis_of(cell: &str) -> (Basis, String) {
    let end = cell.find(|c: char| !c.is_alphanumeric()).unwrap_or(cell.len());
    let (word, rest) = cell.split_at(end);
    let basis = match word.to_lowercase().as_str() {
        "vendor" | "list" | "launch" => Basis::Vendor,
        "measured" | "street" | "used" | "listing" | "quote" => Basis::Measured,
        "derived" => Basis::Derived,
        "contested" => Basis::Contested,
        _ => return (Basis::Assumed, cell.to_owned()),
    };
    let rest = rest.trim_matches(|c: char| c.is_whitespace() || matches!(c, ';' | ','));
    let inner = rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    let note = inner.filter(|inner| !inner.contains('(')).unwrap_or(rest);
    // The catalog requires a range or a note for a contested fact.
    let note = if note.is_empty() && basis == Basis::Contested { "contested, as its table says" } else { note };
    (basis, note.to_owned())
}
