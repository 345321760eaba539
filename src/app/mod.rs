//! The explorer without a terminal: a state, messages that change it, effects it asks for.
//!
//! No file, clock or screen is touched here: [`update`] takes what happened, with the time it happened at, and returns
//! what should be done outside. So the whole explorer can be driven by a test.

mod around;
mod ask;
mod chooser;
mod edit;
mod history;
mod lines;
mod lists;
mod message;
mod state;
mod update;
mod views;

pub use around::Around;
pub use ask::{Ask, Question};
pub use chooser::{Choice, Chooser, Column};
pub use edit::Step;
pub use history::{Gesture, History};
pub use message::{Effect, Message};
pub use state::{Document, Focus, Notice, Overlay, State};
pub use update::update;
pub use views::{VIEWS, View};
