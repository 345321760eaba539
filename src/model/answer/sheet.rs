//! Sheets: pages of rows and columns, as the table, software, sources and verdict views show them.
//!
//! A sheet is content without drawing: the explorer draws it, `y` copies it as Markdown, and `--plain` writes it as
//! lines.

use super::Answers;
use crate::model::catalog::Catalog;
use crate::model::scenario::Scenario;

/// A function that builds a sheet from the catalog, the scenario and its answers.
pub type SheetOf = fn(&Catalog, &Scenario, &Answers<'_>) -> Sheet;

/// A page of rows and columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// The subject of the page.
    pub title: String,
    /// Remarks about the page, longest first; the first that fits is shown.
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
    /// Index of the machine that it is about.
    pub machine: Option<usize>,
    /// True if it holds numbers, which are right-aligned and never cut off.
    pub number: bool,
}

/// A row of a sheet.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SheetRow {
    /// A cell for each column; a heading has only the first.
    pub cells: Vec<Cell>,
    /// Index of the machine that it is about; machines that are not compared come after those that are.
    pub machine: Option<usize>,
    /// Price and speed, if the row is a point of the chart above the rows.
    pub point: Option<Point>,
    /// True if it is a heading of the rows below it.
    pub heading: bool,
    /// The action on choosing the row.
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
    /// The basis in a word, such as `vendor`; empty if it needs none.
    pub basis: String,
    /// The emphasis of the text.
    pub tone: Emphasis,
    /// The full description, shown for the chosen cell; empty if the text is complete.
    pub detail: String,
    /// Name of the figure that it shows, whose formulas can be opened.
    pub figure: Option<&'static str>,
    /// Address of its source, http or https.
    pub url: Option<String>,
}

/// The emphasis of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Emphasis {
    /// No emphasis.
    #[default]
    Plain,
    /// Less important.
    Muted,
    /// A limit that is passed.
    Good,
    /// A warning.
    Warn,
    /// A limit that is missed.
    Bad,
}

/// The action on choosing a row.
#[derive(Clone, Debug, PartialEq)]
pub enum RowAction {
    /// Replaces the current scenario.
    Scenario(Box<Scenario>),
}

impl Cell {
    /// Returns a cell with only a text.
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
    /// Returns a heading.
    #[must_use]
    pub fn heading(text: impl Into<String>) -> Self {
        Self { cells: vec![Cell::of(text)], heading: true, ..Self::default() }
    }
}

impl Sheet {
    /// Returns the sheet as a Markdown table, with the basis in every cell.
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

/// Returns a text with the characters escaped that would break a cell of a Markdown table.
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
