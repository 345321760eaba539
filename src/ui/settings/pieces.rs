//! Where in a file of settings does what stand?
//!
//! The parser gives values without their places. Here the text is cut into brackets, strings and words, past comments,
//! so that a fault points at the very key that it is about, and the smallest part of the file around a fault can be
//! left aside while the rest holds.

use std::ops::Range;

/// A piece of a RON text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Open(char),
    Close,
    Comma,
    Colon,
    /// A text in quotes.
    Quoted,
    /// A run of anything else.
    Word,
}

/// Cuts `text` into pieces with their bytes.
fn pieces(text: &str) -> Vec<(Kind, Range<usize>)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some((kind, length)) = text.get(at..).filter(|rest| !rest.is_empty()).map(piece) {
        if let Some(kind) = kind {
            found.push((kind, at..at + length));
        }
        at += length;
    }
    found
}

/// The piece at the start of `rest` and its bytes; no kind for spaces and comments.
fn piece(rest: &str) -> (Option<Kind>, usize) {
    let until = |end: Option<usize>| end.unwrap_or(rest.len());
    let first = rest.chars().next().unwrap_or_default();
    match first {
        _ if rest.starts_with("//") => (None, until(rest.find('\n'))),
        _ if rest.starts_with("/*") => (None, block_comment(rest)),
        '(' | '[' | '{' => (Some(Kind::Open(first)), 1),
        ')' | ']' | '}' => (Some(Kind::Close), 1),
        ',' => (Some(Kind::Comma), 1),
        ':' => (Some(Kind::Colon), 1),
        '"' => (Some(Kind::Quoted), quoted(rest)),
        _ if rest.starts_with("r\"") || rest.starts_with("r#") => (Some(Kind::Quoted), raw(rest)),
        _ if first.is_whitespace() => (None, first.len_utf8()),
        _ => {
            let ends = |c: char| c.is_whitespace() || "()[]{},:\"/".contains(c);
            let end = rest.char_indices().skip(1).find(|(_, c)| ends(*c)).map(|(at, _)| at);
            (Some(Kind::Word), until(end))
        }
    }
}

/// Bytes of the comment at the start, comments inside of it included.
fn block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(next) = rest.get(at..).and_then(|rest| rest.find(['/', '*'])).map(|found| at + found) {
        let (change, used) = match rest.get(next..next + 2) {
            Some("/*") => (1, 2),
            Some("*/") => (-1, 2),
            _ => (0, 1),
        };
        depth = depth.saturating_add_signed(change);
        at = next + used;
        if depth == 0 {
            return at;
        }
    }
    rest.len()
}

/// Bytes of the string at the start, its quotes included.
fn quoted(rest: &str) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            '"' if !escaped => return at + 1,
            _ => escaped = c == '\\' && !escaped,
        }
    }
    rest.len()
}

/// Bytes of the raw string at the start, such as `r#"a"b"#`.
fn raw(rest: &str) -> usize {
    let hashes = rest.bytes().skip(1).take_while(|byte| *byte == b'#').count();
    let end = format!("\"{}", "#".repeat(hashes));
    let inside = hashes + 2;
    let found = rest.get(inside..).and_then(|rest| rest.find(&end));
    found.map_or(rest.len(), |at| inside + at + end.len())
}

/// The text that a string literal stands for.
fn value(literal: &str) -> Option<String> {
    ron::from_str(literal).ok()
}

/// Bytes of the key `id` of a map, or of the string `member` in what follows it.
pub(super) fn place_of(text: &str, id: &str, member: Option<&str>) -> Option<Range<usize>> {
    let pieces = pieces(text);
    let is = |place: &Range<usize>, wanted: &str| {
        text.get(place.clone()).and_then(value).is_some_and(|found| found == wanted)
    };
    let at = pieces
        .windows(2)
        .position(|pair| matches!(pair, [(Kind::Quoted, place), (Kind::Colon, _)] if is(place, id)))?;
    let Some(member) = member else { return pieces.get(at).map(|(_, place)| place.clone()) };
    let after = pieces.get(at + 1..)?.iter().take_while(|(kind, _)| *kind != Kind::Close);
    after.filter(|(kind, _)| *kind == Kind::Quoted).find(|(_, place)| is(place, member)).map(|(_, place)| place.clone())
}

/// Bytes of the smallest field or entry of a map around `byte`, the comma behind it included; else of the one before.
pub(super) fn part_around(text: &str, byte: usize) -> Option<Range<usize>> {
    let mut parts: Vec<Range<usize>> = Vec::new();
    // What is open, and where the part begins that is under way in it.
    let mut open: Vec<(char, Option<usize>)> = Vec::new();
    for (kind, place) in pieces(text) {
        let outermost = open.len() == 1;
        let end = match kind {
            Kind::Comma => Some(place.end),
            Kind::Close => Some(place.start),
            _ => None,
        };
        if let Some((bracket, begun)) = open.last_mut() {
            match end {
                Some(end) => {
                    let from = begun.take().filter(|_| *bracket == '{' || (outermost && *bracket == '('));
                    parts.extend(from.map(|from| from..end));
                }
                None => _ = begun.get_or_insert(place.start),
            }
        }
        match kind {
            Kind::Open(bracket) => open.push((bracket, None)),
            Kind::Close => _ = open.pop(),
            _ => {}
        }
    }
    let around = parts.iter().filter(|part| part.contains(&byte)).min_by_key(|part| part.len());
    around.or_else(|| parts.iter().filter(|part| part.end <= byte).max_by_key(|part| part.end)).cloned()
}

/// `text` without what stands in `part`; every other character keeps its line and column.
pub(super) fn without(text: &str, part: &Range<usize>) -> String {
    let blank = |(at, c): (usize, char)| if part.contains(&at) && c != '\n' { ' ' } else { c };
    text.char_indices().map(blank).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r##"#![enable(implicit_some)]
// "undo": ["z"]
Settings(/* a, (b */ theme: "li,ght", mouse: true,
  keys: { "zoom": ["z", "\""], r#"undo"#: ["u", "z"], "\\": ["}"] },
)"##;

    fn at(needle: &str) -> usize {
        TEXT.rfind(needle).unwrap_or(TEXT.len())
    }

    #[test]
    fn keys_are_found_where_they_are_written() {
        let place = |id, member| place_of(TEXT, id, member).map(|place| &TEXT[place]);
        assert_eq!(place("undo", None), Some("r#\"undo\"#"));
        assert_eq!(place_of(TEXT, "undo", Some("z")).map(|place| place.start), Some(at("\"z\"]")));
        assert_eq!(place("zoom", Some("\"")), Some("\"\\\"\""));
        assert_eq!(place("\\", Some("}")), Some("\"}\""));
        assert_eq!((place("zoom", Some("u")), place("none", None)), (None, None));
    }

    #[test]
    fn the_smallest_part_is_left_aside_and_nothing_moves() {
        let part = |needle| part_around(TEXT, at(needle)).map(|part| &TEXT[part]);
        assert_eq!(part("ght"), Some("theme: \"li,ght\","));
        assert_eq!(part("true"), Some("mouse: true,"));
        assert_eq!(part("\"u\""), Some("r#\"undo\"#: [\"u\", \"z\"],"));
        assert_eq!(part("\"}\""), Some("\"\\\\\": [\"}\"] "));
        assert!(part("keys").is_some_and(|part| part.starts_with("keys: {")));
        let rest = part_around(TEXT, at("true")).map(|part| without(TEXT, &part)).unwrap_or_default();
        assert_eq!(rest.find("keys"), TEXT.find("keys"));
        assert!(!rest.contains("mouse"));
        assert_eq!(part_around("Settings(", 3), None);
        assert_eq!(part_around("", 0), None);
    }
}
