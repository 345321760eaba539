//! The explorer without a terminal: a state, messages that change it, effects it asks for.
//!
//! No file, clock or screen is touched here: [`update`] takes what happened, with the time it happened at, and returns
//! what should be done outside. So the whole explorer can be driven by a test.

mod around;
mod ask;
mod available;
pub(in crate::ui) mod chooser;
pub(in crate::ui) mod compare;
mod completion;
mod copy;
mod edit;
mod fuzzy;
mod history;
mod knobs;
pub(in crate::ui) mod lines;
mod lists;
mod message;
mod models;
mod overlay;
mod palette;
mod since;
mod state;
mod trace;
mod update;
mod views;
mod what_if;

pub use around::Around;
pub use ask::{Ask, Question};
pub use chooser::{Choice, Chooser, Column};
pub use compare::Pinned;
pub use copy::{Copied, panel as shown_panel};
pub use edit::{Pin, Step};
pub use fuzzy::finds;
pub use history::{Gesture, History};
pub use message::{Effect, Message, Remote};
pub use overlay::{Help, Overlay, Page};
pub use palette::Deed;
pub use state::{Document, Focus, Notice, State};
pub use trace::Trace;
pub use update::update;
pub use views::{VIEWS, View};
