//! The mouse targets on the screen with their areas.

use ratatui::layout::{Position, Rect};

use crate::ui::input::Action;

/// A mouse target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A slider, by its index.
    Slider(usize),
    /// The track of a slider, by the slider's index; the position on it decides the value.
    Track(usize),
    /// The name of a view, by the view's index.
    View(usize),
    /// A cell of the view's sheet.
    Cell {
        /// Index of the row.
        row: usize,
        /// Index of the column.
        column: usize,
    },
    /// A panel, by its index in the view.
    Panel(usize),
    /// The map, by its panel's index in the view; the position on it decides the values of both inputs.
    Map(usize),
    /// A machine's row in a panel.
    Row {
        /// Index of the panel in the view.
        panel: usize,
        /// Index of the machine.
        machine: usize,
    },
    /// A row of the open list, by its index among the visible rows.
    Choice(usize),
    /// A hint, which starts its action.
    Hint(Action),
    /// The open overlay, outside its other targets.
    Overlay,
    /// The screen beside the open overlay.
    Beside,
}

/// The mouse targets with their areas; later ones are in front.
#[derive(Clone, Debug, Default)]
pub struct Hits {
    areas: Vec<(Rect, Target)>,
    /// Links: area and address.
    pub links: Vec<(Rect, String)>,
    /// The position of the text cursor, while something is being typed.
    pub caret: Option<Position>,
}

impl Hits {
    /// Registers a target.
    pub fn add(&mut self, area: Rect, target: Target) {
        if !area.is_empty() {
            self.areas.push((area, target));
        }
    }

    /// Returns the target at a position, with its area.
    #[must_use]
    pub fn at(&self, x: u16, y: u16) -> Option<(Target, Rect)> {
        self.areas
            .iter()
            .rev()
            .find(|(area, _)| area.contains(Position { x, y }))
            .map(|(area, target)| (*target, *area))
    }

    /// Returns the area of a target.
    #[must_use]
    pub fn area_of(&self, wanted: Target) -> Option<Rect> {
        self.areas.iter().rev().find(|(_, target)| *target == wanted).map(|(area, _)| *area)
    }
}
