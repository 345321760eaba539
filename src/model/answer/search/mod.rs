//! The search for the best combinations of machine, model, format, runtime and streams within the limits.
//!
//! The scenario's context is used throughout, and its streams unless [`Axes::varies_streams`] is set. Every combination
//! counts as evaluated: it is estimated, or an exact test excludes it (the runtime does not load the format, the
//! machine misses a limit that does not depend on the load, or more streams than fit). The figures are those of
//! [`super::answer_scenario`] for the same scenario, so the command of a result reproduces them.

mod field;
mod nearest;

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::AnswerError;
use crate::model::catalog::Catalog;
use crate::model::facts::{Host, Machine, MachineKind, Offer};
use crate::model::scenario::{FormatChoice, HostComputer, Limits, ModelChoice, RuntimeChoice, Scenario};

use field::{Field, Pair};
pub use nearest::Nearest;

/// Relative difference below which the speeds of two points of a frontier count as equal.
const ALIKE: f64 = 0.05;
/// The name of the figure that results are ranked by, as in JSON.
const RANKED_BY: &str = "aggregate_tok_s_per_usd";

/// The machines, models and streams that are searched.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Axes {
    /// Machines by id.
    pub machines: Vec<String>,
    /// Models.
    pub models: Vec<ModelChoice>,
    /// True to try further numbers of streams, by doubling that of the scenario.
    pub varies_streams: bool,
    /// True if no machine was named, so that machines which are not searched may still be the nearest.
    pub all_machines: bool,
    /// Host computers by id, tried with each card whose weights may be in host memory; empty if the scenario names a
    /// host.
    pub hosts: Vec<String>,
}

impl Axes {
    /// Returns the ids of all machines that can be bought: they have a price in USD, are on sale and are not rented.
    /// With `any_availability`, machines that are withdrawn or on pre-order are included.
    #[must_use]
    pub fn purchasable(catalog: &Catalog, any_availability: bool) -> Vec<String> {
        let sold = |machine: &&Machine| not_searched(machine, any_availability).is_none();
        catalog.machines.iter().filter(sold).map(|machine| machine.id.clone()).collect()
    }

    /// Returns the ids of all host computers of the catalog.
    #[must_use]
    pub fn hosts(catalog: &Catalog) -> Vec<String> {
        catalog.hosts.iter().map(|host| host.id.clone()).collect()
    }

    /// Returns all models of the catalog.
    #[must_use]
    pub fn models(catalog: &Catalog) -> Vec<ModelChoice> {
        catalog.models.iter().map(|model| ModelChoice::Catalog(model.id.clone())).collect()
    }
}

/// Returns the reason why a search without named machines leaves a machine out; `None` if it does not.
fn not_searched(machine: &Machine, any_availability: bool) -> Option<&'static str> {
    let rented = machine.host == Host::Rented || machine.kind == MachineKind::Cloud;
    match machine.availability.state {
        _ if rented => Some("machines that are rented, not sold"),
        _ if machine.kind == MachineKind::DatacenterGpu => Some("cards for data centers"),
        Offer::Withdrawn if !any_availability => Some("machines that are no longer sold"),
        Offer::PreOrder if !any_availability => Some("machines that are on pre-order alone"),
        _ if machine.price.is_none() => Some("machines without a price in USD"),
        _ => None,
    }
}

/// A combination that passes every limit.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Machine by id.
    pub machine: String,
    /// Model by id.
    pub model: String,
    /// The model as a scenario chooses it.
    pub choice: ModelChoice,
    /// Format by id.
    pub format: String,
    /// Runtime by id.
    pub runtime: String,
    /// The card's host computer by id, if one is chosen or named.
    pub host: Option<String>,
    /// Streams at once.
    pub concurrency: u64,
    /// Tokens in each stream's cache.
    pub context: u64,
    /// Expected speed of one stream, tokens per second.
    pub expected_tok_s: f64,
    /// Expected speed of all streams, tokens per second.
    pub aggregate_expected_tok_s: f64,
    /// Price in the figures of `estimate`, USD: of a bare card alone unless the scenario states a host.
    pub price_usd: Option<f64>,
    /// Price of the working computer, USD.
    pub total_usd: Option<f64>,
    /// True if the price could be higher, because no price of a host for that number of cards is known.
    pub total_is_least: bool,
    /// Cost per million output tokens in the figures of `estimate`, USD.
    pub usd_per_mtok: Option<f64>,
    /// Divergence of the format from 16 bits (KLD), if measured.
    pub quality_cost: Option<f64>,
    /// A remark about the support of the runtime on this machine, such as that it is partial.
    pub caution: Option<String>,
}

/// The machines, formats or combinations that were left out for one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The reason, which names what is counted.
    pub reason: String,
    /// Number of machines, formats or combinations.
    pub count: u64,
}

/// The results of a search.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Search {
    /// Number of combinations that were estimated or excluded by an exact test.
    pub evaluated: u64,
    /// The best combinations. For one model: the best load of each machine, format and runtime, ordered by tokens per
    /// second of all streams per dollar. For several models: the best combination of each, the largest model first.
    pub results: Vec<Found>,
    /// The combinations that no other of the same model beats in speed of a stream, price and quality. A format whose
    /// quality is not known counts as the worst. Of combinations with nearly equal speed, only the cheapest is kept.
    pub frontier: Vec<Found>,
    /// Names of the axes that were varied.
    pub varied: Vec<&'static str>,
    /// The figure that results are ranked by.
    pub ranked_by: &'static str,
    /// The numbers of what was left out, with the reasons.
    pub left_out: Vec<LeftOut>,
    /// The combination that comes nearest to passing; `None` if one passes.
    pub nearest: Option<Nearest>,
}

/// Searches `axes` and what the scenario leaves open: runtimes, and formats of at least the catalog's least bits. If no
/// least speed is set, the speed that counts as running well applies: otherwise the most streams would always win,
/// however slow each of them is.
///
/// # Errors
/// [`AnswerError`] if the scenario or the axes name something that the catalog lacks.
pub fn search(catalog: &Catalog, scenario: &Scenario, axes: &Axes) -> Result<Search, AnswerError> {
    let field = Field::of(catalog, scenario, axes)?;
    let pairs: Vec<(&String, &ModelChoice)> =
        axes.models.iter().flat_map(|model| axes.machines.iter().map(move |machine| (machine, model))).collect();
    let found: Vec<Pair> =
        pairs.par_iter().map(|(machine, model)| field.pair(machine, model)).collect::<Result<_, _>>()?;
    let mut search = Search {
        evaluated: found.iter().map(|pair| pair.evaluated).sum(),
        varied: varied(scenario, axes),
        ranked_by: RANKED_BY,
        left_out: left_out(catalog, &field, axes, &found),
        ..Search::default()
    };
    for of_model in found.chunks(axes.machines.len().max(1)) {
        let mut best: Vec<Found> = of_model.iter().flat_map(|pair| pair.best.iter().cloned()).collect();
        best.sort_by(better);
        best.truncate(if axes.models.len() == 1 { usize::MAX } else { 1 });
        search.results.extend(best);
        let fastest: Vec<&Found> = of_model.iter().flat_map(|pair| &pair.fastest).collect();
        search.frontier.extend(frontier(&fastest));
    }
    if axes.models.len() > 1 {
        let size = |found: &Found| catalog.model(&found.model).map_or(0.0, |model| model.total_params);
        search.results.sort_by(|a, b| size(b).total_cmp(&size(a)));
    }
    if search.results.is_empty() {
        search.nearest = nearest::nearest(catalog, scenario, axes)?;
    }
    Ok(search)
}

fn varied(scenario: &Scenario, axes: &Axes) -> Vec<&'static str> {
    let is_format_open = !matches!(scenario.format, FormatChoice::Same(_));
    let is_runtime_open = !matches!(scenario.runtime, RuntimeChoice::Same(_));
    [
        ("machine", axes.machines.len() > 1),
        ("model", axes.models.len() > 1),
        ("format", is_format_open),
        ("runtime", is_runtime_open),
        ("host", !axes.hosts.is_empty()),
        ("concurrency", axes.varies_streams),
    ]
    .into_iter()
    .filter_map(|(name, is_varied)| is_varied.then_some(name))
    .collect()
}

/// Returns the reasons for which something was left out, those with the largest numbers first.
fn left_out(catalog: &Catalog, field: &Field<'_, '_>, axes: &Axes, found: &[Pair]) -> Vec<LeftOut> {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    let mut count = |reason: &str, number: u64| {
        if number > 0 {
            *counts.entry(reason.to_owned()).or_default() += number;
        }
    };
    if axes.all_machines {
        let any = field.takes_any_availability();
        catalog.machines.iter().filter_map(|machine| not_searched(machine, any)).for_each(|reason| count(reason, 1));
    }
    if let Some((bits, formats)) = field.formats_below() {
        count(&format!("formats below {bits} bits per weight"), formats);
    }
    for (reason, number) in found.iter().flat_map(|pair| &pair.left_out) {
        count(reason, *number);
    }
    let mut left_out: Vec<LeftOut> = counts.into_iter().map(|(reason, count)| LeftOut { reason, count }).collect();
    left_out.sort_by_key(|reason| std::cmp::Reverse(reason.count));
    left_out
}

/// Orders by tokens per second of all streams per dollar, with unknown prices last, then by speed, then by price.
fn better(a: &Found, b: &Found) -> std::cmp::Ordering {
    let per_dollar = |found: &Found| found.total_usd.map_or(0.0, |usd| found.aggregate_expected_tok_s / usd.max(1.0));
    let price = |found: &Found| found.total_usd.unwrap_or(f64::INFINITY);
    per_dollar(b)
        .total_cmp(&per_dollar(a))
        .then(b.aggregate_expected_tok_s.total_cmp(&a.aggregate_expected_tok_s))
        .then(price(a).total_cmp(&price(b)))
}

/// Returns true if `a` is at least as good as `b` in speed, price and quality, and better in one of them. An unknown
/// price or quality counts as the worst.
fn dominates(a: &Found, b: &Found) -> bool {
    let known = |value: Option<f64>| value.unwrap_or(f64::INFINITY);
    let costs = |found: &Found| [-found.expected_tok_s, known(found.total_usd), known(found.quality_cost)];
    let (a, b) = (costs(a), costs(b));
    a.iter().zip(&b).all(|(a, b)| a <= b) && a.iter().zip(&b).any(|(a, b)| a < b)
}

/// Returns the combinations that no other dominates, the cheapest first. A combination is left out if a cheaper one of
/// at least its quality has nearly its speed.
fn frontier(found: &[&Found]) -> Vec<Found> {
    let known = |value: Option<f64>| value.unwrap_or(f64::INFINITY);
    let mut points: Vec<&Found> =
        found.iter().copied().filter(|one| !found.iter().any(|other| dominates(other, one))).collect();
    points.sort_by(|a, b| {
        known(a.total_usd).total_cmp(&known(b.total_usd)).then(b.expected_tok_s.total_cmp(&a.expected_tok_s))
    });
    let mut frontier: Vec<Found> = Vec::new();
    for point in points {
        let is_alike = |kept: &Found| {
            known(kept.quality_cost) <= known(point.quality_cost)
                && kept.expected_tok_s * (1.0 + ALIKE) >= point.expected_tok_s
        };
        if !frontier.iter().any(is_alike) {
            frontier.push(point.clone());
        }
    }
    frontier
}

impl Found {
    /// Returns the scenario with this combination alone and the constraints of `scenario`.
    #[must_use]
    pub fn scenario(&self, scenario: &Scenario) -> Scenario {
        Scenario {
            model: self.choice.clone(),
            format: FormatChoice::Same(self.format.clone()),
            runtime: RuntimeChoice::Same(self.runtime.clone()),
            host: HostComputer { id: self.host.clone(), ..scenario.host.clone() },
            concurrency: self.concurrency,
            context: self.context,
            ..scenario.clone()
        }
    }

    /// Returns the `whichbox estimate` command that gives the same figures; `None` if no flags can express it.
    #[must_use]
    pub fn command(&self, catalog: &Catalog, scenario: &Scenario) -> Option<String> {
        let machines = vec![self.machine.clone()].into();
        Scenario { machines, limits: Limits::default(), ..self.scenario(scenario) }.command(catalog)
    }
}
