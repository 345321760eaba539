//! The facts of the answer in short lines, for beside the winner's name.

use crate::model::answer::headline::{band, expected};
use crate::model::answer::{Answer, is_contested};
use crate::model::units::{Amount, Unit};
use crate::ui::state::State;

/// The facts of the answer, a line each, in variants from the longest to the shortest.
pub(super) struct Facts {
    /// The limits within which the winner is the cheapest, or which no machine passes.
    pub condition: Vec<String>,
    /// Expected speed with its band, price and if it is contested, and memory.
    pub figures: Vec<String>,
    /// The reasons why the other machines do not win.
    pub others: Vec<String>,
    /// A cheaper machine that is not compared, and the changes that would flip the answer.
    pub change: Vec<String>,
}

impl Facts {
    /// Returns the facts of the current answer; `signs` are those of the machines.
    pub fn of(state: &State<'_>, signs: &[&str]) -> Self {
        let verdict = &state.answers.verdict;
        let winner = verdict.winner.and_then(|at| state.answers.machines.get(at));
        let (asked, limits) = state.headline().asked();
        let asked = if limits.is_empty() {
            asked
        } else {
            limits.trim_start_matches("Limits: ").trim_end_matches('.').to_owned()
        };
        let count = state.answers.machines.len();
        let condition = match winner {
            Some(_) => vec![
                format!("cheapest of these {count} {asked}"),
                format!("cheapest here {asked}"),
                "cheapest within your limits".to_owned(),
            ],
            None => vec![format!("none of these {count} passes {asked}"), "none of these passes".to_owned()],
        };
        let figures = match winner.or(verdict.nearest.and_then(|at| state.answers.machines.get(at))) {
            Some(answer) => Self::figures(answer, winner.is_none()),
            None => Vec::new(),
        };
        Self { condition, figures, others: others(state, signs), change: change(state) }
    }

    fn figures(answer: &Answer<'_>, nearest: bool) -> Vec<String> {
        let name = if nearest { format!("nearest {}: ", answer.machine.short) } else { String::new() };
        let speed = expected(answer)
            .zip(band(answer))
            .map(|(speed, band)| (format!("{speed} tok/s"), format!(" expected ({band})")));
        let contested = answer.price.as_ref().is_some_and(|price| is_contested(&price.fact));
        let doubt = if contested { " contested" } else { "" };
        let price = answer.computer_price().map(|price| format!("  {}{doubt}", Amount::exact(price.usd, Unit::Usd)));
        let price = price.unwrap_or_else(|| "  price not known".to_owned());
        let memory = answer.estimate.map(|estimate| {
            let gib = |bytes| Amount::computed(bytes, Unit::MemoryBytes).number();
            format!("  {} of {} GiB", gib(estimate.memory.total), gib(estimate.memory.usable))
        });
        let memory = memory.unwrap_or_default();
        match speed {
            Some((speed, band)) => vec![
                format!("{name}{speed}{band}{price}{memory}"),
                format!("{name}{speed}{band}{price}"),
                format!("{speed}{band}"),
                format!("{speed}{price}"),
                speed,
            ],
            None => vec![format!("{name}does not run{memory}"), format!("{name}does not run")],
        }
    }
}

/// Returns the reasons why the other machines do not win, in variants from the longest to the shortest.
fn others(state: &State<'_>, signs: &[&str]) -> Vec<String> {
    let verdict = &state.answers.verdict;
    let others: Vec<usize> = (0..state.answers.machines.len()).filter(|at| Some(*at) != verdict.winner).collect();
    let told = |named: bool, shown: usize| {
        let clause = |at: &usize| {
            let answer = state.answers.machines.get(*at)?;
            let sign = signs.get(*at).copied().unwrap_or_default();
            let name = if named { format!("{sign} {}", answer.machine.short) } else { sign.to_owned() };
            Some(format!("{name} {}", reason(state, *at, answer)))
        };
        let clauses: Vec<String> = others.iter().take(shown).filter_map(clause).collect();
        let more = others.len() - shown.min(others.len());
        let more = if more > 0 { format!("   and {more} more") } else { String::new() };
        format!("{}{more}", clauses.join("   "))
    };
    let count = others.len();
    let all = [true, false].map(|named| told(named, count)).into_iter();
    all.chain((1..count).rev().map(|shown| told(false, shown))).filter(|_| count > 0).collect()
}

/// Returns the reason why a machine does not win, in few words: `too slow: 4.63`, `fast enough, $15,000`.
fn reason(state: &State<'_>, at: usize, answer: &Answer<'_>) -> String {
    let verdict = &state.answers.verdict;
    let whole = answer
        .computer_price()
        .map_or("price not known".to_owned(), |price| Amount::exact(price.usd, Unit::Usd).to_string());
    match verdict.failed.get(at).and_then(|failed| failed.first()) {
        Some(failed) => match (failed.limit, expected(answer)) {
            ("speed", Some(speed)) => format!("too slow: {speed}"),
            ("memory", _) => "too small".to_owned(),
            ("format", _) => "cannot run it".to_owned(),
            ("budget", _) => format!("over budget: {whole}"),
            ("ttft", _) => "waits too long".to_owned(),
            ("watts", _) => "draws too much".to_owned(),
            ("portable", _) => "no laptop".to_owned(),
            _ => "lacks what is needed".to_owned(),
        },
        None if verdict.close.contains(&at) => format!("close, {whole}"),
        None => format!("fast enough, {whole}"),
    }
}

/// Returns the cheaper machine that is not compared and the nearest flips, in variants from the longest to the
/// shortest.
fn change(state: &State<'_>) -> Vec<String> {
    let elsewhere = state.around.elsewhere.clone();
    let flips = |count: usize| {
        let told: Vec<String> = state
            .around
            .flips
            .iter()
            .take(count)
            .map(|flip| {
                let name = flip
                    .winner
                    .and_then(|at| state.answers.machines.get(at))
                    .map_or("no box", |answer| &answer.machine.short);
                format!("{} → {name}", flip.when)
            })
            .collect();
        (!told.is_empty()).then(|| format!("would change: {}", told.join(" · ")))
    };
    let both = |count| Some(format!("{}   {}", elsewhere.clone()?, flips(count)?));
    // If the winner's name does not fit, the change is given without it.
    let when = state.around.flips.iter().map(|flip| format!("would change: {}", flip.when)).min_by_key(String::len);
    let lines = [both(2), both(1), elsewhere.clone(), flips(3), flips(2), flips(1), when];
    lines.into_iter().flatten().collect()
}
