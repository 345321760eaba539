//! A tree of formulas with foldable parts and a chosen number.

use crate::model::answer::Branch;

/// A tree of formulas with a chosen number.
#[derive(Clone, Debug, PartialEq)]
pub struct Tree {
    /// All numbers, from the figure down.
    pub branches: Vec<Branch>,
    /// True for each number whose inputs are hidden.
    folded: Vec<bool>,
    /// Index of the chosen number among all.
    pub chosen: usize,
}

impl Tree {
    /// Returns an unfolded tree with its first number chosen.
    pub(super) fn of(branches: Vec<Branch>) -> Self {
        let folded = vec![false; branches.len()];
        Self { branches, folded, chosen: 0 }
    }

    /// Returns the chosen number.
    #[must_use]
    pub fn current(&self) -> Option<&Branch> {
        self.branches.get(self.chosen)
    }

    /// Returns true if the numbers below the one at index `at` are hidden.
    #[must_use]
    pub fn is_folded(&self, at: usize) -> bool {
        self.folded.get(at) == Some(&true)
    }

    /// Returns true if there are numbers below the one at index `at`.
    #[must_use]
    pub fn has_inputs(&self, at: usize) -> bool {
        let depth = |at: usize| self.branches.get(at).map(|branch| branch.depth);
        depth(at + 1) > depth(at)
    }

    /// Returns the indices of the numbers that are shown.
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

    /// Moves the choice by `rows` shown numbers.
    pub(super) fn step(&mut self, rows: isize) {
        let visible = self.visible();
        let place = visible.iter().position(|at| *at == self.chosen).unwrap_or(0);
        let place = place.saturating_add_signed(rows).min(visible.len().saturating_sub(1));
        self.chosen = visible.get(place).copied().unwrap_or(0);
    }

    /// Chooses the shown number at index `place`.
    pub(super) fn choose(&mut self, place: usize) {
        if let Some(at) = self.visible().get(place) {
            self.chosen = *at;
        }
    }

    /// Hides or shows the numbers below the chosen one.
    pub(super) fn fold(&mut self, folded: bool) {
        if self.has_inputs(self.chosen)
            && let Some(there) = self.folded.get_mut(self.chosen)
        {
            *there = folded;
        }
    }

    /// Hides the numbers below the chosen one; if none are shown, moves to the number that it is an input of.
    pub(super) fn walk_out(&mut self) {
        if self.has_inputs(self.chosen) && !self.is_folded(self.chosen) {
            return self.fold(true);
        }
        let depth = self.current().map_or(0, |branch| branch.depth);
        let above = (0..self.chosen).rev().find(|at| self.branches.get(*at).is_some_and(|b| b.depth < depth));
        self.chosen = above.unwrap_or(self.chosen);
    }

    /// Moves to the first input of the chosen number; if the inputs are hidden, shows them.
    pub(super) fn walk_in(&mut self) {
        if self.is_folded(self.chosen) {
            self.fold(false);
        } else if self.has_inputs(self.chosen) {
            self.chosen += 1;
        }
    }

    /// Returns the labels from the figure to the chosen number.
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
