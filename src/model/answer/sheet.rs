//! A page of rows and columns: what the table, software, sources and verdict views show.
//!
//! Content without drawing: the explorer draws a sheet, `y` copies it as Markdown, `--plain` writes it in lines, all from
//! the same rows.

use super::Answers;
use crate::model::catalog::Catalog;
use crate::model::scenario::Scenario;

/// Builds a sheet from what is known, asked and answered.
pub type SheetOf = fn(&Catalog, &Scenario, &Answers<'_>) -> Sheet;

/// A page of rows and columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// The subject of the page.
    pub title: String,
    /// Remarks about it, longest first; the first that fits is shown.
    pub remarks: Vec<String>,
    /// The columns; the first one names the rows.
    pub columns: Vec<SheetColumn>,
    /// The rows from the top.
    pub rows: Vec<SheetRow>,
}

/// A column of a sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SheetColumn {
    /// Its title.
    pub title: String,
    /// The machine it is about, by its place.
    pub machine: Option<usize>,
    /// True if it holds numbers, which are aligned right and shown whole or not at all.
    pub number: bool,
}

/// A row of a sheet.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SheetRow {
    /// A cell for each column; a heading has its first alone.
    pub cells: Vec<Cell>,
    /// The machine it is about, by its place; machines that are not compared have places behind those that are.
    pub machine: Option<usize>,
    /// Its price and speed, for a row that is a point of a chart above the rows.
    pub point: Option<Point>,
    /// True if it is a heading over the rows below it.
    pub heading: bool,
    /// The action of choosing the row.
    pub opens: Option<RowAction>,
}

/// The price and speed of a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Price, USD.
    pub usd: f64,
    /// Expected speed, tokens per second.
    pub tok_s: f64,
}

/// A cell of a sheet.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cell {
    /// The text.
    pub text: String,
    /// The basis, in a word such as `vendor`; empty where that goes without saying.
    pub basis: String,
    /// The emphasis of the text.
    pub tone: Emphasis,
    /// Everything there is to say about it, shown where the cell is chosen; empty where the text says it all.
    pub detail: String,
    /// The figure behind it, whose formulas can be opened.
    pub figure: Option<&'static str>,
    /// The address of its source, http or https.
    pub url: Option<String>,
}

/// The emphasis of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Emphasis {
    /// Nothing beside what it says.
    #[default]
    Plain,
    /// It can wait.
    Muted,
    /// It passes.
    Good,
    /// It needs a second look.
    Warn,
    /// It fails.
    Bad,
}

/// The action of choosing a row.
#[derive(Clone, Debug, PartialEq)]
pub enum RowAction {
    /// Puts a scenario in place of the present one.
    Scenario(Box<Scenario>),
}

impl Cell {
    /// A cell that says no more than its text.
    #[must_use]
    pub fn of(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// Returns the text with its basis.
    #[must_use]
    pub fn whole(&self) -> String {
        if self.basis.is_empty() { self.text.clone() } else { format!("{} {}", self.text, self.basis) }
    }
}

impl SheetRow {
    /// A heading.
    #[must_use]
    pub fn heading(text: impl Into<String>) -> Self {
        Self { cells: vec![Cell::of(text)], heading: true, ..Self::default() }
    }
}

impl Sheet {
    /// The sheet as a Markdown table, every cell with its basis.
    #[must_use]
    pub fn markdown(&self) -> String {
        let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
        let titles = self.columns.iter().map(|column| escaped(&column.title)).collect();
        let rules = self.columns.iter().map(|column| if column.number { "---:" } else { "---" }.to_owned()).collect();
        let row = |row: &SheetRow| {
            let cell = |at| row.cells.get(at).map_or(String::new(), |cell: &Cell| escaped(&cell.whole()));
            let name = |text: String| if row.heading && !text.is_empty() { format!("**{text}**") } else { text };
            line((0..self.columns.len()).map(cell).map(name).collect())
        };
        let rows: String = self.rows.iter().map(row).collect();
        format!("{}{}{rows}", line(titles), line(rules))
    }
}

/// Returns a text for a cell of a Markdown table.
fn escaped(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_keeps_the_columns_apart() {
        let column = |title: &str, number| SheetColumn { title: title.to_owned(), machine: None, number };
        let sheet = Sheet {
            columns: vec![column("", false), column("a|b", true)],
            rows: vec![
                SheetRow::heading("silicon"),
                SheetRow {
                    cells: vec![Cell::of("bandwidth"), Cell { basis: "vendor".into(), ..Cell::of("273") }],
                    ..SheetRow::default()
                },
            ],
            ..Sheet::default()
        };
        assert_eq!(sheet.markdown(), "|  | a\\|b |\n| --- | ---: |\n| **silicon** |  |\n| bandwidth | 273 vendor |\n");
    }
}
