//! Warnings of an answer, and the changes that would make the model fit.

use super::{Answer, availability, choose};
use crate::model::catalog::Catalog;
use crate::model::estimate::estimate;
use crate::model::facts::{Basis, Claim, Format, KvFormat, Level};
use crate::model::scenario::{FormatChoice, Scenario};
use crate::model::units::{Amount, Digits, Unit, counted, short_tokens};

/// Returns a sentence on the gain by drafts, which warns that no fact says that the model has this draft method.
fn drafted(answer: &Answer<'_>) -> Option<String> {
    let drafts = answer.drafts.as_ref()?;
    let method = drafts.method?;
    let gained = Amount::new(drafts.accepted_per_step, Unit::Count, Digits::Significant(2));
    let drafted = counted(drafts.drafted as u64, "token");
    let known = match (method.own_head, answer.model.prediction_head) {
        (true, Some(true)) => format!("{} has it", answer.model.name),
        (true, Some(false)) => return None,
        _ => format!("no fact here says that {} has them", answer.model.name),
    };
    Some(format!(
        "with drafts ({}): {drafted} drafted and {gained} gained a step, as on other models; {known}",
        method.name
    ))
}

/// Returns warnings about a prompt or a context that is too long.
fn lengths(scenario: &Scenario, answer: &Answer<'_>) -> Vec<String> {
    let mut warnings = Vec::new();
    // A prompt that is not given is a share of the context, so it is never too long.
    let asked = scenario.prompt.unwrap_or_default();
    if asked > scenario.context {
        let (prompt, context) = (short_tokens(asked), short_tokens(scenario.context));
        warnings.push(format!(
            "the prompt of {prompt} tokens is longer than the context of {context}: decode is of {context} in the cache"
        ));
    }
    let longest = answer.model.max_context;
    // The longest context of a custom model is only interpolated.
    if scenario.context.max(asked) as f64 > longest && answer.model.basis != Basis::Assumed {
        let longest = short_tokens(longest as u64);
        warnings.push(format!("the context is beyond the {longest} tokens the model was made for"));
    }
    warnings
}

/// Returns the warnings of an answer, the most serious first.
pub(super) fn warnings(catalog: &Catalog, scenario: &Scenario, answer: &Answer<'_>) -> Vec<String> {
    let mut warnings = Vec::new();
    warnings.extend(answer.refused.as_ref().map(ToString::to_string));
    if answer.estimate.is_some_and(|estimate| !estimate.memory.fits) {
        warnings.push(does_not_fit(catalog, scenario, answer));
        warnings.extend(super::setup_advice::offload_offer(catalog, scenario, answer));
    }
    warnings.extend(best_holds_too_few(scenario, answer));
    warnings.extend(super::setup_advice::remarks(catalog, scenario, answer));
    warnings.extend(assumed(catalog, scenario, answer));
    warnings.extend(choose::caution(catalog, &answer.machine, answer.runtime));
    warnings.extend(drafted(answer));
    warnings.extend(lengths(scenario, answer));
    match answer.evidence.1 {
        Level::Exact if answer.has_few_rows() => {
            let rows = counted(u64::from(answer.evidence.0), "measurement");
            warnings.push(format!("only {rows} behind the estimate"));
        }
        Level::Exact => {}
        Level::Family => {
            warnings.push(format!("no measurement of {} on this family of machines", answer.runtime.name));
        }
        Level::Vendor => {
            warnings.push("no measurement of this family: efficiency of its vendor's other machines".to_owned());
        }
        Level::Global => {
            warnings.push("no measurement of this family or its vendor: efficiency of machines in general".to_owned());
        }
    }
    if answer.model.basis == Basis::Assumed {
        warnings.push("the model's shape is assumed from models of like size".to_owned());
    }
    warnings.extend(answer.host_remark());
    warnings.extend(availability::remark(&answer.machine));
    if let Some(price) = answer.price.as_ref().filter(|price| price.fact.basis == Basis::Contested) {
        warnings.push(contested_price(price));
    }
    warnings.extend(answer.price.as_ref().and_then(|price| super::price::in_use(catalog, &answer.machine.id, price)));
    if answer.price.is_none() {
        warnings.push("no price in USD was found".to_owned());
    }
    warnings.extend(contested_speeds(catalog, answer));
    warnings
}

/// Returns a warning that no format holds all streams, if the scenario asks for the best format and the one chosen
/// holds fewer.
fn best_holds_too_few(scenario: &Scenario, answer: &Answer<'_>) -> Option<String> {
    let memory = answer.estimate.map(|estimate| estimate.memory).filter(|memory| memory.fits)?;
    let most = memory.max_streams.filter(|most| *most < scenario.concurrency as f64)?;
    (scenario.format == FormatChoice::Best).then(|| {
        format!(
            "no format that is chosen by itself holds {} streams here; {} holds {}",
            Amount::exact(scenario.concurrency as f64, Unit::Count),
            answer.format.id,
            Amount::exact(most, Unit::Count)
        )
    })
}

/// Returns the assumptions about the machine in a sentence; `None` if there are none.
fn assumed(catalog: &Catalog, scenario: &Scenario, answer: &Answer<'_>) -> Option<String> {
    let id = &answer.machine.id;
    let original = catalog.machine(scenario.sold_as(id).0).map_or(id, |machine| &machine.short);
    scenario.what_if.get(id)?.sentence(original)
}

/// Returns the remark for machines with different formats: the cost in quality of this machine's format, if measured.
pub(super) fn quality(answer: &Answer<'_>) -> String {
    match &answer.format.kld {
        Some(kld) => {
            let divergence = Amount::exact(kld.value, Unit::Count);
            format!("formats differ: {} costs a divergence (KLD) of {divergence} in quality", answer.format.id)
        }
        None => format!("formats differ: what {} costs in quality is not known", answer.format.id),
    }
}

/// Returns the disputed claims about the speed of this machine, with this model or with any.
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

/// Returns a sentence with the memory needed, the usable memory and the smallest changes that fit.
fn does_not_fit(catalog: &Catalog, scenario: &Scenario, answer: &Answer<'_>) -> String {
    let Some(memory) = answer.estimate.map(|estimate| estimate.memory) else { return String::new() };
    let (total, usable) = Amount::told_apart(memory.total, memory.usable, Unit::MemoryBytes);
    let changes = changes_that_fit(catalog, scenario, answer);
    let cure = if changes.is_empty() { "nothing smaller of this model fits".to_owned() } else { changes.join("; ") };
    format!("does not fit: needs {total}, has {usable} usable; {cure}")
}

/// Returns the first change that would make the model fit, in few words; `None` if it fits or no change would do.
pub(super) fn remedy(catalog: &Catalog, scenario: &Scenario, answer: &Answer<'_>) -> Option<String> {
    if answer.estimate?.memory.fits {
        return None;
    }
    changes_that_fit(catalog, scenario, answer).into_iter().next()
}

/// Returns the smallest single changes that fit, in the order in which users usually make them: cache format, context,
/// weight format. Fewer streams are not among them because streams without memory wait, and offload has its own
/// sentence.
fn changes_that_fit(catalog: &Catalog, scenario: &Scenario, answer: &Answer<'_>) -> Vec<String> {
    let Some(memory) = answer.estimate.map(|estimate| estimate.memory) else { return Vec::new() };
    let cache = smaller_cache(catalog, scenario, answer).map(|kv| format!("{} caches would fit", kv.id));
    let longest = memory.max_context as u64 / 1024 * 1024;
    let context = (longest >= 1024).then(|| format!("a context of {} tokens would fit", short_tokens(longest)));
    let weights = smaller_format(catalog, scenario, answer).map(|format| format!("{} would fit", format.id));
    [cache, context, weights].into_iter().flatten().collect()
}

/// Returns the cache format that fits and that the runtime has, with the most bits below those of the current one.
fn smaller_cache<'c>(catalog: &'c Catalog, scenario: &Scenario, answer: &Answer<'c>) -> Option<&'c KvFormat> {
    let bits = answer.kv_format.bits.value;
    let fits = |kv: &&'c KvFormat| {
        let other = Answer { kv_format: kv, ..answer.clone() };
        choose::no_such_cache(answer.runtime, kv).is_none()
            && other.case(catalog, scenario).is_ok_and(|case| estimate(&case).memory.fits)
    };
    let smaller = catalog.kv_formats.iter().filter(|kv| kv.bits.value < bits).filter(fits);
    smaller.max_by(|a, b| a.bits.value.total_cmp(&b.bits.value))
}

/// Returns the weight format that fits and runs, with the most bits below those of the current one.
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
