//! The model picker: all models by size with their memory and speeds, and a typed size.

use std::path::PathBuf;

use ratatui::layout::Rect;

use super::{Choice, Chooser, Column, Component, Outcome, Overlay, list};
use crate::model::answer::{Answer, estimate_machines};
use crate::model::catalog::names::NameOf;
use crate::model::facts::Model;
use crate::model::scenario::knob::knob;
use crate::model::scenario::{ModelChoice, Scenario};
use crate::model::units::{Amount, Unit};
use crate::ui::input::{Action, Context};
use crate::ui::state::{Effect, State, write_knob};
use crate::ui::view::canvas::Canvas;
use crate::ui::view::hit::Hits;

/// The id of the knob that chooses the model.
pub(in crate::ui) const MODEL: &str = "model";

/// The list of models, with their memory and speeds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Models {
    /// The rows, by the models' ids.
    pub list: Chooser,
}

/// Opens the picker. The user's model files are added once they have been listed.
#[expect(clippy::unnecessary_wraps, reason = "the openers of overlays have one signature")]
pub(super) fn open(state: &mut State<'_>) -> Option<Effect> {
    state.overlay = Some(Models { list: models(state) }.into());
    Some(Effect::ModelFiles)
}

impl Component for Models {
    fn context(&self) -> Context {
        Context::List
    }

    fn handle(&mut self, state: &mut State<'_>, action: Action, _: u64) -> Outcome {
        if action != Action::Accept {
            return Outcome::Unhandled;
        }
        let Some((_, row)) = self.list.current() else { return Outcome::Closes(None) };
        if let Some(path) = file_of(&row.id) {
            return Outcome::Closes(Some(Effect::ReadModel(path)));
        }
        write_knob(state, MODEL, &row.id);
        Outcome::Closes(None)
    }

    fn draw(&self, canvas: &mut Canvas<'_>, state: &State<'_>, area: Rect, hits: &mut Hits) {
        let heading = ("Models", "type a name, or a size such as 120b/12b");
        list::draw_with(canvas, area, heading, (&self.list, preview(state, &self.list)), hits);
    }

    fn list(&self) -> Option<&Chooser> {
        Some(&self.list)
    }

    fn list_mut(&mut self) -> Option<&mut Chooser> {
        Some(&mut self.list)
    }

    fn text_changed(&mut self, state: &State<'_>) {
        self.list.meant = state.catalog.all_meant(NameOf::Model, &self.list.filter);
        self.offer_typed_size(state);
    }
}

/// Returns all models of the catalog, smallest first, with the current one chosen.
fn models(state: &State<'_>) -> Chooser {
    let mut models: Vec<&Model> = state.catalog.models.iter().collect();
    models.sort_by(|a, b| a.total_params.total_cmp(&b.total_params).then(a.name.cmp(&b.name)));
    let row = |model: &&Model| {
        let choice = ModelChoice::Catalog(model.id.clone());
        Choice { id: model.id.clone(), label: model.name.clone(), ..about(state, choice) }
    };
    let mut list = Chooser::of(columns(state.answers.machines.len()), models.iter().map(row).collect());
    if let ModelChoice::Catalog(id) = &state.scenario.model {
        list.chosen = list.rows.iter().position(|row| row.id == *id).unwrap_or(0);
    }
    list
}

/// Returns the columns, most important first: if there is no room, they are left out from the right.
fn columns(machines: usize) -> Vec<Column> {
    let speed = |at: usize| Column { machine: Some(at), ..Column::number("tok/s") };
    let kind = Column { title: "kind".to_owned(), ..Column::default() };
    let sizes = ["size", "active", "GiB"].map(Column::number);
    let others = ["cache GiB", "most context", "released"].map(Column::number);
    sizes.into_iter().chain((0..machines).map(speed)).chain(others).chain([kind]).collect()
}

/// Returns the row of a model in the current scenario, without its id and name.
fn about(state: &State<'_>, model: ModelChoice) -> Choice {
    let scenario = Scenario { model, ..state.scenario.clone() };
    let machines = estimate_machines(state.catalog, &scenario).unwrap_or_default();
    let Some(first) = machines.first() else { return Choice::default() };
    let model = &first.model;
    let params = |count| Amount::exact(count, Unit::Parameters).to_string();
    let released = model.released.map_or_else(String::new, |date| date.to_string());
    let memory = first.estimate.map(|estimate| estimate.memory);
    let gib = |bytes: Option<f64>| {
        bytes.map_or_else(String::new, |bytes| Amount::computed(bytes, Unit::MemoryBytes).number())
    };
    let sizes = [params(model.total_params), params(model.active_params), gib(memory.map(|memory| memory.total))];
    let others = [
        gib(memory.map(|memory| memory.kv)),
        Amount::exact(model.max_context, Unit::Count).to_string(),
        released,
        model.kind.word().to_owned(),
    ];
    let cells = sizes.into_iter().chain(machines.iter().map(speed)).chain(others).collect();
    let about = "GiB: in memory for the scenario; tok/s: expected for each stream".to_owned();
    Choice { cells, about, ..Choice::default() }
}

/// Returns the expected speed of one stream in tok/s; empty if the machine does not run the model.
fn speed(answer: &Answer<'_>) -> String {
    let speeds = answer.estimate.filter(|estimate| estimate.memory.fits).and_then(|estimate| estimate.decode.speeds);
    speeds.map_or_else(String::new, |speeds| Amount::computed(speeds.each.expected, Unit::TokensPerSecond).number())
}

/// The prefix of the ids of rows for model files.
const FILE: &str = "file:";

/// Returns the path of a row's model file; `None` for other rows.
fn file_of(id: &str) -> Option<PathBuf> {
    id.strip_prefix(FILE).map(PathBuf::from)
}

/// Adds the user's model files below the models of the catalog, if the picker is open.
pub(in crate::ui) fn add_files(state: &mut State<'_>, files: &[(String, PathBuf, u64)]) {
    let Some(Overlay::Models(Models { list })) = &mut state.overlay else { return };
    let row = |(name, path, bytes): &(String, PathBuf, u64)| Choice {
        id: format!("{FILE}{}", path.to_string_lossy()),
        label: name.clone(),
        cells: vec![String::new(), String::new(), Amount::computed(*bytes as f64, Unit::MemoryBytes).number()],
        about: format!("your file {}: Enter reads it", crate::model::ron_file::visible(&path.to_string_lossy())),
        ..Choice::default()
    };
    list.rows.extend(files.iter().map(row));
}

/// Returns the answer with the chosen model.
fn preview(state: &State<'_>, list: &Chooser) -> Option<String> {
    let (_, row) = list.current().filter(|(_, row)| file_of(&row.id).is_none())?;
    let mut scenario = state.scenario.clone();
    knob(MODEL).ok()?.write(&mut scenario, state.catalog, &row.id).ok()?;
    list::answer_line(state.catalog, &scenario)
}

impl Models {
    /// Offers the typed size as the first row, if it is one.
    fn offer_typed_size(&mut self, state: &State<'_>) {
        let typed = self.list.filter.trim().to_owned();
        let choice = knob(MODEL).ok().and_then(|knob| {
            let mut scenario = state.scenario.clone();
            knob.write(&mut scenario, state.catalog, &typed).ok()?;
            let setting = knob.read(&scenario, state.catalog);
            match scenario.model {
                ModelChoice::Catalog(_) | ModelChoice::File(_) => None,
                custom => {
                    Some(Choice { id: typed, label: format!("custom: {}", setting.text), ..about(state, custom) })
                }
            }
        });
        let known = |id: &str| state.catalog.models.iter().any(|model| model.id == id);
        self.list.rows.retain(|row| known(&row.id) || file_of(&row.id).is_some());
        self.list.rows.splice(0..0, choice);
    }
}
