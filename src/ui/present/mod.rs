//! Presenting: decks, the presentation's state, the stage, the speaker's view and the session that joins the two screens.

pub mod deck;
mod notes;
mod session;
pub(in crate::ui) mod state;
pub mod view;

pub use notes::Notes;
pub use session::{PresenterSession, RemoteCommand, Shared};
pub use state::{Clock, Present, Standing};
