//! What lies over the explorer: help, lists and lines.

mod field;
mod help;
mod list;
mod page;
mod trace;

use ratatui::layout::Rect;

use super::canvas::Canvas;
use super::hit::{Hits, Target};
use crate::ui::state::{Overlay, State};

/// Draws the overlay in front, if there is one; what lies beside it is out of reach.
pub(super) fn draw(canvas: &mut Canvas<'_>, state: &State<'_>, area: Rect, hits: &mut Hits) {
    let Some(overlay) = &state.overlay else { return };
    let last = Rect { y: area.bottom().saturating_sub(1), height: area.height.min(1), ..area };
    hits.links.clear();
    // The hints below stay within reach.
    hits.add(Rect { height: area.height - last.height, ..area }, Target::Beside);
    match overlay {
        Overlay::Help(help) => help::draw(canvas, state, area, help, hits),
        Overlay::Page(page) => page::draw(canvas, &state.keymap, area, page, hits),
        Overlay::Open(rows) => list::draw(canvas, area, ("Open a scenario", "type to narrow"), rows, hits),
        Overlay::Steps(rows) => list::draw(canvas, area, ("Steps", "type to narrow"), rows, hits),
        Overlay::Copy(rows) => list::draw(canvas, area, ("Copy", "to the terminal's clipboard"), rows, hits),
        Overlay::Machines(rows) => list::draw(canvas, area, ("Machines", "type to narrow"), rows, hits),
        Overlay::Ask(ask) => {
            let usual = state.keymap.told("{accept} takes, {cancel} goes back");
            let remark = state.notice.as_ref().filter(|notice| notice.bad).map_or(&usual, |notice| &notice.text);
            list::draw(canvas, area, (ask.title(), remark), &ask.list, hits);
        }
        Overlay::Trace(trace) => trace::draw(canvas, state, area, trace, hits),
        Overlay::Models(rows) => {
            list::draw(canvas, area, ("Models", "type a name, or a size such as 120b/12b"), rows, hits);
        }
        Overlay::Palette(rows, _) => list::draw(canvas, area, ("Everything", "type to find"), rows, hits),
        Overlay::Knobs(rows) => list::draw(canvas, area, ("Every knob", "type to narrow"), rows, hits),
        Overlay::WhatIf { machine, list } => {
            let name = state.scenario.machine(state.catalog, machine).map_or(machine.clone(), |m| m.name.clone());
            list::draw(canvas, area, ("What if", &name), list, hits);
        }
        Overlay::Value { knob, text, .. } => field::value(canvas, state, area, (knob, text), hits),
        Overlay::SaveAs(text) => field::save_as(canvas, state, area, text, hits),
    }
}

/// A box of at most that size in the middle of `area`, above the line of hints; returns its inside.
fn window(
    canvas: &mut Canvas<'_>,
    area: Rect,
    (columns, rows): (u16, u16),
    (title, remark): (&str, &str),
    hits: &mut Hits,
) -> Rect {
    let height = area.height.saturating_sub(1).max(1).min(area.height);
    let (columns, rows) = (columns.min(area.width), rows.min(height));
    let outer =
        Rect { x: area.x + (area.width - columns) / 2, y: area.y + (height - rows) / 2, width: columns, height: rows };
    hits.add(outer, Target::Overlay);
    canvas.window(outer, title, remark)
}
