//! The tree of formulas behind one figure of one answer.

use super::{Answer, NoAnswer};
use crate::catalog::Catalog;
use crate::estimate;
use crate::estimate::figures::Figure;
use crate::estimate::trace::{How, Node, NodeId, Origin, Trace};
use crate::scenario::Scenario;
use crate::spec::Basis;
use crate::units::{Amount, Digits};

/// A figure with everything it was computed from.
pub struct Explanation<'a> {
    /// The figure.
    pub figure: &'static Figure,
    /// The run that computed it.
    pub trace: Trace<'a>,
    /// The figure's number in the trace.
    pub root: NodeId,
    /// Digits that the figure's band supports; `None` where it has no band.
    digits: Option<Digits>,
}

/// Explains `figure` of `answer`; `None` where the figure does not apply, such as a speed of what does not fit.
///
/// # Errors
/// [`NoAnswer`] where the catalog lacks what every estimate needs.
pub fn explain<'a>(
    catalog: &'a Catalog,
    scenario: &Scenario,
    answer: &'a Answer<'_>,
    figure: &'static Figure,
) -> Result<Option<Explanation<'a>>, NoAnswer> {
    let case = answer.case(catalog, scenario)?;
    let (numbers, trace) = estimate::explain(&case);
    let value = |id| trace.node(id).map_or(f64::NAN, |node| node.value);
    let digits = figure.band(&numbers).map(|(low, high)| Digits::for_band(value(low), value(high)));
    Ok(figure.of(&numbers).map(|root| Explanation { figure, trace, root, digits }))
}

impl Explanation<'_> {
    /// The figure's value, with the digits that its band supports.
    #[must_use]
    pub fn value(&self) -> String {
        match (self.digits, self.trace.node(self.root)) {
            (Some(digits), Some(node)) => Amount::new(node.value, node.unit, digits).to_string(),
            _ => self.trace.amount(self.root),
        }
    }

    /// The figure with its formula: `decode ceiling = 273 GB/s ÷ 43.3 GB/token = 6.31 tok/s`.
    #[must_use]
    pub fn equation(&self) -> String {
        let Some(node) = self.trace.node(self.root) else { return String::new() };
        let value = self.value();
        match node.how {
            How::Leaf(_) => format!("{} = {value}", node.label),
            How::Step { .. } => format!("{} = {} = {value}", node.label, self.trace.opened(self.root)),
        }
    }

    /// How it is known: `vendor spec`, or `derived from vendor spec, measured efficiency`.
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

    /// One line: equation and basis.
    #[must_use]
    pub fn line(&self) -> String {
        format!("{} · {}", self.equation(), self.basis())
    }
}

/// How an input is known and what kind of thing it is; `None` for the person's settings and for what is itself derived.
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
