//! An input line in a box, with its help above it, and an error message or completions below it.

use ratatui::layout::{Position, Rect};

use super::window;
use crate::ui::state::State;
use crate::ui::view::canvas::{Canvas, line, skip, width};
use crate::ui::view::hit::Hits;
use crate::ui::view::words::wrap;

/// Width of the box, in columns.
const COLUMNS: u16 = 76;

/// Draws the box: the help, the line with the typed text and the caret, then an error message or completions.
pub(super) fn draw(
    canvas: &mut Canvas<'_>,
    state: &State<'_>,
    area: Rect,
    (title, help, now): (&str, &str, &str),
    (text, words): (&str, &[String]),
    hits: &mut Hits,
) {
    let columns = COLUMNS.min(area.width).saturating_sub(4);
    let help = wrap(help, columns);
    let fault = state.notice.as_ref().filter(|notice| notice.bad).map(|notice| wrap(&notice.text, columns));
    let fault = fault.unwrap_or_default();
    // Two lines are reserved for an error message, so that the box does not change its size.
    let rows = help.len() + 1 + fault.len().max(2).max(words.len().min(5));
    let inside = window(canvas, area, (COLUMNS, rows as u16 + 2), (title, now), hits);
    canvas.lines(inside, &help, canvas.theme.muted());
    let entry = line(inside, (help.len() as u16).min(inside.height.saturating_sub(1)));
    let used = canvas.text(entry, &format!("{} ", canvas.glyphs.pointer), canvas.theme.focus());
    let room = skip(entry, used);
    let tail = end_of(text, room.width.saturating_sub(1));
    let typed = canvas.text(room, &tail, canvas.theme.title());
    hits.caret = Some(Position { x: room.x + typed, y: room.y });
    let below = Rect { y: entry.y + 1, height: (inside.bottom()).saturating_sub(entry.y + 1), ..inside };
    if fault.is_empty() {
        canvas.lines(below, words, canvas.theme.muted());
    } else {
        canvas.lines(below, &fault, canvas.theme.bad());
    }
}

/// Returns the longest end of `text` that fits into `columns`.
fn end_of(text: &str, columns: u16) -> String {
    let start = text.char_indices().map(|(at, _)| at).find(|at| width(&text[*at..]) <= columns);
    start.map_or_else(String::new, |at| text[at..].to_owned())
}
