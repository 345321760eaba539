//! Linux, macOS and other Unix systems.

mod files;
mod job;
mod line;
mod signals;

pub use files::{
    create_private_directory, file_number, keep_owner, lock_while_saving, open_without_waiting, private_file_options,
    sync_directory, temporary_file, why_not_private,
};
pub use job::{is_job, stop_job};
pub use line::{
    MOUSE_OFF, TERMINALS_HAVE_NAMES, capture_mouse, discard_output, release_mouse, shows_all_colours, terminal_size,
    wait_for_hangup,
};
pub use signals::listen_for_signals;

use std::time::Duration;

/// The clock that goes on while the machine sleeps: on Linux only the boot-time clock does.
#[cfg(any(target_os = "linux", target_os = "android"))]
const CLOCK: rustix::time::ClockId = rustix::time::ClockId::Boottime;
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const CLOCK: rustix::time::ClockId = rustix::time::ClockId::Monotonic;

/// Returns the time since the machine was started, sleep included: all processes agree on it and no clock is set back.
#[must_use]
pub fn since_start() -> Duration {
    Duration::try_from(rustix::time::clock_gettime(CLOCK)).unwrap_or_default()
}
