//! Drawing into a buffer without ever leaving it or cutting a number.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use unicode_width::UnicodeWidthStr;

use super::glyphs::Glyphs;
use super::theme::Theme;
use super::words::FIRM;
use crate::model::answer::Identity;

/// A buffer with the theme and glyphs to draw with.
pub struct Canvas<'b> {
    /// The cells.
    pub buffer: &'b mut Buffer,
    /// Colours by role.
    pub theme: &'b Theme,
    /// Marks.
    pub glyphs: &'b Glyphs,
    /// The machines' identities, in the order of the answers.
    pub identities: &'b [Identity],
}

/// Columns that `text` takes.
#[must_use]
pub fn width(text: &str) -> u16 {
    u16::try_from(text.width()).unwrap_or(u16::MAX)
}

impl Canvas<'_> {
    /// The colour of the machine in place `at` of the answers.
    #[must_use]
    pub fn machine(&self, at: usize) -> Style {
        self.theme.identified(self.identities.get(at).copied())
    }

    /// A mark on the ground of a machine's colour.
    #[must_use]
    pub fn machine_reversed(&self, at: usize) -> Style {
        self.machine(at).add_modifier(Modifier::REVERSED)
    }

    /// The sign of the machine in place `at` of the answers.
    #[must_use]
    pub fn sign(&self, at: usize) -> &'static str {
        self.glyphs.sign(self.identities.get(at).copied())
    }

    /// Paints the whole area in the theme's ground.
    pub fn clear(&mut self, area: Rect) {
        for at in area.intersection(self.buffer.area).positions() {
            if let Some(cell) = self.buffer.cell_mut(at) {
                cell.reset();
                cell.set_style(self.theme.text());
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
            return self.write(area, text, style);
        }
        let room = area.width - 1;
        let used = self.write(Rect { width: room, ..area }, text, style);
        used + self.write(skip(area, used), "…", style)
    }

    /// Writes as much of `text` as `area`, which lies in the buffer, has columns for; returns columns used.
    fn write(&mut self, area: Rect, text: &str, style: Style) -> u16 {
        let (end, _) = self.buffer.set_stringn(area.x, area.y, text, usize::from(area.width), style);
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

    /// Writes words that were broken into lines, as many as `area` has.
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

    /// Fills `area`'s first line with a symbol of one column.
    pub fn repeat(&mut self, area: Rect, symbol: &str, style: Style) {
        for at in line(area, 0).intersection(self.buffer.area).positions() {
            if let Some(cell) = self.buffer.cell_mut(at) {
                cell.set_symbol(symbol).set_style(style);
            }
        }
    }

    /// A line across `area` with a title in it and the longest of `remarks` that fits.
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

    /// A box around `area`, cleared inside, with a title in its upper and a remark in its lower edge; returns its inside.
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

/// The longest of some texts, given longest first, that fits into `columns`.
#[must_use]
pub fn longest_of<T: AsRef<str>>(texts: &[T], columns: u16) -> Option<&str> {
    texts.iter().map(AsRef::as_ref).find(|text| width(text) <= columns && !text.is_empty())
}

/// `area` without `columns` at its left and right.
#[must_use]
pub fn inner(area: Rect, columns: u16) -> Rect {
    let columns = columns.min(area.width / 2);
    Rect { x: area.x + columns, width: area.width - 2 * columns, ..area }
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

#[cfg(test)]
mod tests {
    use ratatui::buffer::Cell;

    use super::super::glyphs::UNICODE;
    use super::*;

    /// Returns the cells that `text` gives in a line of that many columns, and the columns used.
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
            // The second column of a wide character is a cell of its own.
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
