//! Custom models: a total and an active number of parameters are given, and the rest is interpolated.
//!
//! A custom model answers one question: what would a model of this size need? Its hidden size, layers, cache,
//! vocabulary and experts follow the catalog's models of the same class (dense or `MoE`) along monotone curves over the
//! logarithm of the size. So every figure changes continuously with the size, and a custom model of a catalog model's
//! size reads nearly the same bytes. All its facts have the basis `assumed`.

use crate::model::facts::{Basis, Date, KvShape, Model, ModelKind, MoeShape, PerClass, Sources};

/// Curves through the catalog's models of each class, from which custom models take their shape.
pub struct Custom {
    dense: Option<Curves>,
    moe: Option<Curves>,
}

/// Curves through the models of one class.
struct Curves {
    source: Sources,
    date: Date,
    layers: Trend,
    hidden: Trend,
    heads: Trend,
    head_dim: Trend,
    max_context: Trend,
    kv_elems: Trend,
    attention_share: Trend,
    /// Parameters that a step reads, over active parameters.
    read: Trend,
    /// Parameters of the output matrix, over active parameters.
    head: Trend,
    /// Routed experts per layer; `None` for dense models.
    experts: Option<Trend>,
    /// The share of the experts that work on a token over the share of the parameters that work on it, averaged over
    /// the models.
    routed_ratio: f64,
}

impl Custom {
    /// Returns the curves through `models`.
    #[must_use]
    pub fn of(models: &[Model]) -> Self {
        let date = models.iter().map(|m| m.date).max();
        let curves = |kind| Curves::of(&models.iter().filter(|m| m.kind == kind).collect::<Vec<_>>(), date?);
        Self { dense: curves(ModelKind::Dense), moe: curves(ModelKind::Moe) }
    }

    /// Returns a model of `total` parameters of which `active` work on a token; `None` if the catalog has no model of
    /// the class, or unless 0 < active ≤ total.
    #[must_use]
    pub fn model(&self, total: f64, active: f64) -> Option<Model> {
        if !(active > 0.0 && active <= total && total.is_finite()) {
            return None;
        }
        let (kind, curves) = if active < total { (ModelKind::Moe, &self.moe) } else { (ModelKind::Dense, &self.dense) };
        curves.as_ref()?.model(kind, total, active)
    }
}

impl Curves {
    fn of(alike: &[&Model], date: Date) -> Option<Self> {
        let plain: Vec<&Model> = alike.iter().copied().filter(|m| has_plain_cache(m)).collect();
        // Small dense models tie the embedding and output matrices. So the curve follows the parameters that are read,
        // which grow with the active size throughout, and the embedding table is the remainder.
        let followed: Vec<&Model> = alike.iter().copied().filter(|m| m.kv.window_elems <= 0.0).collect();
        let size = |m: &Model| m.active_params;
        let unread = |m: &Model| if m.tied { 0.0 } else { m.params.embedding };
        let output = |m: &Model| if m.tied { m.params.embedding } else { m.params.head };
        let by_share = |m: &&Model| m.moe.map_or(0.0, |moe| moe.per_token / moe.experts / m.active_share());
        let ratios: Vec<f64> = alike.iter().map(by_share).filter(|r| r.is_finite() && *r > 0.0).collect();
        Some(Self {
            source: sources(alike).into(),
            date,
            layers: Trend::of(alike, total_params, |m| m.layers)?,
            hidden: Trend::of(alike, total_params, |m| m.hidden)?,
            heads: Trend::of(&plain, total_params, |m| m.heads)?,
            head_dim: Trend::of(&plain, total_params, |m| m.head_dim)?,
            max_context: Trend::of(alike, total_params, |m| m.max_context)?,
            kv_elems: Trend::of(&plain, total_params, |m| m.kv.full_elems)?,
            attention_share: Trend::of(alike, total_params, attention_share)?,
            read: Trend::of(&followed, size, |m| m.active_params - unread(m))?,
            head: Trend::of(&followed, size, output)?,
            experts: Trend::of(alike, total_params, |m| m.moe.map_or(0.0, |moe| moe.experts)),
            routed_ratio: ratios.iter().sum::<f64>() / ratios.len().max(1) as f64,
        })
    }

    fn model(&self, kind: ModelKind, total: f64, active: f64) -> Option<Model> {
        let (head, table) = self.matrices(active);
        let (routed, moe) = match self.experts((total, active), head + table) {
            None if kind == ModelKind::Moe => return None,
            None => (0.0, None),
            Some((routed, shape)) => (routed, Some(shape)),
        };
        let layers = self.layers.at(total);
        let hidden = self.hidden.at(total);
        let body = (total - routed - head - table).max(0.0);
        let attention = body * self.attention_share.at(total).min(1.0);
        let (dense_ffn, shared_experts) = if moe.is_some() { (0.0, body - attention) } else { (body - attention, 0.0) };
        Some(Model {
            id: "custom".to_owned(),
            name: "custom".to_owned(),
            repo: String::default(),
            aliases: Vec::new(),
            family: "custom".to_owned(),
            kind,
            source: Sources::clone(&self.source),
            date: self.date,
            basis: Basis::Assumed,
            released: None,
            total_params: total,
            active_params: active,
            params: PerClass {
                attention,
                dense_ffn,
                shared_experts,
                experts: routed,
                head,
                embedding: table,
                ..PerClass::default()
            },
            table_params: 0.0,
            tied: false,
            layers,
            hidden,
            heads: self.heads.at(total),
            head_dim: self.head_dim.at(total),
            vocab: head / hidden,
            max_context: self.max_context.at(total),
            moe: moe.map(|shape| MoeShape { layers, ..shape }),
            kv: KvShape { full_elems: self.kv_elems.at(total), full_layers: layers, ..KvShape::default() },
            state: None,
            attention: "assumed: full attention with grouped queries".to_owned(),
            native: String::default(),
            license: String::default(),
            extra_params: 0.0,
            prediction_head: None,
            note: "shape interpolated over the catalog's models by size".to_owned(),
            exact_bytes: Vec::new(),
        })
    }

    /// Returns the parameters of `lm_head` and of the embedding table, of which no step reads more than a few rows.
    fn matrices(&self, active: f64) -> (f64, f64) {
        let read = self.read.in_proportion(active).min(active);
        let head = self.head.at(active).min(0.3 * active);
        (head.min(read), active - read)
    }

    /// Returns the routed parameters X and the experts so that `total` P and `active` A hold: P = N + X and A = N +
    /// X·k/E, where k of E experts work on a token and N, the other parameters, includes at least `matrices` (input and
    /// output).
    fn experts(&self, (total, active): (f64, f64), matrices: f64) -> Option<(f64, MoeShape)> {
        if active >= total {
            return None;
        }
        let experts = self.experts.as_ref()?.at(total);
        // The share of experts at work follows the share of parameters at work but stays below it, because the other
        // parameters work on every token.
        let most = (active - matrices) / (total - matrices);
        let working = (active / total * self.routed_ratio.min(0.95)).min(most);
        // A token uses at least one expert, so a share below 1/experts needs more, smaller experts.
        let experts = experts.max(1.0 / working);
        let routed = (total - active) / (1.0 - working);
        Some((routed, MoeShape { experts, per_token: working * experts, layers: 0.0 }))
    }
}

fn total_params(model: &Model) -> f64 {
    model.total_params
}

/// Returns true if every layer caches whole heads of keys and values. Windows and latents are choices of an
/// architecture, not of size, so custom models have neither.
fn has_plain_cache(model: &Model) -> bool {
    let heads = model.kv.full_elems / (model.kv.full_layers * 2.0 * model.head_dim);
    model.kv.window_elems <= 0.0 && heads >= 1.0 && heads.fract() == 0.0
}

/// Returns the sources of the models, each once.
fn sources(alike: &[&Model]) -> Vec<String> {
    let mut sources: Vec<String> = Vec::new();
    for source in alike.iter().flat_map(|m| m.source.iter()) {
        if !sources.contains(source) {
            sources.push(source.clone());
        }
    }
    sources
}

/// Returns the share of attention in the parameters of attention, dense FFN and shared experts.
fn attention_share(model: &Model) -> f64 {
    let body = model.params.attention + model.params.dense_ffn + model.params.shared_experts;
    if body > 0.0 { model.params.attention / body } else { 0.0 }
}

/// A monotone curve through the catalog's models over the logarithm of a size.
struct Trend {
    /// Pairs of (ln size, ln value) by rising size; the values rise throughout or fall throughout.
    knots: Vec<(f64, f64)>,
}

impl Trend {
    /// Fits the curve by pooling adjacent violators in log space; it rises if the mean of the larger half of the models
    /// is at least that of the smaller half.
    fn of(models: &[&Model], size: impl Fn(&Model) -> f64, value: impl Fn(&Model) -> f64) -> Option<Self> {
        let mut points: Vec<(f64, f64)> =
            models.iter().map(|m| (libm::log(size(m)), libm::log(value(m)))).filter(|(_, v)| v.is_finite()).collect();
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mean = |part: &[(f64, f64)]| part.iter().map(|(_, v)| v).sum::<f64>() / part.len().max(1) as f64;
        let half = points.len().div_ceil(2);
        let rising = mean(points.get(half..)?) >= mean(points.get(..half)?);
        let sign = if rising { 1.0 } else { -1.0 };
        // Each pool: sum of ln sizes, sum of signed ln values, number of points.
        let mut pools: Vec<(f64, f64, f64)> = Vec::with_capacity(points.len());
        for (size, value) in points {
            let mut pool = (size, sign * value, 1.0);
            while let Some(last) = pools.last() {
                if last.1 / last.2 < pool.1 / pool.2 {
                    break;
                }
                pool = (pool.0 + last.0, pool.1 + last.1, pool.2 + last.2);
                pools.pop();
            }
            pools.push(pool);
        }
        let knots: Vec<(f64, f64)> = pools.iter().map(|(size, value, n)| (size / n, sign * value / n)).collect();
        (!knots.is_empty()).then_some(Self { knots })
    }

    /// Returns the value at `size`; beyond the ends of the data it grows in proportion to the size.
    fn in_proportion(&self, size: f64) -> f64 {
        let (first, last) = (self.knots.first().map_or(0.0, |k| k.0), self.knots.last().map_or(0.0, |k| k.0));
        let known = libm::exp(libm::log(size).clamp(first, last));
        self.at(known) * size / known
    }

    /// Returns the value at `size`; beyond the ends of the data it is constant.
    fn at(&self, size: f64) -> f64 {
        let x = libm::log(size);
        let after = self.knots.partition_point(|(size, _)| *size < x);
        let (before, after) = (after.checked_sub(1).and_then(|i| self.knots.get(i)), self.knots.get(after));
        match (before, after) {
            (Some(a), Some(b)) if b.0 > a.0 => libm::exp(a.1 + (b.1 - a.1) * (x - a.0) / (b.0 - a.0)),
            (Some(end), _) | (None, Some(end)) => libm::exp(end.1),
            (None, None) => f64::NAN,
        }
    }
}
