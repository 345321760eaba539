//! The faulty line of a file with carets under the fault, for lines of any content and length.

use unicode_width::UnicodeWidthChar;

use super::{Place, visible};

/// The longest part of a line that is shown, columns.
const WINDOW: usize = 96;
/// The longest row of carets, columns.
const LONGEST_MARK: usize = 40;

/// Returns the line and a row of carets under `length` characters from `place`; a long line is cut around the carets.
pub(super) fn excerpt(line: &str, place: Place, length: usize) -> String {
    let start = place.column - 1;
    let before: usize = line.chars().take(start).map(|c| cell(c).1).sum();
    let marked: usize = line.chars().skip(start).take(length).map(|c| cell(c).1).sum();
    // Start a third of the window before the fault, so that it stays visible.
    let left = if before + marked.min(LONGEST_MARK) < WINDOW { 0 } else { before.saturating_sub(WINDOW / 3) };
    let (shown, from) = window(line, left);
    let number = place.line.to_string();
    let gutter = " ".repeat(number.len());
    let indent = " ".repeat(before.saturating_sub(from) + usize::from(left > 0));
    let carets = "^".repeat(marked.clamp(1, LONGEST_MARK));
    format!(" {number} | {shown}\n {gutter} | {indent}{carets}")
}

/// Returns the part of `line` from column `left` on, and the column of its first character.
///
/// If `left` is inside of a wide character, the part begins after that character.
fn window(line: &str, left: usize) -> (String, usize) {
    let mut out = String::from(if left > 0 { "…" } else { "" });
    let (mut column, mut from) = (0, None);
    for (shown, width) in line.chars().map(cell) {
        if column >= left {
            from.get_or_insert(column);
            if column + width > left + WINDOW {
                out.push('…');
                break;
            }
            out.push_str(&shown);
        }
        column += width;
    }
    (out, from.unwrap_or(left))
}

/// Returns a character of a file as it is shown, and its width in columns.
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

#[cfg(test)]
mod tests {
    use super::super::{FileError, Place, is_hostile};
    use super::*;

    fn shown(line: &str, column: usize, length: usize) -> Vec<String> {
        let error = FileError::at("a.ron", line, Place { line: 1, column }, length, "no");
        error.to_string().lines().skip(1).map(str::to_owned).collect()
    }

    /// Returns the characters above the carets.
    fn marked(lines: &[String]) -> String {
        let columns = |text: &str| -> Vec<(usize, char)> {
            let step = |at: &mut usize, c: char| Some((std::mem::replace(at, *at + c.width().unwrap_or(0)), c));
            text.chars().scan(0, step).collect()
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
    fn a_line_is_cut_only_where_the_mark_would_be_out_of_sight() {
        let long = "x".repeat(300);
        let whole = |column, length| !shown(&long, column, length)[0].starts_with(" 1 | …");
        assert!(whole(1, 300) && whole(95, 1) && whole(56, 300));
        assert!(!whole(96, 1) && !whole(57, 300));
        // A third of the window precedes the carets.
        assert_eq!(shown(&long, 200, 3)[1].find('^'), Some("   | ".len() + 1 + 32));
    }

    #[test]
    fn no_control_character_is_echoed() {
        let text = "title: \"\u{1b}[31m\u{202e}evil\", x";
        let error = FileError::at("a\u{1b}[0m.ron", text, Place { line: 1, column: 8 }, 9, "said \u{7}".to_owned());
        assert!(error.to_string().chars().all(|c| c == '\n' || !is_hostile(c)));
    }
}
