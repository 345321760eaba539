//! The Windows console: its events, its mouse and its size.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::event::{DisableMouseCapture, EnableMouseCapture};
use crossterm::execute;

use crate::system::Signal;

/// An empty sequence, since the mouse of the console is switched by calls.
pub const MOUSE_OFF: &str = "";
/// The exit code after a console event, the same as after an interrupt.
const INTERRUPTED: u8 = 130;

/// True while mouse events are on. Without them the console has no earlier mode to go back to, and crossterm fails.
static CAPTURED: AtomicBool = AtomicBool::new(false);

/// Reports console events (closing the window, logging off, Ctrl-Break) from a thread.
///
/// # Errors
/// Fails if the system refuses the handler.
pub fn listen_for_signals(mut report: impl FnMut(Signal) + Send + 'static) -> io::Result<()> {
    ctrlc::set_handler(move || report(Signal::End(INTERRUPTED))).map_err(io::Error::other)
}

/// Returns false: Windows has no job control.
#[must_use]
pub fn is_job() -> bool {
    false
}

/// Does nothing: Windows has no job control.
pub fn stop_job(_whole_job: bool) {}

/// Turns on mouse events and returns an empty sequence, so that nothing needs to be written.
///
/// # Errors
/// Fails if the console refuses.
pub fn capture_mouse() -> io::Result<&'static str> {
    execute!(io::stdout(), EnableMouseCapture)?;
    CAPTURED.store(true, Ordering::SeqCst);
    Ok("")
}

/// Turns off mouse events if they are on, and returns an empty sequence, so that nothing needs to be written.
///
/// # Errors
/// Fails if the console refuses.
pub fn release_mouse() -> io::Result<&'static str> {
    if CAPTURED.swap(false, Ordering::SeqCst) {
        execute!(io::stdout(), DisableMouseCapture)?;
    }
    Ok("")
}

/// Returns the numbers of columns and rows, if the console knows them.
#[must_use]
pub fn terminal_size() -> Option<(u16, u16)> {
    crossterm::terminal::size().ok()
}

/// True if `TERM` is always set.
pub const TERMINALS_HAVE_NAMES: bool = false;

/// Returns true: every console since Windows 10 shows 24-bit colours.
#[must_use]
pub fn shows_all_colours() -> bool {
    true
}

/// Returns false: a console that is closed sends an event instead.
#[must_use]
pub fn wait_for_hangup() -> bool {
    false
}

/// Does nothing: pending output of the console cannot be discarded.
pub fn discard_output() {}
