//! Words in letters four rows high, readable from the back of a room.

use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::Widget;
use tui_big_text::{BigText, PixelSize};

use crate::ui::view::canvas::Canvas;

/// Columns of a letter.
const COLUMNS: u16 = 4;
/// Rows of a letter; the lower half of the last one is for descenders.
pub(super) const ROWS: u16 = 4;

/// Returns the columns that `text` takes in large letters; `None` where it has characters that have none.
pub(super) fn width(canvas: &Canvas<'_>, text: &str) -> Option<u16> {
    // The letters are blocks, which a terminal with seven bits does not have.
    let can = text.is_ascii() && !canvas.glyphs.seven_bit;
    can.then(|| u16::try_from(text.len()).unwrap_or(u16::MAX).saturating_mul(COLUMNS))
}

/// Draws `text` in large letters, where all of it has room; returns the columns it takes, 0 where it has none.
pub(super) fn draw(canvas: &mut Canvas<'_>, area: Rect, text: &str, style: Style) -> u16 {
    let Some(columns) = width(canvas, text).filter(|columns| *columns <= area.width && area.height >= ROWS) else {
        return 0;
    };
    let place = Rect { width: columns, height: ROWS, ..area };
    let mut letters = BigText::builder();
    letters.pixel_size(PixelSize::Quadrant).style(style).lines(vec![text.to_owned().into()]);
    letters.build().render(place, canvas.buffer);
    columns
}
