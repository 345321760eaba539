//! Panels outside of the explorer: as a Markdown table with all numbers and details of the rows, and as cells of a
//! picture.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{PANELS, PanelInput};
use crate::model::answer::{Answer, Cell, Sheet, SheetColumn, SheetRow};
use crate::ui::state::{State, shown_panel};
use crate::ui::view::Look;
use crate::ui::view::canvas::Canvas;
use crate::ui::view::glyphs::Glyphs;
use crate::ui::view::hit::Hits;

/// Returns the focused panel, or the view's first, as a Markdown table; `None` for a view without panels.
#[must_use]
pub fn panel_markdown(state: &State<'_>, glyphs: &Glyphs) -> Option<String> {
    let id = shown_panel(state)?;
    let panel = PANELS.iter().find(|panel| panel.id == id)?;
    let input = PanelInput::of(state, glyphs, None, 0);
    let answers = &state.answers.machines;
    let rows: Vec<SheetRow> = answers.iter().enumerate().map(|(at, answer)| row(panel, &input, answer, at)).collect();
    let numbers = rows.iter().map(|row| row.cells.len()).max().unwrap_or(2).saturating_sub(2);
    let remark = (panel.remarks)(&input).into_iter().next().unwrap_or_default();
    let column = |title: String, number| SheetColumn { title, machine: None, number };
    let mut columns = vec![column("machine".to_owned(), false)];
    columns.extend((0..numbers).map(|at| {
        let title = if at == 0 { format!("{} {remark}", panel.title) } else { String::new() };
        column(title.trim().to_owned(), true)
    }));
    columns.push(column(String::new(), false));
    let rows = rows.into_iter().map(|row| padded(row, numbers)).collect();
    Some(Sheet { title: panel.title.to_owned(), remarks: Vec::new(), columns, rows }.markdown())
}

/// Returns the panel with the id `id` drawn in `columns` by `lines` cells with `look`; `None` if there is no such
/// panel.
#[must_use]
pub fn panel_cells(state: &State<'_>, look: &Look, id: &str, (columns, lines): (u16, u16)) -> Option<Buffer> {
    let panel = super::named(id)?;
    let area = Rect::new(0, 0, columns, lines);
    let mut buffer = Buffer::empty(area);
    let identities = state.answers.identities();
    let (theme, glyphs) = (&look.theme, look.glyphs);
    let mut canvas = Canvas { buffer: &mut buffer, theme, glyphs, identities: &identities };
    canvas.clear(area);
    let input = PanelInput::of(state, look.glyphs, None, 0);
    panel.draw(&mut canvas, area, (0, &input), &mut Hits::default());
    canvas.shade_patterns(area);
    Some(buffer)
}

/// Returns the cells of a machine: its name, its numbers, then all other remarks.
fn row(panel: &super::Panel, input: &PanelInput<'_>, answer: &Answer<'_>, at: usize) -> SheetRow {
    let row = (panel.row)(input, answer, at);
    let said = row.instead.into_iter().take(1).chain(row.details.into_iter().map(|clause| clause.text));
    let said: Vec<String> = said.filter(|words| !words.is_empty()).collect();
    let name = answer.machine.short.as_str().into();
    let cells = std::iter::once(name).chain(row.numbers).chain([said.join("; ")]).map(Cell::of).collect();
    SheetRow { cells, ..SheetRow::default() }
}

/// Pads a row with fewer numbers than others, so that its remarks are in the last column.
fn padded(mut row: SheetRow, numbers: usize) -> SheetRow {
    while row.cells.len() < numbers + 2 {
        row.cells.insert(row.cells.len() - 1, Cell::default());
    }
    row
}
