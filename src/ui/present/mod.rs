//! Presentations: decks, the state of a presentation, the stage, the speaker's view, and the session that connects
//! both.

mod clock;
pub mod deck;
mod notes;
mod session;
pub(in crate::ui) mod state;
mod transition;
pub mod view;

pub use clock::Clock;
pub use notes::{NotOpened, Notes};
pub use session::{PresenterSession, RemoteCommand, Shared};
pub use state::{DeckExtent, Present, SlidePosition};
pub(in crate::ui) use transition::{advance, go};
