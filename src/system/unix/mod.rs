//! Linux, macOS and other Unix systems.

pub mod files;
#[cfg(feature = "tui")]
pub mod terminal;

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
