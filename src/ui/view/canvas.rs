//! Drawing into a buffer, within its bounds and without cutting numbers.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use unicode_width::UnicodeWidthStr;

use super::glyphs::Glyphs;
use super::theme::Theme;
use super::words::FIRM;
use crate::model::answer::Identity;

/// A buffer with the theme and the glyphs for drawing.
pub struct Canvas<'b> {
    /// The cells.
    pub buffer: &'b mut Buffer,
    /// Colours by role.
    pub theme: &'b Theme,
    /// The glyphs.
    pub glyphs: &'b Glyphs,
    /// The machines' identities, in the order of the answers.
    pub identities: &'b [Identity],
}

/// Returns the width of `text` in columns.
#[must_use]
pub fn width(text: &str) -> u16 {
    u16::try_from(text.width()).unwrap_or(u16::MAX)
}

impl Canvas<'_> {
    /// Returns the style of the machine at index `at` of the answers.
    #[must_use]
    pub fn machine(&self, at: usize) -> Style {
        self.theme.identified(self.identities.get(at).copied())
    }

    /// Returns a machine's style with text and background swapped.
    #[must_use]
    pub fn machine_reversed(&self, at: usize) -> Style {
        self.machine(at).add_modifier(Modifier::REVERSED)
    }

    /// Returns the sign of the machine at index `at` of the answers.
    #[must_use]
    pub fn sign(&self, at: usize) -> &'static str {
        self.glyphs.sign(self.identities.get(at).copied())
    }

    /// Clears an area to the theme's background.
    pub fn clear(&mut self, area: Rect) {
        for at in area.intersection(self.buffer.area).positions() {
            if let Some(cell) = self.buffer.cell_mut(at) {
                cell.reset();
                cell.set_style(self.theme.text());
            }
        }
    }

    /// Writes `text` at the start of the first line of `area`, cut with an ellipsis at its right edge; returns the
    /// columns used.
    pub fn text(&mut self, area: Rect, text: &str, style: Style) -> u16 {
        let area = area.intersection(self.buffer.area);
        if area.is_empty() || text.is_empty() {
            return 0;
        }
        if width(text) <= area.width {
            return self.write(area, text, style);
        }
        let room = area.width - 1;
        let used = self.write(Rect { width: room, ..area }, text, style);
        used + self.write(skip(area, used), "…", style)
    }

    /// Writes as much of `text` as fits into `area`, which must lie in the buffer; returns the columns used.
    fn write(&mut self, area: Rect, text: &str, style: Style) -> u16 {
        let (end, _) = self.buffer.set_stringn(area.x, area.y, text, usize::from(area.width), style);
        end - area.x
    }

    /// Writes `text` whole or not at all, as numbers need; returns the columns used.
    pub fn whole(&mut self, area: Rect, text: &str, style: Style) -> u16 {
        if width(text) > area.width { 0 } else { self.text(area, text, style) }
    }

    /// Writes `text` at the right edge of the first line of `area`, whole or not at all.
    pub fn right(&mut self, area: Rect, text: &str, style: Style) {
        let columns = width(text);
        if columns <= area.width {
            self.text(Rect { x: area.right() - columns, width: columns, ..area }, text, style);
        }
    }

    /// Writes pieces of text one after the other and returns the columns used; a piece that does not fit ends the line.
    pub fn spans(&mut self, area: Rect, pieces: &[(&str, Style)]) -> u16 {
        let mut rest = line(area, 0);
        for (text, style) in pieces {
            let used = self.text(rest, text, *style);
            rest = skip(rest, used);
            if used < width(text) {
                break;
            }
        }
        rest.x - area.x
    }

    /// Writes lines of words, as many as `area` has.
    pub fn lines(&mut self, area: Rect, words: &[String], style: Style) {
        for (row, words) in words.iter().take(usize::from(area.height)).enumerate() {
            let used = self.text(line(area, row as u16), words, style);
            let place = Rect { width: used, ..line(area, row as u16) };
            for at in place.intersection(self.buffer.area).positions() {
                if let Some(cell) = self.buffer.cell_mut(at).filter(|cell| cell.symbol().starts_with(FIRM)) {
                    cell.set_symbol(" ");
                }
            }
        }
    }

    /// Fills the first line of `area` with a symbol of one column.
    pub fn repeat(&mut self, area: Rect, symbol: &str, style: Style) {
        for at in line(area, 0).intersection(self.buffer.area).positions() {
            if let Some(cell) = self.buffer.cell_mut(at) {
                cell.set_symbol(symbol).set_style(style);
            }
        }
    }

    /// Draws a heading across `area`: a line with a title and the longest of `remarks` that fits.
    pub fn heading(&mut self, area: Rect, title: &str, remarks: &[impl AsRef<str>], focused: bool) {
        let (title_style, rule) =
            if focused { (self.theme.focus(), self.theme.edge()) } else { (self.theme.title(), self.theme.rule()) };
        self.repeat(area, self.glyphs.rule, rule);
        let pointer = if focused { self.glyphs.pointer } else { self.glyphs.rule };
        let mut rest = skip(area, 1);
        rest = skip(rest, self.text(rest, pointer, rule));
        rest = skip(rest, self.text(rest, &format!(" {title} "), title_style));
        if let Some(remark) = longest_of(remarks, rest.width.saturating_sub(1)) {
            let used = self.text(rest, remark, self.theme.muted());
            self.text(skip(rest, used), " ", self.theme.muted());
        }
    }

    /// Draws a box around `area` and clears its inside, with a title in the upper edge and a remark in the lower one;
    /// returns its inside.
    pub fn window(&mut self, area: Rect, title: &str, remark: &str) -> Rect {
        self.clear(area);
        let style = self.theme.edge();
        let [top_left, top_right, bottom_left, bottom_right] = self.glyphs.corners;
        let rule = self.glyphs.rule.repeat(usize::from(area.width.saturating_sub(2)));
        let last = line(area, area.height.saturating_sub(1));
        self.text(line(area, 0), &format!("{top_left}{rule}{top_right}"), style);
        self.text(last, &format!("{bottom_left}{rule}{bottom_right}"), style);
        for row in 1..area.height.saturating_sub(1) {
            self.text(line(area, row), self.glyphs.side, style);
            self.right(line(area, row), self.glyphs.side, style);
        }
        self.text(inner(line(area, 0), 2), &format!(" {title} "), style);
        if !remark.is_empty() {
            self.whole(inner(last, 2), &format!(" {remark} "), self.theme.muted());
        }
        Rect { y: area.y + 1, height: area.height.saturating_sub(2), ..inner(area, 2) }
    }
}

/// Returns the first of `texts`, which are given longest first, that fits into `columns`.
#[must_use]
pub fn longest_of<T: AsRef<str>>(texts: &[T], columns: u16) -> Option<&str> {
    texts.iter().map(AsRef::as_ref).find(|text| width(text) <= columns && !text.is_empty())
}

/// Returns `area` without `columns` at its left and right.
#[must_use]
pub fn inner(area: Rect, columns: u16) -> Rect {
    let columns = columns.min(area.width / 2);
    Rect { x: area.x + columns, width: area.width - 2 * columns, ..area }
}

/// Returns `area` without its first `columns`.
#[must_use]
pub fn skip(area: Rect, columns: u16) -> Rect {
    let columns = columns.min(area.width);
    Rect { x: area.x + columns, width: area.width - columns, ..area }
}

/// Returns the line `row` of `area`; empty if it is below the end of `area`.
#[must_use]
pub fn line(area: Rect, row: u16) -> Rect {
    if row < area.height {
        Rect { y: area.y + row, height: 1, ..area }
    } else {
        Rect { y: area.bottom(), height: 0, ..area }
    }
}

#[cfg(test)]
mod tests {
    use ratatui::buffer::Cell;

    use super::super::glyphs::UNICODE;
    use super::*;

    /// Returns the cells of `text` in a line of `columns` columns, and the columns used.
    fn written(text: &str, columns: u16) -> (String, u16) {
        let area = Rect::new(0, 0, columns, 1);
        let mut buffer = Buffer::empty(Rect { width: columns + 2, ..area });
        let theme = Theme::named("dark").unwrap_or_else(|error| panic!("{error}"));
        let mut canvas = Canvas { buffer: &mut buffer, theme: &theme, glyphs: &UNICODE, identities: &[] };
        let used = canvas.text(area, text, Style::default());
        (buffer.content.iter().map(Cell::symbol).collect::<String>().trim_end().to_owned(), used)
    }

    #[test]
    fn a_text_is_written_as_it_is_and_measured_as_it_is_written() {
        for text in ["plain", "● DGX Spark ▸ 5 → 9", "e\u{301}te\u{301}", "語x語", "x語", "… a·b · c", "a\u{a0}b"]
        {
            let columns = width(text);
            assert_eq!(usize::from(columns), text.width(), "{text}");
            let (shown, used) = written(text, columns);
            // The second column of a wide character is a separate cell.
            let blank = |text: &str| text.replace(['\u{a0}', ' '], "");
            assert_eq!((blank(&shown), used), (blank(text), columns), "{text}");
        }
    }

    #[test]
    fn a_text_that_is_too_long_ends_in_an_ellipsis_and_never_in_its_later_parts() {
        assert_eq!(written("abcdef", 4), ("abc…".to_owned(), 4));
        assert_eq!(written("→ abc", 4), ("→ a…".to_owned(), 4));
        assert_eq!(written("a語bc", 3), ("a…".to_owned(), 2));
        assert_eq!(written("x", 0), (String::new(), 0));
    }
}
