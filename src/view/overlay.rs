//! What lies over the explorer: help, lists and lines.

use ratatui::layout::Rect;

use super::canvas::{Canvas, line, skip, width};
use super::hit::{Hits, Target};
use crate::app::{Chooser, Overlay, State};
use crate::input::{ACTIONS, Context};

/// Draws the overlay in front, if there is one.
pub(super) fn draw(canvas: &mut Canvas<'_>, state: &State<'_>, area: Rect, hits: &mut Hits) {
    match &state.overlay {
        None => {}
        Some(Overlay::Help(scroll)) => help(canvas, area, *scroll, hits),
        Some(Overlay::Open(list)) => {
            chooser(canvas, area, ("Open a scenario", "type to narrow, Enter opens, Esc leaves"), list, hits);
        }
        Some(Overlay::Machines(list)) => {
            chooser(canvas, area, ("Machines", "type to narrow, Space puts on or takes off, Esc closes"), list, hits);
        }
        Some(Overlay::Value(text)) => {
            let (label, help) = state.slider().map_or(("Value", ""), |knob| (knob.label, knob.help));
            field(canvas, area, (label, help), text, state);
        }
        Some(Overlay::SaveAs(text)) => {
            field(canvas, area, ("Save as", "a file name; Enter saves, Esc leaves"), text, state);
        }
    }
}

/// A box in the middle of `area`; returns its inside.
fn window(canvas: &mut Canvas<'_>, area: Rect, (columns, rows): (u16, u16), title: &str, hits: &mut Hits) -> Rect {
    let (columns, rows) = (columns.min(area.width), rows.min(area.height));
    let outer = Rect {
        x: area.x + (area.width - columns) / 2,
        y: area.y + (area.height - rows) / 2,
        width: columns,
        height: rows,
    };
    canvas.clear(outer);
    canvas.heading(line(outer, 0), title, "", true);
    let rule = canvas.glyphs.rule.repeat(usize::from(outer.width));
    canvas.text(line(outer, outer.height.saturating_sub(1)), &rule, canvas.theme.focus());
    hits.add(outer, Target::Overlay);
    Rect {
        x: outer.x + 1,
        y: outer.y + 1,
        width: outer.width.saturating_sub(2),
        height: outer.height.saturating_sub(2),
    }
}

fn chooser(canvas: &mut Canvas<'_>, area: Rect, (title, help): (&str, &str), list: &Chooser, hits: &mut Hits) {
    let rows = (list.rows.len() as u16 + 5).clamp(8, area.height.saturating_sub(2).max(8));
    let inside = window(canvas, area, (90, rows), title, hits);
    let cursor = format!("{} {}_", canvas.glyphs.pointer, list.filter);
    let used = canvas.text(line(inside, 0), &cursor, canvas.theme.text());
    canvas.right(skip(line(inside, 0), used + 1), help, canvas.theme.muted());
    let body = Rect { y: inside.y + 1, height: inside.height.saturating_sub(1), ..inside };
    let shown = usize::from(body.height);
    let first = list.chosen.saturating_sub(shown.saturating_sub(1));
    for (place, (_, row)) in list.visible().enumerate().skip(first).take(shown) {
        let area = line(body, (place - first) as u16);
        let chosen = place == list.chosen;
        let style = if chosen { canvas.theme.chosen() } else { canvas.theme.text() };
        let mark = match row.on {
            Some(true) => format!("[{}] ", canvas.glyphs.yes),
            Some(false) => "[ ] ".to_owned(),
            None => String::new(),
        };
        let used = canvas.text(area, &format!("{mark}{}", row.label), style);
        let muted = if chosen { style } else { canvas.theme.muted() };
        canvas.text(skip(area, used), &format!("  {}", row.detail), muted);
        hits.add(area, Target::Choice(place));
    }
    if list.visible().next().is_none() {
        canvas.text(body, "nothing matches; backspace widens", canvas.theme.warn());
    }
}

fn field(canvas: &mut Canvas<'_>, area: Rect, (title, help): (&str, &str), text: &str, state: &State<'_>) {
    let inside = window(canvas, area, (70, 5), title, &mut Hits::default());
    canvas.text(line(inside, 0), help, canvas.theme.muted());
    let room = usize::from(inside.width.saturating_sub(4));
    let tail: String = text.chars().rev().take(room).collect::<Vec<_>>().into_iter().rev().collect();
    canvas.text(line(inside, 1), &format!("{} {tail}_", canvas.glyphs.pointer), canvas.theme.title());
    if let Some(notice) = &state.notice {
        canvas.text(line(inside, 2), &notice.text, canvas.theme.bad());
    }
}

fn help(canvas: &mut Canvas<'_>, area: Rect, scroll: usize, hits: &mut Hits) {
    let lines = help_lines(canvas);
    let rows = (lines.len() as u16 + 2).min(area.height);
    let inside = window(canvas, area, (84, rows), "Help", hits);
    let last = lines.len().saturating_sub(usize::from(inside.height));
    for (row, (keys, text)) in lines.iter().skip(scroll.min(last)).take(usize::from(inside.height)).enumerate() {
        let area = line(inside, row as u16);
        canvas.text(Rect { width: 22.min(area.width), ..area }, keys, canvas.theme.focus());
        let offset = if keys.is_empty() { 0 } else { 22 };
        canvas.text(skip(area, offset), text, canvas.theme.text());
    }
}

/// Marks first, then every key of the explorer from the table of actions.
fn help_lines(canvas: &Canvas<'_>) -> Vec<(String, String)> {
    let g = canvas.glyphs;
    let mut lines: Vec<(String, String)> = vec![
        (format!("{0}{1}{0}", g.band, g.typical), "expected: a band from measurements of like machines".to_owned()),
        (g.ceiling.to_owned(), "ceiling: bandwidth over bytes, never an observed speed".to_owned()),
        (g.measured.to_owned(), "measured by somebody, with its source".to_owned()),
        (g.variant.to_owned(), "a smaller variant of the machine".to_owned()),
        (String::new(), String::new()),
    ];
    let rows = ACTIONS.iter().filter(|row| row.contexts.contains(&Context::Explore));
    lines.extend(rows.map(|row| (row.keys.join("  "), row.help.to_owned())));
    debug_assert!(lines.iter().all(|(keys, _)| width(keys) < 22));
    lines
}
