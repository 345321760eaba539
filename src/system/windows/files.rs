//! Files: what the file system does by itself and what it has no way for.

use std::fs::{File, Metadata, OpenOptions};
use std::io;
use std::path::Path;

use tempfile::NamedTempFile;

/// Opens a file for reading.
///
/// # Errors
/// Those of opening a file.
pub fn open_without_waiting(path: &Path) -> io::Result<File> {
    File::open(path)
}

/// The options that create a file. The directories for application data are closed to other users already.
#[must_use]
pub fn private_file_options() -> OpenOptions {
    OpenOptions::new()
}

/// Creates a directory, and those above it.
///
/// # Errors
/// Those of creating a directory.
pub fn create_private_directory(path: &Path) -> io::Result<()> {
    std::fs::create_dir_all(path)
}

/// The reason why other users could read or write in a directory; the directories for application data are closed to
/// them.
///
/// # Errors
/// Those of looking at the directory.
pub fn why_not_private(path: &Path) -> io::Result<Option<String>> {
    let is_directory = std::fs::symlink_metadata(path)?.is_dir();
    Ok((!is_directory).then(|| "it is not a directory".to_owned()))
}

/// Takes no lock: here a lock would keep this program itself from reading and replacing the file.
///
/// # Errors
/// None here.
pub fn lock_while_saving(_path: &Path) -> io::Result<Option<File>> {
    Ok(None)
}

/// Creates a temporary file beside the one that it will replace. It inherits its permissions from the directory.
///
/// # Errors
/// Those of creating a file.
pub fn temporary_file(directory: &Path, prefix: &str, _is_private: bool) -> io::Result<NamedTempFile> {
    tempfile::Builder::new().prefix(prefix).tempfile_in(directory)
}

/// A new file inherits its permissions from the directory.
///
/// # Errors
/// None here.
pub fn keep_owner(_file: &File, _old: &Metadata) -> io::Result<()> {
    Ok(())
}

/// Always 0: the standard library tells no number of a file here; its time and length have to do.
#[must_use]
pub fn file_number(_metadata: &Metadata) -> u64 {
    0
}

/// The file system writes the names in a directory by itself.
pub fn sync_directory(_directory: &Path) {}
