//! Help: all keys of the explorer as in force, then the meaning of the marks.

use ratatui::layout::{Position, Rect};

use super::fuzzy::matches;
use super::{Component, Outcome, window};
use crate::ui::input::{Action, Bound, Context};
use crate::ui::state::{Effect, State};
use crate::ui::view::canvas::{Canvas, line, skip, width};
use crate::ui::view::glyphs::Glyphs;
use crate::ui::view::hit::Hits;

/// The keys and the meaning of the marks, narrowed down by the typed text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Help {
    /// The typed text.
    pub filter: String,
    /// Number of lines above the first one shown.
    pub scroll: usize,
}

/// Opens the help.
pub(super) fn open(state: &mut State<'_>) -> Option<Effect> {
    state.overlay = Some(Help::default().into());
    None
}

impl Component for Help {
    fn context(&self) -> Context {
        Context::Help
    }

    fn handle(&mut self, _: &mut State<'_>, _: Action, _: u64) -> Outcome {
        Outcome::Unhandled
    }

    fn draw(&self, canvas: &mut Canvas<'_>, state: &State<'_>, area: Rect, hits: &mut Hits) {
        draw(canvas, state, area, self, hits);
    }

    fn line_mut(&mut self) -> Option<&mut String> {
        Some(&mut self.filter)
    }

    fn scroll(&mut self, rows: isize) {
        self.scroll = self.scroll.saturating_add_signed(rows);
    }
}

/// Width of the keys in columns: for all keys of an action, and for the first key only.
const KEYS: (u16, u16) = (18, 8);
/// Width of a description and the space after it, in columns.
const WORDS: u16 = 30;

/// A line of the page: the keys or a mark, its meaning, and true if the action is available now.
struct Line {
    keys: String,
    words: &'static str,
    can: bool,
}

/// Draws the page, in two columns if it does not fit in one.
fn draw(canvas: &mut Canvas<'_>, state: &State<'_>, area: Rect, help: &Help, hits: &mut Hits) {
    let room = area.height.saturating_sub(4);
    let lines = |all_keys: bool| page(canvas.glyphs, state, all_keys, &help.filter);
    // The box has the size of the whole page, so that it stays the same while the filter is typed.
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

/// Returns the lines that match the filter: the keys of the explorer or of a presentation, then the marks.
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
        (g.measured.to_owned(), "measured"),
        (g.variant.to_owned(), "a smaller variant"),
        (g.tick.to_owned(), "known models, round values"),
        ("?".to_owned(), "sources disagree"),
        ("*".to_owned(), "assumed by you"),
    ];
    lines.extend(marks.map(|(keys, words)| Line { keys, words, can: true }));
    lines.retain(|line| matches(filter, line.words, &line.keys));
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
