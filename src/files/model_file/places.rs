//! Model files in the directories where programs store them, found by a bounded search.
//!
//! Only names and sizes are read. Ollama names its files by digest; a manifest per model names the file with the
//! weights.

use std::fs::{self, DirEntry};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{parts, source};
use crate::model::ron_file::visible;

/// The most models that are listed.
const MOST_MODELS: usize = 2000;
/// The most directory entries that are read.
const MOST_ENTRIES: usize = 100_000;
/// The greatest depth of model directories below a place; LM Studio nests them by publisher and repository.
const DEEPEST: usize = 6;
/// The largest Ollama manifest that is read, bytes.
const LARGEST_MANIFEST: u64 = 1 << 20;

/// The layout of a directory of models.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Places {
    /// Hugging Face's cache: `models--owner--name/snapshots/revision/`.
    HuggingFace,
    /// Ollama: `manifests/` and `blobs/`.
    Ollama,
    /// A tree of files, as LM Studio stores them.
    Folder,
}

/// A model that the search found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// Name of the model.
    pub name: String,
    /// File or directory to inspect.
    pub path: PathBuf,
    /// Bytes of the model's files.
    pub bytes: u64,
}

/// A directory that may hold models.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Layout of the directory.
    pub kind: Places,
    /// Path of the directory.
    pub path: PathBuf,
}

/// Returns the models in the places, ordered by place and name, and true if there are more than are listed.
#[must_use]
pub fn list(places: &[Place]) -> (Vec<Listing>, bool) {
    let mut walk = Walk { models: Vec::new(), entries: MOST_ENTRIES };
    for place in places {
        let from = walk.models.len();
        match place.kind {
            Places::HuggingFace => walk.hugging_face(&place.path),
            Places::Ollama => walk.ollama(&place.path.join("manifests"), &place.path.join("blobs"), 0, ""),
            Places::Folder => walk.folder(&place.path, 0),
        }
        if let Some(new) = walk.models.get_mut(from..) {
            new.sort_by(|a, b| a.name.cmp(&b.name));
        }
    }
    let cut = walk.models.len() > MOST_MODELS || walk.entries == 0;
    walk.models.truncate(MOST_MODELS);
    (walk.models, cut)
}

struct Walk {
    models: Vec<Listing>,
    entries: usize,
}

impl Walk {
    /// Returns the entries of a directory by name; empty if it cannot be read or the list of models is full.
    fn entries(&mut self, directory: &Path) -> Vec<DirEntry> {
        if self.models.len() > MOST_MODELS {
            return Vec::new();
        }
        let Ok(read) = fs::read_dir(directory) else { return Vec::new() };
        let mut entries: Vec<DirEntry> = read.take(self.entries).filter_map(Result::ok).collect();
        self.entries -= entries.len();
        entries.sort_by_key(DirEntry::file_name);
        entries
    }

    fn hugging_face(&mut self, hub: &Path) {
        for repository in self.entries(hub) {
            let name = repository.file_name().to_string_lossy().into_owned();
            let Some(name) = name.strip_prefix(super::folder::REPOSITORY).map(|name| name.replacen("--", "/", 1))
            else {
                continue;
            };
            for snapshot in self.entries(&repository.path().join("snapshots")) {
                self.snapshot(&name, &snapshot.path());
            }
        }
    }

    /// Lists one revision of a repository: its safetensors files as one model, each of its GGUF files as another.
    fn snapshot(&mut self, name: &str, directory: &Path) {
        let mut bytes = 0;
        for file in self.entries(directory) {
            let path = file.path();
            if has_ending(&path, "safetensors") {
                bytes += length(&path);
            }
        }
        if bytes > 0 {
            self.models.push(Listing { name: visible(name), path: directory.to_owned(), bytes });
        }
        self.ggufs(directory, Some(name), 0);
    }

    fn folder(&mut self, directory: &Path, depth: usize) {
        let mut bytes = 0;
        let entries = self.entries(directory);
        for entry in &entries {
            // Links to directories are not followed, since they could form a cycle.
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) && depth < DEEPEST {
                self.folder(&entry.path(), depth + 1);
            } else if has_ending(&entry.path(), "safetensors") {
                bytes += length(&entry.path());
            }
        }
        if bytes > 0 {
            let name = directory.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            self.models.push(Listing { name: visible(&name), path: directory.to_owned(), bytes });
        }
        let files: Vec<PathBuf> = entries.iter().map(DirEntry::path).collect();
        self.gguf_files(&files, None);
    }

    fn ggufs(&mut self, directory: &Path, name: Option<&str>, depth: usize) {
        let entries = self.entries(directory);
        for entry in &entries {
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) && depth < DEEPEST {
                self.ggufs(&entry.path(), name, depth + 1);
            }
        }
        let files: Vec<PathBuf> = entries.iter().map(DirEntry::path).collect();
        self.gguf_files(&files, name);
    }

    /// Lists the GGUF files among `files`; a model in several parts is listed once, by its first part.
    fn gguf_files(&mut self, files: &[PathBuf], repository: Option<&str>) {
        for path in files.iter().filter(|path| has_ending(path, "gguf")) {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let (shown, bytes) = match parts::numbered(&name) {
                Some((base, 1, _, _)) => {
                    let parts = parts::siblings(path).unwrap_or_else(|_| vec![path.clone()]);
                    (base.to_owned(), parts.iter().map(|part| length(part)).sum())
                }
                Some(_) => continue,
                None => (name.trim_end_matches(".gguf").to_owned(), length(path)),
            };
            let shown = repository.map_or(shown.clone(), |repository| format!("{repository}: {shown}"));
            if bytes > 0 {
                self.models.push(Listing { name: visible(&shown), path: path.clone(), bytes });
            }
        }
    }

    /// Lists Ollama's models: manifests lie in directories of registry, owner and model, and the file name is the tag.
    fn ollama(&mut self, directory: &Path, blobs: &Path, depth: usize, name: &str) {
        for entry in self.entries(directory) {
            let own = entry.file_name().to_string_lossy().into_owned();
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                // The registry and the owner "library" are left out of the model's name.
                let silent = depth == 0 || (depth == 1 && own == "library");
                let name = if silent { String::new() } else { format!("{name}{own}/") };
                if depth < DEEPEST {
                    self.ollama(&entry.path(), blobs, depth + 1, &name);
                }
            } else if let Some((path, bytes)) = weights(&entry.path(), blobs) {
                let name = format!("{}:{own}", name.trim_end_matches('/'));
                self.models.push(Listing { name: visible(&name), path, bytes });
            }
        }
    }
}

/// Returns the file with the weights that an Ollama manifest names, and its bytes.
fn weights(manifest: &Path, blobs: &Path) -> Option<(PathBuf, u64)> {
    let text = source::text(manifest, LARGEST_MANIFEST).ok()?;
    let json: Value = serde_json::from_str(&text).ok()?;
    let is_model = |layer: &&Value| {
        layer.get("mediaType").and_then(Value::as_str).is_some_and(|kind| kind.rsplit('.').next() == Some("model"))
    };
    let layer = json.get("layers")?.as_array()?.iter().find(is_model)?;
    let digest = layer.get("digest")?.as_str()?.strip_prefix("sha256:")?;
    if !digest.chars().all(|c| c.is_ascii_hexdigit()) {
        return None;
    }
    let path = blobs.join(format!("sha256-{digest}"));
    let bytes = length(&path);
    (bytes > 0).then_some((path, bytes))
}

fn has_ending(path: &Path, ending: &str) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case(ending))
}

/// Returns the bytes of a regular file, also behind a link; 0 for anything else.
fn length(path: &Path) -> u64 {
    fs::metadata(path).ok().filter(fs::Metadata::is_file).map_or(0, |metadata| metadata.len())
}
