//! The model files that the steps of a deck name; they are read before the steps are resolved.

use std::path::{Path, PathBuf};

use super::DECKS;
use super::file::{DeckFile, StepFile};
use super::resolve::{Source, is_deck, is_inside};
use crate::files::model_file::{adopt, has_model_extension};
use crate::model::catalog::Catalog;
use crate::model::ron_file::{self, FileError, visible};
use crate::model::scenario::{self, ModelChoice};

/// The id of the knob that sets the model.
const MODEL: &str = "model";

/// A model file, and the place in the deck that names it.
struct Named<'s> {
    /// The step's field that names it.
    field: &'static str,
    /// The text in that field that an error is shown at.
    needle: &'s str,
    /// The name of the model in the catalog.
    name: String,
    /// The path of the file.
    path: PathBuf,
    /// True if the file is in the deck's directory or below.
    inside: bool,
}

/// Reads the model files that the steps of the deck `name` set, either by themselves or through their scenarios. Other
/// errors in the deck are left to opening it.
///
/// # Errors
/// [`FileError`] with the place that names a file which the deck may not read, or whose model cannot be estimated.
pub fn read_models(catalog: &mut Catalog, name: &str) -> Result<(), FileError> {
    if DECKS.iter().any(|(id, _)| *id == name) {
        return Ok(());
    }
    let path = Path::new(name);
    let Some(file) = ron_file::read(path).ok().filter(|file| is_deck(&file.text)) else { return Ok(()) };
    let Ok(deck) = ron_file::from_str::<DeckFile>(&file.name, &file.text) else { return Ok(()) };
    let directory = path.parent().unwrap_or(Path::new(""));
    let source = Source { name: &file.name, text: &file.text, directory: Some(directory) };
    for (at, step) in deck.steps.iter().enumerate() {
        for model in [by_scenario(directory, step), by_knob(catalog, directory, step)].into_iter().flatten() {
            if !model.inside {
                let sentence = format!(
                    "\"{}\": a deck takes model files from its own directory and below only",
                    visible(&model.name)
                );
                return Err(source.fault(at, model.field, model.needle, sentence));
            }
            adopt(catalog, &model.name, &model.path)
                .map_err(|error| source.fault(at, model.field, model.needle, error))?;
        }
    }
    Ok(())
}

/// Returns the model file that the step's scenario names, which is relative to that scenario's file.
fn by_scenario<'s>(directory: &Path, step: &'s StepFile) -> Option<Named<'s>> {
    let needle = step.scenario.as_deref().filter(|name| is_inside(directory, Path::new(name)))?;
    if scenario::SCENARIOS.iter().any(|(id, _)| *id == needle) {
        return None;
    }
    let path = directory.join(needle);
    let ModelChoice::File(name) = scenario::open(&path).ok()?.scenario.model else { return None };
    let relative = Path::new(needle).with_file_name(&name);
    let inside = is_inside(directory, &relative) && Path::new(&name).is_relative();
    let path = directory.join(relative);
    Some(Named { field: "scenario", needle, name: name.clone(), path, inside })
}

/// Returns the model file that the step sets, which is relative to the deck's file.
fn by_knob<'s>(catalog: &Catalog, directory: &Path, step: &'s StepFile) -> Option<Named<'s>> {
    let needle = step.set.get(MODEL)?.0.as_str();
    if catalog.models.iter().any(|model| model.id == needle) {
        return None;
    }
    let (path, inside) = (directory.join(needle), is_inside(directory, Path::new(needle)));
    // A file outside the directory is never opened.
    let is_file = has_model_extension(Path::new(needle)) || (inside && !needle.is_empty() && path.exists());
    is_file.then(|| Named { field: "set", needle, name: needle.to_owned(), path, inside })
}
