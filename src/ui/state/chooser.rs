//! A list to choose from, narrowed by typing: what matches best comes first.

use super::fuzzy;

/// One row of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// What it stands for: an id or a path.
    pub id: String,
    /// What it is called.
    pub label: String,
    /// What else to know, column by column.
    pub cells: Vec<String>,
    /// Whether it fits, machine by machine of the screen; empty for lists of other things.
    pub fits: Vec<bool>,
    /// What is said about it while it is chosen; empty where the cells say it all.
    pub about: String,
    /// Whether it is on, for lists where rows can be on or off.
    pub on: Option<bool>,
}

/// A column of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    /// What it holds; empty for a list that needs no header.
    pub title: String,
    /// Whether it holds numbers, which stand against the right edge.
    pub number: bool,
    /// Most columns that its texts get while others follow; 0 for as many as they need.
    pub most: u16,
}

/// A list with a filter and a chosen row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chooser {
    /// What the cells of a row are.
    pub columns: Vec<Column>,
    /// All rows.
    pub rows: Vec<Choice>,
    /// What was typed.
    pub filter: String,
    /// Place of the chosen row among the visible ones.
    pub chosen: usize,
}

impl Chooser {
    /// A list of `rows`, the first chosen.
    #[must_use]
    pub fn of(columns: Vec<Column>, rows: Vec<Choice>) -> Self {
        Self { columns, rows, ..Self::default() }
    }

    /// Rows that match what was typed, the best first, each with its place among all rows.
    pub fn visible(&self) -> impl Iterator<Item = (usize, &Choice)> {
        let words = fuzzy::words(&self.filter);
        let rows = self.rows.iter().enumerate();
        let mut rows: Vec<(u32, (usize, &Choice))> =
            rows.filter_map(|row| Some((fuzzy::worth(&words, row.1)?, row))).collect();
        rows.sort_by_key(|(worth, _)| std::cmp::Reverse(*worth));
        rows.into_iter().map(|(_, row)| row)
    }

    /// The chosen row with its place among all rows.
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
        if self.filter.chars().count() < 60 && super::lines::is_shown(c) {
            self.filter.push(c);
            self.chosen = 0;
        }
    }

    /// Takes back the last character, or all of them.
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
