//! From a file to a model that can be estimated: what it says, as an entry of the catalog.

use std::path::Path;

use super::{complete, entry, inspect};
use crate::model::catalog::{Catalog, FileModel};
use crate::model::ron_file::visible;

/// Endings of files that describe models.
const ENDINGS: [&str; 3] = ["gguf", "safetensors", "json"];

/// Returns true where a file of this name would describe a model.
#[must_use]
pub fn is_named_like_one(path: &Path) -> bool {
    path.extension().is_some_and(|own| ENDINGS.iter().any(|ending| own.eq_ignore_ascii_case(ending)))
}

/// The reason why a file's model cannot be estimated: one sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotAdopted(pub String);

/// Reads the model file at `path` into the catalog, under the name that scenarios give it.
///
/// # Errors
/// [`NotAdopted`] as of [`adopt_in`], and where the format of the file is not known.
pub fn adopt(catalog: &mut Catalog, name: &str, path: &Path) -> Result<(), NotAdopted> {
    adopt_in(catalog, name, path, false)
}

/// The same; a file whose format is not known is taken where `format_is_given`, since another format is estimated then.
///
/// # Errors
/// [`NotAdopted`] where the file cannot be read or its model cannot be estimated, or where another file has this name.
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
