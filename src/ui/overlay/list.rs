//! Drawing of a list: its filter, a header where the columns have titles, and its rows.

use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::{Choice, Chooser, Column, window};
use crate::ui::view::canvas::{Canvas, line, skip, width};
use crate::ui::view::hit::{Hits, Target};
use crate::ui::view::words::{shortened, wrap};

/// Columns of the box.
const COLUMNS: u16 = 110;
/// Lines below the rows for the remark about the chosen one.
const ABOUT: u16 = 2;
/// Columns of a machine's glyph with the mark for fitting there.
const FIT: u16 = 3;
/// Fewest columns in which a text is shown.
const TEXT: u16 = 16;

/// Draws the list with its chosen row in view.
pub(super) fn draw(
    canvas: &mut Canvas<'_>,
    area: Rect,
    (title, remark): (&str, &str),
    list: &Chooser,
    hits: &mut Hits,
) {
    let headed = list.columns.iter().any(|column| !column.title.is_empty());
    let about = if list.rows.iter().any(|row| !row.about.is_empty()) { ABOUT } else { 0 };
    let rows = list.rows.len() as u16 + 3 + u16::from(headed) + about;
    let inside = window(canvas, area, (COLUMNS, rows.max(8)), (title, remark), hits);
    let used =
        canvas.text(line(inside, 0), &format!("{} {}", canvas.glyphs.pointer, list.filter), canvas.theme.focus());
    hits.caret = Some(Position { x: inside.x + used, y: inside.y });
    let mut columns = Columns::of(list);
    if columns.fits > 0 {
        // A machine's mark that is missing would mislead; a shortened name does not.
        columns.label = columns.label.min(inside.width.saturating_sub(columns.fits * FIT));
    }
    if let Some(first) = columns.cells.first().filter(|_| list.columns[0].number) {
        // A list of numbers without its first number says nothing.
        columns.label = columns.label.min(inside.width.saturating_sub(first + 2));
    }
    if headed {
        columns.header(canvas, line(inside, 1), list);
    }
    let above = 1 + u16::from(headed);
    let body = Rect { y: inside.y + above, height: inside.height.saturating_sub(above + about), ..inside };
    if let Some((_, row)) = list.current() {
        let place = Rect { y: body.bottom(), height: inside.bottom().saturating_sub(body.bottom()), ..inside };
        canvas.lines(place, &wrap(&canvas.glyphs.spelled(&row.about), place.width), canvas.theme.muted());
    }
    let shown = usize::from(body.height);
    let first = (list.chosen + 1).saturating_sub(shown);
    for (place, (_, row)) in list.visible().enumerate().skip(first).take(shown) {
        let area = line(body, (place - first) as u16);
        columns.row(canvas, area, row, place == list.chosen);
        hits.add(area, Target::Choice(place));
    }
    if list.visible().next().is_none() {
        canvas.text(body, "nothing matches; erase to widen", canvas.theme.warn());
    }
}

/// Widths of the columns.
struct Columns<'l> {
    list: &'l Chooser,
    label: u16,
    /// Number of machines whose fit is shown.
    fits: u16,
    cells: Vec<u16>,
}

impl<'l> Columns<'l> {
    fn of(list: &'l Chooser) -> Self {
        let label = list.rows.iter().map(|row| width(&row.label)).max().unwrap_or(0);
        let widest = |at: usize| list.rows.iter().filter_map(|row| row.cells.get(at)).map(|cell| width(cell)).max();
        let cells = list.columns.iter().enumerate();
        let most = |column: &Column| if column.most > 0 { column.most } else { u16::MAX };
        let cells =
            cells.map(|(at, column)| widest(at).unwrap_or(0).min(most(column)).max(width(&column.title))).collect();
        let fits = list.rows.iter().map(|row| row.fits.len() as u16).max().unwrap_or(0);
        Self { list, label, fits, cells }
    }

    fn header(&self, canvas: &mut Canvas<'_>, area: Rect, list: &Chooser) {
        let titles: Vec<String> = list.columns.iter().map(|column| column.title.clone()).collect();
        let mark = if list.rows.iter().any(|row| row.on.is_some()) { 4 } else { 0 };
        let style = canvas.theme.muted();
        self.cells(canvas, skip(area, mark + self.label + self.fits * FIT), &titles, style);
    }

    fn row(&self, canvas: &mut Canvas<'_>, area: Rect, row: &Choice, chosen: bool) {
        let (style, muted) = if chosen {
            (canvas.theme.chosen(), canvas.theme.chosen())
        } else {
            (canvas.theme.text(), canvas.theme.muted())
        };
        if chosen {
            canvas.text(area, &" ".repeat(usize::from(area.width)), style);
        }
        let mark = match row.on {
            Some(true) => format!("[{}] ", canvas.glyphs.yes),
            Some(false) => "[ ] ".to_owned(),
            None => String::new(),
        };
        let used = canvas.text(area, &mark, style);
        canvas.text(skip(area, used), &shortened(&row.label, self.label), style);
        let rest = skip(area, used + self.label);
        for (at, fits) in row.fits.iter().enumerate() {
            let word = if *fits { canvas.glyphs.yes } else { canvas.glyphs.no };
            let place = skip(rest, at as u16 * FIT);
            let style = match (chosen, fits) {
                (true, _) => style,
                (_, true) => canvas.machine(at),
                (_, false) => canvas.theme.muted(),
            };
            canvas.text(place, &format!(" {}{word}", canvas.sign(at)), style);
        }
        self.cells(canvas, skip(rest, self.fits * FIT), &row.cells, muted);
    }

    /// Draws cells side by side: a number whole or not at all, a text cut where it is too long.
    fn cells(&self, canvas: &mut Canvas<'_>, area: Rect, cells: &[String], style: Style) {
        let mut rest = skip(area, 2);
        for ((cell, column), columns) in cells.iter().zip(&self.list.columns).zip(&self.cells) {
            if rest.width < (*columns).min(if column.number { u16::MAX } else { TEXT }) {
                break;
            }
            let place = Rect { width: (*columns).min(rest.width), ..rest };
            if column.number {
                canvas.right(place, cell, style);
            } else {
                canvas.text(place, &shortened(cell, place.width), style);
            }
            rest = skip(rest, *columns + 2);
        }
    }
}
