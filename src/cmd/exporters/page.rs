//! The page that every format writes: the steps with their answers in words and numbers, and the sources of all of them.

use ratatui::buffer::Buffer;

use crate::model::answer::{
    AnswerError, Answers, Cell, Figure, Headline, Listing, Sheet, SheetRow, answer_scenario, sheets, written,
};
use crate::model::catalog::Catalog;
use crate::model::facts::Source;
use crate::model::scenario::Scenario;
use crate::ui::present::deck::{Deck, Step};
use crate::ui::state::{Document, State};
use crate::ui::view::glyphs::UNICODE;
use crate::ui::view::panels::PANELS;
use crate::ui::view::theme::Theme;
use crate::ui::view::{Look, panel_cells};

/// Rows of the specification table above them.
const FACTS: &[&str] = &["bandwidth", "memory, marketed GB", "memory, usable", "format", "runtime"];

/// A deck with everything that is told of it.
pub(super) struct Page<'c> {
    pub title: &'c str,
    pub steps: Vec<PageStep<'c>>,
    /// Sources of all figures, in the order of their first use.
    pub sources: Vec<&'c Source>,
    /// The version of the facts.
    pub version: String,
    pub catalog: &'c Catalog,
}

/// A step with its answers.
pub(super) struct PageStep<'c> {
    pub step: &'c Step,
    /// The speaker's notes, where they are wanted.
    pub notes: &'c str,
    pub answers: Answers<'c>,
    /// The answer, and why the others are not it.
    pub verdict: String,
    pub reasons: String,
    /// The headline figure, machine by machine.
    pub headline: Vec<HeadlineFigure>,
    /// The figures of the handout, machines across.
    pub table: Sheet,
    /// The step's panels: title and cells.
    pub panels: Vec<(&'static str, Buffer)>,
}

/// The headline figure of a machine.
pub(super) struct HeadlineFigure {
    pub machine: String,
    /// The number with its unit, or why there is none.
    pub text: String,
    pub value: Option<f64>,
    /// The edges of its band.
    pub band: Option<(f64, f64)>,
    /// The ceiling above it, for a speed that has one.
    pub ceiling: Option<f64>,
}

impl<'c> Page<'c> {
    /// Answers every step.
    pub(super) fn of(catalog: &'c Catalog, deck: &'c Deck, notes: bool) -> Result<Self, AnswerError> {
        let mut used: Vec<String> = Vec::new();
        let mut steps = Vec::with_capacity(deck.steps.len());
        for step in &deck.steps {
            let mut answers = answer_scenario(catalog, &step.scenario)?;
            answers.mark(catalog);
            collect_sources(catalog, &step.scenario, &answers, &mut used);
            let words = Headline::of(&step.scenario, &answers);
            let mut state = State::new(catalog, step.scenario.clone(), Document::default())?;
            state.map.follow(catalog, &step.scenario);
            state.map.refine(catalog, &step.scenario);
            steps.push(PageStep {
                step,
                notes: if notes { &step.notes } else { "" },
                verdict: words.answer_line(),
                reasons: std::iter::once(words.reasons()).chain(words.cheaper(catalog)).collect::<Vec<_>>().join(" "),
                headline: headline(step, &answers),
                panels: panels(step, &state, steps.is_empty()),
                table: table(catalog, &step.scenario, &answers),
                answers,
            });
        }
        let sources = used.iter().filter_map(|id| catalog.source(id)).collect();
        Ok(Self { title: &deck.title, steps, sources, version: catalog.version().to_string(), catalog })
    }
}

/// Columns of a panel's picture, its lines beside the machines, and the lines of a map or chart.
const COLUMNS: u16 = 58;
const AROUND: u16 = 2;
const CHART: u16 = 22;
/// Panels that the first step has whatever it shows: the picture of all, and what everything rests on.
const FIRST: [&str; 2] = ["map", "bandwidth"];

/// The panels of a step as pictures, in the colours for white paper.
fn panels(step: &Step, state: &State<'_>, first: bool) -> Vec<(&'static str, Buffer)> {
    let Ok(theme) = Theme::named("projector") else { return Vec::new() };
    let look = Look { theme, glyphs: &UNICODE };
    let own = step.panels.iter().map(String::as_str);
    let more = FIRST.into_iter().filter(|id| first && !step.panels.iter().any(|panel| panel == id));
    let picture = |id: &str| {
        let panel = PANELS.iter().find(|panel| panel.id == id)?;
        let rows = state.answers.machines.len() as u16 + AROUND;
        let lines = if panel.picture.is_some() || panel.chart.is_some() { CHART.max(rows + 10) } else { rows };
        Some((panel.title, panel_cells(state, &look, id, (COLUMNS, lines))?))
    };
    own.chain(more).filter_map(picture).collect()
}

fn headline(step: &Step, answers: &Answers<'_>) -> Vec<HeadlineFigure> {
    let ceiling = match step.headline.id {
        "decode.expected" => Figure::named("decode.ceiling"),
        "decode.aggregate" => Figure::named("decode.aggregate-ceiling"),
        _ => None,
    };
    let of = |answer: &crate::model::answer::Answer<'_>| {
        let amount = written(answer, step.headline);
        let estimate = answer.estimate.as_ref();
        let why = match (&answer.refused, estimate) {
            (Some(reason), _) => reason.to_string(),
            (None, Some(estimate)) if !estimate.memory.fits => "does not fit".to_owned(),
            _ => "not known".to_owned(),
        };
        let too_large = step.headline.id == "memory.total" && estimate.is_some_and(|estimate| !estimate.memory.fits);
        let fits = if too_large { ", does not fit" } else { "" };
        HeadlineFigure {
            machine: answer.machine.short.clone(),
            text: amount.map_or(why, |amount| format!("{amount}{fits}")),
            value: amount.map(|amount| amount.value),
            band: amount.and(estimate).and_then(|estimate| step.headline.own_band(estimate)),
            ceiling: estimate.and_then(|estimate| ceiling.and_then(|figure| figure.of(estimate))),
        }
    };
    answers.machines.iter().map(of).collect()
}

/// The rows of the specification table that a handout needs, with what they rest on above them.
fn table(catalog: &Catalog, scenario: &Scenario, answers: &Answers<'_>) -> Sheet {
    let whole = sheets::table(catalog, scenario, answers);
    let figure_of = |row: &SheetRow| row.cells.iter().find_map(|cell| cell.figure);
    let label = |row: &SheetRow| row.cells.first().map_or(String::new(), |cell: &Cell| cell.text.clone());
    let facts = whole.rows.iter().filter(|row| FACTS.contains(&label(row).as_str()) && !row.heading);
    let mut rows: Vec<SheetRow> = facts.cloned().collect();
    for figure in Figure::listed(Listing::Handout) {
        let Some(at) = whole.rows.iter().position(|row| figure_of(row) == Some(figure.id)) else { continue };
        rows.push(whole.rows[at].clone());
        rows.extend(whole.rows.get(at + 1).filter(|row| label(row).trim() == "its band").cloned());
    }
    Sheet { rows, ..whole }
}

/// Notes the sources of a step's figures that are not noted yet.
fn collect_sources(catalog: &Catalog, scenario: &Scenario, answers: &Answers<'_>, used: &mut Vec<String>) {
    let sheet = sheets::sources(catalog, scenario, answers);
    let listed = sheet.rows.iter().rev().take_while(|row| !row.heading);
    let ids: Vec<String> = listed.filter_map(|row| row.cells.first().map(|cell| cell.text.clone())).collect();
    for id in ids.into_iter().rev() {
        if !used.contains(&id) {
            used.push(id);
        }
    }
}
