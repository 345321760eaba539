//! The tree of formulas behind one figure of one answer.

use super::{Answer, AnswerError, Figure};
use crate::model::catalog::Catalog;
use crate::model::estimate;
use crate::model::estimate::figures::Estimate;
use crate::model::estimate::trace::{How, Node, NodeId, Origin, Trace};
use crate::model::facts::Basis;
use crate::model::scenario::Scenario;
use crate::model::units::{Amount, Digits, Unit};

/// A figure with all the numbers that it was computed from.
pub struct Explanation<'a> {
    /// The figure.
    pub figure: &'static Figure,
    /// The trace of the run that computed it.
    pub trace: Trace<'a>,
    /// The node of the figure in the trace.
    pub root: NodeId,
    /// The estimate of that run, with nodes of the trace as numbers.
    numbers: Estimate<NodeId>,
    /// Digits that the figure's band supports; `None` if it has no band.
    digits: Option<Digits>,
}

/// Explains `figure` of `answer`; `None` if the figure does not apply, as a speed does not if the model does not fit.
///
/// # Errors
/// [`AnswerError`] if the catalog lacks a part that every estimate needs.
pub fn explain<'a>(
    catalog: &'a Catalog,
    scenario: &Scenario,
    answer: &'a Answer<'_>,
    figure: &'static Figure,
) -> Result<Option<Explanation<'a>>, AnswerError> {
    let case = answer.whole_case(catalog, scenario)?;
    let (numbers, trace) = estimate::explain(&case);
    let Some(root) = figure.of(&numbers) else { return Ok(None) };
    let mut explanation = Explanation { figure, trace, root, numbers, digits: None };
    Ok(explanation.turn_to(figure).then_some(explanation))
}

impl Explanation<'_> {
    /// Turns to another figure of the same run; returns false if it does not apply.
    pub fn turn_to(&mut self, figure: &'static Figure) -> bool {
        let Some(root) = figure.of(&self.numbers) else { return false };
        (self.figure, self.root) = (figure, root);
        self.digits = self.edges().map(|(low, high)| Digits::for_band(low, high));
        true
    }

    /// Returns the edges of the figure's band, or of the band of the speed that it is computed from.
    fn edges(&self) -> Option<(f64, f64)> {
        let value = |id| self.trace.node(id).map_or(f64::NAN, |node| node.value);
        self.figure.band(&self.numbers).map(|(low, high)| (value(low), value(high)))
    }

    /// Returns the figure's band in words, `42 to 68`; `None` if it has none in its unit or is an edge of one.
    #[must_use]
    pub fn band(&self) -> Option<String> {
        let (low, high) = self.figure.own_band(&self.numbers)?;
        let (root, low, high) = (self.trace.node(self.root)?, self.trace.node(low)?, self.trace.node(high)?);
        let amount = |value| Amount::new(value, root.unit, self.digits.unwrap_or(Digits::Significant(3)));
        // The unit of a time depends on its size, so each edge shows its own unit.
        let first = if root.unit == Unit::Seconds { amount(low.value).to_string() } else { amount(low.value).number() };
        Some(format!("{first} to {}", amount(high.value)))
    }

    /// Returns the ids of all sources of the figure, each once.
    #[must_use]
    pub fn sources(&self) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for leaf in self.trace.leaves(self.root) {
            let Some(How::Leaf(Origin::Cited { source, .. })) = self.trace.node(leaf).map(|node| &node.how) else {
                continue;
            };
            for id in *source {
                if !found.contains(id) {
                    found.push(id.clone());
                }
            }
        }
        found
    }

    /// Returns the figure's value, with the digits that its band supports.
    #[must_use]
    pub fn value(&self) -> String {
        match (self.digits, self.trace.node(self.root)) {
            (Some(digits), Some(node)) => Amount::new(node.value, node.unit, digits).to_string(),
            _ => self.trace.amount(self.root),
        }
    }

    /// Returns the figure with its formula: `decode ceiling = 273 GB/s ÷ 43.3 GB/token = 6.31 tok/s`.
    #[must_use]
    pub fn equation(&self) -> String {
        let Some(node) = self.trace.node(self.root) else { return String::new() };
        let value = self.value();
        match node.how {
            How::Leaf(_) => format!("{} = {value}", node.label),
            How::Step { .. } => format!("{} = {} = {value}", node.label, self.trace.opened(self.root)),
        }
    }

    /// Returns the basis in words: `vendor spec`, or `derived from vendor spec, measured efficiency`.
    #[must_use]
    pub fn basis(&self) -> String {
        let leaves = self.trace.leaves(self.root);
        let mut known: Vec<(Basis, String)> = leaves
            .iter()
            .filter_map(|leaf| self.trace.node(*leaf))
            .filter_map(|leaf| Some((leaf.basis, known(leaf)?)))
            .collect();
        known.sort();
        known.dedup();
        let words: Vec<String> = known.into_iter().map(|(_, words)| words).collect();
        match self.trace.node(self.root).map(|node| &node.how) {
            Some(How::Leaf(_)) => words.into_iter().next().unwrap_or_else(|| "derived".to_owned()),
            _ if words.is_empty() => "derived".to_owned(),
            _ => format!("derived from {}", words.join(", ")),
        }
    }

    /// Returns the equation and the basis in one line.
    #[must_use]
    pub fn line(&self) -> String {
        format!("{} · {}", self.equation(), self.basis())
    }
}

/// Returns the basis and kind of an input in words; `None` for settings and for derived inputs.
fn known(leaf: &Node<'_>) -> Option<String> {
    let noun = match (leaf.basis, &leaf.how) {
        (Basis::Setting | Basis::Derived, _) => return None,
        (Basis::Assumed, _) if leaf.label != "price" => return Some("assumptions".to_owned()),
        _ if leaf.label == "price" => "price",
        (Basis::Vendor, _) => "spec",
        (Basis::Measured, How::Leaf(Origin::Cited { entry: "efficiency", .. })) => "efficiency",
        (Basis::Measured, _) => return Some("measurements".to_owned()),
        _ => "facts",
    };
    Some(format!("{} {noun}", leaf.basis.word()))
}
