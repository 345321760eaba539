//! A list to choose from, narrowed down by typing, with the best match first.

use super::fuzzy;

/// One row of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// The id or path of the row's entry.
    pub id: String,
    /// The name in the first column.
    pub label: String,
    /// The texts in the other columns.
    pub cells: Vec<String>,
    /// A remark that is shown while the row is chosen; may be empty.
    pub about: String,
    /// True or false for a row that is on or off; `None` for other rows.
    pub on: Option<bool>,
}

/// A column of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    /// Its title; empty for a list without a header.
    pub title: String,
    /// True if it holds numbers, which are right-aligned.
    pub number: bool,
    /// Greatest width of a text, in terminal columns; 0 for no limit.
    pub most: u16,
    /// Index of the machine whose speeds it holds; an empty cell means that the machine does not run the row's model.
    pub machine: Option<usize>,
}

impl Column {
    /// Returns a column of numbers.
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
    /// Ids that the catalog's names (aliases, hub names) give for the typed text, although no row shows it.
    pub meant: Vec<String>,
    /// Index of the chosen row among the visible ones.
    pub chosen: usize,
}

impl Chooser {
    /// Returns a list of `rows` with the first one chosen.
    #[must_use]
    pub fn of(columns: Vec<Column>, rows: Vec<Choice>) -> Self {
        Self { columns, rows, ..Self::default() }
    }

    /// Returns the rows that match the filter, best first, each with its index among all rows.
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

    /// Returns the chosen row with its index among all rows.
    #[must_use]
    pub fn current(&self) -> Option<(usize, &Choice)> {
        self.visible().nth(self.chosen)
    }

    /// Moves the choice by `rows`, within the list.
    pub fn step(&mut self, rows: isize) {
        let last = self.visible().count().saturating_sub(1);
        self.chosen = self.chosen.saturating_add_signed(rows).min(last);
    }

    /// Appends a character to the filter.
    pub fn narrow(&mut self, c: char) {
        if self.filter.chars().count() < 60 && crate::ui::state::is_shown(c) {
            self.filter.push(c);
            self.chosen = 0;
        }
    }

    /// Erases the last character of the filter, or the whole filter if `all` is true.
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
