//! Time: until the first token, and until the whole answer, on one logarithmic axis.
//!
//! ```text
//! ── Time to answer ▒█▒ first token ──▒█▒ whole answer · shorter is better ──
//! ● DGX Spark            ▒█▒────────────▒█▒    5.5 s   110 s
//! ▲ M5 Max 40c       ▒▒█▒▒──────────▒█▒        3.2 s    48 s
//! prompt 2K + answer 512 tokens · shorter is better · 500 ms to 130 s, log scale
//! ```

use ratatui::layout::Rect;

use super::{Clause, Panel, PanelInput, Row, no_speed};
use crate::model::answer::Answer;
use crate::model::estimate::figures::{Band, Prefill};
use crate::model::units::{Amount, Digits, Unit, short_tokens};
use crate::ui::view::bar::log_share;
use crate::ui::view::canvas::{Canvas, skip};

/// The panel.
pub static PANEL: Panel = Panel {
    id: "prefill",
    title: "Time to answer",
    figure: "answer-time",
    remarks,
    foot: Some(foot),
    chart: None,
    row,
    bar,
};

fn remarks(input: &PanelInput<'_>) -> Vec<String> {
    let g = input.glyphs;
    let marks = format!("{0}{1}{0} first token {2}{2}{0}{1}{0} whole answer", g.band, g.typical, g.rail);
    vec![format!("{marks} · shorter is better"), marks, "shorter is better".to_owned()]
}

/// What is timed, and on which scale.
fn foot(input: &PanelInput<'_>) -> Vec<String> {
    let scenario = input.scenario;
    let cached =
        if scenario.cached > 0 { format!("cached {} + ", short_tokens(scenario.cached)) } else { String::default() };
    let tokens =
        format!("prompt {} + answer {}", short_tokens(scenario.prompt_tokens()), short_tokens(scenario.generate));
    let scale = range(input).map_or_else(String::default, |(from, to)| {
        let [from, to] = [from, to].map(|time| Amount::new(time, Unit::Seconds, Digits::Significant(2)).to_string());
        format!(" · {from} to {to}, log scale")
    });
    vec![
        format!("{cached}{tokens} tokens · shorter is better{scale}"),
        format!("{cached}{tokens} · shorter is better"),
        tokens,
    ]
}

/// The shortest and the longest time on the axis.
fn range(input: &PanelInput<'_>) -> Option<(f64, f64)> {
    let times = || input.answers.machines.iter().filter_map(times);
    let from = times().map(|(prefill, _)| prefill.ttft.low).reduce(f64::min)?;
    let to = times().map(|(_, whole)| whole.high).reduce(f64::max)?;
    Some((from, to))
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
        Clause::plain(format!("waits for {}", prefill.bound.word())),
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

/// Both bands on the common axis, and a line between them: the time in which the answer is read.
fn bar(canvas: &mut Canvas<'_>, area: Rect, input: &PanelInput<'_>, at: usize) {
    let Some((prefill, whole)) = input.answers.machines.get(at).and_then(times) else { return };
    let Some(range) = range(input) else { return };
    let style = canvas.theme.machine(at);
    let last = f64::from(area.width.max(2) - 1);
    let column = |time: f64| (log_share(time, range) * last).round() as u16;
    let middle = Rect { y: area.y + area.height / 2, height: area.height.min(1), ..area };
    let between = column(whole.expected).saturating_sub(column(prefill.ttft.expected));
    let rail = canvas.glyphs.rail.repeat(usize::from(between));
    let rest = skip(middle, column(prefill.ttft.expected));
    canvas.text(Rect { width: between.min(rest.width), ..rest }, &rail, style);
    for band in [prefill.ttft, whole] {
        for x in column(band.low)..=column(band.high) {
            canvas.mark(area, f64::from(x) / last, canvas.glyphs.band, style);
        }
        canvas.mark(area, log_share(band.expected, range), canvas.glyphs.typical, style);
    }
}
