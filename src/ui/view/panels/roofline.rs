//! Roofline: how many streams share a step before its arithmetic takes longer than its reading.
//!
//! ```text
//! ── Roofline streams until compute decides ──
//! ● DGX Spark   █◆██████████░░░░░░░     82  1.9 of 458 FLOP/byte
//! █ bandwidth decides  ░ compute decides  ◆ now · 1 to 164 streams, log scale
//! ```

use ratatui::layout::Rect;

use super::{Clause, Panel, PanelInput, Row};
use crate::model::answer::Answer;
use crate::model::estimate::figures::Roofline;
use crate::model::units::{Amount, Digits, Unit};
use crate::ui::view::bar::{Segment, log_share};
use crate::ui::view::canvas::Canvas;

/// The panel.
pub static PANEL: Panel = Panel {
    id: "roofline",
    title: "Roofline",
    figure: "roofline.crossover",
    remarks,
    foot: Some(foot),
    chart: None,
    row,
    bar,
};

fn remarks(_: &PanelInput<'_>) -> Vec<String> {
    [
        "streams at which compute takes over; FLOP per byte now, of the machine's",
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
    let to = Amount::new(most(input), Unit::Count, Digits::Significant(2)).number();
    let few = format!("{} bandwidth  {} compute  {} now", g.weights, g.free, g.knob);
    vec![format!("{marks} · 1 to {to} streams, log scale"), marks, few]
}

/// The end of the axis.
fn most(input: &PanelInput<'_>) -> f64 {
    let crossovers = input.answers.machines.iter().filter_map(roofline).map(|roofline| roofline.crossover);
    2.0 * crossovers.fold(input.answers.load.concurrency, f64::max)
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
    let mut details = vec![Clause::plain(format!("now waits for {}", estimate.decode.bound.word()))];
    details.extend(fit.map(Clause::plain));
    Row {
        numbers: vec![streams, format!("{} of {}", two(roofline.intensity), two(roofline.balance))],
        details,
        ..Row::default()
    }
}

/// The streams for which bandwidth decides, those for which compute does, and the present ones.
fn bar(canvas: &mut Canvas<'_>, area: Rect, input: &PanelInput<'_>, at: usize) {
    let Some(roofline) = input.answers.machines.get(at).and_then(roofline) else { return };
    let axis = (1.0, most(input));
    let (share, style) = (log_share(roofline.crossover, axis), canvas.theme.machine(at));
    let (reading, computing) = (canvas.glyphs.weights, canvas.glyphs.free);
    canvas.bar(
        area,
        &[Segment { share, glyph: reading, style }, Segment { share: 1.0 - share, glyph: computing, style }],
    );
    canvas.mark(area, log_share(input.answers.load.concurrency, axis), canvas.glyphs.knob, canvas.theme.title());
}
