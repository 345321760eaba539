//! Break-even: the cost of owning, renting and an API over tokens, and the point at which owning has paid for itself.
//!
//! ```text
//! ── Break-even USD by million tokens  ▲ rent B200 SXM  ◆ API ──
//!   chart
//! ● DGX Spark   ███                320 Mtok   110 months
//!   pays after 320 Mtok: …
//! ```

use ratatui::layout::Rect;

use super::curves::extent;
use super::{Clause, Measure, Panel, PanelChart, PanelInput, Row, no_speed, plain_bar};
use crate::model::answer::{Against, Answer, Curves, Identity, Line, PALETTE, curves, pays};
use crate::model::estimate::figures::Paid;
use crate::model::units::{Amount, Digits, Unit, round_significant};
use crate::ui::view::axis::Axis;
use crate::ui::view::canvas::Canvas;
use crate::ui::view::chart::{Chart, Curve, Place, columns};
use crate::ui::view::hit::Hits;

/// The panel.
pub static PANEL: Panel = Panel {
    id: "break-even",
    title: "Break-even",
    figure: "break-even.rent",
    remarks,
    foot: None,
    chart: Some(PanelChart::above(chart)),
    picture: None,
    row,
    measure: Some(MEASURE),
    bar,
};

const MEASURE: Measure = Measure { axis, value: |answer| Some(paid(answer)?.mtok), limit: None, room: (10, &[10]) };

/// Returns identities of the palette that no compared machine has: for renting, then for the API.
fn beside(input: &PanelInput<'_>) -> [Option<Identity>; 2] {
    let mut free = (0..PALETTE).map(Identity::Palette).filter(|place| !input.identities.contains(place));
    [free.next(), free.next()]
}

fn remarks(input: &PanelInput<'_>) -> Vec<String> {
    let [rent, api] = beside(input).map(|identity| input.glyphs.sign(identity));
    let first = input.answers.machines.first();
    let rented = first.and_then(|answer| answer.rented.as_ref()).map_or("", |rented| rented.machine.short.as_str());
    let short = if rented.is_empty() { String::default() } else { format!("{rent} rent") };
    let rented = if rented.is_empty() { String::default() } else { format!("  {rent} rent {rented}") };
    let api = if first.is_some_and(|answer| answer.break_even(Against::Api).is_some()) {
        format!("  {api} API")
    } else {
        String::default()
    };
    vec![
        format!("USD by million output tokens, log scales{rented}{api}"),
        format!("USD by Mtok{rented}{api}"),
        format!("{short}{api}").trim_start().into(),
    ]
}

/// Returns the lines of cost over tokens of all machines.
fn all(input: &PanelInput<'_>) -> Vec<Option<Curves>> {
    let of = |answer: &Answer<'_>| {
        let case = answer.case(input.catalog, input.scenario).ok()?;
        curves(answer, case.economics.years.value, case.economics.utilisation.value)
    };
    input.answers.machines.iter().map(of).collect()
}

fn chart(canvas: &mut Canvas<'_>, area: Rect, input: &PanelInput<'_>, _: (usize, &mut Hits)) {
    let all = all(input);
    let known = || all.iter().flatten();
    let to = known().map(|curves| curves.upto.max(curves.lifetime)).fold(10.0, f64::max);
    let x = Axis { from: 1.0, to: libm::pow(10.0, libm::log10(to).ceil()), log: true, unit: Unit::Count };
    let count = columns(area);
    let last = f64::from(count.max(2) - 1);
    let places = |line: Line| {
        let xs = (0..count).map(|column| x.at(f64::from(column) / last));
        xs.map(|x| (x, line.at(x))).map(|(x, y)| Place { x, y, band: (y, y) }).collect()
    };
    let curve = |identity, name: &str, line| Curve {
        identity,
        name: name.to_owned(),
        places: places(line),
        full: false,
        steps: false,
    };
    let mut drawn: Vec<Curve> = Vec::new();
    for ((machine, curves), answer) in all.iter().enumerate().zip(&input.answers.machines) {
        let identity = input.identities.get(machine).copied();
        drawn.extend(curves.as_ref().map(|curves| curve(identity, &answer.machine.short, curves.own)));
    }
    let [rent, api] = beside(input);
    drawn.extend(known().find_map(|curves| curves.rent).map(|(line, _)| curve(rent, "rent", line)));
    drawn.extend(known().find_map(|curves| curves.api).map(|(line, _)| curve(api, "API", line)));
    let (low, high) = extent(&drawn).unwrap_or((1.0, 10.0));
    let low = low.max(high / 1e5).max(1e-6);
    let y = Axis { from: low, to: high.max(low * 1.5), log: true, unit: Unit::Usd };
    let chosen = all.get(input.around).copied().flatten();
    let crossing = chosen.and_then(|curves| Some((curves.rent?.1?, curves.own)));
    let now = crossing.map(|(at, _)| at).or(chosen.map(|curves| curves.lifetime));
    let now = round_significant(now.unwrap_or(1.0), 2);
    let dots = crossing.map(|(at, own)| ((at, own.at(at)), canvas.glyphs.knob, canvas.theme.focus()));
    Chart { x, y, of: "Mtok", now, curves: drawn, guide: None, dots: dots.into_iter().collect() }.draw(canvas, area);
}

fn paid(answer: &Answer<'_>) -> Option<Paid<f64>> {
    answer.break_even(Against::Rent)?.paid
}

fn row(input: &PanelInput<'_>, answer: &Answer<'_>, _: usize) -> Row {
    if answer.estimate.is_none_or(|estimate| estimate.decode.speeds.is_none()) {
        return no_speed(input.glyphs, answer);
    }
    let (rent, api) = (pays(answer, Against::Rent), pays(answer, Against::Api));
    let details = vec![Clause::plain(format!("renting: {rent}")), Clause::plain(format!("API: {api}"))];
    let Some(paid) = paid(answer) else {
        let never = answer.break_even(Against::Rent).is_some();
        let instead = vec![rent, (if never { "never" } else { "not known" }).to_owned()];
        return Row { instead, unknown: !never, details, ..Row::default() };
    };
    let two = |value, unit| Amount::new(value, unit, Digits::Significant(2)).to_string();
    let numbers = vec![two(paid.mtok, Unit::Mtok), two(paid.months, Unit::Months)];
    Row { numbers, details, ..Row::default() }
}

fn axis(input: &PanelInput<'_>) -> Axis {
    Axis::fixed(Unit::Mtok, (10.0, 10_000.0), input.answers.machines.iter().filter_map(paid).map(|paid| paid.mtok))
}

fn bar(canvas: &mut Canvas<'_>, area: Rect, input: &PanelInput<'_>, at: usize) -> u16 {
    plain_bar(&MEASURE, canvas, area, input, at)
}
