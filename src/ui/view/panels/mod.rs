//! The panels. A new panel is a file, a module here, and an entry in [`PANELS`].
//!
//! A panel defines the content of a machine's row and draws its bar. The arrangement of rows, details and remarks is
//! common to all panels and is in `rows`.

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
use super::canvas::{Canvas, skip, width};
use super::glyphs::Glyphs;
use super::hit::Hits;
use super::theme::Shade;
use crate::model::answer::{Answer, Answers, Comparison, Identity};
use crate::model::catalog::Catalog;
use crate::model::estimate::figures::Memory;
use crate::model::scenario::Scenario;
use crate::model::units::{Amount, Unit};
use crate::ui::present::DeckExtent;
use crate::ui::state::{MapState, State, View};

pub use markdown::{panel_cells, panel_markdown};
pub(super) use rows::TALLEST;

/// All panels. [`crate::ui::state::VIEWS`] defines the panels of each view.
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

/// Returns the panels of a view, in its order.
pub(super) fn of(view: &View) -> Vec<&'static Panel> {
    view.panels.iter().filter_map(|id| named(id)).collect()
}

/// Returns the panel with the id `id`.
pub(in crate::ui) fn named(id: &str) -> Option<&'static Panel> {
    PANELS.iter().find(|panel| panel.id == id).copied()
}

/// Returns the ids of all panels, as decks use them.
#[must_use]
pub fn panel_ids() -> Vec<&'static str> {
    PANELS.iter().map(|panel| panel.id).collect()
}

/// Fewest lines of a readable chart, its axis included.
pub(super) const CHART_LEAST: u16 = 8;

/// A panel.
pub struct Panel {
    /// Identifier, as decks and views use it.
    pub id: &'static str,
    /// Title.
    pub title: &'static str,
    /// Id of the figure whose formula is shown for its rows.
    pub figure: &'static str,
    /// Returns remarks beside the title, longest first: the first that fits is shown. The shortest names the unit.
    pub remarks: fn(&PanelInput<'_>) -> Vec<String>,
    /// Returns the line below the machines, in variants from the longest to the shortest.
    pub foot: Option<fn(&PanelInput<'_>) -> Vec<String>>,
    /// The chart above the rows or instead of them, drawn if there are enough lines for it.
    pub chart: Option<PanelChart>,
    /// Draws the whole panel, if it is a picture without rows.
    pub picture: Option<Picture>,
    /// Returns the content of a machine's row.
    pub row: fn(&PanelInput<'_>, &Answer<'_>, usize) -> Row,
    /// The scale of its bars; `None` if they are on no axis.
    pub measure: Option<Measure>,
    /// Draws a machine's bar and returns the columns up to its end. The area is as high as the bar is thick and as wide
    /// as the axis is long.
    pub bar: fn(&mut Canvas<'_>, Rect, &PanelInput<'_>, usize) -> u16,
}

/// A function that draws a picture or a chart; it gets the panel's index in the view for mouse targets.
type Picture = fn(&mut Canvas<'_>, Rect, &PanelInput<'_>, (usize, &mut Hits));

/// A chart of a panel that also has rows.
#[derive(Clone, Copy)]
pub struct PanelChart {
    draw: Picture,
    /// Returns true if the chart has room for everything that the rows say and replaces them; `None` for a chart above
    /// the rows.
    in_place: Option<fn(&PanelInput<'_>, Rect) -> bool>,
}

impl PanelChart {
    /// Returns a chart that is drawn above the rows.
    const fn above(draw: Picture) -> Self {
        Self { draw, in_place: None }
    }
}

/// The function that returns a picture's remarks, and the one that draws it.
type Pictured = (fn(&PanelInput<'_>) -> Vec<String>, Picture);

/// The scale of a panel's bars, which sliders do not move.
pub struct Measure {
    /// Returns the axis.
    pub(super) axis: fn(&PanelInput<'_>) -> Axis,
    /// Returns the value at a bar's end, in the unit of the axis.
    pub(super) value: fn(&Answer<'_>) -> Option<f64>,
    /// The limit that is drawn through the rows: its name in the verdict, and its value.
    pub(super) limit: Option<(&'static str, LimitOf)>,
    /// Width of the number at a bar's end and of the numbers right of it, in columns, whatever the numbers are.
    pub(super) room: (u16, &'static [u16]),
}

/// A function that returns a limit that is set, in the unit of a panel's axis.
type LimitOf = fn(&PanelInput<'_>) -> Option<f64>;

/// Draws the machine's value as a plain bar.
fn plain_bar(measure: &Measure, canvas: &mut Canvas<'_>, area: Rect, input: &PanelInput<'_>, at: usize) -> u16 {
    let Some(value) = input.answers.machines.get(at).and_then(measure.value) else { return 0 };
    let (to, style) = ((measure.axis)(input).share(value), canvas.machine(at));
    canvas.bar(area, &[Segment { to, shade: Shade::Full, style }])
}

/// The input of a panel.
pub struct PanelInput<'a> {
    /// The catalog.
    pub catalog: &'a Catalog,
    /// The answers, one per machine.
    pub answers: &'a Answers<'a>,
    /// The scenario.
    pub scenario: &'a Scenario,
    /// The changes from the pinned scenario, if one is pinned.
    pub compared: Option<&'a Comparison>,
    /// Index of the machine whose row is focused, if this panel has the focus.
    pub chosen: Option<usize>,
    /// Index of a machine that must be visible if not all machines are.
    pub around: usize,
    /// The glyphs for marks in texts.
    pub glyphs: &'a Glyphs,
    /// The machines' identities, in the order of the answers.
    pub identities: Vec<Identity>,
    /// The answers that faint ticks show: those of the pinned scenario, else those before the last change.
    pub before: Option<&'a Answers<'a>>,
    /// The map of winners.
    pub map: &'a MapState,
    /// True if charts are drawn without rows below them.
    pub charts_alone: bool,
    /// The speeds and names of all steps of the presented deck, for a common axis.
    pub deck: Option<&'a DeckExtent>,
}

impl<'a> PanelInput<'a> {
    /// Returns the input of panels for a state, with the row of `chosen` focused.
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
            deck: state.present.as_ref().map(|present| &present.extent),
        }
    }

    /// Returns the sign of the machine at index `at`, for texts.
    fn sign(&self, at: usize) -> &'static str {
        self.glyphs.sign(self.identities.get(at).copied())
    }

    /// Returns the value at the bar's end before the last change, if the machine was compared then.
    fn value_before(&self, measure: &Measure, id: &str) -> Option<f64> {
        let machines = &self.before?.machines;
        machines.iter().find(|answer| answer.machine.id == id).and_then(measure.value)
    }

    /// Returns the axis of speeds per stream for this screen, in a presentation for the whole deck.
    fn speeds(&self) -> Axis {
        let speeds = self.answers.machines.iter().filter_map(|answer| answer.estimate?.decode.speeds);
        let deck = self.deck.map_or(&[][..], |deck| &deck.each);
        let values = speeds.map(|speeds| speeds.each.expected).chain(deck.iter().copied());
        Axis::speeds(values.chain(self.answers.verdict.min_tok_s))
    }

    /// Returns the axis of aggregate speeds for this screen, in a presentation for the whole deck.
    fn together(&self) -> Axis {
        let speeds = self.answers.machines.iter().filter_map(|answer| answer.estimate?.decode.speeds);
        let deck = self.deck.map_or(&[][..], |deck| &deck.together);
        Axis::together(speeds.map(|speeds| speeds.aggregate.expected).chain(deck.iter().copied()))
    }
}

/// The content of a machine's row.
#[derive(Default)]
pub struct Row {
    /// Numbers right of the bar, one per column; without room the last are left out.
    pub numbers: Vec<String>,
    /// Index of the panel's own figure among the numbers.
    pub own: usize,
    /// Index of the change from the pinned scenario among the numbers.
    pub change: Option<usize>,
    /// The words instead of the bar, in variants from the longest to the shortest; empty if there is a bar.
    pub instead: Vec<String>,
    /// True if the words say that something is not known, false if they state a failure.
    pub unknown: bool,
    /// Further remarks, most important first; each is shown whole or not at all.
    pub details: Clauses,
}

/// Remarks in a row.
type Clauses = Vec<Clause>;

/// A remark in a row's details, with the mark that it explains.
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

    /// Returns the width of the remark with its mark, in columns.
    fn columns(&self) -> u16 {
        width(self.mark) + u16::from(!self.mark.is_empty()) + width(&self.text)
    }

    /// Draws the remark, its mark in the colour of the machine at index `machine`; returns the columns used.
    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, machine: usize) -> u16 {
        let (mark, text) = (canvas.machine(machine), canvas.theme.muted());
        let used = canvas.text(area, self.mark, mark) + u16::from(!self.mark.is_empty());
        used + canvas.text(skip(area, used), &self.text, text)
    }
}

impl Panel {
    /// Returns a panel that is a picture without rows.
    const fn picture(id: &'static str, title: &'static str, figure: &'static str, (remarks, draw): Pictured) -> Self {
        Self {
            id,
            title,
            figure,
            remarks,
            foot: None,
            chart: None,
            picture: Some(draw),
            row: |_, _, _| Row::default(),
            measure: None,
            bar: |_, _, _, _| 0,
        }
    }

    /// Draws the panel at index `at` of the view and registers the mouse targets of its rows.
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

/// Returns the row of a machine without a speed: the reason, and what would help.
fn no_speed(glyphs: &Glyphs, answer: &Answer<'_>) -> Row {
    let no = glyphs.no;
    let memory = answer.estimate.map(|estimate| estimate.memory);
    let (why, short, shortest) = match (&answer.refused, memory) {
        (Some(reason), _) => (reason.to_string(), "cannot run it".to_owned(), "cannot"),
        (None, Some(memory)) if !memory.fits => {
            (format!("does not run here: {}", too_big(&memory)), too_big(&memory), "too big")
        }
        _ => ("not known".to_owned(), "not known".to_owned(), "unknown"),
    };
    let instead = vec![format!("{no} {why}"), format!("{no} {short}"), format!("{no} {shortest}"), no.to_owned()];
    Row { instead, details: answer.remedy.iter().map(Clause::plain).collect(), ..Row::default() }
}

/// Returns the memory that is missing, in words: `13.6 GiB too big`.
fn too_big(memory: &Memory<f64>) -> String {
    format!("{} too big", Amount::computed(-memory.free, Unit::MemoryBytes))
}
