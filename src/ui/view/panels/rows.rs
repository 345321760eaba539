//! The rows of a panel.
//!
//! ```text
//! ── Title unit  1  2   5  10   50 ──   ticks of the axis over the bars
//! ● DGX Spark    ━━━█▏ 4.63 ┊      ✗    one to three lines thick, the limit through all rows
//!   details of this machine             where there are lines for it
//! foot, or details of the machine in focus
//! ```
//! If there are more machines than lines, those around the chosen one are shown, and the last line counts the others.

use std::ops::Range;

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{CHART_LEAST, Clause, Measure, Panel, PanelInput, Row, changes};
use crate::model::answer::Answer;
use crate::ui::view::axis::Axis;
use crate::ui::view::canvas::{Canvas, line, longest_of, skip, width};
use crate::ui::view::hit::{Hits, Target};

/// Most lines of a machine.
pub(in crate::ui::view) const TALLEST: u16 = 6;
/// Width of the mark for a kept or missed limit, in columns.
const MARK: u16 = 2;

/// The division of a panel's body into lines.
struct Plan {
    /// Number of lines of each machine.
    each: u16,
    /// Indices of the machines that are shown.
    shown: Range<usize>,
    /// True if there is a line for the foot.
    foot: bool,
}

impl Plan {
    /// Divides `height` lines among the machines; if there are too few, only the machines up to `around` are shown.
    fn of(height: u16, machines: usize, around: usize) -> Self {
        let lines = usize::from(height);
        let foot = lines > machines;
        let each = (lines - usize::from(foot)) / machines.max(1);
        if each > 0 {
            return Self { each: (each as u16).min(TALLEST), shown: 0..machines, foot };
        }
        let room = lines.saturating_sub(1);
        let first = (around + 1).saturating_sub(room);
        Self { each: 1, shown: first..(first + room).min(machines), foot: false }
    }

    /// Returns the number of lines of a bar.
    fn thick(&self) -> u16 {
        match self.each {
            0..=3 => 1,
            4 | 5 => 2,
            _ => 3,
        }
    }

    /// Returns the number of lines of words below a bar.
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
    if let Some(picture) = panel.picture {
        canvas.heading(line(area, 0), panel.title, &(panel.remarks)(input), input.chosen.is_some());
        return picture(canvas, body, input, (at, hits));
    }
    let machines = &input.answers.machines;
    let whole = body.height;
    let body = charted(panel, canvas, body, (at, input), hits);
    let plan = Plan::of(body.height, machines.len(), input.around);
    let mut rows: Vec<Row> = machines.iter().enumerate().map(|(at, answer)| (panel.row)(input, answer, at)).collect();
    changes::tell(panel, input, &mut rows);
    let columns = Columns::of(panel, input, &rows, body.width);
    let charted = body.height < whole;
    heading(panel, canvas, (line(area, 0), charted), input, &columns);
    for (place, machine) in plan.shown.clone().enumerate().filter(|_| body.height > 0) {
        let Some((answer, row)) = machines.get(machine).zip(rows.get(machine)) else { continue };
        let area = Rect { y: body.y + place as u16 * plan.each, height: plan.each, ..body };
        hits.add(area, Target::Row { panel: at, machine });
        let thick = plan.thick().min(area.height);
        columns.draw(canvas, Rect { height: thick, ..area }, (panel, machine, answer, row), input);
        let below = Rect { y: area.y + plan.thick(), height: plan.details(), ..area };
        details(canvas, skip(below, 2), machine, &row.details);
    }
    let used = plan.shown.len() as u16 * plan.each;
    columns.limit(canvas, panel, Rect { height: used.min(body.height), ..body }, input);
    end(panel, canvas, body, (&plan, input, &rows));
}

/// Draws the title with its unit, then the ticks of the axis above the bars, or the remarks if there is no axis.
fn heading(
    panel: &Panel,
    canvas: &mut Canvas<'_>,
    (area, charted): (Rect, bool),
    input: &PanelInput<'_>,
    columns: &Columns,
) {
    let mut remarks = (panel.remarks)(input);
    let Some(measure) = panel.measure.as_ref().filter(|_| !charted) else {
        canvas.heading(area, panel.title, &remarks, input.chosen.is_some());
        return;
    };
    let scale = columns.scale(area);
    // The shortest remark names the unit; the longer ones are shown in the foot.
    let unit = remarks.pop().into_iter().collect::<Vec<_>>();
    let room = Rect { width: area.width, ..area };
    canvas.heading(room, panel.title, &unit, input.chosen.is_some());
    let mut used = width(panel.title) + 4;
    if let Some(unit) = unit.first().filter(|unit| width(unit) + used < area.width) {
        used += width(unit) + u16::from(!unit.is_empty());
    }
    let limit = measure.limit.and_then(|(_, of)| of(input));
    ticks(canvas, area, (scale, area.x + used), ((measure.axis)(input), limit));
}

/// Draws the labels of an axis above its columns: the limit first, then the roundest values, as far as they fit right
/// of `from`.
fn ticks(canvas: &mut Canvas<'_>, area: Rect, (scale, from): (Rect, u16), (axis, limit): (Axis, Option<f64>)) {
    let (muted, strong) = (canvas.theme.muted(), canvas.theme.focus());
    let mut taken: Vec<(u16, u16)> = Vec::new();
    let marks = axis.marks().into_iter().map(|mark| (mark, muted));
    for (value, style) in limit.map(|limit| (limit, strong)).into_iter().chain(marks) {
        let label = axis.short(value);
        let columns = width(&label);
        let middle = scale.x + axis.column(value, scale.width);
        let start = middle.saturating_sub(columns / 2).min(area.right().saturating_sub(columns));
        let apart = |(left, right): &(u16, u16)| start > *right || start + columns < *left;
        if start >= from && taken.iter().all(apart) {
            taken.push((start, start + columns));
            canvas.text(Rect { x: start, width: columns, ..area }, &label, style);
        }
    }
}

/// Draws the panel's chart, if it has one that fits; returns the area that is left for the rows.
fn charted(
    panel: &Panel,
    canvas: &mut Canvas<'_>,
    body: Rect,
    (at, input): (usize, &PanelInput<'_>),
    hits: &mut Hits,
) -> Rect {
    let rows = input.answers.machines.len() as u16;
    let Some(chart) = panel.chart.filter(|_| body.height >= CHART_LEAST) else { return body };
    let in_place = chart.in_place.map(|has_room| has_room(input, body));
    let alone = in_place.unwrap_or(input.charts_alone);
    if !alone && (in_place.is_some() || body.height < CHART_LEAST + rows) {
        return body;
    }
    if alone {
        (chart.draw)(canvas, body, input, (at, hits));
        return Rect { y: body.bottom(), height: 0, ..body };
    }
    let foot = u16::from(body.height > CHART_LEAST + rows);
    // Each machine gets a line for its details if the chart is large enough without it.
    let each = if body.height >= 2 * CHART_LEAST + 2 * rows { 2 } else { 1 };
    let height = body.height - rows * each - foot;
    (chart.draw)(canvas, Rect { height, ..body }, input, (at, hits));
    Rect { y: body.y + height, height: body.height - height, ..body }
}

/// Draws the line below the machines: the number of machines that are not shown, details of the focused one, or the
/// panel's foot.
fn end(panel: &Panel, canvas: &mut Canvas<'_>, body: Rect, (plan, input, rows): (&Plan, &PanelInput<'_>, &[Row])) {
    let hidden = input.answers.machines.len() - plan.shown.len();
    let used = plan.shown.len() as u16 * plan.each;
    let style = canvas.theme.muted();
    let below = Rect { y: body.y + used, height: body.height.saturating_sub(used).min(1), ..body };
    if hidden > 0 {
        let (before, after) = (plan.shown.start, input.answers.machines.len() - plan.shown.end);
        let mark = |count: usize, arrow: &str| if count > 0 { format!(" {arrow} {count}") } else { String::new() };
        canvas.text(below, &format!(" {}{} more", mark(before, "↑"), mark(after, "↓")), style);
    } else if plan.foot {
        if let Some((at, row)) = input.chosen.and_then(|at| Some((at, rows.get(at)?))).filter(|_| plan.details() == 0) {
            details(canvas, skip(below, 2), at, &row.details);
        } else {
            let told = panel.foot.unwrap_or(panel.remarks)(input);
            if let Some(text) = longest_of(&told, body.width.saturating_sub(2)) {
                canvas.text(skip(below, 2), text, style);
            }
        }
    }
}

/// The columns of a panel, which are the same for all rows and do not depend on the numbers.
struct Columns {
    /// Width of the machines' names.
    name: u16,
    /// Width of the number at a bar's end.
    lead: u16,
    /// Widths of the further numbers that fit.
    tail: Vec<u16>,
    /// Width of the mark of a limit.
    mark: u16,
}

impl Columns {
    fn of(panel: &Panel, input: &PanelInput<'_>, rows: &[Row], columns: u16) -> Self {
        let longest = input.answers.machines.iter().map(|answer| width(&answer.machine.short)).max().unwrap_or(0);
        let longest = longest.max(input.deck.map_or(0, |deck| deck.name));
        // A cut name could lose a digit, so names are whole if a bar and a number fit beside them.
        let name = if columns >= 34 { longest } else { longest.min(columns / 3) };
        let count = rows.iter().map(|row| row.numbers.len()).max().unwrap_or(0);
        let own = rows.iter().map(|row| row.own).max().unwrap_or(0);
        let (lead, kept) = panel.measure.as_ref().map_or((0, &[][..]), |measure| measure.room);
        // Rows without numbers keep the columns of numbers, so that the axis does not change its length.
        let count = count.max(if lead > 0 { 1 + kept.len() } else { 0 });
        let widest =
            |at: usize| rows.iter().filter_map(|row| row.numbers.get(at)).map(|text| width(text)).max().unwrap_or(0);
        let others = (0..count).filter(|at| *at != own).enumerate();
        let mut tail: Vec<u16> =
            others.map(|(place, at)| widest(at).max(kept.get(place).copied().unwrap_or(0))).collect();
        let lead = widest(own).max(lead);
        let limited = panel.measure.as_ref().is_some_and(|measure| measure.limit.is_some());
        let mark = if limited && columns >= 34 { MARK } else { 0 };
        let least_bar = if columns >= 60 { 18 } else { 8 };
        let fixed = name + 3 + least_bar + lead + 1 + mark;
        while !tail.is_empty() && fixed + tail.iter().map(|column| column + 2).sum::<u16>() > columns {
            tail.pop();
        }
        Self { name, lead, tail, mark }
    }

    /// Returns the columns of the axis within `area`.
    fn scale(&self, area: Rect) -> Rect {
        let rest = skip(area, self.name + 3);
        let tail: u16 = self.tail.iter().map(|column| column + 2).sum();
        Rect { width: rest.width.saturating_sub(tail + self.mark + self.lead + 1), ..rest }
    }

    /// Draws a machine's sign, name, bar and numbers.
    fn draw(
        &self,
        canvas: &mut Canvas<'_>,
        area: Rect,
        (panel, at, answer, row): (&Panel, usize, &Answer<'_>, &Row),
        input: &PanelInput<'_>,
    ) {
        let first = line(area, 0);
        self.name(canvas, first, (at, answer), input);
        let mut rest = skip(first, self.name + 3);
        rest.width = rest.width.saturating_sub(self.mark);
        let others: Vec<usize> = (0..row.numbers.len()).filter(|place| *place != row.own).collect();
        for (place, columns) in self.tail.iter().enumerate().rev() {
            let columns = (*columns).min(rest.width);
            let cell = Rect { x: rest.right() - columns, width: columns, ..rest };
            let number = others.get(place).copied();
            let changed = number.is_some() && row.change == number;
            let style = if changed { canvas.theme.focus() } else { canvas.theme.muted() };
            canvas.right(cell, number.and_then(|at| row.numbers.get(at)).map_or("", String::as_str), style);
            rest.width = rest.width.saturating_sub(columns + 2);
        }
        let scale = Rect { height: area.height, ..self.scale(area) };
        let number = row.numbers.get(row.own).map_or("", String::as_str);
        let mut used = 0;
        if row.instead.is_empty() {
            used = (panel.bar)(canvas, scale, input, at);
            if let Some(measure) = &panel.measure {
                ghost(canvas, scale, (measure, answer), input);
            }
        } else if let Some(words) = longest_of(&row.instead, rest.width).or(row.instead.last().map(String::as_str)) {
            let style = if row.unknown { canvas.theme.muted() } else { canvas.theme.bad() };
            canvas.text(rest, words, style);
            return;
        }
        let won = input.answers.verdict.winner == Some(at);
        let style = if won { canvas.theme.title() } else { canvas.theme.text() };
        // The number of a bar without an axis is at the right.
        if panel.measure.is_some() {
            canvas.whole(skip(rest, used + 1), number, style);
        } else {
            canvas.right(rest, number, style);
        }
    }

    fn name(&self, canvas: &mut Canvas<'_>, area: Rect, (at, answer): (usize, &Answer<'_>), input: &PanelInput<'_>) {
        let style = if input.chosen == Some(at) { canvas.theme.chosen() } else { canvas.machine(at) };
        let place = Rect { width: self.name + 2, ..area };
        canvas.repeat(place, " ", style);
        canvas.text(place, canvas.sign(at), style);
        canvas.text(skip(place, 2), &answer.machine.short, style);
    }

    /// Draws the limit as a line through all rows, and marks the machines that keep or miss it.
    fn limit(&self, canvas: &mut Canvas<'_>, panel: &Panel, rows: Rect, input: &PanelInput<'_>) {
        let Some(measure) = &panel.measure else { return };
        let Some((name, value)) = measure.limit.and_then(|(name, of)| Some((name, of(input)?))) else { return };
        let scale = self.scale(rows);
        if scale.width == 0 || rows.is_empty() {
            return;
        }
        let style = canvas.theme.focus();
        let column = (measure.axis)(input).column(value, scale.width);
        for row in 0..rows.height {
            rule(canvas, line(scale, row), column, style);
        }
        let each = rows.height / (input.answers.machines.len() as u16).max(1);
        for (at, failed) in input.answers.verdict.failed.iter().enumerate().filter(|_| self.mark > 0 && each > 0) {
            let place = line(rows, at as u16 * each);
            let misses = failed.iter().any(|failure| [name, "memory", "format"].contains(&failure.limit));
            let (mark, style) =
                if misses { (canvas.glyphs.no, canvas.theme.bad()) } else { (canvas.glyphs.yes, canvas.theme.good()) };
            canvas.right(place, mark, style);
        }
    }
}

/// Draws one cell of a limit's line, except over words and marks of bars.
fn rule(canvas: &mut Canvas<'_>, area: Rect, column: u16, style: Style) {
    let glyph = canvas.glyphs.limit;
    let cell = |at: u16| canvas.buffer.cell((at, area.y)).map_or(" ", |cell| cell.symbol());
    let at = area.x + column;
    let free = match cell(at) {
        "█" | "─" | "-" => true,
        // A single blank between two words stays free, so that they remain readable.
        " " => !(is_word(cell(at.saturating_sub(1))) && is_word(cell(at + 1))),
        _ => false,
    };
    if free {
        canvas.over(area, column, glyph, style);
    }
}

fn is_word(symbol: &str) -> bool {
    symbol.starts_with(char::is_alphanumeric)
}

/// Draws a faint tick at the bar's end before the last change, if the bar ends elsewhere now.
fn ghost(canvas: &mut Canvas<'_>, scale: Rect, (measure, answer): (&Measure, &Answer<'_>), input: &PanelInput<'_>) {
    let axis = (measure.axis)(input);
    let Some(before) = input.value_before(measure, &answer.machine.id) else { return };
    let column = axis.column(before, scale.width);
    let now = (measure.value)(answer).map(|now| axis.column(now, scale.width));
    if scale.width > 0 && now != Some(column) {
        let (glyph, style) = (canvas.glyphs.ghost, canvas.theme.muted());
        canvas.over(scale, column, glyph, style);
    }
}

/// Writes as many clauses as fit whole, so that no number is cut.
fn details(canvas: &mut Canvas<'_>, area: Rect, at: usize, clauses: &[Clause]) {
    let mut row = 0;
    let mut rest = line(area, 0);
    for clause in clauses.iter().filter(|clause| !clause.text.is_empty()) {
        let between = if rest.width == area.width { 0 } else { 2 };
        let columns = clause.columns();
        if between + columns > rest.width {
            row += 1;
            rest = line(area, row);
        } else {
            rest = skip(rest, between);
        }
        if rest.is_empty() || columns > rest.width {
            break;
        }
        rest = skip(rest, clause.draw(canvas, rest, at));
    }
}
