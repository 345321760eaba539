//! Decode: what one stream gets, as three different things that are never mixed.
//!
//! ```text
//! ── Decode tok/s ────────────────────────────────────
//! ● DGX Spark   ▒█▒ ◇┃                  5.4 of 6.31
//! ▲ M5 Max 40c      ▒▒█▒▒┃             12   of 14.2
//!                ▒█▒ expected  ┃ ceiling  ◇ measured
//! ```

use ratatui::layout::Rect;

use super::{Panel, PanelInput, detail, lines_each, machine_line, row};
use crate::answer::Answer;
use crate::estimate::figures::Speeds;
use crate::units::{Amount, Digits, Unit};
use crate::view::canvas::{Canvas, line};

/// The panel.
pub static PANEL: Panel = Panel { id: "decode", title: "Decode", figure: "decode.expected", remark, legend: 1, draw };

fn remark(input: &PanelInput<'_>) -> String {
    if input.answers.load.concurrency > 1.0 { "tok/s per stream".to_owned() } else { "tok/s".to_owned() }
}

fn draw(canvas: &mut Canvas<'_>, area: Rect, input: &PanelInput<'_>) {
    let machines = &input.answers.machines;
    let largest = machines.iter().filter_map(speeds).map(|s| s.ceiling).fold(0.0, f64::max);
    let each = lines_each(area, machines.len(), PANEL.legend);
    for (at, answer) in machines.iter().enumerate() {
        let area_of = machine_line(area, each, at);
        let Some(speeds) = speeds(answer) else {
            let columns = row(canvas, area_of, input, at, &[]);
            canvas.text(columns, &super::why_not(canvas.glyphs, answer), canvas.theme.bad());
            detail(canvas, area, each, at, answer.warnings.get(..1).unwrap_or_default());
            continue;
        };
        let digits = Digits::for_band(speeds.each.low, speeds.each.high);
        let expected = Amount::new(speeds.each.expected, Unit::TokensPerSecond, digits).number();
        let ceiling = format!("of {}", Amount::computed(speeds.ceiling, Unit::TokensPerSecond).number());
        let columns = row(canvas, area_of, input, at, &[(&expected, 6), (&ceiling, 8)]);
        marks(canvas, columns, input, at, &speeds, largest);
        detail(canvas, area, each, at, &words(input, at, &speeds));
    }
    legend(canvas, line(area, each * machines.len() as u16), input);
}

fn speeds(answer: &Answer<'_>) -> Option<Speeds<f64>> {
    answer.estimate.and_then(|estimate| estimate.decode.speeds)
}

/// Band, ceiling, typical value and measurements on a common scale.
fn marks(
    canvas: &mut Canvas<'_>,
    columns: Rect,
    input: &PanelInput<'_>,
    at: usize,
    speeds: &Speeds<f64>,
    largest: f64,
) {
    let style = canvas.theme.machine(at);
    let last = f64::from(columns.width.max(2) - 1);
    let place = |speed: f64| ((speed / largest).clamp(0.0, 1.0) * last).round();
    for x in place(speeds.each.low) as u16..=place(speeds.each.high) as u16 {
        canvas.mark(columns, f64::from(x) / last, canvas.glyphs.band, style);
    }
    canvas.mark(columns, speeds.ceiling / largest, canvas.glyphs.ceiling, canvas.theme.muted());
    canvas.mark(columns, speeds.each.expected / largest, canvas.glyphs.typical, style);
    for measured in input.answers.measured(at) {
        canvas.mark(columns, measured.tok_s / largest, canvas.glyphs.measured, canvas.theme.title());
    }
}

/// The band in numbers, the newest measurement, what it waits for.
fn words(input: &PanelInput<'_>, at: usize, speeds: &Speeds<f64>) -> Vec<String> {
    let Some(answer) = input.answers.machines.get(at) else { return Vec::new() };
    let digits = Digits::for_band(speeds.each.low, speeds.each.high);
    let number = |value: f64| Amount::new(value, Unit::TokensPerSecond, digits).number();
    let exact = |value: f64| Amount::exact(value, Unit::TokensPerSecond).number();
    let newest = input.answers.measured(at).max_by_key(|m| m.date);
    vec![
        format!("{} to {}", number(speeds.each.low), number(speeds.each.high)),
        newest.map_or_else(String::new, |m| format!("measured {} ({})", exact(m.tok_s), m.date)),
        format!("{} {}", answer.format.id, answer.runtime.name),
        answer.estimate.map_or_else(String::new, |e| format!("waits for {}", e.decode.bound.word())),
    ]
}

fn legend(canvas: &mut Canvas<'_>, area: Rect, input: &PanelInput<'_>) {
    let glyphs = canvas.glyphs;
    let band = format!("{0}{1}{0} expected  ", glyphs.band, glyphs.typical);
    let ceiling = format!("{} ceiling  ", glyphs.ceiling);
    let measured = format!("{} measured", glyphs.measured);
    let any = (0..input.answers.machines.len()).any(|at| input.answers.measured(at).next().is_some());
    let pieces = [band, ceiling, if any { measured } else { String::new() }];
    let style = canvas.theme.muted();
    canvas.spans(area, &pieces.each_ref().map(|piece| (piece.as_str(), style)));
}
