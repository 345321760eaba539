//! Adding a model file to the catalog as a model that can be estimated.

use std::path::Path;

use super::{complete, entry, inspect};
use crate::model::catalog::{Catalog, FileModel};
use crate::model::ron_file::visible;

/// File name extensions of model files.
const ENDINGS: [&str; 3] = ["gguf", "safetensors", "json"];

/// Returns true if the file name has the extension of a model file.
#[must_use]
pub fn has_model_extension(path: &Path) -> bool {
    path.extension().is_some_and(|own| ENDINGS.iter().any(|ending| own.eq_ignore_ascii_case(ending)))
}

/// The reason why the model in a file cannot be estimated, as one sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotAdopted(pub String);

/// Adds the model in the file at `path` to the catalog, under the name by which scenarios refer to it.
///
/// # Errors
/// [`NotAdopted`] in the cases that [`adopt_in`] lists, and if the format of the file's weights is not known.
pub fn adopt(catalog: &mut Catalog, name: &str, path: &Path) -> Result<(), NotAdopted> {
    adopt_in(catalog, name, path, false)
}

/// Adds the model in the file at `path` to the catalog, even if the format of its weights is not known.
///
/// An unknown format is accepted only if `format_is_given`: the user has then chosen another format to estimate.
///
/// # Errors
/// [`NotAdopted`] if the file cannot be read, if its model cannot be estimated, or if another file has this name
/// already.
pub fn adopt_in(catalog: &mut Catalog, name: &str, path: &Path, format_is_given: bool) -> Result<(), NotAdopted> {
    let mut facts = inspect(path).map_err(|error| NotAdopted(error.to_string()))?;
    complete(&mut facts, catalog);
    let shown = visible(&path.to_string_lossy());
    let fault = |error: String| NotAdopted(format!("{shown}: it cannot be estimated: {error}"));
    let entry = entry(&facts, catalog).map_err(|error| fault(error.to_string()))?;
    let exact = entry.model.exact_bytes.first().map(|(format, _)| format.clone());
    let known = facts.format_id(catalog).filter(|format| catalog.format(format).is_ok());
    let format = match (entry.format_fault, exact.or(known)) {
        (Some(why), _) if !format_is_given => {
            return Err(fault(format!("{why}; say the format with --format ID (`whichbox list formats` shows them)")));
        }
        (Some(_), _) => None,
        (None, format) => format,
    };
    let file = FileModel { name: name.to_owned(), model: entry.model, format };
    if catalog.file(name).is_some_and(|there| there.model != file.model) {
        return Err(NotAdopted(format!("two scenarios name different files {}", visible(name))));
    }
    catalog.adopt(file, entry.format);
    Ok(())
}
