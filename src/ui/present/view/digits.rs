//! Numbers in digits at least five rows high, which can be read from the back of a room.

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::ui::view::canvas::Canvas;

/// Rows of the smallest digits.
pub(super) const ROWS: u16 = 5;
/// A character with its rows from the top; bits are columns.
type Shape = (char, [u8; 5]);

/// Shapes of equal width, with that width in columns.
struct Font {
    columns: u16,
    shapes: &'static [Shape],
}

/// The fonts, the more readable first.
const FONTS: [Font; 2] = [Font { columns: 4, shapes: WIDE }, Font { columns: 3, shapes: SLIM }];

const WIDE: &[Shape] = &[
    ('0', [0b1111, 0b1001, 0b1001, 0b1001, 0b1111]),
    ('1', [0b0110, 0b0010, 0b0010, 0b0010, 0b0111]),
    ('2', [0b1111, 0b0001, 0b1111, 0b1000, 0b1111]),
    ('3', [0b1111, 0b0001, 0b0111, 0b0001, 0b1111]),
    ('4', [0b1001, 0b1001, 0b1111, 0b0001, 0b0001]),
    ('5', [0b1111, 0b1000, 0b1111, 0b0001, 0b1111]),
    ('6', [0b1111, 0b1000, 0b1111, 0b1001, 0b1111]),
    ('7', [0b1111, 0b0001, 0b0010, 0b0100, 0b0100]),
    ('8', [0b1111, 0b1001, 0b1111, 0b1001, 0b1111]),
    ('9', [0b1111, 0b1001, 0b1111, 0b0001, 0b1111]),
    ('$', [0b0110, 0b1100, 0b0110, 0b0011, 0b0110]),
];

const SLIM: &[Shape] = &[
    ('0', [0b111, 0b101, 0b101, 0b101, 0b111]),
    ('1', [0b110, 0b010, 0b010, 0b010, 0b111]),
    ('2', [0b111, 0b001, 0b111, 0b100, 0b111]),
    ('3', [0b111, 0b001, 0b011, 0b001, 0b111]),
    ('4', [0b101, 0b101, 0b111, 0b001, 0b001]),
    ('5', [0b111, 0b100, 0b111, 0b001, 0b111]),
    ('6', [0b111, 0b100, 0b111, 0b101, 0b111]),
    ('7', [0b111, 0b001, 0b010, 0b010, 0b010]),
    ('8', [0b111, 0b101, 0b111, 0b101, 0b111]),
    ('9', [0b111, 0b101, 0b111, 0b001, 0b111]),
    ('$', [0b011, 0b110, 0b011, 0b110, 0b010]),
];

/// Marks that are one column wide in every font.
const MARKS: &[Shape] = &[('.', [0, 0, 0, 0, 1]), (',', [0, 0, 0, 1, 1]), (':', [0, 1, 0, 1, 0])];

/// A size of digits: a font, and the factor by which it is enlarged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Size {
    font: usize,
    times: u16,
}

/// Returns all sizes, largest first.
pub(super) fn sizes() -> impl Iterator<Item = Size> {
    (1..=4).rev().flat_map(|times| (0..FONTS.len()).map(move |font| Size { font, times }))
}

impl Size {
    /// Returns the number of rows of a number.
    pub(super) fn rows(self) -> u16 {
        ROWS * self.times
    }

    fn shape(self, c: char) -> Option<([u8; 5], u16)> {
        let font = &FONTS[self.font];
        let find = |shapes: &[Shape]| shapes.iter().find(|(known, _)| *known == c).map(|(_, rows)| *rows);
        find(font.shapes).map(|rows| (rows, font.columns)).or_else(|| find(MARKS).map(|rows| (rows, 1)))
    }

    /// Returns the width of a number in columns; `None` if it has characters without a shape.
    pub(super) fn width(self, number: &str) -> Option<u16> {
        let columns = number.chars().map(|c| self.shape(c).map(|(_, columns)| columns + 1)).sum::<Option<u16>>()?;
        Some(columns.saturating_sub(1) * self.times)
    }
}

/// Draws a number at a size, if all of it fits.
pub(super) fn draw(canvas: &mut Canvas<'_>, area: Rect, number: &str, (size, style): (Size, Style)) {
    if size.width(number).is_none_or(|columns| columns > area.width) || size.rows() > area.height {
        return;
    }
    let (times, ink) = (size.times, canvas.glyphs.weights.repeat(usize::from(size.times)));
    let mut left = area.x;
    for (rows, columns) in number.chars().filter_map(|c| size.shape(c)) {
        for (row, bits) in (0u16..).zip(rows) {
            for column in (0..columns).filter(|column| bits >> (columns - 1 - column) & 1 == 1) {
                let (x, y) = (left + column * times, area.y + row * times);
                (0..times)
                    .for_each(|down| _ = canvas.text(Rect { x, y: y + down, width: times, height: 1 }, &ink, style));
            }
        }
        left += (columns + 1) * times;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_of_a_written_number_has_a_shape() {
        let (wide, slim) = (Size { font: 0, times: 1 }, Size { font: 1, times: 2 });
        assert_eq!(wide.width("13,000"), Some(5 * 5 + 2 - 1));
        assert_eq!(slim.width("$4,699"), Some((5 * 4 + 2 - 1) * 2));
        assert_eq!(wide.width("5.1"), Some(5 + 2 + 4));
        assert_eq!(wide.width("x"), None);
        for c in "0123456789$.,:".chars() {
            assert!(sizes().all(|size| size.shape(c).is_some()), "{c}");
        }
    }

    #[test]
    fn no_two_digits_look_alike() {
        for font in FONTS {
            for (at, (c, rows)) in font.shapes.iter().enumerate() {
                assert!(font.shapes[..at].iter().all(|(_, other)| other != rows), "{c}");
                assert!(rows.iter().all(|row| u16::from(*row) < 1 << font.columns), "{c}");
            }
        }
    }
}
