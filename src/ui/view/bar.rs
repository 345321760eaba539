//! Bars and marks on a scale, as thick as their area is high.
//!
//! The parts of a bar are shades of the machine's colour: first the full colour, then lighter tints. If a part ends
//! within a cell, the cell has an eighth block in both colours. Without colour, the parts are patterns of dots.

use ratatui::layout::Rect;
use ratatui::style::{Color, Style};

use super::canvas::Canvas;
use super::theme::Shade;

/// One part of a bar.
#[derive(Clone, Copy)]
pub struct Segment {
    /// Position of its end on the scale, 0..=1; it starts at the end of the part before.
    pub to: f64,
    /// Its shade of the colour.
    pub shade: Shade,
    /// The colour.
    pub style: Style,
}

impl Canvas<'_> {
    /// Draws parts one after the other and returns the number of columns up to their end.
    pub fn bar(&mut self, area: Rect, segments: &[Segment]) -> u16 {
        let columns = f64::from(area.width);
        let end = |segment: &Segment| segment.to.clamp(0.0, 1.0) * columns;
        let covering = |place: f64| segments.iter().position(|segment| end(segment) > place);
        for x in 0..area.width {
            // Less than half an eighth of a cell is not drawn.
            let (left, right) = (f64::from(x) + 1.0 / 16.0, f64::from(x + 1) - 1.0 / 16.0);
            let Some(first) = covering(left) else { return x };
            let rest = covering(right).map(|at| segments[at]);
            let within = if covering(right) == Some(first) { 1.0 } else { end(&segments[first]) - f64::from(x) };
            self.part(area, x, (segments[first], within), rest);
        }
        area.width
    }

    /// Draws one column of a bar: `first` covers a share of its width, and `rest` the remainder.
    fn part(&mut self, area: Rect, x: u16, (first, within): (Segment, f64), rest: Option<Segment>) {
        if first.shade == Shade::Hatched {
            return self.put(area, x, self.glyphs.hatched, first.style);
        }
        let tint = |segment: Segment| self.theme.tint(segment.style, segment.shade);
        let Some(colour) = tint(first) else {
            let glyph = self.glyphs.dots(first.shade);
            let eighths = (within * 8.0).round() as usize;
            let glyph = if within < 1.0 && first.shade == Shade::Full { self.glyphs.eighths[eighths] } else { glyph };
            return self.put(area, x, glyph, first.style);
        };
        let ground = rest.filter(|rest| rest.shade != Shade::Hatched).and_then(tint);
        let style = Style::reset().fg(colour).bg(ground.unwrap_or(self.theme.background));
        if within >= 1.0 {
            let (glyph, style) = match first.shade {
                Shade::Full => (self.glyphs.dots(Shade::Full), first.style),
                _ => (" ", Style::reset().fg(colour).bg(colour)),
            };
            return self.put(area, x, glyph, style);
        }
        self.put(area, x, self.glyphs.eighths[(within * 8.0).round() as usize], style);
    }

    /// Fills the columns `from..to` of `area` with a shade of a colour.
    pub fn shade(&mut self, area: Rect, (from, to): (u16, u16), (style, shade): (Style, Shade)) {
        for x in from..to.min(area.width) {
            self.part(area, x, (Segment { to: 1.0, shade, style }, 1.0), None);
        }
    }

    /// Replaces patterns of dots by shades of their colour if the theme has colours to mix, so that the marks of
    /// legends look like the bars that they explain.
    pub fn shade_patterns(&mut self, area: Rect) {
        for at in area.intersection(self.buffer.area).positions() {
            let Some(cell) = self.buffer.cell_mut(at) else { continue };
            let shade = match cell.symbol() {
                "▓" => Shade::Half,
                "░" => Shade::Faint,
                _ => continue,
            };
            let style = Style::reset().fg(cell.fg);
            if let Some(tint) = self.theme.tint(style, shade) {
                cell.set_symbol(" ").set_style(Style::reset().fg(tint).bg(tint));
            }
        }
    }

    /// Draws a mark at `share` (0..=1) of the width of `area`.
    pub fn mark(&mut self, area: Rect, share: f64, glyph: &str, style: Style) {
        if area.width > 0 && share.is_finite() {
            let x = (share.clamp(0.0, 1.0) * f64::from(area.width - 1)).round() as u16;
            self.put(area, x, glyph, style);
        }
    }

    /// Draws a glyph of one column in column `x` of `area`, in each of its lines.
    pub fn put(&mut self, area: Rect, x: u16, glyph: &str, style: Style) {
        for y in area.top()..area.bottom() {
            if let Some(cell) = self.buffer.cell_mut((area.x + x, y)) {
                cell.set_symbol(glyph).set_style(style);
            }
        }
    }

    /// Draws a thin mark over the content of column `x` of `area`; the colour behind it is kept.
    pub fn over(&mut self, area: Rect, x: u16, glyph: &str, style: Style) {
        for y in area.top()..area.bottom() {
            let Some(cell) = self.buffer.cell_mut((area.x + x, y)) else { continue };
            // Of a cell in two colours the lower half is kept.
            let behind = if cell.symbol() == "█" && cell.fg != Color::Reset { cell.fg } else { cell.bg };
            // A mark on a full colour has the colour of the background.
            let solid = cell.symbol() == "█" && cell.fg != Color::Reset;
            let style = if solid { style.fg(self.theme.background) } else { style };
            cell.set_symbol(glyph).set_style(style.bg(behind));
        }
    }
}

/// Returns the position of a value on a logarithmic axis, 0..=1.
#[must_use]
pub fn log_share(value: f64, (from, to): (f64, f64)) -> f64 {
    if to <= from || value <= from || from <= 0.0 {
        0.0
    } else {
        crate::model::units::log_place(value, (from, to)).min(1.0)
    }
}

#[cfg(test)]
mod tests {
    use ratatui::buffer::{Buffer, Cell};

    use super::super::glyphs::UNICODE;
    use super::super::theme::Theme;
    use super::*;

    fn drawn(theme: &Theme, segments: &[Segment]) -> (Vec<Cell>, u16) {
        let area = Rect::new(0, 0, 8, 1);
        let mut buffer = Buffer::empty(area);
        let mut canvas = Canvas { buffer: &mut buffer, theme, glyphs: &UNICODE, identities: &[] };
        let used = canvas.bar(area, segments);
        (buffer.content, used)
    }

    #[test]
    fn a_bar_ends_at_an_eighth_and_its_parts_meet_in_one_cell() {
        let theme = Theme::named("dark").unwrap_or_else(|error| panic!("{error}"));
        let style = theme.machine(0);
        let part = |to, shade| Segment { to, shade, style };
        let (cells, used) = drawn(&theme, &[part(0.5625, Shade::Full)]);
        assert_eq!(used, 5);
        assert_eq!(cells.iter().map(Cell::symbol).collect::<String>(), "████▌   ");
        let (cells, used) = drawn(&theme, &[part(0.3125, Shade::Full), part(0.75, Shade::Faint)]);
        assert_eq!(used, 6);
        assert_eq!(cells[2].symbol(), "▌");
        assert_eq!(Some(cells[2].bg), theme.tint(style, Shade::Faint), "the next part is behind the eighth block");
        assert_eq!(Some(cells[5].bg), theme.tint(style, Shade::Faint));
    }

    #[test]
    fn without_colour_the_parts_are_patterns() {
        let theme = Theme::named("mono").unwrap_or_else(|error| panic!("{error}"));
        let part = |to, shade| Segment { to, shade, style: theme.machine(0) };
        let parts = [part(0.25, Shade::Full), part(0.5, Shade::Half), part(1.0, Shade::Faint)];
        assert_eq!(drawn(&theme, &parts).0.iter().map(Cell::symbol).collect::<String>(), "██▓▓░░░░");
    }
}
