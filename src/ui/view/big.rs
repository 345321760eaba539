//! Names in letters as high as several lines, for what is read first.

use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::Widget;
use tui_big_text::{BigText, PixelSize};

use super::canvas::Canvas;

/// Columns of a letter.
pub const COLUMNS: u16 = 4;
/// Lines of a letter; the lower half of the last one is blank.
pub const LINES: u16 = 4;

/// Draws `text` in large letters at the start of `area`, where all of it has room; returns the columns it takes.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, text: &str, style: Style) -> u16 {
    let columns = text.chars().count() as u16 * COLUMNS;
    // The letters are blocks, which seven bits do not have.
    if canvas.glyphs.seven_bit || !text.is_ascii() || columns > area.width || area.height < LINES {
        return 0;
    }
    let place = Rect { width: columns, height: LINES, ..area };
    let lines = vec![text.to_owned().into()];
    let text = BigText::builder().pixel_size(PixelSize::Quadrant).style(style).lines(lines).build();
    text.render(place, canvas.buffer);
    columns
}
