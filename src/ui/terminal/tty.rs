//! How are bytes read from and written to the terminal, and how is it noticed that the terminal is gone?
//!
//! System calls and nothing else. Interrupted calls are retried, a non-blocking terminal (someone else's doing) is
//! waited for, and end of file, a hangup or any other error is [`Gone`]: there is nobody left to report it to.

use std::os::fd::{AsFd, BorrowedFd};
use std::time::Duration;

use ratatui::layout::Size;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::stdio::{stdin, stdout};

/// The terminal has vanished.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Gone;

/// What ended a wait; neither is set where the time ran out.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Ready {
    pub input: bool,
    pub signal: bool,
}

/// Sizes above this are drawn into their top left corner, so that a nonsensical report cannot exhaust the memory.
const MOST_CELLS_A_SIDE: u16 = 1000;

/// Waits for input or a signal, for ever where no `patience` is given.
pub(super) fn wait(signals: BorrowedFd<'_>, patience: Option<Duration>) -> Result<Ready, Gone> {
    let input = stdin();
    let mut fds = [PollFd::new(&input, PollFlags::IN), PollFd::new(&signals, PollFlags::IN)];
    let timeout = patience.and_then(|time| Timespec::try_from(time).ok());
    match poll(&mut fds, timeout.as_ref()) {
        // A hangup counts as input: reading then says that the terminal is gone.
        Ok(_) => Ok(Ready { input: !fds[0].revents().is_empty(), signal: !fds[1].revents().is_empty() }),
        Err(Errno::INTR) => Ok(Ready { input: false, signal: true }),
        Err(_) => Err(Gone),
    }
}

/// Whether input, or the end of it, is there or comes within `patience`.
pub(super) fn has_input(patience: Duration) -> bool {
    let input = stdin();
    let mut fds = [PollFd::new(&input, PollFlags::IN)];
    let timeout = Timespec::try_from(patience).unwrap_or_default();
    poll(&mut fds, Some(&timeout)).is_ok_and(|ready| ready > 0)
}

/// Reads what is there, 0 bytes where a non-blocking terminal has nothing yet.
pub(super) fn read(buffer: &mut [u8]) -> Result<usize, Gone> {
    loop {
        match rustix::io::read(stdin(), &mut *buffer) {
            Ok(0) => return Err(Gone),
            Ok(count) => return Ok(count),
            Err(Errno::INTR) => {}
            Err(Errno::AGAIN) => return Ok(0),
            Err(_) => return Err(Gone),
        }
    }
}

/// Writes all of `bytes`, in one call where the terminal takes them.
pub(super) fn write(mut bytes: &[u8]) -> Result<(), Gone> {
    while !bytes.is_empty() {
        match rustix::io::write(stdout(), bytes) {
            Ok(count) => bytes = bytes.get(count..).unwrap_or_default(),
            Err(Errno::INTR) => {}
            Err(Errno::AGAIN) => wait_for_room()?,
            Err(_) => return Err(Gone),
        }
    }
    Ok(())
}

fn wait_for_room() -> Result<(), Gone> {
    let output = stdout();
    let mut fds = [PollFd::from_borrowed_fd(output.as_fd(), PollFlags::OUT)];
    match poll(&mut fds, None) {
        Ok(_) | Err(Errno::INTR) => Ok(()),
        Err(_) => Err(Gone),
    }
}

/// The size in cells; 80x24 where the terminal does not know.
pub(super) fn size() -> Size {
    match rustix::termios::tcgetwinsize(stdout()) {
        Ok(size) if size.ws_col > 0 && size.ws_row > 0 => {
            Size::new(size.ws_col.min(MOST_CELLS_A_SIDE), size.ws_row.min(MOST_CELLS_A_SIDE))
        }
        _ => Size::new(80, 24),
    }
}
