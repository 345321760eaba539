//! The scale of the bars of an SVG picture, with its labels and the limit.

use std::fmt::Write;

use super::page::{Page, PageStep};
use super::svg::{FOOT, LEFT, RIGHT, WIDTH, colour, px, text};
use crate::model::units::{Amount, Unit, log_place};
use crate::ui::view::Axis;
use crate::ui::view::theme::Theme;

/// Returns the limit of the step's headline figure, in the unit of the figure; `None` if it has no limit.
pub(super) fn limit(step: &PageStep<'_>) -> Option<f64> {
    let limits = &step.step.scenario.limits;
    match step.step.headline.id {
        "decode.expected" => step.answers.verdict.min_tok_s,
        "prefill.ttft" => limits.max_ttft_s,
        _ => None,
    }
}

/// Draws the limit as a dashed line on a white one, so that it is visible on any colour.
pub(super) fn rule(out: &mut String, x: f64, (from, to): (f64, f64)) {
    let (x, from, to) = (px(x), px(from), px(to));
    for (stroke, width, dashes) in [("#ffffff", 5, ""), (colour(Theme::focus).as_str(), 2, " stroke-dasharray=\"5 3\"")]
    {
        let _ = write!(out, "<path d=\"M{x} {from}V{to}\" stroke=\"{stroke}\" stroke-width=\"{width}\"{dashes}/>");
    }
}

/// The scale of the bars: logarithmic for speeds, linear from 0 for other figures. It is the same in all steps that
/// show the same figure.
pub(super) struct Scale {
    ends: (f64, f64),
    log: bool,
    unit: Unit,
}

impl Scale {
    pub(super) fn of(step: &PageStep<'_>, page: &Page<'_>) -> Self {
        let figure = step.step.headline;
        let same = page.steps.iter().filter(|other| other.step.headline.id == figure.id);
        let values = same.flat_map(|step| {
            let ends = step.headline.iter().flat_map(|h| [h.value, h.ceiling, h.band.map(|band| band.1)]);
            ends.chain([limit(step)]).flatten().collect::<Vec<_>>()
        });
        if figure.unit == Unit::TokensPerSecond {
            let axis = Axis::speeds(values);
            return Self { ends: (axis.from, axis.to), log: true, unit: figure.unit };
        }
        Self { ends: (0.0, values.fold(0.0, f64::max)), log: false, unit: figure.unit }
    }

    /// Returns the x-coordinate of a value, pixels.
    pub(super) fn x(&self, value: f64) -> f64 {
        let (from, to) = self.ends;
        let share = if self.log { log_place(value.max(from), self.ends) } else { value / to };
        LEFT + share.clamp(0.0, 1.0) * (WIDTH - LEFT - RIGHT)
    }

    /// Returns true if the scale has a length, so that values can be drawn.
    pub(super) fn is_drawn(&self) -> bool {
        self.ends.1 > self.ends.0
    }

    /// Draws the label of the limit above the bars. On a logarithmic scale also draws thin lines at powers of ten, with
    /// labels where there is room.
    pub(super) fn ticks(&self, out: &mut String, (top, end): (f64, f64), limit: Option<f64>) {
        let number = |value: f64| Amount::exact(value, self.unit).number();
        let mut taken: Vec<f64> = Vec::new();
        if let Some(limit) = limit {
            taken.push(self.x(limit));
            let words = format!("limit {}", number(limit));
            text(out, (self.x(limit) - 4.0, top - 8.0), (FOOT, &colour(Theme::focus), "bold"), &words);
        }
        for power in (0..=7).filter(|_| self.log) {
            let value = 10f64.powi(power);
            let x = self.x(value);
            if !(self.ends.0..=self.ends.1).contains(&value) {
                continue;
            }
            let _ = write!(out, "<path d=\"M{0} {top}V{1}\" stroke=\"#c8ced4\"/>", px(x), px(end - 12.0));
            let free = taken.iter().all(|other| x + 40.0 < *other || x > other + 70.0);
            if free {
                text(out, (x - 4.0, top - 8.0), (FOOT, &colour(Theme::muted), "normal"), &number(value));
            }
        }
    }
}
