//! The modes that the terminal is put into, and their removal on every exit.
//!
//! Leaving may be repeated and may be called from any thread, as the panic hook and the signal thread do.

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

/// Time in which the last bytes must reach a terminal that still reads.
const LAST_BYTES: Duration = Duration::from_millis(250);

/// The hold on the terminal; clones share it.
#[derive(Clone)]
pub(super) struct Session {
    state: Arc<State>,
    writer: Writer,
}

struct State {
    /// True while the modes are set.
    entered: AtomicBool,
    /// True if the mouse is to be reported.
    mouse: AtomicBool,
}

impl Session {
    /// Takes the terminal over, and makes panics give it back before they are reported.
    ///
    /// # Errors
    /// [`io::Error`] if the terminal's settings cannot be changed.
    pub fn enter(options: &Options, writer: Writer) -> io::Result<Self> {
        let state = Arc::new(State { entered: AtomicBool::new(false), mouse: AtomicBool::new(options.mouse) });
        let session = Self { state, writer };
        let held = session.clone();
        panic::restore_first(move || _ = held.leave(), options.panic_hint.clone());
        session.resume()?;
        Ok(session)
    }

    /// Sets all modes, whatever the state of the terminal: a shell that continues a stopped job may have changed its
    /// settings, and after SIGSTOP, which cannot be caught, the modes are still set.
    ///
    /// # Errors
    /// [`io::Error`] if the terminal's settings cannot be changed.
    pub fn resume(&self) -> io::Result<()> {
        self.leave();
        enable_raw_mode()?;
        self.state.entered.store(true, Ordering::SeqCst);
        self.writer.write(entering()?);
        self.set_mouse(self.state.mouse.load(Ordering::SeqCst))
    }

    /// Gives the terminal back, for a while or for good; returns false if it accepts no more output.
    pub fn leave(&self) -> bool {
        if !self.state.entered.swap(false, Ordering::SeqCst) {
            return true;
        }
        // An error is ignored: if the terminal is gone, nothing needs to be restored.
        let _ = system::release_mouse();
        let leaving = leaving().unwrap_or_default();
        let mut is_written = self.writer.write_within(leaving.clone(), LAST_BYTES);
        if !is_written {
            // The terminal has stopped reading; discarding the frame in progress makes room for the last bytes.
            system::discard_output();
            is_written = self.writer.write_within(leaving, LAST_BYTES);
        }
        let _ = disable_raw_mode();
        is_written
    }

    /// Turns mouse events on or off.
    ///
    /// # Errors
    /// [`io::Error`] if the console refuses.
    pub fn set_mouse(&self, on: bool) -> io::Result<()> {
        self.state.mouse.store(on, Ordering::SeqCst);
        let sequence = if on { system::capture_mouse()? } else { system::release_mouse()? };
        if !sequence.is_empty() {
            self.write(sequence.as_bytes().to_vec());
        }
        Ok(())
    }

    /// Queues a frame; the loop is notified when it is written.
    pub fn write_frame(&self, bytes: Vec<u8>) {
        self.writer.write_frame(bytes);
    }

    /// Queues bytes for the terminal, unless the terminal has been given back.
    pub fn write(&self, bytes: Vec<u8>) {
        if self.state.entered.load(Ordering::SeqCst) {
            self.writer.write(bytes);
        }
    }
}

/// Returns the bytes that set the modes. The keyboard flags come after the alternate screen, because each screen has
/// its own stack of them. They only distinguish Esc from the start of a sequence.
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

/// Returns the bytes that remove the modes in reverse order, after the end of a frame that may have been cut off.
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

/// Appends the escape sequence of a command.
fn ansi(text: &mut String, command: impl Command) -> io::Result<()> {
    command.write_ansi(text).map_err(io::Error::other)
}

/// Returns the size of the terminal in cells, at most [`MOST_CELLS_A_SIDE`] a side; 80x24 if the terminal does not know
/// it.
pub(super) fn size() -> ratatui::layout::Size {
    let known = system::terminal_size().filter(|(columns, rows)| *columns > 0 && *rows > 0);
    let (columns, rows) = known.unwrap_or((80, 24));
    ratatui::layout::Size::new(columns.min(MOST_CELLS_A_SIDE), rows.min(MOST_CELLS_A_SIDE))
}

/// Most columns and rows that are drawn, so that a nonsensical size cannot exhaust the memory.
const MOST_CELLS_A_SIDE: u16 = 1000;
