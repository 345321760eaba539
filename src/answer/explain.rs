//! The tree of formulas behind one figure of one answer.

use super::{Answer, NoAnswer};
use crate::catalog::Catalog;
use crate::estimate;
use crate::estimate::figures::Figure;
use crate::estimate::trace::{NodeId, Trace};
use crate::scenario::Scenario;

/// A figure with everything it was computed from.
pub struct Explanation<'a> {
    /// The figure.
    pub figure: &'static Figure,
    /// The run that computed it.
    pub trace: Trace<'a>,
    /// The figure's number in the trace.
    pub root: NodeId,
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
    Ok(figure.of(&numbers).map(|root| Explanation { figure, trace, root }))
}

impl Explanation<'_> {
    /// One line: `decode ceiling = 273 GB/s ÷ 43.3 GB/token = 6.31 tok/s · derived from vendor spec`.
    #[must_use]
    pub fn line(&self) -> String {
        let Some(node) = self.trace.node(self.root) else { return String::new() };
        let (value, expression) = (self.trace.amount(self.root), self.trace.expression(self.root));
        let basis = self.trace.basis_words(self.root).replace("vendor", "vendor spec");
        if expression == value {
            format!("{} = {value} · {basis}", node.label)
        } else {
            format!("{} = {expression} = {value} · {basis}", node.label)
        }
    }
}
