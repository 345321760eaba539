//! A number with where it comes from.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Date;

/// The basis of a number, best first: a figure is as good as the worst of its inputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Basis {
    /// Set by the user.
    Setting,
    /// Stated by its maker or seller.
    Vendor,
    /// Observed and published.
    Measured,
    /// Computed from other facts.
    Derived,
    /// Taken as given without evidence.
    Assumed,
    /// Sources disagree: the fact carries the range.
    Contested,
}

impl Basis {
    /// Returns the word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Basis::Setting => "setting",
            Basis::Vendor => "vendor",
            Basis::Measured => "measured",
            Basis::Derived => "derived",
            Basis::Assumed => "assumed",
            Basis::Contested => "contested",
        }
    }
}

/// Ids of sources. The facts of an entry share its own.
pub type Sources = Arc<[String]>;

pub(super) fn is_empty(sources: &Sources) -> bool {
    sources.is_empty()
}

/// A sourced number. In a file, an empty `source` or missing `date` means: that of the entry it stands in;
/// the catalog fills both in when it loads, so that every fact in memory knows its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// The value, in the unit that the field's name states.
    pub value: f64,
    /// The basis it is known on.
    pub basis: Basis,
    /// Lowest value that a source states; contested facts must have it or `high`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// Highest value that a source states.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
    /// Ids of the sources that state it.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub source: Sources,
    /// The date on which it was stated or observed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// A remark for the reader.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl Fact {
    /// Returns an assumption of the user, such as a what-if.
    #[must_use]
    pub fn assumed(value: f64, note: &str) -> Self {
        Self {
            value,
            basis: Basis::Assumed,
            low: None,
            high: None,
            source: Sources::default(),
            date: None,
            note: note.to_owned(),
        }
    }
}

/// Returns true if an address leads to the web: http or https.
#[must_use]
pub fn is_web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

/// A publication, measurement or page that facts cite.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Identifier used by facts.
    pub id: String,
    /// Its title, as one would cite it.
    pub title: String,
    /// The date on which it was published or read.
    pub date: Date,
    /// Its address, http or https, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}
