//! Models that are not in the catalog: a size and a share of parameters at work, the rest interpolated.
//!
//! They answer one question: what would a model of this size need? Hidden size, layers, cache, vocabulary and experts
//! follow the catalog's models of the same class (dense, `MoE`) in log size, monotone, so that every figure is continuous
//! as the size slides, and a custom model at a catalog model's size reads nearly the same bytes. All of it is `assumed`.

use crate::model::facts::{Basis, Date, KvShape, Model, ModelKind, MoeShape, PerClass, Sources};

/// The curves that custom models follow: the catalog's models of each class, over size.
pub struct Custom {
    dense: Option<Curves>,
    moe: Option<Curves>,
}

/// The models of one class as curves.
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
    /// Parameters read, over the active ones.
    read: Trend,
    /// Parameters of the output matrix, over the active ones.
    head: Trend,
    /// Routed experts per layer; none of dense models.
    experts: Option<Trend>,
    /// Share of the experts at work over the share of parameters at work.
    routed_ratio: f64,
}

impl Custom {
    /// Follows the catalog's models.
    #[must_use]
    pub fn of(models: &[Model]) -> Self {
        let date = models.iter().map(|m| m.date).max();
        let curves = |kind| Curves::of(&models.iter().filter(|m| m.kind == kind).collect::<Vec<_>>(), date?);
        Self { dense: curves(ModelKind::Dense), moe: curves(ModelKind::Moe) }
    }

    /// A model of `total` parameters of which `active` work on a token; `None` where the catalog has no model to
    /// follow, or the counts are not 0 < active ≤ total.
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
        // Small dense models tie the two matrices. So it is not the table that follows the catalog but what is read,
        // which grows with the active size throughout; the table is the rest.
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
            note: "shape interpolated over the catalog's models by size".to_owned(),
            exact_bytes: Vec::new(),
        })
    }

    /// Parameters of `lm_head` and of the embedding table, which no step reads.
    fn matrices(&self, active: f64) -> (f64, f64) {
        let read = self.read.in_proportion(active).min(active);
        let head = self.head.at(active).min(0.3 * active);
        (head.min(read), active - read)
    }

    /// Routed parameters and experts such that `total` and `active` come out: P = N + X and A = N + X·k/E, where N holds
    /// at least the `matrices` of input and output.
    fn experts(&self, (total, active): (f64, f64), matrices: f64) -> Option<(f64, MoeShape)> {
        if active >= total {
            return None;
        }
        let experts = self.experts.as_ref()?.at(total);
        // The share of experts at work follows the share of parameters at work, and stays below it: the rest is shared.
        let most = (active - matrices) / (total - matrices);
        let working = (active / total * self.routed_ratio.min(0.95)).min(most);
        // A token has at least one expert: where that is too large a share, the experts are smaller and more.
        let experts = experts.max(1.0 / working);
        let routed = (total - active) / (1.0 - working);
        Some((routed, MoeShape { experts, per_token: working * experts, layers: 0.0 }))
    }
}

fn total_params(model: &Model) -> f64 {
    model.total_params
}

/// Windows and latents are choices of an architecture, not a matter of size: a custom model keeps whole heads of keys and
/// values in every layer.
fn has_plain_cache(model: &Model) -> bool {
    let heads = model.kv.full_elems / (model.kv.full_layers * 2.0 * model.head_dim);
    model.kv.window_elems <= 0.0 && heads >= 1.0 && heads.fract() == 0.0
}

/// Sources of the models that are followed, each once.
fn sources(alike: &[&Model]) -> Vec<String> {
    let mut sources: Vec<String> = Vec::new();
    for source in alike.iter().flat_map(|m| m.source.iter()) {
        if !sources.contains(source) {
            sources.push(source.clone());
        }
    }
    sources
}

/// Share of the shared matrices that is attention.
fn attention_share(model: &Model) -> f64 {
    let body = model.params.attention + model.params.dense_ffn + model.params.shared_experts;
    if body > 0.0 { model.params.attention / body } else { 0.0 }
}

/// A monotone curve through the catalog's models over the logarithm of a size.
struct Trend {
    /// (ln size, ln value), both rising or the value falling throughout.
    knots: Vec<(f64, f64)>,
}

impl Trend {
    /// Pool-adjacent-violators in log space; the direction is the one that the ends of the data show.
    fn of(models: &[&Model], size: impl Fn(&Model) -> f64, value: impl Fn(&Model) -> f64) -> Option<Self> {
        let mut points: Vec<(f64, f64)> =
            models.iter().map(|m| (libm::log(size(m)), libm::log(value(m)))).filter(|(_, v)| v.is_finite()).collect();
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mean = |part: &[(f64, f64)]| part.iter().map(|(_, v)| v).sum::<f64>() / part.len().max(1) as f64;
        let half = points.len().div_ceil(2);
        let rising = mean(points.get(half..)?) >= mean(points.get(..half)?);
        let sign = if rising { 1.0 } else { -1.0 };
        // Each pool: sum of ln parameters, sum of signed ln values, count.
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

    /// The value at `size`; beyond the ends of the data in proportion to it.
    fn in_proportion(&self, size: f64) -> f64 {
        let (first, last) = (self.knots.first().map_or(0.0, |k| k.0), self.knots.last().map_or(0.0, |k| k.0));
        let known = libm::exp(libm::log(size).clamp(first, last));
        self.at(known) * size / known
    }

    /// The value at `size`; level beyond the ends of the data.
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
