//! Directories of model files: the Hugging Face cache, repositories of git-LFS pointers, models beside projectors and
//! adapters.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::facts::Facts;
use super::{ModelFileError, config, describe, json, parts, source};
use crate::model::ron_file::visible;
use crate::model::units::{Amount, Unit};

/// The largest index that is read, bytes.
const LARGEST_INDEX: u64 = 1 << 26;
/// The largest git-LFS pointer that is read, bytes.
const LARGEST_POINTER: u64 = 1 << 10;
/// The prefix of the names of repositories in the Hugging Face cache.
pub(super) const REPOSITORY: &str = "models--";
/// The most directory entries that are read.
const MOST_NAMES: usize = 100_000;

fn count(bytes: f64) -> Amount {
    Amount::exact(bytes.round(), Unit::Count)
}

fn names(directory: &Path) -> Result<Vec<String>, ModelFileError> {
    let unreadable = |error: std::io::Error| ModelFileError::io(&visible(&directory.to_string_lossy()), &error);
    let mut names = Vec::new();
    for entry in fs::read_dir(directory).map_err(unreadable)?.take(MOST_NAMES) {
        names.push(entry.map_err(unreadable)?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// Returns true for a repository in the Hugging Face cache: a directory `models--owner--name` that has `snapshots` and
/// `blobs` or `refs`.
///
/// Any other directory with a subdirectory `snapshots` is an ordinary one.
fn is_cached_repository(directory: &Path) -> bool {
    let of_cache = |path: &Path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(REPOSITORY));
    // If the path is `.` or a link, only the canonical path has the name.
    let named = of_cache(directory) || fs::canonicalize(directory).is_ok_and(|path| of_cache(&path));
    let has = |name: &str| directory.join(name).is_dir();
    named && has("snapshots") && (has("refs") || has("blobs"))
}

/// Returns the directory that holds the files.
///
/// For a repository in the Hugging Face cache it is the snapshot of the main branch, or the only snapshot.
///
/// # Errors
/// [`ModelFileError`] if the directory cannot be read, or if it has several snapshots and the main branch names none of
/// them.
pub fn snapshot(directory: &Path) -> Result<PathBuf, ModelFileError> {
    if !is_cached_repository(directory) {
        return Ok(directory.to_owned());
    }
    let snapshots = directory.join("snapshots");
    let main = fs::read_to_string(directory.join("refs/main")).unwrap_or_default();
    let named = names(&snapshots)?;
    let by_branch = named.iter().find(|name| **name == main.trim());
    match (by_branch, named.as_slice()) {
        (Some(name), _) | (None, [name]) => Ok(snapshots.join(name)),
        (None, []) => Err(ModelFileError::of(directory, "there is no snapshot of the repository in it")),
        (None, many) => {
            let sentence = format!("{} snapshots are in it and refs/main names none; name one of them", many.len());
            Err(ModelFileError::of(directory, sentence))
        }
    }
}

/// Returns true for files that accompany a model: image projectors, adapters, importance matrices.
fn is_beside_a_model(name: &str) -> bool {
    let name = name.to_lowercase();
    ["mmproj", "adapter", "imatrix", "lora", "vae", "draft-head"].iter().any(|part| name.contains(part))
}

/// Returns the file of a directory that describes the model.
///
/// # Errors
/// [`ModelFileError`] if there is no such file or several.
pub fn model_file(directory: &Path) -> Result<PathBuf, ModelFileError> {
    let names = names(directory)?;
    let of = |ending: &str| -> Vec<&String> { names.iter().filter(|name| name.ends_with(ending)).collect() };
    let index = of(".safetensors.index.json");
    if let Some(index) = index.iter().find(|name| ***name == "model.safetensors.index.json").or(index.first()) {
        return Ok(directory.join(index));
    }
    if names.iter().any(|name| name == "model.safetensors") {
        return Ok(directory.join("model.safetensors"));
    }
    let first = |name: &&&String| parts::numbered(name).is_none_or(|(_, number, _, _)| number == 1);
    let all = [of(".safetensors"), of(".gguf")].concat();
    let models: Vec<&&String> = all.iter().filter(|name| !is_beside_a_model(name)).filter(first).collect();
    match models.as_slice() {
        [one] => Ok(directory.join(one)),
        [] if names.iter().any(|name| name == "config.json") => Ok(directory.join("config.json")),
        [] => Err(ModelFileError::of(directory, nothing(&names, &all))),
        many => {
            let shown: Vec<&str> = many.iter().take(8).map(|name| name.as_str()).collect();
            Err(ModelFileError::of(directory, format!("several models are in it; name one of {}", shown.join(", "))))
        }
    }
}

/// Returns the reason why a directory holds no model.
fn nothing(names: &[String], beside: &[&String]) -> String {
    let has = |own: &str| names.iter().any(|name| name == own);
    if has("adapter_config.json") || beside.iter().any(|name| name.contains("adapter")) {
        "an adapter is in it, which changes a model and is none; name the model that it is for".to_owned()
    } else if let Some(projector) = beside.first() {
        format!("{projector} is in it, which belongs to a model and is none")
    } else if has("params.json") {
        "params.json is in it, a form of its own; get the config.json of the same repository".to_owned()
    } else {
        "there is no GGUF, safetensors or config.json file in it".to_owned()
    }
}

/// Returns a sentence with the size of the real file if the file is a git-LFS pointer, otherwise `None`.
pub fn pointer(path: &Path) -> Option<String> {
    let length = fs::metadata(path).ok().filter(fs::Metadata::is_file).map_or(u64::MAX, |metadata| metadata.len());
    if length > LARGEST_POINTER {
        return None;
    }
    let text = source::text(path, LARGEST_POINTER).ok()?;
    if !text.starts_with("version https://git-lfs") {
        return None;
    }
    let name = path.file_name().map(|name| visible(&name.to_string_lossy())).unwrap_or_default();
    let size = text.lines().find_map(|line| line.strip_prefix("size ")).filter(|size| size.parse::<u64>().is_ok());
    let size = size.map_or(String::new(), |size| format!(" ({size} bytes)"));
    Some(format!("{name} is a git-LFS pointer, not the weights{size}"))
}

/// Returns a sentence if files of an index are missing or are pointers; `None` if all are there.
///
/// # Errors
/// [`ModelFileError`] if the index cannot be read.
pub fn missing(index: &Path) -> Result<Option<String>, ModelFileError> {
    let files = match parts::indexed(index) {
        Ok(files) => files,
        Err(error) if error.sentence().ends_with("which is not beside it") => {
            return Ok(Some(format!("the index {}", error.sentence().trim_start_matches("it "))));
        }
        Err(error) => return Err(error),
    };
    for file in files {
        let pointer = pointer(&file);
        if pointer.is_some() {
            return Ok(pointer);
        }
    }
    Ok(None)
}

/// Returns the facts of the configuration beside weights that are missing; an index states the bytes of the weights.
///
/// # Errors
/// [`ModelFileError`] if there is no configuration or it cannot be read.
pub fn without_weights(file: &Path, why: &str) -> Result<Facts, ModelFileError> {
    let beside = file.with_file_name("config.json");
    if !beside.is_file() {
        return Err(ModelFileError::of(file, format!("{why}, and no config.json is beside it")));
    }
    let mut facts = describe::config(&beside, &config::read(&beside)?);
    facts.notes.push(format!("{why}: the build is that of config.json"));
    if file.extension().is_some_and(|extension| extension == "json") {
        let json = json::parse(&file.to_string_lossy(), &source::text(file, LARGEST_INDEX)?)?;
        let total =
            json.pointer("/metadata/total_size").and_then(Value::as_f64).filter(|total| (1.0..1e15).contains(total));
        facts.stated_bytes = total;
        if let (Some(total), Some(stored)) =
            (total, facts.stored.map(|stored| stored.total() + facts.extra_params * 2.0))
            && (total - stored).abs() > 0.03 * stored
        {
            facts.notes.push(format!(
                "the index states {} bytes and config.json leads to {}",
                count(total),
                count(stored)
            ));
        }
    }
    Ok(facts)
}
