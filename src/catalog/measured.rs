//! Measurements and their sources: most of the catalog's text, read as far as somebody asks.
//!
//! All of it takes several times as long to read as the rest of the catalog. A screen needs the rows of a few machines
//! with one model; they are found by the layout of the built-in file and read alone.

use std::sync::OnceLock;

use super::built_in::Asset;
use super::entry::{Entry, merge};
use super::file::CatalogFile;
use crate::ron_file;
use crate::spec::{Measurement, Source};

/// Measurements with the sources that only they cite.
#[derive(Clone, Debug, Default)]
struct Rows {
    sources: Vec<Source>,
    measurements: Vec<Measurement>,
}

/// A row of the built-in file that may not have been read.
#[derive(Clone, Debug)]
struct Row {
    text: &'static str,
    machine: &'static str,
    model: &'static str,
    read: OnceLock<Option<Box<Measurement>>>,
}

/// The measurements of a catalog: a text that was not read yet, and what a person's files add.
#[derive(Clone, Debug, Default)]
pub(super) struct Measured {
    asset: Option<Asset>,
    /// From a person's files.
    pub own: Vec<Measurement>,
    rows: OnceLock<Vec<Row>>,
    built_in: OnceLock<Rows>,
    merged: OnceLock<Vec<Measurement>>,
}

impl Measured {
    pub fn new(asset: Asset) -> Self {
        Self { asset: Some(asset), ..Self::default() }
    }

    /// Forgets how the rows were put together, since others were added.
    pub fn forget(&mut self) {
        self.merged = OnceLock::new();
    }

    /// Sources that only the built-in measurements cite.
    pub fn sources(&self) -> &[Source] {
        &self.built_in().sources
    }

    /// The built-in measurements with the person's own over them.
    pub fn all(&self) -> &[Measurement] {
        if self.own.is_empty() {
            return &self.built_in().measurements;
        }
        self.merged.get_or_init(|| {
            let mut all = self.built_in().measurements.clone();
            merge(&mut all, self.own.clone());
            all
        })
    }

    /// The measurements of a machine with a model.
    pub fn of(&self, machine: &str, model: &str) -> Vec<&Measurement> {
        if self.is_read() {
            return self.all().iter().filter(|row| row.machine == machine && row.model == model).collect();
        }
        self.rows().iter().filter(|row| row.machine == machine && row.model == model).filter_map(Row::read).collect()
    }

    /// The measurements of a machine that metered power.
    pub fn metered(&self, machine: &str) -> Vec<&Measurement> {
        if self.is_read() {
            return self.all().iter().filter(|row| row.machine == machine && row.power_w.is_some()).collect();
        }
        let metered = |row: &&Row| row.machine == machine && row.text.contains("power_w: ");
        self.rows().iter().filter(metered).filter_map(Row::read).filter(|row| row.power_w.is_some()).collect()
    }

    /// Whether a built-in measurement has this id.
    pub fn is_built_in(&self, id: &str) -> bool {
        self.built_in().measurements.iter().any(|row| row.id == id)
    }

    /// Whether all rows are read, or must be, since a person's own may take the place of any.
    fn is_read(&self) -> bool {
        !self.own.is_empty() || self.built_in.get().is_some()
    }

    fn rows(&self) -> &[Row] {
        self.rows.get_or_init(|| self.asset.map_or_else(Vec::new, |(_, text)| rows(text)))
    }

    /// The built-in rows, read at the first call. A test holds that they can be read.
    fn built_in(&self) -> &Rows {
        self.built_in.get_or_init(|| {
            let read = |(name, text): Asset| ron_file::from_str::<CatalogFile>(name, text).unwrap_or_default();
            let CatalogFile { sources, measurements, .. } = self.asset.map(read).unwrap_or_default();
            Rows { sources, measurements }
        })
    }
}

/// The rows of the built-in file: each begins and ends on a line of its own and names machine and model before anything
/// that could hold such words. A test holds the file to it.
fn rows(text: &'static str) -> Vec<Row> {
    let list = text.split_once("measurements: [").map_or("", |(_, list)| list);
    let rows = list.split("\n        (\n").skip(1);
    rows.filter_map(|row| {
        let (text, _) = row.split_once("\n        )")?;
        let (_, rest) = text.split_once("machine: \"")?;
        let (machine, rest) = rest.split_once('"')?;
        let (_, rest) = rest.split_once("model: \"")?;
        let (model, _) = rest.split_once('"')?;
        Some(Row { text, machine, model, read: OnceLock::new() })
    })
    .collect()
}

impl Row {
    /// The row; `None` where it cannot be read, which a test rules out.
    fn read(&self) -> Option<&Measurement> {
        let read = || ron_file::from_str(Measurement::LIST, &format!("({})", self.text)).ok().map(Box::new);
        self.read.get_or_init(read).as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::built_in::MEASUREMENTS;

    #[test]
    fn a_row_that_is_read_alone_is_the_row_of_the_file() {
        let (alone, whole) = (Measured::new(MEASUREMENTS), Measured::new(MEASUREMENTS));
        let alone: Vec<&Measurement> = alone.rows().iter().filter_map(Row::read).collect();
        assert_eq!(alone, whole.all().iter().collect::<Vec<_>>());
        assert!(!alone.is_empty());
    }

    #[test]
    fn the_rows_asked_for_are_those_that_a_walk_over_all_finds() {
        let (lazy, read) = (Measured::new(MEASUREMENTS), Measured::new(MEASUREMENTS));
        for row in read.all() {
            assert_eq!(lazy.of(&row.machine, &row.model), read.of(&row.machine, &row.model));
            assert_eq!(lazy.metered(&row.machine), read.metered(&row.machine));
        }
        assert!(lazy.built_in.get().is_none(), "asking for some must not read all");
        assert!(read.all().iter().any(|row| !read.metered(&row.machine).is_empty()));
    }

    #[test]
    fn a_persons_own_row_takes_the_place_of_the_built_in_one() {
        let built_in = Measured::new(MEASUREMENTS);
        let mut row = built_in.all()[0].clone();
        row.tok_s = 12.5;
        let measured = Measured { own: vec![row.clone()], ..Measured::new(MEASUREMENTS) };
        let found = measured.of(&row.machine, &row.model);
        assert!(found.contains(&&row) && !found.contains(&&built_in.all()[0]));
    }
}
