//! The interface between the event loop and a screen.
//!
//! It consists of data: a screen takes an [`Event`], returns [`Handled`], and draws into a buffer. So screens are
//! tested without a terminal, and effects other than on the terminal, such as saving a file, are up to the screen.

use std::time::Duration;

use crossterm::event::{KeyEvent, MouseEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect, Size};

use super::environment::Background;

/// An event for a screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A key was pressed or repeats; releases are not sent. Ctrl-C and Ctrl-Z do not arrive, because the loop quits and
    /// suspends by itself, unless [`Screen::takes_suspend_key`] is true for Ctrl-Z.
    Key(KeyEvent),
    /// A mouse button, drag or wheel step inside the screen. Of queued drags only the last arrives.
    Mouse(MouseEvent),
    /// Pasted text, at most 1 MiB; it may contain line breaks and control characters.
    Paste(String),
    /// The screen has a new size and is redrawn in any case.
    Resize(Size),
    /// The terminal's window gained (true) or lost the focus.
    Focus(bool),
    /// The terminal's background.
    Background(Background),
    /// The interval of [`Screen::tick_every`] has passed.
    Tick,
    /// The outcome of an effect, for the user: the text was copied, or the reason why something failed.
    Note(String),
}

/// The result of handling an event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Handled {
    /// True if anything visible may have changed. A frame without changes writes nothing.
    pub redraw: bool,
    /// A request to the terminal.
    pub effect: Option<Effect>,
}

impl Handled {
    /// The result of an event that changes nothing visible.
    pub const NOTHING: Self = Self { redraw: false, effect: None };
    /// The result of an event that changes something visible.
    pub const REDRAW: Self = Self { redraw: true, effect: None };
}

impl From<Effect> for Handled {
    fn from(effect: Effect) -> Self {
        Self { redraw: true, effect: Some(effect) }
    }
}

/// A request of a screen to the terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Quit with this exit code.
    Quit(u8),
    /// Hand the terminal back to the shell until the job is continued, as Ctrl-Z does.
    Suspend,
    /// Put a text on the terminal's clipboard (OSC 52); an [`Event::Note`] reports the outcome.
    Copy(String),
    /// Request mouse events, or leave the mouse to the terminal.
    SetMouse(bool),
    /// Write the whole screen again, in case another program wrote over it.
    Repaint,
}

/// A part of the picture that links to an address (OSC 8).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The cells of the link.
    pub area: Rect,
    /// The address; only http and https are sent to the terminal.
    pub url: String,
}

/// A screen in a terminal, driven by events.
pub trait Screen {
    /// Handles one event.
    fn handle(&mut self, event: Event) -> Handled;

    /// Draws into an empty buffer that covers `area`; returns the position of the text cursor, or `None` to hide it.
    fn draw(&mut self, buffer: &mut Buffer, area: Rect) -> Option<Position>;

    /// Returns true while Ctrl-Z has another meaning than to suspend.
    fn takes_suspend_key(&self) -> bool {
        false
    }

    /// Returns the links of the picture that was drawn last.
    fn links(&self) -> &[Link] {
        &[]
    }

    /// Returns the current interval of [`Event::Tick`]; `None` lets an idle program sleep.
    fn tick_every(&self) -> Option<Duration> {
        None
    }

    /// Runs after the terminal has been given back, except after a panic; unsaved work is kept here.
    fn close(&mut self) {}
}
