//! The parser's faults in a buyer's words: what is wrong, what is allowed, what was probably meant.

use ron::error::{Error, Position, SpannedError};

use super::{FileError, Place, nearest};

/// The fault with its place in `text`.
pub(super) fn file_error(name: &str, text: &str, fault: &SpannedError) -> FileError {
    let sentence = sentence(&fault.code);
    let (start, end) = (fault.span.start, fault.span.end);
    if matches!(fault.code, Error::Eof) || at_end(text, end) && expects_more(&fault.code) {
        return FileError::at(name, text, last_place(text), 1, format!("the file ends too early: {sentence}"));
    }
    // The parser keeps the token it read last. Where it missed something, the place is behind that token.
    if expects_more(&fault.code) || start.line != end.line {
        return FileError::at(name, text, place(end), 1, sentence);
    }
    FileError::at(name, text, place(start), end.col.saturating_sub(start.col).max(1), sentence)
}

fn place(position: Position) -> Place {
    Place { line: position.line.max(1), column: position.col.max(1) }
}

fn at_end(text: &str, end: Position) -> bool {
    let mut lines = text.split('\n').skip(end.line.saturating_sub(1));
    let rest_of_line =
        lines.next().map_or("", |line| line.char_indices().nth(end.col - 1).map_or("", |(at, _)| &line[at..]));
    rest_of_line.trim().is_empty() && lines.all(|line| line.trim().is_empty())
}

/// Behind the last character that is not white space.
fn last_place(text: &str) -> Place {
    let text = text.trim_end();
    let last = text.rsplit('\n').next().unwrap_or("");
    Place { line: text.matches('\n').count() + 1, column: last.chars().count() + 1 }
}

/// Whether the fault is about what should follow, not about what was read.
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
        Error::DuplicateStructField { field, .. } => format!("the field `{field}` stands here a second time"),
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

/// What the grammar wants at this place.
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
