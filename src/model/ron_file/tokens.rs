//! The tokens of a RON text with their byte ranges.
//!
//! The parser returns values without places. For an error that is detected after parsing, such as an unknown name, the
//! place is searched among these tokens. Strings and comments are recognised; the syntax is not checked.

use std::ops::Range;

/// A token of a RON text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// Kind of the token.
    pub kind: Kind,
    /// Byte range of the token in the text.
    pub at: Range<usize>,
}

/// The kinds of tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `(`, `[` or `{`.
    Open,
    /// `)`, `]` or `}`.
    Close,
    /// `,`.
    Comma,
    /// `:`.
    Colon,
    /// A name or a number.
    Word,
    /// A string with its quotes.
    Text,
}

/// Returns all tokens in order, without white space, comments and characters that RON does not use.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = &text[at..];
        let (kind, length) = match c {
            '(' | '[' | '{' => (Some(Kind::Open), 1),
            ')' | ']' | '}' => (Some(Kind::Close), 1),
            ',' => (Some(Kind::Comma), 1),
            ':' => (Some(Kind::Colon), 1),
            '"' => (Some(Kind::Text), quoted(rest)),
            'r' if raw(rest).is_some() => (Some(Kind::Text), raw(rest).unwrap_or(1)),
            '/' if rest.starts_with("//") => (None, rest.find('\n').unwrap_or(rest.len())),
            '/' if rest.starts_with("/*") => (None, comment(rest)),
            c if is_word(c) => (Some(Kind::Word), rest.find(|c| !is_word(c)).unwrap_or(rest.len())),
            c => (None, c.len_utf8()),
        };
        found.extend(kind.map(|kind| Token { kind, at: at..at + length }));
        at += length;
    }
    found
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '+')
}

/// Returns the length in bytes of the string at the start of `rest`.
fn quoted(rest: &str) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// Returns the length in bytes of the raw string at the start of `rest`; `None` if it starts with something else.
fn raw(rest: &str) -> Option<usize> {
    let hashes = rest[1..].chars().take_while(|c| *c == '#').count();
    rest[1 + hashes..].starts_with('"').then(|| {
        let end = format!("\"{}", "#".repeat(hashes));
        let body = hashes + 2;
        rest[body..].find(&end).map_or(rest.len(), |at| body + at + end.len())
    })
}

/// Returns the length in bytes of the block comment at the start of `rest`; block comments nest.
fn comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    loop {
        let part = &rest[at..];
        match part.chars().next() {
            None => return rest.len(),
            Some(_) if part.starts_with("/*") => (depth, at) = (depth + 1, at + 2),
            Some(_) if part.starts_with("*/") => (depth, at) = (depth - 1, at + 2),
            Some(c) => at += c.len_utf8(),
        }
        if depth == 0 {
            return at;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        tokens(text).into_iter().map(|token| &text[token.at]).collect()
    }

    #[test]
    fn texts_and_comments_hide_what_they_hold() {
        let text = "(a: \"x, \\\" (\", /* one, /* two ( */ three */ b: r#\"\"(\"#) // ]";
        assert_eq!(words(text), ["(", "a", ":", "\"x, \\\" (\"", ",", "b", ":", "r#\"\"(\"#", ")"]);
    }

    #[test]
    fn a_raw_text_ends_at_as_many_hashes_as_it_began_with() {
        for raw in ["r\"\"", "r\"a(b\"", "r#\"long (text) \" of it\"#", "r##\"x\"# y\"##"] {
            assert_eq!(words(&format!("a: {raw}, b")), ["a", ":", raw, ",", "b"]);
        }
    }

    #[test]
    fn a_text_cut_anywhere_ends() {
        let text = "Deck(é: [\"ü\\\"\", r##\"x\"##, /* é */ 'ß', -1.5e+3]) // end";
        for (at, _) in text.char_indices() {
            let found = tokens(&text[..at]);
            assert!(found.iter().all(|token| token.at.end <= at && !token.at.is_empty()));
        }
    }
}
