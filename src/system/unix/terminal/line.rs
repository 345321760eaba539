//! The terminal device: mouse reports, size, hangup and pending output.

use std::io;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use rustix::stdio::{stdin, stdout};
use rustix::termios::{QueueSelector, tcflush, tcgetwinsize};

/// The sequence that turns on reports of presses, releases, wheel and drags, with decimal coordinates.
const MOUSE_ON: &str = "\x1b[?1002h\x1b[?1006h";
/// The sequence that undoes [`capture_mouse`].
pub const MOUSE_OFF: &str = "\x1b[?1006l\x1b[?1002l";

/// Returns the sequence that turns on mouse reports.
///
/// # Errors
/// Never fails on Unix.
pub fn capture_mouse() -> io::Result<&'static str> {
    Ok(MOUSE_ON)
}

/// Returns the sequence that turns off mouse reports.
///
/// # Errors
/// Never fails on Unix.
pub fn release_mouse() -> io::Result<&'static str> {
    Ok(MOUSE_OFF)
}

/// Returns the numbers of columns and rows, if the terminal knows them.
#[must_use]
pub fn terminal_size() -> Option<(u16, u16)> {
    tcgetwinsize(stdout()).ok().map(|size| (size.ws_col, size.ws_row))
}

/// True if `TERM` is always set.
pub const TERMINALS_HAVE_NAMES: bool = true;

/// Returns true if terminals show 24-bit colours even if no variable says so.
#[must_use]
pub fn shows_all_colours() -> bool {
    false
}

/// Blocks until the terminal is lost; returns false if this system cannot detect it.
#[must_use]
pub fn wait_for_hangup() -> bool {
    let input = stdin();
    loop {
        // No events are requested: hangups and errors are always reported.
        let mut fds = [PollFd::new(&input, PollFlags::empty())];
        match poll(&mut fds, None) {
            Ok(_) if fds[0].revents().intersects(PollFlags::HUP | PollFlags::ERR) => return true,
            Err(Errno::INTR) => {}
            // Some systems cannot poll a terminal; there the hangup signal and failing reads must suffice.
            Ok(_) | Err(_) => return false,
        }
    }
}

/// Discards output that the terminal has not accepted, so that a blocked write returns.
pub fn discard_output() {
    // This fails if the terminal is lost, and then there is nothing to discard.
    let _ = tcflush(stdout(), QueueSelector::OFlush);
}
