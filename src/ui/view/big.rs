//! Names in letters several lines high.

use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::Widget;
use tui_big_text::{BigText, PixelSize};

use super::canvas::Canvas;

/// Width of a letter, in columns.
pub const COLUMNS: u16 = 4;
/// Height of a letter in lines; the lower half of the last line is blank.
pub const LINES: u16 = 4;

/// Draws `text` in large letters at the start of `area` if all of it fits; returns its width in columns, or 0 if it
/// does not fit.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, text: &str, style: Style) -> u16 {
    let columns = text.chars().count() as u16 * COLUMNS;
    // The letters consist of block characters, which ASCII does not have.
    if canvas.glyphs.seven_bit || !text.is_ascii() || columns > area.width || area.height < LINES {
        return 0;
    }
    let place = Rect { width: columns, height: LINES, ..area };
    let lines = vec![text.to_owned().into()];
    let text = BigText::builder().pixel_size(PixelSize::Quadrant).style(style).lines(lines).build();
    text.render(place, canvas.buffer);
    columns
}
