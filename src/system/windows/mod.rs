//! The functions of [`super`] on Windows.

pub mod files;
#[cfg(feature = "tui")]
pub mod terminal;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Returns the time of the wall clock, since safe code cannot read a clock that counts from the start of the machine.
#[must_use]
pub fn since_start() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}
