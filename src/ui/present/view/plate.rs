//! The answer at the foot of the stage: the winner's name in large letters on its colour, beside it the sentence.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::letters;
use super::spelled;
use crate::model::answer::{Answers, is_contested};
use crate::model::units::{Amount, Unit};
use crate::ui::present::Present;
use crate::ui::state::State;
use crate::ui::view::canvas::{Canvas, line, skip, width};
use crate::ui::view::words::wrap;

/// Fewest columns for the sentence beside the name.
const BESIDE: u16 = 30;

/// The answer to a scenario as the stage names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::ui) struct Winner {
    /// Id of the machine; empty if no machine passes.
    pub id: String,
    /// Name and price of the machine, in words.
    pub words: String,
}

impl Winner {
    /// Returns the winner of `answers`.
    pub fn of(answers: &Answers<'_>) -> Self {
        let winner = answers.verdict.winner.and_then(|at| answers.machines.get(at));
        let Some(answer) = winner else { return Self { id: String::new(), words: "no box here".to_owned() } };
        let price = answer.computer_price().map_or_else(String::new, |price| {
            let contested = answer.price.as_ref().is_some_and(|price| is_contested(&price.fact));
            let mark = if contested { "?" } else { "" };
            format!(", {}{mark}", Amount::exact(price.usd, Unit::Usd))
        });
        Self { id: answer.machine.id.clone(), words: format!("{}{price}", answer.machine.short) }
    }
}

/// Returns the words about the previous answer, if it was another machine: in a detour that of the script, else that of
/// the step before.
fn was(state: &State<'_>, present: &Present) -> Option<String> {
    let before = match state.pinned.as_ref().filter(|_| present.off_script) {
        Some(pinned) => Winner::of(&pinned.answers),
        None => present.before.clone()?,
    };
    (before.id != Winner::of(&state.answers).id).then(|| format!("was: {}", before.words))
}

/// Draws the plate: in large letters if `area` has the rows for them, else as a sentence.
pub(super) fn draw(canvas: &mut Canvas<'_>, (state, present): (&State<'_>, &Present), area: Rect) {
    let answer = state.headline().lead().into_iter().next().unwrap_or_default();
    let was = was(state, present);
    let winner = state.answers.verdict.winner;
    let name = winner.and_then(|at| state.answers.machines.get(at)).map_or("No box", |it| it.machine.short.as_str());
    let style = winner.map_or_else(|| canvas.theme.title_reversed(), |at| canvas.machine_reversed(at));
    let large = letters::width(canvas, name).filter(|columns| columns + 1 + BESIDE <= area.width);
    if area.height < letters::ROWS || large.is_none() {
        return sentence_only(canvas, state, area, (&answer, was.as_deref()));
    }
    for row in 0..area.height {
        canvas.text(line(area, row), &" ".repeat(usize::from(area.width)), style);
    }
    let used = letters::draw(canvas, skip(area, 1), name, style);
    let beside = skip(area, used + 3);
    let room = usize::from(area.height - u16::from(was.is_some()));
    let sentences = [answer, state.headline().short_lead()].map(|words| wrap(&words, beside.width.saturating_sub(1)));
    let mut lines = sentences.into_iter().find(|lines| lines.len() <= room).unwrap_or_default();
    lines.extend(was);
    canvas.lines(beside, &spelled(canvas, &lines), style);
}

/// Draws the answer as a sentence, with the previous answer if it fits.
fn sentence_only(canvas: &mut Canvas<'_>, state: &State<'_>, area: Rect, (answer, was): (&str, Option<&str>)) {
    let whole = was.map_or_else(|| answer.to_owned(), |was| format!("{answer} ({was})"));
    let fits = |text: &str| wrap(text, area.width).len() <= usize::from(area.height);
    let lines = wrap(if fits(&whole) { &whole } else { answer }, area.width);
    let lines = spelled(canvas, &lines);
    let style: Style = canvas.theme.title();
    canvas.lines(area, &lines, style);
    crate::ui::view::lead::paint_names(canvas, state, area, &lines);
}

/// Returns the width of the answer's sentence in columns, which decides the rows of a plate without large letters.
pub(super) fn sentence_columns(state: &State<'_>) -> u16 {
    width(&state.headline().lead().into_iter().next().unwrap_or_default())
}
