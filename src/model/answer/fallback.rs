//! Alternatives: a cheaper machine that the scenario does not compare, or a smaller model if no machine passes.

use std::cmp::Ordering;

use super::{
    Answer, AnswerError, Answers, answer_if_it_runs, availability, candidate, default_min_speed, lanes, limits,
    request, setup_advice,
};
use crate::model::catalog::Catalog;
use crate::model::estimate::verdict::Contest;
use crate::model::facts::{Machine, Model, Offer};
use crate::model::scenario::{ModelChoice, Scenario};
use crate::model::units::{Amount, Unit};

/// A machine that the scenario does not compare and that passes its limits.
#[derive(Clone, Debug, PartialEq)]
pub struct Alternative {
    /// Its id.
    pub machine: String,
    /// Its short name.
    pub short: String,
    /// Its price in the figures of `estimate`, USD; `None` if not known.
    pub price_usd: Option<f64>,
    /// Price of the working computer, USD.
    pub total_usd: Option<f64>,
    /// Price of the working computer in words, parts first.
    pub price: String,
    /// Expected speed of one stream, tokens per second.
    pub expected_tok_s: Option<f64>,
    /// The speed in words.
    pub speed: String,
    /// Reservations in words, for example that it is sold used only or does not run all streams at once.
    pub but: Vec<String>,
}

impl Alternative {
    /// Returns the alternative in few words: `M1 Max 64 ($1,350), 13 tok/s expected per stream, sold used only`.
    #[must_use]
    pub fn words(&self) -> String {
        let head = format!("{} ({}), {}", self.short, self.price, self.speed);
        std::iter::once(head).chain(self.but.iter().cloned()).collect::<Vec<_>>().join(", ")
    }
}

/// Returns the cheapest machine of the catalog that passes, is not compared, and is cheaper than the winner; if there
/// is no winner, the cheapest that passes.
///
/// # Errors
/// [`AnswerError`] if the catalog lacks a part that every estimate needs.
pub fn cheaper_not_shown(
    catalog: &Catalog,
    scenario: &Scenario,
    answers: &Answers<'_>,
) -> Result<Option<Alternative>, AnswerError> {
    let winner = answers.verdict.winner.and_then(|at| answers.machines.get(at));
    other_box(catalog, scenario, winner)
}

/// Returns sentences that name alternatives; empty if there are none.
///
/// # Errors
/// [`AnswerError`] if the catalog lacks a part that every estimate needs.
pub fn fallback(catalog: &Catalog, scenario: &Scenario, answers: &Answers<'_>) -> Result<Vec<String>, AnswerError> {
    let mut sentences = Vec::new();
    let winner = answers.verdict.winner.and_then(|at| answers.machines.get(at));
    let kind = if winner.is_some() { "a cheaper box" } else { "another box" };
    let other = other_box(catalog, scenario, winner)?;
    sentences.extend(other.map(|other| format!("{kind} would do: {}", other.words())));
    if winner.is_none() {
        sentences.extend(weights_in_host_memory(catalog, scenario, answers));
        sentences.extend(smaller_model(catalog, scenario, answers)?);
    }
    Ok(sentences)
}

/// Returns one sentence for each card that is too small for the model, with a host whose memory takes the rest and the
/// speed with it. Cards without such a host are left out.
fn weights_in_host_memory<'a>(
    catalog: &'a Catalog,
    scenario: &'a Scenario,
    answers: &'a Answers<'_>,
) -> impl Iterator<Item = String> + 'a {
    let too_small = |answer: &&Answer<'_>| answer.estimate.is_some_and(|estimate| !estimate.memory.fits);
    answers.machines.iter().filter(too_small).filter_map(|answer| {
        let offer = setup_advice::offload_offer(catalog, scenario, answer)?;
        Some(format!("{}: {offer}", answer.machine.short))
    })
}

/// Returns the cheapest machine on sale that passes and is not compared, if it is cheaper than the winner.
fn other_box(
    catalog: &Catalog,
    scenario: &Scenario,
    winner: Option<&Answer<'_>>,
) -> Result<Option<Alternative>, AnswerError> {
    let others = catalog.machines.iter().filter(|machine| is_sold(machine) && !scenario.machines.contains(&machine.id));
    let machines: Vec<String> = others.map(|machine| machine.id.clone()).collect();
    let other = Scenario { machines: machines.into(), ..scenario.clone() };
    let Some((answer, speed)) = best(catalog, &other)? else { return Ok(None) };
    let usd = |answer: &Answer<'_>| answer.computer_price().map_or(f64::INFINITY, |price| price.usd);
    let dearer = winner.is_some_and(|winner| usd(&answer).total_cmp(&usd(winner)) != Ordering::Less);
    Ok((!dearer).then(|| Alternative {
        machine: answer.machine.id.clone(),
        short: answer.machine.short.clone(),
        price_usd: answer.estimate.and_then(|estimate| estimate.cost).map(|cost| cost.price),
        total_usd: answer.computer_price().map(|price| price.usd),
        price: price(&answer),
        expected_tok_s: answer.estimate.and_then(|estimate| estimate.decode.speeds).map(|speeds| speeds.each.expected),
        speed,
        but: reservations(scenario, &answer),
    }))
}

/// Returns the reservations about a machine: on its availability, its TTFT, and the streams that run at once.
fn reservations(scenario: &Scenario, answer: &Answer<'_>) -> Vec<String> {
    let offer = match answer.machine.availability.state {
        Offer::Used => Some("sold used only".to_owned()),
        _ => availability::remark(&answer.machine),
    };
    let ttft = answer.estimate.is_some_and(|estimate| estimate.prefill.is_none());
    let ttft = ttft.then(|| "TTFT not known".to_owned());
    let at_once = answer.estimate.and_then(|estimate| estimate.memory.max_streams);
    let at_once = at_once.filter(|most| *most < scenario.concurrency as f64);
    let at_once = at_once.map(|most| {
        let count = |value| Amount::exact(value, Unit::Count);
        format!("{} of {} streams at once", count(most), count(scenario.concurrency as f64))
    });
    [offer, ttft, at_once].into_iter().flatten().collect()
}

/// Returns true if a machine can be bought: it has a price and is on the market.
pub(super) fn is_sold(machine: &Machine) -> bool {
    machine.price.is_some() && machine.is_on_the_market()
}

/// Returns a sentence with the largest smaller model that passes on one of the machines. Models of the same family go
/// first if the scenario's model is one of the catalog.
fn smaller_model(catalog: &Catalog, scenario: &Scenario, answers: &Answers<'_>) -> Result<Option<String>, AnswerError> {
    let Some(asked) = answers.machines.first().map(|answer| &*answer.model) else { return Ok(None) };
    let mut models: Vec<&Model> =
        catalog.models.iter().filter(|model| model.total_params < asked.total_params).collect();
    let of_family = |model: &Model| family(&model.id) == family(&asked.id);
    models.sort_by(|a, b| of_family(b).cmp(&of_family(a)).then(b.total_params.total_cmp(&a.total_params)));
    if !matches!(scenario.model, ModelChoice::Catalog(_)) {
        models.sort_by(|a, b| b.total_params.total_cmp(&a.total_params));
    }
    for model in models {
        if let Some((answer, speed)) = best(catalog, &lanes::with_model(scenario, model))? {
            let (machine, price) = (&answer.machine.short, price(&answer));
            return Ok(Some(format!("a smaller model would do: {} on the {machine} ({price}), {speed}", model.name)));
        }
    }
    Ok(None)
}

/// Returns the letters that a model's id begins with: `qwen` of `qwen3-32b`.
fn family(id: &str) -> &str {
    id.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or(id)
}

/// Returns the winning answer of a scenario, and its speed in words.
fn best<'c>(catalog: &'c Catalog, scenario: &Scenario) -> Result<Option<(Answer<'c>, String)>, AnswerError> {
    let subject = request::model(catalog, scenario)?;
    let mut contest = Contest::new(&limits(scenario), default_min_speed(catalog));
    let mut best = None;
    for (at, id) in scenario.machines.iter().enumerate() {
        let Some(answer) = answer_if_it_runs(catalog, scenario, id, &subject)? else {
            contest.pass_over();
            continue;
        };
        contest.enter(&candidate(catalog, scenario, &answer));
        if contest.winner() == Some(at) {
            best = Some(answer);
        }
    }
    let Some(answer) = best else { return Ok(None) };
    let speed = answer.estimate.and_then(|estimate| estimate.decode.speeds).map_or_else(String::new, |speeds| {
        let each = Amount::new(speeds.each.expected, Unit::TokensPerSecond, speeds.each.digits());
        format!("{each} expected per stream")
    });
    Ok(Some((answer, speed)))
}

fn price(answer: &Answer<'_>) -> String {
    answer.computer_price().map_or_else(|| "price in USD not known".to_owned(), |price| price.words())
}
