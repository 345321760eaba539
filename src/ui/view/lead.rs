//! The lines below the header: the answer and notices.
//!
//! ```text
//! █▄ ▄█ █▀▀   █▄ ▄█       cheapest of these 3 at ≥ 10 tok/s
//! █ ▀ █ ▀▀█   █ ▀ █  …    11.1 tok/s expected (9.8 to 12.1)  $4,850 contested  41.5 of 108 GiB
//! ▀   ▀ ▀▀▀   ▀   ▀       ● DGX Spark too slow: 4.63   ■ RTX PRO 6000 passes, $15,000
//!                         would change: from 12 tok/s per stream → RTX PRO 6000
//! ```
//! If the name does not fit in large letters, the answer is in sentences.

use ratatui::layout::Rect;

use super::big;
use super::canvas::{Canvas, line, longest_of, skip, width};
use super::facts::Facts;
use super::words::{firm, flow, wrap};
use crate::ui::overlay::Overlay;
use crate::ui::state::State;

/// Fewest columns for the lines beside the name.
const BESIDE: u16 = 46;

/// Draws the answer and the reasons why the other machines do not win. A notice replaces the last lines, or all if it
/// is long.
pub(super) fn draw(canvas: &mut Canvas<'_>, state: &State<'_>, area: Rect) {
    if let Some(beside) = named(canvas, state, area) {
        draw_notice(canvas, state, beside);
        return;
    }
    let area = Rect { height: area.height - draw_notice(canvas, state, area), ..area };
    if area.is_empty() {
        return;
    }
    let spell = |clause: String| canvas.glyphs.spelled(&clause).into_owned();
    let sentences: Vec<String> = state.headline().lead().into_iter().map(spell).collect();
    // One line is kept for the other machines if there are more than two.
    let most = if area.height > 2 { area.height - 1 } else { area.height };
    let answer = as_many_as_fit(&sentences, (area.width, most)).unwrap_or_else(|| match area.height {
        1 => vec![canvas.glyphs.spelled(&state.headline().short_lead()).into_owned()],
        _ => wrap(&sentences[0], area.width),
    });
    let used = answer.len().min(usize::from(area.height)) as u16;
    canvas.lines(area, &answer, canvas.theme.title());
    let rest = Rect { y: area.y + used, height: area.height - used, ..area };
    let clauses: Vec<String> = state.headline().reason_clauses().into_iter().map(spell).collect();
    let why = flow(&clauses, (rest.width, rest.height));
    canvas.lines(rest, &why, canvas.theme.muted());
    let shown: Vec<String> = answer.into_iter().take(usize::from(used)).chain(why).collect();
    paint_names(canvas, state, area, &shown);
}

/// Draws the winner's name in large letters and the facts beside it; returns the area of the facts, or `None` if the
/// name does not fit.
fn named(canvas: &mut Canvas<'_>, state: &State<'_>, area: Rect) -> Option<Rect> {
    let verdict = &state.answers.verdict;
    let (name, style) = match verdict.winner.and_then(|at| state.answers.machines.get(at)) {
        Some(winner) => (winner.machine.short.clone(), canvas.machine(verdict.winner.unwrap_or(0))),
        None => ("No box".to_owned(), canvas.theme.bad()),
    };
    let room = area.width.saturating_sub(BESIDE + 2);
    let name = shortest(state, &name, usize::from(room / big::COLUMNS))?;
    let used = big::draw(canvas, Rect { width: room, ..area }, &name.to_uppercase(), style);
    if used == 0 {
        return None;
    }
    let beside = Rect { height: big::LINES, ..skip(area, used + 2) };
    let signs: Vec<&str> = (0..state.answers.machines.len()).map(|at| canvas.sign(at)).collect();
    let facts = Facts::of(state, &signs);
    let spell = |texts: Vec<String>| -> Vec<String> {
        texts.iter().map(|text| canvas.glyphs.spelled(text).into_owned()).collect()
    };
    let rows = [spell(facts.condition), spell(facts.figures), spell(facts.others), spell(facts.change)];
    let styles = [canvas.theme.title(), canvas.theme.text(), canvas.theme.muted(), canvas.theme.muted()];
    let mut shown = Vec::new();
    for (row, (texts, style)) in rows.iter().zip(styles).enumerate() {
        let text = longest_of(texts, beside.width).unwrap_or_default().to_owned();
        canvas.lines(Rect { height: 1, ..line(beside, row as u16) }, std::slice::from_ref(&text), style);
        shown.push(text);
    }
    paint_names(canvas, state, beside, &shown);
    for (at, sign) in signs.iter().enumerate() {
        for (before, _) in shown[2].match_indices(sign) {
            let place = skip(line(beside, 2), width(&shown[2][..before]));
            canvas.text(Rect { width: 1, ..place }, sign, canvas.machine(at));
        }
    }
    Some(beside)
}

/// Returns the name, or as many of its first words as fit and name no other compared machine.
fn shortest(state: &State<'_>, name: &str, letters: usize) -> Option<String> {
    let words: Vec<&str> = name.split(' ').collect();
    let shortened = (1..=words.len()).rev().map(|count| words[..count].join(" "));
    let alone = |short: &String| {
        short == name
            || state.answers.machines.iter().filter(|it| it.machine.short.starts_with(short.as_str())).count() < 2
    };
    shortened.filter(alone).find(|short| short.len() <= letters)
}

/// Draws a notice at the bottom of `area`; returns the number of lines that it takes.
fn draw_notice(canvas: &mut Canvas<'_>, state: &State<'_>, area: Rect) -> u16 {
    // An open input line shows its own error.
    let typing = state.overlay.as_ref().is_some_and(Overlay::shows_complaints);
    let Some(notice) = state.notice.as_ref().filter(|_| !typing) else { return 0 };
    let words = wrap(&canvas.glyphs.spelled(&notice.text), area.width);
    let lines = area.height.min(words.len() as u16);
    let style = if notice.bad { canvas.theme.bad() } else { canvas.theme.good() };
    let place = Rect { y: area.bottom() - lines, height: lines, ..area };
    canvas.clear(place);
    canvas.lines(place, &words, style);
    lines
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
