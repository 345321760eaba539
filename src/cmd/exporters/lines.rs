//! Breaking text into lines of a picture by the estimated width of its letters.
//!
//! The widths are those of wide letters in common sans-serif fonts, so a line may break early and never too late.

/// The mean width of a letter in plain type, as a share of the font's height.
const PLAIN: f64 = 0.56;
/// The mean width of a letter in bold type, as a share of the font's height.
const BOLD: f64 = 0.64;

/// Returns the number of letters of `size` pixels that fit into `width` pixels.
fn room(width: f64, size: f64, bold: bool) -> usize {
    let letter = size * if bold { BOLD } else { PLAIN };
    (width / letter).max(1.0) as usize
}

/// Returns `words` in lines of at most `width` pixels, broken between words; a longer word is shortened.
pub(super) fn broken(words: &str, width: f64, size: f64, bold: bool) -> Vec<String> {
    let room = room(width, size, bold);
    let mut lines: Vec<String> = Vec::new();
    for word in words.split_whitespace() {
        let word = shortened(word, room);
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= room => {
                line.push(' ');
                line.push_str(&word);
            }
            _ => lines.push(word),
        }
    }
    lines
}

/// Returns `words` in one line of at most `width` pixels; a longer text is shortened.
pub(super) fn cut(words: &str, width: f64, size: f64, bold: bool) -> String {
    shortened(words, room(width, size, bold))
}

fn shortened(words: &str, room: usize) -> String {
    if words.chars().count() <= room {
        return words.to_owned();
    }
    let kept: String = words.chars().take(room.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_hold_all_words_and_no_line_is_too_long() {
        let words = "Cheapest box at ten tok/s: a card, expected so much, with the computer around it";
        let lines = broken(words, 200.0, 10.0, true);
        assert!(lines.len() > 1 && lines.iter().all(|line| line.chars().count() <= 31), "{lines:?}");
        assert_eq!(lines.join(" "), words);
        assert_eq!(broken("", 200.0, 10.0, true), Vec::<String>::new());
    }

    #[test]
    fn what_does_not_fit_ends_in_dots() {
        assert_eq!(cut("Studio Max 128", 1000.0, 18.0, true), "Studio Max 128");
        assert_eq!(cut("RTX PRO 6000 Blackwell", 100.0, 10.0, true), "RTX PRO 6000 B…");
        assert_eq!(broken(&"x".repeat(99), 100.0, 10.0, false), [format!("{}…", "x".repeat(16))]);
    }
}
