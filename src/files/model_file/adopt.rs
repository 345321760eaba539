//! From a file to a model that can be estimated: what it says, as an entry of the catalog.

use std::path::Path;

use super::{entry, inspect};
use crate::model::catalog::{Catalog, FileModel};
use crate::model::ron_file::visible;

/// Endings of files that describe models.
const ENDINGS: [&str; 3] = ["gguf", "safetensors", "json"];

/// Whether a file of this name would describe a model.
#[must_use]
pub fn is_named_like_one(path: &Path) -> bool {
    path.extension().is_some_and(|own| ENDINGS.iter().any(|ending| own.eq_ignore_ascii_case(ending)))
}

/// Why a file's model cannot be estimated: one sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotAdopted(pub String);

/// Reads the model file at `path` into the catalog, under the name that scenarios give it.
///
/// # Errors
/// [`NotAdopted`] where the file cannot be read or its model cannot be estimated, or where another file has this name.
pub fn adopt(catalog: &mut Catalog, name: &str, path: &Path) -> Result<(), NotAdopted> {
    let facts = inspect(path).map_err(|error| NotAdopted(error.to_string()))?;
    let shown = visible(&path.to_string_lossy());
    let fault = |error: String| NotAdopted(format!("{shown}: it cannot be estimated: {error}"));
    let entry = entry(&facts, catalog).map_err(|error| fault(error.to_string()))?;
    let exact = entry.model.exact_bytes.first().map(|(format, _)| format.clone());
    let known = facts.format_id(catalog).filter(|format| catalog.format(format).is_ok());
    if facts.weights.is_some() && exact.is_none() {
        let format = facts.format.as_deref().unwrap_or("without a name");
        return Err(fault(format!("the catalog has no format {format}, and nothing says where it runs")));
    }
    let file = FileModel { name: name.to_owned(), model: entry.model, format: exact.or(known) };
    if catalog.file(name).is_some_and(|there| there.model != file.model) {
        return Err(NotAdopted(format!("two scenarios name different files {}", visible(name))));
    }
    catalog.adopt(file, entry.format);
    Ok(())
}
