//! The modes that the terminal is put into, and the way out of them on every exit.
//!
//! Leaving is harmless when repeated and may be called from any thread: the panic hook and the signal thread do.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crossterm::Command;
use crossterm::cursor::{Hide, Show};
use crossterm::event::{
    DisableBracketedPaste, DisableFocusChange, EnableBracketedPaste, EnableFocusChange, KeyboardEnhancementFlags,
    PopKeyboardEnhancementFlags, PushKeyboardEnhancementFlags,
};
use crossterm::style::ResetColor;
use crossterm::terminal::{
    EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};

use super::writer::Writer;
use super::{Options, panic};
use crate::system;

/// The time that the last bytes may take to reach a terminal that reads.
const LAST_BYTES: Duration = Duration::from_millis(250);

/// Holds the terminal; every copy is the same hold.
#[derive(Clone)]
pub(super) struct Session {
    state: Arc<State>,
    writer: Writer,
}

struct State {
    /// True while the modes are set.
    entered: AtomicBool,
    mouse: AtomicBool,
}

impl Session {
    /// Takes the terminal over, and gives it back before a panic is reported.
    ///
    /// # Errors
    /// Fails where the terminal's settings cannot be changed.
    pub fn enter(options: &Options, writer: Writer) -> io::Result<Self> {
        let state = Arc::new(State { entered: AtomicBool::new(false), mouse: AtomicBool::new(options.mouse) });
        let session = Self { state, writer };
        let held = session.clone();
        panic::restore_first(move || _ = held.leave(), options.panic_hint.clone());
        session.resume()?;
        Ok(session)
    }

    /// Sets all modes, from any state of the terminal: a shell that continues a stopped job may have changed its
    /// settings, and after a stop that could not be caught the modes are still set.
    ///
    /// # Errors
    /// Fails where the terminal's settings cannot be changed.
    pub fn resume(&self) -> io::Result<()> {
        self.leave();
        enable_raw_mode()?;
        self.state.entered.store(true, Ordering::SeqCst);
        self.writer.write(entering()?);
        self.set_mouse(self.state.mouse.load(Ordering::SeqCst))
    }

    /// Gives the terminal back, for a while or for good; returns false where it takes no more output.
    pub fn leave(&self) -> bool {
        if !self.state.entered.swap(false, Ordering::SeqCst) {
            return true;
        }
        // Where the terminal is gone nothing is left to restore.
        let _ = system::release_mouse();
        let leaving = leaving().unwrap_or_default();
        let mut is_written = self.writer.write_within(leaving.clone(), LAST_BYTES);
        if !is_written {
            // The terminal has stopped reading: without the frame that is under way the last bytes have room.
            system::discard_output();
            is_written = self.writer.write_within(leaving, LAST_BYTES);
        }
        let _ = disable_raw_mode();
        is_written
    }

    /// Turns mouse events on or off.
    ///
    /// # Errors
    /// Fails where the console refuses.
    pub fn set_mouse(&self, on: bool) -> io::Result<()> {
        self.state.mouse.store(on, Ordering::SeqCst);
        let sequence = if on { system::capture_mouse()? } else { system::release_mouse()? };
        if !sequence.is_empty() {
            self.write(sequence.as_bytes().to_vec());
        }
        Ok(())
    }

    /// Queues a frame; the loop is told when it is written.
    pub fn write_frame(&self, bytes: Vec<u8>) {
        self.writer.write_frame(bytes);
    }

    /// Queues bytes for the terminal, unless it has been given back.
    pub fn write(&self, bytes: Vec<u8>) {
        if self.state.entered.load(Ordering::SeqCst) {
            self.writer.write(bytes);
        }
    }
}

/// The bytes that set the modes. The key flags follow the alternate screen, as each screen has its own stack of them;
/// they only tell Esc from the start of a sequence.
fn entering() -> io::Result<Vec<u8>> {
    let flags = KeyboardEnhancementFlags::DISAMBIGUATE_ESCAPE_CODES;
    let mut text = String::new();
    ansi(&mut text, EnterAlternateScreen)?;
    ansi(&mut text, PushKeyboardEnhancementFlags(flags))?;
    ansi(&mut text, EnableBracketedPaste)?;
    ansi(&mut text, EnableFocusChange)?;
    ansi(&mut text, Hide)?;
    Ok(text.into_bytes())
}

/// The bytes that undo the modes, in reverse order, after the end of a frame that may have been cut short.
fn leaving() -> io::Result<Vec<u8>> {
    let mut text = String::new();
    ansi(&mut text, EndSynchronizedUpdate)?;
    ansi(&mut text, ResetColor)?;
    text.push_str(system::MOUSE_OFF);
    ansi(&mut text, DisableFocusChange)?;
    ansi(&mut text, DisableBracketedPaste)?;
    ansi(&mut text, PopKeyboardEnhancementFlags)?;
    ansi(&mut text, LeaveAlternateScreen)?;
    ansi(&mut text, Show)?;
    Ok(text.into_bytes())
}

/// Appends the sequence of a command.
fn ansi(text: &mut String, command: impl Command) -> io::Result<()> {
    command.write_ansi(text).map_err(io::Error::other)
}

/// The size of the terminal in cells, at most [`MOST_CELLS_A_SIDE`] a side; 80x24 where the terminal does not know.
pub(super) fn size() -> ratatui::layout::Size {
    let known = system::terminal_size().filter(|(columns, rows)| *columns > 0 && *rows > 0);
    let (columns, rows) = known.unwrap_or((80, 24));
    ratatui::layout::Size::new(columns.min(MOST_CELLS_A_SIDE), rows.min(MOST_CELLS_A_SIDE))
}

/// Sizes above this are drawn into their top left corner, so that a nonsensical report cannot exhaust the memory.
const MOST_CELLS_A_SIDE: u16 = 1000;
