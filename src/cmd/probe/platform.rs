//! The platform's files, read without waiting and with limits.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::model::ron_file::visible;

/// More than any of these files has that makes sense, in bytes.
const MOST: u64 = 1 << 20;
/// More cards and caches than these are not looked at.
const MOST_NAMES: usize = 4096;

/// The files of a platform below a directory: `/` for this machine.
#[derive(Clone, Debug)]
pub struct Platform {
    root: PathBuf,
}

impl Platform {
    /// This machine.
    #[must_use]
    pub fn here() -> Self {
        Self::at(Path::new("/"))
    }

    /// The machine whose files are below `root`.
    #[must_use]
    pub fn at(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    /// The text of a file, such as `proc/meminfo`; `None` where there is none that can be read.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<String> {
        let path = self.root.join(name);
        // A pipe would make the reader wait.
        if !std::fs::metadata(&path).ok()?.is_file() {
            return None;
        }
        let mut bytes = Vec::new();
        File::open(path).ok()?.take(MOST).read_to_end(&mut bytes).ok()?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// The first line of a file, safe to show; `None` where it is empty.
    #[must_use]
    pub fn line(&self, name: &str) -> Option<String> {
        shown(self.text(name)?.lines().next()?)
    }

    /// The names in a directory, sorted; none where it cannot be read.
    #[must_use]
    pub fn names(&self, directory: &str) -> Vec<String> {
        let entries = std::fs::read_dir(self.root.join(directory)).into_iter().flatten();
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut names: Vec<String> = names.take(MOST_NAMES).collect();
        names.sort();
        names
    }
}

/// A foreign name on one line, at most 80 characters; `None` where nothing is left of it.
pub(super) fn shown(text: &str) -> Option<String> {
    let text: String = visible(text.trim_matches(|c: char| c.is_whitespace() || c == '\0')).chars().take(80).collect();
    (!text.is_empty()).then_some(text)
}
