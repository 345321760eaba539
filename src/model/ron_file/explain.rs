//! The parser's errors as sentences for the file's reader: the fault, what is allowed, and the probable intention.

use ron::error::{Error, Position, SpannedError};

use super::tokens::{Kind, tokens};
use super::{FileError, Place, nearest};

/// Returns the error with its place in `text`.
pub(super) fn file_error(name: &str, text: &str, fault: &SpannedError) -> FileError {
    if text.trim().is_empty() {
        return FileError::whole(name, "the file is empty");
    }
    let sentence = sentence(&fault.code);
    let (start, end) = (byte_of(text, fault.span.start), byte_of(text, fault.span.end));
    let (before, after) = text.split_at(end);
    let expects_more = expects_more(&fault.code);
    if expects_more && after.trim().is_empty() {
        return FileError::at_byte(
            name,
            text,
            text.trim_end().len(),
            1,
            format!("the file ends too early: {sentence}"),
        );
    }
    if within_number(&fault.code, before, after) {
        let from = token_start(before).unwrap_or(end);
        let rest = after.find(|c| !numeric(c)).unwrap_or(after.len());
        let length = before.len() - from + rest;
        let sentence = "this is not a number here; write 256, or 40.5 and 1.5e3 where a fraction is allowed";
        return FileError::at_byte(name, text, from, length, sentence.to_owned());
    }
    // If something is missing, the fault is at the parser's position; otherwise it is the token that was read last.
    let from = match fault.code {
        _ if expects_more => end,
        Error::InvalidEscape(_) => start,
        _ => token_start(before).unwrap_or(start),
    };
    FileError::at_byte(name, text, from, text[from..end].chars().count().max(1), sentence)
}

/// Returns true if the parser stopped inside of a number, such as 1.5 where a whole number is needed, or 70b.
fn within_number(code: &Error, before: &str, after: &str) -> bool {
    let split = matches!(code, Error::ExpectedComma) && before.ends_with(numeric) && after.starts_with(numeric);
    split || matches!(code, Error::InvalidIntegerDigit { .. })
}

/// Returns the byte offset of a position of the parser, which counts lines and characters from 1.
fn byte_of(text: &str, position: Position) -> usize {
    Place { line: position.line, column: position.col }.byte_in(text)
}

fn numeric(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '_')
}

/// Returns the start of the word, number or string at the end of `before`; `None` if it ends with something else.
fn token_start(before: &str) -> Option<usize> {
    let last = tokens(before).pop()?;
    (last.at.end == before.len() && matches!(last.kind, Kind::Word | Kind::Text)).then_some(last.at.start)
}

/// Returns true if the fault concerns the following text and not the token that was read last.
fn expects_more(code: &Error) -> bool {
    !matches!(
        code,
        Error::Message(_)
            | Error::InvalidValueForType { .. }
            | Error::ExpectedDifferentLength { .. }
            | Error::NoSuchEnumVariant { .. }
            | Error::NoSuchStructField { .. }
            | Error::DuplicateStructField { .. }
            | Error::ExpectedDifferentStructName { .. }
            | Error::IntegerOutOfBounds
            | Error::InvalidEscape(_)
    )
}

fn sentence(code: &Error) -> String {
    match code {
        Error::Message(text) => text.clone(),
        Error::NoSuchStructField { expected, found, outer } => unknown("field", found, outer.as_deref(), expected),
        Error::NoSuchEnumVariant { expected, found, outer } => unknown("value", found, outer.as_deref(), expected),
        Error::MissingStructField { field, .. } => format!("the field `{field}` is missing before this"),
        Error::DuplicateStructField { field, .. } => format!("the field `{field}` is here a second time"),
        Error::ExpectedDifferentStructName { expected, found } => {
            format!("this is a `{found}`, a `{expected}` is expected")
        }
        Error::InvalidValueForType { expected, found } => format!("{expected} is expected, not {found}"),
        Error::ExpectedDifferentLength { expected, found } => format!("{expected} is expected, not {found} elements"),
        other => syntax(other),
    }
}

fn unknown(what: &str, found: &str, outer: Option<&str>, allowed: &[&'static str]) -> String {
    let place = outer.map(|outer| format!(" in {outer}")).unwrap_or_default();
    let meant =
        nearest(found, allowed.iter().copied()).map(|word| format!("; did you mean `{word}`?")).unwrap_or_default();
    let list = allowed.join(", ");
    format!("there is no {what} `{found}`{place}{meant}{} allowed: {list}", if meant.is_empty() { ";" } else { "" })
}

/// Returns a sentence on what the grammar allows at this place.
fn syntax(code: &Error) -> String {
    let text = match code {
        Error::Eof => "a value or a closing bracket is missing",
        Error::ExpectedComma => "a comma or the closing bracket is missing before this",
        Error::ExpectedArray => "a list is expected here, as in [\"a\", \"b\"]",
        Error::ExpectedArrayEnd => "the closing ] is missing before this",
        Error::ExpectedMap => "a map is expected here, as in {\"a\": 1}",
        Error::ExpectedMapColon => "a colon and a value are expected here",
        Error::ExpectedMapEnd => "the closing } is missing before this",
        Error::ExpectedStructLike | Error::ExpectedNamedStructLike(_) => "an opening ( is expected here",
        Error::ExpectedStructLikeEnd | Error::ExpectedOptionEnd => "the closing ) is missing before this",
        Error::ExpectedString => "a text in double quotes is expected here",
        Error::ExpectedStringEnd => "the text that begins here has no closing double quote",
        Error::ExpectedInteger => "a whole number is expected here, as in 256",
        Error::ExpectedFloat => "a number is expected here, as in 40 or 1.5e3",
        Error::FloatUnderscore | Error::UnderscoreAtBeginning => "the underscore is at a wrong place in this number",
        Error::ExpectedBoolean => "true or false is expected here",
        Error::ExpectedIdentifier => "a name is expected here, without quotes",
        Error::IntegerOutOfBounds => "this whole number is out of range",
        Error::UnclosedBlockComment => "a comment that begins with /* has no closing */",
        Error::TrailingCharacters => "the value ended before this; a file holds one value and nothing after it",
        Error::ExceededRecursionLimit => "this is nested too deeply",
        Error::ExpectedUnit => "() is expected here",
        Error::InvalidEscape(_) => "there is no such escape; write \\n, \\\", \\\\ or \\u{1F600}",
        other => return lower_first(&other.to_string()),
    };
    text.to_owned()
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}
