//! The bytes of a model file: a regular file that is read in ranges, or bytes in memory.
//!
//! A read returns the requested bytes or an error with the offset. It never waits for a pipe and never allocates more
//! than the caller's limit.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read, Seek, SeekFrom};
use std::path::Path;

use super::ModelFileError;
use crate::model::ron_file::visible;
use crate::system;

/// Bytes with a position and a known length.
pub struct Source {
    /// Name of the file in messages.
    pub name: String,
    /// Number of all bytes.
    pub length: u64,
    position: u64,
    bytes: Bytes,
}

enum Bytes {
    File(BufReader<File>),
    Memory(Cursor<Vec<u8>>),
}

/// Bytes that are read ahead: a header takes a few dozen reads, and skipping an array takes none.
const AHEAD: usize = 1 << 16;

impl Source {
    /// Opens a regular file.
    ///
    /// # Errors
    /// [`ModelFileError`] if the file is missing or unreadable, or is a directory, a pipe or a device.
    pub fn open(path: &Path) -> Result<Self, ModelFileError> {
        let name = visible(&path.to_string_lossy());
        let fault = |error: io::Error| ModelFileError::io(&name, &error);
        // Checked before it is opened, so that no device is touched, and again afterwards, since it can change in
        // between.
        refuse_special(path, &std::fs::metadata(path).map_err(fault)?)?;
        let file = system::open_without_waiting(path).map_err(fault)?;
        let metadata = file.metadata().map_err(fault)?;
        refuse_special(path, &metadata)?;
        let bytes = Bytes::File(BufReader::with_capacity(AHEAD, file));
        Ok(Self { name, length: metadata.len(), position: 0, bytes })
    }

    /// Returns a source of bytes in memory; messages call it `name`.
    #[must_use]
    pub fn memory(name: &str, bytes: Vec<u8>) -> Self {
        let length = bytes.len() as u64;
        Self { name: visible(name), length, position: 0, bytes: Bytes::Memory(Cursor::new(bytes)) }
    }

    /// Returns the offset of the next byte.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.position
    }

    /// Returns the number of bytes from the position to the end.
    #[must_use]
    pub fn left(&self) -> u64 {
        self.length.saturating_sub(self.position)
    }

    /// Returns true if the next bytes equal `mark`; the position stays.
    ///
    /// # Errors
    /// [`ModelFileError`] if the file cannot be read.
    pub fn is_at(&mut self, mark: &[u8]) -> Result<bool, ModelFileError> {
        let ahead = match &mut self.bytes {
            Bytes::File(file) => file.fill_buf(),
            Bytes::Memory(memory) => memory.fill_buf(),
        };
        ahead.map(|ahead| ahead.starts_with(mark)).map_err(|error| ModelFileError::io(&self.name, &error))
    }

    /// Returns an error at the current offset.
    pub(super) fn fault(&self, sentence: impl Into<String>) -> ModelFileError {
        ModelFileError::at(&self.name, self.position, sentence)
    }

    /// Reads the next `N` bytes; `what` names them in errors.
    pub(super) fn array<const N: usize>(&mut self, what: &str) -> Result<[u8; N], ModelFileError> {
        let mut bytes = [0; N];
        self.fill(&mut bytes, what)?;
        Ok(bytes)
    }

    /// Reads the next `count` bytes and refuses more than `most`.
    pub(super) fn take(&mut self, count: u64, most: u64, what: &str) -> Result<Vec<u8>, ModelFileError> {
        if count > most {
            return Err(self.fault(format!("{what} is {count} bytes long; at most {most} are allowed")));
        }
        self.require(count, what)?;
        let mut bytes = vec![0; count as usize];
        self.fill(&mut bytes, what)?;
        Ok(bytes)
    }

    /// Skips `count` bytes.
    pub(super) fn skip(&mut self, count: u64, what: &str) -> Result<(), ModelFileError> {
        self.require(count, what)?;
        let moved = match &mut self.bytes {
            Bytes::File(file) => i64::try_from(count).map_err(io::Error::other).and_then(|by| file.seek_relative(by)),
            Bytes::Memory(bytes) => bytes.seek(SeekFrom::Start(self.position + count)).map(|_| ()),
        };
        moved.map_err(|error| ModelFileError::io(&self.name, &error))?;
        self.position += count;
        Ok(())
    }

    fn fill(&mut self, bytes: &mut [u8], what: &str) -> Result<(), ModelFileError> {
        self.require(bytes.len() as u64, what)?;
        let read = match &mut self.bytes {
            Bytes::File(file) => file.read_exact(bytes),
            Bytes::Memory(memory) => memory.read_exact(bytes),
        };
        read.map_err(|error| ModelFileError::io(&self.name, &error))?;
        self.position += bytes.len() as u64;
        Ok(())
    }

    fn require(&self, count: u64, what: &str) -> Result<(), ModelFileError> {
        if count <= self.left() {
            return Ok(());
        }
        let left = self.left();
        Err(self.fault(format!(
            "the file ends too early: {what} needs {count} bytes and {left} are left; get the file again, it may be cut off"
        )))
    }
}

/// Reads a text file of at most `most` bytes of UTF-8.
pub(super) fn text(path: &Path, most: u64) -> Result<String, ModelFileError> {
    let mut source = Source::open(path)?;
    let length = source.length;
    let bytes = source.take(length, most, "the file")?;
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to() as u64;
        ModelFileError::at(&source.name, valid, "this is not UTF-8 text")
    })
}

fn refuse_special(path: &Path, metadata: &std::fs::Metadata) -> Result<(), ModelFileError> {
    let kind = metadata.file_type();
    if kind.is_dir() {
        return Err(ModelFileError::of(path, "it is a directory; name a file in it"));
    }
    if !kind.is_file() {
        return Err(ModelFileError::of(path, "it is not a regular file but a pipe, socket or device; name a file"));
    }
    Ok(())
}
