//! Linux, macOS and other Unix systems.

pub mod files;
#[cfg(feature = "tui")]
pub mod terminal;

use std::time::Duration;

/// The clock that also runs while the machine sleeps; on Linux only the boot-time clock does.
#[cfg(any(target_os = "linux", target_os = "android"))]
const CLOCK: rustix::time::ClockId = rustix::time::ClockId::Boottime;
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const CLOCK: rustix::time::ClockId = rustix::time::ClockId::Monotonic;

/// Returns the time since the machine was started, including sleep; it is the same for all processes and never goes
/// back.
#[must_use]
pub fn since_start() -> Duration {
    Duration::try_from(rustix::time::clock_gettime(CLOCK)).unwrap_or_default()
}
