//! Models of architectures that only the catalog can describe: their build is taken from the catalog.

use super::architectures;
use super::facts::{Facts, Sizes};
use super::shape::Shape;
use crate::model::catalog::Catalog;
use crate::model::facts::{Model, PerClass};
use crate::model::units::{Amount, Unit};

/// The largest relative difference of vocabularies that count as equal, since files may pad them to a round number.
const SAME_VOCAB: f64 = 0.02;

/// Adds the build of a catalog model to a file whose architecture has no rule, and notes that it did.
///
/// The catalog model must be of the same architecture and have all the same sizes. Sizes alone are no evidence: a
/// pruned or retrained model may share them with another one.
pub fn complete(facts: &mut Facts, catalog: &Catalog) {
    let Some(architecture) = facts.architecture.clone() else { return };
    if facts.shape.is_some() || facts.sizes.layers <= 0.0 {
        return;
    }
    let is_alike =
        |model: &&Model| has(model, facts.sizes) && architectures::is_of_family(&architecture, &model.family);
    let alike: Vec<&Model> = catalog.models.iter().filter(is_alike).collect();
    let Some(model) = alike.first() else { return };
    // Releases of one architecture usually share a build. If the catalog's candidates differ, none of them can be
    // chosen.
    if alike.iter().any(|other| (other.params, other.kv, other.state) != (model.params, model.kv, model.state)) {
        return;
    }
    let mut sentence = format!(
        "the architecture {architecture} has no rule of its own; its sizes are those of {}, whose build is taken from the catalog",
        model.id
    );
    if let Some(own) = facts.params.map(|params| params.total()) {
        let count = |value: f64| Amount::exact(value, Unit::Count);
        if (own / model.total_params - 1.0).abs() > 0.02 {
            // The file holds another model of the family, or is incomplete: the catalog's build would be a guess.
            facts.notes.push(format!(
                "the tensors hold {} parameters and {}, which has the same sizes, {}: its build is not taken",
                count(own),
                model.id,
                count(model.total_params)
            ));
            return;
        }
        sentence = format!(
            "{sentence}; the tensors hold {} parameters, the catalog has {}",
            count(own),
            count(model.total_params)
        );
    }
    facts.notes.retain(|note| !note.ends_with("cannot be counted"));
    facts.notes.push(sentence);
    facts.layers = Some(model.layers);
    facts.params = facts.params.or(Some(model.params));
    facts.shape = Some(shape(model, facts.params.unwrap_or(model.params)));
}

fn has(model: &Model, sizes: Sizes) -> bool {
    let experts = model.moe.map_or(0.0, |moe| moe.experts);
    let vocab = (model.vocab - sizes.vocab).abs() <= SAME_VOCAB * model.vocab;
    vocab
        && [(model.layers, sizes.layers), (model.hidden, sizes.hidden), (experts, sizes.experts)]
            .iter()
            .all(|(one, other)| (one - other).abs() < 0.5)
}

fn shape(model: &Model, params: PerClass) -> Shape {
    Shape {
        layers: model.layers,
        hidden: model.hidden,
        heads: model.heads,
        head_dim: model.head_dim,
        vocab: model.vocab,
        max_context: Some(model.max_context),
        tied: model.tied,
        params,
        kv: model.kv,
        state: model.state.unwrap_or_default(),
        moe: model.moe.unwrap_or_default(),
        ..Shape::default()
    }
}
