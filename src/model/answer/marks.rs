//! The published measurements of the machines on the screen.

use super::{Answer, Answers};
use crate::model::catalog::Catalog;
use crate::model::facts::{Measurement, Test};

/// Longest context that counts as short: up to it, the cache is small beside the weights. Tokens.
const SHORT_CONTEXT: f64 = 8192.0;

impl<'c> Answers<'c> {
    /// Finds the published measurements of all answers. Answering leaves this out, because only screens show them.
    pub fn mark(&mut self, catalog: &'c Catalog) {
        let context = self.load.context;
        let one_stream = self.load.concurrency <= 1.0;
        let marks = |answer: &Answer<'c>| {
            if one_stream { measured_on(catalog, answer, context) } else { Vec::new() }
        };
        self.marks = self.machines.iter().map(marks).collect();
    }
}

/// Returns the measurements of one stream's decode on this machine with this model and format at a comparable context,
/// by any runtime. Those with drafts and suspect ones are left out.
#[must_use]
pub fn measured_on<'c>(catalog: &'c Catalog, answer: &Answer<'_>, context: f64) -> Vec<&'c Measurement> {
    let alike = |measured: f64| {
        (measured <= SHORT_CONTEXT && context <= SHORT_CONTEXT) || (measured / context).max(context / measured) <= 2.0
    };
    let same = |m: &&Measurement| {
        m.format == answer.format.id
            && m.test == Test::Decode
            && m.concurrency <= 1.0
            && !m.speculative
            && m.suspect.is_empty()
            && alike(m.context.unwrap_or(0.0))
    };
    let mut rows = catalog.measurements_of(&answer.machine.id, &answer.model.id);
    rows.retain(same);
    rows
}
