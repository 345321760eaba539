//! The explorer without a terminal: a state, messages that change it, effects it asks for.
//!
//! No file, clock or screen is touched here: [`update`] takes what happened, with the time it happened at, and returns
//! what should be done outside. So the whole explorer can be driven by a test.

mod chooser;
mod history;
mod state;
mod update;

pub use chooser::{Choice, Chooser};
pub use history::History;
pub use state::{Document, Focus, Notice, Overlay, State};
pub use update::{Effect, Message, update};
