//! The areas of the explorer, depending on the size of the screen.
//!
//! Below 40x10 there is only the answer. Otherwise the areas from top to bottom are header, answer, sliders, line of
//! views, the view's panels or sheet, formula and hints.

use ratatui::layout::Rect;

use super::big;
use crate::model::scenario::knob;

/// The areas of the explorer.
pub(super) struct Layout {
    pub header: Rect,
    pub answer: Rect,
    pub sliders: Rect,
    /// The line of views; empty if there is no room for it.
    pub views: Rect,
    /// The view's panels or sheet.
    pub body: Rect,
    /// The formula, in one or two lines.
    pub formula: Rect,
    /// The line of hints.
    pub hints: Rect,
}

impl Layout {
    /// Returns the layout for `area`; `None` if it is too small for the explorer.
    pub fn of(area: Rect) -> Option<Self> {
        if area.width < 40 || area.height < 10 {
            return None;
        }
        let [header, answer, sliders, views, formula] = rows(area);
        let body = area.height.saturating_sub(1 + header + answer + sliders + views + formula);
        let mut top = area.y;
        let mut take = |height: u16| {
            let taken = Rect { y: top, height, ..area };
            top += height;
            taken
        };
        Some(Self {
            header: take(header),
            answer: take(answer),
            sliders: take(sliders),
            views: take(views),
            body: take(body),
            formula: take(formula),
            hints: take(1),
        })
    }
}

/// Returns the lines of the header, the answer, the sliders, the views and the formula.
fn rows(area: Rect) -> [u16; 5] {
    let sliders = knob::sliders().count() as u16;
    let formula = if area.width >= 160 { 1 } else { 2 };
    // On a low screen, the large letters of the winner's name and the line below them take one of the formula's two
    // lines.
    let large = area.width >= 76;
    match area.height {
        0..12 => [1, 1, 1, 0, 1],
        12..16 => [1, 2, 1, 0, 2],
        16..20 => [1, 2, sliders, 0, formula],
        20..30 if large => [1, big::LINES + 1, sliders, 1, 1],
        20..30 => [1, 2, sliders, 1, formula],
        // One more line for the scale below the sliders.
        30..36 => [1, big::LINES + 1, sliders + 1, 1, formula],
        // One more blank line below the answer, and a second line for the formula.
        _ => [1, big::LINES + 2, sliders + 1, 1, 2],
    }
}
