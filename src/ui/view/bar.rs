//! Bars and marks on a scale, as thick as their area is high.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::canvas::Canvas;
use crate::model::units::log_place;

/// One part of a bar: its share of the whole, glyph and style.
#[derive(Clone, Copy)]
pub struct Segment {
    /// Share of the bar's full width, 0..=1.
    pub share: f64,
    /// Glyph that fills it.
    pub glyph: &'static str,
    /// Its style.
    pub style: Style,
}

impl Canvas<'_> {
    /// A bar of `area`'s width filled by segments one after the other, eighths where a full block ends.
    pub fn bar(&mut self, area: Rect, segments: &[Segment]) {
        let columns = f64::from(area.width);
        let mut from = 0.0;
        for segment in segments {
            let to = (from + segment.share.clamp(0.0, 1.0) * columns).min(columns);
            self.fill(area, (from, to), segment);
            from = to;
        }
    }

    fn fill(&mut self, area: Rect, (from, to): (f64, f64), segment: &Segment) {
        let (first, last) = (from.round() as u16, to.round() as u16);
        let fractional = segment.glyph == self.glyphs.eighths[8];
        let whole = if fractional { to.floor() as u16 } else { last };
        for x in first..whole.max(first) {
            self.put(area, x, segment.glyph, segment.style);
        }
        let eighths = ((to - to.floor()) * 8.0).round() as usize;
        if fractional && eighths > 0 && whole >= first && whole < area.width {
            self.put(area, whole, self.glyphs.eighths[eighths], segment.style);
        }
    }

    /// A mark at `share` (0..=1) of `area`'s width.
    pub fn mark(&mut self, area: Rect, share: f64, glyph: &str, style: Style) {
        if area.width > 0 && share.is_finite() {
            let x = (share.clamp(0.0, 1.0) * f64::from(area.width - 1)).round() as u16;
            self.put(area, x, glyph, style);
        }
    }

    /// A glyph of one column in column `x` of `area`, on each of its lines.
    pub fn put(&mut self, area: Rect, x: u16, glyph: &str, style: Style) {
        for y in area.top()..area.bottom() {
            if let Some(cell) = self.buffer.cell_mut((area.x + x, y)) {
                cell.set_symbol(glyph).set_style(style);
            }
        }
    }
}

/// Where a value lies on a logarithmic axis, 0..=1.
#[must_use]
pub fn log_share(value: f64, (from, to): (f64, f64)) -> f64 {
    if to <= from || value <= from || from <= 0.0 { 0.0 } else { log_place(value, (from, to)).min(1.0) }
}
