//! Models in the places where programs keep them: a bounded look at a few directories.
//!
//! Only names and sizes are looked at. Ollama keeps its files under digests, and a manifest per model names the one that
//! holds the weights.

use std::fs::{self, DirEntry};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{parts, source};
use crate::model::ron_file::visible;

/// The most models that are listed.
const MOST_MODELS: usize = 2000;
/// The most entries of directories that are looked at.
const MOST_ENTRIES: usize = 100_000;
/// The depth below a place at which models lie: LM Studio keeps them by publisher and repository.
const DEEPEST: usize = 6;
/// The largest manifest of Ollama, bytes.
const LARGEST_MANIFEST: u64 = 1 << 20;

/// The layout of a place with models.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Places {
    /// Hugging Face's cache: `models--owner--name/snapshots/revision/`.
    HuggingFace,
    /// Ollama: `manifests/` and `blobs/`.
    Ollama,
    /// A tree of files, as LM Studio's.
    Folder,
}

/// A model that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// Its name.
    pub name: String,
    /// The file or directory to inspect.
    pub path: PathBuf,
    /// Bytes of its files.
    pub bytes: u64,
}

/// A place where models lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its layout.
    pub kind: Places,
    /// Its path.
    pub path: PathBuf,
}

/// The models in the places, by place and name, and whether there are more than are listed.
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
    /// The entries of a directory by name; none where it cannot be read.
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
            let Some(name) = name.strip_prefix("models--").map(|name| name.replacen("--", "/", 1)) else { continue };
            for snapshot in self.entries(&repository.path().join("snapshots")) {
                self.snapshot(&name, &snapshot.path());
            }
        }
    }

    /// One revision of a repository: its safetensors are one model, each of its GGUF files another.
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
            // Links are not followed to directories: they could lead back.
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

    /// The GGUF files among `files`; the parts of one model are listed as the first.
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

    /// Manifests lie under registry, owner and model; the file's name is the tag.
    fn ollama(&mut self, directory: &Path, blobs: &Path, depth: usize, name: &str) {
        for entry in self.entries(directory) {
            let own = entry.file_name().to_string_lossy().into_owned();
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                // The registry and the owner "library" say nothing.
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

/// The file with the weights that a manifest of Ollama names, where it is there.
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

/// Bytes of a regular file, behind a link as well; 0 for anything else.
fn length(path: &Path) -> u64 {
    fs::metadata(path).ok().filter(fs::Metadata::is_file).map_or(0, |metadata| metadata.len())
}
