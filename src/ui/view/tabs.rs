//! The line of views: their keys and names, with the current one marked. If not all names fit, the last views show only
//! keys.

use ratatui::layout::Rect;

use super::canvas::{Canvas, skip, width};
use super::hit::{Hits, Target};
use crate::ui::input::{Action, Context, Keymap};
use crate::ui::state::{State, VIEWS};

/// Draws the views and registers them as mouse targets.
pub(super) fn draw(canvas: &mut Canvas<'_>, state: &State<'_>, area: Rect, hits: &mut Hits) {
    if area.is_empty() {
        return;
    }
    let labels = labels(&state.keymap, state.view, area.width);
    let between = if columns(&labels, 2) <= area.width { 2 } else { 1 };
    let mut rest = Rect { height: 1, ..area };
    for (at, label) in labels.iter().enumerate() {
        let style = if at == state.view { canvas.theme.focus() } else { canvas.theme.muted() };
        let used = canvas.whole(rest, label, style);
        hits.add(Rect { width: used, ..rest }, Target::View(at));
        rest = skip(rest, used + between);
    }
}

/// Returns the key and name of each view, or only the key if the name does not fit. The current view is named first.
fn labels(keymap: &Keymap, present: usize, room: u16) -> Vec<String> {
    let key = |at| keymap.first_key(Action::View(at), Context::Explore);
    let mut labels: Vec<String> = (0..VIEWS.len()).map(|at| key(at).into()).collect();
    for at in std::iter::once(present).chain(0..VIEWS.len()) {
        let (Some(view), Some(short)) = (VIEWS.get(at), labels.get(at).cloned()) else { continue };
        labels[at] = format!("{} {}", key(at), view.title);
        if columns(&labels, 1) > room {
            labels[at] = short;
        }
    }
    labels
}

fn columns(labels: &[String], between: u16) -> u16 {
    labels.iter().map(|label| width(label) + between).sum::<u16>().saturating_sub(between)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_present_view_is_named_and_nothing_is_cut() {
        let keymap = Keymap::default();
        for room in 40..120 {
            for present in 0..VIEWS.len() {
                let labels = labels(&keymap, present, room);
                assert!(columns(&labels, 1) <= room, "{labels:?}");
                assert!(labels[present].ends_with(VIEWS[present].title), "{labels:?}");
            }
        }
    }
}
