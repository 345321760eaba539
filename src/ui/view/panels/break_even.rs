//! Break-even: what owning, renting and an API cost by tokens, and where owning has paid.
//!
//! ```text
//! ── Break-even USD by million tokens  ▲ rent B200 SXM  ◆ API ──
//!   chart
//! ● DGX Spark   ███                320 Mtok   110 months
//!   pays after 320 Mtok: …
//! ```

use ratatui::layout::Rect;

use super::curves::extent;
use super::{Clause, Panel, PanelInput, Row, no_speed};
use crate::model::answer::{Against, Answer, Curves, Line, curves, pays};
use crate::model::estimate::figures::Paid;
use crate::model::units::{Amount, Digits, Unit, round_significant};
use crate::ui::view::axis::Axis;
use crate::ui::view::bar::Segment;
use crate::ui::view::canvas::Canvas;
use crate::ui::view::chart::{Chart, Curve, columns};

/// The panel.
pub static PANEL: Panel = Panel {
    id: "break-even",
    title: "Break-even",
    figure: "break-even.rent",
    remarks,
    foot: None,
    chart: Some(chart),
    row,
    bar,
};

/// Places whose marks the curves beside the machines' own have: renting, then the API. The mark of the present value is
/// left to it.
fn beside(input: &PanelInput<'_>) -> [usize; 2] {
    let first = input.answers.machines.len();
    let free = |at: &usize| input.glyphs.machines[at % 8] != input.glyphs.knob;
    let mut places = (first..).filter(free);
    [places.next().unwrap_or(first), places.next().unwrap_or(first)]
}

fn remarks(input: &PanelInput<'_>) -> Vec<String> {
    let [rent, api] = beside(input).map(|at| input.glyphs.machines[at % 8]);
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

/// Cost over tokens of every machine.
fn all(input: &PanelInput<'_>) -> Vec<Option<Curves>> {
    let of = |answer: &Answer<'_>| {
        let case = answer.case(input.catalog, input.scenario).ok()?;
        curves(answer, case.economics.years.value, case.economics.utilisation.value)
    };
    input.answers.machines.iter().map(of).collect()
}

fn chart(canvas: &mut Canvas<'_>, area: Rect, input: &PanelInput<'_>) {
    let all = all(input);
    let known = || all.iter().flatten();
    let to = known().map(|curves| curves.upto.max(curves.lifetime)).fold(10.0, f64::max);
    let x = Axis { from: 1.0, to: libm::pow(10.0, libm::log10(to).ceil()), log: true, unit: Unit::Count };
    let count = columns(area);
    let last = f64::from(count.max(2) - 1);
    let values = |line: Line| (0..count).map(|column| line.at(x.at(f64::from(column) / last))).collect();
    let own = all.iter().enumerate().filter_map(|(machine, curves)| Some((machine, curves.as_ref()?.own)));
    let [rent, api] = beside(input);
    let rent = known().find_map(|curves| curves.rent).map(|(line, _)| (rent, line));
    let api = known().find_map(|curves| curves.api).map(|(line, _)| (api, line));
    let curves: Vec<Curve> =
        own.chain(rent).chain(api).map(|(machine, line)| Curve { machine, values: values(line) }).collect();
    let (low, high) = extent(&curves).unwrap_or((1.0, 10.0));
    let low = low.max(high / 1e5).max(1e-6);
    let y = Axis { from: low, to: high.max(low * 1.5), log: true, unit: Unit::Usd };
    let chosen = all.get(input.around).copied().flatten();
    let now = chosen.and_then(|curves| curves.rent.and_then(|(_, at)| at)).or(chosen.map(|curves| curves.lifetime));
    let now = round_significant(now.unwrap_or(1.0), 2);
    Chart { x, y, of: "Mtok", now, curves }.draw(canvas, area);
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
        let instead = vec![rent.into(), (if never { "never" } else { "not known" }).to_owned()];
        return Row { instead, unknown: !never, details, ..Row::default() };
    };
    let two = |value, unit| Amount::new(value, unit, Digits::Significant(2)).to_string();
    let numbers = vec![two(paid.mtok, Unit::Mtok), two(paid.months, Unit::Months)];
    Row { numbers, details, ..Row::default() }
}

fn bar(canvas: &mut Canvas<'_>, area: Rect, input: &PanelInput<'_>, at: usize) {
    let all = input.answers.machines.iter().filter_map(paid).map(|paid| paid.mtok);
    let largest = all.fold(0.0, f64::max);
    if let Some(paid) = input.answers.machines.get(at).and_then(paid).filter(|_| largest > 0.0) {
        let style = canvas.theme.machine(at);
        canvas.bar(area, &[Segment { share: paid.mtok / largest, glyph: canvas.glyphs.weights, style }]);
    }
}
