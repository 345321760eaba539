//! How does the program live in a terminal, and how does it give it back whole?
//!
//! The only code that touches a terminal. [`run`] shows a [`Screen`] on the alternate screen until it asks to quit, a
//! signal arrives or the terminal vanishes; on every one of these ways out, and on a panic, the terminal is as before.
//!
//! One thread waits in `poll` on the keyboard and on a self-pipe that the signal handlers write to, so an idle program
//! does not wake and nothing is written while nothing changes. Input is decoded here and not by crossterm's reader,
//! which blocks inside an unfinished sequence (deaf to signals) and spins when its terminal vanishes.

mod clipboard;
mod decode;
mod environment;
mod event_loop;
mod frame;
mod guard;
mod job;
mod panic;
mod pen;
mod screen;
mod signals;
mod tty;

pub use environment::{Background, Colours, Environment, TerminalKind, terminal_kind};
pub use screen::{Effect, Event, Handled, Link, Screen};

use event_loop::EventLoop;
use guard::Guard;
use signals::Signals;

/// How the terminal is taken over.
#[derive(Clone, Debug)]
pub struct Options {
    /// Whether mouse clicks, drags and the wheel are asked for; [`Effect::SetMouse`] changes it later.
    pub mouse: bool,
    /// Whether the terminal is asked for its background colour, once the first frame is out; the answer is an
    /// [`Event::Background`], where there is one.
    pub asks_background: bool,
    /// A line for the person after a panic: where to report it, where unsaved work is kept.
    pub panic_hint: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self { mouse: true, asks_background: false, panic_hint: None }
    }
}

/// Why the terminal could not be taken over; nothing has been written to it then.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Standard input or output is a file, a pipe or closed.
    #[error(
        "{0} is not a terminal and the explorer needs one; `whichbox --plain` writes the same content as plain lines, \
         `whichbox estimate` the numbers alone"
    )]
    NotATerminal(&'static str),
    /// The operating system refused.
    #[error("cannot set up the terminal: {0}; `whichbox --plain` does without one")]
    Setup(#[from] std::io::Error),
}

/// From now on a defect is reported on one line and ends the process with code 101, without unwinding: the program is built
/// to end at once. [`run`] gives the terminal back before.
pub fn report_defects() {
    panic::restore_first(|| (), None);
}

/// The events that `bytes` stand for where the terminal sends them at once and then nothing more.
#[must_use]
pub fn decode(bytes: &[u8]) -> Vec<Event> {
    let mut decoder = decode::Decoder::default();
    decoder.feed(bytes);
    decoder.at_rest();
    decoder.take()
}

/// Shows `screen` until it ends and returns the exit code: the one it asked for, 128 + n after signal n, and
/// 129 (as after a hangup) where the terminal vanished. A panic ends the process with 101.
///
/// # Errors
/// Fails before anything is written where there is no terminal or it cannot be set up; the exit code is 2 then.
pub fn run(screen: &mut impl Screen, options: &Options) -> Result<u8, Error> {
    if let TerminalKind::Absent(stream) = terminal_kind() {
        return Err(Error::NotATerminal(stream));
    }
    let signals = Signals::listen()?;
    let guard = Guard::enter(options)?;
    let code = EventLoop::new(screen, &guard, signals, options.asks_background).run();
    drop(guard);
    screen.close();
    Ok(code)
}
