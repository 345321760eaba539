//! Reading a file's text without waiting for it and without exceeding a size limit.

use std::fs::Metadata;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::{FileError, visible};
use crate::system;

/// The largest file that is read, bytes.
pub const LARGEST_FILE: u64 = 1 << 20;

/// The state of a file when it was read, used to detect later changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    modified: Option<SystemTime>,
    length: u64,
    hash: u64,
}

impl Fingerprint {
    pub(super) fn new(metadata: &Metadata, bytes: &[u8]) -> Self {
        let mut hasher = DefaultHasher::new();
        bytes.hash(&mut hasher);
        Self { modified: metadata.modified().ok(), length: bytes.len() as u64, hash: hasher.finish() }
    }
}

/// The content of a text file.
#[derive(Clone, Debug)]
pub struct TextFile {
    /// Path of the file.
    pub path: PathBuf,
    /// Path of the file, safe to display.
    pub name: String,
    /// Whole content.
    pub text: String,
    /// State of the file when it was read.
    pub fingerprint: Fingerprint,
}

/// Reads the file at `path`: a regular file of at most [`LARGEST_FILE`] bytes of UTF-8.
///
/// # Errors
/// [`FileError`] if the file is missing, unreadable, a directory, a pipe, a device, too large or not UTF-8.
pub fn read(path: &Path) -> Result<TextFile, FileError> {
    let name = visible(&path.to_string_lossy());
    let (metadata, bytes) = read_bytes(path).map_err(|fault| match fault {
        Fault::Io(error) => FileError::io(&name, &error),
        Fault::Other(sentence) => FileError::whole(&name, sentence),
    })?;
    let fingerprint = Fingerprint::new(&metadata, &bytes);
    match String::from_utf8(bytes) {
        Ok(text) => Ok(TextFile { path: path.to_owned(), name, text, fingerprint }),
        Err(fault) => {
            let valid = fault.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(fault.as_bytes());
            let sentence = "this is not UTF-8 text; save the file as UTF-8".to_owned();
            Err(FileError::at_byte(&name, &text, valid, 1, sentence))
        }
    }
}

pub(super) fn too_large() -> String {
    format!("it is larger than {} KiB, the most that is read", LARGEST_FILE / 1024)
}

pub(super) enum Fault {
    Io(io::Error),
    Other(String),
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Fault::Io(error)
    }
}

pub(super) fn read_bytes(path: &Path) -> Result<(Metadata, Vec<u8>), Fault> {
    // Checked before it is opened, so that no device is touched, and again afterwards, since it can change in between.
    refuse_special(&std::fs::metadata(path)?)?;
    // An ordinary open would wait for the writer of a pipe.
    let file = system::open_without_waiting(path)?;
    let metadata = file.metadata()?;
    refuse_special(&metadata)?;
    let mut bytes = Vec::with_capacity(metadata.len().min(LARGEST_FILE) as usize);
    file.take(LARGEST_FILE + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST_FILE { Err(Fault::Other(too_large())) } else { Ok((metadata, bytes)) }
}

fn refuse_special(metadata: &Metadata) -> Result<(), Fault> {
    let kind = metadata.file_type();
    if kind.is_dir() {
        return Err(Fault::Other("it is a directory; name a file in it".to_owned()));
    }
    if !kind.is_file() {
        return Err(Fault::Other("it is not a regular file but a pipe, socket or device; name a file".to_owned()));
    }
    if metadata.len() > LARGEST_FILE { Err(Fault::Other(too_large())) } else { Ok(()) }
}
