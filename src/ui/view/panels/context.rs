//! Context: the speed of a stream as its cache fills, until it no longer fits.
//!
//! ```text
//! ── Speed by context tok/s ✗ no more fits ──
//!   chart
//! ● DGX Spark   ███                 4.8   128K fit
//! ```

use ratatui::layout::Rect;

use super::curves::{Subject, extent};
use super::{Clause, Measure, Panel, PanelChart, PanelInput, Row, no_speed, plain_bar};
use crate::model::answer::Answer;
use crate::model::estimate::figures::Speeds;
use crate::model::units::{Amount, Digits, Unit, short_tokens};
use crate::ui::view::axis::Axis;
use crate::ui::view::canvas::Canvas;
use crate::ui::view::chart::{Chart, Guide, columns};
use crate::ui::view::hit::Hits;

/// The panel.
pub static PANEL: Panel = Panel {
    id: "context",
    title: "Speed by context",
    figure: "decode.expected",
    remarks,
    foot: None,
    chart: Some(PanelChart::above(chart)),
    picture: None,
    row,
    measure: Some(MEASURE),
    bar,
};

const MEASURE: Measure = Measure {
    axis: |input| input.speeds(),
    value: |answer| Some(speeds(answer)?.each.expected),
    limit: Some(("speed", |input| input.answers.verdict.min_tok_s)),
    room: (5, &[8]),
};

/// Start of the axis, tokens.
const LEAST: f64 = 1024.0;

fn remarks(input: &PanelInput<'_>) -> Vec<String> {
    let unit = if input.answers.load.concurrency > 1.0 { "tok/s per stream" } else { "tok/s" };
    vec![format!("{unit}, by tokens in the cache"), unit.into()]
}

fn chart(canvas: &mut Canvas<'_>, area: Rect, input: &PanelInput<'_>, _: (usize, &mut Hits)) {
    let now = input.answers.load.context;
    let longest = input.answers.machines.iter().map(|answer| answer.model.max_context).fold(now, f64::max);
    let subject = Subject {
        x: Axis { from: LEAST, to: longest.max(2.0 * LEAST), log: true, unit: Unit::Tokens },
        set: |case, context| case.context.value = context,
        most: |memory| Some(memory.max_context),
        speed: |speeds| speeds.each,
    };
    let curves = subject.curves(input, columns(area));
    let (low, high) = extent(&curves).unwrap_or((1.0, 10.0));
    let y = Axis::speeds([low.max(0.1), high]);
    let guide = input.answers.verdict.min_tok_s.map(|least| Guide {
        ends: [(subject.x.from, least), (subject.x.to, least)],
        word: Amount::exact(least, Unit::TokensPerSecond).to_string(),
    });
    Chart { x: subject.x, y, of: "tokens", now, curves, guide, dots: Vec::new() }.draw(canvas, area);
}

fn speeds(answer: &Answer<'_>) -> Option<Speeds<f64>> {
    answer.estimate.and_then(|estimate| estimate.decode.speeds)
}

fn row(input: &PanelInput<'_>, answer: &Answer<'_>, _: usize) -> Row {
    let Some((estimate, speeds)) = answer.estimate.zip(speeds(answer)) else { return no_speed(input.glyphs, answer) };
    let digits = Digits::for_band(speeds.each.low, speeds.each.high);
    let number = |value: f64| Amount::new(value, Unit::TokensPerSecond, digits).number();
    let longest = estimate.memory.max_context;
    let cache = Amount::computed(estimate.memory.kv, Unit::MemoryBytes);
    let limit = if longest >= answer.model.max_context { "the model's longest" } else { "memory is full then" };
    Row {
        numbers: vec![number(speeds.each.expected), format!("{} fit", short_tokens(longest as u64))],
        details: vec![Clause::plain(limit), Clause::plain(format!("caches take {cache} now"))],
        ..Row::default()
    }
}

fn bar(canvas: &mut Canvas<'_>, area: Rect, input: &PanelInput<'_>, at: usize) -> u16 {
    plain_bar(&MEASURE, canvas, area, input, at)
}
