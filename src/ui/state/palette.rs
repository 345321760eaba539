//! The palette: one list of everything that can be done, turned, shown or taken.
//!
//! It is read from the tables of actions, views, knobs, machines, models and scenarios: a row added to one of them is
//! found here without a further line.

use super::chooser::{Choice, Chooser, Column};
use super::knobs;
use super::lists::switch;
use super::message::Effect;
use super::state::State;
use super::update::act;
use super::views::VIEWS;
use super::{Overlay, lines};
use crate::model::scenario::knob::KNOBS;
use crate::model::scenario::{self, SCENARIOS};
use crate::model::units::{Amount, Unit};
use crate::ui::input::{ACTIONS, Action, Context};

/// What a row of the palette does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Starts an action.
    Act(Action),
    /// Asks for a value of a knob, by id.
    Knob(&'static str),
    /// Puts a machine on the screen or takes it off, by id.
    Machine(String),
    /// Takes a model, by id.
    Model(String),
    /// Opens a scenario, by name.
    Scenario(&'static str),
}

/// A row in the making: what it does and what is said about it.
struct Row<'a> {
    deed: Deed,
    id: &'a str,
    label: &'a str,
    kind: &'static str,
    /// Keys, or what it is set to.
    now: String,
    about: String,
}

/// The palette as it is now.
pub(super) fn palette(state: &State<'_>) -> Overlay {
    let rows = views(state).chain(actions(state)).chain(knobs(state)).chain(models(state)).chain(machines(state));
    let (rows, deeds): (Vec<Choice>, Vec<Deed>) = rows.chain(scenarios()).map(|row| (choice(&row), row.deed)).unzip();
    let columns = vec![Column::default(), Column { most: 30, ..Column::default() }];
    Overlay::Palette(Chooser::of(columns, rows), deeds)
}

fn choice(row: &Row<'_>) -> Choice {
    let cells = vec![row.kind.to_owned(), row.now.clone()];
    Choice { id: row.id.to_owned(), label: row.label.to_owned(), cells, about: row.about.clone(), ..Choice::default() }
}

/// The keys that start an action in the explorer.
fn keys(state: &State<'_>, action: Action) -> String {
    state.keymap.keys_of(action, Context::Explore).join(" ")
}

fn actions<'a>(state: &'a State<'_>) -> impl Iterator<Item = Row<'a>> {
    let here = |row: &&crate::ui::input::Binding| row.contexts.contains(&Context::Explore);
    // Views come from their own table.
    let rows = ACTIONS.iter().filter(here).filter(|row| !matches!(row.action, Action::View(_)));
    rows.map(move |row| Row {
        deed: Deed::Act(row.action),
        id: row.id,
        label: row.help,
        kind: "do",
        now: keys(state, row.action),
        about: if state.can(row.action) { String::new() } else { "nothing to do for it now".to_owned() },
    })
}

fn views<'a>(state: &'a State<'_>) -> impl Iterator<Item = Row<'a>> {
    VIEWS.iter().enumerate().map(move |(at, view)| Row {
        deed: Deed::Act(Action::View(at)),
        id: view.id,
        label: view.title,
        kind: "view",
        now: keys(state, Action::View(at)),
        about: view.help.to_owned(),
    })
}

fn knobs<'a>(state: &'a State<'_>) -> impl Iterator<Item = Row<'a>> {
    KNOBS.iter().map(|knob| Row {
        deed: Deed::Knob(knob.id),
        id: knob.id,
        label: knob.label,
        kind: "knob",
        now: knob.read(&state.scenario, state.catalog).text.into(),
        about: knob.help.to_owned(),
    })
}

fn models<'a>(state: &'a State<'_>) -> impl Iterator<Item = Row<'a>> {
    state.catalog.models.iter().map(|model| Row {
        deed: Deed::Model(model.id.to_string()),
        id: &model.id,
        label: &model.name,
        kind: "model",
        now: Amount::exact(model.total_params, Unit::Parameters).to_string(),
        about: format!("runs {}", model.name),
    })
}

fn machines<'a>(state: &'a State<'_>) -> impl Iterator<Item = Row<'a>> {
    let known = state.catalog.machines.iter().map(|machine| (&machine.id, &machine.short, &machine.name));
    let copies =
        state.scenario.what_if.iter().filter(|(_, what_if)| what_if.like.is_some()).map(|(id, _)| (id, id, id));
    known.chain(copies).map(|(id, short, name)| {
        let on = state.scenario.machines.contains(id);
        let does = if on { "takes it off the screen" } else { "puts it on the screen" };
        Row {
            deed: Deed::Machine(id.clone()),
            id,
            label: short,
            kind: "machine",
            now: if on { "on the screen" } else { "" }.to_owned(),
            about: format!("{name}: {does}"),
        }
    })
}

fn scenarios<'a>() -> impl Iterator<Item = Row<'a>> {
    SCENARIOS.iter().map(|(name, text)| Row {
        deed: Deed::Scenario(name),
        id: name,
        label: name,
        kind: "scenario",
        now: String::new(),
        about: scenario::from_str(name, text).map(|scenario| scenario.title).unwrap_or_default(),
    })
}

/// Does what the chosen row stands for, at a time.
pub(super) fn perform(state: &mut State<'_>, deed: Deed, at: u64) -> Option<Effect> {
    match deed {
        Deed::Act(action) => return act(state, action, at),
        Deed::Knob(knob) => state.overlay = Some(Overlay::value(knob)),
        Deed::Machine(id) => _ = switch(state, &id),
        Deed::Model(id) => lines::write(state, knobs::MODEL, &id),
        Deed::Scenario(name) => return Some(Effect::Load(name.to_owned())),
    }
    None
}
