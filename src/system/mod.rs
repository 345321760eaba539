//! Everything that differs between Linux, macOS and Windows: signals, job control, the terminal device, files, clocks
//! and directories. No other module depends on the system.
//!
//! Each system offers the same functions. If a system lacks something, its function returns `None`, a default or a
//! sentence.

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

/// The exit code after the loss of the terminal: 128 plus the number of the hangup signal.
pub const HANGUP: u8 = 129;

/// A request or notice of the system or of another process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// Request to end with this exit code.
    End(u8),
    /// Request to stop until continued, as a shell's job control makes it.
    Stop,
    /// Notice that the program was stopped and has been continued.
    Resumed,
    /// Notice that the size of the terminal changed.
    Resized,
}
