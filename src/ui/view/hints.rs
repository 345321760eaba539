//! The line of hints: the keys that work now, always including those for help and for leaving.

use ratatui::layout::Rect;

use super::canvas::{Canvas, skip, width};
use super::hit::{Hits, Target};
use crate::ui::input::{Action, Bound, Context, Keymap};
use crate::ui::state::State;

/// Actions whose hints take precedence.
const ALWAYS: [Action; 3] = [Action::Help, Action::Quit, Action::Cancel];

/// Draws the hints that fit, in the order of the table, and registers them as mouse targets.
pub(super) fn draw(canvas: &mut Canvas<'_>, state: &State<'_>, area: Rect, hits: &mut Hits) {
    let context = state.context();
    let keymap = &state.keymap;
    let hinted = || keymap.in_context(context).filter(|bound| !bound.row.hint.is_empty() && !bound.keys.is_empty());
    let mut room = area.width;
    let mut shown: Vec<Action> = Vec::new();
    let always = hinted().filter(|bound| ALWAYS.contains(&bound.row.action));
    let others = hinted().filter(|bound| !ALWAYS.contains(&bound.row.action));
    for bound in always.chain(others) {
        let columns = columns(keymap, bound, context);
        if columns <= room {
            room -= columns;
            shown.push(bound.row.action);
        }
    }
    let (key_style, text) = (canvas.theme.focus(), canvas.theme.muted());
    let mut rest = area;
    for bound in hinted().filter(|bound| shown.contains(&bound.row.action)) {
        let columns = columns(keymap, bound, context).min(rest.width);
        hits.add(Rect { width: columns.saturating_sub(2), ..rest }, Target::Hint(bound.row.action));
        let used = canvas.text(rest, key(keymap, bound, context), key_style);
        canvas.text(skip(rest, used), &format!(" {}", bound.row.hint), text);
        rest = skip(rest, columns);
    }
}

/// Returns the width of a hint with the space after it, in columns.
fn columns(keymap: &Keymap, bound: &Bound, context: Context) -> u16 {
    width(key(keymap, bound, context)) + width(bound.row.hint) + 3
}

/// Returns the key of a hint; opposite keys of opposite actions are shown as a pair.
fn key<'k>(keymap: &'k Keymap, bound: &'k Bound, context: Context) -> &'k str {
    let opposite = match bound.row.action {
        Action::More => Action::Less,
        Action::Down => Action::Up,
        Action::ListDown => Action::ListUp,
        Action::NextKnown => Action::PreviousKnown,
        other => other,
    };
    match (keymap.first_key(opposite, context), bound.first_key()) {
        ("Left", "Right") => "←→",
        ("Up", "Down") => "↑↓",
        ("[", "]") => "[ ]",
        (_, key) => key,
    }
}
