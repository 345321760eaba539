//! The places of fields and keys in a file of settings.
//!
//! The parser gives values without their places. With the tokens of the text, an error points at the very key that it
//! is about, and the smallest part of the file around a fault can be ignored while the rest applies.

use std::ops::Range;

use crate::model::ron_file::{Kind, Token, tokens};

/// Returns the text of a string literal.
fn value(literal: &str) -> Option<String> {
    ron::from_str(literal).ok()
}

/// Returns the byte range of the key `id` of a map, or of the string `member` after it.
pub(super) fn place_of(text: &str, id: &str, member: Option<&str>) -> Option<Range<usize>> {
    let tokens = tokens(text);
    let is = |token: &Token, wanted: &str| {
        token.kind == Kind::Text && text.get(token.at.clone()).and_then(value).is_some_and(|found| found == wanted)
    };
    let at = tokens.windows(2).position(|pair| is(&pair[0], id) && pair[1].kind == Kind::Colon)?;
    let Some(member) = member else { return tokens.get(at).map(|token| token.at.clone()) };
    let mut after = tokens.get(at + 1..)?.iter().take_while(|token| token.kind != Kind::Close);
    after.find(|token| is(token, member)).map(|token| token.at.clone())
}

/// Returns the byte range of the smallest field or map entry around `byte`, with the comma after it; if there is none,
/// that of the one before.
pub(super) fn part_around(text: &str, byte: usize) -> Option<Range<usize>> {
    let mut parts: Vec<Range<usize>> = Vec::new();
    // The open brackets, each with the start of the current part inside it.
    let mut open: Vec<(u8, Option<usize>)> = Vec::new();
    for Token { kind, at: place } in tokens(text) {
        let outermost = open.len() == 1;
        let end = match kind {
            Kind::Comma => Some(place.end),
            Kind::Close => Some(place.start),
            _ => None,
        };
        if let Some((bracket, begun)) = open.last_mut() {
            match end {
                Some(end) => {
                    let from = begun.take().filter(|_| *bracket == b'{' || (outermost && *bracket == b'('));
                    parts.extend(from.map(|from| from..end));
                }
                None => _ = begun.get_or_insert(place.start),
            }
        }
        match kind {
            Kind::Open => open.extend(text.as_bytes().get(place.start).map(|bracket| (*bracket, None))),
            Kind::Close => _ = open.pop(),
            _ => {}
        }
    }
    let around = parts.iter().filter(|part| part.contains(&byte)).min_by_key(|part| part.len());
    around.or_else(|| parts.iter().filter(|part| part.end <= byte).max_by_key(|part| part.end)).cloned()
}

/// Returns `text` with blanks in place of `part`, so that all other characters keep their line and column.
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
