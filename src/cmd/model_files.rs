//! Reading the model files that a command is about into the catalog, before anything is estimated.

use std::io::Write;
use std::path::Path;

use super::Failure;
use crate::files::model_file::{adopt_in, is_named_like_one};
use crate::model::catalog::Catalog;
use crate::model::catalog::names::NameOf;
use crate::model::ron_file::visible;
use crate::model::scenario::{self, FormatChoice, ModelChoice, Opened, Origin};
use crate::ui::present::deck;

/// Returns true if a model's name is that of a file; a name on a hub (owner/repository) that the catalog knows is not.
pub(super) fn is_file(catalog: &Catalog, name: &str) -> bool {
    let path = Path::new(name);
    let is_known = || catalog.resolve(NameOf::Model, name).is_ok();
    let is_a_path = name.contains(['/', '\\']);
    catalog.model(name).is_err() && (is_named_like_one(path) || path.exists() || (is_a_path && !is_known()))
}

/// Reads the file that a flag names; a format beside it counts before the file's own.
pub(super) fn of_flag(catalog: &mut Catalog, name: &str, format_is_given: bool) -> Result<(), Failure> {
    if is_file(catalog, name) { read(catalog, name, Path::new(name), format_is_given) } else { Ok(()) }
}

/// Reads the file that a scenario names, beside the scenario's own. A fault of the scenario is told when it is opened.
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
    let format_is_given = matches!(opened.scenario.format, FormatChoice::Same(_));
    read(catalog, file, &beside, format_is_given)
}

/// Reads a file and says on standard error what its answer rests on.
fn read(catalog: &mut Catalog, name: &str, path: &Path, format_is_given: bool) -> Result<(), Failure> {
    adopt_in(catalog, name, path, format_is_given).map_err(Failure::input)?;
    let note = catalog.file(name).map(|file| file.model.note.clone()).filter(|note| !note.is_empty());
    if let Some(note) = note {
        // A closed standard error takes no notes, and the answer does not depend on them.
        let _ = writeln!(std::io::stderr(), "whichbox: {}: {}", visible(name), visible(&note));
    }
    Ok(())
}
