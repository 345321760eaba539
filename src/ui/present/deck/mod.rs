//! A deck: steps that move the sliders, as a RON file.
//!
//! A step starts from a scenario or from the step before it, so a deck tells what changes and nothing twice. Every step
//! is worked out when the deck is opened: what can be shown is known before anybody looks. A deck reads nothing but
//! scenarios and model files of its own directory and below, and runs nothing.

mod built_in;
mod check;
mod file;
mod models;
mod place;
mod resolve;
pub mod tween;

use crate::model::answer::Figure;
use crate::model::ron_file::Place;
use crate::model::scenario::{Difference, Expectation, Origin, Scenario};

pub use built_in::DECKS;
pub use check::{Found, check};
pub use file::SCHEMA;
pub use models::read_models;
pub use resolve::{Known, find, is_deck, of_scenario, open};

/// Panels of a step at most.
pub const MOST_PANELS: usize = 3;

/// Steps in the order they are given.
#[derive(Clone, Debug, PartialEq)]
pub struct Deck {
    /// What it is about.
    pub title: String,
    /// The steps, at least one.
    pub steps: Vec<Step>,
}

/// One step.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What it says, in a line.
    pub title: String,
    /// What the speaker wants to remember.
    pub notes: String,
    /// What is asked, whole.
    pub scenario: Scenario,
    /// What differs from the step before; nothing for the first one.
    pub changes: Vec<Difference>,
    /// Panels by id, one to three.
    pub panels: Vec<String>,
    /// The figure in large digits.
    pub headline: &'static Figure,
    /// Machines that the room should look at, by place.
    pub highlight: Vec<usize>,
    /// How long it should take.
    pub minutes: Option<f64>,
    /// What the answer should be.
    pub expect: Option<Expectation>,
    /// Where the deck's file says so.
    pub expect_at: Option<Place>,
}

impl Deck {
    /// How long all steps take together, in minutes; `None` where no step says.
    #[must_use]
    pub fn minutes(&self) -> Option<f64> {
        let known = self.steps.iter().filter_map(|step| step.minutes);
        self.steps.iter().any(|step| step.minutes.is_some()).then(|| known.sum())
    }

    /// This deck with the steps of another behind its own.
    #[must_use]
    pub fn followed_by(mut self, other: Self) -> Self {
        self.steps.extend(other.steps);
        self
    }
}

/// A deck with where it came from.
#[derive(Clone, Debug)]
pub struct OpenedDeck {
    /// The deck.
    pub deck: Deck,
    /// Where it came from; the name of a built-in one.
    pub origin: Origin,
}
