//! The combination that comes nearest if none passes, and the change with which it would pass.

use rayon::prelude::*;

use super::field::{lies_in_two_places, of_answer, with_host};
use super::{Axes, Found, not_searched};
use crate::model::answer::{
    Answer, AnswerBuilder, AnswerError, advice, builder, candidate, default_min_speed, limits, model, number,
};
use crate::model::catalog::Catalog;
use crate::model::estimate::verdict::{self, Failed, Limits};
use crate::model::facts::{Format, Runtime};
use crate::model::scenario::{FormatChoice, ModelChoice, RuntimeChoice, Scenario};
use crate::model::units::{Amount, Unit, round_down, round_up};

/// Size of a miss without numbers that a flag can lift, such as that of a withdrawn machine.
const WITHOUT_NUMBERS: f64 = 0.4;
/// Size of a miss that neither a number nor a flag can lift.
const FIXED: f64 = 10.0;
/// Size that is added for each miss, so that fewer misses are always nearer.
const EACH: f64 = 1e3;

/// The combination that comes nearest to passing.
#[derive(Clone, Debug, PartialEq)]
pub struct Nearest {
    /// The combination, at the scenario's streams and context.
    pub found: Found,
    /// The limits that it misses, separated by commas.
    pub failed: String,
    /// The smallest change with which it passes.
    pub change: String,
}

/// A miss of one limit: its size, and the change that lifts it.
struct Miss {
    limit: &'static str,
    size: f64,
    /// The failed test of the verdict, if it is one. Its change is worked out later, for the nearest combination only.
    failed: Option<Failed>,
    /// The change that lifts the miss, if `failed` is `None`.
    change: String,
}

/// Returns the combination with the fewest and smallest misses. All formats are tried, those of low quality included,
/// and if no machine was named all machines of the catalog.
pub(super) fn nearest(catalog: &Catalog, scenario: &Scenario, axes: &Axes) -> Result<Option<Nearest>, AnswerError> {
    let machines: Vec<&str> = if axes.all_machines {
        catalog.machines.iter().map(|machine| machine.id.as_str()).collect()
    } else {
        axes.machines.iter().map(String::as_str).collect()
    };
    let pairs: Vec<(&str, &ModelChoice)> =
        axes.models.iter().flat_map(|model| machines.iter().map(move |machine| (*machine, model))).collect();
    let of_pairs: Vec<Option<(f64, Nearest)>> = pairs
        .par_iter()
        .map(|(machine, choice)| of_pair(catalog, scenario, axes, (machine, choice)))
        .collect::<Result<_, AnswerError>>()?;
    let nearest = of_pairs.into_iter().flatten().min_by(|(a, _), (b, _)| a.total_cmp(b));
    Ok(nearest.map(|(_, nearest)| nearest))
}

/// Returns the nearest combination of one machine and one model, with the total size of its misses.
fn of_pair<'c>(
    catalog: &'c Catalog,
    scenario: &Scenario,
    axes: &Axes,
    (machine, choice): (&str, &ModelChoice),
) -> Result<Option<(f64, Nearest)>, AnswerError> {
    let asked = Scenario { model: choice.clone(), ..scenario.clone() };
    let subject = model(catalog, &asked)?;
    let alone = builder(catalog, &asked, machine, &subject)?;
    let hosts: &[String] = if alone.memory_host.is_some() { &axes.hosts } else { &[] };
    let asked_with: Vec<Scenario> = hosts.iter().map(|host| with_host(&asked, host)).collect();
    let hosted: Vec<AnswerBuilder<'_, '_>> =
        asked_with.iter().map(|asked| builder(catalog, asked, machine, &subject)).collect::<Result<_, _>>()?;
    let is_wanted = |format: &&Format| match &scenario.format {
        FormatChoice::Same(id) => format.id == *id,
        _ => format.is_offered_for(&subject.0),
    };
    let mut nearest: Option<(f64, Answer<'_>, &Scenario, Vec<Miss>)> = None;
    for format in catalog.formats.iter().filter(is_wanted) {
        let is_wanted = |runtime: &&Runtime| match &scenario.runtime {
            RuntimeChoice::Same(id) => runtime.id == *id,
            _ => runtime.loads.contains(&format.container),
        };
        for runtime in catalog.runtimes.iter().filter(is_wanted) {
            let with = |builder: &AnswerBuilder<'c, '_>| {
                AnswerBuilder { wanted: Some(runtime), ..builder.clone() }.with_format(format)
            };
            let mut answers = vec![(with(&alone)?, &asked)];
            if !hosted.is_empty() && answers.iter().all(|(answer, _)| lies_in_two_places(answer)) {
                // As in the search, a runtime that no source shows with weights in system memory is not offered by
                // itself.
                if matches!(scenario.runtime, RuntimeChoice::Auto) && !runtime.weights_in_ram {
                    continue;
                }
                answers = hosted
                    .iter()
                    .map(|builder| Ok((with(builder)?, builder.scenario)))
                    .collect::<Result<_, AnswerError>>()?;
            }
            for (answer, asked) in answers {
                let Some(misses) = misses(catalog, asked, &answer) else { continue };
                let size = misses.iter().map(|miss| EACH + miss.size).sum::<f64>();
                if nearest.as_ref().is_none_or(|(least, ..)| size < *least) {
                    nearest = Some((size, answer, asked, misses));
                }
            }
        }
    }
    Ok(nearest.map(|(size, answer, asked, misses)| {
        let misses = if misses.is_empty() { vec![unsearched(scenario, &answer)] } else { misses };
        let nearest = Nearest {
            found: of_answer(catalog, asked, &answer, choice),
            failed: misses.iter().map(|miss| miss.limit).collect::<Vec<_>>().join(", "),
            change: misses.iter().map(|miss| miss.cure(catalog, asked, &answer)).collect::<Vec<_>>().join(" and "),
        };
        (size, nearest)
    }))
}

/// Returns the reason why a combination that passes was not searched, as a miss: its machine, streams that do not all
/// run at once, or its software.
fn unsearched(scenario: &Scenario, answer: &Answer<'_>) -> Miss {
    let machine = &answer.machine;
    let at_once = answer.estimate.and_then(|estimate| estimate.memory.max_streams);
    let (limit, change) = match (not_searched(machine, scenario.limits.any_availability), at_once) {
        (Some(reason), _) => ("availability", format!("--machine {}, as it is one of the {reason}", machine.id)),
        (None, Some(most)) if most < scenario.concurrency as f64 => {
            let most = Amount::exact(most, Unit::Count);
            ("memory", format!("--concurrency {most}, the streams that run at once"))
        }
        (None, _) => {
            let runtime = &answer.runtime.id;
            ("experimental", format!("--runtime {runtime}, which no source shows on the {}", machine.short))
        }
    };
    Miss { limit, size: WITHOUT_NUMBERS, failed: None, change }
}

/// Returns the misses of an answer; `None` if it cannot run at all.
fn misses(catalog: &Catalog, scenario: &Scenario, answer: &Answer<'_>) -> Option<Vec<Miss>> {
    if answer.refused.is_some() {
        return None;
    }
    let least_speed = scenario.limits.min_tok_s.or(Some(default_min_speed(catalog)));
    let limits = Limits { min_tok_s: least_speed, ..limits(scenario) };
    let failed = verdict::verdict(&[candidate(catalog, scenario, answer)], &limits, 0.0).failed.pop()?;
    let mut misses: Vec<Miss> = failed.into_iter().map(miss).collect();
    let least = number(catalog, "least_bits").unwrap_or(0.0);
    let bits = answer.format.block_bits.value;
    if bits < least && !matches!(scenario.format, FormatChoice::Same(_)) {
        let change = format!("a format below {least} bits per weight: {}", answer.format.id);
        misses.push(Miss { limit: "quality", size: libm::log(least / bits), failed: None, change });
    }
    Some(misses)
}

fn miss(failed: Failed) -> Miss {
    let size = match (failed.need, failed.have) {
        // Without memory there is no speed and no wait, so it may miss their limits too; the size counts two more
        // misses.
        (Some(need), Some(have)) if failed.limit == "memory" => 2.0 * EACH + libm::log(need / have).abs(),
        (Some(need), Some(have)) if need > 0.0 && have > 0.0 => libm::log(need / have).abs(),
        _ if matches!(failed.limit, "availability" | "experimental") => WITHOUT_NUMBERS,
        _ => FIXED,
    };
    Miss { limit: failed.limit, size, failed: Some(failed), change: String::new() }
}

impl Miss {
    /// Returns the change that lifts the miss, in words.
    fn cure(&self, catalog: &Catalog, scenario: &Scenario, answer: &Answer<'_>) -> String {
        self.failed.as_ref().map_or_else(|| self.change.clone(), |failed| cure(catalog, scenario, answer, failed))
    }
}

/// Returns the change with which an answer passes a test that it failed, in words.
fn cure(catalog: &Catalog, scenario: &Scenario, answer: &Answer<'_>, failed: &Failed) -> String {
    let amount = |value: f64, unit| Amount::exact(value, unit);
    match (failed.limit, failed.have) {
        ("budget", Some(usd)) => format!("a budget of {}", amount(usd, Unit::Usd)),
        ("watts", Some(watts)) => format!("a power limit of {}", amount(watts, Unit::Watts)),
        ("speed", Some(speed)) => format!("a least speed of {}", amount(round_down(speed, 2), Unit::TokensPerSecond)),
        ("ttft", Some(seconds)) => format!("a longest wait of {}", amount(round_up(seconds, 2), Unit::Seconds)),
        ("availability", _) => format!("--any-availability ({})", failed.text),
        ("experimental", _) => format!("--experimental ({})", failed.text),
        ("memory", _) => advice::remedy(catalog, scenario, answer).unwrap_or_else(|| failed.text.clone()),
        _ => failed.text.clone(),
    }
}
