//! The explorer without a terminal: a state, messages that change it, effects it asks for.
//!
//! No file, clock or screen is touched here: [`update`] takes a message with its time and returns what is to be done
//! outside, so that the whole explorer can be driven by a test.

mod around;
mod available;
pub(in crate::ui) mod compare;
mod copy;
mod edit;
mod focus;
mod history;
mod map;
mod message;
#[expect(clippy::module_inception, reason = "the type of this name")]
mod state;
mod update;
mod views;

use crate::model::ron_file::is_hostile;

pub use around::Around;
pub use compare::Pinned;
pub use copy::{Copied, panel as shown_panel};
pub use edit::{Pin, Step};
pub(in crate::ui) use edit::{replace, turn_knob, write_knob};
pub use history::{Gesture, History};
pub use map::MapState;
pub use message::{Effect, Message, Remote};
pub use state::{Document, Focus, Notice, State};
pub use update::update;
pub(in crate::ui) use update::{complain, run_action, steps_of};
pub use views::{VIEWS, View};

/// Returns whether a typed or pasted character is taken: one that a terminal shows and that reorders or breaks no line.
pub(in crate::ui) fn is_shown(c: char) -> bool {
    c != '\n' && !is_hostile(c)
}
