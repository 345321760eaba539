//! The only code that touches a terminal: takes it over, shows a screen on it and gives it back whole.
//!
//! [`run`] shows a [`Screen`] on the alternate screen until it asks to quit, a signal arrives or the terminal vanishes; on
//! every one of these ways out, and on a panic, the terminal is as before. crossterm reads the input and encodes the
//! output. Three threads serve the loop: one reads input, one writes output, one listens for signals. So neither a
//! terminal that stops reading nor half a sequence on the keyboard keeps the loop from its work, and an idle program
//! does not wake and writes nothing.

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
    /// True to ask for mouse clicks, drags and the wheel; [`Effect::SetMouse`] changes it later.
    pub mouse: bool,
    /// True to ask the terminal for its background colour before the first frame; the answer is an
    /// [`Event::Background`], where there is one.
    pub asks_background: bool,
    /// The colours that the terminal can show; others are replaced by the nearest of these.
    pub colours: Colours,
    /// A line that is printed after a panic: where to report it, where unsaved work is kept.
    pub panic_hint: Option<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self { mouse: true, asks_background: false, colours: Colours::True, panic_hint: None }
    }
}

/// The reason why the terminal could not be taken over; nothing has been written to it then.
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

/// Reports a defect on one line from now on and ends the process with code 101, without unwinding: the program is built
/// to end at once. [`run`] gives the terminal back before.
pub fn report_defects() {
    panic::restore_first(|| (), None);
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
    let (sender, inputs) = mpsc::channel::<Input>();
    let writer = Writer::start(sender.clone())?;
    let answer = if options.asks_background { background::ask() } else { background::Answer::None };
    let session = Session::enter(options, writer)?;
    input::listen(&sender, &session, answer == background::Answer::Late)?;
    let mut event_loop = EventLoop::new(screen, &session, inputs, options.colours);
    let code = event_loop.run(answer.background());
    if !session.leave() {
        // Whatever the program still prints would wait for this terminal.
        input::end_soon(&session, code)?;
    }
    screen.close();
    Ok(code)
}
