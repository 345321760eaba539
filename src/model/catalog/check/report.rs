//! Collecting problems, each with its entry and field.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::ops::RangeInclusive;

use crate::model::catalog::Catalog;
use crate::model::units::{Amount, Unit};

/// A problem with one entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Name of the list in a catalog file.
    pub list: &'static str,
    /// Id of the entry.
    pub id: String,
    /// Name of the field.
    pub field: String,
    /// Sentence on the problem and on a correct value.
    pub what: String,
    needle: Option<String>,
}

impl Problem {
    /// Returns the text by which the place in the file is found.
    pub(in crate::model::catalog) fn needle(&self) -> &str {
        self.needle.as_deref().unwrap_or(&self.id)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} \"{}\": {}: {}", self.list, shortened(&self.id), self.field, self.what)
    }
}

/// The problems found so far.
#[derive(Default)]
pub(super) struct Found {
    pub problems: Vec<Problem>,
}

impl Found {
    /// Returns the entry with this id for checks that record their problems here.
    pub fn entry<'f>(&'f mut self, list: &'static str, id: &'f str) -> Checked<'f> {
        Checked { found: self, list, id }
    }
}

/// An entry that is being checked.
pub(super) struct Checked<'f> {
    found: &'f mut Found,
    list: &'static str,
    id: &'f str,
}

/// The range of absolute values that a fact can have.
const SANE: RangeInclusive<f64> = 1e-15..=1e15;

impl Checked<'_> {
    /// Records a problem with `field` unless the rule holds.
    pub fn require(&mut self, holds: bool, field: &str, what: impl FnOnce() -> String) {
        if !holds {
            self.add(field, what(), None);
        }
    }

    /// Records a problem with the `id` in `field` unless it is `known`.
    pub fn require_known(&mut self, known: bool, field: &str, id: &str) {
        if !known {
            self.add(field, format!("\"{}\" is not in the catalog", shortened(id)), Some(id.to_owned()));
        }
    }

    /// Records a problem with a value that is not above zero, not finite, or outside of [`SANE`].
    pub fn require_positive(&mut self, field: &str, value: f64) {
        self.require(value > 0.0 && value.is_finite(), field, || format!("{} is not above zero", number(value)));
        self.require_sane(field, value);
    }

    /// Records a problem with a value outside of [`SANE`]: figures computed from it might not be finite.
    pub fn require_sane(&mut self, field: &str, value: f64) {
        let sane = value == 0.0 || !value.is_finite() || SANE.contains(&value.abs());
        self.require(sane, field, || format!("{value:e} is not between {:e} and {:e}", SANE.start(), SANE.end()));
    }

    fn add(&mut self, field: &str, what: String, needle: Option<String>) {
        let (id, field) = (self.id.to_owned(), field.to_owned());
        self.found.problems.push(Problem { list: self.list, id, field, what, needle });
    }
}

/// Returns a name, shortened if it is too long for a sentence.
fn shortened(name: &str) -> Cow<'_, str> {
    const LONGEST: usize = 200;
    match name.char_indices().nth(LONGEST) {
        Some((end, _)) => Cow::Owned(format!("{}…", &name[..end])),
        None => Cow::Borrowed(name),
    }
}

/// A catalog that is being checked.
pub(super) struct Report<'c> {
    pub catalog: &'c Catalog,
    pub found: Found,
    sources: HashSet<&'c str>,
}

impl<'c> Report<'c> {
    pub fn new(catalog: &'c Catalog) -> Self {
        let sources = catalog.sources.iter().map(|source| source.id.as_str()).collect();
        Self { catalog, found: Found::default(), sources }
    }

    /// Records problems with the sources that `field` of an entry names.
    pub fn require_sources(&mut self, (list, id): (&'static str, &str), field: &str, sources: &[String]) {
        let mut entry = self.found.entry(list, id);
        entry.require(!sources.is_empty(), field, || "names no source; cite one, or \"not-recorded\"".to_owned());
        for source in sources {
            let known = self.sources.contains(source.as_str()) || self.catalog.source(source).is_some();
            entry.require_known(known, field, source);
        }
    }
}

/// Returns a number as an exact amount.
pub(super) fn number(value: f64) -> String {
    Amount::exact(value, Unit::Count).to_string()
}
