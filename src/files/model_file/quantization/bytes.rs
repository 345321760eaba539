//! The bytes per class of a model whose weights are stored as its quantization says.

use std::collections::HashMap;

use super::{Pattern, Quantization, Storage, Stored};
use crate::files::model_file::class::Class;
use crate::files::model_file::shape::{Part, Shape};
use crate::files::model_file::sums::slot;
use crate::model::facts::{Container, PerClass};
use crate::model::units::{Amount, Unit};

/// Prefixes of the names of layers in published checkpoints.
const LAYERS: [&str; 7] = [
    "model.layers.",
    "model.language_model.layers.",
    "language_model.model.layers.",
    "language_model.layers.",
    "transformer.h.",
    "backbone.layers.",
    "layers.",
];
/// Prefixes of the names of matrices outside of the layers.
const OUTSIDE: [&str; 5] = ["", "model.", "model.language_model.", "language_model.", "language_model.model."];

/// The bytes of a quantized model.
#[derive(Clone, Debug, PartialEq)]
pub struct Bytes {
    /// Bytes per class.
    pub classes: PerClass,
    /// Storage form that holds the most parameters.
    pub main: Stored,
    /// Sentence on the storage forms and their parameters.
    pub sentence: String,
}

/// Returns the bytes of a model of this shape.
///
/// `own` is the name and the bits per weight of the type of all parameters that are not quantized.
///
/// # Errors
/// A sentence if the quantization leaves every matrix as it is, or if the matrices have no known names.
pub fn bytes(quantization: &Quantization, shape: &Shape, own: (&str, f64)) -> Result<Bytes, String> {
    let (own, own_bits) = own;
    if shape.parts.is_empty() {
        return Err("the matrices of this architecture are not known by name".to_owned());
    }
    let rules = Rules::of(quantization);
    let mut left = shape.params;
    let mut bits = PerClass::default();
    let mut forms: Vec<(Stored, f64)> = Vec::new();
    let mut whole: Vec<(Class, f64)> = Vec::new();
    for part in &shape.parts {
        let storage = rules.storage(part, shape);
        if let Some(rest) = slot(&mut left, part.class) {
            *rest -= part.params;
        }
        let (each, count) = match storage {
            Storage::Quantized(stored) => {
                match forms.iter_mut().find(|(own, _)| own == stored) {
                    Some((_, params)) => *params += part.params,
                    None => forms.push((stored.clone(), part.params)),
                }
                (stored.bits, 0.0)
            }
            Storage::Unquantized => (own_bits, part.params),
        };
        if count > 0.0 {
            match whole.iter_mut().find(|(class, _)| *class == part.class) {
                Some((_, params)) => *params += count,
                None => whole.push((part.class, count)),
            }
        }
        if let Some(sum) = slot(&mut bits, part.class) {
            *sum += part.params * each;
        }
    }
    forms.sort_by(|a, b| b.1.total_cmp(&a.1));
    let Some((main, _)) = forms.first().cloned() else {
        return Err("the quantization leaves every matrix of this model as it is".to_owned());
    };
    let classes = bits.zip(&left, |bits, rest| (bits + rest.max(0.0) * own_bits) / 8.0);
    Ok(Bytes { classes, main, sentence: sentence(&forms, &whole, own) })
}

/// Returns the sentence on the storage forms and their parameters.
fn sentence(forms: &[(Stored, f64)], whole: &[(Class, f64)], own: &str) -> String {
    let count = |params: f64| Amount::computed(params, Unit::Count).to_string();
    let stored: Vec<String> = forms
        .iter()
        .map(|(stored, params)| {
            let group = |group| format!(", in groups of {group} by the tool's default, as its block states no size");
            let group = stored.default_group.map_or_else(String::new, group);
            format!("{} of {} bits ({} parameters{group})", stored.name, round(stored.bits), count(*params))
        })
        .collect();
    let unquantized: Vec<String> =
        whole.iter().map(|(class, params)| format!("{} ({})", class.word(), count(*params))).collect();
    if unquantized.is_empty() {
        return format!("stored as {}", stored.join(", "));
    }
    format!("stored as {}; in {own} stay: {}", stored.join(", "), unquantized.join(", "))
}

fn round(bits: f64) -> f64 {
    (bits * 1000.0).round() / 1000.0
}

/// The rules of a quantization, with plain names in a map, so that tens of thousands of them take no time.
struct Rules<'q> {
    quantization: &'q Quantization,
    plain: HashMap<&'q str, usize>,
    expressions: Vec<(usize, &'q Pattern)>,
}

impl<'q> Rules<'q> {
    fn of(quantization: &'q Quantization) -> Self {
        let (mut plain, mut expressions) = (HashMap::new(), Vec::new());
        for (at, (pattern, _)) in quantization.rules.iter().enumerate() {
            match pattern {
                Pattern::Plain(name) => {
                    plain.entry(name.as_str()).or_insert(at);
                }
                other => expressions.push((at, other)),
            }
        }
        Self { quantization, plain, expressions }
    }

    fn storage(&self, part: &Part, shape: &Shape) -> &'q Storage {
        let mut first = usize::MAX;
        if !self.quantization.rules.is_empty() {
            for name in names(part, self.quantization.container) {
                first = first.min(self.first(&name, first));
            }
        }
        if let Some((_, storage)) = self.quantization.rules.get(first) {
            return storage;
        }
        let q = self.quantization;
        // Rules of a tool that lists unquantized modules take precedence, and MLX quantizes every matrix.
        if part.is_left && q.rules.is_empty() && q.container != Container::Mlx {
            return &Storage::Unquantized;
        }
        match part.class {
            Class::Embedding => &q.embedding,
            Class::Head => &q.head,
            Class::Router => &q.router,
            Class::Experts => q.experts.as_ref().unwrap_or(&q.linear),
            _ if q.experts_alone && shape.moe.layers > 0.0 => &Storage::Unquantized,
            _ => &q.linear,
        }
    }

    /// Returns the index of the first rule that matches the name, or `before` if that is smaller.
    fn first(&self, name: &str, before: usize) -> usize {
        let mut best = before;
        let starts = std::iter::once(0).chain(name.match_indices('.').map(|(at, _)| at + 1));
        for start in starts {
            let ends = name.match_indices('.').map(|(at, _)| at).chain([name.len()]);
            for end in ends.filter(|end| *end > start) {
                let found = name.get(start..end).and_then(|part| self.plain.get(part));
                best = best.min(found.copied().unwrap_or(best));
            }
        }
        let expression = self.expressions.iter().take_while(|(at, _)| *at < best).find(|(_, own)| own.is(name));
        expression.map_or(best, |(at, _)| *at)
    }
}

/// Module in which MLX stacks a layer's experts; in other containers rules for feed-forward parts would match this
/// name.
const MLX_EXPERTS: &str = "switch_mlp";

/// Returns the full names that checkpoints of this container may give the part.
fn names(part: &Part, container: Container) -> Vec<String> {
    let is_own = |name: &&&str| container == Container::Mlx || !name.contains(MLX_EXPERTS);
    let starts: &[&str] = if part.layer.is_some() { &LAYERS } else { &OUTSIDE };
    let layer = part.layer.map_or_else(String::new, |layer| format!("{layer}."));
    starts
        .iter()
        .flat_map(|start| {
            part.names.iter().filter(is_own).map(|name| format!("{start}{layer}{name}")).collect::<Vec<_>>()
        })
        .collect()
}
