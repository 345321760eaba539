//! The line of hints: what the keys do here, the way to help and out of here always among them.

use ratatui::layout::Rect;

use super::canvas::{Canvas, skip, width};
use super::hit::{Hits, Target};
use crate::app::State;
use crate::input::{ACTIONS, Action, Binding, Context};

/// Actions whose hints are shown before all others.
const ALWAYS: [Action; 3] = [Action::Help, Action::Quit, Action::Cancel];

/// Draws the hints that fit, in the order of the table, and says where they can be clicked.
pub(super) fn draw(canvas: &mut Canvas<'_>, state: &State<'_>, area: Rect, hits: &mut Hits) {
    let context = state.context();
    let hinted = || ACTIONS.iter().filter(|row| !row.hint.is_empty() && row.contexts.contains(&context));
    let mut room = area.width;
    let mut shown: Vec<Action> = Vec::new();
    let always = hinted().filter(|row| ALWAYS.contains(&row.action));
    let others = hinted().filter(|row| !ALWAYS.contains(&row.action));
    for row in always.chain(others) {
        let columns = columns(row, context);
        if columns <= room {
            room -= columns;
            shown.push(row.action);
        }
    }
    let (key_style, text) = (canvas.theme.focus(), canvas.theme.muted());
    let mut rest = area;
    for row in hinted().filter(|row| shown.contains(&row.action)) {
        let columns = columns(row, context).min(rest.width);
        hits.add(Rect { width: columns.saturating_sub(2), ..rest }, Target::Hint(row.action));
        let used = canvas.text(rest, &key(row, context), key_style);
        canvas.text(skip(rest, used), &format!(" {}", row.hint), text);
        rest = skip(rest, columns);
    }
}

/// Columns of a hint with the space after it.
fn columns(row: &Binding, context: Context) -> u16 {
    width(&key(row, context)) + width(row.hint) + 3
}

/// The keys of a hint: opposite arrows are shown as a pair.
fn key(row: &Binding, context: Context) -> String {
    match (row.keys.first().copied().unwrap_or_default(), context) {
        ("Right", Context::Explore) => "←→".to_owned(),
        ("Down", _) => "↑↓".to_owned(),
        ("]", _) => "[ ]".to_owned(),
        (key, _) => key.to_owned(),
    }
}
