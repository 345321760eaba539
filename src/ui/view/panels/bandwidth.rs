//! Bandwidth: a bar per machine, divided into what decode uses of the bandwidth.
//!
//! ```text
//! ── Bandwidth GB/s  █ weights ▓ caches ░ unused ────
//! ● DGX Spark      ██▓░                 273  slowest
//! ▲ M5 Max 40c     ██████▓░  ○          614    2.25x
//! ```
//! The bar's length is the specified bandwidth, and its filling depends on every slider. The unused part is lost to
//! overhead and inefficiency. A hollow mark is a smaller variant of the machine.

use ratatui::layout::Rect;

use super::{Clause, Clauses, Measure, Panel, PanelInput, Row};
use crate::model::answer::Answer;
use crate::model::facts::Machine;
use crate::model::units::{Amount, Digits, GB, Unit};
use crate::ui::view::axis::{Axis, round_below};
use crate::ui::view::bar::Segment;
use crate::ui::view::canvas::Canvas;
use crate::ui::view::theme::Shade;

/// The panel.
pub static PANEL: Panel = Panel {
    id: "bandwidth",
    title: "Bandwidth",
    figure: "bandwidth",
    remarks,
    foot: None,
    chart: None,
    picture: None,
    row,
    measure: Some(MEASURE),
    bar,
};

const MEASURE: Measure = Measure {
    axis,
    value: |answer| Some(Budget::of(answer).used() * bandwidth(&answer.machine)).filter(|used| *used > 0.0),
    limit: None,
    room: (5, &[5]),
};

/// Returns the axis from a fifth of the slowest bandwidth in the catalog to the fastest. It starts lower because the
/// used parts of a bar are smaller than the bandwidth.
fn axis(input: &PanelInput<'_>) -> Axis {
    let all = input.catalog.machines.iter().map(bandwidth);
    let axis = Axis::over(Unit::BytesPerSecond, all);
    Axis { from: round_below(axis.from / 5.0), ..axis }
}

fn remarks(input: &PanelInput<'_>) -> Vec<String> {
    let g = input.glyphs;
    vec![
        format!("{} weights read  {} caches  {} unused", g.weights, g.cache, g.free),
        "GB/s and what is used".to_owned(),
        "GB/s".to_owned(),
    ]
}

fn row(input: &PanelInput<'_>, answer: &Answer<'_>, _: usize) -> Row {
    let bandwidth = bandwidth(&answer.machine);
    let value = Amount::exact(bandwidth, Unit::BytesPerSecond).number();
    let mut details = Budget::of(answer).clauses(input, bandwidth);
    details.extend(variants(input, answer).map(|variant| {
        let value = Amount::exact(self::bandwidth(variant), Unit::BytesPerSecond).number();
        Clause::of(input.glyphs.variant, format!("{} {value}", differing(&variant.short, &answer.machine.short)))
    }));
    Row { numbers: vec![value, ratio(bandwidth / slowest(input))], details, ..Row::default() }
}

fn bar(canvas: &mut Canvas<'_>, area: Rect, input: &PanelInput<'_>, at: usize) -> u16 {
    let Some(answer) = input.answers.machines.get(at) else { return 0 };
    let axis = axis(input);
    let segments = Budget::of(answer).segments(canvas, at, |share| axis.share(share * bandwidth(&answer.machine)));
    let mut used = canvas.bar(area, &segments);
    for variant in variants(input, answer).filter(|_| area.width > 0) {
        let column = axis.column(bandwidth(variant), area.width);
        used = used.max(column + 1);
        canvas.over(Rect { height: 1, ..area }, column, canvas.glyphs.variant, canvas.theme.text());
    }
    used
}

fn bandwidth(machine: &Machine) -> f64 {
    machine.bandwidth_gbs.value * GB
}

/// Returns the lowest bandwidth among the compared machines.
fn slowest(input: &PanelInput<'_>) -> f64 {
    input.answers.machines.iter().map(|answer| bandwidth(&answer.machine)).fold(f64::INFINITY, f64::min)
}

fn variants<'a>(input: &'a PanelInput<'_>, answer: &'a Answer<'_>) -> impl Iterator<Item = &'a Machine> {
    answer.machine.variants.iter().filter_map(|id| input.catalog.machine(id).ok())
}

/// Returns the words of a variant's name that the machine's name lacks.
fn differing(variant: &str, machine: &str) -> String {
    let own: Vec<&str> = machine.split(' ').collect();
    let words: Vec<&str> = variant.split(' ').filter(|word| !own.contains(word)).collect();
    words.join(" ")
}

/// Returns the ratio to the slowest machine: `2.25x`, `6.6x`.
fn ratio(value: f64) -> String {
    if value <= 1.0 {
        return "1x".to_owned();
    }
    let digits = if value < 5.0 { Digits::Significant(3) } else { Digits::Significant(2) };
    Amount::new(value, Unit::Factor, digits).to_string()
}

/// The shares of the specified bandwidth that weights and caches use while decoding.
struct Budget {
    weights: f64,
    caches: f64,
}

impl Budget {
    fn of(answer: &Answer<'_>) -> Self {
        let Some(estimate) = answer.estimate.filter(|e| e.decode.speeds.is_some()) else {
            return Self { weights: 0.0, caches: 0.0 };
        };
        let share = |bytes: f64| bytes / estimate.decode.times.step / bandwidth(&answer.machine);
        let weights = share(estimate.decode.weights_read).clamp(0.0, 1.0);
        Self { weights, caches: share(estimate.decode.cache_read).clamp(0.0, 1.0 - weights) }
    }

    fn unused(&self) -> f64 {
        1.0 - self.weights - self.caches
    }

    fn used(&self) -> f64 {
        self.weights + self.caches
    }

    /// Returns the parts of the bar; `place` gives the position of the end of each from the sum of the shares.
    fn segments(&self, canvas: &Canvas<'_>, at: usize, place: impl Fn(f64) -> f64) -> [Segment; 3] {
        let style = canvas.machine(at);
        let part = |share: f64, shade| Segment { to: place(share), shade, style };
        [part(self.weights, Shade::Full), part(self.used(), Shade::Half), part(1.0, Shade::Faint)]
    }

    fn clauses(&self, input: &PanelInput<'_>, bandwidth: f64) -> Clauses {
        if self.weights <= 0.0 {
            return vec![Clause::plain("does not run here")];
        }
        let number = |share: f64| Amount::new(share * bandwidth, Unit::BytesPerSecond, Digits::Significant(2)).number();
        vec![
            Clause::of(input.glyphs.weights, format!("weights {}", number(self.weights))),
            Clause::of(input.glyphs.cache, format!("caches {}", number(self.caches))),
            Clause::of(input.glyphs.free, format!("unused {}", number(self.unused()))),
        ]
    }
}
