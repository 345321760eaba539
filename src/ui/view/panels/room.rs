//! Room: how many streams of this context would fit, and how long a context at this many streams.
//!
//! ```text
//! ── Room for streams of 4K tokens, log scale  ┃ now 8 ──
//! ● DGX Spark    ████████▌          58  123K each
//! ◆ RTX 5090     ✗ not one          0
//! ```

use ratatui::layout::Rect;

use super::{Clause, Clauses, Panel, PanelInput, Row, no_speed};
use crate::model::answer::Answer;
use crate::model::units::{Amount, GIB, Unit, short_tokens};
use crate::ui::view::axis::Axis;
use crate::ui::view::bar::Segment;
use crate::ui::view::canvas::Canvas;

/// The panel.
pub static PANEL: Panel =
    Panel { id: "room", title: "Room", figure: "memory.max-concurrency", remarks, foot: None, chart: None, row, bar };

fn remarks(input: &PanelInput<'_>) -> Vec<String> {
    let context = short_tokens(input.scenario.context);
    let now = Amount::exact(input.answers.load.concurrency, Unit::Count);
    vec![
        format!("for streams of {context} tokens, log scale  {} now {now}", input.glyphs.knob),
        format!("for streams of {context} tokens"),
        "streams that fit".to_owned(),
    ]
}

fn row(input: &PanelInput<'_>, answer: &Answer<'_>, _: usize) -> Row {
    let Some(memory) = answer.estimate.map(|estimate| estimate.memory).filter(|_| answer.refused.is_none()) else {
        return no_speed(input.glyphs, answer);
    };
    let Some(streams) = memory.max_streams else {
        // Without a cache every stream is free.
        let instead = vec!["streams take no memory".to_owned(), "any".to_owned()];
        return Row { instead, unknown: true, ..Row::default() };
    };
    let no = input.glyphs.no;
    let instead = if streams < 1.0 { vec![format!("{no} not one stream"), no.into()] } else { Vec::new() };
    let each = format!("{} each", short_tokens(memory.max_context as u64));
    let count = Amount::exact(streams, Unit::Count).number();
    let numbers = if memory.fits { vec![count, each] } else { vec![count] };
    let gib = |bytes: f64| Amount::computed(bytes, Unit::MemoryBytes);
    let per_stream = (memory.kv + memory.state.unwrap_or(0.0)) / input.answers.load.concurrency;
    let mut details = Clauses::new();
    if memory.fits {
        details.push(Clause::plain(format!("{} free", gib(memory.free))));
    }
    if per_stream >= GIB / 1000.0 {
        details.push(Clause::plain(format!("a stream takes {}", gib(per_stream))));
    }
    details.extend(answer.remedy.iter().map(Clause::plain));
    Row { numbers, instead, details, ..Row::default() }
}

/// The streams that fit, and the present ones as a mark.
fn bar(canvas: &mut Canvas<'_>, area: Rect, input: &PanelInput<'_>, at: usize) {
    let streams = |answer: &Answer<'_>| answer.estimate.and_then(|estimate| estimate.memory.max_streams);
    let now = input.answers.load.concurrency;
    let most = input.answers.machines.iter().filter_map(streams).fold(now, f64::max);
    // One stream is a bar of its own length, not of none.
    let axis = Axis { from: 0.5, to: most.max(1.0), log: true, unit: Unit::Count };
    let Some(streams) = input.answers.machines.get(at).and_then(streams) else { return };
    let style = canvas.theme.machine(at);
    canvas.bar(area, &[Segment { share: axis.share(streams), glyph: canvas.glyphs.weights, style }]);
    canvas.mark(area, axis.share(now), canvas.glyphs.knob, canvas.theme.title());
}
