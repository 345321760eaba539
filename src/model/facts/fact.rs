//! A number with its basis, source and date.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Date;

/// The basis of a number, best first: a figure has the worst basis among its inputs.
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
    /// Assumed without evidence.
    Assumed,
    /// Disputed by sources: the fact carries their range.
    Contested,
}

impl Basis {
    /// Returns the basis as a word.
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

/// Ids of sources. Facts without sources share the allocation of their entry.
pub type Sources = Arc<[String]>;

pub(super) fn is_empty(sources: &Sources) -> bool {
    sources.is_empty()
}

/// A sourced number. In a file, an empty `source` or a missing `date` means that of the entry; the catalog fills both
/// in when it loads, so every fact in memory has its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// The value, in the unit that the field's name states.
    pub value: f64,
    /// The basis of the value.
    pub basis: Basis,
    /// Lowest value that a source states; a contested fact must have `low` or `high`.
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
    /// Returns an assumption of the user, as for a what-if.
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

/// Returns true if an address begins with `http://` or `https://`.
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
    /// Title, as in a citation.
    pub title: String,
    /// The date on which it was published or read.
    pub date: Date,
    /// Address, http or https, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}
