//! The sliders: label, track and knob, value in words.
//!
//! ```text
//! ▸ Model size    ●━━━━━■━●━━┴·······  Llama 3.3 70B  70.6B dense
//! ```
//! The track is painted, stop by stop, in the colour of the machine that wins there, all else equal, with its mark where
//! its stretch begins; dots where no machine passes. One look shows where the answer flips. The knob is the winner's mark
//! on the ground of its colour.

use ratatui::layout::Rect;

use super::canvas::{Canvas, line, skip, width};
use super::hit::{Hits, Target};
use crate::model::answer::StopWinner;
use crate::model::scenario::knob::{self, Knob};
use crate::ui::state::{Focus, State};

/// Columns of the pointer and the label.
const LABEL: u16 = 17;
/// Columns of the value, at most; a note beside it is left out where it does not fit.
const VALUE: u16 = 46;
/// The shortest track worth having.
const TRACK: u16 = 6;

/// Draws the sliders; where there is room for one line only, the one that keys turn.
pub(super) fn draw(canvas: &mut Canvas<'_>, state: &State<'_>, area: Rect, hits: &mut Hits) {
    let count = knob::sliders().count() as u16;
    let headed = area.height > count;
    if headed {
        let slides = matches!(state.focus, Focus::Slider(_));
        canvas.heading(line(area, 0), "You run", &remarks(canvas, state), slides);
    }
    let mut row = u16::from(headed);
    for (at, knob) in knob::sliders().enumerate() {
        if area.height < count && at != state.turning {
            continue;
        }
        draw_one(canvas, state, line(area, row), (at, knob), hits);
        row += 1;
    }
}

/// What the colours of the tracks mean.
fn remarks(canvas: &Canvas<'_>, state: &State<'_>) -> Vec<String> {
    let g = canvas.glyphs;
    let machines = state.answers.machines.iter().enumerate();
    let mut names = String::new();
    for (at, answer) in machines {
        names.extend([g.machines[at % 8], " ", &answer.machine.short, "  "]);
    }
    let none = g.nobody;
    vec![
        format!("painted by who wins there, all else equal: {names}{none} none"),
        format!("painted by who wins there: {names}{none} none"),
        format!("painted by who wins there, {none} none"),
    ]
}

fn draw_one(canvas: &mut Canvas<'_>, state: &State<'_>, area: Rect, (at, knob): (usize, &Knob), hits: &mut Hits) {
    hits.add(area, Target::Slider(at));
    let focused = state.focus == Focus::Slider(at);
    let (label, value) =
        if focused { (canvas.theme.focus(), canvas.theme.title()) } else { (canvas.theme.text(), canvas.theme.text()) };
    // The slider that keys turn keeps its pointer while a panel has the focus.
    let pointer = if at == state.turning { canvas.glyphs.pointer } else { " " };
    canvas.spans(Rect { width: LABEL, ..area }, &[(pointer, label), (" ", label), (knob.label, label)]);
    let setting = knob.read(&state.scenario, state.catalog);
    let rest = skip(area, LABEL);
    let words = (rest.width / 2).clamp(18, VALUE).max(rest.width.min(width(&setting.text)));
    let track = Rect { width: rest.width.saturating_sub(words + 2), ..rest };
    let text = skip(rest, if track.width >= TRACK { track.width + 2 } else { 0 });
    if track.width >= TRACK {
        draw_track(canvas, state, track, (at, knob));
        hits.add(track, Target::Track(at));
    }
    let used = canvas.text(text, &setting.text, value);
    canvas.whole(skip(text, used + 2), &setting.note, canvas.theme.muted());
}

fn draw_track(canvas: &mut Canvas<'_>, state: &State<'_>, track: Rect, (at, knob): (usize, &Knob)) {
    let strip = state.around.strips.get(at).map_or(&[] as &[StopWinner], Vec::as_slice);
    let mut winners = winners(strip, track.width);
    let ticks: Vec<u16> =
        knob.ticks(&state.scenario, state.catalog).iter().map(|tick| column(tick.at, track)).collect();
    let mut before = None;
    for x in 0..track.width {
        let winner = winners.next().flatten();
        let begins = x == 0 || winner != before;
        before = winner;
        let g = canvas.glyphs;
        let (glyph, style) = match winner {
            None if strip.is_empty() => (g.track, canvas.theme.rule()),
            None => (g.nobody, canvas.theme.muted()),
            Some(machine) if begins => (g.machines[machine % 8], canvas.theme.machine(machine)),
            Some(machine) => (g.track, canvas.theme.machine(machine)),
        };
        let glyph = if ticks.contains(&x) && !begins { g.tick } else { glyph };
        canvas.put(track, x, glyph, style);
    }
    draw_knob(canvas, state, track, knob);
}

fn draw_knob(canvas: &mut Canvas<'_>, state: &State<'_>, track: Rect, knob: &Knob) {
    let (glyph, style) = match state.answers.verdict.winner {
        Some(machine) => (canvas.glyphs.machines[machine % 8], canvas.theme.machine_reversed(machine)),
        None => (canvas.glyphs.no, canvas.theme.chosen()),
    };
    canvas.mark(track, knob.position(&state.scenario, state.catalog), glyph, style);
}

/// The winner at each of so many columns: that of the nearest stop; nobody where there is none.
fn winners(strip: &[StopWinner], columns: u16) -> impl Iterator<Item = Option<usize>> {
    let last = f64::from(columns.max(2) - 1);
    let mut nearest = 0;
    let winner = move |x: u16| {
        let at = f64::from(x) / last;
        let far = |place: usize| strip.get(place).map_or(f64::INFINITY, |stretch| (stretch.at - at).abs());
        // Stops rise: the nearest one never lies behind that of the column before.
        while nearest + 1 < strip.len() && far(nearest + 1) <= far(nearest) {
            nearest += 1;
        }
        strip.get(nearest)?.winner
    };
    (0..columns).map(winner)
}

/// The column of a track that a position lies in.
fn column(position: f64, track: Rect) -> u16 {
    (position.clamp(0.0, 1.0) * f64::from(track.width.max(1) - 1)).round() as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_column_is_won_by_its_nearest_stop() {
        let stop = |at: f64, winner| StopWinner { at, typed: "".into(), winner };
        let strip = [stop(0.0, Some(0)), stop(0.5, Some(1)), stop(0.65, None), stop(1.0, Some(2))];
        let wanted = [0, 0, 0, 1, 1, 1, 9, 9, 9, 2, 2].map(|machine| Some(machine).filter(|at| *at < 9));
        assert_eq!(winners(&strip, 11).collect::<Vec<_>>(), wanted);
        assert!(winners(&[], 11).all(|winner| winner.is_none()));
    }
}
