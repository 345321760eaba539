//! Errors of files for their readers: the place, the fault, what is allowed, the line and carets.

use std::fmt;
use std::io;

use super::excerpt::excerpt;
use super::visible;

/// A place in a text; lines and columns count from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Line, from 1.
    pub line: usize,
    /// Character of the line, from 1.
    pub column: usize,
}

impl Place {
    /// Returns the byte offset of the place in `text`, or the length of `text` if the place is beyond its end.
    #[must_use]
    pub fn byte_in(self, text: &str) -> usize {
        let line_start = match self.line {
            0 | 1 => 0,
            line => text.match_indices('\n').nth(line - 2).map_or(text.len(), |(at, _)| at + 1),
        };
        let rest = &text[line_start..];
        line_start + rest.char_indices().nth(self.column.saturating_sub(1)).map_or(rest.len(), |(at, _)| at)
    }
}

/// The reason why a file cannot be used. Displays as `path:line:col: sentence`, followed by the line with carets under
/// the fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileError {
    name: String,
    place: Option<Place>,
    sentence: String,
    excerpt: String,
    missing: bool,
}

impl FileError {
    /// Returns an error that concerns the file as a whole.
    #[must_use]
    pub fn whole(name: &str, sentence: impl Into<String>) -> Self {
        Self {
            name: visible(name),
            place: None,
            sentence: visible(&sentence.into()),
            excerpt: String::new(),
            missing: false,
        }
    }

    /// Returns an error for the `length` characters from `place` in `text`.
    #[must_use]
    pub fn at(name: &str, text: &str, place: Place, length: usize, sentence: impl Into<String>) -> Self {
        let line = text.split('\n').nth(place.line.saturating_sub(1)).unwrap_or("");
        let excerpt = excerpt(line.trim_end_matches('\r'), place, length);
        Self { place: Some(place), excerpt, ..Self::whole(name, sentence) }
    }

    /// Returns an error at the first string in the file that equals `needle`, or for the whole file if there is none.
    #[must_use]
    pub fn about(name: &str, text: &str, needle: &str, sentence: impl Into<String>) -> Self {
        match find_string(text, needle) {
            Some(byte) => Self::at(name, text, place_of(text, byte), needle.chars().count() + 2, sentence),
            None => Self::whole(name, sentence),
        }
    }

    /// Returns an error for the `length` characters from offset `byte` in `text`.
    #[must_use]
    pub fn at_byte(name: &str, text: &str, byte: usize, length: usize, sentence: impl Into<String>) -> Self {
        Self::at(name, text, place_of(text, byte), length, sentence)
    }

    pub(super) fn io(name: &str, error: &io::Error) -> Self {
        let sentence = match error.kind() {
            io::ErrorKind::NotFound => "there is no such file".to_owned(),
            io::ErrorKind::PermissionDenied => "there is no permission to read it".to_owned(),
            _ => format!("it cannot be read: {error}"),
        };
        Self { missing: error.kind() == io::ErrorKind::NotFound, ..Self::whole(name, sentence) }
    }

    /// Returns the file's name, safe to display.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the place in the file; `None` if the error concerns the whole file.
    #[must_use]
    pub fn place(&self) -> Option<Place> {
        self.place
    }

    /// Returns the sentence without file and place.
    #[must_use]
    pub fn sentence(&self) -> &str {
        &self.sentence
    }

    /// Returns true if the file does not exist.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        self.missing
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.name)?;
        if let Some(Place { line, column }) = self.place {
            write!(f, "{line}:{column}:")?;
        }
        write!(f, " {}", self.sentence)?;
        if !self.excerpt.is_empty() {
            write!(f, "\n{}", self.excerpt)?;
        }
        Ok(())
    }
}

impl std::error::Error for FileError {}

/// Returns the place of a byte offset in a text.
pub(crate) fn place_of(text: &str, byte: usize) -> Place {
    let before = text.get(..byte).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    Place { line: before.matches('\n').count() + 1, column: before[line_start..].chars().count() + 1 }
}

/// Returns the byte offset of the string literal `"needle"` outside of `//` comments.
fn find_string(text: &str, needle: &str) -> Option<usize> {
    let literal = format!("\"{needle}\"");
    text.match_indices(&literal).map(|(at, _)| at).find(|&at| {
        let line_start = text[..at].rfind('\n').map_or(0, |line| line + 1);
        !text[line_start..at].contains("//")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_is_found_outside_comments() {
        let text = "// not \"x\"\n(a: \"x\")";
        assert_eq!(FileError::about("f", text, "x", "no").place(), Some(Place { line: 2, column: 5 }));
        assert_eq!(FileError::about("f", text, "y", "no").place(), None);
    }
}
