//! Roofline: the number of streams from which computing a step takes longer than reading its bytes.
//!
//! ```text
//! ── Roofline streams until compute decides ──
//! ● DGX Spark   █◆██████████░░░░░░░     82  1.9 of 458 FLOP/byte
//! █ bandwidth decides  ░ compute decides  ◆ now · 1 to 164 streams, log scale
//! ```

use ratatui::layout::Rect;

use super::{Clause, Measure, Panel, PanelChart, PanelInput, Row};
use crate::model::answer::Answer;
use crate::model::estimate::case::Load;
use crate::model::estimate::figures::Roofline;
use crate::model::units::{Amount, Digits, Unit};
use crate::ui::view::axis::Axis;
use crate::ui::view::bar::Segment;
use crate::ui::view::canvas::Canvas;
use crate::ui::view::chart::{Chart, Curve, Place};
use crate::ui::view::hit::Hits;
use crate::ui::view::theme::Shade;

/// The panel.
pub static PANEL: Panel = Panel {
    id: "roofline",
    title: "Roofline",
    figure: "roofline.crossover",
    remarks,
    foot: Some(foot),
    chart: Some(PanelChart::above(chart)),
    picture: None,
    row,
    measure: Some(MEASURE),
    bar,
};

const MEASURE: Measure =
    Measure { axis, value: |answer| Some(roofline(answer)?.crossover), limit: None, room: (4, &[14]) };

fn remarks(_: &PanelInput<'_>) -> Vec<String> {
    [
        "TFLOP/s over FLOP per byte; signs at 1, 8, 32, 128 streams; rows: streams where compute takes over",
        "streams at which compute takes over from bandwidth",
        "streams where compute takes over",
        "compute takes over at",
        "streams",
    ]
    .map(str::to_owned)
    .to_vec()
}

fn foot(input: &PanelInput<'_>) -> Vec<String> {
    let g = input.glyphs;
    let marks = format!("{} bandwidth decides  {} compute decides  {} now", g.weights, g.free, g.knob);
    let few = format!("{} bandwidth  {} compute  {} now", g.weights, g.free, g.knob);
    vec![marks, few]
}

/// Returns the axis of streams.
fn axis(input: &PanelInput<'_>) -> Axis {
    let crossovers = input.answers.machines.iter().filter_map(roofline).map(|roofline| roofline.crossover);
    Axis::fixed(Unit::Count, (1.0, 1000.0), crossovers.chain([input.answers.load.concurrency]))
}

/// Numbers of streams whose intensity is marked in the chart.
const STREAMS: [f64; 4] = [1.0, 8.0, 32.0, 128.0];

/// Draws the roofs and slopes: FLOP per second that a machine reaches over FLOP per byte, with marks for some numbers
/// of streams.
fn chart(canvas: &mut Canvas<'_>, area: Rect, input: &PanelInput<'_>, _: (usize, &mut Hits)) {
    let x = Axis { from: 0.5, to: 2000.0, log: true, unit: Unit::FlopPerByte };
    let mut curves = Vec::new();
    let mut dots = Vec::new();
    for (machine, answer) in input.answers.machines.iter().enumerate() {
        let Some((estimate, roofline)) = answer.estimate.zip(roofline(answer)) else { continue };
        let roof = |intensity: f64| intensity.min(roofline.balance) * estimate.bandwidth / 1e12;
        let ends = [x.from, roofline.balance, x.to];
        let places = ends.into_iter().map(|x| Place { x, y: roof(x), band: (0.0, 0.0) }).collect();
        let identity = input.identities.get(machine).copied();
        curves.push(Curve { identity, name: answer.machine.short.clone(), places, full: false, steps: false });
        let Ok(case) = answer.case(input.catalog, input.scenario) else { continue };
        let most = estimate.memory.max_streams.unwrap_or(f64::INFINITY);
        for streams in STREAMS.into_iter().filter(|streams| *streams <= most) {
            let load = Load { concurrency: streams, ..input.answers.load };
            let Some(there) = crate::model::estimate::estimate(&case.under(&load)).roofline else { continue };
            let sign = canvas.glyphs.sign(identity);
            dots.push(((there.intensity, roof(there.intensity)), sign, canvas.theme.identified(identity)));
        }
        let now = (roofline.intensity, roof(roofline.intensity));
        dots.push((now, canvas.glyphs.knob, canvas.theme.title()));
    }
    let values = || curves.iter().flat_map(|curve| curve.places.iter().map(|place| place.y));
    let low = values().fold(f64::INFINITY, f64::min).min(1.0);
    let y = Axis { from: low, to: values().fold(low * 10.0, f64::max) * 1.5, log: true, unit: Unit::Count };
    Chart { x, y, of: "FLOP/byte", now: 0.0, curves, guide: None, dots }.draw(canvas, area);
}

fn roofline(answer: &Answer<'_>) -> Option<Roofline<f64>> {
    answer.estimate.and_then(|estimate| estimate.roofline)
}

fn row(_: &PanelInput<'_>, answer: &Answer<'_>, _: usize) -> Row {
    let Some((estimate, roofline)) = answer.estimate.zip(roofline(answer)) else {
        let instead = ["compute rate not known", "not known"].map(str::to_owned).to_vec();
        return Row { instead, unknown: true, ..Row::default() };
    };
    let two = |value: f64| Amount::new(value, Unit::FlopPerByte, Digits::Significant(2)).number();
    let streams = Amount::new(roofline.crossover, Unit::Count, Digits::Significant(2)).number();
    let fit = estimate.memory.max_streams.filter(|streams| *streams < roofline.crossover);
    let fit = fit.map(|streams| format!("only {} fit", Amount::exact(streams, Unit::Count).number()));
    let mut details = vec![Clause::plain(format!("limited by {} now", estimate.decode.bound.word()))];
    details.extend(fit.map(Clause::plain));
    Row {
        numbers: vec![streams, format!("{} of {}", two(roofline.intensity), two(roofline.balance))],
        details,
        ..Row::default()
    }
}

/// Draws the numbers of streams at which bandwidth limits and those at which compute limits, and marks the current one.
fn bar(canvas: &mut Canvas<'_>, area: Rect, input: &PanelInput<'_>, at: usize) -> u16 {
    let Some(roofline) = input.answers.machines.get(at).and_then(roofline).filter(|_| area.width > 0) else { return 0 };
    let (axis, style) = (axis(input), canvas.machine(at));
    let part = |to, shade| Segment { to, shade, style };
    let used = canvas.bar(area, &[part(axis.share(roofline.crossover), Shade::Full), part(1.0, Shade::Faint)]);
    let now = axis.column(input.answers.load.concurrency, area.width);
    canvas.over(area, now, canvas.glyphs.knob, canvas.theme.title());
    used
}
