//! Power: the power of a machine at idle, with one stream and under load, with its metering.
//!
//! ```text
//! ── Power W under load ──────────────────────────
//! ● DGX Spark      ███            130   25 idle   27 to 45 one stream
//!   95 to 156 W measured, at the wall   $76/year
//! ```

use ratatui::layout::Rect;

use super::{Clause, Measure, Panel, PanelInput, Row, plain_bar};
use crate::model::answer::{Answer, powers};
use crate::model::units::{Amount, Digits, Unit};
use crate::ui::view::axis::Axis;
use crate::ui::view::canvas::Canvas;

/// The panel.
pub static PANEL: Panel = Panel {
    id: "power",
    title: "Power",
    figure: "power.load",
    remarks,
    foot: None,
    chart: None,
    picture: None,
    row,
    measure: Some(MEASURE),
    bar,
};

const MEASURE: Measure =
    Measure { axis, value: load, limit: Some(("watts", |input| input.scenario.limits.max_watts)), room: (6, &[9]) };

fn remarks(_: &PanelInput<'_>) -> Vec<String> {
    ["W under load, of the machine as sold", "W under load", "W"].map(str::to_owned).to_vec()
}

fn row(input: &PanelInput<'_>, answer: &Answer<'_>, _: usize) -> Row {
    let powers = powers(input.catalog, answer);
    let Some(load) = powers.load else {
        let instead = ["power under load not known", "not known"].map(str::to_owned).to_vec();
        return Row { instead, unknown: true, ..Row::default() };
    };
    let watts = |value: f64| Amount::exact(value, Unit::Watts).number();
    let idle = powers.idle.map_or_else(|| "idle not known".to_owned(), |idle| format!("{} idle", watts(idle.high)));
    let mut details = vec![Clause::plain(format!("{} {}", load.words(), load.basis))];
    details.push(Clause::plain(match powers.one_stream {
        Some(one) => format!("one stream {} {}", one.words(), one.basis),
        None => "not measured at one stream".to_owned(),
    }));
    details.extend(bill(answer).map(Clause::plain));
    Row { numbers: vec![watts(load.typical.unwrap_or(load.high)), idle], details, ..Row::default() }
}

/// Returns the yearly electricity of the working computer, in words.
fn bill(answer: &Answer<'_>) -> Option<String> {
    let bill = answer.estimate?.bill?;
    let usd = |usd| Amount::new(usd, Unit::UsdPerYear, Digits::Significant(2));
    let host = if answer.host.is_some() { " with a host" } else { "" };
    Some(match bill.total {
        Some(total) => format!("{}{host}", usd(total)),
        None => format!("{}{host} generating, idle not known", usd(bill.load)),
    })
}

fn load(answer: &Answer<'_>) -> Option<f64> {
    answer.machine.load_w.as_ref().map(|fact| fact.value)
}

fn axis(input: &PanelInput<'_>) -> Axis {
    let all = input.catalog.machines.iter().filter_map(|machine| Some(machine.load_w.as_ref()?.value));
    Axis::over(Unit::Watts, all)
}

fn bar(canvas: &mut Canvas<'_>, area: Rect, input: &PanelInput<'_>, at: usize) -> u16 {
    plain_bar(&MEASURE, canvas, area, input, at)
}
