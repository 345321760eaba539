//! Measurements and their sources: the largest part of the catalog, parsed on first use.

use std::sync::OnceLock;

use super::built_in;
use super::entry::merge;
use super::file::CatalogFile;
use crate::model::facts::{Measurement, Source};

/// The measurements of a catalog: the built-in ones, overlaid with those of the user's files.
#[derive(Clone, Debug, Default)]
pub(super) struct Measured {
    with_built_in: bool,
    /// Measurements of the user's files.
    pub own: Vec<Measurement>,
    merged: OnceLock<Vec<Measurement>>,
}

impl Measured {
    /// Returns the built-in measurements.
    pub fn built_in() -> Self {
        Self { with_built_in: true, ..Self::default() }
    }

    /// Discards the merged list; the caller must do so when it changes `own`.
    pub fn invalidate(&mut self) {
        self.merged = OnceLock::new();
    }

    /// Returns the sources that only the built-in measurements cite.
    pub fn sources(&self) -> &[Source] {
        if self.with_built_in { &built_in::measurements().sources } else { &[] }
    }

    /// Returns the built-in measurements of set-ups with their sources; `None` if this catalog has none.
    pub fn setups(&self) -> Option<&'static CatalogFile> {
        self.with_built_in.then(built_in::setup_measurements)
    }

    /// Returns the built-in measurements, overlaid with the user's.
    pub fn all(&self) -> &[Measurement] {
        if self.own.is_empty() {
            return self.rows();
        }
        self.merged.get_or_init(|| {
            let mut all = self.rows().to_vec();
            merge(&mut all, self.own.clone());
            all
        })
    }

    /// Returns true if a built-in measurement has this id.
    pub fn is_built_in(&self, id: &str) -> bool {
        self.rows().iter().any(|row| row.id == id)
    }

    fn rows(&self) -> &[Measurement] {
        if self.with_built_in { &built_in::measurements().measurements } else { &[] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_own_row_replaces_the_built_in_one() {
        let built_in = Measured::built_in();
        let mut row = built_in.all()[0].clone();
        row.tok_s = 12.5;
        let measured = Measured { own: vec![row.clone()], ..Measured::built_in() };
        assert!(measured.all().contains(&row) && !measured.all().contains(&built_in.all()[0]));
        assert_eq!(measured.all().len(), built_in.all().len());
    }
}
