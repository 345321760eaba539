//! Small files that each running program keeps for the user: unsaved work, the position of a presentation.
//!
//! A file has a random name, and beside it a lock file that its program keeps locked while it runs. The operating
//! system releases the lock whenever the program ends. So a reused process number, a restart of the machine or another
//! container cannot make a file look in use, or free while its program runs.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde::Serialize;

use crate::model::ron_file::{self, MARKER, SaveError, save_private};
use crate::system;

/// Most entries of the directory that are examined.
const MOST_ENTRIES: usize = 10_000;
/// Most files of ended programs that are kept; older ones are removed.
const MOST_KEPT: usize = 20;
/// Age at which a file of an ended program is removed.
const OLDEST: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// Largest file that is read, in bytes; the program writes far smaller ones.
const LARGEST: u64 = 256 << 10;

/// The file of this program, with its lock.
#[derive(Debug)]
pub struct OwnFile {
    path: PathBuf,
    lock: File,
}

impl OwnFile {
    /// Chooses a new name in `directory`, which is created if missing. The file itself is created by the first write.
    ///
    /// # Errors
    /// [`io::Error`] if the directory or the lock file cannot be created.
    pub fn create(directory: &Path, kind: &str) -> io::Result<Self> {
        system::create_private_directory(directory)?;
        let lock = tempfile::Builder::new()
            .prefix(&format!("{kind}-"))
            .suffix(".lock")
            .rand_bytes(12)
            .tempfile_in(directory)?;
        let (lock, path) = lock.keep().map_err(|error| error.error)?;
        // Some file systems have no locks; then only the random name distinguishes programs.
        let _ = lock.lock();
        Ok(Self { path: path.with_extension("ron"), lock })
    }

    /// Takes over the file of a program that has ended; returns `None` if it is still running.
    #[must_use]
    pub fn take_over(path: &Path) -> Option<Self> {
        let options = system::private_file_options().create(true).truncate(false).write(true).clone();
        let lock = options.open(path.with_extension("lock")).ok()?;
        let is_taken = matches!(lock.try_lock(), Err(TryLockError::WouldBlock));
        (!is_taken).then(|| Self { path: path.to_owned(), lock })
    }

    /// Returns the path of the file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes `value` as the whole file, readable by this user only.
    ///
    /// # Errors
    /// [`SaveError`] if the operating system refuses; the file then has its old content.
    pub fn write<T: Serialize>(&self, value: &T) -> Result<(), SaveError> {
        let name = ron_file::visible(&self.path.to_string_lossy());
        let body = ron_file::to_string(value).map_err(|error| SaveError::Io(name, io::Error::other(error)))?;
        save_private(&self.path, &format!("{MARKER}\n{body}\n")).map(drop)
    }

    /// Removes the file and its lock file.
    pub fn remove(self) {
        // An error is ignored: a file that stays is only offered again at the next start.
        let _ = fs::remove_file(&self.path);
        self.release();
    }

    /// Releases the lock and leaves the file to a program that takes it over.
    pub fn release(self) {
        let lock = self.path.with_extension("lock");
        drop(self.lock);
        let _ = fs::remove_file(lock);
    }
}

/// Returns true while the program of a file is running.
#[must_use]
pub fn is_running(path: &Path) -> bool {
    let Ok(lock) = File::open(path.with_extension("lock")) else { return false };
    matches!(lock.try_lock(), Err(TryLockError::WouldBlock))
}

/// Returns the files of a kind, newest first.
#[must_use]
pub fn all(directory: &Path, kind: &str) -> Vec<PathBuf> {
    dated(directory, kind).into_iter().map(|(_, path)| path).collect()
}

/// Removes files of ended programs that are too old or too many, and returns the others, newest first.
#[must_use]
pub fn left_behind(directory: &Path, kind: &str) -> Vec<PathBuf> {
    let ended = dated(directory, kind).into_iter().filter(|(_, path)| !is_running(path));
    let mut left = Vec::new();
    for (modified, path) in ended {
        let age = SystemTime::now().duration_since(modified).unwrap_or_default();
        if left.len() < MOST_KEPT && age < OLDEST {
            left.push(path);
        } else if let Some(own) = OwnFile::take_over(&path) {
            own.remove();
        }
    }
    left
}

fn dated(directory: &Path, kind: &str) -> Vec<(SystemTime, PathBuf)> {
    let entries = fs::read_dir(directory).into_iter().flatten().take(MOST_ENTRIES);
    let mut files: Vec<(SystemTime, PathBuf)> = entries
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let name = entry.file_name().into_string().ok()?;
            name.strip_prefix(kind)?.strip_prefix('-')?.strip_suffix(".ron")?;
            let metadata = entry.metadata().ok()?;
            let is_read = metadata.is_file() && (1..=LARGEST).contains(&metadata.len());
            is_read.then_some(())?;
            Some((metadata.modified().ok()?, entry.path()))
        })
        .collect();
    files.sort();
    files.reverse();
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_free_once_its_program_has_ended() {
        let directory = tempfile::tempdir().expect("a directory");
        let own = OwnFile::create(directory.path(), "recovery").expect("a file");
        own.write(&7).expect("written");
        let path = own.path().to_owned();
        assert!(is_running(&path) && OwnFile::take_over(&path).is_none());
        assert!(left_behind(directory.path(), "recovery").is_empty());
        // The operating system does this at the end of a program.
        drop(own);
        assert!(!is_running(&path));
        assert_eq!(left_behind(directory.path(), "recovery"), std::slice::from_ref(&path));
        let taken = OwnFile::take_over(&path).expect("free");
        assert!(is_running(&path));
        taken.remove();
        assert_eq!(fs::read_dir(directory.path()).expect("a directory").count(), 0);
    }

    #[test]
    fn old_and_too_many_files_are_removed_and_large_ones_not_read() {
        let directory = tempfile::tempdir().expect("a directory");
        for number in 0..MOST_KEPT + 5 {
            let own = OwnFile::create(directory.path(), "recovery").expect("a file");
            own.write(&number).expect("written");
            own.release();
        }
        let old = OwnFile::create(directory.path(), "recovery").expect("a file");
        old.write(&0).expect("written");
        let then = SystemTime::now() - OLDEST - Duration::from_secs(60);
        let file = File::options().write(true).open(old.path()).expect("a file");
        file.set_modified(then).expect("a time");
        let path = old.path().to_owned();
        old.release();
        fs::write(directory.path().join("recovery-big.ron"), vec![b' '; 300 << 10]).expect("written");
        assert_eq!(left_behind(directory.path(), "recovery").len(), MOST_KEPT);
        assert!(!path.exists());
        assert_eq!(all(directory.path(), "recovery").len(), MOST_KEPT);
    }
}
