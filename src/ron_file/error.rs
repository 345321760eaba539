//! Why a file cannot be used, as a person reads it: where, what is wrong, what is allowed, the line and a caret.

use std::fmt;
use std::io;

use unicode_width::UnicodeWidthChar;

use super::visible;

/// A place in a text; both count from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Line.
    pub line: usize,
    /// Character of the line.
    pub column: usize,
}

/// Why a file cannot be used. Displays as `path:line:col: sentence`, then the line and a caret under the place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileError {
    name: String,
    place: Option<Place>,
    sentence: String,
    excerpt: String,
    missing: bool,
}

/// Columns of the offending line that are shown.
const WINDOW: usize = 96;
/// Longest caret line.
const LONGEST_MARK: usize = 40;

impl FileError {
    /// A fault of the file as a whole.
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

    /// A fault at `place` in `text`, `length` characters long.
    #[must_use]
    pub fn at(name: &str, text: &str, place: Place, length: usize, sentence: impl Into<String>) -> Self {
        let line = text.split('\n').nth(place.line.saturating_sub(1)).unwrap_or("");
        let excerpt = excerpt(line.trim_end_matches('\r'), place, length);
        Self { place: Some(place), excerpt, ..Self::whole(name, sentence) }
    }

    /// A fault of the text `needle`, wherever the file first holds it as a string; of the whole file where it does not.
    #[must_use]
    pub fn about(name: &str, text: &str, needle: &str, sentence: impl Into<String>) -> Self {
        match find_string(text, needle) {
            Some(byte) => Self::at(name, text, place_of(text, byte), needle.chars().count() + 2, sentence),
            None => Self::whole(name, sentence),
        }
    }

    pub(super) fn at_byte(name: &str, text: &str, byte: usize, sentence: String) -> Self {
        Self::at(name, text, place_of(text, byte), 1, sentence)
    }

    pub(super) fn io(name: &str, error: &io::Error) -> Self {
        let sentence = match error.kind() {
            io::ErrorKind::NotFound => "there is no such file".to_owned(),
            io::ErrorKind::PermissionDenied => "there is no permission to read it".to_owned(),
            _ => format!("it cannot be read: {error}"),
        };
        Self { missing: error.kind() == io::ErrorKind::NotFound, ..Self::whole(name, sentence) }
    }

    /// The file's name as shown.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where in the file, if anywhere in particular.
    #[must_use]
    pub fn place(&self) -> Option<Place> {
        self.place
    }

    /// The sentence alone.
    #[must_use]
    pub fn sentence(&self) -> &str {
        &self.sentence
    }

    /// Whether there is no such file.
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

/// The line and a line of carets under `length` characters from `place`; a long line is cut to a window around them.
fn excerpt(line: &str, place: Place, length: usize) -> String {
    let start = place.column - 1;
    let before: usize = line.chars().take(start).map(|c| cell(c).1).sum();
    let marked: usize = line.chars().skip(start).take(length).map(|c| cell(c).1).sum();
    // Keep the mark in sight: a third of the window before it.
    let left = if before + marked.min(LONGEST_MARK) < WINDOW { 0 } else { before.saturating_sub(WINDOW / 3) };
    let (shown, skipped) = window(line, left);
    let number = place.line.to_string();
    let gutter = " ".repeat(number.len());
    let indent = " ".repeat(before - skipped + if left > 0 { 1 } else { 0 });
    let carets = "^".repeat(marked.clamp(1, LONGEST_MARK));
    format!(" {number} | {shown}\n {gutter} | {indent}{carets}")
}

/// The part of `line` that begins `left` columns in, and how many columns come before it; cut ends show as `…`.
fn window(line: &str, left: usize) -> (String, usize) {
    let (mut column, mut skipped, mut out) = (0, left, String::new());
    if left > 0 {
        out.push('…');
    }
    for c in line.chars() {
        let (shown, width) = cell(c);
        if column >= left {
            if out.len() == '…'.len_utf8() * usize::from(left > 0) {
                skipped = column;
            }
            if column + width > left + WINDOW {
                out.push('…');
                break;
            }
            out.push_str(&shown);
        }
        column += width;
    }
    (out, skipped)
}

/// How a character of a foreign file is shown, and in how many columns.
fn cell(c: char) -> (String, usize) {
    match c {
        '\t' => ("    ".to_owned(), 4),
        c => {
            let shown = visible(c.encode_utf8(&mut [0; 4]));
            let width = shown.chars().next().and_then(UnicodeWidthChar::width).unwrap_or(0);
            (shown, width)
        }
    }
}

fn place_of(text: &str, byte: usize) -> Place {
    let before = text.get(..byte).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    Place { line: before.matches('\n').count() + 1, column: before[line_start..].chars().count() + 1 }
}

/// Byte where the string literal `"needle"` begins outside a `//` comment.
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

    fn shown(line: &str, column: usize, length: usize) -> Vec<String> {
        let error = FileError::at("a.ron", line, Place { line: 1, column }, length, "no");
        error.to_string().lines().skip(1).map(str::to_owned).collect()
    }

    /// The columns that carets stand under.
    fn marked(lines: &[String]) -> String {
        let columns = |text: &str| -> Vec<(usize, char)> {
            let mut at = 0;
            text.chars().map(|c| (std::mem::replace(&mut at, at + c.width().unwrap_or(0)), c)).collect()
        };
        let carets: Vec<usize> = columns(&lines[1]).iter().filter(|(_, c)| *c == '^').map(|(at, _)| *at).collect();
        columns(&lines[0]).iter().filter(|(at, _)| carets.contains(at)).map(|(_, c)| c).collect()
    }

    #[test]
    fn the_caret_stands_under_the_fault() {
        assert_eq!(marked(&shown("  bogus: 1,", 3, 5)), "bogus");
        assert_eq!(marked(&shown("\ttitle: \"語語\", bogus: 1", 15, 5)), "bogus");
        assert_eq!(marked(&shown("e\u{301}e\u{301} bogus", 6, 5)), "bogus");
        let long = format!("{} bogus {}", "語x".repeat(300), "y".repeat(4000));
        let lines = shown(&long, 602, 5);
        assert_eq!(marked(&lines), "bogus");
        assert!(lines[0].starts_with(" 1 | …") && lines[0].ends_with('…') && lines[0].chars().count() < 110);
    }

    #[test]
    fn no_control_character_is_echoed() {
        let text = "title: \"\u{1b}[31m\u{202e}evil\", x";
        let error = FileError::at("a\u{1b}[0m.ron", text, Place { line: 1, column: 8 }, 9, "said \u{7}".to_owned());
        assert!(error.to_string().chars().all(|c| c == '\n' || !super::super::is_hostile(c)));
    }

    #[test]
    fn a_string_is_found_outside_comments() {
        let text = "// not \"x\"\n(a: \"x\")";
        assert_eq!(FileError::about("f", text, "x", "no").place(), Some(Place { line: 2, column: 5 }));
        assert_eq!(FileError::about("f", text, "y", "no").place(), None);
    }
}
