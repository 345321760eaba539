//! Where things go, by the size of the screen.
//!
//! Below 40x10 there is only the answer. Otherwise header, answer, sliders, panels, formula and hints from top to bottom;
//! panels in one column below 76 columns, else in two, or four where the screen is wide and low.

use ratatui::layout::Rect;

use super::panels::PANELS;
use crate::app::{Focus, State};
use crate::scenario::knob;

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
        let roomy = area.height >= 30;
        let sliders = knob::sliders().count() as u16 + u16::from(roomy);
        let mut rest = area;
        let mut take = |rows: u16| {
            let rows = rows.min(rest.height);
            let taken = Rect { height: rows, ..rest };
            rest = Rect { y: rest.y + rows, height: rest.height - rows, ..rest };
            taken
        };
        let header = take(1);
        let answer = take(if area.height < 16 {
            1
        } else if roomy {
            3
        } else {
            2
        });
        let sliders = if area.height < 16 { take(1) } else { take(sliders) };
        let bottom = if area.height < 16 {
            1
        } else if area.width < 120 {
            3
        } else {
            2
        };
        let middle = take(area.height.saturating_sub(1 + answer.height + sliders.height + bottom));
        let formula = take(bottom - u16::from(bottom > 1));
        let hints = take(1);
        Some(Self { header, answer, sliders, panels: panels(middle, state), formula, hints })
    }
}

/// Splits `area` among the panels: every panel gets a row per machine, a heading and a legend, or none at all.
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
    let fitting_rows = (area.height / least).max(1);
    let shown = (across * fitting_rows).min(count);
    let rows = shown.div_ceil(across);
    let first = first_shown(state, shown as usize);
    let height = area.height / rows;
    let gap = 2;
    let columns = (area.width + gap) / across - gap;
    (0..PANELS.len())
        .map(|at| {
            let Some(place) = at.checked_sub(first).filter(|place| *place < usize::from(shown)) else {
                return Rect::default();
            };
            let (row, column) = (place as u16 / across, place as u16 % across);
            let last = row + 1 == rows;
            let height = if last { area.height - height * (rows - 1) } else { height };
            Rect {
                x: area.x + column * (columns + gap),
                y: area.y + row * (area.height / rows),
                width: columns,
                height,
            }
        })
        .collect()
}

/// The first panel shown, such that the one in focus is among them.
fn first_shown(state: &State<'_>, shown: usize) -> usize {
    match state.focus {
        Focus::Panel { panel, .. } if panel >= shown => panel + 1 - shown,
        Focus::Slider(_) if shown < PANELS.len() => 1.min(PANELS.len() - shown),
        _ => 0,
    }
}
