//! Cost per GB: the price of the machine over its marketed memory, with the price's age.
//!
//! ```text
//! ── Cost per GB ─────────────────────────────────
//! ● DGX Spark      ███          $36.7   $4,699
//! ■ RTX PRO 6000   ███████████  $130   $12,500 ?
//! ```

use ratatui::layout::Rect;

use super::{Panel, PanelInput, detail, lines_each, machine_line, row};
use crate::answer::Price;
use crate::spec::{Basis, Host};
use crate::units::{Amount, Unit};
use crate::view::canvas::{Canvas, Segment};

/// The panel.
pub static PANEL: Panel =
    Panel { id: "cost", title: "Cost per GB", figure: "cost.usd-per-gb", remark, legend: 0, draw };

fn remark(input: &PanelInput<'_>) -> String {
    let cards = input.answers.machines.iter().any(|a| a.machine.host == Host::NeedsHost);
    let contested =
        input.answers.machines.iter().filter_map(|a| a.price.as_ref()).any(|p| p.fact.basis == Basis::Contested);
    match (cards, contested) {
        (true, true) => "cards without host; ? contested",
        (true, false) => "cards without host",
        (false, true) => "? contested",
        (false, false) => "marketed memory",
    }
    .to_owned()
}

fn draw(canvas: &mut Canvas<'_>, area: Rect, input: &PanelInput<'_>) {
    let machines = &input.answers.machines;
    let per_gb =
        |at: usize| machines.get(at).and_then(|a| a.price.as_ref().map(|p| p.fact.value / a.machine.memory_gb.value));
    let largest = (0..machines.len()).filter_map(per_gb).fold(0.0, f64::max);
    let each_lines = lines_each(area, machines.len(), PANEL.legend);
    for (at, answer) in machines.iter().enumerate() {
        let area_of = machine_line(area, each_lines, at);
        let (Some(price), Some(each)) = (&answer.price, per_gb(at)) else {
            let columns = row(canvas, area_of, input, at, &[]);
            canvas.text(columns, "price in USD not known", canvas.theme.muted());
            continue;
        };
        let contested = if price.fact.basis == Basis::Contested { "?" } else { " " };
        let each_text = format!("${}", Amount::computed(each, Unit::UsdPerGb).number());
        let price_text = format!("{}{contested}", Amount::exact(price.fact.value, Unit::Usd));
        let columns = row(canvas, area_of, input, at, &[(&each_text, 6), (&price_text, 9)]);
        let segment = Segment { share: each / largest, glyph: canvas.glyphs.weights, style: canvas.theme.machine(at) };
        canvas.bar(columns, &[segment]);
        detail(canvas, area, each_lines, at, &words(price));
    }
}

/// What kind of price, how old, and the range found.
fn words(price: &Price) -> Vec<String> {
    let usd = |value: f64| Amount::exact(value, Unit::Usd);
    let date = price.fact.date.map_or(String::new(), |date| format!(" of {date}"));
    let range = match (price.fact.low, price.fact.high) {
        (Some(low), Some(high)) => format!("found {} to {}", usd(low), usd(high)),
        (Some(low), None) => format!("found from {}", usd(low)),
        (None, Some(high)) => format!("found up to {}", usd(high)),
        (None, None) => String::new(),
    };
    vec![format!("{}{date}", price.kind), range]
}
