//! Movement of the focus between sliders, panels and cells.

use super::state::{Focus, State};
use crate::model::scenario::knob;

/// Moves the focus within its region by `by` sliders, machines or rows.
pub(super) fn move_focus(state: &mut State<'_>, by: isize) {
    let moved = |at: usize, count: usize| at.saturating_add_signed(by).min(count.saturating_sub(1));
    let focus = match state.focus {
        Focus::Slider(at) => Focus::Slider(moved(at, knob::sliders().count())),
        Focus::Panel { panel, machine } => {
            Focus::Panel { panel, machine: moved(machine, state.answers.machines.len()) }
        }
        Focus::Cell { row, column } => Focus::Cell { row: next_row(state, row, by), column },
    };
    state.set_focus(focus);
}

/// Returns the next row of the sheet that is not a heading; the same row if there is none.
fn next_row(state: &State<'_>, row: usize, by: isize) -> usize {
    let rows = state.sheet.as_ref().map_or(&[][..], |sheet| &sheet.rows);
    let is_row = |at: &usize| rows.get(*at).is_some_and(|row| !row.heading);
    let found = if by < 0 { (0..row).rev().find(is_row) } else { (row + 1..rows.len()).find(is_row) };
    found.unwrap_or(row)
}

/// Moves the focus by `by` regions: the sliders, then each panel or each column of the sheet, then the sliders again.
pub(super) fn next_region(state: &mut State<'_>, by: isize) {
    let columns = state.sheet.as_ref().filter(|sheet| !sheet.rows.is_empty()).map(|sheet| sheet.columns.len());
    let regions = columns.map_or(state.view().panels.len(), |columns| columns.saturating_sub(1)) + 1;
    let winner = state.answers.verdict.winner.unwrap_or(0);
    let (at, machine, row) = match state.focus {
        Focus::Slider(_) => (0, winner, 0),
        Focus::Panel { panel, machine } => (panel + 1, machine, 0),
        Focus::Cell { row, column } => (column, winner, row),
    };
    let next = (at + regions).saturating_add_signed(by) % regions;
    state.set_focus(match (next, columns) {
        (0, _) => Focus::Slider(state.turning),
        (column, Some(_)) => {
            let heading = state.sheet.as_ref().and_then(|sheet| sheet.rows.get(row)).is_some_and(|row| row.heading);
            Focus::Cell { row: if heading { next_row(state, row, 1) } else { row }, column }
        }
        (panel, None) => Focus::Panel { panel: panel - 1, machine },
    });
}

/// Shows only the focused panel, or the first if none is focused; if one is shown alone, shows all again.
pub(super) fn zoom(state: &mut State<'_>) {
    if matches!(state.focus, Focus::Panel { .. }) {
        state.zoomed = !state.zoomed;
    } else if state.sheet.is_none() {
        state.zoomed = true;
        next_region(state, 1);
    }
}
