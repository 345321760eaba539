//! Words in letters four rows high, which can be read from the back of a room.

use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::Widget;
use tui_big_text::{BigText, PixelSize};

use crate::ui::view::canvas::Canvas;

/// Width of a letter, in columns.
const COLUMNS: u16 = 4;
/// Height of a letter in rows; the lower half of the last row is for descenders.
pub(super) const ROWS: u16 = 4;

/// Returns the width of `text` in large letters, in columns; `None` if it has characters without large letters.
pub(super) fn width(canvas: &Canvas<'_>, text: &str) -> Option<u16> {
    // The letters consist of block characters, which ASCII does not have.
    let can = text.is_ascii() && !canvas.glyphs.seven_bit;
    can.then(|| u16::try_from(text.len()).unwrap_or(u16::MAX).saturating_mul(COLUMNS))
}

/// Draws `text` in large letters if all of it fits; returns its width in columns, or 0 if it does not fit.
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
