//! Models that are not in the catalog: a size and a share of parameters at work, the rest interpolated.
//!
//! Which question it answers: what would a model of this size need? Hidden size, layers, cache, vocabulary and experts
//! follow the catalog's models of the same class (dense, `MoE`) in log size, monotone, so that every figure is continuous
//! as the size slides, and a custom model at a catalog model's size reads nearly the same bytes. All of it is `assumed`.

use crate::spec::{Basis, Date, KvShape, Model, ModelKind, MoeShape, PerClass};

/// A custom model of `total` parameters of which `active` work on a token.
///
/// `models` are the catalog's. Returns `None` where the catalog has no model to follow, or the counts are not
/// 0 < active ≤ total.
#[must_use]
pub fn model(models: &[Model], total: f64, active: f64) -> Option<Model> {
    if !(active > 0.0 && active <= total && total.is_finite()) {
        return None;
    }
    let moe = active < total;
    let alike: Vec<&Model> =
        models.iter().filter(|m| m.kind == if moe { ModelKind::Moe } else { ModelKind::Dense }).collect();
    // Windows and latents are choices of an architecture, not a matter of size: the plain kind is followed.
    let plain: Vec<&Model> =
        alike.iter().copied().filter(|m| m.kv.window_elems <= 0.0 && m.heads * m.head_dim > 0.0).collect();
    let at = |models: &[&Model], value: fn(&Model) -> f64| Trend::of(models, value).map(|trend| trend.at(total));
    let layers = at(&alike, |m| m.layers)?;
    let hidden = at(&alike, |m| m.hidden)?;
    let vocab = at(&alike, |m| m.vocab)?;
    let kv_elems = at(&plain, |m| m.kv.full_elems)?;
    let heads = at(&plain, |m| m.heads)?;
    let head_dim = at(&plain, |m| m.head_dim)?;
    let max_context = at(&alike, |m| m.max_context)?;
    // Small models tie the output matrix to the embedding: its unread share shrinks with size and the trend keeps that smooth.
    let embedding = (hidden * vocab).min(0.3 * active);
    let untied = at(&alike, |m| if m.tied { 1e-3 } else { 1.0 })?;
    let head = embedding;
    let table = embedding * untied;
    let experts = experts(&alike, total, active);
    let (routed, shape) = experts.map_or((0.0, None), |(params, shape)| (params, Some(MoeShape { layers, ..shape })));
    let body = (total - routed - head - table).max(0.0);
    let attention = body * attention_share(&alike, total)?;
    let rest = body - attention;
    let params = PerClass {
        attention,
        dense_ffn: if moe { 0.0 } else { rest },
        shared_experts: if moe { rest } else { 0.0 },
        experts: routed,
        head,
        embedding: table,
        ..PerClass::default()
    };
    Some(Model {
        id: "custom".to_owned(),
        name: "custom".to_owned(),
        repo: String::new(),
        family: "custom".to_owned(),
        kind: if moe { ModelKind::Moe } else { ModelKind::Dense },
        source: Vec::new(),
        date: latest(models)?,
        basis: Basis::Assumed,
        released: None,
        total_params: total,
        active_params: active,
        params,
        tied: false,
        layers,
        hidden,
        heads,
        head_dim,
        vocab,
        max_context,
        moe: shape,
        kv: KvShape { full_elems: kv_elems, window_elems: 0.0, window: 0.0, full_layers: layers, window_layers: 0.0 },
        state: None,
        attention: "assumed: full attention with grouped queries".to_owned(),
        native: String::new(),
        license: String::new(),
        extra_params: 0.0,
        note: "shape interpolated over the catalog's models by size".to_owned(),
        exact_bytes: Vec::new(),
    })
}

fn latest(models: &[Model]) -> Option<Date> {
    models.iter().map(|m| m.date).max()
}

/// Routed parameters and experts such that `total` and `active` come out: P = N + X and A = N + X·k/E.
fn experts(alike: &[&Model], total: f64, active: f64) -> Option<(f64, MoeShape)> {
    if active >= total {
        return None;
    }
    let experts = Trend::of(alike, |m| m.moe.map_or(0.0, |moe| moe.experts))?.at(total);
    // The share of experts at work follows the share of parameters at work, and stays below it: the rest is shared.
    let by_share = |m: &Model| m.moe.map_or(0.0, |moe| moe.per_token / moe.experts / m.active_share());
    let ratios: Vec<f64> = alike.iter().map(|m| by_share(m)).filter(|r| r.is_finite() && *r > 0.0).collect();
    let ratio = ratios.iter().sum::<f64>() / ratios.len().max(1) as f64;
    let share = active / total;
    let working = (share * ratio.min(0.95)).max(1.0 / experts).min(share);
    let routed = (total - active) / (1.0 - working);
    Some((routed, MoeShape { experts, per_token: working * experts, layers: 0.0 }))
}

/// Share of the shared matrices that is attention.
fn attention_share(alike: &[&Model], total: f64) -> Option<f64> {
    let share = |m: &Model| {
        let body = m.params.attention + m.params.dense_ffn + m.params.shared_experts;
        if body > 0.0 { m.params.attention / body } else { 0.0 }
    };
    Trend::of(alike, share).map(|trend| trend.at(total).min(1.0))
}

/// A monotone curve through the catalog's models over log parameters.
struct Trend {
    /// (ln parameters, ln value), both rising or the value falling throughout.
    knots: Vec<(f64, f64)>,
}

impl Trend {
    /// Pool-adjacent-violators in log space; the direction is the one that the ends of the data show.
    fn of(models: &[&Model], value: impl Fn(&Model) -> f64) -> Option<Self> {
        let mut points: Vec<(f64, f64)> =
            models.iter().map(|m| (m.total_params.ln(), value(m).ln())).filter(|(_, v)| v.is_finite()).collect();
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

    /// The value at `params` parameters; level beyond the ends of the data.
    fn at(&self, params: f64) -> f64 {
        let x = params.ln();
        let after = self.knots.partition_point(|(size, _)| *size < x);
        let (before, after) = (after.checked_sub(1).and_then(|i| self.knots.get(i)), self.knots.get(after));
        match (before, after) {
            (Some(a), Some(b)) if b.0 > a.0 => (a.1 + (b.1 - a.1) * (x - a.0) / (b.0 - a.0)).exp(),
            (Some(end), _) | (None, Some(end)) => end.1.exp(),
            (None, None) => f64::NAN,
        }
    }
}
