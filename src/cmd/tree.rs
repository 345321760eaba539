//! The trace of a figure as a tree: formulas with live values down to facts with their sources.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::model::answer::{Explanation, origin_words};
use crate::model::catalog::Catalog;
use crate::model::estimate::trace::{How, NodeId, Origin};

/// Returns the lines of the tree below a figure. A number that occurs again is only named the second time.
pub(super) fn lines(catalog: &Catalog, explanation: &Explanation<'_>) -> Vec<String> {
    let mut walk = Walk { catalog, explanation, seen: HashSet::new(), lines: Vec::new() };
    walk.node(explanation.root, "", "");
    walk.lines
}

struct Walk<'w, 'a> {
    catalog: &'w Catalog,
    explanation: &'w Explanation<'a>,
    seen: HashSet<NodeId>,
    lines: Vec<String>,
}

impl Walk<'_, '_> {
    fn node(&mut self, id: NodeId, first: &str, rest: &str) {
        let trace = &self.explanation.trace;
        let Some(node) = trace.node(id) else { return };
        let value = if id == self.explanation.root { self.explanation.value() } else { trace.amount(id) };
        match &node.how {
            How::Leaf(origin) => {
                let origin = origin_words(self.catalog, origin);
                self.lines.push(format!("{first}{} = {value} · {} · {origin}", node.label, node.basis.word()));
            }
            How::Step { .. } if !self.seen.insert(id) => {
                self.lines.push(format!("{first}{} = {value} (above)", node.label));
            }
            How::Step { rule, inputs } => {
                self.lines.push(format!("{first}{} = {value} · {}", node.label, trace.basis_words(id)));
                self.lines.push(format!("{rest}  = {}", trace.symbolic(id)));
                self.lines.push(format!("{rest}  = {}   [{}]", trace.expression(id), rule.source()));
                let shown: Vec<NodeId> = inputs.iter().copied().filter(|input| !trace.is_absent(*input)).collect();
                for (place, input) in shown.iter().enumerate() {
                    let last = place + 1 == shown.len();
                    let (branch, below) = if last { ("└ ", "  ") } else { ("├ ", "│ ") };
                    self.node(*input, &format!("{rest}{branch}"), &format!("{rest}{below}"));
                }
            }
        }
    }
}

/// Returns the tree as JSON: each node has a label, a value in base units, a text, a basis, and inputs or an origin.
pub(super) fn json(explanation: &Explanation<'_>, id: NodeId) -> Value {
    let trace = &explanation.trace;
    let Some(node) = trace.node(id) else { return Value::Null };
    let mut value = json!({
        "label": node.label,
        "value": crate::cmd::exporters::number(node.value),
        "text": trace.amount(id),
        "basis": node.basis.word(),
    });
    let more = match &node.how {
        How::Leaf(Origin::Setting(knob)) => json!({"knob": knob}),
        How::Leaf(Origin::Cited { entry, source, date, note }) => {
            json!({"entry": entry, "sources": source, "date": date.map(|d| d.to_string()), "note": note})
        }
        How::Step { rule, inputs } => json!({
            "formula": trace.symbolic(id),
            "live": trace.expression(id),
            "formula_source": rule.source(),
            "inputs": inputs.iter().map(|input| json(explanation, *input)).collect::<Vec<_>>(),
        }),
    };
    if let (Value::Object(value), Value::Object(more)) = (&mut value, more) {
        value.extend(more);
    }
    value
}
