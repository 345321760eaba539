//! Bandwidth: a bar per machine, filled as a budget of what each second's bytes go to.
//!
//! ```text
//! ── Bandwidth GB/s ─────────────────────────
//! ● DGX Spark      ██▓░               273  1x
//! ▲ M5 Max 40c     ██████▓░  ○        614  2.25x
//! ```
//! Full block: weights; shade: caches; light: lost to overhead and inefficiency. So the bar's length is the
//! specification and its filling moves with every slider. A hollow mark is a smaller variant of the machine.

use ratatui::layout::Rect;

use super::{Panel, PanelInput, detail, lines_each, machine_line, row};
use crate::answer::Answer;
use crate::units::{Amount, Digits, GB, Unit};
use crate::view::canvas::{Canvas, Segment};

/// The panel.
pub static PANEL: Panel = Panel { id: "bandwidth", title: "Bandwidth", figure: "bandwidth", remark, legend: 0, draw };

fn remark(_: &PanelInput<'_>) -> String {
    "GB/s: weights, caches, lost".to_owned()
}

fn draw(canvas: &mut Canvas<'_>, area: Rect, input: &PanelInput<'_>) {
    let machines = &input.answers.machines;
    let bandwidths = || machines.iter().map(|a| a.machine.bandwidth_gbs.value * GB);
    let (largest, smallest) = (bandwidths().fold(0.0, f64::max), bandwidths().fold(f64::INFINITY, f64::min));
    let each = lines_each(area, machines.len(), PANEL.legend);
    for (at, answer) in machines.iter().enumerate() {
        let bandwidth = answer.machine.bandwidth_gbs.value * GB;
        let value = Amount::exact(bandwidth, Unit::BytesPerSecond).number();
        let ratio = ratio(bandwidth / smallest);
        let columns = row(canvas, machine_line(area, each, at), input, at, &[(&value, 6), (&ratio, 6)]);
        let budget = Budget::of(answer, bandwidth);
        canvas.bar(columns, &budget.segments(canvas, at, bandwidth / largest));
        for id in &answer.machine.variants {
            if let Ok(variant) = input.catalog.machine(id) {
                let share = variant.bandwidth_gbs.value * GB / largest;
                canvas.mark(columns, share, canvas.glyphs.variant, canvas.theme.text());
            }
        }
        detail(canvas, area, each, at, &budget.words(bandwidth));
    }
}

/// A ratio as people say it: 2.25x, 6.6x.
fn ratio(value: f64) -> String {
    let digits = if value < 5.0 { Digits::Significant(3) } else { Digits::Significant(2) };
    Amount::new(value, Unit::Factor, digits).to_string()
}

/// Shares of the specified bandwidth that weights and caches take while decoding.
struct Budget {
    weights: f64,
    caches: f64,
}

impl Budget {
    fn of(answer: &Answer<'_>, bandwidth: f64) -> Self {
        let Some(estimate) = answer.estimate.filter(|e| e.decode.speeds.is_some()) else {
            return Self { weights: 0.0, caches: 0.0 };
        };
        let share = |bytes: f64| bytes / estimate.decode.times.step / bandwidth;
        let weights = share(estimate.decode.weights_read).clamp(0.0, 1.0);
        Self { weights, caches: share(estimate.decode.cache_read).clamp(0.0, 1.0 - weights) }
    }

    fn lost(&self) -> f64 {
        1.0 - self.weights - self.caches
    }

    fn segments(&self, canvas: &Canvas<'_>, at: usize, scale: f64) -> [Segment; 3] {
        let style = canvas.theme.machine(at);
        let part = |share: f64, glyph| Segment { share: share * scale, glyph, style };
        [
            part(self.weights, canvas.glyphs.weights),
            part(self.caches, canvas.glyphs.cache),
            part(self.lost(), canvas.glyphs.free),
        ]
    }

    fn words(&self, bandwidth: f64) -> Vec<String> {
        if self.weights <= 0.0 {
            return vec!["nothing runs".to_owned()];
        }
        let number = |share: f64| Amount::new(share * bandwidth, Unit::BytesPerSecond, Digits::Significant(2)).number();
        vec![
            format!("weights {}", number(self.weights)),
            format!("caches {}", number(self.caches)),
            format!("lost {}", number(self.lost())),
        ]
    }
}
