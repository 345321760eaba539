//! The choice of a box: the cheapest machine that passes every limit, ties by speed.
//!
//! Without limits, "runs it well" is a speed per stream that the catalog states. Every failure is a sentence with its
//! numbers. A price that sources dispute does not move the winner, but names who could take its place.

use std::error::Error;

use serde::Serialize;

use super::figures::{Band, Estimate};
use super::setup::Waiting;
use crate::model::facts::{Machine, MachineKind};
use crate::model::units::{Amount, Digits, Unit};

/// The limits that the user sets.
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
    /// Tells if no limit is set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Returns the limits; where none is set, a speed per stream that counts as running well.
    #[must_use]
    pub fn with_default_speed(self, default_tok_s: f64) -> Self {
        if self.is_empty() { Self { min_tok_s: Some(default_tok_s), ..self } } else { self }
    }
}

/// The part of a number that the computer around a bare card adds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HostShare {
    /// The amount of it.
    pub amount: f64,
    /// True if it is the catalog's assumption and not the user's number.
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
    /// True if sources dispute it or it is outdated, so that all of the range is possible.
    pub price_is_uncertain: bool,
    /// The host's part of it, where the machine is a bare card.
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
    /// The host's part of it, where the machine is a bare card.
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

/// A reason for which a machine cannot run something: written only where it is read.
pub type Reason<'a> = &'a (dyn Error + Send + Sync + 'a);

/// A machine that is judged, as a working computer.
#[derive(Clone, Debug)]
pub struct Candidate<'a> {
    /// The machine.
    pub machine: &'a Machine,
    /// Its estimate; `None` where nothing can be estimated, with the reason in `refused`.
    pub estimate: Option<&'a Estimate<f64>>,
    /// The reason for which it cannot run the format, where it cannot.
    pub refused: Option<Reason<'a>>,
    /// Its price, where known.
    pub price: Option<PriceRange>,
    /// Its power while generating, where known.
    pub power: Option<Power>,
    /// Waits and speeds that several users see, where a limit or an answer needs them.
    pub waiting: Option<Waiting>,
    /// Capabilities that were asked for and are not there, in words.
    pub lacking: Vec<String>,
    /// Reasons for which it never wins by itself: it is no longer sold, or its software is experimental there.
    pub barred: Vec<Bar>,
}

/// A reason for which a machine does not win, whatever its figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// The limit that it misses: availability or experimental.
    pub limit: &'static str,
    /// The sentence.
    pub text: String,
}

/// A limit that a machine misses.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Failed {
    /// The limit: budget, watts, speed, ttft, portable, needs, memory, format, availability, experimental.
    pub limit: &'static str,
    /// The number that was asked for, where it is one.
    pub need: Option<f64>,
    /// The number that the machine has, where it is known.
    pub have: Option<f64>,
    /// The sentence.
    pub text: String,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Verdict {
    /// Index of the winner among the candidates.
    pub winner: Option<usize>,
    /// Others that could win within the ranges of disputed and outdated prices.
    pub close: Vec<usize>,
    /// The limits that each candidate misses.
    pub failed: Vec<Vec<Failed>>,
    /// The limits that each candidate holds, a sentence each.
    pub passed: Vec<Vec<String>>,
    /// The candidate that misses least, where none passes.
    pub nearest: Option<usize>,
    /// Speed per stream that was asked for, tokens per second.
    pub min_tok_s: Option<f64>,
}

/// Judges the candidates. `default_tok_s` is the speed per stream that counts as running well where nothing is asked.
#[must_use]
pub fn verdict(candidates: &[Candidate<'_>], limits: &Limits, default_tok_s: f64) -> Verdict {
    let winner = winner(candidates, limits, default_tok_s);
    let limits = limits.clone().with_default_speed(default_tok_s);
    let (failed, passed): (Vec<_>, Vec<_>) = candidates.iter().map(|candidate| sorted(candidate, &limits)).unzip();
    let failed: Vec<Vec<Failed>> = failed;
    let close = winner.map_or_else(Vec::new, |winner| {
        let others = (0..candidates.len()).filter(|at| *at != winner);
        others.filter(|at| could_win(candidates, &failed, (*at, winner), limits.budget_usd)).collect()
    });
    let nearest = if winner.is_none() { nearest(&failed) } else { None };
    Verdict { winner, close, failed, passed, nearest, min_tok_s: limits.min_tok_s }
}

/// The winner alone, as [`verdict`] names it.
#[must_use]
pub fn winner(candidates: &[Candidate<'_>], limits: &Limits, default_tok_s: f64) -> Option<usize> {
    let mut contest = Contest::new(limits, default_tok_s);
    for candidate in candidates {
        contest.enter(candidate);
    }
    contest.winner()
}

/// Candidates one after the other, the best of which stays: nothing is put into words, and nothing is allocated.
pub struct Contest {
    limits: Limits,
    entered: usize,
    /// The best so far: its place, price and speed.
    best: Option<(usize, f64, f64)>,
}

impl Contest {
    /// A contest within `limits`, taken as [`verdict`] takes them.
    #[must_use]
    pub fn new(limits: &Limits, default_tok_s: f64) -> Self {
        Self { limits: limits.clone().with_default_speed(default_tok_s), entered: 0, best: None }
    }

    /// The next candidate: the cheapest that passes wins, the faster of two that cost the same, the first of equals.
    pub fn enter(&mut self, candidate: &Candidate<'_>) {
        let at = self.entered;
        self.entered += 1;
        if !findings(candidate, &self.limits).all(|found| found.holds()) {
            return;
        }
        let price = candidate.price.map_or(f64::INFINITY, |price| price.usd);
        let speed = expected(candidate).unwrap_or(0.0);
        let beats = |(_, usd, tok_s): (usize, f64, f64)| price.total_cmp(&usd).then(tok_s.total_cmp(&speed)).is_lt();
        if self.best.is_none_or(beats) {
            self.best = Some((at, price, speed));
        }
    }

    /// The place of the best among all that entered; `None` where none passes.
    #[must_use]
    pub fn winner(&self) -> Option<usize> {
        self.best.map(|(at, ..)| at)
    }
}

/// Tells if `at` could take the place of `winner` somewhere within the ranges of `price_is_uncertain` prices: cheaper
/// than it, or left when the winner is over the budget. Everything but its price must pass.
fn could_win(
    candidates: &[Candidate<'_>],
    failed: &[Vec<Failed>],
    (at, winner): (usize, usize),
    budget: Option<f64>,
) -> bool {
    let price = |at: usize| candidates.get(at).and_then(|c| c.price);
    let Some((other, best)) = price(at).zip(price(winner)) else { return false };
    let lowest = if other.price_is_uncertain { other.low } else { other.usd };
    let highest = if best.price_is_uncertain { best.high } else { best.usd };
    let only_price = failed.get(at).is_some_and(|failed| failed.iter().all(|failure| failure.limit == "budget"));
    let within = |usd: f64| budget.is_none_or(|budget| usd <= budget);
    only_price
        && (other.price_is_uncertain || best.price_is_uncertain)
        && within(lowest)
        && (lowest < highest || !within(highest))
}

/// The candidate with the fewest failures, ties by the smallest relative miss.
fn nearest(failed: &[Vec<Failed>]) -> Option<usize> {
    let miss = |failures: &[Failed]| -> f64 {
        failures
            .iter()
            .map(|failure| match (failure.need, failure.have) {
                (Some(need), Some(have)) if need > 0.0 && have > 0.0 => libm::log(need / have).abs(),
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

/// One limit against what a candidate has.
#[derive(Clone, Copy, Debug)]
enum Finding<'a> {
    /// It cannot run the format, for this reason.
    Refused(Reason<'a>),
    /// Bytes needed and usable.
    Memory {
        fits: bool,
        total: f64,
        usable: f64,
    },
    Budget {
        budget: f64,
        price: Option<PriceRange>,
    },
    Watts {
        limit: f64,
        power: Option<Power>,
    },
    Speed {
        wanted: f64,
        each: Band<f64>,
    },
    /// A user's mean rate where some wait.
    MeanSpeed {
        wanted: f64,
        mean: Option<f64>,
    },
    /// The time to first token that 95 of 100 requests of several users stay below.
    TtftOfUsers {
        limit: f64,
        p95: Option<f64>,
    },
    Ttft {
        limit: f64,
        ttft: Option<Band<f64>>,
    },
    Portable(MachineKind),
    /// A capability is not there, in words.
    Lacks(&'a str),
    /// It does not win by itself.
    Barred(&'a Bar),
}

/// Every limit that is asked against what a candidate has.
fn findings<'a>(candidate: &'a Candidate<'_>, limits: &Limits) -> impl Iterator<Item = Finding<'a>> {
    let estimate = candidate.estimate;
    let runs = match candidate.refused {
        Some(reason) => Some(Finding::Refused(reason)),
        None => estimate.map(|estimate| {
            let memory = &estimate.memory;
            Finding::Memory { fits: memory.fits, total: memory.total, usable: memory.usable }
        }),
    };
    let running = estimate.filter(|_| runs.is_none_or(|runs| runs.holds()));
    let each = running.and_then(|estimate| Some(estimate.decode.speeds?.each));
    let users = candidate.waiting.as_ref().filter(|waiting| waiting.running + waiting.waiting > 1.0);
    let ttft = |limit| {
        running.map(|it| match users {
            Some(waiting) => Finding::TtftOfUsers { limit, p95: waiting.times.map(|times| times.ttft_p95) },
            None => Finding::Ttft { limit, ttft: it.prefill.map(|prefill| prefill.ttft) },
        })
    };
    let queue = users.filter(|waiting| waiting.waiting > 0.0);
    let speed = |(wanted, each)| match queue {
        Some(waiting) => Finding::MeanSpeed { wanted, mean: waiting.times.map(|times| times.mean_rate) },
        None => Finding::Speed { wanted, each },
    };
    let asked = [
        runs,
        limits.budget_usd.map(|budget| Finding::Budget { budget, price: candidate.price }),
        limits.max_watts.map(|limit| Finding::Watts { limit, power: candidate.power }),
        limits.min_tok_s.zip(each).map(speed),
        limits.max_ttft_s.and_then(ttft),
        limits.portable.then_some(Finding::Portable(candidate.machine.kind)),
    ];
    let lacking = candidate.lacking.iter().map(|lack| Finding::Lacks(lack));
    asked.into_iter().flatten().chain(lacking).chain(candidate.barred.iter().map(Finding::Barred))
}

/// Returns the limits that a candidate misses, and the sentences of those it holds.
fn sorted(candidate: &Candidate<'_>, limits: &Limits) -> (Vec<Failed>, Vec<String>) {
    let (holding, missed): (Vec<_>, Vec<_>) = findings(candidate, limits).partition(Finding::holds);
    let failed = missed.into_iter().map(|finding| {
        let (need, have) = finding.numbers();
        Failed { limit: finding.limit(), need, have, text: finding.text() }
    });
    (failed.collect(), holding.iter().map(Finding::text).collect())
}

impl Finding<'_> {
    fn holds(&self) -> bool {
        match *self {
            Self::Refused(_) | Self::Lacks(_) | Self::Barred(_) => false,
            Self::Memory { fits, .. } => fits,
            Self::Budget { budget, price } => price.is_some_and(|price| price.usd <= budget),
            Self::Watts { limit, power } => power.is_some_and(|power| power.watts <= limit),
            Self::Speed { wanted, each } => each.expected >= wanted,
            Self::MeanSpeed { wanted, mean } => mean.is_some_and(|mean| mean >= wanted),
            Self::TtftOfUsers { limit, p95 } => p95.is_some_and(|p95| p95 <= limit),
            Self::Ttft { limit, ttft } => ttft.is_some_and(|ttft| ttft.expected <= limit),
            Self::Portable(kind) => kind == MachineKind::Laptop,
        }
    }

    fn limit(&self) -> &'static str {
        match self {
            Self::Refused(_) => "format",
            Self::Memory { .. } => "memory",
            Self::Budget { .. } => "budget",
            Self::Watts { .. } => "watts",
            Self::Speed { .. } | Self::MeanSpeed { .. } => "speed",
            Self::Ttft { .. } | Self::TtftOfUsers { .. } => "ttft",
            Self::Portable(_) => "portable",
            Self::Lacks(_) => "needs",
            Self::Barred(bar) => bar.limit,
        }
    }

    /// Returns the number that was asked for and the one there is, where they are known.
    fn numbers(&self) -> (Option<f64>, Option<f64>) {
        match *self {
            Self::Refused(_) | Self::Portable(_) | Self::Lacks(_) | Self::Barred(_) => (None, None),
            Self::Memory { total, usable, .. } => (Some(total), Some(usable)),
            Self::Budget { budget, price } => (Some(budget), price.map(|price| price.usd)),
            Self::Watts { limit, power } => (Some(limit), power.map(|power| power.watts)),
            Self::Speed { wanted, each } => (Some(wanted), Some(each.expected)),
            Self::MeanSpeed { wanted, mean } => (Some(wanted), mean),
            Self::TtftOfUsers { limit, p95 } => (Some(limit), p95),
            Self::Ttft { limit, ttft } => (Some(limit), ttft.map(|ttft| ttft.expected)),
        }
    }

    /// The sentence, for what holds and for what does not.
    fn text(&self) -> String {
        let bytes = |bytes| Amount::computed(bytes, Unit::MemoryBytes);
        let usd = |usd| Amount::exact(usd, Unit::Usd);
        let watts = |watts| Amount::exact(watts, Unit::Watts);
        let rough = |value, unit| Amount::new(value, unit, Digits::Significant(2));
        match *self {
            Self::Refused(reason) => reason.to_string(),
            Self::Lacks(text) => text.to_owned(),
            Self::Barred(bar) => bar.text.clone(),
            Self::Memory { fits: true, total, usable } => {
                format!("fits, needs {} of {} usable", bytes(total), bytes(usable))
            }
            Self::Memory { fits: false, total, usable } => {
                let (total, usable) = Amount::told_apart(total, usable, Unit::MemoryBytes);
                format!("does not fit, needs {total} and has {usable} usable")
            }
            Self::Budget { budget, price: Some(price) } => {
                format!("costs {}, the budget is {}", price.words(), usd(budget))
            }
            Self::Budget { budget, price: None } => {
                format!("its price in USD is not known, the budget is {}", usd(budget))
            }
            Self::Watts { limit, power: Some(power) } => {
                format!("draws {} under load, the limit is {}", power.words(), watts(limit))
            }
            Self::Watts { limit, power: None } => {
                format!("its power under load is not known, the limit is {}", watts(limit))
            }
            Self::Speed { wanted, each } => {
                let show = |value, digits| Amount::new(value, Unit::TokensPerSecond, digits);
                let (mut expected, mut asked) = (show(each.expected, each.digits()), show(wanted, Digits::Exact));
                if expected.to_string() == asked.to_string() {
                    (expected, asked) = Amount::told_apart(each.expected, wanted, Unit::TokensPerSecond);
                }
                format!("expected {expected} per stream, {asked} asked")
            }
            Self::MeanSpeed { mean: None, .. } => {
                "some users wait, and for how long is not known, as its compute rate is not".to_owned()
            }
            Self::MeanSpeed { wanted, mean: Some(mean) } => {
                let (mean, asked) = (rough(mean, Unit::TokensPerSecond), Amount::exact(wanted, Unit::TokensPerSecond));
                format!("{mean} per user with the wait, {asked} asked")
            }
            Self::TtftOfUsers { limit, p95: Some(p95) } => {
                let (p95, asked) = (rough(p95, Unit::Seconds), Amount::exact(limit, Unit::Seconds));
                format!("first token after {p95} for 95 of 100 requests, {asked} asked")
            }
            Self::Ttft { limit, ttft: Some(ttft) } => {
                let show = |seconds, digits| Amount::new(seconds, Unit::Seconds, digits);
                let (have, asked) = (show(ttft.expected, ttft.digits()), show(limit, Digits::Exact));
                format!("first token after {have}, {asked} asked")
            }
            Self::Ttft { ttft: None, .. } | Self::TtftOfUsers { p95: None, .. } => {
                "its time to first token is not known".to_owned()
            }
            Self::Portable(MachineKind::Laptop) => "is a laptop".to_owned(),
            Self::Portable(kind) => format!("is a {}, not a laptop", kind.word()),
        }
    }
}
