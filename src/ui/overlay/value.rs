//! An input line for a knob's value, with completions such as the ids of models, formats and machines.

use ratatui::layout::Rect;

use super::{Choice, Chooser, Component, Outcome, Overlay, field};
use crate::model::scenario::knob::knob;
use crate::ui::input::{Action, Context};
use crate::ui::state::{Effect, Focus, State, write_knob};
use crate::ui::view::canvas::Canvas;
use crate::ui::view::hit::Hits;

/// Most completions that are offered.
const MOST: usize = 5;

/// An input line for a knob's value.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// The knob's id.
    pub knob: &'static str,
    /// The typed text.
    pub text: String,
    /// The overlay from which it was opened, which opens again afterwards.
    pub from: Option<Box<Overlay>>,
}

impl Value {
    /// Returns an empty line for the knob with the id `knob`.
    #[must_use]
    pub fn of(knob: &'static str) -> Self {
        Self { knob, text: String::new(), from: None }
    }

    /// Returns the best completions of the typed text, best first; empty if the value is a number.
    #[must_use]
    pub fn completions(&self, state: &State<'_>) -> Vec<Choice> {
        let text = &self.text;
        let words = knob(self.knob).map(|knob| knob.words(&state.scenario, state.catalog)).unwrap_or_default();
        // A word that ends in `=` is no completion once that sign has been typed.
        let valued = text[text.rfind(',').map_or(0, |at| at + 1)..].contains('=');
        let words = words.into_iter().filter(|(word, _)| !(valued && word.ends_with('=')));
        let row = |(id, label): (String, String)| Choice { id, label, ..Choice::default() };
        let mut list = Chooser::of(Vec::new(), words.map(row).collect());
        text[start_of_word(text)..].trim().clone_into(&mut list.filter);
        list.visible().take(MOST).map(|(_, row)| row.clone()).collect()
    }

    /// Sets the knob. A value that it does not accept stays in the line with the reason; an empty line changes nothing.
    fn accept(&mut self, state: &mut State<'_>) -> Outcome {
        if !self.text.trim().is_empty() {
            write_knob(state, self.knob, self.text.trim());
        }
        if state.notice.as_ref().is_some_and(|notice| notice.bad) {
            return Outcome::Stays;
        }
        self.back(state)
    }

    /// Opens the overlay again from which the line was opened.
    fn back(&mut self, state: &mut State<'_>) -> Outcome {
        if let Some(mut from) = self.from.take() {
            from.refresh(state);
            state.overlay = Some(*from);
        }
        Outcome::Closes(None)
    }
}

/// Opens the line for the focused slider; returns false if no slider is focused.
pub(in crate::ui) fn open_for_slider(state: &mut State<'_>) -> bool {
    let on_slider = matches!(state.focus, Focus::Slider(_));
    if on_slider {
        state.overlay = state.slider().map(|knob| Value::of(knob.id).into());
    }
    on_slider
}

/// Returns the index at which the current word starts, because values may be lists and pairs.
fn start_of_word(text: &str) -> usize {
    text.rfind([',', '=']).map_or(0, |at| at + 1)
}

impl Component for Value {
    fn context(&self) -> Context {
        Context::Text
    }

    fn handle(&mut self, state: &mut State<'_>, action: Action, _: u64) -> Outcome {
        match action {
            Action::Accept => self.accept(state),
            Action::Cancel => self.back(state),
            Action::Complete => {
                if let Some(best) = self.completions(state).into_iter().next() {
                    self.text.truncate(start_of_word(&self.text));
                    self.text.push_str(&best.id);
                }
                Outcome::Stays
            }
            _ => Outcome::Unhandled,
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, state: &State<'_>, area: Rect, hits: &mut Hits) {
        let Ok(knob) = knob(self.knob) else { return };
        let now = format!("now {}", knob.read(&state.scenario, state.catalog).typed);
        let completions = self.completions(state);
        let words: Vec<String> = completions.iter().map(|word| format!("{}  {}", word.id, word.label)).collect();
        field::draw(canvas, state, area, (knob.label, knob.help, &now), (&self.text, &words), hits);
    }

    fn line_mut(&mut self) -> Option<&mut String> {
        Some(&mut self.text)
    }

    fn shows_complaints(&self) -> bool {
        true
    }
}

impl Overlay {
    /// Returns an input line for the value of the knob with the id `knob`.
    #[must_use]
    pub fn value(knob: &'static str) -> Self {
        Value::of(knob).into()
    }
}

/// Opens the input line of a knob; returns no effect.
pub(super) fn open(state: &mut State<'_>, knob: &'static str) -> Option<Effect> {
    state.overlay = Some(Overlay::value(knob));
    None
}
