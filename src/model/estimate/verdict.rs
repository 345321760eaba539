//! The choice of a machine: the cheapest that passes every limit, ties by speed.
//!
//! Without limits, a machine must reach the speed per stream that the catalog states as running well. Every failure is
//! a sentence with its numbers. A disputed price does not change the winner, but the verdict lists the machines that
//! could win within the range of the price.

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
    /// True if only a laptop qualifies.
    pub portable: bool,
}

impl Limits {
    /// Returns true if no limit is set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Returns the limits; if none is set, with `default_tok_s` as the lowest speed per stream.
    #[must_use]
    pub fn with_default_speed(self, default_tok_s: f64) -> Self {
        if self.is_empty() { Self { min_tok_s: Some(default_tok_s), ..self } } else { self }
    }
}

/// The host's share of a price or power.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HostShare {
    /// The share, in the unit of the whole.
    pub amount: f64,
    /// True if it is the catalog's assumption, false if the user stated it.
    pub assumed: bool,
    /// Number of cards, if only the price of a host for one card is known; otherwise 1.
    pub cards: u32,
}

impl HostShare {
    /// Returns the greatest possible share: the price of one host per card.
    #[must_use]
    pub fn most(&self) -> f64 {
        self.amount * f64::from(self.cards)
    }
}

/// The price of a working computer with its range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PriceRange {
    /// Price in use, USD, host included.
    pub usd: f64,
    /// Lowest possible price, USD.
    pub low: f64,
    /// Highest possible price, USD.
    pub high: f64,
    /// True if sources dispute the price or it is outdated, so that any price in the range is possible.
    pub price_is_uncertain: bool,
    /// The host's share of the price; `None` for a complete computer.
    pub host: Option<HostShare>,
}

impl PriceRange {
    /// Returns the price in words, parts first: `$12,500 card + $2,500 host (assumed) = $15,000`.
    #[must_use]
    pub fn words(&self) -> String {
        parts(self.usd, self.host, Unit::Usd)
    }

    /// Returns true if the price could be higher, because no price of a host for that number of cards is known.
    #[must_use]
    pub fn is_least(&self) -> bool {
        self.host.is_some_and(|host| host.cards > 1)
    }
}

/// The power of a working computer while it generates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Power {
    /// Watts, host included.
    pub watts: f64,
    /// The host's share of the power; `None` for a complete computer.
    pub host: Option<HostShare>,
}

impl Power {
    /// Returns the power in words, parts first.
    #[must_use]
    pub fn words(&self) -> String {
        parts(self.watts, self.host, Unit::Watts)
    }
}

/// Returns a sum of card and host in words; for a complete computer the number alone.
fn parts(whole: f64, host: Option<HostShare>, unit: Unit) -> String {
    let show = |value| Amount::exact(value, unit);
    let Some(host) = host else { return show(whole).to_string() };
    let card = show(whole - host.amount);
    if host.amount == 0.0 {
        return format!("{card} card");
    }
    if host.cards > 1 {
        let (least, most) = (show(host.amount), show(host.most()));
        let highest = show(whole - host.amount + host.most());
        return format!(
            "{card} cards + {least} to {most} host (not known for {} cards) = {} to {highest}",
            host.cards,
            show(whole)
        );
    }
    let assumed = if host.assumed { " (assumed)" } else { "" };
    format!("{card} card + {} host{assumed} = {}", show(host.amount), show(whole))
}

/// The reason why a machine cannot run something; it is formatted only where it is shown.
pub type Reason<'a> = &'a (dyn Error + Send + Sync + 'a);

/// A machine to be judged, as a working computer.
#[derive(Clone, Debug)]
pub struct Candidate<'a> {
    /// The machine.
    pub machine: &'a Machine,
    /// Its estimate; `None` if nothing can be estimated, with the reason in `refused`.
    pub estimate: Option<&'a Estimate<f64>>,
    /// The reason why it cannot run the format; `None` if it can.
    pub refused: Option<Reason<'a>>,
    /// Its price; `None` if not known.
    pub price: Option<PriceRange>,
    /// Its power while generating; `None` if not known.
    pub power: Option<Power>,
    /// The waits and speeds of its users, if a limit or an answer needs them.
    pub waiting: Option<Waiting>,
    /// Requested capabilities that it lacks, in words.
    pub lacking: Vec<String>,
    /// Reasons why it never wins by itself: it is no longer sold, or its software is experimental there.
    pub excluded: Vec<Exclusion>,
}

/// A reason why a machine does not win, whatever its figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exclusion {
    /// The limit that it misses: `availability` or `experimental`.
    pub limit: &'static str,
    /// The reason as a sentence.
    pub text: String,
}

/// A limit that a machine misses.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Failed {
    /// The limit: `budget`, `watts`, `speed`, `ttft`, `portable`, `needs`, `memory`, `format`, `availability` or
    /// `experimental`.
    pub limit: &'static str,
    /// The required number, if the limit is one.
    pub need: Option<f64>,
    /// The machine's number, if known.
    pub have: Option<f64>,
    /// The failure as a sentence.
    pub text: String,
}

/// The result of judging the candidates.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Verdict {
    /// Index of the winner among the candidates; `None` if none passes.
    pub winner: Option<usize>,
    /// Indices of the others that could win within the ranges of disputed and outdated prices.
    pub close: Vec<usize>,
    /// The limits that each candidate misses, in the order of the candidates.
    pub failed: Vec<Vec<Failed>>,
    /// A sentence for each limit that a candidate passes, in the order of the candidates.
    pub passed: Vec<Vec<String>>,
    /// Index of the candidate that misses least; `None` if one passes.
    pub nearest: Option<usize>,
    /// Required speed per stream, tokens per second, if any.
    pub min_tok_s: Option<f64>,
}

/// Judges the candidates. `default_tok_s` is the required speed per stream if no limit is set, tokens per second.
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

/// Returns the winner of [`verdict`] alone.
#[must_use]
pub fn winner(candidates: &[Candidate<'_>], limits: &Limits, default_tok_s: f64) -> Option<usize> {
    let mut contest = Contest::new(limits, default_tok_s);
    for candidate in candidates {
        contest.enter(candidate);
    }
    contest.winner()
}

/// A running choice of the best candidate, without sentences and allocations.
pub struct Contest {
    limits: Limits,
    entered: usize,
    /// The best so far: its index, price and speed.
    best: Option<(usize, f64, f64)>,
}

impl Contest {
    /// Starts a contest within `limits`, which are completed as in [`verdict`].
    #[must_use]
    pub fn new(limits: &Limits, default_tok_s: f64) -> Self {
        Self { limits: limits.clone().with_default_speed(default_tok_s), entered: 0, best: None }
    }

    /// Enters the next candidate. The cheapest that passes wins, then the fastest, then the first.
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

    /// Counts the next candidate without comparing it: it cannot run the scenario, so it cannot win.
    pub fn pass_over(&mut self) {
        self.entered += 1;
    }

    /// Returns the index of the best of all that entered; `None` if none passes.
    #[must_use]
    pub fn winner(&self) -> Option<usize> {
        self.best.map(|(at, ..)| at)
    }
}

/// Returns true if `at` could replace `winner` for some prices within their uncertain ranges: it is cheaper, or the
/// winner exceeds the budget. `at` must pass every limit other than the budget.
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

/// Returns the candidate with the fewest failures; ties go to the smallest sum of relative misses.
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

/// The comparison of one limit with a candidate.
#[derive(Clone, Copy, Debug)]
enum Finding<'a> {
    /// The format cannot run, for this reason.
    Refused(Reason<'a>),
    /// Bytes needed and bytes usable.
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
    /// The mean rate of a user, if some users wait.
    MeanSpeed {
        wanted: f64,
        mean: Option<f64>,
    },
    /// The 95th percentile of the time to first token with several users.
    TtftOfUsers {
        limit: f64,
        p95: Option<f64>,
    },
    Ttft {
        limit: f64,
        ttft: Option<Band<f64>>,
    },
    Portable(MachineKind),
    /// A requested capability that is lacking, in words.
    Lacks(&'a str),
    /// A reason why it does not win by itself.
    Excluded(&'a Exclusion),
}

/// Returns the comparison of every limit that is set with the candidate.
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
    asked.into_iter().flatten().chain(lacking).chain(candidate.excluded.iter().map(Finding::Excluded))
}

/// Returns the limits that a candidate misses, and the sentences of those that it passes.
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
            Self::Refused(_) | Self::Lacks(_) | Self::Excluded(_) => false,
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
            Self::Excluded(exclusion) => exclusion.limit,
        }
    }

    /// Returns the required and the actual number, each `None` if it is not known.
    fn numbers(&self) -> (Option<f64>, Option<f64>) {
        match *self {
            Self::Refused(_) | Self::Portable(_) | Self::Lacks(_) | Self::Excluded(_) => (None, None),
            Self::Memory { total, usable, .. } => (Some(total), Some(usable)),
            Self::Budget { budget, price } => (Some(budget), price.map(|price| price.usd)),
            Self::Watts { limit, power } => (Some(limit), power.map(|power| power.watts)),
            Self::Speed { wanted, each } => (Some(wanted), Some(each.expected)),
            Self::MeanSpeed { wanted, mean } => (Some(wanted), mean),
            Self::TtftOfUsers { limit, p95 } => (Some(limit), p95),
            Self::Ttft { limit, ttft } => (Some(limit), ttft.map(|ttft| ttft.expected)),
        }
    }

    /// Returns the sentence of the finding, whether it holds or not.
    fn text(&self) -> String {
        let bytes = |bytes| Amount::computed(bytes, Unit::MemoryBytes);
        let usd = |usd| Amount::exact(usd, Unit::Usd);
        let watts = |watts| Amount::exact(watts, Unit::Watts);
        let rough = |value, unit| Amount::new(value, unit, Digits::Significant(2));
        match *self {
            Self::Refused(reason) => reason.to_string(),
            Self::Lacks(text) => text.to_owned(),
            Self::Excluded(exclusion) => exclusion.text.clone(),
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
                let (mut have, mut asked) = (show(ttft.expected, ttft.digits()), show(limit, Digits::Exact));
                if have.to_string() == asked.to_string() {
                    (have, asked) = Amount::told_apart(ttft.expected, limit, Unit::Seconds);
                }
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
