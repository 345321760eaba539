//! Marks, and how text is spelled where only seven-bit characters may be used.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::theme::Shade;
use crate::model::answer::{Identity, PALETTE};

/// Marks on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each field is the mark of its name")]
pub struct Glyphs {
    pub machines: [&'static str; PALETTE],
    /// From empty to full in eighths.
    pub eighths: [&'static str; 9],
    /// From an eighth of a cell's height to all of it.
    pub levels: [&'static str; 8],
    /// A curve in the lower half of a cell, in the upper, in both.
    pub halves: [&'static str; 3],
    pub weights: &'static str,
    pub cache: &'static str,
    pub overhead: &'static str,
    pub free: &'static str,
    pub ceiling: &'static str,
    pub band: &'static str,
    pub typical: &'static str,
    pub measured: &'static str,
    pub variant: &'static str,
    pub rule: &'static str,
    pub side: &'static str,
    /// Corners of a box: top left, top right, bottom left, bottom right.
    pub corners: [&'static str; 4],
    pub knob: &'static str,
    pub rail: &'static str,
    /// A slider's track.
    pub track: &'static str,
    /// A stop of a slider where no machine passes.
    pub none: &'static str,
    pub tick: &'static str,
    pub pointer: &'static str,
    pub yes: &'static str,
    pub no: &'static str,
    /// The sign of a missing part.
    pub hatched: &'static str,
    /// The place that keys move on a map.
    pub cursor: &'static str,
    /// One offer of a machine.
    pub offer: &'static str,
    /// A limit, through the rows of a panel.
    pub limit: &'static str,
    /// The place of a value before the last change.
    pub ghost: &'static str,
    /// True where nothing but seven-bit characters may be shown.
    pub seven_bit: bool,
}

/// Blocks and geometric shapes that monospace fonts have.
pub static UNICODE: Glyphs = Glyphs {
    machines: ["●", "▲", "■", "✦", "▼", "★", "◉", "✚"],
    eighths: [" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"],
    levels: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
    halves: ["▄", "▀", "█"],
    weights: "█",
    cache: "▓",
    overhead: "▒",
    free: "░",
    ceiling: "┃",
    band: "▒",
    typical: "█",
    measured: "◇",
    variant: "○",
    rule: "─",
    side: "│",
    corners: ["┌", "┐", "└", "┘"],
    knob: "◆",
    rail: "─",
    track: "━",
    none: "·",
    tick: "┻",
    pointer: "▸",
    yes: "✓",
    no: "✗",
    hatched: "╱",
    cursor: "◇",
    offer: "•",
    limit: "┊",
    ghost: "╎",
    seven_bit: false,
};

/// Seven-bit characters only.
pub static ASCII: Glyphs = Glyphs {
    machines: ["o", "^", "#", "+", "v", "*", "@", "&"],
    eighths: [" ", " ", " ", " ", "=", "=", "=", "=", "="],
    levels: [".", ".", "-", "-", "=", "=", "#", "#"],
    halves: [".", "'", ":"],
    weights: "=",
    cache: "%",
    overhead: ":",
    free: ".",
    ceiling: "|",
    band: ":",
    typical: "#",
    measured: "x",
    variant: "o",
    rule: "-",
    side: "|",
    corners: ["+", "+", "+", "+"],
    knob: "O",
    rail: "-",
    track: "=",
    none: ".",
    tick: "+",
    pointer: ">",
    yes: "y",
    no: "x",
    hatched: "/",
    cursor: "X",
    offer: ".",
    limit: "|",
    ghost: "'",
    seven_bit: true,
};

/// Characters that take more than one in seven bits.
const SPELLED: &[(char, &str)] = &[('≥', ">="), ('≤', "<="), ('√', "sqrt"), ('²', "^2"), ('…', "...")];
/// Characters that take one in seven bits.
const SIMILAR: &[(char, &str)] = &[
    ('÷', "/"),
    ('×', "*"),
    ('−', "-"),
    ('·', "-"),
    ('µ', "u"),
    ('←', "<"),
    ('→', ">"),
    ('↑', "^"),
    ('↓', "v"),
    ('…', "~"),
    ('≥', ">"),
    ('≤', "<"),
    ('\u{a0}', " "),
    ('•', "."),
    ('◆', "O"),
];

impl Glyphs {
    /// The sign of a machine; a hollow one for a machine without an identity.
    #[must_use]
    pub fn sign(&self, identity: Option<Identity>) -> &'static str {
        match identity {
            Some(Identity::Palette(at)) => self.machines[at % PALETTE],
            Some(Identity::Letter(letter)) => letter,
            None => self.variant,
        }
    }

    /// The pattern of a shade where there is no colour to mix.
    #[must_use]
    pub fn dots(&self, shade: Shade) -> &'static str {
        match shade {
            Shade::Full => self.weights,
            Shade::Half => self.cache,
            Shade::Faint => self.free,
            Shade::Hatched => self.hatched,
        }
    }

    /// `text` in characters that may be shown, before it is measured.
    #[must_use]
    pub fn spelled<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if !self.seven_bit || text.is_ascii() {
            return Cow::Borrowed(text);
        }
        let spell = |text: String, (from, to): &(char, &str)| text.replace(*from, to);
        Cow::Owned(SPELLED.iter().fold(text.to_owned(), spell))
    }

    /// Replaces what may not be shown, cell by cell: names and marks that none spelled.
    pub fn purge(&self, buffer: &mut Buffer, area: Rect) {
        if !self.seven_bit {
            return;
        }
        for position in area.intersection(buffer.area).positions() {
            let Some(cell) = buffer.cell_mut(position) else { continue };
            if cell.symbol().is_ascii() {
                continue;
            }
            let similar = SIMILAR.iter().find(|(from, _)| cell.symbol().starts_with(*from));
            cell.set_symbol(similar.map_or("?", |(_, to)| to));
        }
    }
}
