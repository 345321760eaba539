//! The content that all formats write: the steps with their answers in words and numbers, and all sources.

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

/// Rows of the specification table that the handout shows above its figures.
const FACTS: &[&str] = &["bandwidth", "memory, marketed GB", "memory, usable", "format", "runtime"];

/// A deck with its content for export.
pub(super) struct Page<'c> {
    pub title: &'c str,
    pub steps: Vec<PageStep<'c>>,
    /// Sources of all figures, in the order of their first use.
    pub sources: Vec<&'c Source>,
    /// Version of the catalog.
    pub version: String,
    pub catalog: &'c Catalog,
}

/// A step with its answers.
pub(super) struct PageStep<'c> {
    pub step: &'c Step,
    /// Speaker's notes; empty if they are not exported.
    pub notes: &'c str,
    pub answers: Answers<'c>,
    /// Sentence that states the winner.
    pub verdict: String,
    /// Reasons why the other machines do not win.
    pub reasons: String,
    /// Headline figure of each machine.
    pub headline: Vec<HeadlineFigure>,
    /// Table of the handout's figures with a column per machine.
    pub table: Sheet,
    /// Titles and cells of the step's panels.
    pub panels: Vec<(&'static str, Buffer)>,
}

/// A machine's value of the headline figure.
pub(super) struct HeadlineFigure {
    pub machine: String,
    /// Number with its unit, or the reason why there is none.
    pub text: String,
    /// The machine's result in the verdict.
    pub standing: Standing,
    pub value: Option<f64>,
    /// Edges of the band.
    pub band: Option<(f64, f64)>,
    /// Ceiling of the speed, if the figure is a speed with a ceiling.
    pub ceiling: Option<f64>,
}

/// A machine's result in the verdict of a step.
pub(super) enum Standing {
    /// The machine is the answer.
    Winner,
    /// The machine passes every limit, and another one is the answer.
    Passes,
    /// The machine misses a limit or does not run the model; the reason in words.
    Fails(String),
}

impl Standing {
    fn of(answers: &Answers<'_>, at: usize) -> Self {
        match answers.verdict.failed.get(at).and_then(|failed| failed.first()) {
            _ if answers.verdict.winner == Some(at) => Self::Winner,
            None => Self::Passes,
            Some(failed) => Self::Fails(failed.text.clone()),
        }
    }
}

impl<'c> Page<'c> {
    /// Returns the content of a deck with the answers of every step.
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

/// Width of a panel's picture, columns.
const COLUMNS: u16 = 58;
/// Rows of a panel's picture beside those of the machines.
const AROUND: u16 = 2;
/// The fewest rows of a picture with a map or chart.
const CHART: u16 = 18;
/// The panels that the first step always has: an overview of all machines, and the bandwidth that the figures depend
/// on.
const FIRST: [&str; 2] = ["map", "bandwidth"];

/// Returns the panels of a step as pictures in colours for white paper.
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
    let of = |(at, answer): (usize, &crate::model::answer::Answer<'_>)| {
        let amount = written(answer, step.headline);
        let estimate = answer.estimate.as_ref();
        let why = match (&answer.refused, estimate) {
            (Some(reason), _) => reason.to_string(),
            (None, Some(estimate)) if !estimate.memory.fits => "does not fit".to_owned(),
            _ => "not known".to_owned(),
        };
        HeadlineFigure {
            machine: answer.machine.short.clone(),
            text: amount.map_or(why, |amount| amount.to_string()),
            standing: Standing::of(answers, at),
            value: amount.map(|amount| amount.value),
            band: amount.and(estimate).and_then(|estimate| step.headline.own_band(estimate)),
            ceiling: estimate.and_then(|estimate| ceiling.and_then(|figure| figure.of(estimate))),
        }
    };
    answers.machines.iter().enumerate().map(of).collect()
}

/// Returns the rows of the specification table that the handout shows: the facts first, then the figures.
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

/// Adds the sources of a step's figures to `used`, without repetition.
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
