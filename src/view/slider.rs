//! The sliders: label, track with ticks and knob, value in words.
//!
//! ```text
//! ▸ Model size    ┴──┴┴─◆─┴───────┴──  Llama 3.3 70B  70.6B dense
//! ```

use ratatui::layout::Rect;

use super::canvas::{Canvas, line, skip, width};
use super::hit::{Hits, Target};
use crate::app::{Focus, State};
use crate::scenario::knob::{self, Knob};

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
        let remark = ["← → slide, ↑ ↓ choose, Enter types a value", "← → slide"].map(str::to_owned);
        canvas.heading(line(area, 0), "You run", &remark, slides);
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
        draw_track(canvas, state, track, knob, focused);
        hits.add(track, Target::Track(at));
    }
    let used = canvas.text(text, &setting.text, value);
    canvas.whole(skip(text, used), &format!("  {}", setting.note), canvas.theme.muted());
}

fn draw_track(canvas: &mut Canvas<'_>, state: &State<'_>, track: Rect, knob: &Knob, focused: bool) {
    let rail = canvas.glyphs.rail.repeat(usize::from(track.width));
    canvas.text(track, &rail, canvas.theme.rule());
    for tick in knob.ticks(&state.scenario, state.catalog) {
        canvas.mark(track, tick.at, canvas.glyphs.tick, canvas.theme.rule());
    }
    let style = if focused { canvas.theme.focus() } else { canvas.theme.title() };
    canvas.mark(track, knob.position(&state.scenario, state.catalog), canvas.glyphs.knob, style);
}
