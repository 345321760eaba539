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
mod map;
mod markdown;
mod memory;
mod money;
mod per_user;
mod power;
mod prefill;
mod roofline;
mod room;
mod rows;
mod setup;
mod streams;
mod timeline;

use ratatui::layout::Rect;

use super::axis::Axis;
use super::bar::Segment;
use super::canvas::Canvas;
use super::glyphs::Glyphs;
use super::hit::Hits;
use super::theme::Shade;
use crate::model::answer::{Answer, Answers, Comparison, Identity};
use crate::model::catalog::Catalog;
use crate::model::estimate::figures::Memory;
use crate::model::scenario::Scenario;
use crate::model::units::{Amount, Unit};
use crate::ui::state::{MapState, State, View};

pub use markdown::{panel_cells, panel_markdown};
pub(super) use rows::TALLEST;

/// All panels; which view shows which is said in [`crate::ui::state::VIEWS`].
pub static PANELS: &[&Panel] = &[
    &map::PANEL,
    &bandwidth::PANEL,
    &decode::PANEL,
    &memory::PANEL,
    &cost::PANEL,
    &prefill::PANEL,
    &streams::PANEL,
    &per_user::PANEL,
    &context::PANEL,
    &roofline::PANEL,
    &break_even::PANEL,
    &power::PANEL,
    &money::PANEL,
    &timeline::PANEL,
    &room::PANEL,
    &setup::PANEL,
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
    /// Remarks beside the title, longest first: the first that fits is shown. The shortest names the unit.
    pub remarks: fn(&PanelInput<'_>) -> Vec<String>,
    /// The line below the machines, longest first.
    pub foot: Option<fn(&PanelInput<'_>) -> Vec<String>>,
    /// Draws a chart above the rows, where there are lines enough for it.
    pub chart: Option<fn(&mut Canvas<'_>, Rect, &PanelInput<'_>)>,
    /// Draws the whole panel where it is a picture without rows; its place in the view is for what can be clicked.
    pub picture: Option<Picture>,
    /// The content of a machine's row.
    pub row: fn(&PanelInput<'_>, &Answer<'_>, usize) -> Row,
    /// The scale of its bars, where they are drawn on one.
    pub measure: Option<Measure>,
    /// Draws a machine's bar and returns the columns up to its end; its area is as high as the bar is thick and as wide
    /// as the axis is long.
    pub bar: fn(&mut Canvas<'_>, Rect, &PanelInput<'_>, usize) -> u16,
}

/// Draws a picture.
type Picture = fn(&mut Canvas<'_>, Rect, &PanelInput<'_>, (usize, &mut Hits));

/// The scale on which a panel's bars are drawn: no slider moves it.
pub struct Measure {
    /// The axis.
    pub(super) axis: fn(&PanelInput<'_>) -> Axis,
    /// The value at a bar's end, in the unit of the axis.
    pub(super) value: fn(&Answer<'_>) -> Option<f64>,
    /// The limit that is drawn through the rows: its name in the verdict, and its value where one is asked.
    pub(super) limit: Option<(&'static str, LimitOf)>,
    /// Columns kept for the number at a bar's end, and for those right of it: the same whatever the numbers are.
    pub(super) room: (u16, &'static [u16]),
}

/// Returns the limit that is asked, in the unit of a panel's axis.
type LimitOf = fn(&PanelInput<'_>) -> Option<f64>;

/// Draws the machine's value as a plain bar.
fn plain_bar(measure: &Measure, canvas: &mut Canvas<'_>, area: Rect, input: &PanelInput<'_>, at: usize) -> u16 {
    let Some(value) = input.answers.machines.get(at).and_then(measure.value) else { return 0 };
    let (to, style) = ((measure.axis)(input).share(value), canvas.machine(at));
    canvas.bar(area, &[Segment { to, shade: Shade::Full, style }])
}

/// The input of a panel.
pub struct PanelInput<'a> {
    /// The facts.
    pub catalog: &'a Catalog,
    /// The results, machine by machine.
    pub answers: &'a Answers<'a>,
    /// The scenario.
    pub scenario: &'a Scenario,
    /// The changes, where the present state is compared with another.
    pub compared: Option<&'a Comparison>,
    /// The machine whose row is chosen, where this panel has the focus.
    pub chosen: Option<usize>,
    /// A machine that is shown where not all of them are.
    pub around: usize,
    /// Marks, for those in texts.
    pub glyphs: &'a Glyphs,
    /// The machines' identities.
    pub identities: Vec<Identity>,
    /// The answers that faint ticks show: those compared with, else those before the last change.
    pub before: Option<&'a Answers<'a>>,
    /// The map of winners.
    pub map: &'a MapState,
    /// True where charts come without the rows below them.
    pub charts_alone: bool,
}

impl<'a> PanelInput<'a> {
    /// Returns the input of panels of a state, the row of `chosen` in focus.
    pub(in crate::ui) fn of(state: &'a State<'_>, glyphs: &'a Glyphs, chosen: Option<usize>, around: usize) -> Self {
        let compared = state.pinned.as_ref().map(|pinned| &pinned.comparison);
        let (catalog, answers, scenario) = (state.catalog, &state.answers, &state.scenario);
        let identities = answers.identities();
        let before = state.pinned.as_ref().map(|pinned| &pinned.answers).or(state.before.as_ref());
        Self {
            catalog,
            answers,
            scenario,
            compared,
            chosen,
            around,
            glyphs,
            identities,
            before,
            map: &state.map,
            charts_alone: false,
        }
    }

    /// The sign of the machine in place `at`, for texts.
    fn sign(&self, at: usize) -> &'static str {
        self.glyphs.sign(self.identities.get(at).copied())
    }

    /// The value at the bar's end before the last change, where the machine was there.
    fn value_before(&self, measure: &Measure, id: &str) -> Option<f64> {
        let machines = &self.before?.machines;
        machines.iter().find(|answer| answer.machine.id == id).and_then(measure.value)
    }

    /// The axis of speeds of this screen.
    fn speeds(&self) -> Axis {
        let speeds = self.answers.machines.iter().filter_map(|answer| answer.estimate?.decode.speeds);
        let together = self.answers.load.concurrency > 1.0;
        let values =
            speeds.flat_map(|speeds| [Some(speeds.each.expected), together.then_some(speeds.aggregate.expected)]);
        Axis::speeds(values.flatten().chain(self.answers.verdict.min_tok_s))
    }
}

/// The content of a machine's row.
#[derive(Default)]
pub struct Row {
    /// Numbers right of the bar, in columns; the last goes first where room is short.
    pub numbers: Vec<String>,
    /// The place of the panel's own figure among them.
    pub own: usize,
    /// The place of the change against the compared state among them.
    pub change: Option<usize>,
    /// The words in place of the bar, longest first; empty where there is a bar.
    pub instead: Vec<String>,
    /// True where that is a lack of knowledge and not a fault.
    pub unknown: bool,
    /// Further remarks, the most important first; shown whole or not at all.
    pub details: Clauses,
}

/// Remarks in a row.
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
    let memory = answer.estimate.map(|estimate| estimate.memory);
    let (why, short) = match (&answer.refused, memory) {
        (Some(reason), _) => (reason.to_string(), "cannot run it".to_owned()),
        (None, Some(memory)) if !memory.fits => (format!("does not run here: {}", too_big(&memory)), too_big(&memory)),
        _ => ("not known".to_owned(), "not known".to_owned()),
    };
    let instead = vec![format!("{no} {why}"), format!("{no} {short}"), no.to_owned()];
    Row { instead, details: answer.remedy.iter().map(Clause::plain).collect(), ..Row::default() }
}

/// The part of the model that no memory is left for: `13.6 GiB too big`.
fn too_big(memory: &Memory<f64>) -> String {
    format!("{} too big", Amount::computed(-memory.free, Unit::MemoryBytes))
}
