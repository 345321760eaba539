//! The line with the formula, values and basis of the focused figure.

use ratatui::layout::Rect;

use super::canvas::{Canvas, line, width};
use super::panels;
use super::words::{FIRM, units_firm, wrap};
use crate::model::answer::explain;
use crate::model::answer::{FIGURES, Figure};
use crate::ui::state::{Focus, State};

/// The figure that is shown while a slider is focused.
const SLIDER_FIGURE: &str = "decode.ceiling";

/// Draws the formula, with as much of its context as fits.
pub(super) fn draw(canvas: &mut Canvas<'_>, state: &State<'_>, area: Rect) {
    if let Some(detail) = chosen_detail(state) {
        let words = wrap(&units_firm(&canvas.glyphs.spelled(detail)), area.width);
        return canvas.lines(area, &words, canvas.theme.text());
    }
    let (figure, machine) = subject(state);
    let Some(answer) = state.answers.machines.get(machine) else { return };
    let against = against(state, &answer.machine.id, figure);
    let [equation, basis, value] = formula(state, machine, figure);
    // The shortest form has only the name that the formula gives the figure.
    let short = match (equation.split_once(" = "), value.rsplit_once(" = ")) {
        (Some((name, _)), Some((_, amount))) => format!("{name} = {amount}"),
        _ => value.clone(),
    };
    let mark = canvas.sign(machine);
    let named = format!("{mark} {}", answer.machine.short);
    let whole = format!("{equation}{basis}");
    let compared = [format!("{whole}{against}"), format!("{equation}{against}"), format!("{value}{against}")];
    let [all, equal, amount] = &compared;
    let candidates = [
        (named.as_str(), all),
        (mark, all),
        (mark, equal),
        (mark, amount),
        (named.as_str(), &whole),
        (mark, &whole),
        (mark, &equation),
        (mark, &value),
        (mark, &short),
    ];
    let mut fitting = (mark, Vec::new());
    for (subject, words) in candidates {
        // The subject takes columns of the first line, so placeholders of its width take part in wrapping.
        let place = "x".repeat(usize::from(width(subject)));
        let words = units_firm(&canvas.glyphs.spelled(words));
        fitting = (subject, wrap(&format!("{place}{FIRM}{FIRM}{words}"), area.width));
        if fitting.1.len() <= usize::from(area.height) {
            break;
        }
    }
    canvas.lines(area, &fitting.1, canvas.theme.text());
    canvas.text(line(area, 0), fitting.0, canvas.machine(machine));
}

/// Returns the change of the figure from the pinned scenario; empty if none is pinned or the figure did not change.
fn against(state: &State<'_>, machine: &str, figure: &str) -> String {
    let compared = state.pinned.as_ref().map(|pinned| &pinned.comparison);
    let change = compared.and_then(|comparison| comparison.of(machine, figure)).filter(|change| change.is_visible());
    change.map_or_else(String::new, |change| format!(" · against A {}", change.sentence()))
}

/// Returns the detail of the chosen cell of a sheet, if it shows no figure with a formula.
fn chosen_detail<'s>(state: &'s State<'_>) -> Option<&'s str> {
    let Focus::Cell { row, column } = state.focus else { return None };
    let cell = state.sheet.as_ref()?.rows.get(row)?.cells.get(column)?;
    let said = if cell.detail.is_empty() { &cell.text } else { &cell.detail };
    cell.figure.is_none().then_some(said)
}

/// Returns the figure in focus, and the index of its machine.
#[must_use]
pub fn figure_in_focus(state: &State<'_>) -> (&'static Figure, usize) {
    let (id, machine) = subject(state);
    (Figure::named(id).unwrap_or(&FIGURES[0]), machine)
}

/// Returns the id of the figure in focus, and the index of its machine.
fn subject(state: &State<'_>) -> (&'static str, usize) {
    let verdict = &state.answers.verdict;
    match state.focus {
        Focus::Slider(_) => (SLIDER_FIGURE, verdict.winner.or(verdict.nearest).unwrap_or(0)),
        Focus::Panel { panel, machine } => {
            (panels::of(state.view()).get(panel).map_or(SLIDER_FIGURE, |panel| panel.figure), machine)
        }
        Focus::Cell { row, column } => {
            let sheet = state.sheet.as_ref();
            let cell = sheet.and_then(|sheet| sheet.rows.get(row)?.cells.get(column)?.figure);
            let machine = sheet.and_then(|sheet| sheet.rows.get(row)?.machine.or(sheet.columns.get(column)?.machine));
            (cell.unwrap_or(SLIDER_FIGURE), machine.or(verdict.winner).unwrap_or(0))
        }
    }
}

/// Returns the equation, its basis after a separator, and the value alone; without a figure, the most serious warning.
fn formula(state: &State<'_>, machine: usize, figure: &str) -> [String; 3] {
    let Some((answer, figure)) = state.answers.machines.get(machine).zip(Figure::named(figure)) else {
        return Default::default();
    };
    match explain(state.catalog, &state.scenario, answer, figure) {
        Ok(Some(explanation)) => {
            let value = format!("{} = {}", figure.label, explanation.value());
            [explanation.equation(), format!(" · {}", explanation.basis()), value]
        }
        Ok(None) => {
            let why = answer.warnings.first().cloned();
            let why = why.unwrap_or_else(|| format!("{}: not known", figure.label));
            [why.clone(), String::new(), why]
        }
        Err(error) => [error.to_string(), String::new(), String::new()],
    }
}
