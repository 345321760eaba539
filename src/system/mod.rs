//! Everything that differs between Linux, macOS and Windows: signals, job control, the terminal's line, files, clocks and
//! directories. No other module asks which system it runs on.
//!
//! Each system offers the same functions. What a system cannot do is said in a sentence or answered with `None`.

#[cfg(feature = "tui")]
mod directories;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
use unix as own;
#[cfg(windows)]
use windows as own;

#[cfg(feature = "tui")]
pub use directories::{config_directory, runtime_directory, state_directory};
pub use own::files::{
    create_private_directory, file_number, keep_owner, lock_while_saving, open_without_waiting, private_file_options,
    sync_directory, temporary_file, why_not_private,
};
pub use own::since_start;
#[cfg(feature = "tui")]
pub use own::terminal::{
    MOUSE_OFF, TERMINALS_HAVE_NAMES, capture_mouse, discard_output, is_job, listen_for_signals, release_mouse,
    shows_all_colours, stop_job, terminal_size, wait_for_hangup,
};

/// The exit code of a program that was ended because its terminal vanished: 128 and the number of the hangup signal.
pub const HANGUP: u8 = 129;

/// A request of the system or of another process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// To end with this exit code.
    End(u8),
    /// To stop until continued, as a shell's job control asks.
    Stop,
    /// The program was stopped and goes on now.
    Resumed,
    /// The size of the terminal has changed.
    Resized,
}
