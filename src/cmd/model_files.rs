//! Reading the model files that a command is about into the catalog, before anything is estimated.

use std::path::Path;

use super::Failure;
use crate::files::model_file::{adopt, is_named_like_one};
use crate::model::catalog::Catalog;
use crate::model::scenario::{self, ModelChoice, Opened, Origin};
use crate::ui::present::deck;

/// Whether a model's name is that of a file.
pub(super) fn is_file(catalog: &Catalog, name: &str) -> bool {
    let path = Path::new(name);
    catalog.model(name).is_err() && (is_named_like_one(path) || name.contains('/') || path.exists())
}

/// Reads the file that a flag names.
pub(super) fn of_flag(catalog: &mut Catalog, name: &str) -> Result<(), Failure> {
    if is_file(catalog, name) { read(catalog, name, Path::new(name)) } else { Ok(()) }
}

/// Reads the file that a scenario names, beside the scenario's own. What is wrong with the scenario is said by who opens it.
pub(super) fn of_scenario(catalog: &mut Catalog, name: &str) -> Result<(), Failure> {
    match scenario::find(name) {
        Ok(opened) => of_opened(catalog, &opened),
        Err(_) => Ok(()),
    }
}

/// Reads the files that a deck's steps name, or the one that a scenario names.
pub(super) fn of_deck(catalog: &mut Catalog, name: &str) -> Result<(), Failure> {
    deck::read_models(catalog, name).map_err(Failure::input)?;
    of_scenario(catalog, name)
}

/// Reads the file that an open scenario names.
pub(super) fn of_opened(catalog: &mut Catalog, opened: &Opened) -> Result<(), Failure> {
    let ModelChoice::File(file) = &opened.scenario.model else { return Ok(()) };
    let beside = match &opened.origin {
        Origin::File { path, .. } => path.with_file_name(file),
        Origin::BuiltIn(_) => Path::new(file).to_owned(),
    };
    read(catalog, file, &beside)
}

fn read(catalog: &mut Catalog, name: &str, path: &Path) -> Result<(), Failure> {
    adopt(catalog, name, path).map_err(Failure::input)
}
