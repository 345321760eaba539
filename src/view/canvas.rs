//! Drawing into a buffer without ever leaving it or cutting a number.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use super::theme::{Glyphs, Theme};

/// A buffer with the theme and glyphs to draw with.
pub struct Canvas<'b> {
    /// The cells.
    pub buffer: &'b mut Buffer,
    /// Colours by role.
    pub theme: &'b Theme,
    /// Marks.
    pub glyphs: &'b Glyphs,
}

/// Columns that `text` takes.
#[must_use]
pub fn width(text: &str) -> u16 {
    u16::try_from(text.width()).unwrap_or(u16::MAX)
}

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
    /// Paints the whole area in the theme's ground.
    pub fn clear(&mut self, area: Rect) {
        let area = area.intersection(self.buffer.area);
        for y in area.top()..area.bottom() {
            for x in area.left()..area.right() {
                if let Some(cell) = self.buffer.cell_mut((x, y)) {
                    cell.reset();
                    cell.set_style(self.theme.text());
                }
            }
        }
    }

    /// Writes `text` at the start of `area`'s first line, cut at its right edge with an ellipsis; returns columns used.
    pub fn text(&mut self, area: Rect, text: &str, style: Style) -> u16 {
        let area = area.intersection(self.buffer.area);
        if area.is_empty() || text.is_empty() {
            return 0;
        }
        if width(text) <= area.width {
            let (end, _) = self.buffer.set_stringn(area.x, area.y, text, usize::from(area.width), style);
            return end - area.x;
        }
        let room = usize::from(area.width.saturating_sub(1));
        let (end, _) = self.buffer.set_stringn(area.x, area.y, text, room, style);
        let (end, _) = self.buffer.set_stringn(end, area.y, "…", 1, style);
        end - area.x
    }

    /// Writes `text` whole or not at all; returns columns used. For numbers.
    pub fn whole(&mut self, area: Rect, text: &str, style: Style) -> u16 {
        if width(text) > area.width { 0 } else { self.text(area, text, style) }
    }

    /// Writes `text` whole against the right edge of `area`'s first line, or not at all.
    pub fn right(&mut self, area: Rect, text: &str, style: Style) {
        let columns = width(text);
        if columns <= area.width {
            self.text(Rect { x: area.right() - columns, width: columns, ..area }, text, style);
        }
    }

    /// Writes pieces of text one after the other; a piece that does not fit ends the line.
    pub fn spans(&mut self, area: Rect, pieces: &[(&str, Style)]) -> u16 {
        let mut rest = Rect { height: area.height.min(1), ..area };
        for (text, style) in pieces {
            let used = self.text(rest, text, *style);
            rest = skip(rest, used);
            if used < width(text) {
                break;
            }
        }
        rest.x - area.x
    }

    /// A line across `area` with a title in it.
    pub fn heading(&mut self, area: Rect, title: &str, remark: &str, focused: bool) {
        let (title_style, rule) =
            if focused { (self.theme.focus(), self.theme.focus()) } else { (self.theme.title(), self.theme.rule()) };
        self.text(area, &self.glyphs.rule.repeat(usize::from(area.width)), rule);
        let pointer = if focused { self.glyphs.pointer } else { self.glyphs.rule };
        let mut rest = skip(area, 1);
        rest = skip(rest, self.text(rest, pointer, rule));
        rest = skip(rest, self.text(rest, &format!(" {title} "), title_style));
        if !remark.is_empty() && width(remark) + 2 <= rest.width {
            self.text(rest, &format!("{remark} "), self.theme.muted());
        }
    }

    /// A bar of `length` of `area`'s width (0..=1) filled by segments, eighths at its end, the rest an empty track.
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
            self.text(Rect { x: area.x + x, width: 1, ..area }, segment.glyph, segment.style);
        }
        let eighths = ((to - to.floor()) * 8.0).round() as usize;
        if fractional && eighths > 0 && whole >= first && whole < area.width {
            let glyph = self.glyphs.eighths[eighths];
            self.text(Rect { x: area.x + whole, width: 1, ..area }, glyph, segment.style);
        }
    }

    /// A mark at `share` (0..=1) of `area`'s width.
    pub fn mark(&mut self, area: Rect, share: f64, glyph: &str, style: Style) {
        if area.width > 0 && share.is_finite() {
            let x = (share.clamp(0.0, 1.0) * f64::from(area.width - 1)).round() as u16;
            self.text(Rect { x: area.x + x, width: 1, ..area }, glyph, style);
        }
    }
}

/// `area` without its first `columns`.
#[must_use]
pub fn skip(area: Rect, columns: u16) -> Rect {
    let columns = columns.min(area.width);
    Rect { x: area.x + columns, width: area.width - columns, ..area }
}

/// The line `row` of `area`, empty below its end.
#[must_use]
pub fn line(area: Rect, row: u16) -> Rect {
    if row < area.height {
        Rect { y: area.y + row, height: 1, ..area }
    } else {
        Rect { y: area.bottom(), height: 0, ..area }
    }
}
