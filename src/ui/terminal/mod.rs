//! The terminal: this module takes it over, shows a screen on it and gives it back unchanged.
//!
//! [`run`] shows a [`Screen`] on the alternate screen until it asks to quit, a signal arrives or the terminal vanishes.
//! In each of these cases, and after a panic, the terminal is restored. crossterm decodes the input and encodes the
//! output. Three threads serve the loop: one reads input, one writes output and one waits for signals. So neither a
//! terminal that stops reading nor an incomplete sequence from the keyboard blocks the loop, and an idle program
//! neither wakes nor writes.

mod backend;
mod background;
mod clipboard;
mod colours;
mod environment;
mod event_loop;
mod input;
mod links;
mod panic;
mod screen;
mod session;
mod writer;

pub use crossterm::event as events;
pub use environment::{Background, Colours, Environment, TerminalKind, terminal_kind};
pub use screen::{Effect, Event, Handled, Link, Screen};

use std::sync::mpsc;

use event_loop::EventLoop;
use input::Input;
use session::Session;
use writer::Writer;

/// The settings of a run.
#[derive(Clone, Debug)]
pub struct Options {
    /// True to request mouse clicks, drags and the wheel; [`Effect::SetMouse`] changes it later.
    pub mouse: bool,
    /// True to query the terminal for its background colour before the first frame. An answer arrives as
    /// [`Event::Background`].
    pub asks_background: bool,
    /// The colours that the terminal can show; all others are replaced by the nearest of them.
    pub colours: Colours,
    /// A line that is printed after a panic: where to report it, or where unsaved work is kept.
    pub panic_hint: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self { mouse: true, asks_background: false, colours: Colours::True, panic_hint: None }
    }
}

/// The reason why the terminal could not be taken over. Nothing has been written to it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Standard input or output is a file, a pipe or closed.
    #[error(
        "{0} is not a terminal and the explorer needs one; `whichbox --plain` writes the same content as plain lines, \
         `whichbox estimate` the numbers alone"
    )]
    NotATerminal(&'static str),
    /// The operating system refused the set-up.
    #[error("cannot set up the terminal: {0}; `whichbox --plain` does without one")]
    Setup(#[from] std::io::Error),
}

/// Makes panics print a one-line report and end the process with code 101. They do not unwind, because the program is
/// built to abort. [`run`] extends this to restore the terminal first.
pub fn report_defects() {
    panic::restore_first(|| (), None);
}

/// Shows `screen` until it ends and returns the exit code: the one that it asked for, 128 + n after signal n, or 129
/// (as after a hangup) if the terminal vanished. A panic ends the process with 101.
///
/// # Errors
/// [`Error`] if there is no terminal or it cannot be set up, before anything is written; the exit code is then 2.
pub fn run(screen: &mut impl Screen, options: &Options) -> Result<u8, Error> {
    if let TerminalKind::Absent(stream) = terminal_kind() {
        return Err(Error::NotATerminal(stream));
    }
    let (sender, inputs) = mpsc::channel::<Input>();
    let writer = Writer::start(sender.clone())?;
    let answer = if options.asks_background { background::ask() } else { background::Answer::None };
    let session = Session::enter(options, writer)?;
    input::listen(&sender, &session, answer == background::Answer::Late)?;
    let mut event_loop = EventLoop::new(screen, &session, inputs, options.colours);
    let code = event_loop.run(answer.background());
    if !session.leave() {
        // Otherwise the program's later output could block on this terminal.
        input::end_soon(&session, code)?;
    }
    screen.close();
    Ok(code)
}
