//! Cost per GB: the price of the machine over its marketed memory, with the price's age.
//!
//! ```text
//! ── Cost per GB price ÷ memory  ? contested ─────
//! ● DGX Spark      ███          $36.7    $4,699
//! ■ RTX PRO 6000   ███████████   $130  $12,500?
//! ```

use ratatui::layout::Rect;

use super::{Clause, Clauses, Panel, PanelInput, Row};
use crate::model::answer::{Answer, Price, is_card, is_contested};
use crate::model::units::{Amount, Unit};
use crate::ui::view::bar::Segment;
use crate::ui::view::canvas::Canvas;

/// The panel.
pub static PANEL: Panel =
    Panel { id: "cost", title: "Cost per GB", figure: "cost.usd-per-gb", remarks, foot: None, chart: None, row, bar };

fn remarks(input: &PanelInput<'_>) -> Vec<String> {
    let prices = input.answers.machines.iter().filter_map(|answer| answer.price.as_ref());
    let contested = prices.into_iter().any(|price| is_contested(&price.fact));
    let mark = if contested { "  ? contested" } else { "" };
    vec![
        format!("price ÷ marketed memory{mark}"),
        format!("price ÷ memory{mark}"),
        format!("price ÷ GB{mark}"),
        mark.trim_start().into(),
    ]
}

fn row(_: &PanelInput<'_>, answer: &Answer<'_>, _: usize) -> Row {
    let Some((price, each)) = answer.price.as_ref().zip(per_gb(answer)) else {
        let instead = ["price in USD not known", "not known"].map(str::to_owned).to_vec();
        return Row { instead, unknown: true, ..Row::default() };
    };
    let contested = if is_contested(&price.fact) { "?" } else { " " };
    let each = Amount::computed(each, Unit::Usd).to_string();
    let price_text = format!("{}{contested}", Amount::exact(price.fact.value, Unit::Usd));
    let mut details = clauses(price);
    if is_card(&answer.machine) {
        details.push(Clause::plain("card only"));
    }
    Row { numbers: vec![each, price_text], details, ..Row::default() }
}

fn per_gb(answer: &Answer<'_>) -> Option<f64> {
    answer.estimate?.cost.map(|cost| cost.usd_per_gb)
}

/// What kind of price, how old, and the range found.
fn clauses(price: &Price) -> Clauses {
    let usd = |value: f64| Amount::exact(value, Unit::Usd);
    let date = price.fact.date.map_or(String::default(), |date| format!(" of {date}"));
    let range = match (price.fact.low, price.fact.high) {
        (Some(low), Some(high)) => format!("found {} to {}", usd(low), usd(high)),
        (Some(low), None) => format!("found from {}", usd(low)),
        (None, Some(high)) => format!("found up to {}", usd(high)),
        (None, None) => String::default(),
    };
    vec![Clause::plain(format!("{}{date}", price.kind)), Clause::plain(range)]
}

fn bar(canvas: &mut Canvas<'_>, area: Rect, input: &PanelInput<'_>, at: usize) {
    let largest = input.answers.machines.iter().filter_map(per_gb).fold(0.0, f64::max);
    if let Some(each) = input.answers.machines.get(at).and_then(per_gb) {
        let style = canvas.theme.machine(at);
        canvas.bar(area, &[Segment { share: each / largest, glyph: canvas.glyphs.weights, style }]);
    }
}
