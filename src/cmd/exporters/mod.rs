//! Exports: a deck or a scenario as a file that opens without this program.
//!
//! Every format is written from the same page, in one file each and one row of [`EXPORTERS`]. Nothing in it depends
//! on the clock or the machine: the same question and catalog give the same bytes.

mod cells;
mod csv;
mod html;
mod json;
mod lines;
mod markdown;
mod page;
mod svg;

use crate::model::answer::AnswerError;
use crate::model::catalog::Catalog;
use crate::ui::present::deck::Deck;

pub(crate) use crate::model::answer::json_number as number;
use page::Page;

/// Returns a count of bytes as JSON: whole, null where it is not known.
pub(crate) fn bytes(value: impl Into<Option<f64>>) -> serde_json::Value {
    number(value.into().map(f64::round))
}

/// A format that can be written.
pub struct Exporter {
    /// The ending of its files, without the dot.
    pub ending: &'static str,
    /// Its contents, in a line.
    pub about: &'static str,
    write: fn(&Page<'_>) -> String,
}

/// Every format.
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

/// An ending for which there is no exporter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a file to export to ends in {}", endings())]
pub struct UnknownEnding;

/// Returns the endings of all formats, with commas between.
#[must_use]
pub fn endings() -> String {
    let endings: Vec<String> = EXPORTERS.iter().map(|exporter| format!(".{}", exporter.ending)).collect();
    endings.join(", ")
}

/// Returns the exporter for files of that ending.
///
/// # Errors
/// [`UnknownEnding`] with the list of the endings.
pub fn exporter(ending: &str) -> Result<&'static Exporter, UnknownEnding> {
    EXPORTERS.iter().find(|exporter| exporter.ending.eq_ignore_ascii_case(ending)).ok_or(UnknownEnding)
}

impl Exporter {
    /// The deck in this format, with the speaker's notes where `notes`.
    ///
    /// # Errors
    /// [`AnswerError`] where a step names what the catalog does not have.
    pub fn export(&self, catalog: &Catalog, deck: &Deck, notes: bool) -> Result<String, AnswerError> {
        Page::of(catalog, deck, notes).map(|page| (self.write)(&page))
    }
}
