//! Money: the cost of a million output tokens, with yearly electricity and the price of a GB/s.
//!
//! ```text
//! ── Cost per million tokens purchase + electricity ──
//! ● DGX Spark      ███           $3.9   $17.2 per GB/s
//!   3 years at 25 %  $76/year  0.69 kWh/Mtok
//! ```

use ratatui::layout::Rect;

use super::{Clause, Measure, Panel, PanelInput, Row, no_speed, plain_bar};
use crate::model::answer::Answer;
use crate::model::units::{Amount, Digits, Unit};
use crate::ui::view::axis::Axis;
use crate::ui::view::canvas::Canvas;

/// The panel.
pub static PANEL: Panel = Panel {
    id: "money",
    title: "Cost per million tokens",
    figure: "cost.usd-per-mtok",
    remarks,
    foot: None,
    chart: None,
    picture: None,
    row,
    measure: Some(MEASURE),
    bar,
};

const MEASURE: Measure = Measure { axis, value: per_mtok, limit: None, room: (6, &[]) };

fn remarks(input: &PanelInput<'_>) -> Vec<String> {
    let card = input.answers.machines.iter().any(Answer::card_only);
    let card = if card { ", of a bare card without a host" } else { "" };
    vec![
        format!("purchase and electricity{card}; shorter is better"),
        "purchase and electricity".to_owned(),
        "USD".to_owned(),
    ]
}

fn per_mtok(answer: &Answer<'_>) -> Option<f64> {
    answer.estimate?.cost?.usd_per_mtok
}

fn row(input: &PanelInput<'_>, answer: &Answer<'_>, _: usize) -> Row {
    let Some((estimate, cost)) = answer.estimate.and_then(|estimate| Some((estimate, estimate.cost?))) else {
        let instead = ["price in USD not known", "not known"].map(str::to_owned).to_vec();
        return Row { instead, unknown: true, ..Row::default() };
    };
    if estimate.decode.speeds.is_none() {
        return no_speed(input.glyphs, answer);
    }
    let Some(usd) = cost.usd_per_mtok else {
        let instead = ["power under load not known", "not known"].map(str::to_owned).to_vec();
        return Row { instead, unknown: true, ..Row::default() };
    };
    let two = |value: f64, unit| Amount::new(value, unit, Digits::Significant(2)).to_string();
    let gbs = Amount::computed(cost.usd_per_gbs, Unit::Usd);
    let mut details = vec![
        Clause::plain(format!("{} per usable GiB", Amount::computed(cost.usd_per_usable_gib, Unit::Usd))),
        Clause::plain(format!("{gbs} per GB/s")),
    ];
    details.extend(estimate.kwh_per_mtok.map(|kwh| Clause::plain(two(kwh, Unit::KwhPerMtok))));
    details.extend(answer.card_only().then(|| Clause::plain("card only")));
    Row { numbers: vec![two(usd, Unit::Usd), format!("{gbs}/GB/s")], details, ..Row::default() }
}

fn axis(input: &PanelInput<'_>) -> Axis {
    Axis::fixed(Unit::Usd, (0.1, 100.0), input.answers.machines.iter().filter_map(per_mtok))
}

fn bar(canvas: &mut Canvas<'_>, area: Rect, input: &PanelInput<'_>, at: usize) -> u16 {
    plain_bar(&MEASURE, canvas, area, input, at)
}
