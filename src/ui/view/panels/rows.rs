//! Where the rows of a panel go.
//!
//! ```text
//! ── Title remark ───────────────────
//! ● DGX Spark      ██▓░         4.8      one to three lines thick
//!   █ weights 200  ▓ caches 6.4          none to two lines of details, one to breathe
//! foot
//! ```
//! With more machines than lines, those around the chosen one are shown and the last line counts the others.

use std::ops::Range;

use ratatui::layout::Rect;

use super::{CHART_LEAST, Clause, Panel, PanelInput, Row, changes};
use crate::model::answer::Answer;
use crate::ui::view::canvas::{Canvas, line, longest_of, skip, width};
use crate::ui::view::hit::{Hits, Target};

/// Lines that a machine takes at most.
pub(in crate::ui::view) const TALLEST: u16 = 6;

/// How a panel's body is shared out.
struct Plan {
    /// Lines of one machine.
    each: u16,
    /// The machines shown.
    shown: Range<usize>,
    /// Whether there is a line for the foot.
    foot: bool,
}

impl Plan {
    fn of(height: u16, machines: usize, foot: bool, around: usize) -> Self {
        let lines = usize::from(height);
        let foot = foot && lines > machines;
        let each = (lines - usize::from(foot)) / machines.max(1);
        if each > 0 {
            return Self { each: (each as u16).min(TALLEST), shown: 0..machines, foot };
        }
        let room = lines.saturating_sub(1);
        let first = (around + 1).saturating_sub(room);
        Self { each: 1, shown: first..(first + room).min(machines), foot: false }
    }

    fn thick(&self) -> u16 {
        match self.each {
            0..=3 => 1,
            4 | 5 => 2,
            _ => 3,
        }
    }

    fn details(&self) -> u16 {
        match self.each {
            0 | 1 => 0,
            2..=4 => 1,
            _ => 2,
        }
    }
}

pub(super) fn draw(
    panel: &Panel,
    canvas: &mut Canvas<'_>,
    area: Rect,
    (at, input): (usize, &PanelInput<'_>),
    hits: &mut Hits,
) {
    hits.add(area, Target::Panel(at));
    let body = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    let machines = &input.answers.machines;
    let whole = body.height;
    let body = charted(panel, canvas, body, input);
    let plan = Plan::of(body.height, machines.len(), panel.foot.is_some(), input.around);
    // What a foot has no line for stands in the heading: a speed is never without its format and runtime.
    let remarks = panel.foot.filter(|_| !plan.foot).unwrap_or(panel.remarks);
    let mut remarks = remarks(input);
    if body.height < whole {
        let marks = format!("{} now  {} no more fit", canvas.glyphs.knob, canvas.glyphs.no);
        let marked: Vec<String> = remarks.iter().map(|remark| format!("{remark}  {marks}")).collect();
        remarks.splice(0..0, marked);
    }
    canvas.heading(line(area, 0), panel.title, &remarks, input.chosen.is_some());
    let mut rows: Vec<Row> = machines.iter().enumerate().map(|(at, answer)| (panel.row)(input, answer, at)).collect();
    changes::tell(panel, input, &mut rows);
    let columns = Columns::of(input, &rows, body.width);
    for (place, machine) in plan.shown.clone().enumerate() {
        let Some((answer, row)) = machines.get(machine).zip(rows.get(machine)) else { continue };
        let area = Rect { y: body.y + place as u16 * plan.each, height: plan.each, ..body };
        hits.add(area, Target::Row { panel: at, machine });
        let rest = columns.draw(canvas, area, (machine, answer, row), input);
        let bar = Rect { height: plan.thick().min(area.height), ..rest };
        if row.instead.is_empty() {
            (panel.bar)(canvas, bar, input, machine);
        } else if let Some(words) = longest_of(&row.instead, rest.width).or(row.instead.last().map(String::as_str)) {
            let style = if row.unknown { canvas.theme.muted() } else { canvas.theme.bad() };
            canvas.text(rest, words, style);
        }
        let below = Rect { y: area.y + plan.thick(), height: plan.details(), ..area };
        details(canvas, skip(below, 2), machine, &row.details);
    }
    end(panel, canvas, body, (&plan, input));
}

/// Draws the panel's chart, where it has one and there is room for it; returns what is left for the rows.
fn charted(panel: &Panel, canvas: &mut Canvas<'_>, body: Rect, input: &PanelInput<'_>) -> Rect {
    let rows = input.answers.machines.len() as u16;
    let Some(chart) = panel.chart.filter(|_| body.height >= CHART_LEAST + rows) else { return body };
    let foot = u16::from(panel.foot.is_some() && body.height > CHART_LEAST + rows);
    // A line of its own for each machine's details where the chart is large enough without it.
    let each = if body.height >= 2 * CHART_LEAST + 2 * rows { 2 } else { 1 };
    let height = body.height - rows * each - foot;
    chart(canvas, Rect { height, ..body }, input);
    Rect { y: body.y + height, height: body.height - height, ..body }
}

/// The foot, or how many machines are not shown.
fn end(panel: &Panel, canvas: &mut Canvas<'_>, body: Rect, (plan, input): (&Plan, &PanelInput<'_>)) {
    let hidden = input.answers.machines.len() - plan.shown.len();
    let used = plan.shown.len() as u16 * plan.each;
    let style = canvas.theme.muted();
    if hidden > 0 {
        canvas.text(line(body, used), &format!("  and {hidden} more"), style);
    } else if let Some(foot) = panel.foot.filter(|_| plan.foot)
        && let Some(text) = longest_of(&foot(input), body.width)
    {
        canvas.text(line(body, used), text, style);
    }
}

/// The columns of a panel: the same for every row.
struct Columns {
    /// Of the machines' names.
    name: u16,
    /// Of the numbers that there is room for.
    numbers: Vec<u16>,
}

impl Columns {
    fn of(input: &PanelInput<'_>, rows: &[Row], columns: u16) -> Self {
        let longest = input.answers.machines.iter().map(|answer| width(&answer.machine.short)).max().unwrap_or(0);
        // A name that is cut may lose a digit: it is whole wherever a bar and a number fit beside it.
        let name = if columns >= 34 { longest } else { longest.min(columns / 3) };
        let count = rows.iter().map(|row| row.numbers.len()).max().unwrap_or(0);
        let widest =
            |at: usize| rows.iter().filter_map(|row| row.numbers.get(at)).map(|text| width(text)).max().unwrap_or(0);
        let mut numbers: Vec<u16> = (0..count).map(widest).collect();
        let least_bar = if columns >= 60 { 12 } else { 5 };
        while numbers.len() > 1 && name + 3 + least_bar + numbers.iter().map(|column| column + 2).sum::<u16>() > columns
        {
            numbers.pop();
        }
        Self { name, numbers }
    }

    /// Draws a machine's mark, name and numbers; returns what is left between them.
    fn draw(
        &self,
        canvas: &mut Canvas<'_>,
        area: Rect,
        (at, answer, row): (usize, &Answer<'_>, &Row),
        input: &PanelInput<'_>,
    ) -> Rect {
        let chosen = input.chosen == Some(at);
        let style = if chosen { canvas.theme.chosen() } else { canvas.theme.machine(at) };
        let place = Rect { width: self.name + 2, ..area };
        canvas.repeat(place, " ", style);
        canvas.text(place, canvas.glyphs.machines[at % 8], style);
        canvas.text(skip(place, 2), &answer.machine.short, style);
        let mut rest = skip(area, self.name + 3);
        if row.numbers.is_empty() {
            return rest;
        }
        for (at, columns) in self.numbers.iter().enumerate().rev() {
            let columns = (*columns).min(rest.width);
            let cell = Rect { x: rest.right() - columns, width: columns, ..rest };
            let style = if row.change == Some(at) { canvas.theme.focus() } else { canvas.theme.text() };
            canvas.right(cell, row.numbers.get(at).map_or("", String::as_str), style);
            rest.width = rest.width.saturating_sub(columns + 2);
        }
        rest
    }
}

/// Writes as many clauses as fit whole, so that no number is cut.
fn details(canvas: &mut Canvas<'_>, area: Rect, at: usize, clauses: &[Clause]) {
    let (mark, text) = (canvas.theme.machine(at), canvas.theme.muted());
    let mut row = 0;
    let mut rest = line(area, 0);
    for clause in clauses.iter().filter(|clause| !clause.text.is_empty()) {
        let between = if rest.width == area.width { 0 } else { 2 };
        let gap = u16::from(!clause.mark.is_empty());
        let columns = width(clause.mark) + gap + width(&clause.text);
        if between + columns > rest.width {
            row += 1;
            rest = line(area, row);
        } else {
            rest = skip(rest, between);
        }
        if rest.is_empty() || columns > rest.width {
            break;
        }
        rest = skip(rest, canvas.text(rest, clause.mark, mark) + gap);
        rest = skip(rest, canvas.text(rest, &clause.text, text));
    }
}
