//! Memory: the parts of the memory that is needed, and what is free or missing.
//!
//! ```text
//! ── Memory GiB  █ weights ▓ caches ▒ runtime ░ free ──
//! ● DGX Spark    ████▓▒░░░░░░░         41.5 of 120
//! ◆ RTX 5090     ✗ 9.7 short          41.5 of 31.8
//! ```

use ratatui::layout::Rect;

use super::{Clause, Clauses, Measure, Panel, PanelChart, PanelInput, Row, no_speed, too_big};
use crate::model::answer::Answer;
use crate::model::estimate::figures::Memory;
use crate::model::facts::Host;
use crate::model::units::{Amount, GIB, Unit, short_tokens};
use crate::ui::view::axis::Axis;
use crate::ui::view::bar::Segment;
use crate::ui::view::canvas::{Canvas, line, longest_of, skip};
use crate::ui::view::hit::{Hits, Target};
use crate::ui::view::theme::Shade;
use crate::ui::view::words::first_words;

/// The panel.
pub static PANEL: Panel = Panel {
    id: "memory",
    title: "Memory",
    figure: "memory.total",
    remarks,
    foot: None,
    chart: Some(PanelChart {
        draw: chart,
        in_place: Some(|input, area| area.height >= TALL && each(input, area) >= GLASS.0),
    }),
    picture: None,
    row,
    measure: Some(MEASURE),
    bar,
};

const MEASURE: Measure =
    Measure { axis, value: |answer| Some(answer.estimate?.memory.total), limit: None, room: (11, &[]) };

/// Returns the axis from 0 to the largest memory of the catalog's machines that are sold, not rented.
fn axis(input: &PanelInput<'_>) -> Axis {
    let bought = input.catalog.machines.iter().filter(|machine| machine.host != Host::Rented);
    let largest = bought.map(|machine| machine.usable_gib.value).fold(1.0, f64::max);
    Axis { from: 0.0, to: (largest / 100.0).ceil() * 100.0 * GIB, log: false, unit: Unit::MemoryBytes }
}

fn remarks(input: &PanelInput<'_>) -> Vec<String> {
    let g = input.glyphs;
    vec![
        format!("{} weights  {} caches and runtime  {} free  {} missing", g.weights, g.cache, g.free, g.hatched),
        "needed of usable".to_owned(),
        "GiB".to_owned(),
    ]
}

/// Least and greatest width of a glass with the gap right of it, in columns.
const GLASS: (u16, u16) = (12, 26);
/// Space between two glasses, in columns.
const GAP: u16 = 2;
/// Least height of the panel, in lines, at which glasses replace the bars.
const TALL: u16 = 11;
/// Least height of a glass, in lines.
const LEAST: u16 = 5;
/// Most lines for the numbers of the parts below a glass.
const PARTS: u16 = 5;

/// Returns the width of a glass with its gap, in columns.
fn each(input: &PanelInput<'_>, area: Rect) -> u16 {
    (area.width / (input.answers.machines.len() as u16).max(1)).min(GLASS.1)
}

/// Draws a glass per machine, as high as its usable memory: weights, caches and runtime, free. Missing memory is above
/// the rim, and the numbers of all parts are below the glass.
fn chart(canvas: &mut Canvas<'_>, area: Rect, input: &PanelInput<'_>, (at, hits): (usize, &mut Hits)) {
    let each = each(input, area);
    let memories = || input.answers.machines.iter().filter_map(|answer| Some(answer.estimate?.memory));
    // The scale grows by doublings, so that sliders change it only if something does not fit.
    let most = memories().map(|memory| memory.usable.max(memory.total)).fold(GIB, f64::max);
    let most = libm::exp2(libm::log2(most / (32.0 * GIB)).ceil().max(0.0)) * 32.0 * GIB;
    let parts = area.height.saturating_sub(LEAST + 2).min(PARTS);
    for (machine, answer) in input.answers.machines.iter().enumerate() {
        let place = Rect { width: each, ..skip(area, machine as u16 * each) };
        hits.add(place, Target::Row { panel: at, machine });
        let below = Rect { y: place.bottom() - parts - 1, height: parts + 1, ..place };
        let name = first_words(&answer.machine.short, input.answers, usize::from(each.saturating_sub(GAP + 1)));
        let named = name.map_or_else(|| canvas.sign(machine).to_owned(), |it| format!("{} {it}", canvas.sign(machine)));
        let chosen = input.chosen == Some(machine);
        let style = if chosen { canvas.theme.chosen() } else { canvas.machine(machine) };
        canvas.whole(line(below, 0), &named, style);
        let Some(memory) = answer.estimate.map(|estimate| estimate.memory) else {
            canvas.whole(line(below, 1), "not known", canvas.theme.muted());
            continue;
        };
        glass(canvas, Rect { height: place.height - below.height, ..place }, (machine, &memory), most);
        let clauses = clauses(input, answer, &memory);
        let fitting = clauses.iter().filter(|clause| clause.columns() < each);
        for (row, clause) in fitting.take(usize::from(parts)).enumerate() {
            clause.draw(canvas, line(below, 1 + row as u16), machine);
        }
    }
}

/// Draws a glass with its content; the first line of `area` is for the number above the glass.
fn glass(canvas: &mut Canvas<'_>, area: Rect, (machine, memory): (usize, &Memory<f64>), most: f64) {
    let inside = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    let columns = area.width - GAP;
    let used = memory.weights + memory.kv + memory.state.unwrap_or(0.0) + memory.overhead;
    let level = |bytes: f64| ((bytes / most * f64::from(inside.height)).round() as u16).min(inside.height);
    // Missing memory takes at least one line.
    let rim = level(memory.usable).min(inside.height.saturating_sub(u16::from(!memory.fits)));
    let top = if memory.fits { rim } else { level(memory.total).max(rim + 1) };
    let style = canvas.machine(machine);
    for up in 0..top {
        let shade = match up {
            up if up >= rim => (canvas.theme.bad(), Shade::Hatched),
            up if up < level(memory.weights).max(1) => (style, Shade::Full),
            up if up < level(used) => (style, Shade::Half),
            _ => (style, Shade::Faint),
        };
        canvas.shade(line(inside, inside.height - 1 - up), (0, columns), shade);
    }
    let above = Rect { y: inside.bottom() - top - 1, height: 1, ..area };
    let (told, style) = if memory.fits {
        let (total, usable) = (gib(memory.total), gib(memory.usable));
        (vec![format!("{total} of {usable} GiB"), format!("{total} of {usable}"), total], canvas.theme.text())
    } else {
        (
            vec![too_big(memory), format!("{} too big", gib(-memory.free)), canvas.glyphs.no.to_owned()],
            canvas.theme.bad(),
        )
    };
    canvas.whole(above, longest_of(&told, area.width - 1).unwrap_or_default(), style);
}

fn gib(bytes: f64) -> String {
    Amount::computed(bytes, Unit::MemoryBytes).number()
}

fn row(input: &PanelInput<'_>, answer: &Answer<'_>, _: usize) -> Row {
    let Some(memory) = answer.estimate.map(|estimate| estimate.memory) else {
        return no_speed(input.glyphs, answer);
    };
    let refused = answer.refused.as_ref().map(|_| no_speed(input.glyphs, answer).instead);
    let number =
        if memory.fits { format!("{} of {}", gib(memory.total), gib(memory.usable)) } else { too_big(&memory) };
    let instead = refused.unwrap_or_default();
    Row { numbers: vec![number], instead, details: clauses(input, answer, &memory), ..Row::default() }
}

/// Returns the parts in numbers, and the streams and context that would fit.
fn clauses(input: &PanelInput<'_>, answer: &Answer<'_>, memory: &Memory<f64>) -> Clauses {
    let g = input.glyphs;
    let caches = memory.kv + memory.state.unwrap_or(0.0);
    let mut clauses = vec![
        Clause::of(g.weights, format!("weights {}", gib(memory.weights))),
        Clause::of(g.cache, format!("caches {}", gib(caches))),
        Clause::of(g.cache, format!("runtime {}", gib(memory.overhead))),
    ];
    if memory.fits {
        let held = short_tokens(input.scenario.context);
        let room = |streams: f64| {
            let plural = if streams > 1.0 { "streams" } else { "stream" };
            Clause::plain(format!("holds {} {plural} of {held}", Amount::exact(streams, Unit::Count)))
        };
        clauses.extend(memory.max_streams.map(room));
        let context = short_tokens(memory.max_context as u64);
        clauses.push(Clause::plain(format!("or {context} tokens in each")));
    } else {
        clauses.extend(answer.remedy.iter().map(Clause::plain));
    }
    clauses
}

/// Draws the parts of the memory needed, up to the usable memory; missing memory is hatched beyond it.
fn bar(canvas: &mut Canvas<'_>, area: Rect, input: &PanelInput<'_>, at: usize) -> u16 {
    let Some(estimate) = input.answers.machines.get(at).and_then(|answer| answer.estimate) else { return 0 };
    let (memory, style, axis) = (estimate.memory, canvas.machine(at), axis(input));
    let rim = axis.share(memory.usable);
    let caches = memory.kv + memory.state.unwrap_or(0.0);
    let part = |bytes: f64, shade| Segment { to: axis.share(bytes).min(rim), shade, style };
    let missing = Segment { to: axis.share(memory.total), shade: Shade::Hatched, style: canvas.theme.bad() };
    let segments = [
        part(memory.weights, Shade::Full),
        part(memory.weights + caches + memory.overhead, Shade::Half),
        part(memory.usable, Shade::Faint),
        missing,
    ];
    let used = canvas.bar(area, &segments);
    if memory.total > axis.to && area.width > 0 {
        canvas.put(area, area.width - 1, canvas.glyphs.pointer, canvas.theme.bad());
    }
    used
}
