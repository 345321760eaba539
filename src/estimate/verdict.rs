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

    /// What is asked; where nothing is, a speed per stream that counts as running well.
    #[must_use]
    pub fn or_well(self, well_tok_s: f64) -> Self {
        if self.is_empty() { Self { min_tok_s: Some(well_tok_s), ..self } } else { self }
    }
}

/// What the computer around a bare card adds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HostShare {
    /// How much of it.
    pub amount: f64,
    /// Whether it is the catalog's assumption and not the person's number.
    pub assumed: bool,
}

/// The price of a working computer with its range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PriceRange {
    /// The price in use, USD, with the host's.
    pub usd: f64,
    /// Lowest it may be.
    pub low: f64,
    /// Highest it may be.
    pub high: f64,
    /// Whether sources dispute it or it is outdated, so that all of the range is possible.
    pub loose: bool,
    /// What of it is the host's, where the machine is a bare card.
    pub host: Option<HostShare>,
}

impl PriceRange {
    /// The price in words, parts first: `$12,500 card + $2,500 host (assumed) = $15,000`.
    #[must_use]
    pub fn words(&self) -> String {
        parts(self.usd, self.host, Unit::Usd)
    }
}

/// The power of a working computer while it generates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Power {
    /// Watts, with the host's.
    pub watts: f64,
    /// What of it is the host's, where the machine is a bare card.
    pub host: Option<HostShare>,
}

impl Power {
    /// The power in words, parts first.
    #[must_use]
    pub fn words(&self) -> String {
        parts(self.watts, self.host, Unit::Watts)
    }
}

/// A sum of card and host in words; a complete computer's number alone.
fn parts(whole: f64, host: Option<HostShare>, unit: Unit) -> String {
    let show = |value| Amount::exact(value, unit);
    let Some(host) = host else { return show(whole).to_string() };
    let card = show(whole - host.amount);
    if host.amount == 0.0 {
        return format!("{card} card");
    }
    let assumed = if host.assumed { " (assumed)" } else { "" };
    format!("{card} card + {} host{assumed} = {}", show(host.amount), show(whole))
}

/// A machine that is judged, as a working computer.
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
    /// Its power while generating, where known.
    pub power: Option<Power>,
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
    /// Others that could win within the ranges of disputed and outdated prices.
    pub close: Vec<usize>,
    /// What each candidate misses.
    pub failed: Vec<Vec<Failed>>,
    /// What each candidate holds, a sentence each.
    pub passed: Vec<Vec<String>>,
    /// The candidate that misses least, where none passes.
    pub nearest: Option<usize>,
    /// Speed per stream that was asked for, tokens per second.
    pub min_tok_s: Option<f64>,
}

/// Judges the candidates. `well_tok_s` is the speed per stream that counts as running well where nothing is asked.
#[must_use]
pub fn verdict(candidates: &[Candidate<'_>], limits: &Limits, well_tok_s: f64) -> Verdict {
    let limits = limits.clone().or_well(well_tok_s);
    let (failed, passed): (Vec<_>, Vec<_>) = candidates.iter().map(|candidate| findings(candidate, &limits)).unzip();
    let failed: Vec<Vec<Failed>> = failed;
    let passing = |at: &usize| failed.get(*at).is_some_and(Vec::is_empty);
    let winner = (0..candidates.len()).filter(passing).min_by(|a, b| by_price_then_speed(candidates, *a, *b));
    let close = winner.map_or_else(Vec::new, |winner| {
        let others = (0..candidates.len()).filter(|at| *at != winner);
        others.filter(|at| could_win(candidates, &failed, (*at, winner), limits.budget_usd)).collect()
    });
    let nearest = if winner.is_none() { nearest(&failed) } else { None };
    Verdict { winner, close, failed, passed, nearest, min_tok_s: limits.min_tok_s }
}

fn by_price_then_speed(candidates: &[Candidate<'_>], a: usize, b: usize) -> std::cmp::Ordering {
    let price = |at: usize| candidates.get(at).and_then(|c| c.price).map_or(f64::INFINITY, |p| p.usd);
    let speed = |at: usize| candidates.get(at).and_then(expected).unwrap_or(0.0);
    price(a).total_cmp(&price(b)).then(speed(b).total_cmp(&speed(a)))
}

/// Whether `at` could take the place of `winner` somewhere within the ranges of loose prices: cheaper than it, or left
/// when the winner is over the budget. Everything but its price must pass.
fn could_win(
    candidates: &[Candidate<'_>],
    failed: &[Vec<Failed>],
    (at, winner): (usize, usize),
    budget: Option<f64>,
) -> bool {
    let price = |at: usize| candidates.get(at).and_then(|c| c.price);
    let Some((other, best)) = price(at).zip(price(winner)) else { return false };
    let lowest = if other.loose { other.low } else { other.usd };
    let highest = if best.loose { best.high } else { best.usd };
    let only_price = failed.get(at).is_some_and(|failed| failed.iter().all(|failure| failure.limit == "budget"));
    let within = |usd: f64| budget.is_none_or(|budget| usd <= budget);
    only_price && (other.loose || best.loose) && within(lowest) && (lowest < highest || !within(highest))
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

/// What holds, as a sentence, or what does not.
type Finding = Result<String, Failed>;

/// What a candidate misses, and the sentences of what it holds.
fn findings(candidate: &Candidate<'_>, limits: &Limits) -> (Vec<Failed>, Vec<String>) {
    let runs = runs(candidate);
    let can_run = runs.as_ref().is_none_or(Result::is_ok);
    let mut findings: Vec<Finding> = runs.into_iter().collect();
    findings.extend(limits.budget_usd.map(|budget| affordable(candidate, budget)));
    findings.extend(limits.max_watts.map(|watts| frugal(candidate, watts)));
    if can_run {
        findings.extend(limits.min_tok_s.and_then(|speed| fast(candidate, speed)));
        findings.extend(limits.max_ttft_s.and_then(|seconds| prompt(candidate, seconds)));
    }
    if limits.portable {
        findings.push(portable(candidate.machine.kind));
    }
    findings.extend(candidate.lacking.iter().map(|lack| Err(missed("needs", None, None, lack.clone()))));
    let mut failed = Vec::new();
    let mut passed = Vec::new();
    for finding in findings {
        match finding {
            Ok(text) => passed.push(text),
            Err(failure) => failed.push(failure),
        }
    }
    (failed, passed)
}

fn missed(limit: &'static str, need: Option<f64>, have: Option<f64>, text: String) -> Failed {
    Failed { limit, need, have, text }
}

fn portable(kind: MachineKind) -> Finding {
    match kind {
        MachineKind::Laptop => Ok("is a laptop".to_owned()),
        other => Err(missed("portable", None, None, format!("is a {}, not a laptop", other.word()))),
    }
}

fn runs(candidate: &Candidate<'_>) -> Option<Finding> {
    if let Some(reason) = candidate.refused {
        return Some(Err(missed("format", None, None, reason.to_owned())));
    }
    let memory = &candidate.estimate?.memory;
    let show = |bytes| Amount::computed(bytes, Unit::MemoryBytes);
    let (total, usable) = (show(memory.total), show(memory.usable));
    if memory.fits {
        return Some(Ok(format!("fits, needs {total} of {usable} usable")));
    }
    let text = format!("does not fit, needs {total} and has {usable} usable");
    Some(Err(missed("memory", Some(memory.total), Some(memory.usable), text)))
}

fn affordable(candidate: &Candidate<'_>, budget: f64) -> Finding {
    let asked = format!("the budget is {}", Amount::exact(budget, Unit::Usd));
    let Some(price) = candidate.price else {
        return Err(missed("budget", Some(budget), None, format!("its price in USD is not known, {asked}")));
    };
    let text = format!("costs {}, {asked}", price.words());
    if price.usd <= budget { Ok(text) } else { Err(missed("budget", Some(budget), Some(price.usd), text)) }
}

fn frugal(candidate: &Candidate<'_>, limit: f64) -> Finding {
    let asked = format!("the limit is {}", Amount::exact(limit, Unit::Watts));
    let Some(power) = candidate.power else {
        return Err(missed("watts", Some(limit), None, format!("its power under load is not known, {asked}")));
    };
    let text = format!("draws {} under load, {asked}", power.words());
    if power.watts <= limit { Ok(text) } else { Err(missed("watts", Some(limit), Some(power.watts), text)) }
}

fn fast(candidate: &Candidate<'_>, wanted: f64) -> Option<Finding> {
    let speeds = candidate.estimate?.decode.speeds?;
    let have = speeds.each.expected;
    let show = |value, digits| Amount::new(value, Unit::TokensPerSecond, digits);
    let (expected, asked) = (show(have, speeds.each.digits()), show(wanted, Digits::Exact));
    let text = format!("expected {expected} per stream, {asked} asked");
    Some(if have >= wanted { Ok(text) } else { Err(missed("speed", Some(wanted), Some(have), text)) })
}

fn prompt(candidate: &Candidate<'_>, limit: f64) -> Option<Finding> {
    let Some(prefill) = candidate.estimate?.prefill else {
        let text = "its time to first token is not known".to_owned();
        return Some(Err(missed("ttft", Some(limit), None, text)));
    };
    let show = |seconds, digits| Amount::new(seconds, Unit::Seconds, digits);
    let have = prefill.ttft.expected;
    let text = format!("first token after {}, {} asked", show(have, prefill.ttft.digits()), show(limit, Digits::Exact));
    Some(if have <= limit { Ok(text) } else { Err(missed("ttft", Some(limit), Some(have), text)) })
}
