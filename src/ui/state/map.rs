//! The explorer's map of winners: its two inputs, its cells for the current scenario, and its cursor.
//!
//! A change of one of its two inputs changes no cell. Any other change gives a coarse map at once, and a fine one when
//! no key has been pressed for a moment.

use super::edit::replace;
use super::state::{Focus, State};
use crate::model::answer::{MAP_AXES, MAP_COLUMNS, MAP_ROWS, MapAxis, WinnerMap};
use crate::model::catalog::Catalog;
use crate::model::scenario::Scenario;
use crate::ui::input::Action;

/// The panel's id.
const PANEL: &str = "map";
/// Width of the blocks of cells that a coarse map computes at once.
const COARSE: usize = 3;
/// Number of cells in a large step of the cursor.
const MANY: isize = 5;

/// The map, and the cursor on it.
#[derive(Clone, Debug)]
pub struct MapState {
    /// Indices in [`MAP_AXES`] of the inputs from left to right and from bottom to top.
    axes: [usize; 2],
    /// The cell of the cursor as column and row from the bottom, once keys have moved it.
    pub cursor: Option<(usize, usize)>,
    /// The cells, once they are computed.
    cells: Option<WinnerMap>,
    /// The scenario of the cells, with both inputs set to the middle of their axes.
    of: Option<Scenario>,
    /// True if the cells are coarse and must still be refined.
    coarse: bool,
}

impl Default for MapState {
    fn default() -> Self {
        Self { axes: [0, 1], cursor: None, cells: None, of: None, coarse: false }
    }
}

impl MapState {
    /// Returns the cells, once they are computed.
    #[must_use]
    pub fn cells(&self) -> Option<&WinnerMap> {
        self.cells.as_ref()
    }

    /// Returns the inputs from left to right and from bottom to top.
    #[must_use]
    pub fn axes(&self) -> [&'static MapAxis; 2] {
        self.axes.map(|at| &MAP_AXES[at % MAP_AXES.len()])
    }

    /// Returns true if the cells are coarse and must still be refined.
    #[must_use]
    pub fn is_coarse(&self) -> bool {
        self.coarse
    }

    /// Returns the position of the cursor on both axes, 0..=1.
    #[must_use]
    pub fn cursor_place(&self) -> Option<(f64, f64)> {
        let middle = |at: usize, count: usize| (at as f64 + 0.5) / count as f64;
        self.cursor.map(|(column, row)| (middle(column, MAP_COLUMNS), middle(row, MAP_ROWS)))
    }

    /// Computes the cells for `scenario`, unless they belong to it already.
    pub fn follow(&mut self, catalog: &Catalog, scenario: &Scenario) {
        let mut of = scenario.clone();
        of.saved = None;
        for axis in self.axes() {
            axis.put(catalog, &mut of, 0.5);
        }
        if self.of.as_ref() != Some(&of) || self.cells.as_ref().is_none_or(|cells| cells.axes != self.axes()) {
            // The first map is computed finely, so that what the screen shows first does not change.
            self.coarse = self.cells.is_some();
            let step = if self.coarse { COARSE } else { 1 };
            self.cells = Some(WinnerMap::of(catalog, scenario, self.axes(), step));
            self.of = Some(of);
        }
    }

    /// Computes all cells, if the map is coarse.
    pub fn refine(&mut self, catalog: &Catalog, scenario: &Scenario) {
        if std::mem::take(&mut self.coarse) {
            self.cells = Some(WinnerMap::of(catalog, scenario, self.axes(), 1));
        }
    }

    /// Sets one of the axes to its next input, skipping that of the other axis.
    fn turn(&mut self, axis: usize) {
        let other = self.axes[1 - axis];
        let next = |at: usize| (at + 1) % MAP_AXES.len();
        let at = next(self.axes[axis]);
        self.axes[axis] = if at == other { next(at) } else { at };
    }
}

/// Returns true if the map has the focus.
pub(super) fn in_focus(state: &State<'_>) -> bool {
    matches!(state.focus, Focus::Panel { panel, .. } if state.view().panels.get(panel) == Some(&PANEL))
}

/// Returns true if a map is on the screen.
pub(super) fn is_shown(state: &State<'_>) -> bool {
    match &state.present {
        Some(present) => present.step().panels.iter().any(|panel| panel == PANEL),
        None => state.view().panels.contains(&PANEL),
    }
}

/// Runs an action on the map, if the map has the focus and handles it; returns true if it did.
pub(super) fn act(state: &mut State<'_>, action: Action) -> bool {
    if !in_focus(state) {
        return false;
    }
    match action {
        Action::Less => move_cursor(state, (-1, 0)),
        Action::More => move_cursor(state, (1, 0)),
        Action::MuchLess => move_cursor(state, (-MANY, 0)),
        Action::MuchMore => move_cursor(state, (MANY, 0)),
        Action::Up => move_cursor(state, (0, 1)),
        Action::Down => move_cursor(state, (0, -1)),
        Action::PreviousKnown => turn(state, 0),
        Action::NextKnown => turn(state, 1),
        Action::Type => {
            if let Some((x, y)) = state.map.cursor_place() {
                go(state, (x, y));
            }
        }
        _ => return false,
    }
    true
}

fn turn(state: &mut State<'_>, axis: usize) {
    state.map.turn(axis);
    state.map.cursor = None;
}

/// Moves the cursor, which starts at the current scenario.
fn move_cursor(state: &mut State<'_>, (right, up): (isize, isize)) {
    let [x, y] = state.map.axes().map(|axis| axis.place_of(state.catalog, &state.scenario).unwrap_or(0.5));
    let cell = |place: f64, count: usize| ((place.clamp(0.0, 1.0) * count as f64) as usize).min(count - 1);
    let (column, row) = state.map.cursor.unwrap_or((cell(x, MAP_COLUMNS), cell(y, MAP_ROWS)));
    let moved = |at: usize, by: isize, count: usize| at.saturating_add_signed(by).min(count - 1);
    state.map.cursor = Some((moved(column, right, MAP_COLUMNS), moved(row, up, MAP_ROWS)));
}

/// Replaces the scenario by the one at a position on the map, 0..=1 on each axis.
pub(super) fn go(state: &mut State<'_>, (x, y): (f64, f64)) {
    let mut there = state.scenario.clone();
    let axes = state.map.axes();
    if axes[0].put(state.catalog, &mut there, x) && axes[1].put(state.catalog, &mut there, y) {
        replace(state, there, None);
        state.map.cursor = None;
    }
}
