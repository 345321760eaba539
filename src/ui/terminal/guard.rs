//! Which modes has the terminal been put into, and how does it get out of them whatever happens?
//!
//! Entering sets them in one write, leaving undoes them in reverse order and is harmless when repeated. The state is
//! shared with the panic hook, and frames are written through it, so no frame can land on the normal screen.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustix::stdio::stdin;
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};

use super::tty::{self, Gone};
use super::{Options, panic};

/// Alternate screen; only then kitty's key flags, as each screen has its own stack of them (1: tell Esc from a sequence).
const ENTER: &str = "\x1b[?1049h\x1b[>1u\x1b[?2004h\x1b[?1004h\x1b[?25l";
/// In reverse, after the end of a frame that may have been cut short, and with the colours reset.
const LEAVE: &str = "\x1b[?2026l\x1b[m\x1b[?1006l\x1b[?1002l\x1b[?1004l\x1b[?2004l\x1b[<1u\x1b[?1049l\x1b[?25h";
/// Presses, releases, wheel and drags (not bare movement), with coordinates as numbers.
const MOUSE_ON: &str = "\x1b[?1002h\x1b[?1006h";
const MOUSE_OFF: &str = "\x1b[?1006l\x1b[?1002l";

/// Holds the terminal; gives it back when dropped.
pub(super) struct Guard {
    state: Arc<Mutex<State>>,
}

/// The state of the terminal, shared by everything that may have to restore it.
pub(super) struct State {
    /// Whether the modes are set right now.
    entered: bool,
    mouse: bool,
    /// The line settings to return to.
    original: Termios,
}

impl Guard {
    /// Takes the terminal over, and gives it back before a panic is reported.
    pub fn enter(options: &Options) -> io::Result<Self> {
        let original = tcgetattr(stdin())?;
        let state = Arc::new(Mutex::new(State { entered: false, mouse: options.mouse, original }));
        let guard = Self { state: Arc::clone(&state) };
        panic::restore_first(move || lock(&state).leave(), options.panic_hint.clone());
        guard.resume()?;
        Ok(guard)
    }

    /// Sets all modes, from whatever state the terminal is in.
    pub fn resume(&self) -> io::Result<()> {
        lock(&self.state).enter()
    }

    /// Gives the terminal back for a while.
    pub fn suspend(&self) {
        lock(&self.state).leave();
    }

    /// Turns mouse events on or off.
    pub fn set_mouse(&self, on: bool) -> Result<(), Gone> {
        let mut state = lock(&self.state);
        state.mouse = on;
        state.write(if on { MOUSE_ON } else { MOUSE_OFF }.as_bytes())
    }

    /// Writes bytes in one go, unless the terminal has been given back.
    pub fn write(&self, bytes: &[u8]) -> Result<(), Gone> {
        lock(&self.state).write(bytes)
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.suspend();
    }
}

impl State {
    fn enter(&mut self) -> io::Result<()> {
        // A shell that continues a stopped job may have set the line differently; being stopped from outside left our
        // own modes set. Both end here, so start from a known state.
        self.leave();
        let mut raw = self.original.clone();
        raw.make_raw();
        tcsetattr(stdin(), OptionalActions::Now, &raw)?;
        self.entered = true;
        let modes = [ENTER, if self.mouse { MOUSE_ON } else { "" }].concat();
        self.write(modes.as_bytes()).map_err(|Gone| io::Error::from(io::ErrorKind::BrokenPipe))
    }

    fn leave(&mut self) {
        if self.entered {
            self.entered = false;
            // Where the terminal is gone there is nothing left to restore, and nobody to tell.
            let _ = tty::write(LEAVE.as_bytes());
            let _ = tcsetattr(stdin(), OptionalActions::Now, &self.original);
        }
    }

    fn write(&self, bytes: &[u8]) -> Result<(), Gone> {
        if self.entered { tty::write(bytes) } else { Ok(()) }
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
