//! The places of a step's fields in a deck's file, for errors.
//!
//! Many steps name the same machine or knob, so an error is located only in the field of its own step.

use std::ops::Range;

use crate::model::ron_file::{Kind, Token, tokens};

/// Returns the byte range for an error: of the string `needle` in the `field` of step `at`, else of the field's value,
/// else of the step's first token. `None` if the text has no such step.
pub(super) fn find(text: &str, at: usize, field: Option<&str>, needle: &str) -> Option<Range<usize>> {
    let tokens = tokens(text);
    let step = step(text, &tokens, at)?;
    let value = field.and_then(|field| value(text, step, field));
    let within = value.unwrap_or(step);
    let literal =
        within.iter().find(|token| token.kind == Kind::Text && text[token.at.clone()].trim_matches('"') == needle);
    Some(literal.or(within.first())?.at.clone())
}

/// Returns the tokens of step `at`, brackets included.
fn step<'t>(text: &str, tokens: &'t [Token], at: usize) -> Option<&'t [Token]> {
    let inside = tokens.iter().position(|token| token.kind == Kind::Open).and_then(|open| tokens.get(open..))?;
    let steps = value(text, inside, "steps")?;
    parts(steps).nth(at)
}

/// Returns the tokens of the value of `field` in `whole`, which starts with its bracket.
fn value<'t>(text: &str, whole: &'t [Token], field: &str) -> Option<&'t [Token]> {
    parts(whole).find_map(|part| match part {
        [name, colon, value @ ..] if colon.kind == Kind::Colon && text[name.at.clone()] == *field => Some(value),
        _ => None,
    })
}

/// Returns the parts of `whole`, which starts with its bracket, between its commas.
fn parts(whole: &[Token]) -> impl Iterator<Item = &[Token]> {
    let mut depth = 0;
    let inside = whole.get(1..).unwrap_or_default();
    let end = inside.iter().position(|token| {
        depth += deeper(token);
        depth < 0
    });
    let mut depth = 0;
    inside[..end.unwrap_or(inside.len())].split(move |token| {
        depth += deeper(token);
        depth == 0 && token.kind == Kind::Comma
    })
}

/// Returns the change in depth of nesting after a token.
fn deeper(token: &Token) -> i32 {
    match token.kind {
        Kind::Open => 1,
        Kind::Close => -1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "Deck(title: \"steps: [(\", steps: [\n (a: \"x\", // (\n b: [\"x\"]),\n (b: [\"y\", \"x\"], c: 1),\n])";

    fn found(at: usize, field: Option<&str>, needle: &str) -> Option<(usize, &'static str)> {
        find(TEXT, at, field, needle).map(|range| (range.start, &TEXT[range]))
    }

    #[test]
    fn a_fault_is_found_in_its_own_step_and_field() {
        let all: Vec<usize> = TEXT.match_indices("\"x\"").map(|(at, _)| at).collect();
        assert_eq!(found(0, Some("a"), "x"), Some((all[0], "\"x\"")));
        assert_eq!(found(0, Some("b"), "x"), Some((all[1], "\"x\"")));
        assert_eq!(found(1, Some("b"), "x"), Some((all[2], "\"x\"")));
        assert_eq!(found(1, None, "x"), Some((all[2], "\"x\"")));
    }

    #[test]
    fn what_is_not_there_has_the_place_of_what_it_would_be_in() {
        assert_eq!(found(1, Some("c"), "z").map(|found| found.1), Some("1"));
        assert_eq!(found(1, Some("d"), "z"), TEXT.rfind("(b").map(|at| (at, "(")));
        assert_eq!(found(2, Some("a"), "x"), None);
        assert_eq!(find("", 0, None, "x"), None);
    }
}
