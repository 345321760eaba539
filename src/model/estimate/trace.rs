//! Numbers that are computed and explained by the same code.
//!
//! The estimate is written against a [`Tape`]. With [`Plain`] a number is an `f64`, and nothing is recorded or
//! allocated. With [`Recorder`] the same code leaves a [`Trace`]: every step with its formula and values, down to the
//! facts and settings. So an explanation cannot differ from the figure that it explains.

use crate::model::facts::{Basis, Date, Fact};
use crate::model::units::Unit;

/// An input's name and unit.
#[derive(Debug, PartialEq, Eq)]
pub struct Input {
    /// Name in formulas, in lower case.
    pub label: &'static str,
    /// Unit.
    pub unit: Unit,
}

/// The origin of an input's value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Origin<'a> {
    /// A knob of the scenario, by its id, or `what-if` for an assumption that replaces a fact.
    Setting(&'static str),
    /// Sources, date and remark of a catalog entry; `entry` is its id.
    Cited {
        /// Id of the catalog entry.
        entry: &'a str,
        /// Ids of the sources.
        source: &'a [String],
        /// Date of the statement.
        date: Option<Date>,
        /// A remark for the reader.
        note: &'a str,
    },
}

/// A value that the estimate starts from, in base units.
#[derive(Clone, Copy, Debug)]
pub struct Sourced<'a> {
    /// The value.
    pub value: f64,
    /// Basis of the value.
    pub basis: Basis,
    /// The setting or catalog entry that the value comes from.
    pub provenance: Provenance<'a>,
}

/// The source of an input's value, as references: [`Sourced::origin`] gathers the citation only when it is asked for,
/// because most of a case's hundred inputs never are.
#[derive(Clone, Copy, Debug)]
pub enum Provenance<'a> {
    /// A knob of the scenario, by its id, or `what-if`.
    Setting(&'static str),
    /// A fact, and the id of its catalog entry.
    Fact(&'a Fact, &'a str),
    /// Anything else that can be cited.
    Cited(&'a dyn Cited),
}

/// A thing that can be cited as the origin of a value.
pub trait Cited: std::fmt::Debug + Sync {
    /// Returns the citation.
    fn origin(&self) -> Origin<'_>;
}

impl<'a> Sourced<'a> {
    /// Returns a value that the scenario sets by `knob`.
    #[must_use]
    pub fn setting(value: f64, knob: &'static str) -> Self {
        Self { value, basis: Basis::Setting, provenance: Provenance::Setting(knob) }
    }

    /// Returns a fact of the catalog entry `entry`, multiplied by `scale` to reach base units.
    #[must_use]
    pub fn fact(fact: &'a Fact, entry: &'a str, scale: f64) -> Self {
        Self { value: fact.value * scale, basis: fact.basis, provenance: Provenance::Fact(fact, entry) }
    }

    /// Returns the origin. All facts of the catalog have sources, so a fact without one is a what-if of the scenario.
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

/// A formula: text, arithmetic and a worked example.
pub struct Formula<const N: usize> {
    /// Name of the result, in lower case.
    pub label: &'static str,
    /// Unit of the result.
    pub unit: Unit,
    /// The formula as text; `{0}`, `{1}` … are placeholders of the inputs.
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
    /// Returns the unit of the result.
    fn unit(&self) -> Unit;
    /// Returns the formula as text with placeholders.
    fn text(&self) -> &'static str;
    /// Returns the source of the formula.
    fn source(&self) -> &'static str;
    /// Returns the result for `inputs`, in base units; not a number if their count is wrong.
    fn eval(&self, inputs: &[f64]) -> f64;
    /// Returns the inputs and the result of the worked example.
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

/// A tape: the estimate computes its numbers on it.
pub trait Tape<'a> {
    /// A number on this tape.
    type Num: Copy;

    /// Adds an input.
    fn leaf(&mut self, input: &'static Input, known: Sourced<'a>) -> Self::Num;

    /// Applies a formula; the result is shown in `unit` instead of the formula's unit.
    fn step_in<const N: usize>(
        &mut self,
        formula: &'static Formula<N>,
        unit: Unit,
        inputs: [Self::Num; N],
    ) -> Self::Num;

    /// Returns the value of a number.
    fn value(&self, number: Self::Num) -> f64;

    /// Applies a formula.
    fn step<const N: usize>(&mut self, formula: &'static Formula<N>, inputs: [Self::Num; N]) -> Self::Num {
        self.step_in(formula, formula.unit, inputs)
    }

    /// Returns the smaller of two numbers; no step is recorded, because the result does not depend on the larger one.
    fn smaller(&self, a: Self::Num, b: Self::Num) -> Self::Num {
        if self.value(b) < self.value(a) { b } else { a }
    }
}

/// A tape that computes and records nothing.
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
    /// Name, in lower case.
    pub label: &'static str,
    /// Unit in which it is shown.
    pub unit: Unit,
    /// Value in base units.
    pub value: f64,
    /// Basis: the worst of its inputs, at best derived.
    pub basis: Basis,
    /// The leaf or the step that it comes from.
    pub how: How<'a>,
}

/// The way in which a node gets its value.
#[derive(Clone)]
pub enum How<'a> {
    /// Taken from outside.
    Leaf(Origin<'a>),
    /// Computed from other nodes.
    Step {
        /// The formula.
        rule: &'static dyn Rule,
        /// The formula's inputs, in the order of its placeholders.
        inputs: Vec<NodeId>,
    },
}

/// All numbers of one run of the estimate. Nodes come after their inputs.
#[derive(Clone, Default)]
pub struct Trace<'a> {
    nodes: Vec<Node<'a>>,
}

impl<'a> Trace<'a> {
    /// Returns the node of a number of this trace's run.
    #[must_use]
    pub fn node(&self, id: NodeId) -> Option<&Node<'a>> {
        self.nodes.get(id.0)
    }

    /// Returns the leaves that `root` depends on, each once, in the order of recording.
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

    /// Returns the value of `root` if `leaf` had the value `changed`; choices between numbers stay as recorded.
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

/// A tape that computes and records every step.
#[derive(Default)]
pub struct Recorder<'a> {
    trace: Trace<'a>,
}

impl<'a> Recorder<'a> {
    /// Returns the finished trace.
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
        // An input is one node, however often the code takes it.
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
