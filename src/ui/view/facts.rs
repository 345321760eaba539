//! The facts of the answer in short lines, for beside the winner's name.

use crate::model::answer::headline::{band, expected};
use crate::model::answer::{Answer, is_contested};
use crate::model::units::{Amount, Digits, Unit};
use crate::ui::state::State;
use crate::ui::view::canvas::width;

/// Most changes that one line lists.
const MOST_CHANGES: usize = 4;

/// Returns the first of `texts` that fits into `columns`. They are sorted from the longest to the shortest, and those
/// after it are not computed.
fn first_that_fits(mut texts: impl Iterator<Item = String>, columns: u16) -> String {
    texts.find(|text| width(text) <= columns).unwrap_or_default()
}

/// Returns the limits within which the winner is the cheapest, or which no machine passes.
pub(super) fn condition(state: &State<'_>, columns: u16) -> String {
    let (asked, limits) = state.headline().asked();
    let asked =
        if limits.is_empty() { asked } else { limits.trim_start_matches("Limits: ").trim_end_matches('.').to_owned() };
    let count = state.answers.machines.len();
    let texts: [&dyn Fn() -> String; 3] = match state.answers.verdict.winner {
        Some(_) => [&|| format!("cheapest of these {count} {asked}"), &|| format!("cheapest here {asked}"), &|| {
            "cheapest within your limits".to_owned()
        }],
        None => [&|| format!("none of these {count} passes {asked}"), &|| "none of these passes".to_owned(), &|| {
            "none passes".to_owned()
        }],
    };
    first_that_fits(texts.iter().map(|text| text()), columns)
}

/// Returns the expected speed with its band, the price and if it is contested, and the memory: of the winner, or of the
/// machine nearest to the limits.
pub(super) fn figures(state: &State<'_>, columns: u16) -> String {
    let verdict = &state.answers.verdict;
    let Some(answer) = verdict.winner.or(verdict.nearest).and_then(|at| state.answers.machines.get(at)) else {
        return String::new();
    };
    let name = if verdict.winner.is_none() { format!("nearest {}: ", answer.machine.short) } else { String::new() };
    let contested = answer.price.as_ref().is_some_and(|price| is_contested(&price.fact));
    let doubt = if contested { " contested" } else { "" };
    let price = answer.computer_price().map(|price| format!("  {}{doubt}", Amount::exact(price.usd, Unit::Usd)));
    let price = price.unwrap_or_else(|| "  price not known".to_owned());
    let memory = answer.estimate.map(|estimate| {
        let gib = |bytes| Amount::computed(bytes, Unit::MemoryBytes).number();
        format!("  {} of {} GiB", gib(estimate.memory.total), gib(estimate.memory.usable))
    });
    let memory = memory.unwrap_or_default();
    let Some((speed, band)) = expected(answer).zip(band(answer)) else {
        let texts = [format!("{name}does not run{memory}"), format!("{name}does not run")];
        return first_that_fits(texts.into_iter(), columns);
    };
    let forms = (0..5).map(|form| match form {
        0 => format!("{name}{speed} tok/s expected ({band}){price}{memory}"),
        1 => format!("{name}{speed} tok/s expected ({band}){price}"),
        2 => format!("{speed} tok/s expected ({band})"),
        3 => format!("{speed} tok/s{price}"),
        _ => format!("{speed} tok/s"),
    });
    first_that_fits(forms, columns)
}

/// Returns the reasons why the other machines do not win.
pub(super) fn others(state: &State<'_>, signs: &[&str], columns: u16) -> String {
    let verdict = &state.answers.verdict;
    let others: Vec<usize> = (0..state.answers.machines.len()).filter(|at| Some(*at) != verdict.winner).collect();
    let told = |named: bool, shown: usize| {
        let clause = |at: &usize| {
            let answer = state.answers.machines.get(*at)?;
            let sign = signs.get(*at).copied().unwrap_or_default();
            let reason = reason(state, *at, answer);
            Some(if named { format!("{sign} {} {reason}", answer.machine.short) } else { format!("{sign} {reason}") })
        };
        let clauses: Vec<String> = others.iter().take(shown).filter_map(clause).collect();
        let more = others.len() - shown.min(others.len());
        let more = if more > 0 { format!("   and {more} more") } else { String::new() };
        format!("{}{more}", clauses.join("   "))
    };
    let count = others.len();
    let forms = [(true, count), (false, count)].into_iter().chain((1..count).rev().map(|shown| (false, shown)));
    first_that_fits(forms.filter(|_| count > 0).map(|(named, shown)| told(named, shown)), columns)
}

/// Returns the rate of a user who waits, which is too low: `too slow with the wait: 2.2`.
fn too_slow_with_the_wait(answer: &Answer<'_>) -> String {
    match answer.speed_of_a_user() {
        Some(rate) => {
            let rate = Amount::new(rate, Unit::TokensPerSecond, Digits::Significant(2)).number();
            format!("too slow with the wait: {rate}")
        }
        None => "wait not known".to_owned(),
    }
}

/// Returns the reason why a machine does not win, in few words: `too slow: 4.63`, `fast enough, $15,000`.
fn reason(state: &State<'_>, at: usize, answer: &Answer<'_>) -> String {
    let verdict = &state.answers.verdict;
    let whole = answer
        .computer_price()
        .map_or("price not known".to_owned(), |price| Amount::exact(price.usd, Unit::Usd).to_string());
    match verdict.failed.get(at).and_then(|failed| failed.first()) {
        Some(failed) => match (failed.limit, expected(answer)) {
            ("speed", _) if answer.has_a_queue() => too_slow_with_the_wait(answer),
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

/// Returns the cheaper machine that is not compared, with the key that shows it; once the search is done, also the
/// statement that there is none.
pub(super) fn cheaper(state: &State<'_>, columns: u16) -> String {
    let around = &state.around;
    let found = state.answers.verdict.winner.is_some();
    let Some(other) = &around.cheaper else {
        let none = if found { "no cheaper box of the catalog passes" } else { "no box of the catalog passes" };
        let told = around.smaller.clone().into_iter().chain(std::iter::once_with(|| none.to_owned()));
        return first_that_fits(told.filter(|_| around.is_known()), columns);
    };
    let usd = other.total_usd.map_or_else(String::new, |usd| format!(" {}", Amount::exact(usd, Unit::Usd)));
    let speed = other.expected_tok_s.map_or_else(String::new, |speed| {
        format!(", {}", Amount::new(speed, Unit::TokensPerSecond, Digits::Significant(2)))
    });
    let kind = if found { "cheaper" } else { "would do" };
    let (name, key) = (&other.short, state.keymap.told("{show-cheaper} shows it"));
    // The reservations `but` are never left out, so every form contains them.
    let mut but = String::new();
    other.but.iter().for_each(|clause| but.extend([", ", clause.as_str()]));
    let forms = (0..5).map(|form| match form {
        0 => format!("{kind}, not shown: {name}{usd}{speed}{but}   {key}"),
        1 => format!("{kind}: {name}{usd}{speed}{but}   {key}"),
        2 => format!("{kind}: {name}{usd}{but}   {key}"),
        3 => format!("{kind}: {name}{usd}{but}"),
        _ => format!("{kind}: {name}{but}"),
    });
    first_that_fits(forms, columns)
}

/// Returns the changes that would flip the answer, nearest first; once they are computed, also the statement that there
/// are none.
pub(super) fn change(state: &State<'_>, columns: u16) -> String {
    let flips = &state.around.flips;
    if flips.is_empty() {
        return if state.around.is_known() { "no slider changes the answer".to_owned() } else { String::new() };
    }
    let told = |count: usize| {
        let mut told = "would change: ".to_owned();
        for (at, flip) in flips.iter().take(count).enumerate() {
            let winner = flip.winner.and_then(|at| state.answers.machines.get(at));
            let name = winner.map_or("no box", |answer| &answer.machine.short);
            told.extend([if at > 0 { " · " } else { "" }, &flip.when, " → ", name]);
        }
        told
    };
    // If the winner's name does not fit, the change is given without it.
    let when = flips.iter().map(|flip| format!("would change: {}", flip.when));
    first_that_fits((1..=flips.len().min(MOST_CHANGES)).rev().map(told).chain(when), columns)
}
