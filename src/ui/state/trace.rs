//! The tree of formulas behind the figure in focus, to walk through.

use super::knobs::WHAT_IF;
use super::overlay::{Overlay, Page};
use super::state::{Focus, Notice, State};
use super::what_if;
use crate::model::answer::{Branch, From, explain, tree};
use crate::model::catalog::Catalog;
use crate::model::estimate::figures::{FIGURES, Figure};
use crate::model::scenario::knob;

/// A tree with the number that is looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// The machine's place.
    pub machine: usize,
    /// The figure.
    pub figure: &'static Figure,
    /// Every number, from the figure down.
    pub branches: Vec<Branch>,
    /// Which of them hide what is below them.
    folded: Vec<bool>,
    /// The place of the one that is looked at, among all.
    pub chosen: usize,
}

/// Opens the tree of a figure of a machine, or says why there is none.
pub(super) fn show(state: &mut State<'_>, figure: &'static Figure, machine: usize) {
    let Some(answer) = state.answers.machines.get(machine) else { return };
    match explain(state.catalog, &state.scenario, answer, figure) {
        Ok(Some(explanation)) => {
            let branches = tree(state.catalog, &explanation);
            let folded = vec![false; branches.len()];
            state.overlay = Some(Overlay::Trace(Box::new(Trace { machine, figure, branches, folded, chosen: 0 })));
        }
        Ok(None) => {
            let why = answer.warnings.first().cloned().unwrap_or_else(|| "it does not apply here".to_owned());
            let text = format!("{} of the {}: not known; {why}", figure.label, answer.machine.short);
            state.notice = Some(Notice { text, bad: true });
        }
        Err(error) => state.notice = Some(Notice { text: error.to_string(), bad: true }),
    }
}

/// The same figure of the next machine.
pub(super) fn next_machine(state: &mut State<'_>, by: isize) {
    let Some(Overlay::Trace(trace)) = &state.overlay else { return };
    let count = state.answers.machines.len().max(1);
    let machine = (trace.machine + count).saturating_add_signed(by) % count;
    let figure = trace.figure;
    show(state, figure, machine);
}

/// The next figure of the same machine that applies.
pub(super) fn next_figure(state: &mut State<'_>, by: isize) {
    let Some(Overlay::Trace(trace)) = &state.overlay else { return };
    let (machine, figure) = (trace.machine, trace.figure);
    let at = FIGURES.iter().position(|other| other.id == figure.id).unwrap_or(0);
    let estimate = state.answers.machines.get(machine).and_then(|answer| answer.estimate.as_ref());
    let Some(estimate) = estimate else { return };
    let count = FIGURES.len();
    let next = (1..count).map(|step| (at + count).saturating_add_signed(by * step.cast_signed()) % count);
    let found = next.filter_map(|at| FIGURES.get(at)).find(|figure| figure.of(estimate).is_some());
    if let Some(figure) = found {
        show(state, figure, machine);
    }
}

/// Takes the number that is looked at: folds or unfolds what is below it, or goes to what it comes from.
pub(super) fn take(state: &mut State<'_>, mut trace: Trace) {
    match trace.current().and_then(|branch| branch.from.clone()) {
        Some(From::Knob(id)) => to_knob(state, id, trace.machine),
        Some(From::Entry { id, sources }) => {
            let about = trace.current().map(|branch| branch.about.join(" ")).unwrap_or_default();
            state.overlay = Some(Overlay::Page(entry(state.catalog, &id, &sources, about)));
        }
        None => {
            trace.fold(!trace.is_folded(trace.chosen));
            state.overlay = Some(Overlay::Trace(Box::new(trace)));
        }
    }
}

/// Gives the focus to a knob that is a slider; opens the line of another one, and the parts of a machine that differs.
fn to_knob(state: &mut State<'_>, id: &'static str, machine: usize) {
    if let Some(at) = knob::sliders().position(|slider| slider.id == id) {
        state.set_focus(Focus::Slider(at));
    } else if id == WHAT_IF {
        let machine = state.answers.machines.get(machine).map(|answer| answer.machine.id.clone());
        state.overlay = machine.and_then(|machine| what_if::overlay(state, machine, None));
    } else {
        state.overlay = Some(Overlay::value(id));
    }
}

/// What the catalog says of an entry and who says so.
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

impl Trace {
    /// The number that is looked at.
    #[must_use]
    pub fn current(&self) -> Option<&Branch> {
        self.branches.get(self.chosen)
    }

    /// Whether what is below a number is hidden.
    #[must_use]
    pub fn is_folded(&self, at: usize) -> bool {
        self.folded.get(at) == Some(&true)
    }

    /// Whether anything is below a number.
    #[must_use]
    pub fn has_inputs(&self, at: usize) -> bool {
        let depth = |at: usize| self.branches.get(at).map(|branch| branch.depth);
        depth(at + 1) > depth(at)
    }

    /// The places of the numbers that are shown.
    #[must_use]
    pub fn visible(&self) -> Vec<usize> {
        let mut visible = Vec::new();
        let mut hidden_below = usize::MAX;
        for (at, branch) in self.branches.iter().enumerate() {
            if branch.depth > hidden_below {
                continue;
            }
            hidden_below = if self.is_folded(at) { branch.depth } else { usize::MAX };
            visible.push(at);
        }
        visible
    }

    /// Moves by so many shown numbers.
    pub(super) fn step(&mut self, rows: isize) {
        let visible = self.visible();
        let place = visible.iter().position(|at| *at == self.chosen).unwrap_or(0);
        let place = place.saturating_add_signed(rows).min(visible.len().saturating_sub(1));
        self.chosen = visible.get(place).copied().unwrap_or(0);
    }

    /// Looks at the number shown in place `place`.
    pub(super) fn choose(&mut self, place: usize) {
        if let Some(at) = self.visible().get(place) {
            self.chosen = *at;
        }
    }

    /// Hides or shows what is below the number that is looked at.
    pub(super) fn fold(&mut self, folded: bool) {
        if self.has_inputs(self.chosen)
            && let Some(there) = self.folded.get_mut(self.chosen)
        {
            *there = folded;
        }
    }

    /// To what the number that is looked at enters, or hides what is below it.
    pub(super) fn walk_out(&mut self) {
        if self.has_inputs(self.chosen) && !self.is_folded(self.chosen) {
            return self.fold(true);
        }
        let depth = self.current().map_or(0, |branch| branch.depth);
        let above = (0..self.chosen).rev().find(|at| self.branches.get(*at).is_some_and(|b| b.depth < depth));
        self.chosen = above.unwrap_or(self.chosen);
    }

    /// To the first number that enters the one that is looked at, shown where it was hidden.
    pub(super) fn walk_in(&mut self) {
        if self.is_folded(self.chosen) {
            self.fold(false);
        } else if self.has_inputs(self.chosen) {
            self.chosen += 1;
        }
    }

    /// The way from the figure to the number that is looked at.
    #[must_use]
    pub fn path(&self) -> Vec<&str> {
        let mut path = Vec::new();
        let mut depth = usize::MAX;
        for branch in self.branches.get(..=self.chosen).unwrap_or_default().iter().rev() {
            if branch.depth < depth {
                path.push(branch.label.as_str());
                depth = branch.depth;
            }
        }
        path.reverse();
        path
    }
}
