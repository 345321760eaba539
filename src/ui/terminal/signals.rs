//! Which signals have arrived?
//!
//! The handlers only note the signal and write to a pipe, which wakes the loop; all work is done there.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;

use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH};
use signal_hook::iterator::backend::SignalDelivery;
use signal_hook::iterator::exfiltrator::SignalOnly;

/// The signals of this process, from the moment of [`Signals::listen`].
pub(super) struct Signals(SignalDelivery<UnixStream, SignalOnly>);

/// What the signals that have arrived ask for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Asked {
    /// The number of the signal to end by.
    pub end: Option<u8>,
    /// To stop, as a shell's job control asks.
    pub stop: bool,
    /// Nothing, but the program has been stopped and goes on now.
    pub resumed: bool,
    /// To look at the size again.
    pub resized: bool,
}

impl Signals {
    /// Starts to catch the signals that end, stop, continue and resize a program.
    pub fn listen() -> io::Result<Self> {
        let (read, write) = UnixStream::pair()?;
        let caught = [SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH];
        SignalDelivery::with_pipe(read, write, SignalOnly, caught).map(Self)
    }

    /// Becomes readable when a signal arrives.
    pub fn wake(&self) -> BorrowedFd<'_> {
        self.0.get_read().as_fd()
    }

    /// Takes what has arrived since the last call.
    pub fn take(&mut self) -> Asked {
        let mut asked = Asked::default();
        for signal in self.0.pending() {
            match signal {
                SIGTSTP => asked.stop = true,
                SIGCONT => asked.resumed = true,
                SIGWINCH => asked.resized = true,
                other => asked.end = u8::try_from(other).ok(),
            }
        }
        asked
    }
}
