//! Measurements and their sources, read when they are first asked for: they are most of the catalog's text.

use std::sync::OnceLock;

use super::built_in::Asset;
use super::entry::merge;
use super::file::CatalogFile;
use crate::ron_file;
use crate::spec::{Measurement, Source};

/// Measurements with the sources that only they cite.
#[derive(Clone, Debug, Default)]
struct Rows {
    sources: Vec<Source>,
    measurements: Vec<Measurement>,
}

/// The measurements of a catalog: a text that was not read yet, and what a person's files add.
#[derive(Clone, Debug, Default)]
pub(super) struct Measured {
    asset: Option<Asset>,
    /// From a person's files.
    pub own: Vec<Measurement>,
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

    /// Whether a built-in measurement has this id.
    pub fn is_built_in(&self, id: &str) -> bool {
        self.built_in().measurements.iter().any(|row| row.id == id)
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
