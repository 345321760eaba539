//! Help: what the marks mean, then every key of the explorer, from the keymap that starts the actions.

use ratatui::layout::Rect;

use super::window;
use crate::input::{Context, Keymap};
use crate::view::canvas::{Canvas, line, skip};
use crate::view::glyphs::Glyphs;
use crate::view::hit::Hits;

/// Columns of the keys, all of them and the first only.
const KEYS: (u16, u16) = (18, 8);
/// Columns of the words and the space after them.
const WORDS: u16 = 30;

/// Draws the page, in two columns where one would not show it whole.
pub(super) fn draw(canvas: &mut Canvas<'_>, keymap: &Keymap, area: Rect, scroll: usize, hits: &mut Hits) {
    let room = area.height.saturating_sub(3);
    let lines = |all_keys: bool| page(canvas.glyphs, keymap, all_keys);
    let count = lines(true).len() as u16;
    let (all, first) = (KEYS.0 + WORDS, KEYS.1 + WORDS);
    let two = |each: u16| 2 * each + 4 <= area.width;
    let (across, keys) = match (count <= room, two(all), two(first)) {
        (true, _, _) | (_, false, false) => (1, KEYS.0),
        (false, true, _) => (2, KEYS.0),
        (false, false, true) => (2, KEYS.1),
    };
    let lines = lines(keys == KEYS.0);
    let rows = count.div_ceil(across);
    let inside = window(canvas, area, (across * (keys + WORDS) + 4, rows + 2), ("Help", "Esc closes"), hits);
    let hidden = usize::from(rows.saturating_sub(inside.height));
    let first = scroll.min(hidden);
    for (at, (keys_text, words)) in lines.iter().enumerate() {
        let (row, column) = (at as u16 % rows, at as u16 / rows);
        let Some(row) = row.checked_sub(first as u16).filter(|row| *row < inside.height) else { continue };
        let place = skip(line(inside, row), column * (keys + WORDS));
        canvas.text(Rect { width: keys.min(place.width), ..place }, keys_text, canvas.theme.focus());
        canvas.text(skip(Rect { width: (keys + WORDS).min(place.width), ..place }, keys), words, canvas.theme.text());
    }
}

/// Lines of the page: keys or marks, and what they do or mean.
fn page(g: &Glyphs, keymap: &Keymap, all_keys: bool) -> Vec<(String, &'static str)> {
    let rows = keymap.in_context(Context::Explore).filter(|bound| !bound.keys.is_empty());
    let keys = |keys: &[String]| keys.get(..if all_keys { keys.len() } else { 1 }).unwrap_or_default().join("  ");
    let mut lines: Vec<(String, &'static str)> = rows.map(|bound| (keys(&bound.keys), bound.row.help)).collect();
    lines.extend([
        (String::new(), ""),
        (format!("{0}{1}{0}", g.band, g.typical), "expected, with its band"),
        (g.ceiling.to_owned(), "ceiling: bandwidth over bytes"),
        (g.measured.to_owned(), "measured by somebody"),
        (g.variant.to_owned(), "a smaller variant"),
        (g.tick.to_owned(), "known models, round values"),
        ("?".to_owned(), "sources disagree"),
    ]);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::canvas::width;
    use crate::view::glyphs::UNICODE;

    #[test]
    fn every_line_fits_its_columns() {
        for (all_keys, columns) in [(true, KEYS.0), (false, KEYS.1)] {
            for (keys, words) in page(&UNICODE, &Keymap::default(), all_keys) {
                assert!(width(&keys) < columns, "{keys}");
                assert!(width(words) < WORDS, "{words}");
            }
        }
    }
}
