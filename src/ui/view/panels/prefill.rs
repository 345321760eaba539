//! Time: to the first token and to the whole answer, on one logarithmic axis.
//!
//! ```text
//! ── Time to answer ▒█▒ first token ──▒█▒ whole answer · shorter is better ──
//! ● DGX Spark            ▒█▒────────────▒█▒    5.5 s   110 s
//! ▲ M5 Max 40c       ▒▒█▒▒──────────▒█▒        3.2 s    48 s
//! prompt 2K + answer 512 tokens · shorter is better · 500 ms to 130 s, log scale
//! ```

use ratatui::layout::Rect;

use super::{Clause, Measure, Panel, PanelInput, Row, no_speed};
use crate::model::answer::Answer;
use crate::model::estimate::figures::{Band, Prefill};
use crate::model::units::{Amount, Digits, Unit, short_tokens};
use crate::ui::view::axis::Axis;
use crate::ui::view::canvas::{Canvas, skip};
use crate::ui::view::theme::Shade;

/// The panel.
pub static PANEL: Panel = Panel {
    id: "prefill",
    title: "Time to answer",
    figure: "answer-time",
    remarks,
    foot: Some(foot),
    chart: None,
    picture: None,
    row,
    measure: Some(MEASURE),
    bar,
};

const MEASURE: Measure = Measure {
    axis,
    value: |answer| Some(times(answer)?.1.expected),
    limit: Some(("ttft", |input| input.scenario.limits.max_ttft_s)),
    room: (7, &[7]),
};

fn remarks(input: &PanelInput<'_>) -> Vec<String> {
    let g = input.glyphs;
    let marks = format!("{0}{1}{0} first token {2}{2}{0}{1}{0} whole answer", g.band, g.typical, g.rail);
    vec![format!("{marks} · shorter is better"), marks, "seconds".to_owned()]
}

/// Returns the tokens of the prompt and the answer whose time is shown.
fn foot(input: &PanelInput<'_>) -> Vec<String> {
    let scenario = input.scenario;
    let cached =
        if scenario.cached > 0 { format!("cached {} + ", short_tokens(scenario.cached)) } else { String::default() };
    let tokens =
        format!("prompt {} + answer {}", short_tokens(scenario.prompt_tokens()), short_tokens(scenario.generate));
    vec![
        format!("{cached}{tokens} tokens · shorter is better"),
        format!("{cached}{tokens} · shorter is better"),
        tokens,
    ]
}

/// Returns the axis of times, seconds.
fn axis(input: &PanelInput<'_>) -> Axis {
    let times = input.answers.machines.iter().filter_map(times);
    Axis::fixed(
        Unit::Seconds,
        (0.1, 1000.0),
        times.flat_map(|(prefill, whole)| [prefill.ttft.expected, whole.expected]),
    )
}

fn times(answer: &Answer<'_>) -> Option<(Prefill<f64>, Band<f64>)> {
    let estimate = answer.estimate?;
    estimate.prefill.zip(estimate.answer_time)
}

fn row(input: &PanelInput<'_>, answer: &Answer<'_>, _: usize) -> Row {
    if answer.estimate.is_some_and(|e| e.decode.speeds.is_some() && e.prefill.is_none()) {
        let instead = ["compute rate not known", "not known"].map(str::to_owned).to_vec();
        return Row { instead, unknown: true, ..Row::default() };
    }
    let Some((prefill, whole)) = times(answer) else { return no_speed(input.glyphs, answer) };
    let rate = Digits::for_band(prefill.speed.low, prefill.speed.high);
    let speed = Amount::new(prefill.speed.expected, Unit::TokensPerSecond, rate);
    let details = vec![
        Clause::plain(format!("first token {}", words(prefill.ttft))),
        Clause::plain(format!("prompt at {speed}")),
        Clause::plain(format!("limited by {}", prefill.bound.word())),
        Clause::plain(format!("answer {}", words(whole))),
    ];
    Row {
        numbers: vec![time(prefill.ttft, prefill.ttft.expected), time(whole, whole.expected)],
        own: 1,
        details,
        ..Row::default()
    }
}

fn time(band: Band<f64>, value: f64) -> String {
    Amount::new(value, Unit::Seconds, Digits::for_band(band.low, band.high)).to_string()
}

fn words(band: Band<f64>) -> String {
    format!("{} to {}", time(band, band.low), time(band, band.high))
}

/// Draws both bands on the axis, with a line between them for the time in which the answer is generated.
fn bar(canvas: &mut Canvas<'_>, area: Rect, input: &PanelInput<'_>, at: usize) -> u16 {
    let Some((prefill, whole)) = input.answers.machines.get(at).and_then(times).filter(|_| area.width > 0) else {
        return 0;
    };
    let (axis, style) = (axis(input), canvas.machine(at));
    let column = |time: f64| axis.column(time, area.width);
    let middle = Rect { y: area.y + area.height / 2, height: area.height.min(1), ..area };
    let from = column(prefill.ttft.expected);
    let between = column(whole.expected).saturating_sub(from);
    let rail = canvas.glyphs.rail.repeat(usize::from(between));
    canvas.text(Rect { width: between, ..skip(middle, from) }, &rail, style);
    for band in [prefill.ttft, whole] {
        canvas.shade(area, (column(band.low), column(band.high) + 1), (style, Shade::Half));
        canvas.put(area, column(band.expected), canvas.glyphs.typical, style);
    }
    column(whole.high) + 1
}
