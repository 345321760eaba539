//! Memory: the parts of the memory that is needed, and what is free or missing.
//!
//! ```text
//! ── Memory GiB  █ weights ▓ caches ▒ runtime ░ free ──
//! ● DGX Spark    ████▓▒░░░░░░░         41.5 of 120
//! ◆ RTX 5090     ✗ 9.7 short          41.5 of 31.8
//! ```

use ratatui::layout::Rect;

use super::{Clause, Clauses, Measure, Panel, PanelInput, Row, no_speed, too_big};
use crate::model::answer::Answer;
use crate::model::estimate::figures::Memory;
use crate::model::facts::Host;
use crate::model::units::{Amount, GIB, Unit, short_tokens};
use crate::ui::view::axis::Axis;
use crate::ui::view::bar::Segment;
use crate::ui::view::canvas::{Canvas, line, longest_of, skip};
use crate::ui::view::theme::Shade;

/// The panel.
pub static PANEL: Panel = Panel {
    id: "memory",
    title: "Memory",
    figure: "memory.total",
    remarks,
    foot: None,
    chart: Some(chart),
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

/// Greatest width of a glass, in columns.
const GLASS: u16 = 22;
/// Space between two glasses, in columns.
const GAP: u16 = 3;

/// Draws a glass per machine, as high as its usable memory: weights, caches and runtime, free; missing memory is above
/// the rim.
fn chart(canvas: &mut Canvas<'_>, area: Rect, input: &PanelInput<'_>) {
    let memories = input
        .answers
        .machines
        .iter()
        .enumerate()
        .filter_map(|(at, answer)| Some((at, answer.machine.short.as_str(), answer.estimate?.memory)));
    let memories: Vec<(usize, &str, Memory<f64>)> = memories.collect();
    let each = (area.width / (memories.len() as u16).max(1)).min(GLASS + GAP);
    if each <= GAP + 4 || area.height < 4 {
        return;
    }
    // The scale grows by doublings, so that sliders change it only if something does not fit.
    let most = memories.iter().map(|(.., memory)| memory.usable.max(memory.total)).fold(GIB, f64::max);
    let most = libm::exp2(libm::log2(most / (32.0 * GIB)).ceil().max(0.0)) * 32.0 * GIB;
    let inside = Rect { y: area.y + 1, height: area.height - 2, ..area };
    for (place, (at, name, memory)) in memories.iter().enumerate() {
        let glass = Rect { width: each - GAP, ..skip(inside, place as u16 * each + 1) };
        let caches = memory.kv + memory.state.unwrap_or(0.0) + memory.overhead;
        let used = memory.weights + caches;
        let style = canvas.machine(*at);
        let rim = memory.usable.min(used.max(memory.usable));
        let level = |bytes: f64| ((bytes / most) * f64::from(inside.height)).round() as u16;
        for up in 0..inside.height {
            let bytes = (f64::from(up) + 0.5) / f64::from(inside.height) * most;
            let shade = match bytes {
                bytes if bytes < memory.weights.min(rim) => Some((style, Shade::Full)),
                bytes if bytes < used.min(rim) => Some((style, Shade::Half)),
                bytes if bytes < rim => Some((style, Shade::Faint)),
                bytes if bytes < memory.total => Some((canvas.theme.bad(), Shade::Hatched)),
                _ => None,
            };
            if let Some(shade) = shade {
                canvas.shade(line(glass, inside.height - 1 - up), (0, glass.width), shade);
            }
        }
        let top = level(memory.usable.max(memory.total)).min(inside.height);
        let told =
            if memory.fits { format!("{} of {}", gib(memory.total), gib(memory.usable)) } else { too_big(memory) };
        let above = Rect { y: inside.bottom().saturating_sub(top + 1), height: 1, ..glass };
        let told_style = if memory.fits { canvas.theme.text() } else { canvas.theme.bad() };
        canvas.whole(Rect { width: each, ..above }, &told, told_style);
        let below = Rect { y: inside.bottom(), height: 1, width: each, ..glass };
        let named = [format!("{} {name}", canvas.sign(*at)), canvas.sign(*at).to_owned()];
        if let Some(named) = longest_of(&named, each) {
            canvas.text(below, named, style);
        }
    }
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
    clauses.push(Clause::of(g.cache, format!("runtime {}", gib(memory.overhead))));
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
