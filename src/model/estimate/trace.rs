//! Numbers that are computed once and explained from the same computation.
//!
//! The estimate is written against a [`Tape`]. With [`Plain`] a number is an `f64` and nothing is recorded or allocated;
//! with [`Recorder`] the very same code leaves a [`Trace`]: every step with its formula, inputs and live values, down to
//! the facts and settings it rests on. So an explanation cannot drift from the figure it explains.

use crate::model::facts::{Basis, Date, Fact};
use crate::model::units::Unit;

/// An input's name and unit.
#[derive(Debug, PartialEq, Eq)]
pub struct Input {
    /// Name in formulas, lower case.
    pub label: &'static str,
    /// Unit.
    pub unit: Unit,
}

/// The origin of an input's value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Origin<'a> {
    /// A knob of the scenario, by the knob's id, or `what-if`, its assumptions in place of facts.
    Setting(&'static str),
    /// Sources, date and remark of a catalog entry; `entry` is its id.
    Cited {
        /// Id of the catalog entry.
        entry: &'a str,
        /// Ids of the sources.
        source: &'a [String],
        /// When it was stated.
        date: Option<Date>,
        /// A remark that a reader should know.
        note: &'a str,
    },
}

/// A value that the estimate starts from, in base units.
#[derive(Clone, Copy, Debug)]
pub struct Sourced<'a> {
    /// The value.
    pub value: f64,
    /// Its basis.
    pub basis: Basis,
    /// The setting or entry that it comes from.
    pub provenance: Provenance<'a>,
}

/// The source of an input's value. A case has a hundred inputs and most are never asked where they come from: what is
/// told of it is gathered when it is.
#[derive(Clone, Copy, Debug)]
pub enum Provenance<'a> {
    /// A knob of the scenario, by the knob's id, or `what-if`.
    Setting(&'static str),
    /// A fact, and the id of the catalog entry that it stands in.
    Fact(&'a Fact, &'a str),
    /// Anything else that can be cited.
    Cited(&'a dyn Cited),
}

/// A thing that can be cited as the origin of a value.
pub trait Cited: std::fmt::Debug + Sync {
    /// The citation.
    fn origin(&self) -> Origin<'_>;
}

impl<'a> Sourced<'a> {
    /// A setting of the scenario.
    #[must_use]
    pub fn setting(value: f64, knob: &'static str) -> Self {
        Self { value, basis: Basis::Setting, provenance: Provenance::Setting(knob) }
    }

    /// A fact of the catalog entry `entry`, times `scale` to reach base units.
    #[must_use]
    pub fn fact(fact: &'a Fact, entry: &'a str, scale: f64) -> Self {
        Self { value: fact.value * scale, basis: fact.basis, provenance: Provenance::Fact(fact, entry) }
    }

    /// Returns its origin. The catalog's facts have sources; one without is a what-if of the scenario.
    #[must_use]
    pub fn origin(&self) -> Origin<'a> {
        match self.provenance {
            Provenance::Setting(knob) => Origin::Setting(knob),
            Provenance::Fact(fact, _) if fact.source.is_empty() => Origin::Setting("what-if"),
            Provenance::Fact(fact, entry) => {
                Origin::Cited { entry, source: &fact.source, date: fact.date, note: &fact.note }
            }
            Provenance::Cited(entry) => entry.origin(),
        }
    }
}

/// A formula: text, arithmetic and a worked example in one place. `{0}`, `{1}` … in `text` stand for the inputs.
pub struct Formula<const N: usize> {
    /// Name of the result, lower case.
    pub label: &'static str,
    /// Unit of the result.
    pub unit: Unit,
    /// The formula with placeholders.
    pub text: &'static str,
    /// Source of the formula.
    pub source: &'static str,
    /// The arithmetic, in base units.
    pub eval: fn([f64; N]) -> f64,
    /// Inputs and result of a worked example, checked by a test.
    pub example: ([f64; N], f64),
}

/// A [`Formula`] of any number of inputs.
pub trait Rule: Sync {
    /// Returns the name of the result.
    fn label(&self) -> &'static str;
    /// Unit of the result.
    fn unit(&self) -> Unit;
    /// The formula with placeholders.
    fn text(&self) -> &'static str;
    /// Returns the source of the formula.
    fn source(&self) -> &'static str;
    /// The result for `inputs`; not a number where their count is wrong.
    fn eval(&self, inputs: &[f64]) -> f64;
    /// Inputs and result of the worked example.
    fn example(&self) -> (&[f64], f64);
}

impl<const N: usize> Rule for Formula<N> {
    fn label(&self) -> &'static str {
        self.label
    }
    fn unit(&self) -> Unit {
        self.unit
    }
    fn text(&self) -> &'static str {
        self.text
    }
    fn source(&self) -> &'static str {
        self.source
    }
    fn eval(&self, inputs: &[f64]) -> f64 {
        <[f64; N]>::try_from(inputs).map_or(f64::NAN, self.eval)
    }
    fn example(&self) -> (&[f64], f64) {
        (&self.example.0, self.example.1)
    }
}

/// A tape that the estimate computes on.
pub trait Tape<'a> {
    /// A number on this tape.
    type Num: Copy;

    /// Takes an input.
    fn leaf(&mut self, input: &'static Input, known: Sourced<'a>) -> Self::Num;

    /// Applies a formula, showing the result in `unit` instead of the formula's own.
    fn step_in<const N: usize>(
        &mut self,
        formula: &'static Formula<N>,
        unit: Unit,
        inputs: [Self::Num; N],
    ) -> Self::Num;

    /// The value of a number.
    fn value(&self, number: Self::Num) -> f64;

    /// Applies a formula.
    fn step<const N: usize>(&mut self, formula: &'static Formula<N>, inputs: [Self::Num; N]) -> Self::Num {
        self.step_in(formula, formula.unit, inputs)
    }

    /// The smaller of two numbers, as it is: the larger one leaves no trace because nothing depends on it.
    fn smaller(&self, a: Self::Num, b: Self::Num) -> Self::Num {
        if self.value(b) < self.value(a) { b } else { a }
    }
}

/// Computes, and records nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Plain;

impl<'a> Tape<'a> for Plain {
    type Num = f64;

    #[inline]
    fn leaf(&mut self, _: &'static Input, known: Sourced<'a>) -> f64 {
        known.value
    }

    #[inline]
    fn step_in<const N: usize>(&mut self, formula: &'static Formula<N>, _: Unit, inputs: [f64; N]) -> f64 {
        (formula.eval)(inputs)
    }

    #[inline]
    fn value(&self, number: f64) -> f64 {
        number
    }
}

/// A number in a [`Trace`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NodeId(usize);

/// One number of a trace.
#[derive(Clone)]
pub struct Node<'a> {
    /// Its name, lower case.
    pub label: &'static str,
    /// Unit it is shown in.
    pub unit: Unit,
    /// Value in base units.
    pub value: f64,
    /// Its basis: the worst among its inputs, at best derived.
    pub basis: Basis,
    /// Fact, setting or step.
    pub how: How<'a>,
}

/// The way in which a node got its value.
#[derive(Clone)]
pub enum How<'a> {
    /// Taken from outside.
    Leaf(Origin<'a>),
    /// Computed from other nodes.
    Step {
        /// The formula.
        rule: &'static dyn Rule,
        /// Its inputs, in the order of the placeholders.
        inputs: Vec<NodeId>,
    },
}

/// Everything one run of the estimate did. Nodes come after their inputs.
#[derive(Clone, Default)]
pub struct Trace<'a> {
    nodes: Vec<Node<'a>>,
}

impl<'a> Trace<'a> {
    /// The node of a number that this trace's run returned.
    #[must_use]
    pub fn node(&self, id: NodeId) -> Option<&Node<'a>> {
        self.nodes.get(id.0)
    }

    /// Leaves that `root` depends on, each once, in the order they were taken.
    #[must_use]
    pub fn leaves(&self, root: NodeId) -> Vec<NodeId> {
        let mut used = vec![false; self.nodes.len()];
        if let Some(flag) = used.get_mut(root.0) {
            *flag = true;
        }
        let mut leaves = Vec::new();
        for (at, node) in self.nodes.iter().enumerate().rev() {
            if used.get(at) != Some(&true) {
                continue;
            }
            match &node.how {
                How::Leaf(_) => leaves.push(NodeId(at)),
                How::Step { inputs, .. } => {
                    for input in inputs {
                        if let Some(flag) = used.get_mut(input.0) {
                            *flag = true;
                        }
                    }
                }
            }
        }
        leaves.reverse();
        leaves
    }

    /// The value of `root` if `leaf` had the value `changed`, all recorded choices kept.
    #[must_use]
    pub fn with_leaf(&self, root: NodeId, leaf: NodeId, changed: f64) -> f64 {
        let mut values: Vec<f64> = self.nodes.iter().map(|node| node.value).collect();
        for (at, node) in self.nodes.iter().enumerate() {
            let new = match &node.how {
                How::Leaf(_) if at == leaf.0 => changed,
                How::Leaf(_) => continue,
                How::Step { rule, inputs } => {
                    let inputs: Vec<f64> =
                        inputs.iter().map(|i| values.get(i.0).copied().unwrap_or(f64::NAN)).collect();
                    rule.eval(&inputs)
                }
            };
            if let Some(value) = values.get_mut(at) {
                *value = new;
            }
        }
        values.get(root.0).copied().unwrap_or(f64::NAN)
    }
}

/// Computes, and records every step.
#[derive(Default)]
pub struct Recorder<'a> {
    trace: Trace<'a>,
}

impl<'a> Recorder<'a> {
    /// The finished trace.
    #[must_use]
    pub fn finish(self) -> Trace<'a> {
        self.trace
    }

    fn push(&mut self, node: Node<'a>) -> NodeId {
        self.trace.nodes.push(node);
        NodeId(self.trace.nodes.len() - 1)
    }
}

impl<'a> Tape<'a> for Recorder<'a> {
    type Num = NodeId;

    fn leaf(&mut self, input: &'static Input, known: Sourced<'a>) -> NodeId {
        let origin = known.origin();
        let same = |node: &Node<'a>| {
            node.label == input.label
                && node.value.total_cmp(&known.value).is_eq()
                && matches!(&node.how, How::Leaf(theirs) if *theirs == origin)
        };
        // One input is one node, however often the code asks for it.
        if let Some(at) = self.trace.nodes.iter().position(same) {
            return NodeId(at);
        }
        self.push(Node {
            label: input.label,
            unit: input.unit,
            value: known.value,
            basis: known.basis,
            how: How::Leaf(origin),
        })
    }

    fn step_in<const N: usize>(&mut self, formula: &'static Formula<N>, unit: Unit, inputs: [NodeId; N]) -> NodeId {
        let value = (formula.eval)(inputs.map(|id| self.value(id)));
        let worst = inputs.iter().filter_map(|id| self.trace.node(*id)).map(|node| node.basis).max();
        let basis = worst.map_or(Basis::Derived, |worst| worst.max(Basis::Derived));
        let how = How::Step { rule: formula, inputs: inputs.to_vec() };
        self.push(Node { label: formula.label, unit, value, basis, how })
    }

    fn value(&self, number: NodeId) -> f64 {
        self.trace.node(number).map_or(f64::NAN, |node| node.value)
    }
}
