//! Which bytes turn the picture on the terminal into the next one?
//!
//! What is shown is kept as the look of each cell, half as large as the buffer that is drawn next. Only cells that look
//! different are written, as few cursor moves and style codes as possible between them, wrapped as one synchronized
//! update. Equal pictures give no bytes at all. Whatever a cell holds, no character reaches the terminal from here that could steer it or
//! reorder what is read.

use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

use ratatui::buffer::{Buffer, Cell, CellWidth};
use ratatui::layout::{Position, Rect, Size};
use ratatui::style::{Color, Modifier};

use super::pen::{Pen, SEEN_ON_BLANK, number};
use super::screen::Link;
use crate::model::ron_file::is_hostile;

const BEGIN: &[u8] = b"\x1b[?2026h";
const END: &[u8] = b"\x1b[?2026l";
const CLEAR: &[u8] = b"\x1b[m\x1b[2J";
/// The longest address that a terminal is told, in bytes.
const LONGEST_LINK: usize = 2048;
/// The second cell of a wide character; never written itself.
const COVERED: &str = "";

/// The picture on the terminal and the one after it.
#[derive(Debug)]
pub(super) struct Frame {
    shown: Vec<Look>,
    next: Buffer,
    /// Whether what is on the terminal is unknown, so that everything has to be written.
    unknown: bool,
    caret_shown: bool,
    /// Links of the picture that is shown.
    links: Vec<Link>,
    line: Line,
}

/// What is seen of a cell.
#[derive(Clone, Copy, Debug)]
struct Look {
    text: u64,
    foreground: Color,
    background: Color,
    underline: Color,
    attributes: Modifier,
}

/// The bytes of one frame under way, and the state of the terminal behind them.
#[derive(Debug, Default)]
struct Line {
    out: Vec<u8>,
    pen: Pen,
    /// Where the terminal would write next, one past the last column at the end of a row (from there only jumps lead
    /// on); unknown after unusual characters, whose width terminals disagree about.
    at: Option<Position>,
    /// The links of the picture under way; cells in `touched` have another one than before.
    links: Vec<Link>,
    touched: Vec<Rect>,
    /// The place of the link that the terminal would give the next character.
    open: Option<usize>,
}

impl Frame {
    /// A picture of which nothing is on the terminal yet.
    pub fn new(size: Size) -> Self {
        let next = Buffer::empty(Rect::from((Position::ORIGIN, size)));
        Self {
            shown: vec![Look::of(&Cell::EMPTY); next.content.len()],
            next,
            unknown: true,
            caret_shown: false,
            links: Vec::new(),
            line: Line::default(),
        }
    }

    /// The area of the picture.
    pub fn area(&self) -> Rect {
        self.next.area
    }

    /// Forgets what is on the terminal, which is about to be entered or was written over.
    pub fn forget(&mut self) {
        *self = Self::new(self.area().as_size());
    }

    /// An empty buffer to draw the next picture into.
    pub fn blank(&mut self) -> &mut Buffer {
        self.next.reset();
        &mut self.next
    }

    /// The bytes that show what has been drawn, with its links and the text cursor at `caret`; none where nothing changed.
    pub fn finish(&mut self, caret: Option<Position>, links: &[Link]) -> &[u8] {
        let line = &mut self.line;
        line.out.clear();
        line.links.clear();
        line.links.extend(links.iter().filter(|link| is_plain(&link.url)).cloned());
        line.touched.clear();
        line.touched.extend(differing(&self.links, &line.links));
        line.out.extend_from_slice(BEGIN);
        if self.unknown {
            line.out.extend_from_slice(CLEAR);
            self.unknown = false;
        }
        let columns = usize::from(self.next.area.width).max(1);
        let rows = self.shown.chunks_mut(columns).zip(self.next.content.chunks_mut(columns));
        for (y, (old, new)) in rows.enumerate() {
            line.row(y as u16, old, new);
        }
        line.link_to(None);
        self.links.clone_from(&line.links);
        let caret = caret.filter(|caret| self.next.area.contains(*caret));
        match caret {
            Some(caret) => {
                line.go(caret);
                if !self.caret_shown {
                    line.out.extend_from_slice(b"\x1b[?25h");
                }
            }
            None if self.caret_shown => line.out.extend_from_slice(b"\x1b[?25l"),
            None => {}
        }
        self.caret_shown = caret.is_some();
        if line.out.len() == BEGIN.len() {
            return &[];
        }
        line.out.extend_from_slice(END);
        &line.out
    }
}

impl Line {
    /// Settles the cells of row `y` and writes those that differ from what is shown.
    fn row(&mut self, y: u16, shown: &mut [Look], new: &mut [Cell]) {
        let (mut x, mut settled) = (0, 0);
        while let Some(unchanged) = self.unchanged(Position::new(x as u16, y), shown, new) {
            x += unchanged;
            // What is shown was settled once. What looks alike needs it again only where it is wide: what it covers does
            // not look alike before.
            let is_covered = shown.get(x).is_some_and(Look::is_covered);
            for at in (x - usize::from(is_covered && x > 0))..=x {
                if let Some((cell, behind)) = new.get_mut(at..).and_then(<[Cell]>::split_first_mut)
                    && at >= settled
                {
                    settled = at + 1 + settle(cell, behind);
                }
            }
            self.renew(Position::new(x as u16, y), shown, new);
            x += 1;
        }
    }

    /// How many cells from `from` on look as they are shown and lead where they led; `None` where all the rest do.
    fn unchanged(&self, from: Position, shown: &[Look], new: &[Cell]) -> Option<usize> {
        let x = usize::from(from.x);
        let mut cells = shown.get(x..)?.iter().zip(new.get(x..)?);
        if self.touched.is_empty() {
            return cells.position(|(look, cell)| !look.is_of(cell));
        }
        let relinked = |ahead: usize| self.is_touched(Position::new((x + ahead) as u16, from.y));
        cells.enumerate().position(|(ahead, (look, cell))| !look.is_of(cell) || relinked(ahead))
    }

    fn is_touched(&self, at: Position) -> bool {
        self.touched.iter().any(|area| area.contains(at))
    }

    /// Writes the cell at `at` if it differs from what is shown.
    fn renew(&mut self, at: Position, shown: &mut [Look], new: &[Cell]) {
        let Some((shown, cell)) = shown.get_mut(usize::from(at.x)).zip(new.get(usize::from(at.x))) else { return };
        if shown.is_of(cell) && !self.is_touched(at) {
            return;
        }
        *shown = Look::of(cell);
        if !shown.is_covered() {
            self.reach(at, new);
            self.link_to(self.links.iter().position(|link| link.area.contains(at)));
            self.put(cell);
        }
    }

    /// Lets the next characters lead to a link, or nowhere.
    fn link_to(&mut self, link: Option<usize>) {
        if self.open == link {
            return;
        }
        self.open = link;
        self.out.extend_from_slice(b"\x1b]8;;");
        if let Some(link) = link.and_then(|at| self.links.get(at)) {
            self.out.extend_from_slice(link.url.as_bytes());
        }
        self.out.extend_from_slice(b"\x1b\\");
    }

    fn put(&mut self, cell: &Cell) {
        let needed = self.pen.needed_for(cell);
        self.pen.change(needed, &mut self.out);
        self.out.extend_from_slice(cell.symbol().as_bytes());
        let usual = cell.symbol().chars().count() == 1 && cell.symbol().cell_width() == 1;
        let next = self.at.map(|at| Position::new(at.x + 1, at.y));
        self.at = next.filter(|_| usual);
    }

    /// Moves to `to`, writing over a short unchanged stretch where that is shorter than a jump.
    fn reach(&mut self, to: Position, row: &[Cell]) {
        const JUMP: usize = "\x1b[2C".len();
        // What is written over keeps its link only where there are none.
        let unlinked = self.links.is_empty() && self.touched.is_empty();
        if let Some(at) = self.at.filter(|at| unlinked && at.y == to.y && at.x < to.x) {
            let between = row.get(usize::from(at.x)..usize::from(to.x)).unwrap_or_default();
            let same = |cell: &&Cell| cell.symbol().len() == 1 && self.pen.needed_for(cell) == self.pen;
            if between.len() < JUMP && between.iter().take_while(same).count() == between.len() {
                self.out.extend(between.iter().flat_map(|cell| cell.symbol().bytes()));
                self.at = Some(to);
            }
        }
        self.go(to);
    }

    fn go(&mut self, to: Position) {
        match self.at {
            Some(at) if at == to => return,
            Some(at) if at.y == to.y && at.x < to.x => self.escape(&[to.x - at.x], b'C'),
            Some(at) if at.y == to.y => self.escape(&[to.x + 1], b'G'),
            _ if to.x == 0 => self.escape(&[to.y + 1], b'H'),
            _ => self.escape(&[to.y + 1, to.x + 1], b'H'),
        }
        self.at = Some(to);
    }

    /// Writes a control sequence; a single 1 is what the terminal assumes anyway.
    fn escape(&mut self, numbers: &[u16], last: u8) {
        self.out.extend_from_slice(b"\x1b[");
        for (place, value) in numbers.iter().enumerate() {
            if place > 0 {
                self.out.push(b';');
            }
            if numbers != [1] {
                number(*value, &mut self.out);
            }
        }
        self.out.push(last);
    }
}

/// Whether a terminal may be told this address: http or https, and nothing that could end the sequence it stands in.
fn is_plain(url: &str) -> bool {
    let known = url.starts_with("https://") || url.starts_with("http://");
    known && url.len() <= LONGEST_LINK && url.bytes().all(|byte| byte.is_ascii_graphic())
}

/// The areas of links that only one of two pictures has.
fn differing<'l>(old: &'l [Link], new: &'l [Link]) -> impl Iterator<Item = Rect> + 'l {
    let gone = old.iter().filter(|link| !new.contains(link));
    let come = new.iter().filter(|link| !old.contains(link));
    gone.chain(come).map(|link| link.area)
}

impl Look {
    fn of(cell: &Cell) -> Self {
        Self {
            text: text(cell.symbol()),
            foreground: cell.fg,
            background: cell.bg,
            underline: cell.underline_color,
            attributes: cell.modifier,
        }
    }

    /// Whether `cell` looks like this. Of a blank nothing is seen but its ground.
    fn is_of(&self, cell: &Cell) -> bool {
        let is_blank = || self.text == u64::from(b' ') && !(self.attributes | cell.modifier).intersects(SEEN_ON_BLANK);
        let same_style =
            || (self.foreground, self.underline, self.attributes) == (cell.fg, cell.underline_color, cell.modifier);
        self.text == text(cell.symbol()) && self.background == cell.bg && (is_blank() || same_style())
    }

    /// Whether it is the second cell of a wide character, which has no bytes of its own.
    fn is_covered(&self) -> bool {
        self.text == 0
    }
}

/// A character as one number: its bytes, or where there are more than eight (an emoji of several) a hash of them.
fn text(symbol: &str) -> u64 {
    match symbol.as_bytes() {
        [byte] => u64::from(*byte),
        bytes if bytes.len() <= size_of::<u64>() => bytes.iter().fold(0, |text, byte| text << 8 | u64::from(*byte)),
        _ => BuildHasherDefault::<DefaultHasher>::default().hash_one(symbol),
    }
}

/// Leaves no character in a cell that could not be written as it is. Where it is wide, the cells that it covers become so;
/// returns how many those are.
fn settle(cell: &mut Cell, behind: &mut [Cell]) -> usize {
    if matches!(cell.symbol().as_bytes(), [b' '..=b'~']) {
        return 0;
    }
    let covered = if cell.symbol().chars().any(|c| c == '\n' || is_hostile(c)) {
        cell.set_symbol("?");
        0
    } else {
        match usize::from(cell.symbol().cell_width()) {
            0 => {
                cell.set_symbol(" ");
                0
            }
            width if width - 1 > behind.len() => {
                cell.set_symbol(" ");
                0
            }
            width => width - 1,
        }
    };
    for other in behind.iter_mut().take(covered) {
        *other = cell.clone();
        other.set_symbol(COVERED);
    }
    covered
}

#[cfg(test)]
mod tests;
