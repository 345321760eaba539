//! The console: its events, its mouse and its size.

use std::io;

use crossterm::event::{DisableMouseCapture, EnableMouseCapture};
use crossterm::execute;

use crate::system::Signal;

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
