//! The explorer and the presentation: state, drawing, keys and the terminal.

pub mod explorer;
pub mod input;
pub mod overlay;
pub mod present;
pub mod settings;
pub mod state;
pub mod terminal;
pub mod view;
