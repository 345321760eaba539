//! Which colour and attribute codes take the terminal from one style to the next with the fewest bytes?
//!
//! The terminal keeps the last style, so only what differs is sent (SGR, `ESC [ … m`). A blank cell shows no
//! foreground, so none is sent for it.

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

/// Each attribute with the codes that turn it on and off; bold and dim, and the two blinks, share their off code.
const ATTRIBUTES: [(Modifier, u8, u8); 9] = [
    (Modifier::BOLD, 1, 22),
    (Modifier::DIM, 2, 22),
    (Modifier::ITALIC, 3, 23),
    (Modifier::UNDERLINED, 4, 24),
    (Modifier::SLOW_BLINK, 5, 25),
    (Modifier::RAPID_BLINK, 6, 25),
    (Modifier::REVERSED, 7, 27),
    (Modifier::HIDDEN, 8, 28),
    (Modifier::CROSSED_OUT, 9, 29),
];

/// What is seen of a style where there is no glyph.
pub(super) const SEEN_ON_BLANK: Modifier = Modifier::REVERSED
    .union(Modifier::UNDERLINED)
    .union(Modifier::SLOW_BLINK)
    .union(Modifier::RAPID_BLINK)
    .union(Modifier::CROSSED_OUT);

/// The style in which the terminal would write the next character.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Pen {
    foreground: Color,
    background: Color,
    underline: Color,
    attributes: Modifier,
}

impl Pen {
    /// The style that `cell` needs, kept as it is in everything that would not be seen.
    pub fn needed_for(self, cell: &Cell) -> Self {
        if cell.symbol() == " " && !cell.modifier.intersects(SEEN_ON_BLANK) {
            let attributes = self.attributes - SEEN_ON_BLANK;
            Self { background: cell.bg, attributes, ..self }
        } else {
            Self {
                foreground: cell.fg,
                background: cell.bg,
                underline: cell.underline_color,
                attributes: cell.modifier,
            }
        }
    }

    /// Changes to `next`, writing the codes for it.
    pub fn change(&mut self, next: Self, out: &mut Vec<u8>) {
        if *self == next {
            return;
        }
        out.extend_from_slice(b"\x1b[");
        let start = out.len();
        if next != Self::default() {
            self.attributes_to(next.attributes, out);
            if self.foreground != next.foreground {
                colour(next.foreground, 30, out);
            }
            if self.background != next.background {
                colour(next.background, 40, out);
            }
            if self.underline != next.underline {
                colour(next.underline, 50, out);
            }
        }
        // Codes end in a semicolon each; without any the sequence resets everything.
        if out.len() > start {
            out.pop();
        }
        out.push(b'm');
        *self = next;
    }

    fn attributes_to(&self, next: Modifier, out: &mut Vec<u8>) {
        let mut left = self.attributes;
        for (attribute, _, off) in ATTRIBUTES {
            if left.contains(attribute) && !next.contains(attribute) {
                code(off, out);
                left -= ATTRIBUTES.iter().filter(|a| a.2 == off).fold(Modifier::empty(), |all, a| all | a.0);
            }
        }
        for (attribute, on, _) in ATTRIBUTES {
            if next.contains(attribute) && !left.contains(attribute) {
                code(on, out);
            }
        }
    }
}

/// Writes the codes of a colour; `layer` is 30 for the foreground, 40 for the background, 50 for underlines.
fn colour(colour: Color, layer: u8, out: &mut Vec<u8>) {
    let named = |index: u8, out: &mut Vec<u8>| match (layer, index) {
        (50, _) => indexed(58, index, out),
        (_, 0..=7) => code(layer + index, out),
        _ => code(layer + 60 + index - 8, out),
    };
    match colour {
        Color::Reset => code(layer + 9, out),
        Color::Black => named(0, out),
        Color::Red => named(1, out),
        Color::Green => named(2, out),
        Color::Yellow => named(3, out),
        Color::Blue => named(4, out),
        Color::Magenta => named(5, out),
        Color::Cyan => named(6, out),
        Color::Gray => named(7, out),
        Color::DarkGray => named(8, out),
        Color::LightRed => named(9, out),
        Color::LightGreen => named(10, out),
        Color::LightYellow => named(11, out),
        Color::LightBlue => named(12, out),
        Color::LightMagenta => named(13, out),
        Color::LightCyan => named(14, out),
        Color::White => named(15, out),
        Color::Indexed(index) => indexed(layer + 8, index, out),
        Color::Rgb(red, green, blue) => {
            for value in [layer + 8, 2, red, green, blue] {
                code(value, out);
            }
        }
    }
}

fn indexed(layer: u8, index: u8, out: &mut Vec<u8>) {
    for value in [layer, 5, index] {
        code(value, out);
    }
}

fn code(value: u8, out: &mut Vec<u8>) {
    number(u16::from(value), out);
    out.push(b';');
}

/// Writes a number in decimal.
pub(super) fn number(value: u16, out: &mut Vec<u8>) {
    if value >= 10 {
        number(value / 10, out);
    }
    out.push(b'0' + (value % 10) as u8);
}

#[cfg(test)]
mod tests {
    use ratatui::style::Style;

    use super::*;

    /// The bytes that lead through `styles`, one glyph each, from a fresh terminal.
    fn codes(styles: &[Style]) -> String {
        let (mut pen, mut out) = (Pen::default(), Vec::new());
        for style in styles {
            let mut cell = Cell::new("x");
            cell.set_style(*style);
            pen.change(pen.needed_for(&cell), &mut out);
            out.push(b'x');
        }
        String::from_utf8_lossy(&out).replace('\x1b', "E")
    }

    #[test]
    fn only_what_differs_is_sent() {
        let red = Style::new().fg(Color::Red);
        assert_eq!(codes(&[red, red, red.bold(), red]), "E[31mxxE[1mxE[22mx");
        assert_eq!(codes(&[red.bg(Color::Rgb(1, 20, 255)), Style::new()]), "E[31;48;2;1;20;255mxE[mx");
        assert_eq!(codes(&[red.fg(Color::LightRed), red.fg(Color::Indexed(7))]), "E[91mxE[38;5;7mx");
        assert_eq!(codes(&[red.bg(Color::DarkGray), red]), "E[31;100mxE[49mx");
        assert_eq!(codes(&[red.underlined().underline_color(Color::Blue), red]), "E[4;31;58;5;4mxE[24;59mx");
    }

    #[test]
    fn an_attribute_that_shares_its_off_code_comes_back() {
        let both = Style::new().bold().dim();
        assert_eq!(codes(&[both, Style::new().bold()]), "E[1;2mxE[22;1mx");
        assert_eq!(codes(&[both, Style::new().italic()]), "E[1;2mxE[22;3mx");
    }

    #[test]
    fn a_blank_needs_no_foreground_but_loses_its_underline() {
        let blank = Cell::EMPTY;
        let pen = Pen { foreground: Color::Red, attributes: Modifier::BOLD, ..Pen::default() };
        assert_eq!(pen.needed_for(&blank), pen);
        let underlined = Pen { attributes: Modifier::UNDERLINED, ..pen };
        assert_eq!(underlined.needed_for(&blank).attributes, Modifier::empty());
    }
}
