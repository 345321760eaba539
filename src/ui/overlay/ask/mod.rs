//! Three questions (the size of the model, the number of streams, price and power) that lead to an answer in the
//! explorer.
//!
//! Each question is a list of usual answers, which typing narrows or replaces. The state changes only after the last
//! answer, in a single step of the history.

mod answers;

use ratatui::layout::Rect;

use super::{Chooser, Column, Component, Outcome, list};
use crate::model::catalog::Catalog;
use crate::model::scenario::{FormatChoice, Limits, RuntimeChoice, Scenario};
use crate::ui::input::{Action, Context};
use crate::ui::state::{Effect, State, complain, replace};
use crate::ui::view::canvas::Canvas;
use crate::ui::view::hit::Hits;

/// One of the three questions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// The size of the model.
    Model,
    /// The number of streams and the speed of each.
    Streams,
    /// Price, power and portability.
    Limits,
}

/// The current question, and the answers so far.
#[derive(Clone, Debug, PartialEq)]
pub struct Ask {
    /// The current question.
    pub question: Question,
    /// Its usual answers, narrowed down by the typed text.
    pub list: Chooser,
    /// The scenario with the answers so far.
    scenario: Box<Scenario>,
}

/// Opens the first question.
pub(super) fn open(state: &mut State<'_>) -> Option<Effect> {
    let scenario = Scenario {
        format: FormatChoice::Auto,
        runtime: RuntimeChoice::Auto,
        limits: Limits::default(),
        expect: None,
        saved: None,
        ..state.scenario.clone()
    };
    state.overlay = Some(Ask::at(Question::Model, state.catalog, Box::new(scenario)).into());
    None
}

impl Ask {
    fn at(question: Question, catalog: &Catalog, scenario: Box<Scenario>) -> Self {
        let columns = vec![Column::default(); 1];
        let mut ask = Self { question, list: Chooser::of(columns, Vec::new()), scenario };
        ask.offer(catalog);
        ask
    }

    /// Returns the question with its number.
    fn title(&self) -> &'static str {
        match self.question {
            Question::Model => "1 of 3: how big a model?",
            Question::Streams => "2 of 3: how many streams?",
            Question::Limits => "3 of 3: what price and power?",
        }
    }

    /// Builds the rows for the typed text.
    fn offer(&mut self, catalog: &Catalog) {
        let typed = self.list.filter.trim();
        self.list.rows = match self.question {
            Question::Model => answers::models(catalog, &self.scenario, typed),
            Question::Streams => answers::stream_rows(catalog, typed),
            Question::Limits => answers::limit_rows(typed),
        };
        self.list.step(0);
    }

    /// Goes back to the previous question, or closes if there is none.
    fn back(&mut self, catalog: &Catalog) -> Outcome {
        let before = match self.question {
            Question::Model => return Outcome::Closes(None),
            Question::Streams => Question::Model,
            Question::Limits => Question::Streams,
        };
        self.go_to(before, catalog)
    }

    fn go_to(&mut self, question: Question, catalog: &Catalog) -> Outcome {
        *self = Self::at(question, catalog, std::mem::take(&mut self.scenario));
        Outcome::Stays
    }

    /// Accepts the chosen answer; after the last one the overview shows the result.
    fn accept(&mut self, state: &mut State<'_>) -> Outcome {
        let catalog = state.catalog;
        let row = self.list.current().map(|(_, row)| row.id.clone());
        let text = row.unwrap_or_else(|| self.list.filter.trim().to_owned());
        if let Err(error) = self.set(catalog, &text) {
            complain(state, error.to_string());
            return Outcome::Stays;
        }
        match self.question {
            Question::Model => self.go_to(Question::Streams, catalog),
            Question::Streams => self.go_to(Question::Limits, catalog),
            Question::Limits => {
                replace(state, answers::finished(catalog, *std::mem::take(&mut self.scenario)), None);
                state.show(0);
                Outcome::Closes(None)
            }
        }
    }

    /// Writes the answer to the current question into the scenario.
    fn set(&mut self, catalog: &Catalog, text: &str) -> Result<(), answers::UnreadableAnswer> {
        match self.question {
            Question::Model => answers::set_model(&mut self.scenario, catalog, text)?,
            Question::Streams => {
                let (streams, speed) = answers::streams(catalog, text)?;
                self.scenario.concurrency = streams;
                self.scenario.limits.min_tok_s = Some(speed);
            }
            Question::Limits => {
                let min_tok_s = self.scenario.limits.min_tok_s;
                self.scenario.limits = Limits { min_tok_s, ..answers::limits(text)? };
            }
        }
        Ok(())
    }
}

impl Component for Ask {
    fn context(&self) -> Context {
        Context::List
    }

    fn handle(&mut self, state: &mut State<'_>, action: Action, _: u64) -> Outcome {
        match action {
            Action::Accept => self.accept(state),
            Action::Cancel => self.back(state.catalog),
            _ => Outcome::Unhandled,
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, state: &State<'_>, area: Rect, hits: &mut Hits) {
        let usual = state.keymap.told("{accept} takes, {cancel} goes back");
        let remark = state.notice.as_ref().filter(|notice| notice.bad).map_or(&usual, |notice| &notice.text);
        list::draw(canvas, area, (self.title(), remark), &self.list, hits);
    }

    fn list(&self) -> Option<&Chooser> {
        Some(&self.list)
    }

    fn list_mut(&mut self) -> Option<&mut Chooser> {
        Some(&mut self.list)
    }

    fn text_changed(&mut self, state: &State<'_>) {
        self.offer(state.catalog);
    }
}
