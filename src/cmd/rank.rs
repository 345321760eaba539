//! `whichbox rank`: the winner, the owners of the lanes, and the limits that each machine meets and misses.

use clap::Args;
use serde_json::{Value, json};

use super::ask::Ask;
use super::limits::LimitArgs;
use super::output::{Output, Stdout, Table, write};
use super::{DONE, Failure, NO};
use crate::cmd::exporters::number;
use crate::model::answer::{
    Alternative, Answer, Answers, OwnedLane, answer_scenario, cheaper_not_shown, fallback, flip_sentences, lanes,
};
use crate::model::catalog::Catalog;
use crate::model::estimate::verdict::Failed;
use crate::model::units::{Amount, Digits, Unit};

/// Arguments of `rank`.
#[derive(Args, Clone, Debug)]
pub struct RankArgs {
    #[command(flatten)]
    pub(super) ask: Ask,
    #[command(flatten)]
    limits: LimitArgs,
    /// Form of the answer
    #[arg(long, value_enum, default_value_t)]
    output: Output,
}

/// Runs the command. The exit code is [`NO`] if no machine passes.
pub(super) fn run(catalog: &Catalog, args: &RankArgs, out: &mut Stdout) -> Result<u8, Failure> {
    let mut scenario = args.ask.scenario(catalog)?;
    args.limits.apply(&mut scenario, catalog)?;
    let answers = answer_scenario(catalog, &scenario).map_err(Failure::input)?;
    let ranking = Ranking {
        lanes: lanes(catalog, &scenario, &answers).map_err(Failure::input)?,
        instead: fallback(catalog, &scenario, &answers).map_err(Failure::input)?,
        cheaper: cheaper_not_shown(catalog, &scenario, &answers).map_err(Failure::input)?,
        flips: flip_sentences(catalog, &scenario, &answers, FLIPS),
        answers: &answers,
    };
    let json = ranking.json();
    let json = if args.output == Output::Csv { ranking.rows() } else { json };
    write(out, args.output, &json, &ranking.table())?;
    Ok(if answers.verdict.winner.is_some() { DONE } else { NO })
}

/// The most changes that make another machine win and are listed.
const FLIPS: usize = 6;

/// The ranking, for any output format.
struct Ranking<'a, 'c> {
    answers: &'a Answers<'c>,
    lanes: Vec<OwnedLane>,
    instead: Vec<String>,
    cheaper: Option<Alternative>,
    flips: Vec<String>,
}

impl Ranking<'_, '_> {
    fn id(&self, at: Option<usize>) -> Option<&str> {
        at.and_then(|at| self.answers.machines.get(at)).map(|answer| answer.machine.id.as_str())
    }

    fn short(&self, at: usize) -> &str {
        self.answers.machines.get(at).map_or("", |answer| answer.machine.short.as_str())
    }

    fn failed(&self, at: usize) -> &[Failed] {
        self.answers.verdict.failed.get(at).map_or(&[], Vec::as_slice)
    }

    fn json(&self) -> Value {
        let verdict = &self.answers.verdict;
        let lane = |lane: &OwnedLane| json!({"id": lane.id, "machine": self.id(lane.machine), "why": lane.why});
        json!({
            "lanes": self.lanes.iter().map(lane).collect::<Vec<_>>(),
            "machines": (0..self.answers.machines.len()).map(|at| self.machine(at)).collect::<Vec<_>>(),
            "winner": self.id(verdict.winner),
            "close": verdict.close.iter().map(|at| self.id(Some(*at))).collect::<Vec<_>>(),
            "nearest": self.id(verdict.nearest),
            "flips": self.flips,
            "instead": self.instead,
            "cheaper_not_shown": self.cheaper.as_ref().map(|other| json!({
                "machine": other.machine,
                "price_usd": number(other.price_usd),
                "total_usd": number(other.total_usd),
                "expected_tok_s": number(other.expected_tok_s),
            })),
            "why": self.why(),
        })
    }

    fn machine(&self, at: usize) -> Value {
        let Some(answer) = self.answers.machines.get(at) else { return Value::Null };
        let failed = |failed: &Failed| json!({"limit": failed.limit, "need": number(failed.need), "have": number(failed.have), "text": failed.text});
        let estimate = answer.estimate;
        json!({
            "machine": answer.machine.id,
            "availability": answer.machine.availability.state.word(),
            "passes": self.failed(at).is_empty(),
            "failed": self.failed(at).iter().map(failed).collect::<Vec<_>>(),
            "passed": self.answers.verdict.passed.get(at),
            "expected_tok_s": number(expected(answer)),
            "ttft_idle_s": number(estimate.and_then(|e| e.prefill).map(|prefill| prefill.ttft.expected)),
            "ttft_p95_s": number(p95(answer)),
            "split": answer.setup.as_ref().map(|(_, split)| split.word()),
            "other_split": answer.other_split.as_ref().map(|other| json!({
                "machine": other.machine,
                "runtime": other.runtime,
                "expected_tok_s": number(other.speeds.map(|speeds| speeds.each.expected)),
            })),
            "price_usd": number(estimate.and_then(|e| e.cost).map(|cost| cost.price)),
            "total_usd": number(answer.computer_price().map(|price| price.usd)),
            "total_high_usd": number(answer.computer_price().map(|price| price.high)),
            "card_only": answer.card_only(),
        })
    }

    /// Returns one flat record per machine, for formats with columns.
    fn rows(&self) -> Value {
        let row = |at: usize| {
            let mut record = self.machine(at);
            if let Some(fields) = record.as_object_mut() {
                let texts: Vec<&str> = self.failed(at).iter().map(|failed| failed.text.as_str()).collect();
                fields.insert("failed".to_owned(), json!(texts));
                fields.insert("winner".to_owned(), json!(self.answers.verdict.winner == Some(at)));
            }
            record
        };
        Value::Array((0..self.answers.machines.len()).map(row).collect())
    }

    /// Returns a sentence for each machine, the winner's first.
    fn why(&self) -> Vec<String> {
        let verdict = &self.answers.verdict;
        let first = verdict.winner.or(verdict.nearest);
        let others = (0..self.answers.machines.len()).filter(|at| Some(*at) != first);
        first.into_iter().chain(others).map(|at| format!("{}: {}", self.short(at), self.case(at))).collect()
    }

    fn case(&self, at: usize) -> String {
        let verdict = &self.answers.verdict;
        let failed: Vec<&str> = self.failed(at).iter().map(|failed| failed.text.as_str()).collect();
        if !failed.is_empty() {
            let nearest = if verdict.nearest == Some(at) { "nothing passes and this is nearest; " } else { "" };
            return format!("{nearest}{}{}", failed.join("; "), self.split(at));
        }
        let cheapest = match self.answers.machines.len() {
            1 => "passes".to_owned(),
            count => format!("the cheapest of these {count} that passes"),
        };
        let place = match (verdict.winner == Some(at), verdict.close.contains(&at)) {
            (true, _) => cheapest.as_str(),
            (_, true) => "passes, and could be the cheapest within the ranges of the prices",
            _ => "passes, and is dearer",
        };
        let held = verdict.passed.get(at).map_or_else(String::new, |passed| passed.join("; "));
        let price = self.answers.machines.get(at).map_or_else(String::new, price_words);
        format!("{place}: {held}; {price}{}", self.split(at))
    }

    /// Returns the split of a set-up and the expected speed of the other split, in words; empty for a machine that is
    /// no set-up.
    fn split(&self, at: usize) -> String {
        let Some(answer) = self.answers.machines.get(at) else { return String::new() };
        let Some((_, split)) = &answer.setup else { return String::new() };
        let other = answer.other_split.as_ref().map_or_else(String::new, |other| format!(", {}", other.words(answer)));
        format!("; split by {}{other}", split.word())
    }

    fn table(&self) -> Table {
        let users = self.answers.load.concurrency;
        let mut table = Table::of(["machine", "passes", "expected", "TTFT idle"]);
        if users > 1.0 {
            table.header.push(format!("TTFT p95 of {}", Amount::exact(users, Unit::Count)));
        }
        table.header.extend(["working computer", "what it misses"].map(str::to_owned));
        for (at, answer) in self.answers.machines.iter().enumerate() {
            let failed: Vec<&str> = self.failed(at).iter().map(|failed| failed.text.as_str()).collect();
            let speeds = answer.estimate.and_then(|e| e.decode.speeds).map(|speeds| speeds.each);
            let speed = speeds.map(|each| Amount::new(each.expected, Unit::TokensPerSecond, each.digits()).to_string());
            let runs = speeds.is_some();
            let ttft = answer.estimate.and_then(|estimate| estimate.prefill).map(|prefill| prefill.ttft);
            let seconds = |value, digits| Amount::new(value, Unit::Seconds, digits).to_string();
            let unknown = || if runs { "not known" } else { "none" }.to_owned();
            let mut row = vec![
                answer.machine.short.clone(),
                if failed.is_empty() { "yes" } else { "no" }.to_owned(),
                speed.unwrap_or_else(|| "none".to_owned()),
                ttft.map_or_else(unknown, |ttft| seconds(ttft.expected, ttft.digits())),
            ];
            if users > 1.0 {
                row.push(p95(answer).map_or_else(unknown, |p95| seconds(p95, Digits::Significant(2))));
            }
            row.extend([
                answer.computer_price().map_or_else(|| "not known".to_owned(), |price| price.words()),
                failed.join("; "),
            ]);
            table.push(row);
        }
        let winner = match self.answers.verdict.winner {
            Some(at) => format!("winner: {}, {}", self.short(at), self.case(at)),
            None => "winner: none".to_owned(),
        };
        table.notes.push(winner);
        let set_ups = (0..self.answers.machines.len()).map(|at| (at, self.split(at)));
        let verdict = &self.answers.verdict;
        let is_told = |at: usize| [verdict.winner, verdict.nearest].contains(&Some(at)) || verdict.close.contains(&at);
        let set_ups = set_ups.filter(|(at, split)| !split.is_empty() && !is_told(*at));
        table
            .notes
            .extend(set_ups.map(|(at, split)| format!("{}: {}", self.short(at), split.trim_start_matches("; "))));
        if let Some(at) = self.answers.verdict.nearest {
            table.notes.push(format!("nearest: {}, {}", self.short(at), self.case(at)));
        }
        for at in &self.answers.verdict.close {
            table.notes.push(format!("close: {}, {}", self.short(*at), self.case(*at)));
        }
        table.notes.extend(self.lanes.iter().map(|lane| format!("{}: {}", lane.id, lane.why.join("; "))));
        table.notes.extend(self.instead.iter().cloned());
        table.notes.extend(self.flips.iter().map(|flip| format!("flips {flip}")));
        table
    }
}

/// Returns the 95th percentile of the TTFT of several users, seconds; `None` for a single user.
fn p95(answer: &Answer<'_>) -> Option<f64> {
    let waiting = answer.waiting.filter(|waiting| waiting.running + waiting.waiting > 1.0)?;
    waiting.times.map(|times| times.ttft_p95)
}

fn expected(answer: &Answer<'_>) -> Option<f64> {
    answer.estimate?.decode.speeds.map(|speeds| speeds.each.expected)
}

/// Returns the price of the working computer with its age and its uncertainty.
fn price_words(answer: &Answer<'_>) -> String {
    let Some((price, range)) = answer.price.as_ref().zip(answer.computer_price()) else {
        return "price in USD not known".to_owned();
    };
    let age = price.age.map_or_else(String::new, |age| format!(", {}", age.words()));
    let usd = |value| Amount::exact(value, Unit::Usd);
    // The words for a host of several cards already contain its range.
    let open = if range.price_is_uncertain && !range.is_least() {
        format!(", may be {} to {}", usd(range.low), usd(range.high))
    } else {
        String::new()
    };
    format!("{}{age}{open}", range.words())
}
