//! A record of a result file: texts by name, with the line they stand on.

use super::Refused;
use crate::model::facts::Date;
use crate::model::ron_file::{FileError, Place, TextFile, visible};

/// Names and notes longer than this are cut.
const LONGEST: usize = 200;
/// A number above this is no token count and no speed.
const LARGEST: f64 = 1e12;

/// A name or note, safe to show and not too long.
pub(super) fn shown(text: &str) -> String {
    visible(text).chars().take(LONGEST).collect()
}

/// One record.
#[derive(Clone, Debug, Default)]
pub(super) struct Record {
    /// The line it begins on, from 1.
    pub line: usize,
    /// Names with texts, in the file's order.
    pub fields: Vec<(String, String)>,
    /// The graphics card that the lines around a table name.
    pub machine: Option<String>,
}

impl Record {
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|(name, _)| name.as_str())
    }

    pub fn has(&self, name: &str) -> bool {
        self.names().any(|own| own == name)
    }

    /// A text, safe to show; `None` where it is missing or empty.
    pub fn text(&self, name: &str) -> Option<String> {
        let (_, text) = self.fields.iter().find(|(own, _)| own == name)?;
        let text = shown(text.trim());
        (!text.is_empty()).then_some(text)
    }

    /// A number of at least 0; `None` where it is missing or empty.
    pub fn number(&self, name: &str) -> Result<Option<f64>, Refused> {
        let Some(text) = self.text(name) else { return Ok(None) };
        // A table writes the spread behind the mean.
        let number = text.split('±').next().unwrap_or_default().trim();
        let value = number.parse::<f64>().ok().filter(|value| (0.0..=LARGEST).contains(value));
        value
            .map(Some)
            .ok_or_else(|| Refused::Wrong(format!("{name} is \"{text}\"; a number of at least 0 is expected")))
    }

    /// A number that must be there and above 0.
    pub fn positive(&self, name: &str) -> Result<f64, Refused> {
        self.number(name)?
            .filter(|value| *value > 0.0)
            .ok_or_else(|| Refused::Wrong(format!("{name} is missing or 0; a number above 0 is expected")))
    }

    /// The day at the beginning of a time such as `2026-05-17T10:00:00Z` or `20260517-100000`.
    pub fn day(&self, name: &str) -> Option<Date> {
        let text = self.text(name)?;
        let day = text.get(..10).and_then(|day| day.parse().ok());
        day.or_else(|| {
            let digits = text.get(..8).filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()))?;
            format!("{}-{}-{}", digits.get(..4)?, digits.get(4..6)?, digits.get(6..8)?).parse().ok()
        })
    }

    /// What is wrong with it, with its place.
    pub fn fault(&self, file: &TextFile, sentence: String) -> FileError {
        let place = Place { line: self.line.max(1), column: 1 };
        FileError::at(&file.name, &file.text, place, 1, sentence)
    }
}
