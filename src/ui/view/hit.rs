//! The things on the screen by their places, for the mouse.

use ratatui::layout::{Position, Rect};

use crate::ui::input::Action;

/// A thing on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A slider by its place.
    Slider(usize),
    /// The track of a slider: where on it decides the value.
    Track(usize),
    /// A view's name, by its place.
    View(usize),
    /// A cell of the view's sheet.
    Cell {
        /// The row's place.
        row: usize,
        /// The column's place.
        column: usize,
    },
    /// A panel, by its place in the view.
    Panel(usize),
    /// The map, by its panel's place in the view: where on it decides the values of both inputs.
    Map(usize),
    /// A machine's row in a panel.
    Row {
        /// The panel's place in the view.
        panel: usize,
        /// The machine's place.
        machine: usize,
    },
    /// A row of the list in front, by its place among the visible ones.
    Choice(usize),
    /// A hint, which stands for its action.
    Hint(Action),
    /// The overlay in front, where nothing else of it is hit.
    Overlay,
    /// Beside the overlay in front.
    Beside,
}

/// Areas and what they hold, later ones in front.
#[derive(Clone, Debug, Default)]
pub struct Hits {
    areas: Vec<(Rect, Target)>,
    /// Links: area and address.
    pub links: Vec<(Rect, String)>,
    /// The place of the text cursor, while something is being typed.
    pub caret: Option<Position>,
}

impl Hits {
    /// Says that `area` holds `target`.
    pub fn add(&mut self, area: Rect, target: Target) {
        if !area.is_empty() {
            self.areas.push((area, target));
        }
    }

    /// Returns the thing at a place, with its area.
    #[must_use]
    pub fn at(&self, x: u16, y: u16) -> Option<(Target, Rect)> {
        self.areas
            .iter()
            .rev()
            .find(|(area, _)| area.contains(Position { x, y }))
            .map(|(area, target)| (*target, *area))
    }

    /// The area of a target.
    #[must_use]
    pub fn area_of(&self, wanted: Target) -> Option<Rect> {
        self.areas.iter().rev().find(|(_, target)| *target == wanted).map(|(area, _)| *area)
    }
}
