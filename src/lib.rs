//! whichbox: which box for which job.
//!
//! ```text
//!  units → spec → estimate → ron_file → catalog → scenario → input → app → view → export → tui → cli
//! ```
//!
//! Imports go from right to left only; `tests/architecture.rs` holds the line. `spec` is plain data, `estimate`
//! is pure and is the only place where a speed, a size or a cost is computed, `app` is the state of the explorer
//! without a terminal, `view` draws it, `tui` is the only code that touches a terminal.

pub mod catalog;
pub mod estimate;
pub mod ron_file;
pub mod scenario;
pub mod spec;
pub mod tui;
pub mod units;
