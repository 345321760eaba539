//! Timeline: the prices of each machine over time, with the events that moved the market.
//!
//! ```text
//! ── Prices over time ┃ event · 2025-01 to 2026-11 ──
//! ● DGX Spark      ▅   ▆┃▇  ▆ █    $4,999  2026-10
//!   $3,999 launch 2025-10-15  ┃ 2026-02-23 NVIDIA raises …
//! ```
//! A block's height is the price over the machine's highest. Prices in other currencies are not drawn.

use ratatui::layout::Rect;

use super::{Clause, Panel, PanelChart, PanelInput, Row};
use crate::model::answer::{Answer, amount, history};
use crate::model::facts::{Currency, PriceKind, PricePoint};
use crate::model::units::Unit;
use crate::ui::view::axis::Axis;
use crate::ui::view::canvas::Canvas;
use crate::ui::view::chart::{Chart, Curve, Place};
use crate::ui::view::hit::Hits;

/// The panel.
pub static PANEL: Panel = Panel {
    id: "timeline",
    title: "Prices over time",
    figure: "cost.price",
    remarks,
    foot: None,
    chart: Some(PanelChart::above(chart)),
    picture: None,
    row,
    measure: None,
    bar,
};

fn remarks(input: &PanelInput<'_>) -> Vec<String> {
    let event = input.glyphs.ceiling;
    let range = range(input).map(|(from, to)| {
        let month = |days: i64| {
            crate::model::facts::Date::from_days_since_epoch(days)
                .map_or(String::default(), |date| date.to_string()[..7].into())
        };
        format!("{} to {}", month(from), month(to))
    });
    let range = range.unwrap_or_default();
    vec![
        format!(
            "{range}, lines: list prices, {} offers, {} in use; rows: {event} event",
            input.glyphs.offer, input.glyphs.knob
        ),
        format!("{range}  {event} event"),
        range,
    ]
}

/// Returns the first and the last day of all prices in US dollars, as days since 1970-01-01.
fn range(input: &PanelInput<'_>) -> Option<(i64, i64)> {
    let days = || {
        let machines = input.answers.machines.iter();
        machines.flat_map(|answer| prices(input, answer)).map(|point| point.date.days_since_epoch())
    };
    Some((days().min()?, days().max()?))
}

/// Returns the prices of a machine in US dollars, oldest first.
fn prices<'a>(input: &PanelInput<'a>, answer: &Answer<'_>) -> Vec<&'a PricePoint> {
    let points = history(input.catalog, &answer.machine.id).points;
    points.into_iter().filter(|point| point.currency == Currency::Usd).collect()
}

/// Draws list and launch prices as stepped lines, offers as signs, and the price in use as a knob.
fn chart(canvas: &mut Canvas<'_>, area: Rect, input: &PanelInput<'_>, _: (usize, &mut Hits)) {
    let Some((from, to)) = range(input) else { return };
    let day = |date: crate::model::facts::Date| (date.days_since_epoch() - from) as f64;
    let x = Axis { from: 0.0, to: (to - from).max(1) as f64, log: false, unit: Unit::Days };
    let mut curves = Vec::new();
    let mut dots = Vec::new();
    let mut used = Vec::new();
    for (machine, answer) in input.answers.machines.iter().enumerate() {
        let identity = input.identities.get(machine).copied();
        let points = prices(input, answer);
        let (stated, offers): (Vec<_>, Vec<_>) =
            points.into_iter().partition(|point| matches!(point.kind, PriceKind::Launch | PriceKind::List));
        let place = |point: &&PricePoint| Place { x: day(point.date), y: point.amount, band: (0.0, 0.0) };
        let mut places: Vec<Place> = stated.iter().map(place).collect();
        if let Some(last) = places.last().copied() {
            places.push(Place { x: x.to, ..last });
        }
        curves.push(Curve { identity, name: answer.machine.short.clone(), places, full: false, steps: true });
        let style = canvas.theme.identified(identity);
        dots.extend(offers.iter().map(|point| ((day(point.date), point.amount), canvas.glyphs.offer, style)));
        used.extend(answer.price.as_ref().map(|price| {
            let date = price.fact.date.map_or(x.to, day);
            ((date.clamp(0.0, x.to), price.fact.value), canvas.glyphs.knob, style)
        }));
    }
    dots.extend(used);
    let amounts = || {
        dots.iter()
            .map(|((_, usd), ..)| *usd)
            .chain(curves.iter().flat_map(|curve| curve.places.iter().map(|place| place.y)))
    };
    let y = Axis::over(Unit::Usd, amounts());
    Chart { x, y, of: "", now: 0.0, curves, guide: None, dots }.dated(canvas, area, (from, to));
}

fn row(input: &PanelInput<'_>, answer: &Answer<'_>, _: usize) -> Row {
    let points = prices(input, answer);
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        let instead = ["no dated price in USD was found", "not known"].map(str::to_owned).to_vec();
        return Row { instead, unknown: true, ..Row::default() };
    };
    // Offers differ in what is sold, so a ratio of two of them does not show how the price moved.
    let point = |point: &PricePoint| format!("{} {} {}", amount(point), point.kind.word(), point.date);
    let mut details = vec![Clause::plain(point(first)), Clause::plain(last.sold_as.clone())];
    let events = history(input.catalog, &answer.machine.id).events;
    details.extend(events.iter().rev().map(|event| Clause::of(input.glyphs.ceiling, event_words(event))));
    details.extend(answer.elsewhere.iter().map(|text| Clause::plain(text.clone())));
    Row { numbers: vec![amount(last), last.date.to_string()], details, ..Row::default() }
}

fn event_words(event: &crate::model::facts::Event) -> String {
    format!("{} {}", event.date, event.what)
}

fn bar(canvas: &mut Canvas<'_>, area: Rect, input: &PanelInput<'_>, at: usize) -> u16 {
    let Some((answer, (from, to))) = input.answers.machines.get(at).zip(range(input)) else { return 0 };
    let points = prices(input, answer);
    let highest = points.iter().map(|point| point.amount).fold(0.0, f64::max);
    let share = |date: crate::model::facts::Date| (date.days_since_epoch() - from) as f64 / (to - from).max(1) as f64;
    let area = Rect { y: area.bottom().saturating_sub(1), height: area.height.min(1), ..area };
    let rail = canvas.glyphs.rail.repeat(usize::from(area.width));
    canvas.text(area, &rail, canvas.theme.rule());
    for event in history(input.catalog, &answer.machine.id).events {
        let share = share(event.date);
        if (0.0..=1.0).contains(&share) {
            canvas.mark(area, share, canvas.glyphs.ceiling, canvas.theme.warn());
        }
    }
    let style = canvas.machine(at);
    for point in points {
        let height = (8.0 * point.amount / highest).ceil().clamp(1.0, 8.0) as usize;
        canvas.mark(area, share(point.date), canvas.glyphs.levels[height - 1], style);
    }
    area.width
}
