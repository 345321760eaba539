//! The one line that always shows the focused figure's formula with live numbers and basis.

use super::panels::PANELS;
use crate::answer::explain;
use crate::app::{Focus, State};
use crate::estimate::figures::Figure;

/// The figure a slider shows: the one whose formula the slider enters.
const SLIDER_FIGURE: &str = "decode.ceiling";

/// Whom the line is about, and the formula.
pub(super) fn formula_line(state: &State<'_>) -> (String, String) {
    let (figure, machine) = match state.focus {
        Focus::Slider(_) => (SLIDER_FIGURE, state.answers.verdict.winner.unwrap_or(0)),
        Focus::Panel { panel, machine } => (PANELS.get(panel).map_or(SLIDER_FIGURE, |panel| panel.figure), machine),
    };
    let Some((answer, figure)) = state.answers.machines.get(machine).zip(Figure::named(figure)) else {
        return Default::default();
    };
    let text = match explain(state.catalog, &state.scenario, answer, figure) {
        Ok(Some(explanation)) => explanation.line(),
        Ok(None) => answer.warnings.first().cloned().unwrap_or_else(|| format!("{}: not known", figure.label)),
        Err(error) => error.to_string(),
    };
    (answer.machine.short.clone(), text)
}
