//! The lines below the title: the answer, and what the person has to be told just now.

use ratatui::layout::Rect;

use super::canvas::{Canvas, line, skip, width};
use super::words::{firm, flow, wrap};
use crate::ui::overlay::Overlay;
use crate::ui::state::State;

/// The answer and why the others are not it. A notice takes the last lines, or all where it is long.
pub(super) fn draw(canvas: &mut Canvas<'_>, state: &State<'_>, area: Rect) {
    let area = Rect { height: area.height - draw_notice(canvas, state, area), ..area };
    if area.is_empty() {
        return;
    }
    let spell = |clause: String| canvas.glyphs.spelled(&clause).into_owned();
    let sentences: Vec<String> = state.headline().lead().into_iter().map(spell).collect();
    // A line for the others, where there are lines to share.
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

/// What the person has to be told, at the foot of `area`; returns the lines that it takes.
fn draw_notice(canvas: &mut Canvas<'_>, state: &State<'_>, area: Rect) -> u16 {
    // A line that is being typed shows its own complaint.
    let typing = state.overlay.as_ref().is_some_and(Overlay::shows_complaints);
    let Some(notice) = state.notice.as_ref().filter(|_| !typing) else { return 0 };
    let words = wrap(&canvas.glyphs.spelled(&notice.text), area.width);
    let lines = area.height.min(words.len() as u16);
    let style = if notice.bad { canvas.theme.bad() } else { canvas.theme.good() };
    canvas.lines(Rect { y: area.bottom() - lines, height: lines, ..area }, &words, style);
    lines
}

/// The first sentences that fit whole.
fn as_many_as_fit(sentences: &[String], (columns, rows): (u16, u16)) -> Option<Vec<String>> {
    let lines = |count: usize| wrap(&sentences[..count].join(" "), columns);
    (1..=sentences.len()).rev().map(lines).find(|lines| lines.len() <= usize::from(rows))
}

/// A screen too small for the explorer: the answer, as much of it as there is room for.
pub(super) fn card(canvas: &mut Canvas<'_>, state: &State<'_>, area: Rect) {
    let mut sentences = state.headline().lead();
    sentences.push("A larger window shows more.".to_owned());
    let lines = as_many_as_fit(&sentences, (area.width, area.height));
    let lines = lines.unwrap_or_else(|| wrap(&state.headline().short_lead(), area.width));
    let lines: Vec<String> = lines.iter().map(|words| canvas.glyphs.spelled(words).into_owned()).collect();
    canvas.lines(area, &lines, canvas.theme.text());
}

/// Machines in their own colour wherever they are named, the longer names last: some begin with another's.
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
                canvas.text(place, name, canvas.theme.machine(*at));
            }
        }
    }
}
