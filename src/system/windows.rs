//! Windows.

use std::fs::{File, Metadata, OpenOptions};
use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crossterm::event::{DisableMouseCapture, EnableMouseCapture};
use crossterm::execute;
use tempfile::NamedTempFile;

use super::Signal;

/// The console takes no sequence for the mouse; it is switched by calls.
pub const MOUSE_OFF: &str = "";
/// The exit code of a program that a console event ends: as after an interrupt.
const INTERRUPTED: u8 = 130;

/// Reports console events (closing the window, logging off, Ctrl-Break) from a thread.
///
/// # Errors
/// Fails where the system refuses the handler.
pub fn listen_for_signals(mut report: impl FnMut(Signal) + Send + 'static) -> io::Result<()> {
    ctrlc::set_handler(move || report(Signal::End(INTERRUPTED))).map_err(io::Error::other)
}

/// Job control does not exist here.
#[must_use]
pub fn is_job() -> bool {
    false
}

/// Job control does not exist here.
pub fn stop_job(_whole_job: bool) {}

/// Asks the console for mouse events. No sequence is to be written.
///
/// # Errors
/// Fails where the console refuses.
pub fn capture_mouse() -> io::Result<&'static str> {
    execute!(io::stdout(), EnableMouseCapture)?;
    Ok("")
}

/// Leaves the mouse to the console. No sequence is to be written.
///
/// # Errors
/// Fails where the console refuses.
pub fn release_mouse() -> io::Result<&'static str> {
    execute!(io::stdout(), DisableMouseCapture)?;
    Ok("")
}

/// The number of columns and rows, where the console knows them.
#[must_use]
pub fn terminal_size() -> Option<(u16, u16)> {
    crossterm::terminal::size().ok()
}

/// True where `TERM` always names the terminal.
pub const TERMINALS_HAVE_NAMES: bool = false;

/// True where a terminal shows 24-bit colours although it does not say so: every console since Windows 10 does.
#[must_use]
pub fn shows_all_colours() -> bool {
    true
}

/// Returns false: a console that is closed sends an event instead.
#[must_use]
pub fn wait_for_hangup() -> bool {
    false
}

/// Output that the console has not taken cannot be dropped here.
pub fn discard_output() {}

/// Returns the time of the clock on the wall: safe code reads no clock here that counts from the start of the machine.
#[must_use]
pub fn since_start() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

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
