//! Writing a file so that it always has either its old or its new content, complete.
//!
//! The new content is written to a temporary file beside the target, reaches the disk, and then takes the target's name
//! in one step. A file that another program changed, or that was written by hand, is replaced only if the caller says
//! so.

use std::fs::{self, Metadata};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::open::{Fault, Fingerprint, read_bytes};
use super::visible;
use crate::system;

/// The first line of every file that this program writes. A file without it was written by hand and may contain
/// comments.
pub const MARKER: &str = "// saved by whichbox";

/// Prefix of the names of temporary files.
const PREFIX: &str = ".whichbox-";

/// The conditions under which an existing file may be replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overwrite {
    /// Never: the file must not exist.
    Never,
    /// If this program wrote the file and it is unchanged since it was read.
    Unchanged(Fingerprint),
    /// If the file is unchanged since it was read, even if it was written by hand.
    UnchangedByHand(Fingerprint),
    /// Always.
    Anything,
}

/// The reason why a file was not written; its old content is unchanged.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// The file exists although it must not.
    #[error("{0}: this file exists already and was left as it is; save under another name")]
    Exists(String),
    /// The file changed since it was read.
    #[error("{0}: this file was changed since it was opened and was left as it is; save under another name")]
    Changed(String),
    /// The file was written by hand.
    #[error("{0}: this file was written by hand and its comments would be lost; save under another name")]
    HandWritten(String),
    /// The path holds something that cannot be replaced.
    #[error("{0}: it cannot be replaced: {1}")]
    NotReplaceable(String, String),
    /// The system refused to write.
    #[error("{0}: it cannot be written: {1}; nothing was changed")]
    Io(String, #[source] io::Error),
}

/// Writes `contents` to `path`, following a symbolic link to its target.
///
/// Returns the fingerprint of the new file, for a later [`Overwrite::Unchanged`].
///
/// # Errors
/// [`SaveError`] if `overwrite` does not allow it or the system refuses; the old file is then unchanged.
pub fn save_atomic(path: &Path, contents: &str, overwrite: Overwrite) -> Result<Fingerprint, SaveError> {
    let name = visible(&path.to_string_lossy());
    let failed = |error: io::Error| SaveError::Io(name.clone(), error);
    let target = link_target(path).map_err(failed)?;
    // If two programs save at the same time, the second waits here and then finds the file changed.
    let _lock = system::lock_while_saving(&target).map_err(failed)?;
    let old = existing(&target, &name)?;
    if let Some((metadata, bytes)) = &old {
        allowed(&name, overwrite, &Fingerprint::new(metadata, bytes), bytes)?;
        if metadata.permissions().readonly() {
            return Err(failed(io::Error::new(io::ErrorKind::PermissionDenied, "it is write-protected")));
        }
    }
    let metadata = replace(&target, contents, old.as_ref().map(|(metadata, _)| metadata)).map_err(|error| {
        let appeared = old.is_none() && error.kind() == io::ErrorKind::AlreadyExists;
        if appeared { SaveError::Exists(name.clone()) } else { failed(error) }
    })?;
    Ok(Fingerprint::new(&metadata, contents.as_bytes()))
}

/// Writes `contents` to `path`, replacing any file, so that only this user can read it.
///
/// # Errors
/// [`SaveError`] if the system refuses; the old file is then unchanged.
pub fn save_private(path: &Path, contents: &str) -> Result<(), SaveError> {
    let name = visible(&path.to_string_lossy());
    let directory = parent(path);
    system::temporary_file(directory, PREFIX, true)
        .and_then(|temporary| put_in_place(temporary, contents, path, false))
        .map(drop)
        .map_err(|error| SaveError::Io(name, error))
}

fn existing(target: &Path, name: &str) -> Result<Option<(Metadata, Vec<u8>)>, SaveError> {
    match read_bytes(target) {
        Ok(old) => Ok(Some(old)),
        Err(Fault::Io(error)) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(Fault::Io(error)) => Err(SaveError::Io(name.to_owned(), error)),
        Err(Fault::Other(sentence)) => Err(SaveError::NotReplaceable(name.to_owned(), sentence)),
    }
}

fn allowed(name: &str, overwrite: Overwrite, now: &Fingerprint, bytes: &[u8]) -> Result<(), SaveError> {
    let by_hand = !bytes.is_empty() && !bytes.starts_with(MARKER.as_bytes());
    match overwrite {
        Overwrite::Never => Err(SaveError::Exists(name.to_owned())),
        Overwrite::Unchanged(then) | Overwrite::UnchangedByHand(then) if then != *now => {
            Err(SaveError::Changed(name.to_owned()))
        }
        Overwrite::Unchanged(_) if by_hand => Err(SaveError::HandWritten(name.to_owned())),
        _ => Ok(()),
    }
}

fn replace(target: &Path, contents: &str, old: Option<&Metadata>) -> io::Result<Metadata> {
    let directory = parent(target);
    if !directory.is_dir() {
        return Err(io::Error::new(io::ErrorKind::NotFound, "there is no such directory"));
    }
    let temporary = system::temporary_file(directory, PREFIX, old.is_some())?;
    if let Some(old) = old {
        system::keep_owner(temporary.as_file(), old)?;
    }
    put_in_place(temporary, contents, target, old.is_none())
}

/// Writes the content and renames the temporary file to the target; with `is_new` an existing target is an error.
fn put_in_place(mut temporary: NamedTempFile, contents: &str, target: &Path, is_new: bool) -> io::Result<Metadata> {
    temporary.write_all(contents.as_bytes())?;
    temporary.as_file().sync_all()?;
    let file = if is_new { temporary.persist_noclobber(target) } else { temporary.persist(target) };
    let file = file.map_err(|fault| fault.error)?;
    system::sync_directory(parent(target));
    file.metadata()
}

fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Returns the target of `path` through symbolic links; the target need not exist.
fn link_target(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..40 {
        match fs::symlink_metadata(&path) {
            Ok(metadata) if metadata.file_type().is_symlink() => {
                let link = fs::read_link(&path)?;
                path = path.parent().map_or(link.clone(), |parent| parent.join(link));
            }
            _ => return Ok(path),
        }
    }
    Err(io::Error::other("too many symbolic links"))
}
