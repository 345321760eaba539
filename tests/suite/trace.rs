//! Tests that explanations are the computation: every input that a figure names changes it, and no other input does.

use std::collections::HashMap;

use whichbox::model::answer::FIGURES;
use whichbox::model::answer::answer_scenario;
use whichbox::model::estimate::trace::{How, NodeId, Origin, Trace};
use whichbox::model::estimate::{estimate, explain};
use whichbox::model::facts::Basis;
use whichbox::model::scenario::knob::KNOBS;
use whichbox::model::units::Unit;

use super::ask::{catalog, scenario};

/// Scenarios with models of every kind, and with settings that replace facts.
const ASKED: &[&str] = &[
    "model: Catalog(\"llama-3.3-70b\")",
    "model: Catalog(\"gpt-oss-120b\")",
    "model: Catalog(\"gpt-oss-120b\"), context: 100",
    "model: Catalog(\"qwen3.6-27b\")",
    "model: Catalog(\"qwen3-next-80b-a3b\")",
    "model: Catalog(\"glm-4.7-flash\")",
    "model: Catalog(\"gemma-3-27b\"), prompt: 5000",
    "model: Catalog(\"llama-3.2-3b\"), context: 0",
    "model: Custom(params: 100e9, active: 100e9), context: 100000",
    "model: Custom(params: 100e9, active: 5e9), format: Best",
    "model: ReadGb(40)",
    "model: Catalog(\"qwen3-32b\"), runtime: Same(\"ollama\"), kv_format: \"kv-q8_0\"",
    "economics: (years: 2, utilisation: 0.5, tariff_usd_kwh: 0.3), price: (own: {\"dgx-spark\": 4000}),
     what_if: {\"dgx-spark\": (bandwidth_gbs: 300, usable_gib: 100, fp16_tflops: 200, load_w: 150, price_usd: 1)}",
];
const MACHINES: &str = "[\"dgx-spark\", \"macbook-pro-m5-max-40\", \"macbook-pro-m5-max-32\", \"strix-halo-395\"]";

/// A figure's number in the trace of a run.
struct Subject<'t, 'a> {
    name: String,
    figure: &'static str,
    trace: &'t Trace<'a>,
    root: NodeId,
}

/// Runs `check` on every figure of every machine of every scenario, with one and with eight streams.
fn each_figure(mut check: impl FnMut(&Subject<'_, '_>)) -> usize {
    let mut checked = 0;
    for asked in ASKED {
        for streams in [1, 8] {
            let scenario = scenario(&format!("machines: {MACHINES}, concurrency: {streams}, {asked}"));
            let answers = answer_scenario(catalog(), &scenario).expect(asked);
            for answer in &answers.machines {
                let case = answer.case(catalog(), &scenario).expect("a case");
                let (numbers, trace) = explain(&case);
                for figure in FIGURES {
                    let Some(root) = figure.of(&numbers) else { continue };
                    let name = format!("{asked} × {streams} on {}: {}", answer.machine.id, figure.id);
                    check(&Subject { name, figure: figure.id, trace: &trace, root });
                    checked += 1;
                }
            }
        }
    }
    checked
}

/// Returns the value of `root` computed from the leaves, with those in `changed` replaced.
fn recompute(trace: &Trace<'_>, root: NodeId, changed: &HashMap<NodeId, f64>) -> f64 {
    fn value(trace: &Trace<'_>, id: NodeId, known: &mut HashMap<NodeId, f64>) -> f64 {
        if let Some(value) = known.get(&id) {
            return *value;
        }
        let node = trace.node(id).expect("a node of the trace");
        let found = match &node.how {
            How::Leaf(_) => node.value,
            How::Step { rule, inputs } => {
                let inputs: Vec<f64> = inputs.iter().map(|input| value(trace, *input, known)).collect();
                rule.eval(&inputs)
            }
        };
        known.insert(id, found);
        found
    }
    value(trace, root, &mut changed.clone())
}

/// Prefixes of figures, inputs, and the formula that rounds there, so that only large changes have an effect. An empty
/// input means any.
const ROUNDED: &[(&str, &str, &str)] = &[
    ("memory.max-", "", "whole streams, whole pages, and no more than the model's longest context"),
    ("memory.", "context", "ceil(context ÷ page): a cache is reserved by the page"),
    ("", "window", "min(context, window): a window beyond the context changes nothing"),
    ("prefill", "micro-batch", "min(micro-batch, tokens waiting)"),
    ("answer-time", "micro-batch", "min(micro-batch, tokens waiting)"),
    ("served", "micro-batch", "min(micro-batch, tokens waiting)"),
];

/// Small changes in both directions, by a twentieth.
const SMALL: [f64; 2] = [1.05, 0.95];
/// Factors that cross every page, window or limit.
const LARGE: [f64; 8] = [1e-6, 0.03, 0.5, 2.0, 30.0, 1000.0, 1e7, 1e12];

/// Returns for each factor on the leaf whether the root changes, with the other leaves as in `base`.
fn moves(subject: &Subject<'_, '_>, leaf: NodeId, base: &HashMap<NodeId, f64>, factors: &[f64]) -> Vec<bool> {
    let value = base.get(&leaf).copied().unwrap_or_else(|| subject.value(leaf));
    let before = recompute(subject.trace, subject.root, base);
    let moved = |factor: &f64| {
        let mut changed = base.clone();
        changed.insert(leaf, value * factor);
        let after = recompute(subject.trace, subject.root, &changed);
        assert!(after.is_finite(), "{}: {value} × {factor} gives {after}", subject.name);
        after.to_bits() != before.to_bits()
    };
    factors.iter().map(moved).collect()
}

/// Returns a usual value for a leaf that is 0.
fn usual(subject: &Subject<'_, '_>, leaf: NodeId) -> f64 {
    match subject.trace.node(leaf).expect("a node").unit {
        Unit::Bytes | Unit::Parameters => 1e9,
        Unit::Seconds => 1e-5,
        Unit::Count => 1e6,
        _ => 10.0,
    }
}

impl Subject<'_, '_> {
    fn value(&self, id: NodeId) -> f64 {
        self.trace.node(id).expect("a node").value
    }

    /// Returns `base` with the leaf of this label scaled.
    fn scaled(&self, base: &HashMap<NodeId, f64>, label: &str, factor: f64) -> HashMap<NodeId, f64> {
        let leaves = self.trace.leaves(self.root);
        let called = leaves.iter().filter(|leaf| self.trace.node(**leaf).is_some_and(|node| node.label == label));
        let mut scaled = base.clone();
        scaled.extend(called.map(|leaf| (*leaf, factor * self.value(*leaf))));
        scaled
    }
}

#[test]
fn every_leaf_moves_its_figure() {
    let mut used = vec![false; ROUNDED.len()];
    let checked = each_figure(|subject| {
        let leaves = subject.trace.leaves(subject.root);
        let as_is = HashMap::new();
        // A term of 0 hides its factors, such as the bits of the cache without context; with usual values the factors
        // have an effect.
        let absent = leaves.iter().filter(|leaf| subject.value(**leaf) == 0.0);
        let all_there: HashMap<NodeId, f64> = absent.map(|leaf| (*leaf, usual(subject, *leaf))).collect();
        // If nothing fits, there is no room for more; if everything fits, the model's longest context is the limit.
        let roomy = subject.scaled(&all_there, "usable memory", 4.0);
        let vast = subject.scaled(&all_there, "usable memory", 1000.0);
        let unlimited = subject.scaled(&vast, "longest context of the model", 1e6);
        for leaf in leaves {
            let node = subject.trace.node(leaf).expect("a node");
            let everywhere = |base| moves(subject, leaf, base, &SMALL) == [true, true];
            if everywhere(&as_is) || everywhere(&all_there) {
                continue;
            }
            let row = ROUNDED.iter().position(|(figure, input, _)| {
                subject.figure.starts_with(figure) && (input.is_empty() || *input == node.label)
            });
            let row = row.unwrap_or_else(|| panic!("{}: {} changes nothing", subject.name, node.label));
            used[row] = true;
            let far =
                [&as_is, &all_there, &roomy, &vast, &unlimited].map(|base| moves(subject, leaf, base, &LARGE)).concat();
            assert!(far.contains(&true), "{}: {} changes nothing, however far", subject.name, node.label);
        }
    });
    assert!(checked > 2000, "only {checked} figures");
    assert_eq!(used, vec![true; ROUNDED.len()], "a row of ROUNDED is not needed");
}

#[test]
fn a_figure_follows_from_its_leaves_and_nothing_else() {
    each_figure(|subject| {
        let leaves = subject.trace.leaves(subject.root);
        let again = recompute(subject.trace, subject.root, &HashMap::new());
        assert_eq!(again.to_bits(), subject.value(subject.root).to_bits(), "{}", subject.name);
        for leaf in leaves {
            let changed = subject.value(leaf) * 1.5 + 1.0;
            let ours = recompute(subject.trace, subject.root, &HashMap::from([(leaf, changed)]));
            let theirs = subject.trace.with_leaf(subject.root, leaf, changed);
            assert_eq!(ours.to_bits(), theirs.to_bits(), "{}", subject.name);
        }
    });
}

#[test]
fn a_sum_names_what_the_model_has_and_nothing_else() {
    let (mut left_out, mut named) = (0, 0);
    each_figure(|subject| {
        let trace = subject.trace;
        let mut steps = vec![subject.root];
        while let Some(id) = steps.pop() {
            let How::Step { rule, inputs } = &trace.node(id).expect("a node").how else { continue };
            steps.extend(inputs.iter().copied());
            let absent = |input: &&NodeId| trace.is_absent(**input);
            if rule.text().contains('(') || !rule.text().contains(" + ") || inputs.iter().filter(absent).count() > 1 {
                continue;
            }
            for input in inputs.iter().filter(absent) {
                let label = trace.node(*input).expect("a node").label;
                assert!(!trace.symbolic(id).contains(label), "{}: {}", subject.name, trace.symbolic(id));
                left_out += 1;
            }
            if inputs.iter().any(|input| absent(&input)) {
                continue;
            }
            for input in inputs {
                let label = trace.node(*input).expect("a node").label;
                assert!(trace.symbolic(id).contains(label), "{}: {}", subject.name, trace.symbolic(id));
                named += 1;
            }
        }
    });
    assert!(left_out > 0 && named > 0, "some model lacks something, and none all: {left_out}, {named}");
}

#[test]
fn how_a_result_is_known_names_what_it_was_derived_from() {
    each_figure(|subject| {
        let (trace, words) = (subject.trace, subject.trace.basis_words(subject.root));
        let leaves: Vec<Basis> =
            trace.leaves(subject.root).iter().filter_map(|leaf| trace.node(*leaf)).map(|leaf| leaf.basis).collect();
        if matches!(trace.node(subject.root).expect("a node").how, How::Leaf(_)) {
            assert_eq!(words, leaves[0].word(), "{}", subject.name);
            return;
        }
        assert!(words.starts_with("derived"), "{}: {words}", subject.name);
        for basis in [Basis::Vendor, Basis::Measured, Basis::Assumed, Basis::Contested] {
            assert_eq!(words.contains(basis.word()), leaves.contains(&basis), "{}: {words}", subject.name);
        }
    });
}

#[test]
fn explaining_changes_no_number() {
    for asked in ASKED {
        for streams in [1, 8, 300] {
            let scenario = scenario(&format!("machines: {MACHINES}, concurrency: {streams}, {asked}"));
            for answer in &answer_scenario(catalog(), &scenario).expect(asked).machines {
                let case = answer.case(catalog(), &scenario).expect("a case");
                let plain = estimate(&case);
                let (recorded, trace) = explain(&case);
                for figure in FIGURES {
                    let recorded = figure.of(&recorded).and_then(|id| trace.node(id)).map(|node| node.value.to_bits());
                    assert_eq!(figure.of(&plain).map(f64::to_bits), recorded, "{asked}: {}", figure.id);
                }
                assert_eq!(plain.memory.fits, recorded.memory.fits);
                assert_eq!(plain.decode.bound, recorded.decode.bound);
            }
        }
    }
}

#[test]
fn every_leaf_is_a_knob_or_has_a_source() {
    each_figure(|subject| {
        for leaf in subject.trace.leaves(subject.root) {
            let node = subject.trace.node(leaf).expect("a node");
            let about = |text: &str| format!("{}: {} {text}", subject.name, node.label);
            match &node.how {
                How::Leaf(Origin::Setting(knob)) => {
                    let known = *knob == "what-if" || KNOBS.iter().any(|row| row.id == *knob);
                    assert!(known, "{}", about(knob));
                }
                How::Leaf(Origin::Cited { entry, source, date, .. }) => {
                    assert!(!entry.is_empty() && !source.is_empty() && date.is_some(), "{}", about("no source"));
                    assert!(source.iter().all(|id| catalog().source(id).is_some()), "{}", about("unknown source"));
                    assert!(node.basis != Basis::Setting, "{}", about("not a setting"));
                }
                How::Step { .. } => panic!("{}", about("is no leaf")),
            }
        }
    });
}

#[test]
fn a_result_is_as_good_as_the_worst_of_its_inputs() {
    each_figure(|subject| {
        let root = subject.trace.node(subject.root).expect("a node");
        if matches!(root.how, How::Leaf(_)) {
            return;
        }
        let leaves = subject.trace.leaves(subject.root);
        let worst = leaves.iter().filter_map(|leaf| subject.trace.node(*leaf)).map(|node| node.basis).max();
        assert_eq!(Some(root.basis), worst.map(|worst| worst.max(Basis::Derived)), "{}", subject.name);
    });
}
