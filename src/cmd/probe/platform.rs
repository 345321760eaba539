//! The platform's files, read without waiting and with size limits.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::model::ron_file::visible;

/// The most bytes that are read of a file.
const MOST: u64 = 1 << 20;
/// The most names that are read of a directory.
const MOST_NAMES: usize = 4096;

/// The files of a platform below a directory, which is `/` for this machine.
#[derive(Clone, Debug)]
pub struct Platform {
    root: PathBuf,
}

impl Platform {
    /// Returns the files of this machine.
    #[must_use]
    pub fn here() -> Self {
        Self::at(Path::new("/"))
    }

    /// Returns the files of a machine that are stored below `root`.
    #[must_use]
    pub fn at(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    /// Returns the text of a file such as `proc/meminfo`; `None` if it cannot be read.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<String> {
        let path = self.root.join(name);
        // Reading a pipe could wait without end.
        if !std::fs::metadata(&path).ok()?.is_file() {
            return None;
        }
        let mut bytes = Vec::new();
        File::open(path).ok()?.take(MOST).read_to_end(&mut bytes).ok()?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Returns the first line of a file, safe to display; `None` if it is empty.
    #[must_use]
    pub fn line(&self, name: &str) -> Option<String> {
        shown(self.text(name)?.lines().next()?)
    }

    /// Returns the names in a directory, sorted; empty if it cannot be read.
    #[must_use]
    pub fn names(&self, directory: &str) -> Vec<String> {
        let entries = std::fs::read_dir(self.root.join(directory)).into_iter().flatten();
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut names: Vec<String> = names.take(MOST_NAMES).collect();
        names.sort();
        names
    }
}

/// Returns a name on one line, safe to display and of at most 80 characters; `None` if nothing is left.
pub(super) fn shown(text: &str) -> Option<String> {
    let text: String = visible(text.trim_matches(|c: char| c.is_whitespace() || c == '\0')).chars().take(80).collect();
    (!text.is_empty()).then_some(text)
}
