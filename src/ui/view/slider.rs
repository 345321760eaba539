//! The sliders: label, track and knob, and the value in words.
//!
//! ```text
//! ▸ Model size    ● DGX Spark       ▲◆■  no box   Llama 3.3 70B  70.6B dense
//!                 1B   5B 10B    50B 100B  500B
//! ```
//! Each stop on the track has the colour of the machine that would win there, with its name if the stretch has room. A
//! scale is below the focused slider. The knob is the position of the current scenario.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::canvas::{Canvas, line, longest_of, skip, width};
use super::hit::{Hits, Target};
use super::theme::Shade;
use crate::model::answer::StopWinner;
use crate::model::scenario::knob::{self, Knob};
use crate::model::units::{Amount, Digits, Unit};
use crate::ui::state::{Focus, State};

/// Width of the pointer and the label, in columns.
const LABEL: u16 = 17;
/// Greatest width of the value, in columns; a note beside it is left out if it does not fit.
const VALUE: u16 = 40;
/// Fewest columns of a track.
const TRACK: u16 = 6;

/// Draws the sliders; if there is only one line, only the one that the arrow keys change.
pub(super) fn draw(canvas: &mut Canvas<'_>, state: &State<'_>, area: Rect, hits: &mut Hits) {
    let count = knob::sliders().count() as u16;
    for (row, (at, knob)) in
        knob::sliders().enumerate().filter(|(at, _)| area.height >= count || *at == state.turning).enumerate()
    {
        draw_one(canvas, state, line(area, row as u16), (at, knob), hits);
    }
    if let Some(knob) = state.slider().filter(|_| area.height > count) {
        draw_scale(canvas, state, line(area, count), knob);
    }
}

/// Draws the values along the track of the slider that the arrow keys change; the current value takes precedence.
fn draw_scale(canvas: &mut Canvas<'_>, state: &State<'_>, area: Rect, knob: &Knob) {
    let (track, _) = columns(state, area, knob);
    if track.width < TRACK {
        return;
    }
    let (scenario, catalog) = (&state.scenario, state.catalog);
    let setting = knob.read(scenario, catalog);
    let now = (knob.position(scenario, catalog), short(knob, &setting.typed, setting.value), canvas.theme.focus());
    let scale = knob.scale(scenario, catalog).into_iter().map(|stop| (stop.at, stop.label, canvas.theme.muted()));
    let mut taken: Vec<(u16, u16)> = Vec::new();
    for (at, label, style) in std::iter::once(now).chain(scale.collect::<Vec<_>>()) {
        let columns = width(&label);
        let Some(last) = track.width.checked_sub(columns) else { continue };
        let start = column(at, track).saturating_sub(columns / 2).min(last);
        if taken.iter().all(|(from, to)| start > *to || start + columns < *from) {
            taken.push((start, start + columns));
            canvas.text(Rect { width: columns, ..skip(track, start) }, &label, style);
        }
    }
}

/// Returns the current value in few columns: the size instead of a model's name.
fn short(knob: &Knob, typed: &str, value: Option<f64>) -> String {
    match value {
        Some(value) if knob.id == "model" => Amount::computed(value, Unit::Parameters).to_string(),
        Some(value) if knob.id == "sparsity" => Amount::new(value, Unit::Share, Digits::Significant(2)).to_string(),
        _ => typed.to_owned(),
    }
}

/// Returns the areas of the track and of the words right of it.
fn columns(state: &State<'_>, area: Rect, knob: &Knob) -> (Rect, Rect) {
    let rest = skip(area, LABEL);
    let setting = knob.read(&state.scenario, state.catalog);
    let words = (rest.width * 2 / 5).clamp(18, VALUE).max(rest.width.min(width(&setting.text)));
    let track = Rect { width: rest.width.saturating_sub(words + 2), ..rest };
    let text = skip(rest, if track.width >= TRACK { track.width + 2 } else { 0 });
    (track, text)
}

fn draw_one(canvas: &mut Canvas<'_>, state: &State<'_>, area: Rect, (at, knob): (usize, &Knob), hits: &mut Hits) {
    hits.add(area, Target::Slider(at));
    let focused = state.focus == Focus::Slider(at);
    let (label, value) =
        if focused { (canvas.theme.focus(), canvas.theme.title()) } else { (canvas.theme.text(), canvas.theme.text()) };
    // The slider that the arrow keys change has its pointer even while a panel is focused.
    let pointer = if at == state.turning { canvas.glyphs.pointer } else { " " };
    canvas.spans(Rect { width: LABEL, ..area }, &[(pointer, label), (" ", label), (knob.label, label)]);
    let setting = knob.read(&state.scenario, state.catalog);
    let (track, text) = columns(state, area, knob);
    if track.width >= TRACK {
        draw_track(canvas, state, track, (at, knob, focused));
        hits.add(track, Target::Track(at));
    }
    let used = canvas.text(text, &setting.text, value);
    canvas.whole(skip(text, used + 2), &setting.note, canvas.theme.muted());
}

/// Draws the track as stretches of one winner each, then the knob.
fn draw_track(canvas: &mut Canvas<'_>, state: &State<'_>, track: Rect, (at, knob, focused): (usize, &Knob, bool)) {
    let strip = state.around.strips.get(at).map_or(&[] as &[StopWinner], Vec::as_slice);
    let won: Vec<Option<usize>> = winners(strip, track.width).collect();
    let knob_column = column(knob.position(&state.scenario, state.catalog), track);
    let mut from = 0;
    for stretch in won.chunk_by(|a, b| a == b) {
        let place = Rect { width: stretch.len() as u16, ..skip(track, from) };
        let here = knob_column.checked_sub(from).filter(|column| *column < place.width);
        draw_stretch(canvas, state, place, (stretch[0], here, focused));
        from += place.width;
    }
    canvas.put(track, knob_column, canvas.glyphs.knob, canvas.theme.chosen());
}

/// Draws one stretch: its colour, and the winner's name or sign where it does not cover the knob.
fn draw_stretch(
    canvas: &mut Canvas<'_>,
    state: &State<'_>,
    place: Rect,
    (winner, knob, focused): (Option<usize>, Option<u16>, bool),
) {
    let shade = if focused { Shade::Half } else { Shade::Faint };
    let labels = if let Some((at, answer)) = winner.and_then(|at| Some((at, state.answers.machines.get(at)?))) {
        let tint = canvas.theme.tint(canvas.machine(at), shade);
        for x in 0..place.width {
            match tint {
                Some(tint) => canvas.put(place, x, " ", Style::reset().fg(tint).bg(tint)),
                None => canvas.put(place, x, canvas.glyphs.track, canvas.machine(at)),
            }
        }
        vec![format!(" {} {} ", canvas.sign(at), answer.machine.short), canvas.sign(at).to_owned()]
    } else {
        for x in 0..place.width {
            canvas.put(place, x, canvas.glyphs.none, canvas.theme.rule());
        }
        vec![" no box ".to_owned()]
    };
    // The label is at the start of the stretch or after the knob, so that it does not move with the end of the stretch.
    let (start, room) = match knob {
        Some(at) if labels.last().is_some_and(|label| width(label) <= at) => (0, at),
        Some(at) => (at + 1, place.width - at - 1),
        None => (0, place.width),
    };
    let Some(label) = longest_of(&labels, room) else { return };
    let at = skip(place, start);
    let behind = canvas.buffer.cell((at.x, at.y)).map(|cell| cell.bg);
    let style = match (winner, canvas.theme.tint(canvas.theme.title(), Shade::Full)) {
        (Some(_), Some(_)) => canvas.theme.title().bg(behind.unwrap_or(canvas.theme.background)),
        (Some(winner), None) => canvas.machine(winner),
        (None, _) => canvas.theme.muted(),
    };
    canvas.text(at, label, style);
}

/// Returns the winner in each column, which is that of the nearest stop; `None` if there are no stops.
fn winners(strip: &[StopWinner], columns: u16) -> impl Iterator<Item = Option<usize>> {
    let last = f64::from(columns.max(2) - 1);
    let mut nearest = 0;
    let winner = move |x: u16| {
        let at = f64::from(x) / last;
        let far = |place: usize| strip.get(place).map_or(f64::INFINITY, |stretch| (stretch.at - at).abs());
        // Stops are in rising order, so the nearest one is never before that of the previous column.
        while nearest + 1 < strip.len() && far(nearest + 1) <= far(nearest) {
            nearest += 1;
        }
        strip.get(nearest)?.winner
    };
    (0..columns).map(winner)
}

/// Returns the column of a track at a position.
fn column(position: f64, track: Rect) -> u16 {
    (position.clamp(0.0, 1.0) * f64::from(track.width.max(1) - 1)).round() as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_column_is_won_by_its_nearest_stop() {
        let stop = |at: f64, winner| StopWinner { at, typed: String::new(), winner };
        let strip = [stop(0.0, Some(0)), stop(0.5, Some(1)), stop(0.65, None), stop(1.0, Some(2))];
        let wanted = [0, 0, 0, 1, 1, 1, 9, 9, 9, 2, 2].map(|machine| Some(machine).filter(|at| *at < 9));
        assert_eq!(winners(&strip, 11).collect::<Vec<_>>(), wanted);
        assert!(winners(&[], 11).all(|winner| winner.is_none()));
    }
}
