//! Room: the streams that would fit at the current context, and the context that would fit with the current streams.
//!
//! ```text
//! ── Room for streams of 4K tokens, log scale  ┃ now 8 ──
//! ● DGX Spark    ████████▌          58  123K each
//! ◆ RTX 5090     ✗ not one          0
//! ```

use ratatui::layout::Rect;

use super::{Clause, Clauses, Measure, Panel, PanelInput, Row, no_speed, plain_bar};
use crate::model::answer::Answer;
use crate::model::units::{Amount, GIB, Unit, short_tokens};
use crate::ui::view::axis::Axis;
use crate::ui::view::canvas::Canvas;

/// The panel.
pub static PANEL: Panel = Panel {
    id: "room",
    title: "Room",
    figure: "memory.max-concurrency",
    remarks,
    foot: None,
    chart: None,
    picture: None,
    row,
    measure: Some(MEASURE),
    bar,
};

const MEASURE: Measure =
    Measure { axis, value: |answer| answer.estimate?.memory.max_streams, limit: None, room: (6, &[9]) };

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
        // Streams that need no memory are not limited.
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

/// Returns the axis of streams. It starts below 1, so that the bar of a single stream has a length.
fn axis(input: &PanelInput<'_>) -> Axis {
    let streams = |answer: &Answer<'_>| answer.estimate.and_then(|estimate| estimate.memory.max_streams);
    let all = input.answers.machines.iter().filter_map(streams);
    Axis::fixed(Unit::Count, (0.5, 1000.0), all.filter(|streams| *streams >= 1.0))
}

/// Draws the streams that fit as a bar, and the current number as a mark.
fn bar(canvas: &mut Canvas<'_>, area: Rect, input: &PanelInput<'_>, at: usize) -> u16 {
    let used = plain_bar(&MEASURE, canvas, area, input, at);
    if area.width == 0 {
        return 0;
    }
    let now = axis(input).column(input.answers.load.concurrency, area.width);
    canvas.over(area, now, canvas.glyphs.knob, canvas.theme.title());
    used.max(now + 1)
}
