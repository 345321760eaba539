//! Which panels of the view are shown, and where.
//!
//! Panels stand in one column below 76 columns, else in two, or four where the screen is wide and low; a single one has
//! all the room. The first four come first; further rows join where every row is still comfortable. The panel in focus
//! is always among them, alone where it is zoomed.

use ratatui::layout::Rect;

use super::panels::{CHART_LEAST, Panel, TALLEST};
use crate::ui::state::{Focus, State};

/// Columns between two panels.
const GAP: u16 = 2;
/// Panels that a view shows before it makes room for comfort.
const FIRST: u16 = 4;

/// The panels shown.
struct Shown {
    /// The first of them.
    first: usize,
    /// Rows of panels.
    rows: usize,
    /// Panels in a row.
    across: usize,
}

/// An area for each of the view's panels, empty for one that is not shown.
pub(super) fn areas(area: Rect, state: &State<'_>, panels: &[&Panel]) -> Vec<Rect> {
    if panels.is_empty() {
        return Vec::new();
    }
    let zoomed = match state.focus {
        Focus::Panel { panel, .. } if state.zoomed => Some(panel),
        _ => None,
    };
    if let Some(zoomed) = zoomed {
        return (0..panels.len()).map(|at| if at == zoomed { area } else { Rect::default() }).collect();
    }
    let machines = state.answers.machines.len() as u16;
    let shown = shown(area, state, machines, panels);
    let (heights, gap) = heights(area.height, machines, &needs(&shown, panels));
    let columns = (area.width + GAP) / shown.across as u16 - GAP;
    let place = |at: usize| {
        let place = at.checked_sub(shown.first).filter(|place| *place < shown.rows * shown.across)?;
        let (row, column) = (place / shown.across, (place % shown.across) as u16);
        let above: u16 = heights.get(..row)?.iter().map(|height| height + gap).sum();
        let height = *heights.get(row)?;
        Some(Rect { x: area.x + column * (columns + GAP), y: area.y + above, width: columns, height })
    };
    (0..panels.len()).map(|at| place(at).unwrap_or_default()).collect()
}

fn shown(area: Rect, state: &State<'_>, machines: u16, panels: &[&Panel]) -> Shown {
    let count = panels.len() as u16;
    // Wide bars before many columns: four in a row only where two rows of two would lose their details.
    let detailed = 2 * (2 * machines + 2) <= area.height;
    let across: u16 = match area.width {
        0..76 => 1,
        180.. if !detailed => 4,
        _ => 2,
    };
    let across = across.min(count);
    let least = machines.min(3) + 1;
    let first_rows = FIRST.min(count).div_ceil(across).min(area.height / least).max(1);
    let comfortable = (3 * machines + 2).max(CHART_LEAST + 1);
    let mut rows = (area.height / comfortable).max(first_rows).min(count.div_ceil(across));
    let panel = match state.focus {
        Focus::Panel { panel, .. } => panel,
        // Where few of the overview fit, speed before bandwidth.
        Focus::Slider(_) | Focus::Cell { .. } => {
            let short = state.view == 0 && rows * across < FIRST;
            return Shown { first: short.into(), rows: rows.into(), across: across.into() };
        }
    };
    let charts = panels.get(panel).is_some_and(|panel| panel.chart.is_some());
    if charts {
        // A chart in focus is shown as one: the rows below it and the heading above it have to fit as well.
        rows = (area.height / (CHART_LEAST + machines + 1)).clamp(1, rows);
    }
    let (rows, across) = (usize::from(rows), usize::from(across));
    let first = (panel / across + 1).saturating_sub(rows) * across;
    Shown { first, rows, across }
}

/// What a row of panels has: a foot, a chart.
fn needs(shown: &Shown, panels: &[&Panel]) -> Vec<(bool, bool)> {
    let rows = panels.get(shown.first..).unwrap_or_default().chunks(shown.across).take(shown.rows);
    rows.map(|row| (row.iter().any(|panel| panel.foot.is_some()), row.iter().any(|panel| panel.chart.is_some())))
        .collect()
}

/// Heights of rows of panels by what they have: first a line per machine for all, then feet, then details from the top,
/// then what makes all of them larger; what is left goes to charts. Second, the lines below each row.
fn heights(height: u16, machines: u16, needs: &[(bool, bool)]) -> (Vec<u16>, u16) {
    let rows = (needs.len() as u16).max(1);
    let mut heights = vec![(machines + 1).min(height / rows); needs.len()];
    let mut left = height - heights.iter().sum::<u16>();
    let mut grow = |at: usize, lines: u16| {
        if lines <= left {
            heights[at] += lines;
            left -= lines;
        }
    };
    (0..needs.len()).filter(|at| needs[*at].0).for_each(|at| grow(at, 1));
    (0..needs.len()).for_each(|at| grow(at, machines));
    let tiers = (3..=TALLEST).filter(|tier| (machines * tier + 2) * rows <= height).count() as u16;
    (0..needs.len()).for_each(|at| grow(at, machines * tiers));
    let charts = needs.iter().filter(|(_, chart)| *chart).count() as u16;
    if let Some(each) = left.checked_div(charts) {
        needs.iter().zip(&mut heights).filter(|((_, chart), _)| *chart).for_each(|(_, height)| *height += each);
        left -= each * charts;
    }
    (heights, left / rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panels_get_what_there_is_and_no_more() {
        for (height, machines, feet) in [
            (12, 3, vec![true, false]),
            (25, 4, vec![true, false]),
            (47, 3, vec![true, false]),
            (5, 3, vec![true]),
            (9, 30, vec![true, false]),
            (90, 1, vec![true, false]),
        ] {
            let needs: Vec<(bool, bool)> = feet.iter().map(|foot| (*foot, false)).collect();
            let (heights, gap) = heights(height, machines, &needs);
            let used = heights.iter().sum::<u16>() + gap * needs.len() as u16;
            assert!(used <= height, "{heights:?} and {gap} each are more than {height}");
            assert!(heights.iter().all(|height| *height <= machines * TALLEST + 2), "{heights:?}");
        }
        let (foot, none, chart) = ((true, false), (false, false), (false, true));
        assert_eq!(heights(12, 3, &[foot, none]), (vec![8, 4], 0), "details where speeds are, before those below");
        assert_eq!(heights(26, 3, &[foot, chart]), (vec![11, 15], 0), "charts take what is left");
    }
}
