//! Bandwidth: a bar per machine, filled as a budget of what each second's bytes go to.
//!
//! ```text
//! ── Bandwidth GB/s  █ weights ▓ caches ░ unused ────
//! ● DGX Spark      ██▓░                 273  slowest
//! ▲ M5 Max 40c     ██████▓░  ○          614    2.25x
//! ```
//! The bar's length is the specification and its filling moves with every slider. What is unused is lost to overhead
//! and inefficiency. A hollow mark is a smaller variant of the machine.

use ratatui::layout::Rect;

use super::{Clause, Clauses, Panel, PanelInput, Row};
use crate::model::answer::Answer;
use crate::model::facts::Machine;
use crate::model::units::{Amount, Digits, GB, Unit};
use crate::ui::view::bar::Segment;
use crate::ui::view::canvas::Canvas;

/// The panel.
pub static PANEL: Panel =
    Panel { id: "bandwidth", title: "Bandwidth", figure: "bandwidth", remarks, foot: None, chart: None, row, bar };

fn remarks(input: &PanelInput<'_>) -> Vec<String> {
    let g = input.glyphs;
    vec![
        format!("GB/s  {} weights {} caches {} unused", g.weights, g.cache, g.free),
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
    Row { numbers: vec![value, ratio(bandwidth / extremes(input).0)], details, ..Row::default() }
}

fn bar(canvas: &mut Canvas<'_>, area: Rect, input: &PanelInput<'_>, at: usize) {
    let Some(answer) = input.answers.machines.get(at) else { return };
    let (_, largest) = extremes(input);
    let segments = Budget::of(answer).segments(canvas, at, bandwidth(&answer.machine) / largest);
    canvas.bar(area, &segments);
    for variant in variants(input, answer) {
        canvas.mark(
            Rect { height: 1, ..area },
            bandwidth(variant) / largest,
            canvas.glyphs.variant,
            canvas.theme.text(),
        );
    }
}

fn bandwidth(machine: &Machine) -> f64 {
    machine.bandwidth_gbs.value * GB
}

/// The lowest and the highest bandwidth on the screen.
fn extremes(input: &PanelInput<'_>) -> (f64, f64) {
    let all = || input.answers.machines.iter().map(|answer| bandwidth(&answer.machine));
    (all().fold(f64::INFINITY, f64::min), all().fold(0.0, f64::max))
}

fn variants<'a>(input: &'a PanelInput<'_>, answer: &'a Answer<'_>) -> impl Iterator<Item = &'a Machine> {
    answer.machine.variants.iter().filter_map(|id| input.catalog.machine(id).ok())
}

/// The words of a variant's name that the machine's name does not have.
fn differing(variant: &str, machine: &str) -> String {
    let own: Vec<&str> = machine.split(' ').collect();
    let words: Vec<&str> = variant.split(' ').filter(|word| !own.contains(word)).collect();
    words.join(" ").into()
}

/// How many times the slowest, as people say it: 2.25x, 6.6x.
fn ratio(value: f64) -> String {
    if value <= 1.0 {
        return "slowest".to_owned();
    }
    let digits = if value < 5.0 { Digits::Significant(3) } else { Digits::Significant(2) };
    Amount::new(value, Unit::Factor, digits).to_string()
}

/// Shares of the specified bandwidth that weights and caches take while decoding.
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

    fn segments(&self, canvas: &Canvas<'_>, at: usize, scale: f64) -> [Segment; 3] {
        let style = canvas.theme.machine(at);
        let part = |share: f64, glyph| Segment { share: share * scale, glyph, style };
        [
            part(self.weights, canvas.glyphs.weights),
            part(self.caches, canvas.glyphs.cache),
            part(self.unused(), canvas.glyphs.free),
        ]
    }

    fn clauses(&self, input: &PanelInput<'_>, bandwidth: f64) -> Clauses {
        if self.weights <= 0.0 {
            return vec![Clause::plain("nothing runs")];
        }
        let number = |share: f64| Amount::new(share * bandwidth, Unit::BytesPerSecond, Digits::Significant(2)).number();
        vec![
            Clause::of(input.glyphs.weights, format!("weights {}", number(self.weights))),
            Clause::of(input.glyphs.cache, format!("caches {}", number(self.caches))),
            Clause::of(input.glyphs.free, format!("unused {}", number(self.unused()))),
        ]
    }
}
