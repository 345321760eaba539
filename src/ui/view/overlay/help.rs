//! Help: what the marks mean, then every key of the explorer, from the keymap that starts the actions.

use ratatui::layout::{Position, Rect};

use super::window;
use crate::ui::input::{Bound, Context};
use crate::ui::state::{Help, State, finds};
use crate::ui::view::canvas::{Canvas, line, skip, width};
use crate::ui::view::glyphs::Glyphs;
use crate::ui::view::hit::Hits;

/// Columns of the keys, all of them and the first only.
const KEYS: (u16, u16) = (18, 8);
/// Columns of the words and the space after them.
const WORDS: u16 = 30;

/// A line of the page: keys or a mark, what they do or mean, and whether that can be done now.
struct Line {
    keys: String,
    words: &'static str,
    can: bool,
}

/// Draws the page, in two columns where one would not show it whole; what is typed narrows it.
pub(super) fn draw(canvas: &mut Canvas<'_>, state: &State<'_>, area: Rect, help: &Help, hits: &mut Hits) {
    let room = area.height.saturating_sub(4);
    let lines = |all_keys: bool| page(canvas.glyphs, state, all_keys, &help.filter);
    // The box has the size of the whole page: it does not jump while somebody types.
    let whole = page(canvas.glyphs, state, true, "").len() as u16;
    let (all, first) = (KEYS.0 + WORDS, KEYS.1 + WORDS);
    let two = |each: u16| 2 * each + 4 <= area.width;
    let (across, keys) = match (whole <= room, two(all), two(first)) {
        (true, _, _) | (_, false, false) => (1, KEYS.0),
        (false, true, _) => (2, KEYS.0),
        (false, false, true) => (2, KEYS.1),
    };
    let lines = lines(keys == KEYS.0);
    let height = whole.div_ceil(across) + 3;
    let remark = "type to find; greyed: not now";
    let inside = window(canvas, area, (across * (keys + WORDS) + 4, height), ("Help", remark), hits);
    let typed = format!("{} {}", canvas.glyphs.pointer, help.filter);
    let used = canvas.text(line(inside, 0), &typed, canvas.theme.focus());
    hits.caret = Some(Position { x: inside.x + used, y: inside.y });
    let body = Rect { y: inside.y + 1, height: inside.height.saturating_sub(1), ..inside };
    let rows = (lines.len() as u16).div_ceil(across);
    let hidden = usize::from(rows.saturating_sub(body.height));
    let first = help.scroll.min(hidden);
    for (at, shown) in lines.iter().enumerate() {
        let (row, column) = (at as u16 % rows.max(1), at as u16 / rows.max(1));
        let Some(row) = row.checked_sub(first as u16).filter(|row| *row < body.height) else { continue };
        let place = skip(line(body, row), column * (keys + WORDS));
        let (bold, plain) = if shown.can {
            (canvas.theme.focus(), canvas.theme.text())
        } else {
            (canvas.theme.rule(), canvas.theme.rule())
        };
        canvas.text(Rect { width: keys.min(place.width), ..place }, &shown.keys, bold);
        canvas.text(skip(Rect { width: (keys + WORDS).min(place.width), ..place }, keys), shown.words, plain);
    }
    if lines.is_empty() {
        let text = state.keymap.told("nothing matches; {erase} widens");
        canvas.text(body, &text, canvas.theme.warn());
    }
}

/// Lines of the page that hold what is typed: the keys of the explorer or of a presentation, then the marks.
fn page(g: &Glyphs, state: &State<'_>, all_keys: bool, filter: &str) -> Vec<Line> {
    let context = if state.present.is_some() { Context::Present } else { Context::Explore };
    let rows = state.keymap.in_context(context).filter(|bound| !bound.keys.is_empty());
    let keys = |keys: &[String]| {
        let joined = |count: usize| keys.get(..count).unwrap_or_default().join("  ");
        let most = if all_keys { keys.len() } else { 1 };
        (1..=most).rev().map(joined).find(|text| width(text) < KEYS.0).unwrap_or_default()
    };
    let line =
        |bound: &Bound| Line { keys: keys(&bound.keys), words: bound.row.help, can: state.can(bound.row.action) };
    let mut lines: Vec<Line> = rows.map(line).collect();
    let marks = [
        (String::new(), ""),
        (format!("{0}{1}{0}", g.band, g.typical), "expected, with its band"),
        (g.ceiling.to_owned(), "ceiling: bandwidth over bytes"),
        (g.measured.to_owned(), "measured by somebody"),
        (g.variant.to_owned(), "a smaller variant"),
        (g.tick.to_owned(), "known models, round values"),
        ("?".to_owned(), "sources disagree"),
        ("*".to_owned(), "assumed by you"),
    ];
    lines.extend(marks.map(|(keys, words)| Line { keys, words, can: true }));
    lines.retain(|line| finds(filter, line.words, &line.keys));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::input::{ACTIONS, Keymap};

    #[test]
    fn every_line_fits_its_columns() {
        for bound in Keymap::default().rows() {
            let shown = [Context::Explore, Context::Present];
            if bound.row.contexts.iter().any(|context| shown.contains(context)) {
                assert!(width(bound.first_key()) < KEYS.1, "{:?}", bound.keys);
            }
        }
        let shown = |row: &&crate::ui::input::Binding| {
            row.contexts.iter().any(|context| matches!(context, Context::Explore | Context::Present))
        };
        for row in ACTIONS.iter().filter(shown) {
            assert!(width(row.help) < WORDS, "{}", row.help);
        }
    }
}
