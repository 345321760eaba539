//! The background colour of the terminal, by a query to the terminal (OSC 11).

use std::time::Duration;

use terminal_colorsaurus::{Error, QueryOptions, background_color};

use super::environment::Background;

/// Longest time that the first frame waits for the answer. A local terminal answers in a few milliseconds.
const LIMIT: Duration = Duration::from_millis(100);

/// The outcome of the query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// The terminal answered with its background.
    Is(Background),
    /// The terminal was not asked, or does not support the query.
    None,
    /// No answer came in time; it may still arrive among the keys.
    Late,
}

impl Answer {
    /// Returns the background, if it is known.
    pub fn background(self) -> Option<Background> {
        match self {
            Self::Is(background) => Some(background),
            Self::None | Self::Late => None,
        }
    }
}

/// Asks the terminal and waits for the answer.
pub(super) fn ask() -> Answer {
    let mut options = QueryOptions::default();
    options.timeout = LIMIT;
    match background_color(options) {
        Ok(color) if color.perceived_lightness() > 0.5 => Answer::Is(Background::Light),
        Ok(_) => Answer::Is(Background::Dark),
        Err(Error::Timeout(_)) => Answer::Late,
        Err(_) => Answer::None,
    }
}
