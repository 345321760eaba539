//! Curves of machines over a common axis, one glyph per machine so that they are told apart without colour.
//!
//! ```text
//!   500 │            ▄▄■▀▀▀▀■
//!   100 │    ▄▄■▀▀▀▀▀  ▄●▀▀▀✗
//!    20 │▀▀▀▀▄▄▄●▀▀▀▀▀▀
//!       └─────────◆───────────────
//!        1        32        1,024 streams
//! ```
//! A cell holds two heights. A curve that ends before the axis does has a cross behind its last point.

use ratatui::layout::Rect;

use super::axis::Axis;
use super::canvas::{Canvas, line, skip, width};

/// Columns of the labels left of the curves, and the axis.
const MARGIN: u16 = 8;
/// Columns between two marks of one curve.
const APART: usize = 14;

/// The curve of a machine.
pub(super) struct Curve {
    /// The machine's place.
    pub machine: usize,
    /// A value for each column, from the start of the axis to where the curve ends.
    pub values: Vec<f64>,
}

/// Curves over an axis.
pub(super) struct Chart {
    /// What the curves are over: a logarithmic axis.
    pub x: Axis,
    /// What the curves show.
    pub y: Axis,
    /// The word behind the last label below.
    pub of: &'static str,
    /// The present value.
    pub now: f64,
    /// The curves.
    pub curves: Vec<Curve>,
}

/// Columns of `area` that curves have.
pub(super) fn columns(area: Rect) -> u16 {
    area.width.saturating_sub(MARGIN)
}

impl Chart {
    /// Draws the chart: axes, the present value, curves, then their marks in front.
    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let plot = self.axes(canvas, area);
        if plot.is_empty() {
            return;
        }
        for curve in &self.curves {
            self.curve(canvas, plot, curve);
        }
        for curve in &self.curves {
            self.marks(canvas, plot, curve);
        }
        if self.curves.iter().all(|curve| curve.values.is_empty()) {
            canvas.text(line(plot, plot.height / 2), " no machine here runs it", canvas.theme.muted());
        }
    }

    /// Draws axes and the present value, and says where the curves go.
    pub fn axes(&self, canvas: &mut Canvas<'_>, area: Rect) -> Rect {
        let plot = Rect { height: area.height.saturating_sub(2), ..skip(area, MARGIN) };
        if plot.is_empty() {
            return plot;
        }
        self.upright(canvas, area, plot);
        self.level(canvas, Rect { y: plot.bottom(), height: 2, ..plot });
        let now = self.x.share(self.now);
        for row in (0..plot.height).filter(|_| now > 0.0) {
            canvas.mark(line(plot, row), now, canvas.glyphs.side, canvas.theme.rule());
        }
        plot
    }

    /// The upright axis with its labels.
    fn upright(&self, canvas: &mut Canvas<'_>, area: Rect, plot: Rect) {
        let (rule, muted) = (canvas.theme.rule(), canvas.theme.muted());
        for row in 0..plot.height {
            canvas.text(Rect { x: plot.x - 1, width: 1, ..line(plot, row) }, canvas.glyphs.side, rule);
        }
        let mut taken = u16::MAX;
        for tick in self.y.ticks(if self.y.log { plot.height } else { plot.height / 2 }) {
            let row = self.half(plot, tick) / 2;
            if taken.abs_diff(row) >= 2 {
                taken = row;
                canvas.right(Rect { width: MARGIN - 2, ..line(area, row) }, &self.y.label(tick), muted);
            }
        }
    }

    /// The level axis with its labels, the last and the present value before all others.
    fn level(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let (rule, muted, title) = (canvas.theme.rule(), canvas.theme.muted(), canvas.theme.title());
        let axis = canvas.glyphs.rule.repeat(usize::from(area.width));
        canvas.text(Rect { x: area.x - 1, width: 1, ..area }, canvas.glyphs.corners[2], rule);
        canvas.text(line(area, 0), &axis, rule);
        canvas.mark(line(area, 0), self.x.share(self.now), canvas.glyphs.knob, title);
        let end = format!("{} {}", self.x.label(self.x.to), self.of);
        let mut labels = vec![(1.0, end, muted), (self.x.share(self.now), self.x.label(self.now), title)];
        let ticks = self.x.doublings(9, area.width);
        labels.extend(ticks.into_iter().map(|tick| (self.x.share(tick), self.x.label(tick), muted)));
        let mut taken: Vec<(u16, u16)> = Vec::new();
        for (share, text, style) in labels {
            let columns = width(&text);
            let Some(last) = area.width.checked_sub(columns) else { continue };
            let middle = (share * f64::from(area.width - 1)).round() as u16;
            let from = middle.saturating_sub(columns / 2).min(last);
            if taken.iter().all(|(start, end)| from > end + 1 || from + columns + 1 < *start) {
                taken.push((from, from + columns));
                canvas.text(skip(line(area, 1), from), &text, style);
            }
        }
    }

    /// The half line, counted from above, in which a value lies.
    fn half(&self, plot: Rect, value: f64) -> u16 {
        let last = plot.height * 2 - 1;
        last - (self.y.share(value) * f64::from(last)).round() as u16
    }

    /// A curve of half blocks without gaps.
    fn curve(&self, canvas: &mut Canvas<'_>, plot: Rect, curve: &Curve) {
        let style = canvas.theme.machine(curve.machine);
        let [lower, upper, both] = canvas.glyphs.halves;
        let mut before = None;
        for (column, value) in curve.values.iter().enumerate().take(usize::from(plot.width)) {
            let half = self.half(plot, *value);
            // As far as half-way to its neighbour before, the column is filled.
            let from: u16 =
                before.map_or(
                    half,
                    |before: u16| if before < half { before + 1 } else { before.saturating_sub(1).max(half) },
                );
            let (top, bottom) = (from.min(half), from.max(half));
            for row in top / 2..=bottom / 2 {
                let covered = [row * 2, row * 2 + 1].map(|half| (top..=bottom).contains(&half));
                let glyph = match covered {
                    [true, true] => both,
                    [true, false] => upper,
                    _ => lower,
                };
                canvas.text(Rect { width: 1, ..skip(line(plot, row), column as u16) }, glyph, style);
            }
            before = Some(half);
        }
    }

    /// The machine's mark here and there on its curve and on its last point, and a cross where it ends early.
    fn marks(&self, canvas: &mut Canvas<'_>, plot: Rect, curve: &Curve) {
        let style = canvas.theme.machine(curve.machine);
        let glyph = canvas.glyphs.machines[curve.machine % 8];
        let last = curve.values.len().saturating_sub(1);
        let early = curve.values.len() < usize::from(plot.width);
        for (column, value) in curve.values.iter().enumerate() {
            let place = skip(line(plot, self.half(plot, *value) / 2), column as u16);
            // Each curve has its marks in columns of its own, so that curves on top of each other all show theirs.
            if column == last || column % APART == (2 + 4 * curve.machine) % APART {
                canvas.text(Rect { width: 1, ..place }, glyph, style);
            }
            if column == last && early {
                canvas.text(Rect { width: 1, ..skip(place, 1) }, canvas.glyphs.no, style);
            }
        }
    }
}
