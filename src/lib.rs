//! whichbox: which box for which job.
//!
//! Four tiers, each of which imports only from those before it: `model`, `files`, `ui`, `cmd`.

pub mod cmd;
pub mod files;
pub mod model;
pub mod ui;
