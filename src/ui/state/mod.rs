//! The explorer without a terminal: a state, messages that change it, and effects that it requests.
//!
//! Nothing here touches a file, a clock or a screen. [`update`] takes a message with its time and returns the effect to
//! carry out, so tests can drive the whole explorer.

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

/// Returns true if a typed or pasted character is accepted: terminals show it, and it neither reorders nor breaks
/// lines.
pub(in crate::ui) fn is_shown(c: char) -> bool {
    c != '\n' && !is_hostile(c)
}
