//! From a path to what is there: which kind of file it is and which files belong to it.

use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use super::describe;
use super::facts::Facts;
use super::gguf::{self, Value};
use super::{ModelFileError, Source, config, parts, safetensors};
use crate::model::facts::Date;
use crate::model::ron_file::visible;

/// How a GGUF file begins.
const GGUF: &[u8] = b"GGUF";

/// What the model file or the directory of model files at `path` says.
///
/// # Errors
/// [`ModelFileError`] where it cannot be read, is cut off or is no model file.
pub fn inspect(path: &Path) -> Result<Facts, ModelFileError> {
    let path = if path.is_dir() { within(path)? } else { path.to_owned() };
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let mut facts = if is_json(&path) {
        if name.ends_with(".index.json") {
            of_safetensors(&path, &parts::indexed(&path)?)?
        } else {
            describe::config(&path, &config::read(&path)?)
        }
    } else if begins_with_gguf(&path)? {
        of_gguf(&path, &parts::siblings(&path)?)?
    } else {
        of_safetensors(&path, &parts::siblings(&path)?)?
    };
    facts.date = changed(&path);
    Ok(facts)
}

/// What one file says whose bytes are in memory or open already: GGUF by its mark, else safetensors.
///
/// # Errors
/// [`ModelFileError`] as of [`inspect`].
pub fn inspect_source(mut source: Source) -> Result<Facts, ModelFileError> {
    let path = PathBuf::from(&source.name);
    if source.is_at(GGUF)? {
        describe::gguf(&path, gguf::read(&mut source)?)
    } else {
        describe::safetensors(&path, safetensors::read(&mut source)?)
    }
}

/// The file of a directory that stands for the model.
fn within(directory: &Path) -> Result<PathBuf, ModelFileError> {
    let unreadable = |error: std::io::Error| ModelFileError::io(&visible(&directory.to_string_lossy()), &error);
    let mut names = Vec::new();
    for entry in std::fs::read_dir(directory).map_err(unreadable)?.take(100_000) {
        names.push(entry.map_err(unreadable)?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    let ending = |ending: &str| -> Vec<&String> { names.iter().filter(|name| name.ends_with(ending)).collect() };
    let firsts = |names: Vec<&String>| -> Vec<PathBuf> {
        let first = |name: &&&String| parts::numbered(name).is_none_or(|(_, number, _, _)| number == 1);
        names.iter().filter(first).map(|name| directory.join(name)).collect()
    };
    let index = ending(".safetensors.index.json");
    if let Some(index) = index.iter().find(|name| ***name == "model.safetensors.index.json").or(index.first()) {
        return Ok(directory.join(index));
    }
    if names.iter().any(|name| name == "model.safetensors") {
        return Ok(directory.join("model.safetensors"));
    }
    let files = [firsts(ending(".safetensors")), firsts(ending(".gguf"))].concat();
    match files.as_slice() {
        [one] => Ok(one.clone()),
        [] if names.iter().any(|name| name == "config.json") => Ok(directory.join("config.json")),
        [] => Err(ModelFileError::of(directory, "there is no GGUF, safetensors or config.json file in it")),
        many => {
            let shown: Vec<String> =
                many.iter().take(8).filter_map(|file| Some(file.file_name()?.to_string_lossy().into_owned())).collect();
            Err(ModelFileError::of(directory, format!("several models are in it; name one of {}", shown.join(", "))))
        }
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

/// The day on which a file was last changed.
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
