//! The machines of the catalog, which can be added to the comparison and removed from it.

use std::sync::Arc;

use ratatui::layout::Rect;

use super::{Choice, Chooser, Column, Component, Outcome, list};
use crate::model::answer::{Answer, answer_scenario};
use crate::model::catalog::Catalog;
use crate::model::catalog::names::NameOf;
use crate::model::facts::{SetupSpec, Split};
use crate::model::scenario::{MACHINES, Scenario};
use crate::model::units::{Amount, GB, Unit};
use crate::ui::input::{Action, Context};
use crate::ui::state::{Effect, Notice, State, complain, replace};
use crate::ui::view::canvas::Canvas;
use crate::ui::view::hit::Hits;

/// The list of machines, on or off.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Machines {
    /// The rows, by the machines' ids.
    pub list: Chooser,
}

/// Opens the list.
pub(super) fn open(state: &mut State<'_>) -> Option<Effect> {
    state.overlay = Some(Machines { list: machines(state) }.into());
    None
}

impl Machines {
    /// Adds the chosen machine to the comparison, or removes it.
    fn toggle(&mut self, state: &mut State<'_>) -> Outcome {
        if let Some((at, id)) = self.list.current().map(|(at, row)| (at, row.id.clone()))
            && switch(state, &id)
            && let Some(row) = self.list.rows.get_mut(at)
        {
            row.on = row.on.map(|on| !on);
        }
        Outcome::Stays
    }
}

/// A function that returns the set-up that a key makes of the chosen one, or the reason why it cannot.
type Rebuild = fn(&Catalog, &SetupSpec) -> Result<SetupSpec, String>;

impl Machines {
    /// Compares the set-up that `change` makes of the chosen row: instead of the set-up, or beside a single machine.
    fn rebuild(&mut self, state: &mut State<'_>, change: Rebuild) -> Outcome {
        let Some(id) = self.list.current().map(|(_, row)| row.id.clone()) else { return Outcome::Stays };
        let spec = id.parse::<SetupSpec>().map_err(|fault| fault.to_string());
        let made = spec.and_then(|spec| Ok((spec.is_single(), change(state.catalog, &spec)?.to_string())));
        match made {
            Ok((beside, made)) => {
                let scenario = placed(&state.scenario, (&id, beside), &made);
                if MACHINES.contains(&scenario.machines.len()) {
                    replace(state, scenario, None);
                    self.list = machines(state);
                    let place = self.list.visible().position(|(_, row)| row.id == made);
                    self.list.chosen = place.unwrap_or(0);
                } else {
                    complain(state, format!("{} to {} machines can be compared", MACHINES.start(), MACHINES.end()));
                }
            }
            Err(reason) => complain(state, reason),
        }
        Outcome::Stays
    }
}

/// Returns the scenario with a set-up instead of `id`, or after it if `beside` is true.
fn placed(scenario: &Scenario, (id, beside): (&str, bool), made: &str) -> Scenario {
    let mut scenario = scenario.clone();
    let machines = Arc::make_mut(&mut scenario.machines);
    let place = machines.iter().position(|machine| machine == id);
    if let Some(place) = place.filter(|_| !beside) {
        machines.remove(place);
    }
    if !machines.iter().any(|machine| machine == made) {
        let place = place.map_or(machines.len(), |place| place + usize::from(beside));
        machines.insert(place, made.to_owned());
    }
    scenario
}

fn with_one_more(_: &Catalog, spec: &SetupSpec) -> Result<SetupSpec, String> {
    spec.with_one_more().map_err(|fault| fault.to_string())
}

/// Returns the set-up with the next split: first the runtime's default, then each split.
fn with_next_split(_: &Catalog, spec: &SetupSpec) -> Result<SetupSpec, String> {
    let split = next(&Split::ALL, spec.split.as_ref());
    several(spec).map(|spec| SetupSpec { split, ..spec })
}

/// Returns the set-up with the next link: first the usual one, then each link of the catalog.
fn with_next_link(catalog: &Catalog, spec: &SetupSpec) -> Result<SetupSpec, String> {
    let links: Vec<String> = catalog.links.iter().map(|link| link.id.clone()).collect();
    let link = next(&links, spec.link.as_ref());
    several(spec).map(|spec| SetupSpec { link, ..spec })
}

/// Returns the element after `now`; `None` comes before the first and after the last.
fn next<T: Clone + PartialEq>(all: &[T], now: Option<&T>) -> Option<T> {
    let place = now.and_then(|now| all.iter().position(|it| it == now)).map_or(0, |place| place + 1);
    all.get(place).cloned()
}

/// Returns a set-up of several devices unchanged. A single device has neither split nor link, so it gives an error.
fn several(spec: &SetupSpec) -> Result<SetupSpec, String> {
    if spec.is_single() {
        return Err("one device has no split and no link; + adds one more of it".to_owned());
    }
    Ok(spec.clone())
}

impl Component for Machines {
    fn context(&self) -> Context {
        Context::Checklist
    }

    fn handle(&mut self, state: &mut State<'_>, action: Action, _: u64) -> Outcome {
        match action {
            Action::Toggle => self.toggle(state),
            Action::OneMore => self.rebuild(state, with_one_more),
            Action::NextSplit => self.rebuild(state, with_next_split),
            Action::NextLink => self.rebuild(state, with_next_link),
            Action::Accept => Outcome::Closes(None),
            _ => Outcome::Unhandled,
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, state: &State<'_>, area: Rect, hits: &mut Hits) {
        let heading = ("Machines", "type to narrow");
        list::draw_with(canvas, area, heading, (&self.list, preview(state, &self.list)), hits);
    }

    fn list(&self) -> Option<&Chooser> {
        Some(&self.list)
    }

    fn list_mut(&mut self) -> Option<&mut Chooser> {
        Some(&mut self.list)
    }

    fn text_changed(&mut self, state: &State<'_>) {
        self.list.meant = state.catalog.all_meant(NameOf::Machine, &self.list.filter);
    }

    fn choose(&mut self, state: &mut State<'_>, place: usize) -> Outcome {
        self.list.chosen = place;
        self.list.step(0);
        self.toggle(state)
    }
}

/// Returns all machines, the compared ones first.
fn machines(state: &State<'_>) -> Chooser {
    let known = state.scenario.all_machines(state.catalog);
    let mut machines: Vec<String> = known.iter().map(|machine| machine.id.clone()).collect();
    machines.extend(state.scenario.machines.iter().filter(|id| SetupSpec::is_written(id)).cloned());
    let everywhere = Scenario { machines: machines.into(), ..state.scenario.clone() };
    let all = answer_scenario(state.catalog, &everywhere).map(|all| all.machines).unwrap_or_default();
    let mut rows: Vec<Choice> = all.iter().map(|answer| row(state, answer)).collect();
    rows.sort_by_key(|row| row.on != Some(true));
    Chooser::of(columns(state), rows)
}

/// Returns the machine's name; for a set-up also the split and the link in use.
fn label(answer: &Answer<'_>) -> String {
    let short = &answer.machine.short;
    answer
        .setup
        .as_ref()
        .map_or_else(|| short.clone(), |(setup, split)| format!("{short} · {} · {}", split.word(), setup.link.id))
}

fn row(state: &State<'_>, answer: &Answer<'_>) -> Choice {
    let machine = &answer.machine;
    let speeds = answer.estimate.and_then(|estimate| estimate.decode.speeds);
    let price = answer.computer_price();
    Choice {
        id: machine.id.clone(),
        label: label(answer),
        cells: vec![
            Amount::exact(machine.memory_gb.value, Unit::Count).to_string(),
            Amount::exact(machine.bandwidth_gbs.value * GB, Unit::BytesPerSecond).number(),
            price.map_or_else(String::new, |price| Amount::exact(price.usd, Unit::Usd).to_string()),
            speeds.map_or_else(String::new, |speeds| {
                Amount::computed(speeds.each.expected, Unit::TokensPerSecond).number()
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
    let text = |title: String| Column { title, ..Column::default() };
    let numbers = ["GB", "GB/s", "price, whole", "tok/s"].map(Column::number);
    numbers
        .into_iter()
        .chain([text(format!("GiB for {model}")), text("kind".to_owned()), text(String::new())])
        .collect()
}

/// Returns in few words if the machine runs the current model and if it fits.
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

/// Returns the scenario with a machine added to the comparison, or removed.
fn switched(scenario: &Scenario, id: &str) -> Scenario {
    let mut scenario = scenario.clone();
    if scenario.machines.iter().any(|machine| machine == id) {
        Arc::make_mut(&mut scenario.machines).retain(|machine| machine != id);
    } else {
        Arc::make_mut(&mut scenario.machines).push(id.to_owned());
    }
    scenario
}

/// Returns the answer after the chosen machine is added or removed.
fn preview(state: &State<'_>, list: &Chooser) -> Option<String> {
    let scenario = switched(&state.scenario, &list.current()?.1.id);
    MACHINES.contains(&scenario.machines.len()).then(|| list::answer_line(state.catalog, &scenario))?
}

/// Adds a machine to the comparison and shows a notice of it.
pub(in crate::ui) fn show(state: &mut State<'_>, id: &str, name: &str) {
    if switch(state, id) {
        let text = state.keymap.told(&format!("{name} is on the screen; {{undo}} takes it off"));
        state.notice = Some(Notice { text, bad: false });
    }
}

/// Adds a machine to the comparison or removes it, within the allowed number of machines. Returns true if it did.
pub(super) fn switch(state: &mut State<'_>, id: &str) -> bool {
    let scenario = switched(&state.scenario, id);
    if !MACHINES.contains(&scenario.machines.len()) {
        let text = format!("{} to {} machines can be compared", MACHINES.start(), MACHINES.end());
        complain(state, text);
        return false;
    }
    replace(state, scenario, None);
    true
}
