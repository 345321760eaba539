//! Panels as pictures: the terminal cells that the explorer draws, as SVG shapes and text in the same colours.

use std::fmt::Write;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};

use super::svg::escaped;

/// Width of a cell, pixels.
const WIDE: u16 = 8;
/// Height of a cell, pixels.
const HIGH: u16 = 16;
/// Block characters from an eighth of a cell's width to the full width.
const EIGHTHS: [&str; 8] = ["▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"];
/// The first code point of the Braille patterns.
const BRAILLE: u32 = 0x2800;
/// The column and row of each dot of a Braille pattern, in the order of the bits.
const DOTS: [(u16, u16); 8] = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3)];

/// Returns the width and height of the picture of a buffer, pixels.
pub(super) fn size(buffer: &Buffer) -> (u16, u16) {
    (buffer.area.width * WIDE, buffer.area.height * HIGH)
}

/// Returns the shapes and text of a buffer as SVG elements, for a picture of the size that [`size`] returns.
pub(super) fn shapes(buffer: &Buffer, title: &str) -> String {
    let mut out = format!("<title>{}</title>", escaped(title));
    let area = buffer.area;
    for y in 0..area.height {
        let cells: Vec<&Cell> = (0..area.width).filter_map(|x| buffer.cell((area.x + x, area.y + y))).collect();
        let mut x = 0;
        for run in cells.chunk_by(|a, b| a.bg == b.bg) {
            if let Some(colour) = hex(run[0].bg) {
                rect(&mut out, (x * WIDE, y * HIGH, run.len() as u16 * WIDE, HIGH), &colour);
            }
            x += run.len() as u16;
        }
        x = 0;
        for run in cells.chunk_by(|a, b| alike(a, b)) {
            let (first, place) = (run[0], (x * WIDE, y * HIGH));
            let colour = hex(first.fg).unwrap_or_else(|| "#000000".to_owned());
            if !shape(&mut out, place, first.symbol(), (&colour, run.len() as u16)) {
                letters(&mut out, place, run, &colour);
            }
            x += run.len() as u16;
        }
    }
    out
}

/// Returns true if two neighbouring cells are drawn together: text of one style, or the same block character.
fn alike(a: &Cell, b: &Cell) -> bool {
    let same = a.fg == b.fg && a.modifier == b.modifier;
    same && (a.symbol() == b.symbol() || !is_shape(a.symbol()) && !is_shape(b.symbol()))
}

fn is_shape(symbol: &str) -> bool {
    symbol == " " || symbol == "▀" || symbol == "▄" || EIGHTHS.contains(&symbol) || dots(symbol).is_some()
}

/// Returns the bits of a Braille pattern; `None` for any other symbol.
fn dots(symbol: &str) -> Option<u32> {
    let code = symbol.chars().next()? as u32;
    code.checked_sub(BRAILLE).filter(|bits| *bits < 256)
}

/// Draws `count` cells of a block or Braille pattern; returns false if the symbol is neither.
fn shape(out: &mut String, (x, y): (u16, u16), symbol: &str, (colour, count): (&str, u16)) -> bool {
    if symbol == " " {
        return true;
    }
    if let Some(bits) = dots(symbol) {
        for cell in 0..count {
            for (_, (column, row)) in DOTS.iter().enumerate().filter(|(bit, _)| bits >> bit & 1 == 1) {
                let (x, y) = (x + cell * WIDE + column * 4 + 1, y + row * 4 + 1);
                rect(out, (x, y, 2, 2), colour);
            }
        }
        return true;
    }
    if symbol == "▀" || symbol == "▄" {
        let top = if symbol == "▄" { y + HIGH / 2 } else { y };
        rect(out, (x, top, count * WIDE, HIGH / 2), colour);
        return true;
    }
    let Some(eighths) = EIGHTHS.iter().position(|block| *block == symbol) else { return false };
    if eighths == 7 {
        rect(out, (x, y, count * WIDE, HIGH), colour);
    } else {
        (0..count).for_each(|cell| rect(out, (x + cell * WIDE, y, eighths as u16 + 1, HIGH), colour));
    }
    true
}

fn letters(out: &mut String, (x, y): (u16, u16), run: &[&Cell], colour: &str) {
    let text: String = run.iter().map(|cell| cell.symbol()).collect();
    if text.trim().is_empty() {
        return;
    }
    let bold = if run[0].modifier.contains(Modifier::BOLD) { " font-weight=\"bold\"" } else { "" };
    let _ = write!(
        out,
        "<text x=\"{x}\" y=\"{}\" fill=\"{colour}\"{bold} textLength=\"{}\" lengthAdjust=\"spacingAndGlyphs\" \
         xml:space=\"preserve\">{}</text>",
        y + 12,
        run.len() as u16 * WIDE,
        escaped(&text)
    );
}

fn rect(out: &mut String, (x, y, width, height): (u16, u16, u16, u16), colour: &str) {
    let _ = write!(out, "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"{colour}\"/>");
}

fn hex(colour: Color) -> Option<String> {
    match colour {
        Color::Rgb(r, g, b) => Some(format!("#{r:02x}{g:02x}{b:02x}")),
        _ => None,
    }
}
