//! Rules for models: their counts must agree with each other.

use super::report::{Checked, Found, Report, number};
use crate::model::catalog::Catalog;
use crate::model::facts::{Model, ModelKind};

/// The largest difference between the sum of the classes and the total, as a share of the total.
const SLACK: f64 = 1e-3;

pub(super) fn check(report: &mut Report<'_>) {
    let catalog = report.catalog;
    for model in &catalog.models {
        one(&mut report.found, model, catalog);
    }
}

/// Checks one model against the formats of a catalog.
pub(super) fn one(found: &mut Found, model: &Model, catalog: &Catalog) {
    let mut entry = found.entry("models", &model.id);
    let Model { layers, hidden, heads, head_dim, vocab, max_context, .. } = *model;
    for (field, value) in [
        ("total_params", model.total_params),
        ("active_params", model.active_params),
        ("layers", layers),
        ("hidden", hidden),
        ("heads", heads),
        ("head_dim", head_dim),
        ("vocab", vocab),
        ("max_context", max_context),
    ] {
        entry.require_positive(field, value);
    }
    parameters(&mut entry, model);
    experts(&mut entry, model);
    cache(&mut entry, model);
    bytes(&mut entry, model, catalog);
}

fn parameters(entry: &mut Checked<'_>, model: &Model) {
    let (total, sum) = (model.total_params, model.params.total() + model.table_params);
    entry.require(model.params.values().iter().all(|v| *v >= 0.0), "params", || "a class is below zero".to_owned());
    let table = model.table_params;
    entry.require(table >= 0.0 && table.is_finite(), "table_params", || format!("{} is below zero", number(table)));
    entry.require((sum - total).abs() <= SLACK * total, "params", || {
        format!("the classes and tables add up to {}, not to total_params {}", number(sum), number(total))
    });
    entry.require(model.active_params <= total, "active_params", || {
        format!("{} are more than total_params {}", number(model.active_params), number(total))
    });
    let head = model.params.head;
    entry.require(model.tied == (head <= 0.0), "tied", || {
        format!("is {} and params.head is {}; a tied model has no head of its own", model.tied, number(head))
    });
}

fn experts(entry: &mut Checked<'_>, model: &Model) {
    let routed = model.params.experts > 0.0;
    entry.require(model.kind.is_moe() == model.moe.is_some() && routed == model.moe.is_some(), "moe", || {
        "kind, moe and params.experts disagree on whether there are experts".to_owned()
    });
    let Some(moe) = model.moe else { return };
    entry.require(moe.per_token > 0.0 && moe.per_token <= moe.experts, "moe", || {
        format!("{} experts per token of {}", number(moe.per_token), number(moe.experts))
    });
    entry.require(moe.layers > 0.0 && moe.layers <= model.layers, "moe", || {
        format!("{} layers with experts of {}", number(moe.layers), number(model.layers))
    });
}

fn cache(entry: &mut Checked<'_>, model: &Model) {
    let kv = model.kv;
    let hybrid = matches!(model.kind, ModelKind::DenseHybrid | ModelKind::MoeHybrid);
    entry.require(hybrid == model.state.is_some(), "state", || {
        "kind and state disagree on whether there are linear-attention layers".to_owned()
    });
    let state = model.state.map_or(0.0, |state| state.layers);
    let layers = kv.full_layers + kv.window_layers + state;
    entry.require(layers > 0.0 && layers <= model.layers, "kv", || {
        format!("{} layers have a cache or state, of {}", number(layers), number(model.layers))
    });
    entry.require(kv.full_elems + kv.window_elems > 0.0, "kv", || "has no elements".to_owned());
    if let Some(sparse) = kv.sparse {
        let plausible = sparse.layers > 0.0 && sparse.layers <= kv.full_layers && sparse.read_tokens > 0.0;
        let keys = (0.0..kv.full_elems).contains(&sparse.index_elems);
        entry.require(plausible && keys, "kv", || {
            "sparse needs layers among the full ones, read_tokens, and index_elems below full_elems".to_owned()
        });
    }
    if let Some(mla) = kv.mla {
        let plausible = mla.latent > 0.0 && mla.rope >= 0.0 && mla.latent.is_finite() && mla.rope.is_finite();
        entry.require(plausible, "kv", || "mla needs a latent above zero and a rope of zero or more".to_owned());
    }
    let windowed = [kv.window_elems, kv.window, kv.window_layers].map(|v| v > 0.0);
    entry.require(windowed == [windowed[0]; 3], "kv", || {
        "window_elems, window and window_layers come together".to_owned()
    });
    if let Some(state) = model.state {
        let plausible = state.layers > 0.0 && state.state_elems > 0.0 && state.conv_elems >= 0.0;
        entry.require(plausible, "state", || "has no layers or no elements".to_owned());
    }
}

fn bytes(entry: &mut Checked<'_>, model: &Model, catalog: &Catalog) {
    let mut seen = Vec::new();
    for (format, bytes) in &model.exact_bytes {
        entry.require_known(catalog.formats.iter().any(|f| f.id == *format), "exact_bytes", format);
        entry.require(!seen.contains(&format), "exact_bytes", || format!("\"{format}\" stands here twice"));
        seen.push(format);
        let possible = model.params.zip(bytes, |params, bytes| {
            let bits = 8.0 * bytes / params;
            let none = params <= 0.0 && bytes <= 0.0;
            f64::from(u8::from(none || (1.0..=33.0).contains(&bits)))
        });
        entry.require(possible.values().iter().all(|v| *v > 0.0), "exact_bytes", || {
            format!("\"{format}\" has a class with fewer than 1 or more than 33 bits per parameter")
        });
    }
}
