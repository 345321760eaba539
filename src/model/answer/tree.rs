//! A trace as a tree of lines: below each number the numbers that it is computed from, down to facts and settings.

use std::collections::HashSet;

use super::Explanation;
use crate::model::catalog::Catalog;
use crate::model::estimate::trace::{How, NodeId, Origin};

/// One number of a tree.
#[derive(Clone, Debug, PartialEq)]
pub struct Branch {
    /// Depth below the figure, 0 for the figure.
    pub depth: usize,
    /// Its label.
    pub label: String,
    /// Its value.
    pub value: String,
    /// Its basis.
    pub basis: String,
    /// The formula with names and with values, or the origin of the number.
    pub about: Vec<String>,
    /// The fact or setting that it comes from; `None` if it is computed.
    pub from: Option<From>,
    /// True if the number was explained in a line above, so that this line only names it.
    pub above: bool,
}

/// The origin of a number that is not computed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum From {
    /// A knob by its id, or `what-if`.
    Knob(&'static str),
    /// An entry of the catalog, with its sources.
    Entry {
        /// The entry's id.
        id: String,
        /// Ids of its sources.
        sources: Vec<String>,
    },
}

/// Returns the tree of a figure, from the figure down. A number that was explained above is only named again, and a
/// part that the model does not have is left out.
#[must_use]
pub fn tree(catalog: &Catalog, explanation: &Explanation<'_>) -> Vec<Branch> {
    let mut walk = Walk { catalog, explanation, seen: HashSet::new(), branches: Vec::new() };
    walk.node(explanation.root, 0);
    walk.branches
}

struct Walk<'w, 'a> {
    catalog: &'w Catalog,
    explanation: &'w Explanation<'a>,
    seen: HashSet<NodeId>,
    branches: Vec<Branch>,
}

impl Walk<'_, '_> {
    fn node(&mut self, id: NodeId, depth: usize) {
        let trace = &self.explanation.trace;
        let Some(node) = trace.node(id) else { return };
        let value = if id == self.explanation.root { self.explanation.value() } else { trace.amount(id) };
        let branch = Branch {
            depth,
            label: node.label.to_owned(),
            value,
            basis: trace.basis_words(id),
            about: Vec::new(),
            from: None,
            above: false,
        };
        match &node.how {
            How::Leaf(origin) => {
                let from = match origin {
                    Origin::Setting(knob) => From::Knob(knob),
                    Origin::Cited { entry, source, .. } => {
                        From::Entry { id: (*entry).to_owned(), sources: source.to_vec() }
                    }
                };
                let about = vec![origin_words(self.catalog, origin)];
                self.branches.push(Branch { about, from: Some(from), ..branch });
            }
            How::Step { .. } if !self.seen.insert(id) => self.branches.push(Branch { above: true, ..branch }),
            How::Step { rule, inputs } => {
                let about = vec![
                    format!("= {}", trace.symbolic(id)),
                    format!("= {}   [{}]", trace.expression(id), rule.source()),
                ];
                self.branches.push(Branch { about, ..branch });
                for input in inputs.iter().filter(|input| !trace.is_absent(**input)) {
                    self.node(*input, depth + 1);
                }
            }
        }
    }
}

/// Returns the origin of an input in words.
#[must_use]
pub fn origin_words(catalog: &Catalog, origin: &Origin<'_>) -> String {
    match origin {
        Origin::Setting(knob) => format!("knob {knob}"),
        Origin::Cited { entry, source, date, note } => {
            let named = |id: &String| catalog.source(id).map_or_else(|| id.clone(), |source| source.title.clone());
            let sources: Vec<String> = source.iter().take(2).map(named).collect();
            let more = source.len().saturating_sub(2);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let date = date.map_or(String::new(), |date| format!(" ({date})"));
            let note = if note.is_empty() { String::new() } else { format!(" · {note}") };
            let cited = if sources.is_empty() { "no source".to_owned() } else { sources.join("; ") };
            format!("{entry}: {cited}{more}{date}{note}")
        }
    }
}
