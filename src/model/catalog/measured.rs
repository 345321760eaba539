//! Measurements and their sources: the largest part of the catalog, parsed when it is first asked for.

use std::sync::OnceLock;

use super::built_in;
use super::entry::merge;
use super::file::CatalogFile;
use crate::model::facts::{Measurement, Source};

/// The measurements of a catalog: the built-in ones and, laid over them, those of the user's files.
#[derive(Clone, Debug, Default)]
pub(super) struct Measured {
    with_built_in: bool,
    /// From the user's files.
    pub own: Vec<Measurement>,
    merged: OnceLock<Vec<Measurement>>,
}

impl Measured {
    /// The built-in ones.
    pub fn built_in() -> Self {
        Self { with_built_in: true, ..Self::default() }
    }

    /// Discards the merged list, to be called when `own` changes.
    pub fn invalidate(&mut self) {
        self.merged = OnceLock::new();
    }

    /// Sources that only the built-in measurements cite.
    pub fn sources(&self) -> &[Source] {
        if self.with_built_in { &built_in::measurements().sources } else { &[] }
    }

    /// The built-in measurements of set-ups, and their sources.
    pub fn setups(&self) -> Option<&'static CatalogFile> {
        self.with_built_in.then(built_in::setup_measurements)
    }

    /// The built-in measurements with the user's own over them.
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
