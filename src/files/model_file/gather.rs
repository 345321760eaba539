//! Finding the files that belong to a path, and reading them by their kind.

use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use super::describe;
use super::facts::Facts;
use super::gguf::{self, Value};
use super::{ModelFileError, Source, config, folder, parts, safetensors};
use crate::model::facts::Date;

/// The first bytes of a GGUF file.
const GGUF: &[u8] = b"GGUF";

/// Reads the model file or the directory of model files at `path`.
///
/// If the weights of a directory are missing (an index without its files, or git-LFS pointers), its configuration is
/// read.
///
/// # Errors
/// [`ModelFileError`] if the path cannot be read, if a file is cut off, or if it is no model file.
pub fn inspect(path: &Path) -> Result<Facts, ModelFileError> {
    let directory = if path.is_dir() { Some(folder::snapshot(path)?) } else { None };
    let file = match &directory {
        Some(directory) => folder::model_file(directory)?,
        None => path.to_owned(),
    };
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut facts = if name.ends_with(".index.json") {
        match folder::missing(&file)? {
            Some(missing) => folder::without_weights(&file, &missing)?,
            None => of_safetensors(&file, &parts::indexed(&file)?)?,
        }
    } else if is_json(&file) {
        describe::config(&file, &config::read(&file)?)
    } else if let Some(pointer) = folder::pointer(&file) {
        if directory.is_none() {
            return Err(ModelFileError::of(&file, format!("{pointer}; get the file itself, with `git lfs pull`")));
        }
        folder::without_weights(&file, &pointer)?
    } else if begins_with_gguf(&file)? {
        of_gguf(&file, &parts::siblings(&file)?)?
    } else {
        of_safetensors(&file, &parts::siblings(&file)?)?
    };
    facts.date = changed(&file);
    Ok(facts)
}

/// Reads one file that is open or in memory: as GGUF if it begins with GGUF's first bytes, otherwise as safetensors.
///
/// # Errors
/// [`ModelFileError`] in the cases that [`inspect`] lists.
pub fn inspect_source(mut source: Source) -> Result<Facts, ModelFileError> {
    let path = PathBuf::from(&source.name);
    if source.is_at(GGUF)? {
        describe::gguf(&path, gguf::read(&mut source)?)
    } else {
        describe::safetensors(&path, safetensors::read(&mut source)?)
    }
}

fn is_json(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"))
}

fn begins_with_gguf(path: &Path) -> Result<bool, ModelFileError> {
    let mut source = Source::open(path)?;
    if source.length < 8 {
        return Err(ModelFileError::of(
            path,
            "it is too short for a model file; GGUF, safetensors and config.json are read",
        ));
    }
    source.is_at(GGUF)
}

/// Returns the date on which a file was last changed.
fn changed(path: &Path) -> Option<Date> {
    let modified = std::fs::metadata(path).ok()?.modified().ok()?;
    let days = modified.duration_since(UNIX_EPOCH).ok()?.as_secs() / 86_400;
    Date::from_days_since_epoch(i64::try_from(days).ok()?)
}

fn of_gguf(path: &Path, files: &[PathBuf]) -> Result<Facts, ModelFileError> {
    let mut whole = gguf::Header::default();
    for (at, file) in files.iter().enumerate() {
        let mut header = gguf::read(&mut Source::open(file)?)?;
        whole.tensors.append(&mut header.tensors);
        whole.unknown.append(&mut header.unknown);
        if at == 0 {
            whole.metadata = header.metadata;
        }
    }
    if let Some(Value::Number(count)) = whole.metadata.get("split.count")
        && files.len() == 1
        && *count > 1.0
    {
        let sentence = format!("it is one of {count} parts; give the parts names that end in -00001-of-0000N.gguf");
        return Err(ModelFileError::of(path, sentence));
    }
    describe::gguf(path, whole)
}

fn of_safetensors(path: &Path, files: &[PathBuf]) -> Result<Facts, ModelFileError> {
    let mut tensors = Vec::new();
    for file in files {
        tensors.append(&mut safetensors::read(&mut Source::open(file)?)?);
    }
    describe::safetensors(path, tensors)
}
