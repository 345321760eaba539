//! Models in several files: the files that belong together, by the numbers in their names or by an index.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{ModelFileError, source};

/// The largest index that is read, bytes.
const LARGEST_INDEX: u64 = 1 << 26;
/// The most files of one model.
const MOST_PARTS: u32 = 4096;

/// Splits `name-00002-of-00005.ext` into `name`, 2, 5 and `ext`.
#[must_use]
pub fn numbered(name: &str) -> Option<(&str, u32, u32, &str)> {
    let (stem, extension) = name.rsplit_once('.')?;
    let (rest, count) = stem.rsplit_once("-of-")?;
    let (base, number) = rest.rsplit_once('-')?;
    let five = |digits: &str| (digits.len() == 5).then(|| digits.parse::<u32>().ok()).flatten();
    let (number, count) = (five(number)?, five(count)?);
    (number >= 1 && number <= count && count <= MOST_PARTS).then_some((base, number, count, extension))
}

/// Returns all parts of the model in order, or only `path` if its name has no part number.
///
/// # Errors
/// [`ModelFileError`] if a part is missing.
pub fn siblings(path: &Path) -> Result<Vec<PathBuf>, ModelFileError> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let Some((base, _, count, extension)) = numbered(&name) else { return Ok(vec![path.to_owned()]) };
    let part = |number: u32| path.with_file_name(format!("{base}-{number:05}-of-{count:05}.{extension}"));
    let parts: Vec<PathBuf> = (1..=count).map(part).collect();
    match parts.iter().find(|part| !part.exists()) {
        Some(missing) => {
            let missing = missing.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            Err(ModelFileError::of(path, format!("it is one of {count} parts and {missing} is not beside it")))
        }
        None => Ok(parts),
    }
}

/// Returns the files that a safetensors index names, all in the directory of the index.
///
/// # Errors
/// [`ModelFileError`] if `path` is no index, or names a file that is missing or in another directory.
pub fn indexed(path: &Path) -> Result<Vec<PathBuf>, ModelFileError> {
    let text = source::text(path, LARGEST_INDEX)?;
    let name = path.to_string_lossy();
    let json = super::json::parse(&name, &text)?;
    let map = json.get("weight_map").and_then(Value::as_object);
    let Some(map) = map.filter(|map| !map.is_empty()) else {
        return Err(ModelFileError::of(path, "it has no `weight_map`, so it is no index of safetensors"));
    };
    let mut files = BTreeSet::new();
    for file in map.values() {
        let plain = file.as_str().filter(|file| Path::new(file).file_name().is_some_and(|name| name == *file));
        let Some(file) = plain else {
            return Err(ModelFileError::of(path, format!("it names {file}, which is no file beside it")));
        };
        files.insert(file.to_owned());
    }
    if files.len() > MOST_PARTS as usize {
        return Err(ModelFileError::of(path, format!("it names more than {MOST_PARTS} files")));
    }
    let files: Vec<PathBuf> = files.into_iter().map(|file| path.with_file_name(file)).collect();
    match files.iter().find(|file| !file.exists()) {
        Some(missing) => {
            let missing = missing.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            Err(ModelFileError::of(path, format!("it names {missing}, which is not beside it")))
        }
        None => Ok(files),
    }
}
