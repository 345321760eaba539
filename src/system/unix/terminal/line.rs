//! The line between the program and its terminal.

use std::io;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use rustix::stdio::{stdin, stdout};
use rustix::termios::{QueueSelector, tcflush, tcgetwinsize};

/// Presses, releases, wheel and drags (not bare movement), with coordinates as numbers.
const MOUSE_ON: &str = "\x1b[?1002h\x1b[?1006h";
/// Ends what [`capture_mouse`] begins.
pub const MOUSE_OFF: &str = "\x1b[?1006l\x1b[?1002l";

/// Returns the sequence that asks the terminal for mouse events.
///
/// # Errors
/// None here.
pub fn capture_mouse() -> io::Result<&'static str> {
    Ok(MOUSE_ON)
}

/// Returns the sequence that leaves the mouse to the terminal.
///
/// # Errors
/// None here.
pub fn release_mouse() -> io::Result<&'static str> {
    Ok(MOUSE_OFF)
}

/// The number of columns and rows, where the terminal knows them.
#[must_use]
pub fn terminal_size() -> Option<(u16, u16)> {
    tcgetwinsize(stdout()).ok().map(|size| (size.ws_col, size.ws_row))
}

/// True where `TERM` always names the terminal.
pub const TERMINALS_HAVE_NAMES: bool = true;

/// True where a terminal shows 24-bit colours although it does not say so.
#[must_use]
pub fn shows_all_colours() -> bool {
    false
}

/// Waits without using the processor until the terminal vanishes; returns false where that cannot be noticed.
#[must_use]
pub fn wait_for_hangup() -> bool {
    let input = stdin();
    loop {
        // No event is asked for: a hangup or an error is always told.
        let mut fds = [PollFd::new(&input, PollFlags::empty())];
        match poll(&mut fds, None) {
            Ok(_) if fds[0].revents().intersects(PollFlags::HUP | PollFlags::ERR) => return true,
            Err(Errno::INTR) => {}
            // Some systems cannot poll a terminal device; there the hangup signal and failing reads have to do.
            Ok(_) | Err(_) => return false,
        }
    }
}

/// Drops the output that the terminal has not taken, so that a write that waits for it goes on.
pub fn discard_output() {
    // Where the terminal is gone there is nothing to drop.
    let _ = tcflush(stdout(), QueueSelector::OFlush);
}
