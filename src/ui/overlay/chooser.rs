//! A list to choose from, narrowed by typing; the best match comes first.

use super::fuzzy;

/// One row of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// The id or path of the thing.
    pub id: String,
    /// Its name.
    pub label: String,
    /// Its other columns.
    pub cells: Vec<String>,
    /// A remark that is shown while the row is chosen; may be empty.
    pub about: String,
    /// The state of a row that can be on or off.
    pub on: Option<bool>,
}

/// A column of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    /// Its title; empty for a list without a header.
    pub title: String,
    /// Set where it holds numbers, which are right-aligned.
    pub number: bool,
    /// Widest text in terminal columns while others follow; 0 for no limit.
    pub most: u16,
    /// The place of the machine whose speeds it holds: an empty cell is a machine that does not run the row's model.
    pub machine: Option<usize>,
}

impl Column {
    /// Builds a column of numbers.
    #[must_use]
    pub fn number(title: &str) -> Self {
        Self { title: title.to_owned(), number: true, ..Self::default() }
    }
}

/// A list with a filter and a chosen row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chooser {
    /// The columns of the cells.
    pub columns: Vec<Column>,
    /// All rows.
    pub rows: Vec<Choice>,
    /// The typed text.
    pub filter: String,
    /// Ids that the catalog's names find for the typed text: aliases and hub names among them, which no row shows.
    pub meant: Vec<String>,
    /// Place of the chosen row among the visible ones.
    pub chosen: usize,
}

impl Chooser {
    /// Builds a list of `rows`, the first one chosen.
    #[must_use]
    pub fn of(columns: Vec<Column>, rows: Vec<Choice>) -> Self {
        Self { columns, rows, ..Self::default() }
    }

    /// Returns the rows that match the filter, the best first, each with its place among all rows.
    pub fn visible(&self) -> impl Iterator<Item = (usize, &Choice)> {
        let words = fuzzy::words(&self.filter);
        let rows = self.rows.iter().enumerate();
        let score = |row: &Choice| {
            let meant = self.meant.contains(&row.id).then_some(fuzzy::MEANT);
            fuzzy::score(&words, row).max(meant)
        };
        let mut rows: Vec<(u32, (usize, &Choice))> = rows.filter_map(|row| Some((score(row.1)?, row))).collect();
        rows.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        rows.into_iter().map(|(_, row)| row)
    }

    /// Returns the chosen row with its place among all rows.
    #[must_use]
    pub fn current(&self) -> Option<(usize, &Choice)> {
        self.visible().nth(self.chosen)
    }

    /// Moves the choice by `rows`, staying inside the list.
    pub fn step(&mut self, rows: isize) {
        let last = self.visible().count().saturating_sub(1);
        self.chosen = self.chosen.saturating_add_signed(rows).min(last);
    }

    /// Types a character into the filter.
    pub fn narrow(&mut self, c: char) {
        if self.filter.chars().count() < 60 && crate::ui::state::is_shown(c) {
            self.filter.push(c);
            self.chosen = 0;
        }
    }

    /// Erases the last character of the filter, or all of them.
    pub fn widen(&mut self, all: bool) {
        if all {
            self.filter.clear();
        } else {
            self.filter.pop();
        }
        self.chosen = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_a_name_means_is_found_by_no_text_of_it() {
        let row = |id: &str| Choice { id: id.to_owned(), label: id.to_uppercase(), ..Choice::default() };
        let rows = vec![row("dgx-spark"), row("rtx-5090")];
        let list =
            Chooser { filter: "gx10".to_owned(), meant: vec!["dgx-spark".to_owned()], ..Chooser::of(Vec::new(), rows) };
        assert_eq!(list.visible().map(|(at, _)| at).collect::<Vec<_>>(), [0]);
    }

    #[test]
    fn typing_narrows_and_the_choice_stays_inside() {
        let row = |id: &str| Choice { id: id.to_owned(), label: id.to_uppercase(), ..Choice::default() };
        let mut list = Chooser::of(Vec::new(), vec![row("dgx-spark"), row("rtx-5090"), row("rtx-pro-6000")]);
        list.step(9);
        assert_eq!(list.current().map(|(at, _)| at), Some(2));
        for c in "RTX 50".chars() {
            list.narrow(c);
        }
        assert_eq!(list.current().map(|(at, row)| (at, row.id.as_str())), Some((1, "rtx-5090")));
        list.narrow('z');
        assert_eq!(list.current(), None);
        list.step(-3);
        list.widen(true);
        assert_eq!(list.current().map(|(at, _)| at), Some(0));
    }
}
