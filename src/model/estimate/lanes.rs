//! The lanes: four jobs, each of which goes to one machine by a rule in words and a number that decides.
//!
//! No machine is named here: a lane goes to the machine with the highest merit among those that qualify, ties to the
//! cheaper one. A [`Runner`] holds all that the rules need to know of a machine.

use super::verdict::PriceRange;
use crate::model::facts::{Machine, MachineKind};
use crate::model::units::{Amount, Digits, Unit};

/// The service of many streams by one machine.
#[derive(Clone, Debug, PartialEq)]
pub struct Serving {
    /// Expected tokens per second of all streams.
    pub tok_s: f64,
    /// Streams at once.
    pub streams: f64,
    /// The format and the runtime, in words.
    pub how: String,
}

/// The facts of a machine that the lanes use. The machine is a working computer that can be bought.
#[derive(Clone, Debug)]
pub struct Runner<'a> {
    /// The machine.
    pub machine: &'a Machine,
    /// Its price with a host, if known.
    pub price: Option<PriceRange>,
    /// Expected tokens per second of all streams on the model that the user asks for; `None` if it does not run.
    pub asked: Option<f64>,
    /// Service of many streams of that model; `None` if the software batches none or they do not fit.
    pub serving: Option<Serving>,
    /// Expected tokens per second of all streams on the smaller model; `None` if it does not run.
    pub smaller: Option<f64>,
}

/// A job and the rule that decides which machine is the best for it.
pub struct Lane {
    /// The job's name.
    pub id: &'static str,
    /// The rule in words; `{streams}` and `{smaller}` are placeholders for the catalog's number of streams and smaller
    /// model.
    pub rule: &'static str,
    /// The sentence for the case that only one machine qualifies.
    pub sole: &'static str,
    /// The sentence for the case that no machine qualifies.
    pub none: &'static str,
    /// Returns the number that decides, where higher is better; `None` if the machine does not qualify.
    merit: fn(&Runner<'_>) -> Option<f64>,
    /// Returns the numbers that decided, in words.
    words: fn(&Runner<'_>) -> String,
}

/// The lanes, in the order shown.
pub static LANES: [Lane; 4] = [
    Lane {
        id: "portable",
        rule: "the fastest laptop that runs the model",
        sole: "the only laptop in the race",
        none: "no laptop here runs the model",
        merit: |runner| runner.asked.filter(|_| runner.machine.kind == MachineKind::Laptop),
        words: |runner| format!("{}, {}", speed(runner.asked), price(runner)),
    },
    Lane {
        id: "server",
        rule: "the cheapest working computer whose software batches continuously and that holds the model with {streams} streams",
        sole: "the only one here whose software batches continuously and that holds the model with {streams} streams",
        none: "none here of known price batches continuously and holds the model with {streams} streams",
        merit: |runner| runner.serving.as_ref().and(runner.price).map(|price| -price.usd),
        words: |runner| format!("{}, {}", price(runner), serving(runner)),
    },
    Lane {
        id: "density",
        rule: "the most throughput from one box on the model, whatever it costs",
        sole: "the only one here that runs the model",
        none: "none here runs the model",
        merit: |runner| runner.asked,
        words: |runner| {
            let bandwidth = runner.machine.bandwidth_gbs.value * crate::model::units::GB;
            let bandwidth = Amount::exact(bandwidth, Unit::BytesPerSecond);
            format!("{} at {bandwidth}, {}", speed(runner.asked), price(runner))
        },
    },
    Lane {
        id: "value",
        rule: "the most tok/s per dollar of a working computer on {smaller}",
        sole: "the only one here of known price that runs {smaller}",
        none: "none here of known price runs {smaller}",
        merit: per_dollar,
        words: |runner| {
            let each = per_dollar(runner).unwrap_or(f64::NAN) * 1000.0;
            let each = Amount::new(each, Unit::TokensPerSecond, Digits::Significant(2));
            format!("{} for {}: {each} per $1,000", speed(runner.smaller), price(runner))
        },
    },
];

/// The machine that a lane goes to.
#[derive(Clone, Debug, PartialEq)]
pub struct Owner {
    /// Index among the runners.
    pub at: usize,
    /// The numbers that decided, in words.
    pub words: String,
    /// The runner-up, as an index among the runners, and its numbers in words.
    pub next: Option<(usize, String)>,
}

impl Lane {
    /// Returns the owner of this lane among `runners`; `None` if no machine qualifies.
    #[must_use]
    pub fn owner(&self, runners: &[Runner<'_>]) -> Option<Owner> {
        let usd = |at: usize| runners.get(at).and_then(|r| r.price).map_or(f64::INFINITY, |price| price.usd);
        let merits = runners.iter().enumerate().filter_map(|(at, runner)| Some((at, (self.merit)(runner)?)));
        let mut ranked: Vec<(usize, f64)> = merits.filter(|(_, merit)| !merit.is_nan()).collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(usd(a.0).total_cmp(&usd(b.0))));
        let words = |at: usize| runners.get(at).map_or_else(String::new, self.words);
        let (at, _) = *ranked.first()?;
        let next = ranked.get(1).map(|(at, _)| (*at, words(*at)));
        Some(Owner { at, words: words(at), next })
    }
}

fn per_dollar(runner: &Runner<'_>) -> Option<f64> {
    let (speed, price) = (runner.smaller?, runner.price?.usd);
    (price > 0.0).then(|| speed / price)
}

fn speed(tok_s: Option<f64>) -> String {
    let text = |tok_s| Amount::new(tok_s, Unit::TokensPerSecond, Digits::Significant(2)).to_string();
    tok_s.map_or_else(|| "no speed known".to_owned(), |tok_s| format!("{} expected", text(tok_s)))
}

fn price(runner: &Runner<'_>) -> String {
    runner.price.map_or_else(|| "price in USD not known".to_owned(), |price| price.words())
}

fn serving(runner: &Runner<'_>) -> String {
    let Some(serving) = &runner.serving else { return "does not serve many streams".to_owned() };
    let streams = Amount::exact(serving.streams, Unit::Count);
    format!("{} by {streams} streams in {}", speed(Some(serving.tok_s)), serving.how)
}
