//! The lists that lie over the explorer: machines to put on the screen, scenarios to open.

use std::sync::Arc;

use super::chooser::{Choice, Chooser, Column};
use super::edit::replace;
use super::message::Effect;
use super::overlay::Overlay;
use super::state::{Notice, State};
use crate::model::answer::{Answer, answer_scenario};
use crate::model::scenario::{MACHINES, Scenario};
use crate::model::units::{Amount, GB, Unit};

/// All machines, those on the screen first, with what matters for choosing among them.
pub(super) fn machines(state: &State<'_>) -> Chooser {
    let known = state.scenario.all_machines(state.catalog);
    let machines: Vec<String> = known.iter().map(|machine| machine.id.clone()).collect();
    let everywhere = Scenario { machines: machines.into(), ..state.scenario.clone() };
    let all = answer_scenario(state.catalog, &everywhere).map(|all| all.machines).unwrap_or_default();
    let mut rows: Vec<Choice> = all.iter().map(|answer| row(state, answer)).collect();
    rows.sort_by_key(|row| row.on != Some(true));
    Chooser::of(columns(state), rows)
}

fn row(state: &State<'_>, answer: &Answer<'_>) -> Choice {
    let machine = &answer.machine;
    let speeds = answer.estimate.and_then(|estimate| estimate.decode.speeds);
    let price = answer.computer_price();
    Choice {
        id: machine.id.clone(),
        label: machine.short.clone(),
        cells: vec![
            Amount::exact(machine.memory_gb.value, Unit::Count).to_string(),
            Amount::exact(machine.bandwidth_gbs.value * GB, Unit::BytesPerSecond).number().into(),
            price.map_or_else(String::new, |price| Amount::exact(price.usd, Unit::Usd).to_string()),
            speeds.map_or_else(String::new, |speeds| {
                Amount::computed(speeds.each.expected, Unit::TokensPerSecond).number().into()
            }),
            fit(answer),
            machine.kind.word().to_owned(),
            machine.name.clone(),
        ],
        on: Some(state.scenario.machines.contains(&machine.id)),
        ..Choice::default()
    }
}

fn columns(state: &State<'_>) -> Vec<Column> {
    let model = state.answers.machines.first().map_or("the model", |answer| &answer.model.name);
    let number = |title: &str| Column { title: title.to_owned(), number: true, most: 0 };
    let text = |title: String| Column { title, ..Column::default() };
    let numbers = ["GB", "GB/s", "price, whole", "tok/s"].map(number);
    numbers
        .into_iter()
        .chain([text(format!("GiB for {model}")), text("kind".to_owned()), text(String::new())])
        .collect()
}

/// Whether the present model runs there, in few words.
fn fit(answer: &Answer<'_>) -> String {
    match (&answer.refused, &answer.estimate) {
        (None, Some(estimate)) => {
            let gib = |bytes| Amount::computed(bytes, Unit::MemoryBytes).number();
            let word = if estimate.memory.fits { "fits" } else { "does not fit" };
            format!("{word}: {} of {}", gib(estimate.memory.total), gib(estimate.memory.usable))
        }
        _ => format!("does not run {}", answer.format.id),
    }
}

/// Puts the chosen machine on the screen or takes it off.
pub(super) fn toggle(state: &mut State<'_>) {
    let Some(Overlay::Machines(list)) = &state.overlay else { return };
    let Some((at, id)) = list.current().map(|(at, row)| (at, row.id.clone())) else { return };
    let switched = switch(state, &id);
    if let Some(Overlay::Machines(list)) = &mut state.overlay
        && let Some(row) = list.rows.get_mut(at).filter(|_| switched)
    {
        row.on = row.on.map(|on| !on);
    }
}

/// Puts a machine on the screen or takes it off, where there is room for it and another one left; says whether it did.
pub(super) fn switch(state: &mut State<'_>, id: &str) -> bool {
    let mut scenario = state.scenario.clone();
    if scenario.machines.iter().any(|machine| machine == id) {
        Arc::make_mut(&mut scenario.machines).retain(|machine| machine != id);
    } else {
        Arc::make_mut(&mut scenario.machines).push(id.to_owned());
    }
    if !MACHINES.contains(&scenario.machines.len()) {
        let text = format!("{} to {} machines can be compared", MACHINES.start(), MACHINES.end());
        state.notice = Some(Notice { text, bad: true });
        return false;
    }
    replace(state, scenario, None);
    true
}

/// What opening the chosen row asks for.
pub(super) fn opened(list: &Chooser) -> Option<Effect> {
    list.current().map(|(_, row)| Effect::Load(row.id.clone()))
}
