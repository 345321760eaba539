//! Exports: a deck or a scenario as a file that opens without this program.
//!
//! All formats are written from the same page; each has one file and one row of [`EXPORTERS`]. The output does not
//! depend on the clock or the machine: the same scenario and catalog give the same bytes.

mod cells;
mod csv;
mod html;
mod json;
mod lines;
mod markdown;
mod page;
mod scale;
mod svg;

use crate::model::answer::AnswerError;
use crate::model::catalog::Catalog;
use crate::ui::present::deck::Deck;

pub(crate) use crate::model::answer::json_number as number;
use page::Page;

/// Returns a number of bytes as JSON, rounded; null if it is not known.
pub(crate) fn bytes(value: impl Into<Option<f64>>) -> serde_json::Value {
    number(value.into().map(f64::round))
}

/// A format of exported files.
pub struct Exporter {
    /// Extension of its files, without the dot.
    pub ending: &'static str,
    /// Description of its content in one line.
    pub about: &'static str,
    write: fn(&Page<'_>) -> String,
}

/// All formats.
pub static EXPORTERS: &[Exporter] = &[
    Exporter { ending: "md", about: "a handout in Markdown with tables and numbered sources", write: markdown::write },
    Exporter { ending: "csv", about: "a row per step, machine and figure", write: csv::write },
    Exporter {
        ending: "json",
        about: "the steps with the machine-readable answer of every machine",
        write: json::write,
    },
    Exporter { ending: "svg", about: "a picture of every step's headline figure", write: svg::write },
    Exporter { ending: "html", about: "one file with all steps that needs nothing else", write: html::write },
];

/// The error for a file extension without an exporter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a file to export to ends in {}", endings())]
pub struct UnknownEnding;

/// Returns the extensions of all formats, separated by commas.
#[must_use]
pub fn endings() -> String {
    let endings: Vec<String> = EXPORTERS.iter().map(|exporter| format!(".{}", exporter.ending)).collect();
    endings.join(", ")
}

/// Returns the exporter for files with this extension.
///
/// # Errors
/// [`UnknownEnding`] with the list of known extensions.
pub fn exporter(ending: &str) -> Result<&'static Exporter, UnknownEnding> {
    EXPORTERS.iter().find(|exporter| exporter.ending.eq_ignore_ascii_case(ending)).ok_or(UnknownEnding)
}

impl Exporter {
    /// Returns the deck in this format, with the speaker's notes if `notes` is true.
    ///
    /// # Errors
    /// [`AnswerError`] if a step names something that the catalog does not have.
    pub fn export(&self, catalog: &Catalog, deck: &Deck, notes: bool) -> Result<String, AnswerError> {
        Page::of(catalog, deck, notes).map(|page| (self.write)(&page))
    }
}
