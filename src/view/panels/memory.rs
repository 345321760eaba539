//! Memory: does it fit, and how much is left.
//!
//! ```text
//! ── Memory GiB ──────────────────────────────
//! ● DGX Spark    ████▓▒░░░░░░░      41 of 120
//! ◆ RTX 5090     ✗ needs 41, has 31.8
//! ```
//! Full block: weights; shade: caches and states; medium: runtime; light: free.

use ratatui::layout::Rect;

use super::{Panel, PanelInput, detail, lines_each, machine_line, row};
use crate::estimate::figures::Memory;
use crate::units::{Amount, Unit, short_tokens};
use crate::view::canvas::{Canvas, Segment};

/// The panel.
pub static PANEL: Panel = Panel { id: "memory", title: "Memory", figure: "memory.total", remark, legend: 0, draw };

fn remark(_: &PanelInput<'_>) -> String {
    "GiB: weights, caches, runtime, free".to_owned()
}

fn draw(canvas: &mut Canvas<'_>, area: Rect, input: &PanelInput<'_>) {
    let machines = &input.answers.machines;
    let largest = machines.iter().filter_map(|a| a.estimate).map(|e| e.memory.usable).fold(0.0, f64::max);
    let each = lines_each(area, machines.len(), PANEL.legend);
    for (at, answer) in machines.iter().enumerate() {
        let area_of = machine_line(area, each, at);
        let Some(memory) = answer.estimate.map(|estimate| estimate.memory) else {
            let columns = row(canvas, area_of, input, at, &[]);
            canvas.text(columns, &super::why_not(canvas.glyphs, answer), canvas.theme.bad());
            continue;
        };
        let gib = |bytes: f64| Amount::computed(bytes, Unit::MemoryBytes).number();
        let text = format!("{} of {}", gib(memory.total), gib(memory.usable));
        let columns = row(canvas, area_of, input, at, &[(&text, 13)]);
        detail(canvas, area, each, at, &words(&memory));
        if !memory.fits {
            let short = format!("{} {} short", canvas.glyphs.no, gib(-memory.free));
            if canvas.whole(columns, &short, canvas.theme.bad()) == 0 {
                canvas.whole(columns, canvas.glyphs.no, canvas.theme.bad());
            }
            continue;
        }
        let style = canvas.theme.machine(at);
        let part = |bytes: f64, glyph| Segment { share: bytes / largest, glyph, style };
        let glyphs = canvas.glyphs;
        let segments = [
            part(memory.weights, glyphs.weights),
            part(memory.kv + memory.state.unwrap_or(0.0), glyphs.cache),
            part(memory.overhead, glyphs.overhead),
            part(memory.free, glyphs.free),
        ];
        canvas.bar(columns, &segments);
    }
}

/// The parts in numbers, and how much more would fit.
fn words(memory: &Memory<f64>) -> Vec<String> {
    let gib = |bytes: f64| Amount::computed(bytes, Unit::MemoryBytes).number();
    let caches = memory.kv + memory.state.unwrap_or(0.0);
    let mut words = vec![format!("weights {}", gib(memory.weights)), format!("caches {}", gib(caches))];
    if memory.fits {
        words.extend(memory.max_streams.map(|n| format!("room for {} streams", Amount::exact(n, Unit::Count))));
        words.push(format!("or {} tokens", short_tokens(memory.max_context as u64)));
    }
    words.push(format!("runtime {}", gib(memory.overhead)));
    words
}
