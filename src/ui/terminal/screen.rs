//! The interface between the loop and a screen.
//!
//! Everything is data: an [`Event`] goes in, [`Handled`] comes out, and drawing fills a buffer. So a screen is tested
//! without a terminal, and effects on anything but the terminal (saving a file) are the screen's own business.

use std::time::Duration;

use crossterm::event::{KeyEvent, MouseEvent};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect, Size};

use super::environment::Background;

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A key was pressed, or repeats while held; never a release. Ctrl-C and Ctrl-Z do not arrive: the loop quits and
    /// suspends by itself, whatever the screen is doing.
    Key(KeyEvent),
    /// A mouse button, drag or wheel step, inside the screen. Of a queue of drags only the last arrives.
    Mouse(MouseEvent),
    /// Text pasted in one go, at most 1 MiB of it; may hold line breaks and control characters.
    Paste(String),
    /// The screen has a new size; it is redrawn anyway.
    Resize(Size),
    /// The terminal's window gained (true) or lost the focus.
    Focus(bool),
    /// The terminal says what its background is.
    Background(Background),
    /// The time that [`Screen::tick_every`] asked for has passed.
    Tick,
    /// The outcome of an effect for the user: that a text was copied, or why something cannot be done.
    Note(String),
}

/// The consequences of an event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Handled {
    /// True where anything visible may have changed; a frame equal to the last one writes nothing.
    pub redraw: bool,
    /// A request to the terminal.
    pub effect: Option<Effect>,
}

impl Handled {
    /// Nothing visible changed.
    pub const NOTHING: Self = Self { redraw: false, effect: None };
    /// Something visible changed.
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
    /// Leave with this exit code.
    Quit(u8),
    /// Hand the terminal back to the shell until the job is continued, as Ctrl-Z does.
    Suspend,
    /// Put text on the clipboard of the terminal (OSC 52); a [`Event::Note`] says what was sent.
    Copy(String),
    /// Ask for mouse events, or leave the mouse to the terminal.
    SetMouse(bool),
    /// Write the whole screen again, for when something else wrote over it.
    Repaint,
}

/// A part of the picture that leads somewhere (OSC 8).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Its cells.
    pub area: Rect,
    /// The address; anything but plain http and https is left out.
    pub url: String,
}

/// Something that can be shown in a terminal and driven by its events.
pub trait Screen {
    /// Takes one event in.
    fn handle(&mut self, event: Event) -> Handled;

    /// Draws everything into an empty buffer that covers `area`; returns where the text cursor shows, if it does.
    fn draw(&mut self, buffer: &mut Buffer, area: Rect) -> Option<Position>;

    /// Returns true while Ctrl-Z means something else than to suspend.
    fn takes_suspend_key(&self) -> bool {
        false
    }

    /// The links of the picture that was drawn last.
    fn links(&self) -> &[Link] {
        &[]
    }

    /// Returns the interval of [`Event::Tick`] right now; without one an idle program never wakes.
    fn tick_every(&self) -> Option<Duration> {
        None
    }

    /// Called once when the terminal has been given back, on every way out but a panic: the place to keep unsaved work.
    fn close(&mut self) {}
}
