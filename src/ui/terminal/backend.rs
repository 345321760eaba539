//! The ratatui backend, which turns frames into bytes.
//!
//! ratatui's terminal finds the changed cells. The backend writes them with few bytes, in one synchronized update. A
//! frame without changes gives no bytes.

use std::convert::Infallible;

use crossterm::cursor::{Hide, MoveTo, MoveToColumn, Show};
use crossterm::queue;
use crossterm::style::{Attribute, Colors, SetAttribute, SetColors, SetUnderlineColor};
use crossterm::terminal::{BeginSynchronizedUpdate, Clear, ClearType as CrosstermClear, EndSynchronizedUpdate};
use ratatui::backend::{Backend, ClearType, IntoCrossterm, WindowSize};
use ratatui::buffer::{Buffer, Cell, CellWidth};
use ratatui::layout::{Position, Size};
use ratatui::style::{Color, Modifier};

use super::colours::reduce;
use super::environment::Colours;
use super::links::Links;
use crate::model::ron_file::is_hostile;

/// Each attribute with the commands that turn it on and off. Bold and dim share their off command, as do the two
/// blinks.
const ATTRIBUTES: [(Modifier, Attribute, Attribute); 9] = [
    (Modifier::BOLD, Attribute::Bold, Attribute::NormalIntensity),
    (Modifier::DIM, Attribute::Dim, Attribute::NormalIntensity),
    (Modifier::ITALIC, Attribute::Italic, Attribute::NoItalic),
    (Modifier::UNDERLINED, Attribute::Underlined, Attribute::NoUnderline),
    (Modifier::SLOW_BLINK, Attribute::SlowBlink, Attribute::NoBlink),
    (Modifier::RAPID_BLINK, Attribute::RapidBlink, Attribute::NoBlink),
    (Modifier::REVERSED, Attribute::Reverse, Attribute::NoReverse),
    (Modifier::HIDDEN, Attribute::Hidden, Attribute::NoHidden),
    (Modifier::CROSSED_OUT, Attribute::CrossedOut, Attribute::NotCrossedOut),
];

/// The attributes that are visible on a blank cell.
const SEEN_ON_BLANK: Modifier = Modifier::REVERSED
    .union(Modifier::UNDERLINED)
    .union(Modifier::SLOW_BLINK)
    .union(Modifier::RAPID_BLINK)
    .union(Modifier::CROSSED_OUT);

/// The bytes of the frame in progress, and the state in which they leave the terminal.
#[derive(Debug)]
pub(super) struct FrameBackend {
    size: Size,
    depth: Colours,
    out: Vec<u8>,
    pen: Pen,
    /// The cell that the terminal would write next; `None` at the end of a row, and after characters of which terminals
    /// disagree about the width.
    at: Option<Position>,
    /// The links of the picture.
    links: Links,
    /// The link that the terminal would give to the next character.
    open_link: Option<usize>,
    /// The cell of the text cursor; `None` hides it.
    caret: Option<Position>,
    /// True if the terminal shows its text cursor.
    caret_is_shown: bool,
}

/// The style in which the terminal would write the next character.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Pen {
    foreground: Color,
    background: Color,
    underline: Color,
    attributes: Modifier,
}

impl FrameBackend {
    /// Returns a backend for a terminal of `size` that can show colours of `depth`.
    pub fn new(size: Size, depth: Colours) -> Self {
        Self {
            size,
            depth,
            out: Vec::new(),
            pen: Pen::default(),
            at: None,
            links: Links::default(),
            open_link: None,
            caret: None,
            caret_is_shown: false,
        }
    }

    /// Changes the size, which ratatui reads before each frame.
    pub fn resize(&mut self, size: Size) {
        self.size = size;
    }

    /// Returns the links of the picture.
    pub fn links(&mut self) -> &mut Links {
        &mut self.links
    }

    /// Sets the cell of the text cursor; `None` hides it.
    pub fn set_caret(&mut self, caret: Option<Position>) {
        self.caret = caret;
    }

    /// Forgets the state of the terminal, because another program may have changed it.
    pub fn forget(&mut self) {
        *self = Self::new(self.size, self.depth);
    }

    /// Returns the bytes of the frame; `None` if nothing has changed.
    pub fn take_frame(&mut self) -> Option<Vec<u8>> {
        self.link_to(None);
        self.place_caret();
        if self.out.is_empty() {
            return None;
        }
        let mut frame = Vec::with_capacity(self.out.len() + 16);
        written(&queue!(frame, BeginSynchronizedUpdate));
        frame.append(&mut self.out);
        written(&queue!(frame, EndSynchronizedUpdate));
        Some(frame)
    }

    fn place_caret(&mut self) {
        if let Some(caret) = self.caret.filter(|caret| caret.x < self.size.width && caret.y < self.size.height) {
            self.go_to(caret);
            if !self.caret_is_shown {
                written(&queue!(self.out, Show));
            }
            self.caret_is_shown = true;
        } else {
            if self.caret_is_shown {
                written(&queue!(self.out, Hide));
            }
            self.caret_is_shown = false;
        }
    }

    /// Writes a cell's character in its style and link at a position.
    fn put(&mut self, at: Position, cell: &Cell) {
        self.go_to(at);
        self.link_to(self.links.at(at));
        self.style_for(cell);
        self.out.extend_from_slice(cell.symbol().as_bytes());
        let is_usual = cell.symbol().chars().count() == 1 && cell.symbol().cell_width() == 1;
        self.at = (is_usual && at.x + 1 < self.size.width).then(|| Position::new(at.x + 1, at.y));
    }

    fn go_to(&mut self, to: Position) {
        match self.at {
            Some(at) if at == to => return,
            Some(at) if at.y == to.y => written(&queue!(self.out, MoveToColumn(to.x))),
            _ => written(&queue!(self.out, MoveTo(to.x, to.y))),
        }
        self.at = Some(to);
    }

    fn link_to(&mut self, link: Option<usize>) {
        if self.open_link != link {
            self.open_link = link;
            self.out.extend_from_slice(b"\x1b]8;;");
            self.out.extend_from_slice(self.links.url(link).as_bytes());
            self.out.extend_from_slice(b"\x1b\\");
        }
    }

    /// Sets the style of a cell. On a blank cell only the background is visible, so the other parts of the style stay
    /// as they are.
    fn style_for(&mut self, cell: &Cell) {
        let (foreground, background) = reduce(cell.fg, cell.bg, self.depth);
        let next = if cell.symbol() == " " && !cell.modifier.intersects(SEEN_ON_BLANK) {
            Pen { background, attributes: self.pen.attributes - SEEN_ON_BLANK, ..self.pen }
        } else {
            let underline = reduce(cell.underline_color, cell.bg, self.depth).0;
            Pen { foreground, background, underline, attributes: cell.modifier }
        };
        self.set_attributes(next.attributes);
        let (old, out) = (self.pen, &mut self.out);
        let changed = |old: Color, new: Color| (old != new).then(|| new.into_crossterm());
        let colors = Colors {
            foreground: changed(old.foreground, next.foreground),
            background: changed(old.background, next.background),
        };
        if colors.foreground.is_some() || colors.background.is_some() {
            written(&queue!(out, SetColors(colors)));
        }
        if let Some(color) = changed(old.underline, next.underline) {
            written(&queue!(out, SetUnderlineColor(color)));
        }
        self.pen = next;
    }

    fn set_attributes(&mut self, next: Modifier) {
        let mut left = self.pen.attributes;
        for (modifier, _, off) in ATTRIBUTES {
            if left.contains(modifier) && !next.contains(modifier) {
                written(&queue!(self.out, SetAttribute(off)));
                left -= ATTRIBUTES.iter().filter(|row| row.2 == off).fold(Modifier::empty(), |all, row| all | row.0);
            }
        }
        for (modifier, on, _) in ATTRIBUTES {
            if next.contains(modifier) && !left.contains(modifier) {
                written(&queue!(self.out, SetAttribute(on)));
            }
        }
    }
}

impl Backend for FrameBackend {
    type Error = Infallible;

    fn draw<'a, I: Iterator<Item = (u16, u16, &'a Cell)>>(&mut self, content: I) -> Result<(), Infallible> {
        for (x, y, cell) in content {
            self.put(Position::new(x, y), cell);
        }
        Ok(())
    }

    fn hide_cursor(&mut self) -> Result<(), Infallible> {
        self.caret = None;
        Ok(())
    }

    fn show_cursor(&mut self) -> Result<(), Infallible> {
        Ok(())
    }

    fn get_cursor_position(&mut self) -> Result<Position, Infallible> {
        Ok(self.caret.unwrap_or_default())
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> Result<(), Infallible> {
        self.caret = Some(position.into());
        Ok(())
    }

    fn clear(&mut self) -> Result<(), Infallible> {
        self.clear_region(ClearType::All)
    }

    /// Clears the whole screen, the only region that a full-screen terminal clears.
    fn clear_region(&mut self, _: ClearType) -> Result<(), Infallible> {
        self.link_to(None);
        written(&queue!(self.out, SetAttribute(Attribute::Reset), Clear(CrosstermClear::All)));
        (self.pen, self.at) = (Pen::default(), None);
        Ok(())
    }

    fn size(&self) -> Result<Size, Infallible> {
        Ok(self.size)
    }

    fn window_size(&mut self) -> Result<WindowSize, Infallible> {
        Ok(WindowSize { columns_rows: self.size, pixels: Size::ZERO })
    }

    fn flush(&mut self) -> Result<(), Infallible> {
        Ok(())
    }
}

/// Asserts that writing into memory has not failed.
fn written(result: &std::io::Result<()>) {
    debug_assert!(result.is_ok(), "{result:?}");
}

/// The symbol of a cell that a wide character covers. It is never written, and differs from all other symbols so that
/// the cell is written once it is no longer covered.
const COVERED: &str = "";

/// Replaces the symbols that no cell may send to a terminal: characters that control it or reorder text, characters
/// without width, and wide characters that extend beyond the edge.
pub(super) fn clean(buffer: &mut Buffer) {
    let columns = usize::from(buffer.area.width).max(1);
    for row in buffer.content.chunks_mut(columns) {
        let mut at = 0;
        while let Some((cell, behind)) = row.get_mut(at..).and_then(<[Cell]>::split_first_mut) {
            let width = clean_cell(cell, behind.len() + 1);
            behind.iter_mut().take(width - 1).for_each(|covered| _ = covered.set_symbol(COVERED));
            at += width;
        }
    }
}

/// Cleans a cell that has `room` columns up to the edge, its own included, and returns its width, at least 1.
fn clean_cell(cell: &mut Cell, room: usize) -> usize {
    if matches!(cell.symbol().as_bytes(), [b' '..=b'~']) {
        return 1;
    }
    let width = usize::from(cell.symbol().cell_width());
    if cell.symbol().chars().any(|c| c == '\n' || is_hostile(c)) {
        cell.set_symbol("?");
    } else if width == 0 || width > room {
        cell.set_symbol(" ");
    } else {
        return width;
    }
    1
}

#[cfg(test)]
mod tests;
