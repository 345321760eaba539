//! Which box: the cheapest machine that passes every limit, ties by speed.
//!
//! Without limits, "runs it well" is a speed per stream that the catalog states. Every failure is a sentence with its
//! numbers. A price that sources dispute does not move the winner, but names who could take its place.

use super::figures::Estimate;
use crate::spec::{Machine, MachineKind};
use crate::units::{Amount, Digits, Unit};

/// What the person will accept.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Limits {
    /// Highest price, USD.
    pub budget_usd: Option<f64>,
    /// Highest power under load, watts.
    pub max_watts: Option<f64>,
    /// Lowest expected speed per stream, tokens per second.
    pub min_tok_s: Option<f64>,
    /// Longest time to first token, seconds.
    pub max_ttft_s: Option<f64>,
    /// Only a laptop will do.
    pub portable: bool,
}

impl Limits {
    /// Whether nothing is asked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A price with its range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PriceRange {
    /// The price in use, USD.
    pub usd: f64,
    /// Lowest found.
    pub low: f64,
    /// Highest found.
    pub high: f64,
    /// Whether sources dispute it.
    pub contested: bool,
}

/// A machine that is judged.
#[derive(Clone, Debug)]
pub struct Candidate<'a> {
    /// The machine.
    pub machine: &'a Machine,
    /// Its estimate; `None` where nothing can be estimated, with the reason in `refused`.
    pub estimate: Option<&'a Estimate<f64>>,
    /// Why it cannot run the format, where it cannot.
    pub refused: Option<&'a str>,
    /// Its price, where known.
    pub price: Option<PriceRange>,
    /// Capabilities that were asked for and are not there, in words.
    pub lacking: Vec<String>,
}

/// A limit that a machine misses.
#[derive(Clone, Debug, PartialEq)]
pub struct Failed {
    /// The limit: budget, watts, speed, ttft, portable, needs, memory, format.
    pub limit: &'static str,
    /// What was asked, where it is a number.
    pub need: Option<f64>,
    /// What the machine has, where it is a known number.
    pub have: Option<f64>,
    /// The sentence.
    pub text: String,
}

/// The answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// Index of the winner among the candidates.
    pub winner: Option<usize>,
    /// Others that could win within disputed prices.
    pub close: Vec<usize>,
    /// What each candidate misses.
    pub failed: Vec<Vec<Failed>>,
    /// The candidate that misses least, where none passes.
    pub nearest: Option<usize>,
    /// Speed per stream that was asked for, tokens per second.
    pub min_tok_s: Option<f64>,
}

/// Judges the candidates. `well_tok_s` is the speed per stream that counts as running well where nothing is asked.
#[must_use]
pub fn verdict(candidates: &[Candidate<'_>], limits: &Limits, well_tok_s: f64) -> Verdict {
    let mut limits = limits.clone();
    if limits.is_empty() {
        limits.min_tok_s = Some(well_tok_s);
    }
    let failed: Vec<Vec<Failed>> = candidates.iter().map(|candidate| failures(candidate, &limits)).collect();
    let passing = |at: &usize| failed.get(*at).is_some_and(Vec::is_empty);
    let winner = (0..candidates.len()).filter(passing).min_by(|a, b| by_price_then_speed(candidates, *a, *b));
    let close = winner.map_or_else(Vec::new, |winner| {
        (0..candidates.len())
            .filter(|at| *at != winner && passing(at) && could_undercut(candidates, *at, winner))
            .collect()
    });
    let nearest = if winner.is_none() { nearest(&failed) } else { None };
    Verdict { winner, close, failed, nearest, min_tok_s: limits.min_tok_s }
}

fn by_price_then_speed(candidates: &[Candidate<'_>], a: usize, b: usize) -> std::cmp::Ordering {
    let price = |at: usize| candidates.get(at).and_then(|c| c.price).map_or(f64::INFINITY, |p| p.usd);
    let speed = |at: usize| candidates.get(at).and_then(expected).unwrap_or(0.0);
    price(a).total_cmp(&price(b)).then(speed(b).total_cmp(&speed(a)))
}

/// Whether `at` is cheaper than `winner` somewhere within the ranges, one of the two prices being disputed.
fn could_undercut(candidates: &[Candidate<'_>], at: usize, winner: usize) -> bool {
    let price = |at: usize| candidates.get(at).and_then(|c| c.price);
    match (price(at), price(winner)) {
        (Some(other), Some(best)) => {
            let lowest = if other.contested { other.low } else { other.usd };
            let highest = if best.contested { best.high } else { best.usd };
            (other.contested || best.contested) && lowest < highest
        }
        _ => false,
    }
}

/// The candidate with the fewest failures, ties by the smallest relative miss.
fn nearest(failed: &[Vec<Failed>]) -> Option<usize> {
    let miss = |failures: &[Failed]| -> f64 {
        failures
            .iter()
            .map(|failure| match (failure.need, failure.have) {
                (Some(need), Some(have)) if need > 0.0 && have > 0.0 => (need / have).ln().abs(),
                _ => 10.0,
            })
            .sum()
    };
    (0..failed.len()).min_by(|a, b| {
        let of = |at: &usize| failed.get(*at).map_or((usize::MAX, f64::INFINITY), |f| (f.len(), miss(f)));
        let (a, b) = (of(a), of(b));
        a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))
    })
}

fn expected(candidate: &Candidate<'_>) -> Option<f64> {
    candidate.estimate?.decode.speeds.map(|speeds| speeds.each.expected)
}

fn failures(candidate: &Candidate<'_>, limits: &Limits) -> Vec<Failed> {
    let mut failed = Vec::new();
    failed.extend(cannot_run(candidate));
    failed.extend(limits.budget_usd.and_then(|budget| over_budget(candidate, budget)));
    failed.extend(limits.max_watts.and_then(|watts| over_power(candidate, watts)));
    if failed.iter().all(|failure| failure.limit != "memory" && failure.limit != "format") {
        failed.extend(limits.min_tok_s.and_then(|speed| too_slow(candidate, speed)));
        failed.extend(limits.max_ttft_s.and_then(|seconds| too_late(candidate, seconds)));
    }
    if limits.portable && candidate.machine.kind != MachineKind::Laptop {
        let text = format!("is a {}, not a laptop", candidate.machine.kind.word());
        failed.push(Failed { limit: "portable", need: None, have: None, text });
    }
    for lack in &candidate.lacking {
        failed.push(Failed { limit: "needs", need: None, have: None, text: lack.clone() });
    }
    failed
}

fn cannot_run(candidate: &Candidate<'_>) -> Option<Failed> {
    if let Some(reason) = candidate.refused {
        return Some(Failed { limit: "format", need: None, have: None, text: reason.to_owned() });
    }
    let memory = &candidate.estimate?.memory;
    (!memory.fits).then(|| {
        let show = |bytes| Amount::computed(bytes, Unit::MemoryBytes);
        let text = format!("does not fit, needs {} and has {} usable", show(memory.total), show(memory.usable));
        Failed { limit: "memory", need: Some(memory.total), have: Some(memory.usable), text }
    })
}

fn over_budget(candidate: &Candidate<'_>, budget: f64) -> Option<Failed> {
    let show = |usd| Amount::exact(usd, Unit::Usd);
    match candidate.price {
        Some(price) if price.usd <= budget => None,
        Some(price) => {
            let text = format!("costs {}, the budget is {}", show(price.usd), show(budget));
            Some(Failed { limit: "budget", need: Some(budget), have: Some(price.usd), text })
        }
        None => {
            let text = format!("its price in USD is not known, the budget is {}", show(budget));
            Some(Failed { limit: "budget", need: Some(budget), have: None, text })
        }
    }
}

fn over_power(candidate: &Candidate<'_>, limit: f64) -> Option<Failed> {
    let show = |watts| Amount::exact(watts, Unit::Watts);
    match candidate.estimate.and_then(|estimate| estimate.load_watts) {
        Some(watts) if watts <= limit => None,
        Some(watts) => {
            let text = format!("draws {} under load, the limit is {}", show(watts), show(limit));
            Some(Failed { limit: "watts", need: Some(limit), have: Some(watts), text })
        }
        None => {
            let text = format!("its power under load is not known, the limit is {}", show(limit));
            Some(Failed { limit: "watts", need: Some(limit), have: None, text })
        }
    }
}

fn too_slow(candidate: &Candidate<'_>, wanted: f64) -> Option<Failed> {
    let speeds = candidate.estimate?.decode.speeds?;
    let have = speeds.each.expected;
    (have < wanted).then(|| {
        let digits = speeds.each.digits();
        let have_text = Amount::new(have, Unit::TokensPerSecond, digits);
        let text = format!("expected {have_text} per stream, {} asked", Amount::exact(wanted, Unit::TokensPerSecond));
        Failed { limit: "speed", need: Some(wanted), have: Some(have), text }
    })
}

fn too_late(candidate: &Candidate<'_>, limit: f64) -> Option<Failed> {
    let show = |seconds, digits| Amount::new(seconds, Unit::Seconds, digits);
    match candidate.estimate?.prefill {
        Some(prefill) if prefill.ttft.expected <= limit => None,
        Some(prefill) => {
            let have = prefill.ttft.expected;
            let digits = prefill.ttft.digits();
            let text = format!("first token after {}, {} asked", show(have, digits), show(limit, Digits::Exact));
            Some(Failed { limit: "ttft", need: Some(limit), have: Some(have), text })
        }
        None => {
            let text = "its time to first token is not known".to_owned();
            Some(Failed { limit: "ttft", need: Some(limit), have: None, text })
        }
    }
}
