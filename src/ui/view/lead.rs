//! The lines of the answer below the header, and the notices above the line of hints.
//!
//! ```text
//! █▄ ▄█ █▀▀   █▄ ▄█       cheapest of these 3 at ≥ 10 tok/s
//! █ ▀ █ ▀▀█   █ ▀ █  …    11.1 tok/s expected (9.8 to 12.1)  $4,850 contested  41.5 of 108 GiB
//! ▀   ▀ ▀▀▀   ▀   ▀       ● DGX Spark too slow: 4.63   ■ RTX PRO 6000 passes, $15,000
//!                         cheaper, not shown: Studio Max 64 $3,499, 11 tok/s   C shows it
//! would change: from 80.8B → RTX PRO 6000 · from 12 tok/s per stream → RTX PRO 6000
//! ```
//! If the name does not fit in large letters, the answer is in sentences.

use ratatui::layout::Rect;

use super::big;
use super::canvas::{Canvas, line, skip, width};
use super::facts;
use super::words::{firm, first_words, flow, wrap};
use crate::ui::overlay::Overlay;
use crate::ui::state::State;

/// Fewest columns for the lines beside the name.
const BESIDE: u16 = 46;
/// Index of the line about the other machines.
const OTHERS: usize = 2;

/// Draws the answer, the reasons why the other machines do not win, a cheaper machine that is not compared, and the
/// changes that would flip the answer.
pub(super) fn draw(canvas: &mut Canvas<'_>, state: &State<'_>, area: Rect) {
    let signs: Vec<&str> = (0..state.answers.machines.len()).map(|at| canvas.sign(at)).collect();
    if named(canvas, state, area, &signs) || area.is_empty() {
        return;
    }
    let spell = |clause: &str| canvas.glyphs.spelled(clause).into_owned();
    let last = [facts::cheaper, facts::change].map(|fact| spell(&fact(state, area.width)));
    let last: Vec<String> = last.into_iter().filter(|told| area.height > 3 && !told.is_empty()).collect();
    let area = Rect { height: area.height - last.len() as u16, ..area };
    let sentences: Vec<String> = state.headline().lead().iter().map(|clause| spell(clause)).collect();
    // If the area has more than two lines, one is kept for the other machines.
    let most = if area.height > 2 { area.height - 1 } else { area.height };
    let answer = as_many_as_fit(&sentences, (area.width, most)).unwrap_or_else(|| match area.height {
        1 => vec![spell(&state.headline().short_lead())],
        _ => wrap(&sentences[0], area.width),
    });
    let used = answer.len().min(usize::from(area.height)) as u16;
    let rest = Rect { y: area.y + used, height: area.height - used, ..area };
    let clauses: Vec<String> = state.headline().reason_clauses().iter().map(|clause| spell(clause)).collect();
    let why = flow(&clauses, (rest.width, rest.height));
    canvas.lines(area, &answer, canvas.theme.title());
    canvas.lines(rest, &why, canvas.theme.muted());
    let mut shown: Vec<String> = answer.into_iter().take(usize::from(used)).chain(why).collect();
    let below = Rect { y: area.y + shown.len() as u16, height: last.len() as u16, ..area };
    canvas.lines(below, &last, canvas.theme.muted());
    shown.extend(last);
    paint_names(canvas, state, Rect { height: shown.len() as u16, ..area }, &shown);
}

/// Draws the winner's name in large letters, the facts beside it and the changes that would flip the answer below;
/// returns false if the name does not fit.
fn named(canvas: &mut Canvas<'_>, state: &State<'_>, area: Rect, signs: &[&str]) -> bool {
    let verdict = &state.answers.verdict;
    let (name, style) = match verdict.winner.and_then(|at| state.answers.machines.get(at)) {
        Some(winner) => (winner.machine.short.as_str(), canvas.machine(verdict.winner.unwrap_or(0))),
        None => ("No box", canvas.theme.bad()),
    };
    let room = area.width.saturating_sub(BESIDE + 2);
    let Some(name) = first_words(name, &state.answers, usize::from(room / big::COLUMNS)) else { return false };
    let used = big::draw(canvas, Rect { width: room, ..area }, &name.to_uppercase(), style);
    if used == 0 {
        return false;
    }
    let beside = Rect { height: big::LINES, ..skip(area, used + 2) };
    let below = line(area, big::LINES);
    let (title, text, muted) = (canvas.theme.title(), canvas.theme.text(), canvas.theme.muted());
    let rows = [
        (facts::condition(state, beside.width), title),
        (facts::figures(state, beside.width), text),
        (facts::others(state, signs, beside.width), muted),
        (facts::cheaper(state, beside.width), muted),
        (facts::change(state, below.width), muted),
    ];
    for (at, (told, style)) in rows.into_iter().enumerate() {
        let place = if at + 1 > usize::from(big::LINES) { below } else { line(beside, at as u16) };
        let told = [told];
        canvas.lines(place, &told, style);
        paint_names(canvas, state, place, &told);
        if at == OTHERS {
            paint_signs(canvas, place, &told[0], signs);
        }
    }
    true
}

/// Paints the signs in a line of text in the colours of their machines.
fn paint_signs(canvas: &mut Canvas<'_>, area: Rect, told: &str, signs: &[&str]) {
    for (at, sign) in signs.iter().enumerate() {
        for (before, _) in told.match_indices(sign) {
            let place = skip(area, width(&told[..before]));
            canvas.text(Rect { width: 1, ..place }, sign, canvas.machine(at));
        }
    }
}

/// Draws the notice into the last lines of `area`, above the hints, so that it does not cover the answer.
pub(super) fn draw_notice(canvas: &mut Canvas<'_>, state: &State<'_>, area: Rect) {
    // An open input line shows its own error.
    let typing = state.overlay.as_ref().is_some_and(Overlay::shows_complaints);
    let Some(notice) = state.notice.as_ref().filter(|_| !typing) else { return };
    let words = wrap(&canvas.glyphs.spelled(&notice.text), area.width);
    let lines = area.height.min(words.len() as u16);
    let style = if notice.bad { canvas.theme.bad() } else { canvas.theme.good() };
    let place = Rect { y: area.bottom() - lines, height: lines, ..area };
    canvas.clear(place);
    canvas.lines(place, &words, style);
}

/// Returns the lines of as many of the first sentences as fit whole.
fn as_many_as_fit(sentences: &[String], (columns, rows): (u16, u16)) -> Option<Vec<String>> {
    let lines = |count: usize| wrap(&sentences[..count].join(" "), columns);
    (1..=sentences.len()).rev().map(lines).find(|lines| lines.len() <= usize::from(rows))
}

/// Draws as much of the answer as fits on a screen that is too small for the explorer.
pub(super) fn card(canvas: &mut Canvas<'_>, state: &State<'_>, area: Rect) {
    let mut sentences = state.headline().lead();
    sentences.push("A larger window shows more.".to_owned());
    let lines = as_many_as_fit(&sentences, (area.width, area.height));
    let lines = lines.unwrap_or_else(|| wrap(&state.headline().short_lead(), area.width));
    let lines: Vec<String> = lines.iter().map(|words| canvas.glyphs.spelled(words).into_owned()).collect();
    canvas.lines(area, &lines, canvas.theme.text());
}

/// Paints the names of machines in the machines' colours. Longer names are painted last, because some begin with
/// another machine's name.
pub(in crate::ui) fn paint_names(canvas: &mut Canvas<'_>, state: &State<'_>, area: Rect, lines: &[String]) {
    let mut names: Vec<(usize, &str, String)> = Vec::with_capacity(state.answers.machines.len());
    for (at, answer) in state.answers.machines.iter().enumerate() {
        names.push((at, &answer.machine.short, firm(&answer.machine.short)));
    }
    names.sort_by_key(|(_, name, _)| name.len());
    for (row, words) in lines.iter().enumerate() {
        for (at, name, firm) in &names {
            let plain = words.match_indices(name);
            let kept = words.match_indices(firm.as_str()).filter(|_| firm != name);
            for (before, _) in plain.chain(kept) {
                let place = skip(line(area, row as u16), width(&words[..before]));
                canvas.text(place, name, canvas.machine(*at));
            }
        }
    }
}
