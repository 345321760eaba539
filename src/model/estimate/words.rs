//! Traces in words: formulas with values or with names, and the basis of a number.

use super::trace::{How, Node, NodeId, Origin, Rule, Trace};
use crate::model::facts::Basis;
use crate::model::units::{Amount, Digits, terms};

impl Trace<'_> {
    /// Returns the formula of a step with its values, such as `273 GB/s ÷ 43.3 GB/token`; for a leaf its value.
    #[must_use]
    pub fn expression(&self, id: NodeId) -> String {
        let Some((rule, inputs)) = self.step(id) else { return self.amount(id) };
        let mut kept = self.present_terms(rule, inputs);
        let nothing =
            |term: &&str| lone(term, inputs).and_then(|id| self.node(id)).is_some_and(|node| node.value == 0.0);
        if !kept.iter().all(nothing) {
            kept.retain(|term| !nothing(term));
        }
        fill(&kept.join(" + "), inputs, |input| self.amount(input))
    }

    /// Returns the formula of a step with the names of its inputs, without the terms that the model does not have.
    #[must_use]
    pub fn symbolic(&self, id: NodeId) -> String {
        let Some((rule, inputs)) = self.step(id) else { return String::new() };
        let name = |input| self.node(input).map_or("?", |node| node.label).to_owned();
        fill(&self.present_terms(rule, inputs).join(" + "), inputs, name)
    }

    /// Returns the expression of a step with the sum that it takes as its only input written out, such as `1 ÷ (199 ms
    /// weights + 8 ms caches + 3 ms overhead)`; each part is named by the last word of its label. Returns the plain
    /// expression for other steps.
    #[must_use]
    pub fn opened(&self, id: NodeId) -> String {
        self.opened_sum(id).unwrap_or_else(|| self.expression(id))
    }

    fn opened_sum(&self, id: NodeId) -> Option<String> {
        let (rule, inputs) = self.step(id)?;
        let [sum] = inputs else { return None };
        let (parts_rule, parts) = self.step(*sum)?;
        let parts: Option<Vec<NodeId>> = parts_rule.text().split(" + ").map(|term| lone(term, parts)).collect();
        let parts: Vec<&Node<'_>> = parts?.iter().filter_map(|part| self.node(*part)).collect();
        let parts: Vec<&Node<'_>> = parts.into_iter().filter(|part| part.value != 0.0).collect();
        let values: Vec<f64> = parts.iter().map(|part| part.value).collect();
        let name = |part: &Node<'_>| part.label.rsplit(' ').next().unwrap_or_default();
        let named = terms(&values, self.node(*sum)?.unit).into_iter().zip(&parts);
        let named: Vec<String> = named.map(|(amount, part)| format!("{amount} {}", name(part))).collect();
        (named.len() > 1).then(|| rule.text().replace("{0}", &format!("({})", named.join(" + "))))
    }

    /// Returns true if a number is a catalog's zero: a part that this model does not have.
    #[must_use]
    pub fn is_absent(&self, id: NodeId) -> bool {
        self.node(id).is_some_and(|node| node.value == 0.0 && matches!(node.how, How::Leaf(Origin::Cited { .. })))
    }

    /// Returns the value of a node as text: facts and settings as given, results with three digits.
    #[must_use]
    pub fn amount(&self, id: NodeId) -> String {
        let Some(node) = self.node(id) else { return String::new() };
        let digits = match node.how {
            How::Leaf(_) => Digits::Exact,
            How::Step { .. } => Digits::Significant(3),
        };
        Amount::new(node.value, node.unit, digits).to_string()
    }

    /// Returns the basis of a node in words: `vendor`, or `derived from vendor, measured`.
    #[must_use]
    pub fn basis_words(&self, id: NodeId) -> String {
        let Some(node) = self.node(id) else { return String::new() };
        if matches!(node.how, How::Leaf(_)) {
            return node.basis.word().to_owned();
        }
        let mut bases: Vec<Basis> =
            self.leaves(id).iter().filter_map(|leaf| self.node(*leaf)).map(|leaf| leaf.basis).collect();
        bases.sort_unstable();
        bases.dedup();
        bases.retain(|basis| !matches!(basis, Basis::Setting | Basis::Derived));
        match bases.as_slice() {
            [] => "derived".to_owned(),
            bases => format!("derived from {}", bases.iter().map(|b| b.word()).collect::<Vec<_>>().join(", ")),
        }
    }

    fn step(&self, id: NodeId) -> Option<(&'static dyn Rule, &[NodeId])> {
        match &self.node(id)?.how {
            How::Step { rule, inputs } => Some((*rule, inputs)),
            How::Leaf(_) => None,
        }
    }

    /// Returns the terms of a formula that is a sum, without those that the model does not have; all terms if it is not
    /// a plain sum or none would be left.
    fn present_terms(&self, rule: &'static dyn Rule, inputs: &[NodeId]) -> Vec<&'static str> {
        let terms: Vec<&str> = rule.text().split(" + ").collect();
        let balanced = |term: &&str| term.matches('(').count() == term.matches(')').count();
        let absent = |term: &&str| {
            let stands = |place: usize| term.contains(&format!("{{{place}}}"));
            inputs.iter().enumerate().any(|(place, input)| stands(place) && self.is_absent(*input))
        };
        if !terms.iter().all(balanced) || terms.iter().all(absent) {
            return terms;
        }
        terms.into_iter().filter(|term| !absent(term)).collect()
    }
}

/// Writes a word for each input in place of its placeholder.
fn fill(text: &str, inputs: &[NodeId], word: impl Fn(NodeId) -> String) -> String {
    let mut text = text.to_owned();
    for (place, input) in inputs.iter().enumerate() {
        text = text.replace(&format!("{{{place}}}"), &word(*input));
    }
    text
}

/// Returns the input that a term consists of; `None` if the term is more than a placeholder.
fn lone(term: &str, inputs: &[NodeId]) -> Option<NodeId> {
    let place: usize = term.strip_prefix('{')?.strip_suffix('}')?.parse().ok()?;
    inputs.get(place).copied()
}
