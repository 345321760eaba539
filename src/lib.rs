//! whichbox: which box for which job.
//!
//! ```text
//!  units → spec → estimate → ron_file → machine_probe → catalog → model_file → calibrate → bench_file → scenario → answer → deck → input → settings → app → view → export → tui → explorer → cli
//! ```
//!
//! Imports go from right to left only; `tests/suite/architecture.rs` holds the line. `spec` is plain data, `estimate`
//! is pure and is the only place where a speed, a size or a cost is computed, `answer` puts a scenario to it for every
//! machine, `deck` is what is presented, `app` is the state of the explorer without a terminal, `view` draws it, `tui` is
//! the only code that touches
//! a terminal.

pub mod answer;
pub mod app;
pub mod bench_file;
pub mod calibrate;
pub mod catalog;
pub mod cli;
pub mod deck;
pub mod estimate;
pub mod explorer;
pub mod export;
pub mod input;
pub mod machine_probe;
pub mod model_file;
pub mod ron_file;
pub mod scenario;
pub mod settings;
pub mod spec;
pub mod tui;
pub mod units;
pub mod view;
