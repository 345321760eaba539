//! The panels: one file each and one row in [`PANELS`].

mod bandwidth;
mod cost;
mod decode;
mod memory;

use ratatui::layout::Rect;

use super::canvas::{Canvas, line, skip, width};
use super::theme::Glyphs;
use crate::answer::{Answer, Answers};
use crate::catalog::Catalog;

/// What a panel draws from.
pub struct PanelInput<'a> {
    /// The facts.
    pub catalog: &'a Catalog,
    /// The results, machine by machine.
    pub answers: &'a Answers<'a>,
    /// The machine whose row is chosen, where this panel has the focus.
    pub chosen: Option<usize>,
}

/// A panel.
pub struct Panel {
    /// Identifier, as decks and keys name it.
    pub id: &'static str,
    /// Title.
    pub title: &'static str,
    /// The figure that the formula line shows for its rows.
    pub figure: &'static str,
    /// A remark beside the title: units, what the shades mean.
    pub remark: fn(&PanelInput<'_>) -> String,
    /// Lines it keeps below the machines for a legend.
    pub legend: u16,
    /// Draws the rows below the title.
    pub draw: fn(&mut Canvas<'_>, Rect, &PanelInput<'_>),
}

impl Panel {
    /// The line of machine `at` in this panel's body.
    #[must_use]
    pub fn machine_line(&self, body: Rect, machines: usize, at: usize) -> Rect {
        machine_line(body, lines_each(body, machines, self.legend), at)
    }
}

/// All panels, in the order of the overview.
pub static PANELS: &[&Panel] = &[&bandwidth::PANEL, &decode::PANEL, &memory::PANEL, &cost::PANEL];

/// Draws a machine's glyph, name and right-hand numbers; returns the columns between them for a bar.
///
/// Numbers are given with the width of their column and are right-aligned; the last column goes first where room is short.
fn row(canvas: &mut Canvas<'_>, area: Rect, input: &PanelInput<'_>, at: usize, numbers: &[(&str, u16)]) -> Rect {
    let Some(answer) = input.answers.machines.get(at) else { return area };
    if area.is_empty() {
        return area;
    }
    let style = canvas.theme.machine(at);
    let name = &answer.machine.short;
    let longest = input.answers.machines.iter().map(|a| width(&a.machine.short)).max().unwrap_or(0);
    let name_width = if area.width >= 34 { longest + 3 } else { 2 + longest.min(area.width / 3) };
    canvas.text(Rect { width: 1, ..area }, canvas.glyphs.machines[at % 8], style);
    let name_style = if input.chosen == Some(at) { canvas.theme.chosen() } else { style };
    canvas.text(Rect { width: name_width.saturating_sub(3), ..skip(area, 2) }, name, name_style);
    let mut rest = skip(area, name_width);
    let least_bar = if area.width >= 60 { 12 } else { 5 };
    let mut kept: Vec<(&str, u16)> = numbers.to_vec();
    while kept.iter().map(|(text, columns)| width(text).max(*columns) + 1).sum::<u16>() + least_bar > rest.width
        && kept.len() > 1
    {
        kept.pop();
    }
    for (text, columns) in kept.iter().rev() {
        let columns = width(text).max(*columns).min(rest.width);
        let cell = Rect { x: rest.right() - columns, width: columns, ..rest };
        canvas.right(cell, text, canvas.theme.text());
        rest.width = rest.width.saturating_sub(columns + 1);
    }
    rest
}

/// Lines that each machine gets in a panel's body: one for the bar, a second for details, a third to breathe.
fn lines_each(body: Rect, machines: usize, legend: u16) -> u16 {
    let machines = u16::try_from(machines).unwrap_or(u16::MAX).max(1);
    (body.height.saturating_sub(legend) / machines).clamp(1, 3)
}

/// The line of machine `at` in a panel's body.
fn machine_line(body: Rect, each: u16, at: usize) -> Rect {
    line(body, u16::try_from(at).unwrap_or(u16::MAX).saturating_mul(each))
}

/// Writes what else there is to say about machine `at` below its bar, where there is a line for it: as many clauses as
/// fit whole, so that no number is cut.
fn detail(canvas: &mut Canvas<'_>, body: Rect, each: u16, at: usize, clauses: &[String]) {
    if each < 2 {
        return;
    }
    let below = line(body, u16::try_from(at).unwrap_or(u16::MAX).saturating_mul(each) + 1);
    let mut rest = skip(below, 2);
    for (place, clause) in clauses.iter().filter(|clause| !clause.is_empty()).enumerate() {
        let text = if place == 0 { clause.clone() } else { format!(", {clause}") };
        let used = canvas.whole(rest, &text, canvas.theme.muted());
        if used == 0 {
            break;
        }
        rest = skip(rest, used);
    }
}

/// Why a machine has no speed, in few words.
fn why_not(glyphs: &Glyphs, answer: &Answer<'_>) -> String {
    match (&answer.refused, &answer.estimate) {
        (Some(reason), _) => format!("{} {reason}", glyphs.no),
        (None, Some(estimate)) if !estimate.memory.fits => format!("{} does not fit", glyphs.no),
        _ => format!("{} not known", glyphs.no),
    }
}
