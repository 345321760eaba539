//! Files on Windows, where permissions and the writing of directories are left to the file system.

use std::fs::{File, Metadata, OpenOptions};
use std::io;
use std::path::Path;

use tempfile::NamedTempFile;

/// Opens a file for reading.
///
/// # Errors
/// Fails if the system cannot open the file.
pub fn open_without_waiting(path: &Path) -> io::Result<File> {
    File::open(path)
}

/// Returns options that create a file. The directories for application data are already closed to other users.
#[must_use]
pub fn private_file_options() -> OpenOptions {
    OpenOptions::new()
}

/// Creates a directory and its missing parents.
///
/// # Errors
/// Fails if the system cannot create a directory.
pub fn create_private_directory(path: &Path) -> io::Result<()> {
    std::fs::create_dir_all(path)
}

/// Returns the reason why other users could access a directory. Only a path that is no directory counts, since the
/// directories for application data are closed to other users.
///
/// # Errors
/// Fails if the metadata of the directory cannot be read.
pub fn why_not_private(path: &Path) -> io::Result<Option<String>> {
    let is_directory = std::fs::symlink_metadata(path)?.is_dir();
    Ok((!is_directory).then(|| "it is not a directory".to_owned()))
}

/// Takes no lock: on Windows a lock would prevent this program itself from reading and replacing the file.
///
/// # Errors
/// Never fails on Windows.
pub fn lock_while_saving(_path: &Path) -> io::Result<Option<File>> {
    Ok(None)
}

/// Creates a temporary file in `directory`, from which it inherits its permissions.
///
/// # Errors
/// Fails if the system cannot create the file.
pub fn temporary_file(directory: &Path, prefix: &str, _is_private: bool) -> io::Result<NamedTempFile> {
    tempfile::Builder::new().prefix(prefix).tempfile_in(directory)
}

/// Does nothing: a new file inherits its permissions from the directory.
///
/// # Errors
/// Never fails on Windows.
pub fn keep_owner(_file: &File, _old: &Metadata) -> io::Result<()> {
    Ok(())
}

/// Returns 0: the standard library has no file number on Windows, so time and length must suffice.
#[must_use]
pub fn file_number(_metadata: &Metadata) -> u64 {
    0
}

/// Does nothing: the file system writes directory entries by itself.
pub fn sync_directory(_directory: &Path) {}
