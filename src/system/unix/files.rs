//! Files on Unix: owners, modes, locks, and opening without waiting.

use std::fs::{DirBuilder, File, Metadata, OpenOptions, Permissions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt, fchown};
use std::path::Path;
use std::time::Duration;

use rustix::fs::{Mode, OFlags};
use rustix::process::geteuid;
use tempfile::NamedTempFile;

/// The number of attempts to lock a file; with the pauses they take two seconds.
const LOCK_TRIES: u32 = 100;
/// The pause between two attempts to lock a file.
const LOCK_PAUSE: Duration = Duration::from_millis(20);

/// Opens a file for reading without waiting for the writer of a pipe.
///
/// # Errors
/// Fails if the system cannot open the file.
pub fn open_without_waiting(path: &Path) -> io::Result<File> {
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    Ok(File::from(rustix::fs::open(path, flags, Mode::empty())?))
}

/// Returns options that create a file which only this user can read.
#[must_use]
pub fn private_file_options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.mode(0o600);
    options
}

/// Creates a directory and its missing parents, all accessible to this user only.
///
/// # Errors
/// Fails if the system cannot create a directory.
pub fn create_private_directory(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Returns the reason why other users could access a directory; `None` if only this user can.
///
/// # Errors
/// Fails if the metadata of the directory cannot be read.
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

/// Locks a file that is about to be replaced, until the lock is dropped. `None` if there is no file or the file system
/// has no locks.
///
/// # Errors
/// Fails if another program holds the lock for two seconds.
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

/// Creates a temporary file in `directory`: with `is_private` accessible to this user only, otherwise as the umask
/// allows.
///
/// # Errors
/// Fails if the system cannot create the file.
pub fn temporary_file(directory: &Path, prefix: &str, is_private: bool) -> io::Result<NamedTempFile> {
    let mode = if is_private { 0o600 } else { 0o666 };
    tempfile::Builder::new().prefix(prefix).permissions(Permissions::from_mode(mode)).tempfile_in(directory)
}

/// Gives a new file the owner and the mode of the file that it replaces, as far as the system allows.
///
/// # Errors
/// Fails if the mode cannot be set.
pub fn keep_owner(file: &File, old: &Metadata) -> io::Result<()> {
    let new = file.metadata()?;
    if (new.uid(), new.gid()) != (old.uid(), old.gid()) {
        // Only a privileged process may change a file's owner; without privileges the new file belongs to this user.
        let _ = fchown(file, Some(old.uid()), Some(old.gid()));
    }
    file.set_permissions(old.permissions())
}

/// Returns the inode number, which differs between a file and its replacement of the same name.
#[must_use]
pub fn file_number(metadata: &Metadata) -> u64 {
    metadata.ino()
}

/// Writes a directory's entries to the disk, if the file system can.
pub fn sync_directory(directory: &Path) {
    // The new content is in place even if this fails.
    let _ = File::open(directory).and_then(|directory| directory.sync_all());
}
