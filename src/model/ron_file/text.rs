//! The characters of a foreign text that may be displayed, and replacements for the others.

/// Returns true if `c` could control a terminal or reorder text: C0 and C1 controls, DEL, bidirectional controls, line
/// and paragraph separators, a byte order mark inside a text. The line feed is the only control character that texts
/// may contain.
#[must_use]
pub fn is_hostile(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Returns `text` on one line with every hostile character replaced by U+FFFD.
#[must_use]
pub fn visible(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' => ' ',
            c if is_hostile(c) => char::REPLACEMENT_CHARACTER,
            c => c,
        })
        .collect()
}

/// Returns `text` with every hostile character replaced by U+FFFD; line feeds stay.
#[must_use]
pub fn visible_lines(text: &str) -> String {
    text.chars().map(|c| if is_hostile(c) { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_characters_become_visible() {
        for c in ['\u{1b}', '\0', '\r', '\t', '\u{7f}', '\u{9b}', '\u{202e}', '\u{2066}', '\u{200f}', '\u{2028}'] {
            assert!(is_hostile(c), "{c:?}");
            assert_eq!(visible(&format!("a{c}b")), "a\u{fffd}b");
        }
        assert_eq!(visible("größer\n語 ✓"), "größer 語 ✓");
    }
}
