//! Per user against together: the speed of each stream over that of all streams, from one stream to as many as fit.
//!
//! ```text
//! ── Per user against together tok/s, one curve per machine ──
//!   100 │ ■⠒⠒⠤⣀
//!    10 │▲⠒⠤⣀●    ⠉⠒■
//!       └──────────────────
//!        1   10   100 together
//! ```

use ratatui::layout::Rect;

use super::curves::Subject;
use super::{Panel, PanelInput};
use crate::model::units::{Amount, Unit};
use crate::ui::view::axis::Axis;
use crate::ui::view::canvas::Canvas;
use crate::ui::view::chart::{Chart, Curve, Guide, Place};
use crate::ui::view::hit::Hits;

/// The panel.
pub static PANEL: Panel = Panel::picture("per-user", "Per user against together", "decode.aggregate", (remarks, draw));

/// Most streams of a curve.
const MOST: f64 = 1024.0;
/// Most points of a curve.
const PLACES: u16 = 60;

fn remarks(_: &PanelInput<'_>) -> Vec<String> {
    ["tok/s of each stream over tok/s of all, one curve per machine", "tok/s each over tok/s together", "tok/s"]
        .map(str::to_owned)
        .to_vec()
}

fn draw(canvas: &mut Canvas<'_>, area: Rect, input: &PanelInput<'_>, _: (usize, &mut Hits)) {
    let subject = Subject {
        x: Axis { from: 1.0, to: MOST, log: true, unit: Unit::Count },
        set: |case, streams| case.streams.value = streams,
        most: |memory| memory.max_streams,
        speed: |speeds| speeds.each,
    };
    let mut curves = Vec::new();
    let mut now = Vec::new();
    for (machine, answer) in input.answers.machines.iter().enumerate() {
        let found = subject.places(input, answer, PLACES);
        let places = found.iter().map(|(_, speeds)| {
            let (x, each) = (speeds.aggregate.expected, speeds.each);
            Place { x, y: each.expected, band: (each.low, each.high) }
        });
        curves.push(Curve {
            identity: input.identities.get(machine).copied(),
            name: answer.machine.short.clone(),
            places: places.collect(),
            full: !found.is_empty() && found.len() < usize::from(PLACES),
            steps: false,
        });
        if let Some(speeds) = answer.estimate.and_then(|estimate| estimate.decode.speeds) {
            now.push(((speeds.aggregate.expected, speeds.each.expected), canvas.glyphs.knob, canvas.theme.title()));
        }
    }
    let places = || curves.iter().flat_map(|curve| curve.places.iter());
    let x = Axis::together(places().map(|place| place.x));
    let y = Axis::speeds(places().map(|place| place.y.max(0.1)));
    let guide = input.answers.verdict.min_tok_s.map(|least| Guide {
        ends: [(x.from, least), (x.to, least)],
        word: format!("{} each", Amount::exact(least, Unit::TokensPerSecond).number()),
    });
    Chart { x, y, of: "together", now: 0.0, curves, guide, dots: now }.draw(canvas, area);
}
