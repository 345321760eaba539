//! Files: owners, modes and opening without waiting.

use std::fs::{DirBuilder, File, Metadata, OpenOptions, Permissions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt, fchown};
use std::path::Path;
use std::time::Duration;

use rustix::fs::{Mode, OFlags};
use rustix::process::geteuid;
use tempfile::NamedTempFile;

/// A lock is tried this often, with a pause between: two seconds in all.
const LOCK_TRIES: u32 = 100;
const LOCK_PAUSE: Duration = Duration::from_millis(20);

/// Opens a file for reading. A pipe without a writer does not make the caller wait.
///
/// # Errors
/// Those of opening a file.
pub fn open_without_waiting(path: &Path) -> io::Result<File> {
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    Ok(File::from(rustix::fs::open(path, flags, Mode::empty())?))
}

/// The options that create a file which only this user can read.
#[must_use]
pub fn private_file_options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.mode(0o600);
    options
}

/// Creates a directory, and those above it, which only this user can enter.
///
/// # Errors
/// Those of creating a directory.
pub fn create_private_directory(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// The reason why other users could read or write in a directory; `None` where only this user can enter it.
///
/// # Errors
/// Those of looking at the directory.
pub fn why_not_private(path: &Path) -> io::Result<Option<String>> {
    let found = std::fs::symlink_metadata(path)?;
    let mode = found.permissions().mode() & 0o777;
    Ok(if !found.is_dir() {
        Some("it is not a directory".to_owned())
    } else if found.uid() != geteuid().as_raw() {
        Some("it belongs to another user".to_owned())
    } else if mode & 0o077 != 0 {
        Some(format!("other users can enter it (mode {mode:o}); `chmod 700` closes it"))
    } else {
        None
    })
}

/// Locks a file that is about to be replaced, until the lock is dropped. `None` where there is no file or the file system
/// has no locks.
///
/// # Errors
/// Fails where another program holds the lock for longer than saving takes.
pub fn lock_while_saving(path: &Path) -> io::Result<Option<File>> {
    let Ok(file) = open_without_waiting(path) else { return Ok(None) };
    for _ in 0..LOCK_TRIES {
        match file.try_lock() {
            Ok(()) => return Ok(Some(file)),
            Err(TryLockError::WouldBlock) => std::thread::sleep(LOCK_PAUSE),
            Err(TryLockError::Error(_)) => return Ok(None),
        }
    }
    Err(io::Error::new(io::ErrorKind::WouldBlock, "another program is saving it"))
}

/// Creates a temporary file beside the one that it will replace: open to this user alone where `is_private`, else as the
/// user's mask says.
///
/// # Errors
/// Those of creating a file.
pub fn temporary_file(directory: &Path, prefix: &str, is_private: bool) -> io::Result<NamedTempFile> {
    let mode = if is_private { 0o600 } else { 0o666 };
    tempfile::Builder::new().prefix(prefix).permissions(Permissions::from_mode(mode)).tempfile_in(directory)
}

/// Gives a new file the owner and the mode of the one that it replaces, as far as the system allows.
///
/// # Errors
/// Fails where the mode cannot be set.
pub fn keep_owner(file: &File, old: &Metadata) -> io::Result<()> {
    let new = file.metadata()?;
    if (new.uid(), new.gid()) != (old.uid(), old.gid()) {
        // Only a privileged process may give files away; another one's copy becomes its own.
        let _ = fchown(file, Some(old.uid()), Some(old.gid()));
    }
    file.set_permissions(old.permissions())
}

/// A number that tells a file from the one that replaces it under the same name.
#[must_use]
pub fn file_number(metadata: &Metadata) -> u64 {
    metadata.ino()
}

/// Sees to it that the names in a directory reach the disk, where the file system has a way.
pub fn sync_directory(directory: &Path) {
    // The new content is in place whether or not this works.
    let _ = File::open(directory).and_then(|directory| directory.sync_all());
}
