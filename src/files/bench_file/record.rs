//! A record of a result file: texts by field name, with their line.

use super::Refused;
use crate::model::facts::Date;
use crate::model::ron_file::{FileError, Place, TextFile, visible};

/// The longest name or note that is stored, characters; the rest is cut.
const LONGEST: usize = 200;
/// The largest number that can be a token count or a speed.
const LARGEST: f64 = 1e12;

/// Returns a name or note that is safe to display and cut to the longest length.
pub(super) fn shown(text: &str) -> String {
    visible(text).chars().take(LONGEST).collect()
}

/// Returns the number at the beginning of a cell, without its spread; reads bold text, grouped thousands and a decimal
/// comma.
fn parse(text: &str) -> Option<f64> {
    let mean = text.split('±').next().unwrap_or_default();
    let mean = mean.split("+/-").next().unwrap_or_default().trim_matches(['*', ' ', '\u{a0}', 'Â', '~']);
    if let Ok(value) = mean.parse() {
        return Some(value);
    }
    let (whole, fraction) = match (mean.rfind(','), mean.rfind('.')) {
        // If both marks occur, the last one is the decimal mark.
        (Some(comma), Some(point)) => {
            let at = comma.max(point);
            (mean.get(..at)?, mean.get(at + 1..)?)
        }
        (Some(comma), None) if mean.len() - comma != 4 => (mean.get(..comma)?, mean.get(comma + 1..)?),
        _ => (mean, ""),
    };
    let digits: String = whole.chars().filter(|c| !matches!(c, ',' | '.' | ' ' | '\'')).collect();
    format!("{digits}.{fraction}0").parse().ok().filter(|_| !digits.is_empty())
}

/// One record.
#[derive(Clone, Debug, Default)]
pub(super) struct Record {
    /// Line on which the record begins, from 1.
    pub line: usize,
    /// Field names with their texts, in the file's order.
    pub fields: Vec<(String, String)>,
    /// Devices that the preceding lines name.
    pub devices: Vec<String>,
    /// Reason why this record cannot be read; `None` if it can. A record with a fault has no fields.
    pub fault: Option<String>,
}

impl Record {
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|(name, _)| name.as_str())
    }

    pub fn has(&self, name: &str) -> bool {
        self.names().any(|own| own == name)
    }

    /// Returns a field's text, safe to display; `None` if it is missing or empty.
    pub fn text(&self, name: &str) -> Option<String> {
        let (_, text) = self.fields.iter().find(|(own, _)| own == name)?;
        let text = shown(text.trim());
        (!text.is_empty()).then_some(text)
    }

    /// Returns a field as a number of at least 0; `None` if it is missing or empty.
    pub fn number(&self, name: &str) -> Result<Option<f64>, Refused> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let value = parse(&text).filter(|value| (0.0..=LARGEST).contains(value));
        value
            .map(Some)
            .ok_or_else(|| Refused::Wrong(format!("{name} is \"{text}\"; a number of at least 0 is expected")))
    }

    /// Returns a field as a number above 0; an error if it is missing.
    pub fn positive(&self, name: &str) -> Result<f64, Refused> {
        self.number(name)?
            .filter(|value| *value > 0.0)
            .ok_or_else(|| Refused::Wrong(format!("{name} is missing or 0; a number above 0 is expected")))
    }

    /// Returns the date at the beginning of a time such as `2026-05-17T10:00:00Z` or `20260517-100000`.
    pub fn day(&self, name: &str) -> Option<Date> {
        let text = self.text(name)?;
        let day = text.get(..10).and_then(|day| day.parse().ok());
        day.or_else(|| {
            let digits = text.get(..8).filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()))?;
            format!("{}-{}-{}", digits.get(..4)?, digits.get(4..6)?, digits.get(6..8)?).parse().ok()
        })
    }

    /// Returns an error at the line of the record.
    pub fn fault(&self, file: &TextFile, sentence: String) -> FileError {
        let place = Place { line: self.line.max(1), column: 1 };
        FileError::at(&file.name, &file.text, place, 1, sentence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (text, value) in [
            ("58.72 ± 0.40", 58.72),
            ("58.72 +/- 0.40", 58.72),
            ("58.72 Â± 0.40", 58.72),
            ("1,918.35 ± 6.12", 1918.35),
            ("1.918,35 ± 6,12", 1918.35),
            ("58,72 ± 0,40", 58.72),
            ("3,978", 3978.0),
            ("**58.72**", 58.72),
            ("1e5", 1e5),
        ] {
            assert_eq!(parse(text), Some(value), "{text}");
        }
        for text in ["", "tg128", "-1", "1.2.x"] {
            assert!(parse(text).is_none_or(|value| value < 0.0), "{text}");
        }
    }
}
