//! Reading the model files that a command names into the catalog, before anything is estimated.

use std::io::Write;
use std::path::Path;

use super::Failure;
use crate::files::model_file::{adopt_in, has_model_extension};
use crate::model::catalog::Catalog;
use crate::model::catalog::names::NameOf;
use crate::model::ron_file::visible;
use crate::model::scenario::{self, FormatChoice, ModelChoice, Opened, Origin};
use crate::ui::present::deck;

/// Returns true if a model's name is that of a file, and not a hub name (owner/repository) that the catalog knows.
pub(super) fn is_file(catalog: &Catalog, name: &str) -> bool {
    let path = Path::new(name);
    let is_known = || catalog.resolve(NameOf::Model, name).is_ok();
    let is_a_path = name.contains(['/', '\\']);
    catalog.model(name).is_err() && (has_model_extension(path) || path.exists() || (is_a_path && !is_known()))
}

/// Reads the file that a flag names; `format_is_given` if another flag states the format to estimate.
pub(super) fn of_flag(catalog: &mut Catalog, name: &str, format_is_given: bool) -> Result<(), Failure> {
    if is_file(catalog, name) { read(catalog, name, Path::new(name), format_is_given) } else { Ok(()) }
}

/// Reads the model file that a scenario names. Errors of the scenario itself are reported when it is opened.
pub(super) fn of_scenario(catalog: &mut Catalog, name: &str) -> Result<(), Failure> {
    match scenario::find(name) {
        Ok(opened) => of_opened(catalog, &opened),
        Err(_) => Ok(()),
    }
}

/// Reads the model files that a deck's steps or a scenario name.
pub(super) fn of_deck(catalog: &mut Catalog, name: &str) -> Result<(), Failure> {
    deck::read_models(catalog, name).map_err(Failure::input)?;
    of_scenario(catalog, name)
}

/// Reads the model file that an open scenario names, relative to the scenario's own file.
pub(super) fn of_opened(catalog: &mut Catalog, opened: &Opened) -> Result<(), Failure> {
    let ModelChoice::File(file) = &opened.scenario.model else { return Ok(()) };
    let beside = match &opened.origin {
        Origin::File { path, .. } => path.with_file_name(file),
        Origin::BuiltIn(_) => Path::new(file).to_owned(),
    };
    let format_is_given = matches!(opened.scenario.format, FormatChoice::Same(_));
    read(catalog, file, &beside, format_is_given)
}

/// Reads a model file and prints the note on its model, if any, on standard error.
fn read(catalog: &mut Catalog, name: &str, path: &Path, format_is_given: bool) -> Result<(), Failure> {
    adopt_in(catalog, name, path, format_is_given).map_err(Failure::input)?;
    let note = catalog.file(name).map(|file| file.model.note.clone()).filter(|note| !note.is_empty());
    if let Some(note) = note {
        // An error here means that standard error is closed, and the answer does not depend on the note.
        let _ = writeln!(std::io::stderr(), "whichbox: {}: {}", visible(name), visible(&note));
    }
    Ok(())
}
