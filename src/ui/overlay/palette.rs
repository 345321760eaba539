//! The palette: one list of all commands, knobs, models, machines and scenarios.
//!
//! Its rows come from the tables of actions, views, knobs, machines, models and scenarios, so a new row in one of them
//! appears here too.

use ratatui::layout::Rect;

use super::machines::switch;
use super::models::MODEL;
use super::{Choice, Chooser, Column, Component, Outcome, list, value};
use crate::model::scenario::knob::KNOBS;
use crate::model::scenario::{self, SCENARIOS};
use crate::model::units::{Amount, Unit};
use crate::ui::input::{ACTIONS, Action, Context};
use crate::ui::state::{Effect, State, VIEWS, run_action, write_knob};
use crate::ui::view::canvas::Canvas;
use crate::ui::view::hit::Hits;

/// The command that a row of the palette runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PaletteCommand {
    /// Runs an action.
    Action(Action),
    /// Asks for the value of a knob, by id.
    Knob(&'static str),
    /// Adds a machine to the comparison or removes it, by id.
    Machine(String),
    /// Chooses a model, by id.
    Model(String),
    /// Opens a scenario, by name.
    Scenario(&'static str),
}

/// The list of all commands, knobs, models, machines and scenarios.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Palette {
    /// Its rows.
    pub list: Chooser,
    /// The command of each row, in the order of the rows.
    pub commands: Vec<PaletteCommand>,
}

/// Opens the palette.
pub(super) fn open(state: &mut State<'_>) -> Option<Effect> {
    let things = models(state).chain(machines(state)).chain(scenarios()).chain(knobs(state)).chain(views(state));
    let (motions, others): (Vec<_>, Vec<_>) = actions(state).partition(|row| is_motion(&row.command));
    // Users of the palette already know the keys of motions, so these come last.
    let rows = things.chain(others).chain(motions).map(|row| (choice(&row), row.command));
    let (rows, commands): (Vec<Choice>, Vec<PaletteCommand>) = rows.unzip();
    let columns = vec![Column::default(), Column { most: 30, ..Column::default() }];
    state.overlay = Some(Palette { list: Chooser::of(columns, rows), commands }.into());
    None
}

impl Component for Palette {
    fn context(&self) -> Context {
        Context::List
    }

    fn handle(&mut self, state: &mut State<'_>, action: Action, at: u64) -> Outcome {
        if action != Action::Accept {
            return Outcome::Unhandled;
        }
        let command = self.list.current().and_then(|(row, _)| self.commands.get(row).cloned());
        Outcome::Closes(command.and_then(|command| command.run(state, at)))
    }

    fn draw(&self, canvas: &mut Canvas<'_>, _: &State<'_>, area: Rect, hits: &mut Hits) {
        list::draw(canvas, area, ("Everything", "type to find"), &self.list, hits);
    }

    fn list(&self) -> Option<&Chooser> {
        Some(&self.list)
    }

    fn list_mut(&mut self) -> Option<&mut Chooser> {
        Some(&mut self.list)
    }
}

impl PaletteCommand {
    /// Runs the command; `at` is the time in milliseconds.
    fn run(self, state: &mut State<'_>, at: u64) -> Option<Effect> {
        match self {
            Self::Action(action) => run_action(state, action, at),
            Self::Knob(knob) => value::open(state, knob),
            Self::Machine(id) => {
                switch(state, &id);
                None
            }
            Self::Model(id) => {
                write_knob(state, MODEL, &id);
                None
            }
            Self::Scenario(name) => Some(Effect::Load(name.to_owned())),
        }
    }
}

/// A row before it becomes a choice in the list.
struct Row<'a> {
    command: PaletteCommand,
    id: &'a str,
    label: &'a str,
    kind: &'static str,
    /// Its keys, or its current value.
    now: String,
    /// Its description.
    about: String,
}

fn choice(row: &Row<'_>) -> Choice {
    let cells = vec![row.kind.to_owned(), row.now.clone()];
    Choice { id: row.id.to_owned(), label: row.label.to_owned(), cells, about: row.about.clone(), ..Choice::default() }
}

/// Returns the keys that start an action in the explorer.
fn keys(state: &State<'_>, action: Action) -> String {
    state.keymap.keys_of(action, Context::Explore).join(" ")
}

/// Returns true if a command moves the focus or a slider, which is done by keys.
fn is_motion(command: &PaletteCommand) -> bool {
    use Action::{
        Down, Least, Less, More, Most, MuchLess, MuchMore, NextKnown, NextRegion, PreviousKnown, PreviousRegion, Up,
    };
    let PaletteCommand::Action(action) = command else { return false };
    matches!(
        action,
        Less | More
            | MuchLess
            | MuchMore
            | Least
            | Most
            | PreviousKnown
            | NextKnown
            | Up
            | Down
            | NextRegion
            | PreviousRegion
    )
}

fn actions<'a>(state: &'a State<'_>) -> impl Iterator<Item = Row<'a>> {
    let here = |row: &&crate::ui::input::Binding| row.contexts.contains(&Context::Explore);
    // Views have a table of their own.
    let rows = ACTIONS.iter().filter(here).filter(|row| !matches!(row.action, Action::View(_)));
    rows.map(move |row| Row {
        command: PaletteCommand::Action(row.action),
        id: row.id,
        label: row.help,
        kind: "do",
        now: keys(state, row.action),
        about: if state.can(row.action) { String::new() } else { "nothing to do for it now".to_owned() },
    })
}

fn views<'a>(state: &'a State<'_>) -> impl Iterator<Item = Row<'a>> {
    VIEWS.iter().enumerate().map(move |(at, view)| Row {
        command: PaletteCommand::Action(Action::View(at)),
        id: view.id,
        label: view.title,
        kind: "view",
        now: keys(state, Action::View(at)),
        about: view.help.to_owned(),
    })
}

fn knobs<'a>(state: &'a State<'_>) -> impl Iterator<Item = Row<'a>> {
    KNOBS.iter().map(|knob| Row {
        command: PaletteCommand::Knob(knob.id),
        id: knob.id,
        label: knob.label,
        kind: "knob",
        now: knob.read(&state.scenario, state.catalog).text,
        about: knob.help.to_owned(),
    })
}

fn models<'a>(state: &'a State<'_>) -> impl Iterator<Item = Row<'a>> {
    state.catalog.models.iter().map(|model| Row {
        command: PaletteCommand::Model(model.id.clone()),
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
            command: PaletteCommand::Machine(id.clone()),
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
        command: PaletteCommand::Scenario(name),
        id: name,
        label: name,
        kind: "scenario",
        now: String::new(),
        about: scenario::from_str(name, text).map(|scenario| scenario.title).unwrap_or_default(),
    })
}
