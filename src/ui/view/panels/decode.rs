//! Decode: the expected speed of one stream, its ceiling and measurements, as three marks that are never mixed.
//!
//! ```text
//! ── Decode tok/s  ▒█▒ expected ┃ ceiling ◇ measured ──
//! ● DGX Spark   ▒█▒ ◇┃                  4.8  of 6.31
//! ▲ M5 Max 40c      ▒▒█▒▒┃              11   of 14.2
//! Llama 3.3 70B · q4_k_m on llama.cpp
//! ```

use ratatui::layout::Rect;

use super::{Clause, Measure, Panel, PanelInput, Row, no_speed};
use crate::model::answer::Answer;
use crate::model::estimate::figures::Speeds;
use crate::model::facts::Measurement;
use crate::model::units::{Amount, Unit};
use crate::ui::view::canvas::Canvas;
use crate::ui::view::theme::Shade;

/// The panel.
pub static PANEL: Panel = Panel {
    id: "decode",
    title: "Decode",
    figure: "decode.expected",
    remarks,
    foot: Some(foot),
    chart: None,
    picture: None,
    row,
    measure: Some(MEASURE),
    bar,
};

/// The measure of the bars: speeds, with the required speed as limit.
const MEASURE: Measure = Measure {
    axis: |input| input.speeds(),
    value: |answer| Some(speeds(answer)?.each.expected),
    limit: Some(("speed", |input| input.answers.verdict.min_tok_s)),
    room: (5, &[8]),
};

fn remarks(input: &PanelInput<'_>) -> Vec<String> {
    let unit = if input.answers.load.concurrency > 1.0 { "tok/s per stream" } else { "tok/s" };
    let g = input.glyphs;
    let marks = format!("{} expected in its band  {} ceiling", g.typical, g.ceiling);
    vec![
        format!("{unit}  {marks}  {} measured  {} your limit", g.measured, g.limit),
        format!("{unit}  {marks}"),
        format!("{unit}, expected of ceiling"),
        if unit == "tok/s" { unit.to_owned() } else { "tok/s each".to_owned() },
    ]
}

/// Returns the model, format and runtime of the speeds, by machine if they differ.
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

/// Groups machines with the same words: their signs, then the words, as in `●■ vllm  ▲ llama.cpp`.
fn groups(input: &PanelInput<'_>, say: impl Fn(&Answer<'_>) -> String) -> String {
    let mut groups: Vec<(String, String)> = Vec::new();
    for (at, answer) in input.answers.machines.iter().enumerate() {
        let (mark, words) = (input.sign(at), say(answer));
        match groups.iter_mut().find(|(_, other)| *other == words) {
            Some((marks, _)) => marks.push_str(mark),
            None => groups.push((mark.into(), words)),
        }
    }
    groups.iter().map(|(marks, words)| format!("{marks} {words}")).collect::<Vec<_>>().join("  ")
}

fn row(input: &PanelInput<'_>, answer: &Answer<'_>, at: usize) -> Row {
    let Some(speeds) = speeds(answer) else { return no_speed(input.glyphs, answer) };
    let number = |value: f64| Amount::new(value, Unit::TokensPerSecond, speeds.each.digits()).number();
    let ceiling = format!("of {}", Amount::computed(speeds.ceiling, Unit::TokensPerSecond).number());
    let bound = answer.estimate.map_or("", |estimate| estimate.decode.bound.word());
    let measured: Vec<&Measurement> = input.answers.measured(at).collect();
    let mut details = vec![Clause::plain(format!("{} to {}", number(speeds.each.low), number(speeds.each.high)))];
    if answer.has_few_rows() {
        details.push(Clause::plain(few(answer.evidence.0)));
    }
    details.extend(measurements(&measured, answer).map(|text| Clause::of(input.glyphs.measured, text)));
    details.extend(together(input, &speeds).map(Clause::plain));
    details.push(Clause::plain(format!("limited by {bound}")));
    Row { numbers: vec![number(speeds.each.expected), ceiling], details, ..Row::default() }
}

fn speeds(answer: &Answer<'_>) -> Option<Speeds<f64>> {
    answer.estimate.and_then(|estimate| estimate.decode.speeds)
}

/// Returns the speed of all streams together.
fn together(input: &PanelInput<'_>, speeds: &Speeds<f64>) -> Option<String> {
    let band = speeds.aggregate;
    let number = |value| Amount::new(value, Unit::TokensPerSecond, band.digits()).number();
    (input.answers.load.concurrency > 1.0).then(|| format!("all streams {}", number(band.expected)))
}

/// Returns published measurements in words, with their runtime if it is another one.
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

/// Returns the remark that an estimate comes from few measurements.
fn few(measurements: u32) -> String {
    match measurements {
        0 => "no measurement of this family".to_owned(),
        1 => "only 1 measurement".to_owned(),
        many => format!("only {many} measurements"),
    }
}

/// Draws the band, the ceiling, the expected value and measurements on the axis.
fn bar(canvas: &mut Canvas<'_>, area: Rect, input: &PanelInput<'_>, at: usize) -> u16 {
    let Some(speeds) = input.answers.machines.get(at).and_then(speeds).filter(|_| area.width > 0) else { return 0 };
    let axis = input.speeds();
    let style = canvas.machine(at);
    let column = |speed: f64| axis.column(speed, area.width);
    let middle = Rect { y: area.y + area.height / 2, height: area.height.min(1), ..area };
    let (low, high, ceiling) = (column(speeds.each.low), column(speeds.each.high), column(speeds.ceiling));
    let rail = canvas.glyphs.rail.repeat(usize::from(ceiling));
    canvas.text(Rect { width: ceiling, ..middle }, &rail, canvas.theme.track());
    canvas.shade(area, (low, high + 1), (style, Shade::Half));
    canvas.put(area, ceiling, canvas.glyphs.ceiling, canvas.theme.muted());
    canvas.put(area, column(speeds.each.expected), canvas.glyphs.typical, style);
    let mut end = ceiling.max(high);
    for measured in input.answers.measured(at) {
        let column = column(measured.tok_s);
        end = end.max(column);
        let style = canvas.theme.title();
        canvas.over(Rect { height: 1, ..area }, column, canvas.glyphs.measured, style);
    }
    end + 1
}
