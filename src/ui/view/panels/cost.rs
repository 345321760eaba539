//! Price: the price of a working computer over its marketed memory, with the price's kind and age.
//!
//! ```text
//! ── Cost per GB price ÷ memory  ? contested ─────
//! ● DGX Spark      ███          $36.7    $4,699
//! ■ RTX PRO 6000   ███████████   $130  $12,500?
//! ```

use ratatui::layout::Rect;

use super::{Clause, Clauses, Measure, Panel, PanelInput, Row};
use crate::model::answer::{Answer, Price, is_contested};
use crate::model::units::{Amount, Unit};
use crate::ui::view::axis::Axis;
use crate::ui::view::bar::Segment;
use crate::ui::view::canvas::Canvas;
use crate::ui::view::theme::Shade;

/// The panel.
pub static PANEL: Panel = Panel {
    id: "cost",
    title: "Price",
    figure: "cost.usd-per-gb",
    remarks,
    foot: None,
    chart: None,
    picture: None,
    row,
    measure: Some(MEASURE),
    bar,
};

/// The measure of the bars: prices on the axis of the catalog, with the budget as limit.
const MEASURE: Measure = Measure {
    axis: prices,
    value: |answer| Some(answer.computer_price()?.usd),
    limit: Some(("budget", |input| input.scenario.limits.budget_usd)),
    room: (8, &[7]),
};

/// Returns the axis of prices, over those of all machines in the catalog.
pub(super) fn prices(input: &PanelInput<'_>) -> Axis {
    let all = input.catalog.machines.iter().filter_map(|machine| Some(machine.price.as_ref()?.usd.value));
    Axis::over(Unit::Usd, all)
}

fn remarks(input: &PanelInput<'_>) -> Vec<String> {
    let prices = input.answers.machines.iter().filter_map(|answer| answer.price.as_ref());
    let contested = prices.into_iter().any(|price| is_contested(&price.fact));
    let mark = if contested { "  ? contested" } else { "" };
    vec![
        format!("of a working computer; per GB of marketed memory{mark}"),
        format!("of a working computer, per GB{mark}"),
        "working, per GB".to_owned(),
        "USD".to_owned(),
    ]
}

fn row(_: &PanelInput<'_>, answer: &Answer<'_>, _: usize) -> Row {
    let Some((price, computer)) = answer.price.as_ref().zip(answer.computer_price()) else {
        let instead = ["price in USD not known", "not known"].map(str::to_owned).to_vec();
        return Row { instead, unknown: true, ..Row::default() };
    };
    let contested = if is_contested(&price.fact) { "?" } else { "" };
    let each = answer.computer_usd_per_gb().map(|usd| format!("{}/GB", Amount::computed(usd, Unit::Usd)));
    let whole = format!("{}{contested}", Amount::exact(computer.usd, Unit::Usd));
    let mut details = clauses(price);
    if computer.host.is_some() {
        details.insert(0, Clause::plain(computer.words()));
    }
    Row { numbers: std::iter::once(whole).chain(each).collect(), details, ..Row::default() }
}

/// Returns the kind of price, its date and the range of offers.
fn clauses(price: &Price) -> Clauses {
    let usd = |value: f64| Amount::exact(value, Unit::Usd);
    let date = price.fact.date.map_or(String::default(), |date| format!(", {date}"));
    let range = match (price.fact.low, price.fact.high) {
        (Some(low), Some(high)) => format!("offers {} to {}", usd(low), usd(high)),
        (Some(low), None) => format!("offers from {}", usd(low)),
        (None, Some(high)) => format!("offers up to {}", usd(high)),
        (None, None) => String::default(),
    };
    vec![Clause::plain(format!("{} price{date}", price.kind).replace("price price", "price")), Clause::plain(range)]
}

/// Draws the price of the machine as sold, then the host's share of the working computer.
fn bar(canvas: &mut Canvas<'_>, area: Rect, input: &PanelInput<'_>, at: usize) -> u16 {
    let Some(price) = input.answers.machines.get(at).and_then(Answer::computer_price) else { return 0 };
    let (axis, style) = (prices(input), canvas.machine(at));
    let host = price.host.map_or(0.0, |host| host.amount);
    let part = |usd: f64, shade| Segment { to: axis.share(usd), shade, style };
    canvas.bar(area, &[part(price.usd - host, Shade::Full), part(price.usd, Shade::Half)])
}
