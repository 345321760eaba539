//! Drawing of a list: its filter, a header if the columns have titles, and its rows.

use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::{Choice, Chooser, Column, window};
use crate::model::answer::headline::NBSP;
use crate::model::answer::{Headline, answer_scenario};
use crate::model::catalog::Catalog;
use crate::model::scenario::Scenario;
use crate::ui::view::canvas::{Canvas, line, skip, width};
use crate::ui::view::hit::{Hits, Target};
use crate::ui::view::words::{shortened, wrap};

/// Width of the box, in columns.
const COLUMNS: u16 = 110;
/// Number of lines below the rows for the remark about the chosen row.
const ABOUT: u16 = 2;
/// Least width in which a text column is shown, in columns.
const TEXT: u16 = 16;

/// Draws the list so that its chosen row is visible.
pub(super) fn draw(canvas: &mut Canvas<'_>, area: Rect, heading: (&str, &str), list: &Chooser, hits: &mut Hits) {
    draw_with(canvas, area, heading, (list, None), hits);
}

/// Returns the answer to a scenario for the last line of a list, which shows the effect of accepting the chosen row.
pub(super) fn answer_line(catalog: &Catalog, scenario: &Scenario) -> Option<String> {
    let answers = answer_scenario(catalog, scenario).ok()?;
    Some(format!("→ {}", Headline::of(scenario, &answers).short_lead().replace(NBSP, " ")))
}

/// Draws the list, with the effect of accepting its chosen row as the last line.
pub(super) fn draw_with(
    canvas: &mut Canvas<'_>,
    area: Rect,
    heading: (&str, &str),
    (list, effect): (&Chooser, Option<String>),
    hits: &mut Hits,
) {
    let headed = list.columns.iter().any(|column| !column.title.is_empty());
    let about = if list.rows.iter().any(|row| !row.about.is_empty()) { ABOUT } else { 0 };
    let rows = list.rows.len() as u16 + 4 + u16::from(headed) + about;
    let inside = window(canvas, area, (COLUMNS, rows.max(8)), heading, hits);
    // If the list has effects, their line is reserved in any case, so that the rows do not move.
    let live = u16::from(effect.is_some() && inside.height > 6);
    let about = if inside.height > 8 { about } else { about.min(1) };
    let used =
        canvas.text(line(inside, 0), &format!("{} {}", canvas.glyphs.pointer, list.filter), canvas.theme.focus());
    hits.caret = Some(Position { x: inside.x + used, y: inside.y });
    let mut columns = Columns::of(list);
    if let Some(first) = columns.cells.first().filter(|_| list.columns[0].number) {
        // A list of numbers is useless without its first number, so the names are cut to make room for it.
        columns.label = columns.label.min(inside.width.saturating_sub(first + 2));
    }
    if headed {
        columns.header(canvas, line(inside, 1), list);
    }
    let above = 1 + u16::from(headed);
    let height = inside.height.saturating_sub(above + about + live);
    let body = Rect { y: inside.y + above, height, ..inside };
    if let Some((_, row)) = list.current() {
        let place = Rect { y: body.bottom(), height: about, ..inside };
        canvas.lines(place, &wrap(&canvas.glyphs.spelled(&row.about), place.width), canvas.theme.muted());
    }
    if let Some(effect) = effect.filter(|_| live > 0) {
        let place = line(Rect { y: inside.bottom() - 1, ..inside }, 0);
        canvas.text(place, &canvas.glyphs.spelled(&effect), canvas.theme.title());
    }
    let shown = usize::from(body.height);
    let first = (list.chosen + 1).saturating_sub(shown);
    for (place, (_, row)) in list.visible().enumerate().skip(first).take(shown) {
        let area = line(body, (place - first) as u16);
        columns.row(canvas, area, row, place == list.chosen);
        hits.add(area, Target::Choice(place));
    }
    let count = list.visible().count();
    if count == 0 {
        canvas.text(body, "nothing matches; erase to widen", canvas.theme.warn());
    }
    let head = skip(line(inside, 0), used + 1);
    canvas.right(head, &scroll_mark((list.chosen, count), (first, shown)), canvas.theme.muted());
}

/// Returns the position of the chosen row, with arrows if there are rows above or below: `↑↓ 12/85`; empty if the whole
/// list is visible.
fn scroll_mark((chosen, count): (usize, usize), (first, shown): (usize, usize)) -> String {
    let (above, below) = (first > 0, first + shown < count);
    if !above && !below {
        return String::new();
    }
    format!("{}{} {}/{count}", if above { "↑" } else { "" }, if below { "↓" } else { "" }, chosen + 1)
}

/// Returns the width of a title in columns; that of a machine has the machine's mark before it.
fn title_width(column: &Column) -> u16 {
    width(&column.title) + if column.machine.is_some() { 2 } else { 0 }
}

/// The widths of the columns.
struct Columns<'l> {
    list: &'l Chooser,
    label: u16,
    cells: Vec<u16>,
}

impl<'l> Columns<'l> {
    fn of(list: &'l Chooser) -> Self {
        let label = list.rows.iter().map(|row| width(&row.label)).max().unwrap_or(0);
        let widest = |at: usize| list.rows.iter().filter_map(|row| row.cells.get(at)).map(|cell| width(cell)).max();
        let cells = list.columns.iter().enumerate();
        let most = |column: &Column| if column.most > 0 { column.most } else { u16::MAX };
        let cells =
            cells.map(|(at, column)| widest(at).unwrap_or(0).min(most(column)).max(title_width(column))).collect();
        Self { list, label, cells }
    }

    fn header(&self, canvas: &mut Canvas<'_>, area: Rect, list: &Chooser) {
        let titles: Vec<String> = list.columns.iter().map(|column| column.title.clone()).collect();
        let mark = if list.rows.iter().any(|row| row.on.is_some()) { 4 } else { 0 };
        let style = canvas.theme.muted();
        self.cells(canvas, skip(area, mark + self.label), &titles, (style, true));
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
        self.cells(canvas, skip(area, used + self.label), &row.cells, (muted, chosen));
    }

    /// Draws cells side by side. A number is drawn whole or not at all, a text is cut if it is too long. Speeds have
    /// the colour of their machine, unless the row has a uniform style.
    fn cells(&self, canvas: &mut Canvas<'_>, area: Rect, cells: &[String], (style, uniform): (Style, bool)) {
        let is_header = cells.iter().zip(&self.list.columns).all(|(cell, column)| *cell == column.title);
        let mut rest = skip(area, 2);
        for ((cell, column), columns) in cells.iter().zip(&self.list.columns).zip(&self.cells) {
            if rest.width < (*columns).min(if column.number { u16::MAX } else { TEXT }) {
                break;
            }
            let place = Rect { width: (*columns).min(rest.width), ..rest };
            if let Some(at) = column.machine {
                let mark = canvas.sign(at);
                let text = match (is_header, cell.is_empty()) {
                    (true, _) => format!("{mark} {cell}"),
                    (false, true) => canvas.glyphs.no.to_owned(),
                    (false, false) => cell.clone(),
                };
                let own = if cell.is_empty() || uniform { style } else { canvas.machine(at) };
                canvas.right(place, &text, own);
            } else if column.number {
                canvas.right(place, cell, style);
            } else {
                canvas.text(place, &shortened(cell, place.width), style);
            }
            rest = skip(rest, *columns + 2);
        }
    }
}
