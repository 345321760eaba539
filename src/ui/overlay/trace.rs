//! The formulas behind a figure, as a tree to walk through.

use ratatui::layout::Rect;

use super::tree::Tree;
use super::what_if::WHAT_IF;
use super::{Component, Outcome, Overlay, Page, WhatIf, trace_view};
use crate::model::answer::{FIGURES, Figure};
use crate::model::answer::{From, explain, tree};
use crate::model::catalog::Catalog;
use crate::model::scenario::knob;
use crate::ui::input::{Action, Context};
use crate::ui::state::{Focus, State, complain};
use crate::ui::view::canvas::Canvas;
use crate::ui::view::hit::Hits;

/// The formulas behind a figure of a machine.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// Index of the machine.
    pub machine: usize,
    /// The figure.
    pub figure: &'static Figure,
    /// The formulas.
    pub tree: Tree,
}

/// The reason why a figure has no formulas.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
struct NoFormulas(String);

impl Trace {
    /// Builds the tree of a figure of the machine at index `machine`.
    fn of(state: &State<'_>, figure: &'static Figure, machine: usize) -> Result<Self, NoFormulas> {
        let answer = state.answers.machines.get(machine).ok_or_else(|| NoFormulas("no machine is shown".to_owned()))?;
        match explain(state.catalog, &state.scenario, answer, figure) {
            Ok(Some(explanation)) => Ok(Self { machine, figure, tree: Tree::of(tree(state.catalog, &explanation)) }),
            Ok(None) => {
                let why = answer.warnings.first().cloned().unwrap_or_else(|| "it does not apply here".to_owned());
                Err(NoFormulas(format!("{} of the {}: not known; {why}", figure.label, answer.machine.short)))
            }
            Err(error) => Err(NoFormulas(error.to_string())),
        }
    }

    /// Shows another figure or machine, or the reason why it has no formulas.
    fn change_to(&mut self, state: &mut State<'_>, figure: &'static Figure, machine: usize) -> Outcome {
        match Self::of(state, figure, machine) {
            Ok(trace) => *self = trace,
            Err(error) => complain(state, error.to_string()),
        }
        Outcome::Stays
    }

    /// Shows the same figure of the machine `by` places further on.
    fn next_machine(&mut self, state: &mut State<'_>, by: isize) -> Outcome {
        let count = state.answers.machines.len().max(1);
        let machine = (self.machine + count).saturating_add_signed(by) % count;
        self.change_to(state, self.figure, machine)
    }

    /// Shows the next figure of the same machine that applies, in the direction of `by`.
    fn next_figure(&mut self, state: &mut State<'_>, by: isize) -> Outcome {
        let at = FIGURES.iter().position(|other| other.id == self.figure.id).unwrap_or(0);
        let estimate = state.answers.machines.get(self.machine).and_then(|answer| answer.estimate.as_ref());
        let Some(estimate) = estimate else { return Outcome::Stays };
        let count = FIGURES.len();
        let next = (1..count).map(|step| (at + count).saturating_add_signed(by * step.cast_signed()) % count);
        let found = next.filter_map(|at| FIGURES.get(at)).find(|figure| figure.of(estimate).is_some());
        match found {
            Some(figure) => self.change_to(state, figure, self.machine),
            None => Outcome::Stays,
        }
    }

    /// Goes to the origin of the chosen number if it is not computed, else folds or unfolds the numbers below it.
    fn accept(&mut self, state: &mut State<'_>) -> Outcome {
        let branch = self.tree.current();
        match branch.and_then(|branch| branch.from.clone()) {
            Some(From::Knob(id)) => go_to_knob(state, id, self.machine),
            Some(From::Entry { id, sources }) => {
                let about = branch.map(|branch| branch.about.join(" ")).unwrap_or_default();
                state.overlay = Some(entry(state.catalog, &id, &sources, about).into());
            }
            None => {
                self.tree.fold(!self.tree.is_folded(self.tree.chosen));
                return Outcome::Stays;
            }
        }
        Outcome::Closes(None)
    }
}

/// Opens the formulas of a figure of the machine at index `machine`, or shows the reason why there are none.
pub(in crate::ui) fn show(state: &mut State<'_>, figure: &'static Figure, machine: usize) {
    match Trace::of(state, figure, machine) {
        Ok(trace) => state.overlay = Some(trace.into()),
        Err(error) => complain(state, error.to_string()),
    }
}

/// Goes to a knob: focuses its slider, opens the assumptions about the machine for the what-if knob, or opens an input
/// line for the value.
fn go_to_knob(state: &mut State<'_>, id: &'static str, machine: usize) {
    if let Some(at) = knob::sliders().position(|slider| slider.id == id) {
        state.set_focus(Focus::Slider(at));
    } else if id == WHAT_IF {
        let machine = state.answers.machines.get(machine).map(|answer| answer.machine.id.clone());
        state.overlay = machine.and_then(|machine| WhatIf::of(state, machine, None)).map(Overlay::WhatIf);
    } else {
        state.overlay = Some(Overlay::value(id));
    }
}

/// Returns a page about an entry of the catalog with its sources.
fn entry(catalog: &Catalog, id: &str, sources: &[String], about: String) -> Page {
    let mut lines = vec![about, String::new(), "Sources:".to_owned()];
    lines.extend(sources.iter().map(|id| match catalog.source(id) {
        Some(source) => {
            let url = source.url.as_ref().map_or(String::new(), |url| format!(", {url}"));
            format!("{id}: {}, {}{url}", source.title, source.date)
        }
        None => format!("{id}: not recorded"),
    }));
    Page { title: id.to_owned(), lines, scroll: 0 }
}

impl Component for Trace {
    fn context(&self) -> Context {
        Context::Trace
    }

    fn handle(&mut self, state: &mut State<'_>, action: Action, _: u64) -> Outcome {
        match action {
            Action::WalkOut => self.tree.walk_out(),
            Action::WalkIn => self.tree.walk_in(),
            Action::NextMachine => return self.next_machine(state, 1),
            Action::PreviousMachine => return self.next_machine(state, -1),
            Action::NextFigure => return self.next_figure(state, 1),
            Action::PreviousFigure => return self.next_figure(state, -1),
            Action::Accept => return self.accept(state),
            _ => return Outcome::Unhandled,
        }
        Outcome::Stays
    }

    fn draw(&self, canvas: &mut Canvas<'_>, state: &State<'_>, area: Rect, hits: &mut Hits) {
        trace_view::draw(canvas, state, area, self, hits);
    }

    fn scroll(&mut self, rows: isize) {
        self.tree.step(rows);
    }

    fn choose(&mut self, _: &mut State<'_>, place: usize) -> Outcome {
        self.tree.choose(place);
        Outcome::Stays
    }
}
