//! Streams: the speed of all streams together, over their number, until they no longer fit.
//!
//! ```text
//! ── Streams tok/s of all together, by number of streams ✗ no more fit ──
//!   chart
//! ● DGX Spark   ███                 140   12 each   91 fit
//! ```

use ratatui::layout::Rect;

use super::curves::{Subject, extent};
use super::{Clause, Measure, Panel, PanelChart, PanelInput, Row, no_speed, plain_bar};
use crate::model::answer::{Answer, default_min_speed};
use crate::model::estimate::figures::Speeds;
use crate::model::units::{Amount, Digits, Unit};
use crate::ui::view::axis::Axis;
use crate::ui::view::canvas::Canvas;
use crate::ui::view::chart::{Chart, Guide, columns};
use crate::ui::view::hit::Hits;

/// The panel.
pub static PANEL: Panel = Panel {
    id: "streams",
    title: "Throughput by streams",
    figure: "decode.aggregate",
    remarks,
    foot: None,
    chart: Some(PanelChart::above(chart)),
    picture: None,
    row,
    measure: Some(MEASURE),
    bar,
};

const MEASURE: Measure = Measure {
    axis: |input| input.together(),
    value: |answer| Some(speeds(answer)?.aggregate.expected),
    limit: None,
    room: (6, &[9, 6]),
};

/// Greatest end of the axis.
const MOST: f64 = 1024.0;

fn remarks(_: &PanelInput<'_>) -> Vec<String> {
    ["tok/s of all streams together, log scales", "tok/s of all together", "tok/s together"].map(str::to_owned).to_vec()
}

fn chart(canvas: &mut Canvas<'_>, area: Rect, input: &PanelInput<'_>, _: (usize, &mut Hits)) {
    let subject = Subject {
        x: Axis { from: 1.0, to: end(input), log: true, unit: Unit::Count },
        set: |case, streams| case.streams.value = streams,
        most: |memory| memory.max_streams,
        speed: |speeds| speeds.aggregate,
    };
    let curves = subject.curves(input, columns(area));
    let (low, high) = extent(&curves).unwrap_or((1.0, 10.0));
    let y = Axis::together([low, high]);
    let guide = input.answers.verdict.min_tok_s.and_then(|each| diagonal(each, (subject.x, y)));
    Chart { x: subject.x, y, of: "streams", now: input.answers.load.concurrency, curves, guide, dots: Vec::new() }
        .draw(canvas, area);
}

/// Returns the line on which each stream gets the required speed, as far as it is on both axes.
fn diagonal(each: f64, (x, y): (Axis, Axis)) -> Option<Guide> {
    let (from, to) = (x.from.max(y.from / each), x.to.min(y.to / each));
    let word = format!("{} each", Amount::exact(each, Unit::TokensPerSecond).number());
    (from < to).then_some(Guide { ends: [(from, from * each), (to, to * each)], word })
}

/// Returns the end of the axis: beyond the streams that fit on any machine, but within the range of the knob.
fn end(input: &PanelInput<'_>) -> f64 {
    let estimates = input.answers.machines.iter().filter_map(|answer| answer.estimate);
    let fitting = estimates.map(|estimate| estimate.memory.max_streams.unwrap_or(MOST)).fold(1.0, f64::max);
    let now = input.answers.load.concurrency;
    libm::exp2(libm::log2((1.2 * fitting).max(now).clamp(8.0, MOST)).ceil()).max(now)
}

fn speeds(answer: &Answer<'_>) -> Option<Speeds<f64>> {
    answer.estimate.and_then(|estimate| estimate.decode.speeds)
}

fn row(input: &PanelInput<'_>, answer: &Answer<'_>, _: usize) -> Row {
    let Some((estimate, speeds)) = answer.estimate.zip(speeds(answer)) else { return no_speed(input.glyphs, answer) };
    let digits = Digits::for_band(speeds.aggregate.low, speeds.aggregate.high);
    let number = |value: f64| Amount::new(value, Unit::TokensPerSecond, digits).number();
    let fit = estimate
        .memory
        .max_streams
        .map_or_else(String::default, |streams| format!("{} fit", Amount::exact(streams, Unit::Count).number()));
    let all = speeds.aggregate;
    let mut details = waits(answer);
    details.extend(users(input, answer));
    details.push(Clause::plain(format!("{} to {}", number(all.low), number(all.high))));
    details.push(Clause::plain(format!("limited by {}", estimate.decode.bound.word())));
    let numbers = vec![number(all.expected), format!("{} each", number(speeds.each.expected)), fit];
    Row { numbers, details, ..Row::default() }
}

/// Returns the streams that run and wait, and their time to first token; empty for a single stream.
fn waits(answer: &Answer<'_>) -> Vec<Clause> {
    let Some(waiting) = answer.waiting.filter(|waiting| waiting.running + waiting.waiting > 1.0) else {
        return Vec::new();
    };
    let count = |value| Amount::exact(value, Unit::Count);
    let time = |value| Amount::new(value, Unit::Seconds, Digits::Significant(2));
    let who = format!("{} run, {} wait", count(waiting.running), count(waiting.waiting));
    let when = waiting.times.map_or_else(
        || "wait not known".to_owned(),
        |times| format!("TTFT p50 {}, p95 {}", time(times.ttft_p50), time(times.ttft_p95)),
    );
    vec![Clause::plain(who), Clause::plain(when)]
}

/// Returns the number of users who can each get the required speed.
fn users(input: &PanelInput<'_>, answer: &Answer<'_>) -> Option<Clause> {
    let least = input.scenario.limits.min_tok_s.unwrap_or_else(|| default_min_speed(input.catalog));
    let users = answer.estimate?.users?;
    let (users, least) = (Amount::exact(users, Unit::Count), Amount::exact(least, Unit::TokensPerSecond));
    Some(Clause::plain(format!("{users} users at ≥ {least}")))
}

fn bar(canvas: &mut Canvas<'_>, area: Rect, input: &PanelInput<'_>, at: usize) -> u16 {
    plain_bar(&MEASURE, canvas, area, input, at)
}
