//! Differences between two scenarios, in the words of the knobs.

use serde::Serialize;

use crate::model::catalog::Catalog;

use super::Scenario;
use super::knob::KNOBS;

/// One thing that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The knob's label, or the name of the field where no knob turns it.
    pub what: &'static str,
    /// The value in the one scenario.
    pub from: String,
    /// The value in the other.
    pub to: String,
}

impl Scenario {
    /// Returns the differences from `self` to `other`; titles, notes and saved results do not count.
    #[must_use]
    pub fn diff(&self, other: &Self, catalog: &Catalog) -> Vec<Difference> {
        let mut rows = Vec::new();
        for knob in KNOBS {
            let (from, to) = (knob.read(self, catalog), knob.read(other, catalog));
            if from.typed != to.typed {
                // Texts are rounded: where they cannot tell the two apart, what is typed can.
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
