//! Decode: what one stream gets, as three different things that are never mixed.
//!
//! ```text
//! ── Decode tok/s  ▒█▒ expected ┃ ceiling ◇ measured ──
//! ● DGX Spark   ▒█▒ ◇┃                  4.8  of 6.31
//! ▲ M5 Max 40c      ▒▒█▒▒┃              11   of 14.2
//! Llama 3.3 70B · q4_k_m on llama.cpp
//! ```

use ratatui::layout::Rect;

use super::{Clause, Panel, PanelInput, Row, no_speed};
use crate::model::answer::Answer;
use crate::model::estimate::figures::Speeds;
use crate::model::facts::Measurement;
use crate::model::units::{Amount, Unit};
use crate::ui::view::canvas::Canvas;

/// The panel.
pub static PANEL: Panel = Panel {
    id: "decode",
    title: "Decode",
    figure: "decode.expected",
    remarks,
    foot: Some(foot),
    chart: None,
    row,
    bar,
};

fn remarks(input: &PanelInput<'_>) -> Vec<String> {
    let unit = if input.answers.load.concurrency > 1.0 { "tok/s per stream" } else { "tok/s" };
    let g = input.glyphs;
    let marks = format!("{0}{1}{0} expected {2} ceiling", g.band, g.typical, g.ceiling);
    vec![
        format!("{unit}  {marks} {} measured", g.measured),
        format!("{unit} {marks}"),
        format!("{unit}, expected of ceiling"),
        unit.into(),
    ]
}

/// What the speeds are speeds of: model, format and runtime, by machine where they differ.
fn foot(input: &PanelInput<'_>) -> Vec<String> {
    let machines = &input.answers.machines;
    let Some(first) = machines.first() else { return Vec::new() };
    let one = machines.iter().all(|a| a.format.id == first.format.id && a.runtime.id == first.runtime.id);
    let name = if first.model.id == "custom" { "custom model" } else { &first.model.name };
    if one {
        let what = format!("{} on {}", first.format.id, first.runtime.name);
        return vec![format!("{name} · {what}"), what];
    }
    let by_machine = |on: &str| groups(input, |answer| format!("{}{on}{}", answer.format.id, answer.runtime.id));
    vec![
        format!("{name} · {}", by_machine(" on ")),
        by_machine(" on "),
        by_machine(" "),
        groups(input, |answer| answer.runtime.id.as_str().into()),
    ]
}

/// The machines' marks, each before what is said of it: `●■ vllm  ▲ llama.cpp`.
fn groups(input: &PanelInput<'_>, say: impl Fn(&Answer<'_>) -> String) -> String {
    let mut groups: Vec<(String, String)> = Vec::new();
    for (at, answer) in input.answers.machines.iter().enumerate() {
        let (mark, words) = (input.glyphs.machines[at % 8], say(answer));
        match groups.iter_mut().find(|(_, other)| *other == words) {
            Some((marks, _)) => marks.push_str(mark),
            None => groups.push((mark.into(), words)),
        }
    }
    groups.iter().map(|(marks, words)| format!("{marks} {words}")).collect::<Vec<_>>().join("  ").into()
}

fn row(input: &PanelInput<'_>, answer: &Answer<'_>, at: usize) -> Row {
    let Some(speeds) = speeds(answer) else { return no_speed(input.glyphs, answer) };
    let number = |value: f64| Amount::new(value, Unit::TokensPerSecond, speeds.each.digits()).number();
    let ceiling = format!("of {}", Amount::computed(speeds.ceiling, Unit::TokensPerSecond).number());
    let bound = answer.estimate.map_or("", |estimate| estimate.decode.bound.word());
    let measured: Vec<&Measurement> = input.answers.measured(at).collect();
    let mut details = vec![Clause::plain(format!("{} to {}", number(speeds.each.low), number(speeds.each.high)))];
    if answer.has_few_rows() {
        details.push(Clause::plain(format!("few rows ({})", answer.evidence.0)));
    }
    details.extend(measurements(&measured, answer).map(|text| Clause::of(input.glyphs.measured, text)));
    details.extend(together(input, &speeds).map(Clause::plain));
    details.push(Clause::plain(format!("waits for {bound}")));
    Row { numbers: vec![number(speeds.each.expected), ceiling], details, ..Row::default() }
}

fn speeds(answer: &Answer<'_>) -> Option<Speeds<f64>> {
    answer.estimate.and_then(|estimate| estimate.decode.speeds)
}

/// What all streams get together.
fn together(input: &PanelInput<'_>, speeds: &Speeds<f64>) -> Option<String> {
    let band = speeds.aggregate;
    let number = |value| Amount::new(value, Unit::TokensPerSecond, band.digits()).number();
    (input.answers.load.concurrency > 1.0).then(|| format!("all streams {}", number(band.expected)))
}

/// What others measured, and with which runtime where it is not the one shown.
fn measurements(measured: &[&Measurement], answer: &Answer<'_>) -> Option<String> {
    let number = |value: f64| Amount::exact(value, Unit::TokensPerSecond).number();
    let speeds = || measured.iter().map(|m| m.tok_s);
    let (low, high) = (speeds().fold(f64::INFINITY, f64::min), speeds().fold(0.0, f64::max));
    let text = match measured {
        [] => return None,
        [one] => format!("{} measured {}", number(one.tok_s), one.date),
        many => format!("{} to {} in {} measurements", number(low), number(high), many.len()),
    };
    let mut others: Vec<&str> =
        measured.iter().map(|m| m.runtime.as_str()).filter(|id| *id != answer.runtime.id).collect();
    others.sort_unstable();
    others.dedup();
    Some(if others.is_empty() { text } else { format!("{text} ({})", others.join(", ")) })
}

/// Band, ceiling, typical value and measurements on a common scale.
fn bar(canvas: &mut Canvas<'_>, area: Rect, input: &PanelInput<'_>, at: usize) {
    let largest = input.answers.machines.iter().filter_map(speeds).map(|s| s.ceiling).fold(0.0, f64::max);
    let Some(speeds) = input.answers.machines.get(at).and_then(speeds) else { return };
    let style = canvas.theme.machine(at);
    let last = f64::from(area.width.max(2) - 1);
    let column = |speed: f64| ((speed / largest).clamp(0.0, 1.0) * last).round() as u16;
    let middle = Rect { y: area.y + area.height / 2, height: area.height.min(1), ..area };
    canvas.text(
        Rect { width: column(speeds.ceiling), ..middle },
        &canvas.glyphs.rail.repeat(usize::from(column(speeds.ceiling))),
        canvas.theme.track(),
    );
    for x in column(speeds.each.low)..=column(speeds.each.high) {
        canvas.mark(area, f64::from(x) / last, canvas.glyphs.band, style);
    }
    canvas.mark(area, speeds.ceiling / largest, canvas.glyphs.ceiling, canvas.theme.muted());
    canvas.mark(area, speeds.each.expected / largest, canvas.glyphs.typical, style);
    for measured in input.answers.measured(at) {
        // On the typical value's own column both stay visible: the mark on its ground.
        let covers = column(measured.tok_s) == column(speeds.each.expected);
        let style = if covers { canvas.theme.machine_reversed(at) } else { canvas.theme.title() };
        canvas.mark(Rect { height: 1, ..area }, measured.tok_s / largest, canvas.glyphs.measured, style);
    }
}
