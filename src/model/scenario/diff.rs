//! The differences between two scenarios, in the words of the knobs.

use serde::Serialize;

use crate::model::catalog::Catalog;

use super::Scenario;
use super::knob::KNOBS;

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The knob's label, or the field's name if it has no knob.
    pub what: &'static str,
    /// The value in the first scenario.
    pub from: String,
    /// The value in the second scenario.
    pub to: String,
}

impl Scenario {
    /// Returns the differences from `self` to `other`, without titles, notes and saved results.
    #[must_use]
    pub fn diff(&self, other: &Self, catalog: &Catalog) -> Vec<Difference> {
        let mut rows = Vec::new();
        for knob in KNOBS {
            let (from, to) = (knob.read(self, catalog), knob.read(other, catalog));
            if from.typed != to.typed {
                // Texts are rounded; if they are equal, the exact typed values show the difference.
                let (from, to) = if from.text == to.text { (from.typed, to.typed) } else { (from.text, to.text) };
                rows.push(Difference { what: knob.label, from, to });
            }
        }
        rows.extend(field("Expected", &self.expect, &other.expect));
        rows
    }
}

fn field<T: Serialize + PartialEq>(what: &'static str, from: &T, to: &T) -> Option<Difference> {
    let text = |value: &T| match ron::to_string(value) {
        Ok(text) if !matches!(text.as_str(), "{}" | "None") => text,
        _ => "none".into(),
    };
    (from != to).then(|| Difference { what, from: text(from), to: text(to) })
}
