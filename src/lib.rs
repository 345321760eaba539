//! Estimates, answers and facts about machines that run large language models on a desk.
//!
//! A [`Scenario`](model::scenario::Scenario) is the question, a [`Catalog`](model::catalog::Catalog) holds the facts, and
//! [`answer_scenario`](model::answer::answer_scenario) gives each machine's figures and the winner:
//!
//! ```
//! use whichbox::model::answer::answer_scenario;
//! use whichbox::model::catalog::Catalog;
//! use whichbox::model::scenario::{ModelChoice, Scenario};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let catalog = Catalog::builtin()?;
//! let scenario = Scenario { model: ModelChoice::Catalog("gpt-oss-120b".into()), concurrency: 4, ..Scenario::default() };
//! let answers = answer_scenario(&catalog, &scenario)?;
//! let winner = answers.verdict.winner.map(|index| &answers.machines[index]);
//! println!("{}", winner.map_or("no machine passes", |answer| answer.machine.name.as_str()));
//! # assert!(winner.is_some());
//! # Ok(())
//! # }
//! ```
//!
//! | you want | module | feature |
//! |---|---|---|
//! | what is known of machines, models, formats, prices | [`model::catalog`], [`model::facts`] | |
//! | the speed, memory and cost of one case, with its formulas | [`model::estimate`] | |
//! | a question for several machines and its verdict | [`model::scenario`], [`model::answer`] | |
//! | efficiencies fitted from measurements, and the error | [`model::calibrate`] | |
//! | what is in a GGUF, safetensors or config.json file | `files::model_file` | `files` |
//! | measurements from a benchmark's result file | `files::bench_file` | `files` |
//! | the explorer and the presentation | `ui` | `tui` |
//! | the command line and exports | `cmd` | `cli` (default) |
//!
//! Each tier imports only from those before it. `cargo add whichbox --no-default-features` gives the first without clap,
//! ratatui and crossterm.

#[cfg(feature = "cli")]
pub mod cmd;
#[cfg(feature = "files")]
pub mod files;
pub mod model;
pub mod system;
#[cfg(feature = "tui")]
pub mod ui;
