//! Curves of machines over a common axis, drawn in Braille. Each has its band as a ribbon, signs along it, its name at
//! its end, and a cross if it ends because memory is full.
//!
//! ```text
//!   500 │            ⢀⡠■⠤⠒ RTX PRO 6000
//!   100 │    ⣀⠤■⠒⠉   ⢀●⠤✗ DGX Spark
//!    20 │⠤⠒⠉⢀⡠●⠒⠉
//!       └─────────◆───────────────
//!        1        32        1,024 streams
//! ```

use ratatui::layout::Rect;
use ratatui::style::{Color, Style};
use ratatui::symbols::Marker;
use ratatui::widgets::Widget;
use ratatui::widgets::canvas::{Canvas as Plot, Line as Stroke};

use super::axis::Axis;
use super::canvas::{Canvas, line, skip, width};
use super::theme::Shade;
use crate::model::answer::Identity;

/// Width of the labels left of the curves and of the axis, in columns.
const MARGIN: u16 = 8;
/// Distance between two signs of a curve, in columns.
const APART: u16 = 16;

/// A point of a curve, in the units of both axes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// The value on the horizontal axis.
    pub x: f64,
    /// The expected value.
    pub y: f64,
    /// The edges of its band.
    pub band: (f64, f64),
}

/// A curve.
pub(super) struct Curve {
    /// The identity that decides its colour and sign.
    pub identity: Option<Identity>,
    /// Its name, written at its end.
    pub name: String,
    /// Its points from left to right.
    pub places: Vec<Place>,
    /// True if it ends because no more fits into memory.
    pub full: bool,
    /// True to draw it in steps.
    pub steps: bool,
}

/// A straight line through the chart, with a label at its end.
pub(super) struct Guide {
    /// Its ends, in the units of both axes.
    pub ends: [(f64, f64); 2],
    /// Its label.
    pub word: String,
}

/// A chart of curves over an axis.
pub(super) struct Chart {
    /// The horizontal axis.
    pub x: Axis,
    /// The vertical axis.
    pub y: Axis,
    /// The word after the last label of the horizontal axis.
    pub of: &'static str,
    /// The current value on the horizontal axis; 0 for none.
    pub now: f64,
    /// The curves.
    pub curves: Vec<Curve>,
    /// A line that shows a limit, if there is one.
    pub guide: Option<Guide>,
    /// Single points: position, sign and style.
    pub dots: Vec<((f64, f64), &'static str, Style)>,
}

/// Returns the number of columns of `area` that the curves get.
pub(super) fn columns(area: Rect) -> u16 {
    area.width.saturating_sub(MARGIN)
}

impl Chart {
    /// Draws the chart with months below it, between two days since 1970-01-01.
    pub fn dated(&self, canvas: &mut Canvas<'_>, area: Rect, (from, to): (i64, i64)) {
        self.draw(canvas, area);
        let plot = Rect { height: area.height.saturating_sub(2), ..skip(area, MARGIN) };
        let below = line(Rect { y: plot.bottom(), height: 2, ..plot }, 1);
        canvas.repeat(below, " ", canvas.theme.text());
        for part in 0..=4_i64 {
            let day = from + (to - from) * part / 4;
            let Some(date) = crate::model::facts::Date::from_days_since_epoch(day) else { continue };
            let month = date.to_string().chars().take(7).collect::<String>();
            let columns = width(&month);
            let last = below.width.saturating_sub(columns);
            let start = ((f64::from(below.width) * part as f64 / 4.0) as u16).saturating_sub(columns / 2).min(last);
            canvas.text(Rect { width: columns, ..skip(below, start) }, &month, canvas.theme.muted());
        }
    }

    /// Draws the chart: axes, curves and the limit with ribbons behind them, then signs and names in front.
    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let plot = self.axes(canvas, area);
        if plot.is_empty() {
            return;
        }
        if self.curves.iter().all(|curve| curve.places.is_empty()) && self.dots.is_empty() {
            canvas.text(line(plot, plot.height / 2), " no machine here runs it", canvas.theme.muted());
            return;
        }
        self.strokes(canvas, plot);
        for curve in &self.curves {
            self.ribbon(canvas, plot, curve);
        }
        for (at, curve) in self.curves.iter().enumerate() {
            self.signs(canvas, plot, (at, curve));
        }
        for ((x, y), sign, style) in &self.dots {
            let (column, row) = self.cell(plot, (*x, *y));
            canvas.over(line(plot, row), column, sign, *style);
        }
        self.names(canvas, plot);
    }

    /// Draws the limit and the curves as lines of dots.
    fn strokes(&self, canvas: &mut Canvas<'_>, plot: Rect) {
        let share = |(x, y): (f64, f64)| (self.x.share(x), self.y.share(y));
        let stroke = |from: (f64, f64), to: (f64, f64), color: Color| {
            let ((x1, y1), (x2, y2)) = (share(from), share(to));
            Stroke { x1, y1, x2, y2, color }
        };
        let colour = |style: Style| style.fg.unwrap_or(Color::Reset);
        let mut strokes: Vec<Stroke> = Vec::new();
        if let Some(guide) = &self.guide {
            strokes.push(stroke(guide.ends[0], guide.ends[1], colour(canvas.theme.edge())));
        }
        for curve in &self.curves {
            let colour = colour(canvas.theme.identified(curve.identity));
            for pair in curve.places.windows(2) {
                let (from, to) = ((pair[0].x, pair[0].y), (pair[1].x, pair[1].y));
                if curve.steps {
                    strokes.extend([stroke(from, (to.0, from.1), colour), stroke((to.0, from.1), to, colour)]);
                } else {
                    strokes.push(stroke(from, to, colour));
                }
            }
        }
        let marker = if canvas.glyphs.seven_bit { Marker::Dot } else { Marker::Braille };
        let ground = canvas.theme.text().bg.unwrap_or(Color::Reset);
        let painted = Plot::default().marker(marker).x_bounds([0.0, 1.0]).y_bounds([0.0, 1.0]).background_color(ground);
        painted.paint(|context| strokes.iter().for_each(|stroke| context.draw(stroke))).render(plot, canvas.buffer);
        // The plot sets only colours. Without colours a line is bold, as names and signs of machines are.
        let form = canvas.theme.edge().add_modifier;
        let others = [" ", canvas.glyphs.side];
        for at in plot.positions() {
            if let Some(cell) = canvas.buffer.cell_mut(at).filter(|cell| !others.contains(&cell.symbol())) {
                cell.modifier.insert(form);
            }
        }
    }

    /// Draws the band behind a curve.
    fn ribbon(&self, canvas: &mut Canvas<'_>, plot: Rect, curve: &Curve) {
        let Some(tint) = canvas.theme.tint(canvas.theme.identified(curve.identity), Shade::Faint) else { return };
        for place in &curve.places {
            let ((column, low), (_, high)) =
                (self.cell(plot, (place.x, place.band.0)), self.cell(plot, (place.x, place.band.1)));
            for row in high..=low {
                let cell = canvas.buffer.cell_mut((plot.x + column, plot.y + row));
                if let Some(cell) = cell.filter(|_| place.band.0 < place.band.1) {
                    cell.set_bg(tint);
                }
            }
        }
    }

    /// Returns the cell of a point: its column and row.
    fn cell(&self, plot: Rect, (x, y): (f64, f64)) -> (u16, u16) {
        let row = ((1.0 - self.y.share(y)) * f64::from(plot.height - 1)).round() as u16;
        (self.x.column(x, plot.width), row)
    }

    /// Draws the machine's sign at intervals along its curve and at its last point, and a cross after it if memory ends
    /// the curve.
    fn signs(&self, canvas: &mut Canvas<'_>, plot: Rect, (at, curve): (usize, &Curve)) {
        let style = canvas.theme.identified(curve.identity);
        let sign = canvas.glyphs.sign(curve.identity);
        let Some(last) = curve.places.last() else { return };
        // The signs of each curve start at another column, so that curves on top of each other all show theirs.
        let mut next = 2 + 5 * at as u16;
        for place in &curve.places {
            let (column, row) = self.cell(plot, (place.x, place.y));
            if column >= next {
                canvas.over(line(plot, row), column, sign, style);
                next = column + APART;
            }
        }
        let (column, row) = self.cell(plot, (last.x, last.y));
        canvas.over(line(plot, row), column, sign, style);
        if curve.full && column + 1 < plot.width {
            canvas.over(line(plot, row), column + 1, canvas.glyphs.no, canvas.theme.bad());
        }
    }

    /// Draws names with their signs at the ends of curves and of the limit, in the order of the ends, so that no name
    /// overlaps or touches another.
    fn names(&self, canvas: &mut Canvas<'_>, plot: Rect) {
        let ends = self.curves.iter().filter_map(|curve| {
            let (last, sign) = (curve.places.last()?, canvas.glyphs.sign(curve.identity));
            let name = if curve.name.is_empty() { String::new() } else { format!("{sign} {}", curve.name) };
            Some(((last.x, last.y), name, canvas.theme.identified(curve.identity)))
        });
        let guide = self.guide.iter().map(|guide| (guide.ends[1], guide.word.clone(), canvas.theme.edge()));
        let mut all: Vec<((u16, u16), String, Style)> = ends
            .chain(guide)
            .filter(|(_, name, _)| !name.is_empty())
            .map(|(end, name, style)| (self.cell(plot, end), name, style))
            .collect();
        all.sort_by_key(|((_, row), ..)| *row);
        let mut taken: Vec<Rect> = Vec::new();
        for ((column, row), name, style) in all {
            let columns = width(&name);
            let Some(most) = plot.width.checked_sub(columns) else { continue };
            let x = plot.x + (column + 3).min(most);
            // Names of ends in the same row are moved down, or up at the bottom of the chart.
            let rows = [0, 1, 2, 3, -1, -2, -3].iter().filter_map(|by: &i16| row.checked_add_signed(*by));
            let place = rows
                .filter(|row| *row < plot.height)
                .map(|row| Rect { x, y: plot.y + row, width: columns, height: 1 })
                .find(|place| taken.iter().all(|other| !other.intersects(*place)));
            if let Some(place) = place {
                // A blank column on either side separates two names in a row.
                taken.push(Rect { x: place.x - 1, width: columns + 2, ..place });
                for (at, letter) in name.chars().enumerate() {
                    canvas.over(place, at as u16, letter.encode_utf8(&mut [0; 4]), style);
                }
            }
        }
    }

    /// Draws the axes and the current value, and returns the area of the curves.
    pub fn axes(&self, canvas: &mut Canvas<'_>, area: Rect) -> Rect {
        let plot = Rect { height: area.height.saturating_sub(2), ..skip(area, MARGIN) };
        if plot.is_empty() {
            return plot;
        }
        self.upright(canvas, area, plot);
        self.level(canvas, Rect { y: plot.bottom(), height: 2, ..plot });
        let now = self.x.share(self.now);
        // A value at the start of the x-axis needs no mark, since the y-axis is there.
        for row in (0..plot.height).filter(|_| self.now > 0.0 && self.x.column(self.now, plot.width) > 0) {
            canvas.mark(line(plot, row), now, canvas.glyphs.side, canvas.theme.rule());
        }
        plot
    }

    /// Draws the vertical axis with its labels.
    fn upright(&self, canvas: &mut Canvas<'_>, area: Rect, plot: Rect) {
        let (rule, muted) = (canvas.theme.rule(), canvas.theme.muted());
        for row in 0..plot.height {
            canvas.text(Rect { x: plot.x - 1, width: 1, ..line(plot, row) }, canvas.glyphs.side, rule);
        }
        let mut taken = u16::MAX;
        for tick in self.y.ticks(if self.y.log { plot.height } else { plot.height / 2 }) {
            let row = self.cell(plot, (self.x.from, tick)).1;
            if taken.abs_diff(row) >= 2 {
                taken = row;
                canvas.right(Rect { width: MARGIN - 2, ..line(area, row) }, &self.y.label(tick), muted);
            }
        }
    }

    /// Draws the horizontal axis with its labels; the last one and the current value take precedence.
    fn level(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let (rule, muted, title) = (canvas.theme.rule(), canvas.theme.muted(), canvas.theme.title());
        let axis = canvas.glyphs.rule.repeat(usize::from(area.width));
        canvas.text(Rect { x: area.x - 1, width: 1, ..area }, canvas.glyphs.corners[2], rule);
        canvas.text(line(area, 0), &axis, rule);
        if self.now > 0.0 {
            canvas.mark(line(area, 0), self.x.share(self.now), canvas.glyphs.knob, title);
        }
        let end = format!("{} {}", self.x.label(self.x.to), self.of);
        let mut labels = vec![(1.0, end, muted)];
        if self.now > 0.0 {
            labels.push((self.x.share(self.now), self.x.label(self.now), title));
        }
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
}
