//! Everything that differs between Linux, macOS and Windows: signals, job control, the terminal's line, files, clocks and
//! directories. No other module asks which system it runs on.
//!
//! Each system offers the same functions. What a system cannot do is said in a sentence or answered with `None`.

mod directories;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

pub use directories::{config_directory, runtime_directory, state_directory};
#[cfg(unix)]
pub use unix::{
    MOUSE_OFF, TERMINALS_HAVE_NAMES, capture_mouse, create_private_directory, discard_output, file_number, is_job,
    keep_owner, listen_for_signals, lock_while_saving, open_without_waiting, private_file_options, release_mouse,
    shows_all_colours, since_start, stop_job, sync_directory, temporary_file, terminal_size, wait_for_hangup,
    why_not_private,
};
#[cfg(windows)]
pub use windows::{
    MOUSE_OFF, TERMINALS_HAVE_NAMES, capture_mouse, create_private_directory, discard_output, file_number, is_job,
    keep_owner, listen_for_signals, lock_while_saving, open_without_waiting, private_file_options, release_mouse,
    shows_all_colours, since_start, stop_job, sync_directory, temporary_file, terminal_size, wait_for_hangup,
    why_not_private,
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
