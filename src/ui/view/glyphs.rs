//! The glyphs, and the replacement of characters if only ASCII may be shown.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::theme::Shade;
use crate::model::answer::{Identity, PALETTE};

/// The glyphs of a screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each field is the mark of its name")]
pub struct Glyphs {
    pub machines: [&'static str; PALETTE],
    /// From empty to full in eighths.
    pub eighths: [&'static str; 9],
    /// From an eighth of a cell's height to the full height.
    pub levels: [&'static str; 8],
    /// A half block in the lower half of a cell, in the upper half, and in both.
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
    /// The mark of a slider's stop at which no machine passes.
    pub none: &'static str,
    pub tick: &'static str,
    pub pointer: &'static str,
    pub yes: &'static str,
    pub no: &'static str,
    /// The mark of memory that is missing.
    pub hatched: &'static str,
    /// The cursor on a map.
    pub cursor: &'static str,
    /// The mark of a single offer of a machine.
    pub offer: &'static str,
    /// The line of a limit through the rows of a panel.
    pub limit: &'static str,
    /// The mark of a value before the last change.
    pub ghost: &'static str,
    /// True if only ASCII characters may be shown.
    pub seven_bit: bool,
}

/// Glyphs with block characters and geometric shapes, which monospace fonts have.
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

/// Glyphs in ASCII.
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
    knob: "X",
    rail: "-",
    track: "=",
    none: ".",
    tick: "+",
    pointer: ">",
    yes: "y",
    no: "x",
    hatched: "/",
    cursor: "!",
    offer: ".",
    limit: "|",
    ghost: "'",
    seven_bit: true,
};

/// Replacements by several ASCII characters.
const SPELLED: &[(char, &str)] = &[('≥', ">="), ('≤', "<="), ('√', "sqrt"), ('²', "^2"), ('…', "...")];
/// Replacements by one ASCII character.
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
    ('◆', "X"),
];

impl Glyphs {
    /// Returns the sign of a machine; a hollow one for a machine without an identity.
    #[must_use]
    pub fn sign(&self, identity: Option<Identity>) -> &'static str {
        match identity {
            Some(Identity::Palette(at)) => self.machines[at % PALETTE],
            Some(Identity::Letter(letter)) => letter,
            None => self.variant,
        }
    }

    /// Returns the pattern of dots for a shade, for themes without colours to mix.
    #[must_use]
    pub fn dots(&self, shade: Shade) -> &'static str {
        match shade {
            Shade::Full => self.weights,
            Shade::Half => self.cache,
            Shade::Faint => self.free,
            Shade::Hatched => self.hatched,
        }
    }

    /// Returns `text` in characters that may be shown. It must be measured afterwards.
    #[must_use]
    pub fn spelled<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if !self.seven_bit || text.is_ascii() {
            return Cow::Borrowed(text);
        }
        let spell = |text: String, (from, to): &(char, &str)| text.replace(*from, to);
        Cow::Owned(SPELLED.iter().fold(text.to_owned(), spell))
    }

    /// Replaces the characters in a buffer that may not be shown, such as those in names.
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
