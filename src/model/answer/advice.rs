//! What a reader should know about an answer, and what would fit where it does not.

use super::{Answer, choose};
use crate::model::catalog::Catalog;
use crate::model::estimate::estimate;
use crate::model::facts::{Basis, Claim, Format, Level, Offer};
use crate::model::scenario::Scenario;
use crate::model::units::{Amount, Unit, short_tokens};

/// Warnings of an answer, the gravest first.
pub(super) fn warnings(catalog: &Catalog, scenario: &Scenario, answer: &Answer<'_>) -> Vec<String> {
    let mut warnings = Vec::new();
    warnings.extend(answer.refused.as_ref().map(ToString::to_string));
    if answer.estimate.is_some_and(|estimate| !estimate.memory.fits) {
        warnings.push(does_not_fit(answer));
        warnings.extend(super::setup_advice::offload_offer(catalog, scenario, answer));
    }
    warnings.extend(super::setup_advice::remarks(catalog, scenario, answer));
    warnings.extend(assumed(catalog, scenario, answer));
    warnings.extend(choose::caution(catalog, &answer.machine, answer.runtime));
    let longest = answer.model.max_context;
    if scenario.context as f64 > longest {
        warnings
            .push(format!("the context is beyond the {} tokens the model was made for", short_tokens(longest as u64)));
    }
    match answer.evidence.1 {
        Level::Exact if answer.has_few_rows() => {
            warnings.push(format!("few rows: {} measurements behind the estimate", answer.evidence.0));
        }
        Level::Exact => {}
        Level::Family => {
            warnings.push(format!("no measurements of {} on this family of machines", answer.runtime.name));
        }
        Level::Global => {
            warnings.push("no measurements of this machine and runtime: efficiency of machines in general".to_owned());
        }
    }
    if answer.model.basis == Basis::Assumed {
        warnings.push("the model's shape is assumed from models of like size".to_owned());
    }
    warnings.extend(answer.host_remark());
    let availability = &answer.machine.availability;
    if !matches!(availability.state, Offer::OnSale | Offer::Unknown) && !availability.note.is_empty() {
        warnings.push(availability.note.clone());
    }
    if let Some(price) = answer.price.as_ref().filter(|price| price.fact.basis == Basis::Contested) {
        warnings.push(contested_price(price));
    }
    if answer.price.is_none() {
        warnings.push("no price in USD was found".to_owned());
    }
    warnings.extend(contested_speeds(catalog, answer));
    warnings
}

/// What is assumed of the machine, where anything is.
fn assumed(catalog: &Catalog, scenario: &Scenario, answer: &Answer<'_>) -> Option<String> {
    let id = &answer.machine.id;
    let original = catalog.machine(scenario.sold_as(id).0).map_or(id, |machine| &machine.short);
    scenario.what_if.get(id)?.sentence(original)
}

/// What to say of the format where machines differ in it: what it costs in quality, where anybody measured that.
pub(super) fn quality(answer: &Answer<'_>) -> String {
    match &answer.format.kld {
        Some(kld) => {
            let divergence = Amount::exact(kld.value, Unit::Count);
            format!("formats differ: {} costs a divergence (KLD) of {divergence} in quality", answer.format.id)
        }
        None => format!("formats differ: what {} costs in quality is not known", answer.format.id),
    }
}

/// Claims about the speed of this machine, with this model or any, that sources dispute.
fn contested_speeds(catalog: &Catalog, answer: &Answer<'_>) -> impl Iterator<Item = String> {
    let about = |claim: &&Claim| {
        claim.unit == "tok/s"
            && claim.machines.contains(&answer.machine.id)
            && claim.model.as_ref().is_none_or(|claimed| *claimed == answer.model.id)
    };
    catalog.claims.iter().filter(about).map(|claim| {
        let number = |value: f64| Amount::exact(value, Unit::TokensPerSecond);
        let range = match (claim.low, claim.high) {
            (Some(low), Some(high)) => format!(": {} to {}", number(low).number(), number(high)),
            (Some(value), None) | (None, Some(value)) => format!(": {}", number(value)),
            (None, None) => String::new(),
        };
        format!("contested: {}{range}; {}", claim.claim, claim.why)
    })
}

fn contested_price(price: &super::Price) -> String {
    let usd = |value: f64| Amount::exact(value, Unit::Usd);
    match (price.fact.low, price.fact.high) {
        (Some(low), Some(high)) => format!("the price is contested: {} to {}", usd(low), usd(high)),
        _ => format!("the price is contested ({})", price.fact.note),
    }
}

/// One sentence: what is needed, what is there, what would fit.
fn does_not_fit(answer: &Answer<'_>) -> String {
    let Some(memory) = answer.estimate.map(|estimate| estimate.memory) else { return String::new() };
    let gib = |bytes| Amount::computed(bytes, Unit::MemoryBytes);
    let remedy = answer.remedy.as_deref().unwrap_or("nothing smaller of this model fits");
    format!("does not fit: needs {}, has {} usable; {remedy}", gib(memory.total), gib(memory.usable))
}

/// What would fit where the model does not, in few words; `None` where it fits or nothing would.
pub(super) fn remedy(catalog: &Catalog, scenario: &Scenario, answer: &Answer<'_>) -> Option<String> {
    if answer.estimate?.memory.fits { None } else { what_would_fit(catalog, scenario, answer) }
}

/// The smallest step back that fits: fewer streams, a shorter context, then fewer bits.
fn what_would_fit(catalog: &Catalog, scenario: &Scenario, answer: &Answer<'_>) -> Option<String> {
    let memory = answer.estimate?.memory;
    let streams = memory.max_streams.unwrap_or(0.0);
    if streams >= 1.0 {
        let context = short_tokens(scenario.context);
        let plural = if streams > 1.0 { "streams" } else { "stream" };
        let streams = Amount::exact(streams, Unit::Count);
        return Some(format!("{streams} {plural} of {context} tokens would fit"));
    }
    if memory.max_context >= 1024.0 {
        return Some(format!("a context of {} tokens would fit", short_tokens(memory.max_context as u64)));
    }
    smaller_format(catalog, scenario, answer).map(|format| format!("{} would fit", format.id))
}

/// The format with the most bits below the present one that fits and runs.
fn smaller_format<'c>(catalog: &'c Catalog, scenario: &Scenario, answer: &Answer<'_>) -> Option<&'c Format> {
    let bits = answer.format.block_bits.value;
    let fits = |format: &&Format| {
        let mut other = answer.clone();
        let Ok(format) = catalog.format(&format.id) else { return false };
        let Some(choice) = super::choose::runtime(catalog, &answer.machine, format, None) else { return false };
        if choice.refused.is_some() || super::choose::unavailable(&answer.model, format).is_some() {
            return false;
        }
        other = Answer { format, runtime: choice.runtime, ..other };
        other.case(catalog, scenario).is_ok_and(|case| estimate(&case).memory.fits)
    };
    catalog
        .formats
        .iter()
        .filter(|format| format.block_bits.value < bits)
        .filter(fits)
        .max_by(|a, b| a.block_bits.value.total_cmp(&b.block_bits.value))
}
