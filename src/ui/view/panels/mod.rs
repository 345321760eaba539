//! The panels: one file each and two lines here, its module and its place in [`PANELS`].
//!
//! A panel says what stands in a machine's row and draws its bar. Where rows, details and remarks go is the same for all
//! and lives in `rows`.

mod bandwidth;
mod break_even;
mod changes;
mod context;
mod cost;
mod curves;
mod decode;
mod markdown;
mod memory;
mod money;
mod power;
mod prefill;
mod roofline;
mod room;
mod rows;
mod streams;
mod timeline;

use ratatui::layout::Rect;

use super::canvas::Canvas;
use super::glyphs::Glyphs;
use super::hit::Hits;
use crate::model::answer::{Answer, Answers, Comparison};
use crate::model::catalog::Catalog;
use crate::model::scenario::Scenario;
use crate::ui::state::{State, View};

pub use markdown::panel_markdown;
pub(super) use rows::TALLEST;

/// All panels; which view shows which is said in [`crate::ui::state::VIEWS`].
pub static PANELS: &[&Panel] = &[
    &bandwidth::PANEL,
    &decode::PANEL,
    &memory::PANEL,
    &cost::PANEL,
    &prefill::PANEL,
    &streams::PANEL,
    &context::PANEL,
    &roofline::PANEL,
    &break_even::PANEL,
    &power::PANEL,
    &money::PANEL,
    &timeline::PANEL,
    &room::PANEL,
];

/// The panels of a view, in its order.
pub(super) fn of(view: &View) -> Vec<&'static Panel> {
    view.panels.iter().filter_map(|id| named(id)).collect()
}

/// The panel of that id.
pub(in crate::ui) fn named(id: &str) -> Option<&'static Panel> {
    PANELS.iter().find(|panel| panel.id == id).copied()
}

/// The ids of all panels, as decks name them.
#[must_use]
pub fn panel_ids() -> Vec<&'static str> {
    PANELS.iter().map(|panel| panel.id).collect()
}

/// Lines that a chart needs to be read, its axis among them.
pub(super) const CHART_LEAST: u16 = 8;

/// A panel.
pub struct Panel {
    /// Identifier, as decks and keys name it.
    pub id: &'static str,
    /// Title.
    pub title: &'static str,
    /// The figure that the formula line shows for its rows.
    pub figure: &'static str,
    /// What stands beside the title, longest first: the first that fits is shown.
    pub remarks: fn(&PanelInput<'_>) -> Vec<String>,
    /// What stands below the machines, longest first, for a panel that has something to say there.
    pub foot: Option<fn(&PanelInput<'_>) -> Vec<String>>,
    /// Draws a chart above the rows, where there are lines enough for it.
    pub chart: Option<fn(&mut Canvas<'_>, Rect, &PanelInput<'_>)>,
    /// What stands in a machine's row.
    pub row: fn(&PanelInput<'_>, &Answer<'_>, usize) -> Row,
    /// Draws a machine's bar; its area is as high as the bar is thick.
    pub bar: fn(&mut Canvas<'_>, Rect, &PanelInput<'_>, usize),
}

/// What a panel draws from.
pub struct PanelInput<'a> {
    /// The facts.
    pub catalog: &'a Catalog,
    /// The results, machine by machine.
    pub answers: &'a Answers<'a>,
    /// What is asked.
    pub scenario: &'a Scenario,
    /// What changed, where the present state is compared with another.
    pub compared: Option<&'a Comparison>,
    /// The machine whose row is chosen, where this panel has the focus.
    pub chosen: Option<usize>,
    /// A machine that is shown where not all of them are.
    pub around: usize,
    /// Marks, for those that stand in texts.
    pub glyphs: &'a Glyphs,
}

impl<'a> PanelInput<'a> {
    /// What panels of a state draw from, the row of `chosen` in focus.
    pub(in crate::ui) fn of(state: &'a State<'_>, glyphs: &'a Glyphs, chosen: Option<usize>, around: usize) -> Self {
        let compared = state.pinned.as_ref().map(|pinned| &pinned.comparison);
        let (catalog, answers, scenario) = (state.catalog, &state.answers, &state.scenario);
        Self { catalog, answers, scenario, compared, chosen, around, glyphs }
    }
}

/// What stands in a machine's row.
#[derive(Default)]
pub struct Row {
    /// Numbers right of the bar, in columns; the last goes first where room is short.
    pub numbers: Vec<String>,
    /// Which of them is the panel's own figure.
    pub own: usize,
    /// Which of them is the change against what is compared with, where one is.
    pub change: Option<usize>,
    /// What stands in place of the bar, longest first; empty where there is a bar.
    pub instead: Vec<String>,
    /// Whether that is a lack of knowledge and not a fault.
    pub unknown: bool,
    /// What else there is to say, the most important first; shown whole or not at all.
    pub details: Clauses,
}

/// Remarks in a row: few, and told anew with every frame.
type Clauses = Vec<Clause>;

/// A remark in a row's details, with the mark it explains.
pub struct Clause {
    mark: &'static str,
    text: String,
}

impl Clause {
    fn plain(text: impl Into<String>) -> Self {
        Self { mark: "", text: text.into() }
    }

    fn of(mark: &'static str, text: impl Into<String>) -> Self {
        Self { mark, text: text.into() }
    }
}

impl Panel {
    /// Draws the panel in place `at` and says where its rows are.
    pub(in crate::ui) fn draw(
        &self,
        canvas: &mut Canvas<'_>,
        area: Rect,
        (at, input): (usize, &PanelInput<'_>),
        hits: &mut Hits,
    ) {
        rows::draw(self, canvas, area, (at, input), hits);
    }
}

/// The row of a machine that gives no speed: why, and what would help.
fn no_speed(glyphs: &Glyphs, answer: &Answer<'_>) -> Row {
    let no = glyphs.no;
    let (why, short) = match (&answer.refused, &answer.estimate) {
        (Some(reason), _) => (reason.to_string(), "cannot run it"),
        (None, Some(estimate)) if !estimate.memory.fits => ("does not fit".to_owned(), "no fit"),
        _ => ("not known".to_owned(), "not known"),
    };
    let instead = [why.as_str(), short].map(|words| format!("{no} {words}")).to_vec();
    Row { instead, details: answer.remedy.iter().map(Clause::plain).collect(), ..Row::default() }
}
