//! Sheets: rows and columns that fill the view, with the chosen cell always visible.
//!
//! ```text
//! ── Table every cell with how it is known ─────────────
//!                   ● DGX Spark   ▲ M5 Max 40c   ■ RTX …
//! silicon
//! bandwidth     273 GB/s vendor  614 GB/s vendor
//! ```
//! A number is shown whole or its column is left out; a text is cut between words.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::canvas::{Canvas, line, skip, width};
use super::hit::{Hits, Target};
use super::scatter;
use super::words::shortened;
use crate::model::answer::{Cell, Emphasis, Sheet, SheetRow};
use crate::ui::state::{Focus, State};

/// Fewest columns in which a text is shown.
const TEXT: u16 = 12;
/// Greatest width of the names of rows, in columns; they take at most a third of the screen.
const NAMES: u16 = 38;

/// Draws the part of the sheet around the chosen cell.
pub(super) fn draw(canvas: &mut Canvas<'_>, state: &State<'_>, sheet: &Sheet, area: Rect, hits: &mut Hits) {
    let chosen = match state.focus {
        Focus::Cell { row, column } => Some((row, column)),
        _ => None,
    };
    let waiting = ["searching …".to_owned()];
    let remarks = if state.due { &waiting } else { sheet.remarks.as_slice() };
    canvas.heading(line(area, 0), &sheet.title, remarks, chosen.is_some());
    let names: Vec<String> = state.answers.machines.iter().map(|answer| answer.machine.short.clone()).collect();
    let title = line(area, 0);
    let area = scatter::draw(canvas, sheet, &names, (area, chosen.map(|(row, _)| row)));
    let plan = Plan::of(sheet, area.width, chosen.map_or(1, |(_, column)| column));
    if plan.brief {
        let letters = ["v vendor, m measured, d derived, c contested", "m measured, d derived, c contested"];
        canvas.heading(line(area, 0), &sheet.title, &letters, chosen.is_some());
    }
    let headed = sheet.columns.iter().any(|column| !column.title.is_empty());
    if headed {
        header(canvas, line(area, 1), sheet, &plan);
    }
    let above = 1 + u16::from(headed);
    let body = Rect { y: area.y + above, height: area.height.saturating_sub(above), ..area };
    let room = usize::from(body.height);
    let first = first_row(sheet.rows.len(), room, chosen.map_or(0, |(row, _)| row));
    for (place, (at, row)) in sheet.rows.iter().enumerate().skip(first).take(room).enumerate() {
        let area = line(body, place as u16);
        draw_row(canvas, area, (at, row), &plan, chosen, hits);
    }
    scroll_mark(canvas, title, (first, room, sheet.rows.len()));
    if sheet.rows.is_empty() && !state.due {
        canvas.text(body, "  nothing to show", canvas.theme.muted());
    }
}

/// Draws the range of the visible rows and the number of all, if not all are visible.
fn scroll_mark(canvas: &mut Canvas<'_>, area: Rect, (first, room, count): (usize, usize, usize)) {
    if count > room && room > 0 {
        let arrow = |more: bool, arrow| if more { arrow } else { " " };
        let (up, down) = (arrow(first > 0, "↑"), arrow(first + room < count, "↓"));
        canvas.right(area, &format!(" {up}{down} {} to {} of {count}", first + 1, first + room), canvas.theme.muted());
    }
}

/// Returns the first visible row, so that the chosen row has two rows below it if there are any.
fn first_row(rows: usize, room: usize, chosen: usize) -> usize {
    (chosen + 3).saturating_sub(room).min(rows.saturating_sub(room))
}

/// The columns that are visible, and their widths.
struct Plan {
    /// Width of the names of rows.
    names: u16,
    /// The visible columns.
    columns: Vec<Column>,
    /// True to show the basis of cells as one letter.
    brief: bool,
}

/// Fewest columns in which a machine's column is shown.
const MACHINE: u16 = 12;

/// Returns a cell's text with the first letter of its basis.
fn brief(cell: &Cell) -> String {
    let letter: String = cell.basis.chars().take(1).collect();
    if letter.is_empty() { cell.text.clone() } else { format!("{} {letter}", cell.text) }
}

/// A visible column.
struct Column {
    /// Its index in the sheet.
    at: usize,
    /// Its width.
    width: u16,
    /// True if it holds numbers.
    number: bool,
}

impl Plan {
    /// Returns all columns of machines, if each has room for its least width; the basis is a letter if it does not fit
    /// as a word. Otherwise returns as many columns as fit, the chosen one among them.
    fn of(sheet: &Sheet, columns: u16, chosen: usize) -> Self {
        let machines = sheet.columns.iter().skip(1).filter(|column| column.machine.is_some()).count();
        let whole = Self::around(sheet, columns, chosen);
        if machines == 0 || machines + 1 < sheet.columns.len() || whole.columns.len() == machines {
            return whole;
        }
        let each = (columns.saturating_sub(whole.names) / machines as u16).saturating_sub(2);
        if each < MACHINE {
            return whole;
        }
        let columns = (1..=machines).map(|at| Column { at, width: each, number: true });
        Self { names: whole.names, columns: columns.collect(), brief: true }
    }

    /// Returns as many columns as fit, the chosen one among them.
    fn around(sheet: &Sheet, columns: u16, chosen: usize) -> Self {
        let measured = |at: usize| {
            let cells = sheet.rows.iter().filter(|row| !row.heading).filter_map(|row| row.cells.get(at));
            let title = sheet.columns.get(at).map_or(0, |column| width(&column.title) + 2);
            cells.map(|cell| width(&cell.whole())).max().unwrap_or(0).max(title)
        };
        let widths: Vec<u16> = (0..sheet.columns.len()).map(measured).collect();
        let widest = |at: usize| widths.get(at).copied().unwrap_or(0);
        let marks = if sheet.rows.iter().any(|row| row.machine.is_some()) { 2 } else { 0 };
        let names = (widest(0) + marks).min(NAMES).min(columns / 3);
        let number = |at: usize| sheet.columns.get(at).is_some_and(|column| column.number);
        let needed = |at: usize| if number(at) { widest(at) } else { widest(at).min(TEXT) };
        let count = sheet.columns.len();
        let fitting = |first: usize| {
            let mut left = columns.saturating_sub(names);
            let mut last = first;
            while last < count && needed(last) + 2 <= left {
                left -= needed(last) + 2;
                last += 1;
            }
            (last, left)
        };
        let mut first = 1;
        while first < chosen && fitting(first).0 <= chosen {
            first += 1;
        }
        let (last, mut left) = fitting(first);
        let column = |at: usize| Column { at, width: needed(at), number: number(at) };
        let mut columns: Vec<Column> = (first..last).map(column).collect();
        // Remaining columns of the screen widen the texts that need more, one each in turn.
        while left > 0 && columns.iter().any(|column| column.width < widest(column.at)) {
            for column in columns.iter_mut().filter(|column| column.width < widest(column.at)) {
                if left > 0 {
                    column.width += 1;
                    left -= 1;
                }
            }
        }
        Self { names, columns, brief: false }
    }
}

fn header(canvas: &mut Canvas<'_>, area: Rect, sheet: &Sheet, plan: &Plan) {
    let mut rest = skip(area, plan.names);
    for Column { at, width: columns, .. } in &plan.columns {
        let Some(column) = sheet.columns.get(*at) else { continue };
        let place = Rect { width: *columns, ..skip(rest, 2) };
        let (text, style) = match column.machine {
            Some(machine) => {
                let mark = canvas.sign(machine);
                let named = format!("{mark} {}", column.title);
                // The sign alone is shown rather than half a name.
                let text = if width(&named) <= *columns { named } else { mark.to_owned() };
                (text, canvas.machine(machine))
            }
            None => (column.title.clone(), canvas.theme.muted()),
        };
        if column.number {
            canvas.right(place, &text, style);
        } else {
            canvas.text(place, &text, style);
        }
        rest = skip(rest, columns + 2);
    }
}

fn draw_row(
    canvas: &mut Canvas<'_>,
    area: Rect,
    (at, row): (usize, &SheetRow),
    plan: &Plan,
    chosen: Option<(usize, usize)>,
    hits: &mut Hits,
) {
    let Some(name) = row.cells.first() else { return };
    if row.heading {
        canvas.text(area, &shortened(&name.text, area.width), canvas.theme.title());
        return;
    }
    let in_row = chosen.is_some_and(|(row, _)| row == at);
    let style = if in_row { canvas.theme.focus() } else { tone(canvas, name) };
    let names = Rect { width: plan.names, ..area };
    let names = match row.machine {
        None => names,
        Some(machine) => {
            let used = canvas.text(names, canvas.sign(machine), canvas.machine(machine));
            skip(names, used + 1)
        }
    };
    canvas.text(names, &shortened(&name.whole(), names.width), style);
    let mut rest = skip(area, plan.names);
    for column in &plan.columns {
        let place = Rect { width: column.width, ..skip(rest, 2) };
        rest = skip(rest, column.width + 2);
        let Some(cell) = row.cells.get(column.at) else { continue };
        hits.add(place, Target::Cell { row: at, column: column.at });
        if let Some(url) = &cell.url {
            let columns = width(&cell.text).min(place.width);
            hits.links.push((Rect { width: columns, ..place }, url.clone()));
        }
        draw_cell(canvas, place, (cell, column.number, plan.brief), chosen == Some((at, column.at)));
    }
}

fn draw_cell(canvas: &mut Canvas<'_>, area: Rect, (cell, number, short): (&Cell, bool, bool), chosen: bool) {
    let (text, basis) = if chosen {
        (canvas.theme.chosen(), canvas.theme.chosen())
    } else {
        (tone(canvas, cell), canvas.theme.muted())
    };
    let whole = if short { brief(cell) } else { cell.whole() };
    if width(&whole) > area.width {
        let cut = shortened(&cell.text, area.width);
        let start = if number { skip(area, area.width.saturating_sub(width(&cut))) } else { area };
        canvas.text(start, &cut, text);
        return;
    }
    let start = if number { skip(area, area.width - width(&whole)) } else { area };
    let used = canvas.text(start, &cell.text, text);
    if let Some(known) = whole.get(cell.text.len()..).filter(|known| !known.is_empty()) {
        canvas.text(skip(start, used), known, basis);
    }
}

/// Returns the style of a cell's emphasis.
fn tone(canvas: &Canvas<'_>, cell: &Cell) -> Style {
    match cell.tone {
        Emphasis::Plain => canvas.theme.text(),
        Emphasis::Muted => canvas.theme.muted(),
        Emphasis::Good => canvas.theme.good(),
        Emphasis::Warn => canvas.theme.warn(),
        Emphasis::Bad => canvas.theme.bad(),
    }
}
