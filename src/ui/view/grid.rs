//! The areas of a view's panels.
//!
//! Panels are in one column below 76 columns, in four if the screen is wide and low, else in two; a single panel gets
//! all the room. The first four have precedence; further rows are added if every row still has room for details. The
//! focused panel is always visible, and alone if it is zoomed.

use ratatui::layout::Rect;

use super::panels::{CHART_LEAST, Panel, TALLEST};
use crate::ui::state::{Focus, State};

/// Columns between two panels.
const GAP: u16 = 2;
/// Width below which a screen is narrow, in columns.
const NARROW: u16 = 76;
/// Width from which a screen is wide, in columns.
const WIDE: u16 = 180;
/// Number of panels that a view shows before it gives rows more room.
const FIRST: u16 = 4;

/// The panels that are shown.
struct Shown {
    /// Index of the first of them.
    first: usize,
    /// Number of rows of panels.
    rows: usize,
    /// Number of panels in a row.
    across: usize,
}

/// Returns an area for each of the view's panels; empty for those that are not shown.
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
    if is_overview(state) {
        return overview(area, state, panels);
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
        // A panel that is alone in the last row gets the full width.
        let width = if column == 0 && at + 1 == panels.len() { area.width } else { columns };
        Some(Rect { x: area.x + column * (columns + GAP), y: area.y + above, width, height })
    };
    (0..panels.len()).map(|at| place(at).unwrap_or_default()).collect()
}

/// Returns true if the view begins with a picture, beside which its other panels are placed.
pub(super) fn is_overview(state: &State<'_>) -> bool {
    super::panels::of(state.view()).first().is_some_and(|panel| panel.picture.is_some())
}

/// Returns true if a panel of the overview shows only curves, given room for them.
pub(super) fn is_curve(panel: &Panel) -> bool {
    ["streams", "context"].contains(&panel.id)
}

/// Returns the areas of the overview: the picture on the left, panels with rows right of it, and on a wide screen
/// curves at the far right. A narrow screen shows only the panels with rows, unless the picture is focused.
fn overview(area: Rect, state: &State<'_>, panels: &[&Panel]) -> Vec<Rect> {
    let mut areas = vec![Rect::default(); panels.len()];
    let focus = match state.focus {
        Focus::Panel { panel, .. } => panel,
        Focus::Slider(_) | Focus::Cell { .. } => 0,
    };
    let narrow = area.width < NARROW;
    if narrow && focus == 0 && matches!(state.focus, Focus::Panel { .. }) {
        areas[0] = area;
        return areas;
    }
    let across: u16 = if narrow {
        1
    } else if area.width >= WIDE {
        3
    } else {
        2
    };
    let share = |part: u16| (area.width + GAP) * part / 100 - GAP;
    let left = match across {
        1 => 0,
        2 => share(47),
        _ => share(38),
    };
    let right = Rect { x: area.x + left, width: area.width - left, ..area };
    let right = if left > 0 { Rect { x: right.x + GAP, width: right.width - GAP, ..right } } else { right };
    areas[0] = Rect { width: left, ..area };
    let (charts, measures): (Vec<usize>, Vec<usize>) = (1..panels.len()).partition(|at| is_curve(panels[*at]));
    let machines = state.answers.machines.len() as u16;
    if across < 3 {
        // A focused chart is shown among them, as rows.
        stack(&mut areas, right, &[measures, charts].concat(), (focus, machines + 1, 2 * machines + 3));
        return areas;
    }
    let columns = (right.width - GAP) / 2;
    let middle = Rect { width: columns, ..right };
    stack(&mut areas, middle, &measures, (focus, machines + 1, 2 * machines + 3));
    let last = Rect { x: right.x + columns + GAP, width: right.width - columns - GAP, ..right };
    stack(&mut areas, last, &charts, (focus, CHART_LEAST + 1, u16::MAX));
    areas
}

/// Places panels below each other, as many as have room for `least` lines, the focused one among them. Remaining lines
/// enlarge all of them up to `most` lines, then separate them.
fn stack(areas: &mut [Rect], area: Rect, panels: &[usize], (focus, least, most): (usize, u16, u16)) {
    let least = least.min(area.height);
    // Four panels with a blank line below each; or as many as fit without it, up to four.
    let (roomy, close) = (area.height / (least + 1).max(2), area.height / least.max(1));
    let count = usize::from(roomy.max(close.min(FIRST)).max(1)).min(panels.len());
    if count == 0 || area.is_empty() {
        return;
    }
    let place = panels.iter().position(|at| *at == focus).unwrap_or(0);
    let first = (place + 1).saturating_sub(count);
    let each = (area.height / count as u16).min(most);
    let left = area.height.saturating_sub(each * count as u16);
    let gap = left.checked_div(count as u16 - 1).unwrap_or(0).min(1);
    // If not all panels can have a line for their foot, the upper ones get it.
    let mut more = if each < most { left - gap * (count as u16 - 1) } else { 0 };
    let mut top = area.y;
    for at in panels.iter().skip(first).take(count) {
        let height = each + u16::from(more > 0);
        more = more.saturating_sub(1);
        areas[*at] = Rect { y: top, height: height.min(area.bottom().saturating_sub(top)), ..area };
        top += height + gap;
    }
}

fn shown(area: Rect, state: &State<'_>, machines: u16, panels: &[&Panel]) -> Shown {
    let count = panels.len() as u16;
    // Wide bars are preferred to many columns: four panels in a row only if two rows of two would lose their details.
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
        // If few panels of the overview fit, speed is shown before bandwidth.
        Focus::Slider(_) | Focus::Cell { .. } => {
            let short = state.view == 0 && rows * across < FIRST;
            return Shown { first: short.into(), rows: rows.into(), across: across.into() };
        }
    };
    let charts = panels.get(panel).is_some_and(|panel| panel.chart.is_some());
    if charts {
        // For a focused chart, its rows and its heading must fit as well.
        rows = (area.height / (CHART_LEAST + machines + 1)).clamp(1, rows);
    }
    let (rows, across) = (usize::from(rows), usize::from(across));
    let first = (panel / across + 1).saturating_sub(rows) * across;
    Shown { first, rows, across }
}

/// Returns for each row of panels if one of them has a foot, and if one has a chart.
fn needs(shown: &Shown, panels: &[&Panel]) -> Vec<(bool, bool)> {
    let rows = panels.get(shown.first..).unwrap_or_default().chunks(shown.across).take(shown.rows);
    rows.map(|row| (row.iter().any(|panel| panel.foot.is_some()), row.iter().any(|panel| panel.chart.is_some())))
        .collect()
}

/// Returns the heights of rows of panels, and the blank lines below each row. All rows get a line per machine; then
/// feet, then details from the top, then taller bars for all; the remaining lines go to charts.
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
