//! The rows of a sheet as points: speed over price, and the highest speed that each price buys.
//!
//! ```text
//!   100 │                    ──■─────────
//!    50 │        ▲──────────────
//!    20 │──●─────●
//!       └─────────◆───────────────
//!        $1,000   $5,000   $10,000
//! ```
//! The stepped line connects the combinations that no cheaper one beats in speed. A point below it has another merit,
//! such as its quality.

use ratatui::layout::Rect;

use super::axis::{Axis, round_below};
use super::canvas::{Canvas, line, skip, width};
use super::chart::Chart;
use super::panels::CHART_LEAST;
use crate::model::answer::{Point, Sheet};
use crate::model::units::{Unit, round_significant};

/// Fewest lines below the chart, for the titles and some rows.
const ROWS: u16 = 8;

/// Draws the points below the heading of `area` if there is room; returns the area that is left for the rows, heading
/// included.
pub(super) fn draw(
    canvas: &mut Canvas<'_>,
    sheet: &Sheet,
    names: &[String],
    (area, chosen): (Rect, Option<usize>),
) -> Rect {
    let points = of(sheet);
    let height = (area.height / 2).min(area.height.saturating_sub(ROWS + 1));
    if points.is_empty() || height < CHART_LEAST {
        return area;
    }
    chart(canvas, &points, names, (Rect { y: area.y + 1, height, ..area }, chosen));
    Rect { y: area.y + height, height: area.height - height, ..area }
}

/// A row's index, its machine's index, and its point.
type Placed = (usize, usize, Point);

fn of(sheet: &Sheet) -> Vec<Placed> {
    let rows = sheet.rows.iter().enumerate();
    rows.filter_map(|(at, row)| Some((at, row.machine.unwrap_or(usize::MAX), row.point?))).collect()
}

fn chart(canvas: &mut Canvas<'_>, points: &[Placed], names: &[String], (area, chosen): (Rect, Option<usize>)) {
    let axis = |unit: Unit, value: fn(&Point) -> f64| {
        let values = || points.iter().map(|(.., point)| value(point));
        let (low, high) = (values().fold(f64::INFINITY, f64::min), values().fold(0.0, f64::max));
        let low = low.max(high / 1e6).max(1e-9);
        let from = round_below(low / 1.1);
        Axis { from, to: round_significant(high * 1.2, 2).max(from * 2.0), log: true, unit }
    };
    let (x, y) = (axis(Unit::Usd, |point| point.usd), axis(Unit::TokensPerSecond, |point| point.tok_s));
    let front = points.iter().find(|(row, ..)| Some(*row) == chosen);
    let now = front.or(points.first()).map_or(x.from, |(.., point)| point.usd);
    let plot = Chart { x, y, of: "USD", now, curves: Vec::new(), guide: None, dots: Vec::new() }.axes(canvas, area);
    if plot.is_empty() {
        return;
    }
    let column = |value: f64| (x.share(value) * f64::from(plot.width - 1)).round() as u16;
    let row = |value: f64| ((1.0 - y.share(value)) * f64::from(plot.height - 1)).round() as u16;
    let cell = |column: u16, row: u16| Rect { width: 1, ..skip(line(plot, row), column) };
    let rule = canvas.theme.muted();
    let mut before = None;
    for at in 0..plot.width {
        let bought = points.iter().filter(|(.., point)| column(point.usd) <= at).map(|(.., point)| point.tok_s);
        let Some(most) = bought.reduce(f64::max).map(row) else { continue };
        for between in most..before.unwrap_or(most) {
            canvas.text(cell(at, between), canvas.glyphs.side, rule);
        }
        canvas.text(cell(at, before.unwrap_or(most)), canvas.glyphs.rule, rule);
        before = Some(most);
    }
    // Compared machines are named, once each.
    let mut named: Vec<usize> = Vec::new();
    for (_, machine, point) in points.iter().filter(|(_, machine, _)| *machine < canvas.identities.len()) {
        let name = names.get(*machine).map_or("", String::as_str);
        let place = Rect {
            width: plot.width.saturating_sub(column(point.usd) + 2),
            ..cell(column(point.usd) + 2, row(point.tok_s))
        };
        if !named.contains(machine) && width(name) <= place.width {
            named.push(*machine);
            canvas.text(place, name, canvas.machine(*machine));
        }
    }
    // The focused point is drawn last, in front of others in its cell.
    for (at, machine, point) in points.iter().chain(front) {
        let style = if Some(*at) == chosen { canvas.theme.chosen() } else { canvas.machine(*machine) };
        canvas.text(cell(column(point.usd), row(point.tok_s)), canvas.sign(*machine), style);
    }
}
