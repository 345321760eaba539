//! Memory: does it fit, and how much is left.
//!
//! ```text
//! ── Memory GiB  █ weights ▓ caches ▒ runtime ░ free ──
//! ● DGX Spark    ████▓▒░░░░░░░         41.5 of 120
//! ◆ RTX 5090     ✗ 9.7 short          41.5 of 31.8
//! ```

use ratatui::layout::Rect;

use super::{Clause, Clauses, Panel, PanelInput, Row, no_speed};
use crate::model::answer::Answer;
use crate::model::estimate::figures::Memory;
use crate::model::units::{Amount, Unit, short_tokens};
use crate::ui::view::bar::Segment;
use crate::ui::view::canvas::Canvas;

/// The panel.
pub static PANEL: Panel =
    Panel { id: "memory", title: "Memory", figure: "memory.total", remarks, foot: None, chart: None, row, bar };

fn remarks(input: &PanelInput<'_>) -> Vec<String> {
    let g = input.glyphs;
    vec![
        format!("GiB  {} weights {} caches {} runtime {} free", g.weights, g.cache, g.overhead, g.free),
        "GiB needed of usable".to_owned(),
        "GiB".to_owned(),
    ]
}

fn gib(bytes: f64) -> String {
    Amount::computed(bytes, Unit::MemoryBytes).number()
}

fn row(input: &PanelInput<'_>, answer: &Answer<'_>, _: usize) -> Row {
    let Some(memory) = answer.estimate.map(|estimate| estimate.memory) else {
        return no_speed(input.glyphs, answer);
    };
    let no = input.glyphs.no;
    let instead = if memory.fits { Vec::new() } else { vec![format!("{no} {} short", gib(-memory.free)), no.into()] };
    let numbers = vec![format!("{} of {}", gib(memory.total), gib(memory.usable))];
    Row { numbers, instead, details: clauses(input, answer, &memory), ..Row::default() }
}

/// The parts in numbers, and how much more would fit.
fn clauses(input: &PanelInput<'_>, answer: &Answer<'_>, memory: &Memory<f64>) -> Clauses {
    let g = input.glyphs;
    let caches = memory.kv + memory.state.unwrap_or(0.0);
    let mut clauses = vec![
        Clause::of(g.weights, format!("weights {}", gib(memory.weights))),
        Clause::of(g.cache, format!("caches {}", gib(caches))),
    ];
    if memory.fits {
        let room = |streams: f64| {
            let plural = if streams > 1.0 { "streams" } else { "stream" };
            Clause::plain(format!("room for {} {plural}", Amount::exact(streams, Unit::Count)))
        };
        clauses.extend(memory.max_streams.map(room));
        let context = short_tokens(memory.max_context as u64);
        clauses.push(Clause::plain(format!("or {context} tokens each")));
    } else {
        clauses.extend(answer.remedy.iter().map(Clause::plain));
    }
    clauses.push(Clause::of(g.overhead, format!("runtime {}", gib(memory.overhead))));
    clauses
}

fn bar(canvas: &mut Canvas<'_>, area: Rect, input: &PanelInput<'_>, at: usize) {
    let memories =
        || input.answers.machines.iter().filter_map(|answer| answer.estimate).map(|estimate| estimate.memory);
    let largest = memories().map(|memory| memory.usable).fold(0.0, f64::max);
    let Some(estimate) = input.answers.machines.get(at).and_then(|answer| answer.estimate) else { return };
    let (memory, glyphs, style) = (estimate.memory, canvas.glyphs, canvas.theme.machine(at));
    let part = |bytes: f64, glyph| Segment { share: bytes / largest, glyph, style };
    let segments = [
        part(memory.weights, glyphs.weights),
        part(memory.kv + memory.state.unwrap_or(0.0), glyphs.cache),
        part(memory.overhead, glyphs.overhead),
        part(memory.free, glyphs.free),
    ];
    canvas.bar(area, &segments);
}
