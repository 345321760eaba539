//! Where things go, by the size of the screen.
//!
//! Below 40x10 there is only the answer. Otherwise header, answer, sliders, panels, formula and hints from top to bottom.

use ratatui::layout::Rect;

use super::grid;
use crate::app::State;
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
            panels: grid::areas(take(middle), state),
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
