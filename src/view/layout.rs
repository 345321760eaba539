//! Where things go, by the size of the screen.
//!
//! Below 40x10 there is only the answer. Otherwise header, answer, sliders, panels, formula and hints from top to bottom;
//! panels in one column below 76 columns, else in two, or four where the screen is wide and low.

use ratatui::layout::Rect;

use super::panels::{PANELS, TALLEST};
use crate::app::{Focus, State};
use crate::scenario::knob;

/// Columns between two panels.
const GAP: u16 = 2;

/// Rectangles of the explorer.
pub(super) struct Layout {
    pub header: Rect,
    pub answer: Rect,
    pub sliders: Rect,
    /// One per panel, empty where there is no room for it.
    pub panels: Vec<Rect>,
    pub formula: Rect,
    pub hints: Rect,
}

impl Layout {
    /// The layout for `area`; `None` where it is too small for an explorer.
    pub fn of(area: Rect, state: &State<'_>) -> Option<Self> {
        if area.width < 40 || area.height < 10 {
            return None;
        }
        let [answer, sliders, formula] = rows(area);
        let middle = area.height.saturating_sub(2 + answer + sliders + formula);
        let mut top = area.y;
        let mut take = |height: u16| {
            let taken = Rect { y: top, height, ..area };
            top += height;
            taken
        };
        Some(Self {
            header: take(1),
            answer: take(answer),
            sliders: take(sliders),
            panels: panels(take(middle), state),
            formula: take(formula),
            hints: take(1),
        })
    }
}

/// Lines of the answer, the sliders and the formula.
fn rows(area: Rect) -> [u16; 3] {
    let sliders = knob::sliders().count() as u16;
    let formula = if area.width >= 160 { 1 } else { 2 };
    match area.height {
        0..12 => [1, 1, 1],
        12..16 => [2, 1, 2],
        16..22 => [2, sliders, formula],
        22..30 => [3, sliders, formula],
        // A heading over the sliders.
        30..36 => [3, sliders + 1, formula],
        // Lines to breathe below the answer, the sliders and the formula.
        _ => [4, sliders + 2, 2],
    }
}

/// Splits `area` among the panels; one that there is no room for gets none.
fn panels(area: Rect, state: &State<'_>) -> Vec<Rect> {
    let count = PANELS.len() as u16;
    let machines = state.answers.machines.len() as u16;
    let least = machines.min(3) + 1;
    // Wide bars before many columns: four in a row only where two rows of two would lose their details.
    let detailed = 2 * (2 * machines + 2) <= area.height;
    let across = match area.width {
        0..76 => 1,
        180.. if !detailed => count.min(4),
        _ => 2,
    };
    let shown = (across * (area.height / least).max(1)).min(count);
    let first = first_shown(state, usize::from(shown));
    let shown_panels = PANELS.get(first..first + usize::from(shown)).unwrap_or_default();
    let feet: Vec<bool> =
        shown_panels.chunks(usize::from(across)).map(|row| row.iter().any(|panel| panel.foot.is_some())).collect();
    let (heights, gap) = heights(area.height, machines, &feet);
    let columns = (area.width + GAP) / across - GAP;
    (0..PANELS.len())
        .map(|at| {
            let Some(place) = at.checked_sub(first).map(|place| place as u16).filter(|place| *place < shown) else {
                return Rect::default();
            };
            let (row, column) = (usize::from(place / across), place % across);
            let above: u16 = heights[..row].iter().map(|height| height + gap).sum();
            Rect { x: area.x + column * (columns + GAP), y: area.y + above, width: columns, height: heights[row] }
        })
        .collect()
}

/// Heights of rows of panels, of which some have a foot: first a line per machine for all, then feet, then details from
/// the top, then what makes all of them larger. Second, the lines below each of them.
fn heights(height: u16, machines: u16, feet: &[bool]) -> (Vec<u16>, u16) {
    let rows = (feet.len() as u16).max(1);
    let mut heights = vec![(machines + 1).min(height / rows); feet.len()];
    let mut left = height - heights.iter().sum::<u16>();
    let mut grow = |at: usize, lines: u16| {
        if lines <= left {
            heights[at] += lines;
            left -= lines;
        }
    };
    (0..feet.len()).filter(|at| feet[*at]).for_each(|at| grow(at, 1));
    (0..feet.len()).for_each(|at| grow(at, machines));
    let tiers = (3..=TALLEST).filter(|tier| (machines * tier + 2) * rows <= height).count() as u16;
    (0..feet.len()).for_each(|at| grow(at, machines * tiers));
    (heights, left / rows)
}

/// The first panel shown, such that the one in focus is among them.
fn first_shown(state: &State<'_>, shown: usize) -> usize {
    match state.focus {
        Focus::Panel { panel, .. } if shown < PANELS.len() => panel.clamp(shown - 1, PANELS.len() - 1) + 1 - shown,
        // Where few fit, speed before bandwidth.
        Focus::Slider(_) if shown < PANELS.len() => 1.min(PANELS.len() - shown),
        _ => 0,
    }
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
            let (heights, gap) = heights(height, machines, &feet);
            let used = heights.iter().sum::<u16>() + gap * feet.len() as u16;
            assert!(used <= height, "{heights:?} and {gap} each are more than {height}");
            assert!(heights.iter().all(|height| *height <= machines * TALLEST + 2), "{heights:?}");
        }
        assert_eq!(heights(12, 3, &[true, false]), (vec![8, 4], 0), "details where speeds are, before those below");
    }
}
