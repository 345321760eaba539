//! Decks: steps of a presentation that change the scenario, as a RON file.
//!
//! A step starts from a scenario or from the step before it, so a deck contains only the changes. All steps are
//! resolved when the deck is opened, so errors appear before an audience sees it. A deck can read only scenarios and
//! model files in its own directory and below, and it can run nothing.

mod built_in;
mod check;
mod file;
mod models;
mod place;
mod resolve;
pub mod tween;

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::model::answer::Figure;
use crate::model::ron_file::Place;
use crate::model::scenario::{Difference, Expectation, Origin, Scenario};

pub use built_in::DECKS;
pub use check::{Found, check};
pub use file::SCHEMA;
pub use models::read_models;
pub use resolve::{Known, find, is_deck, of_scenario, open};

/// Most panels of a step.
pub const MOST_PANELS: usize = 3;

/// A presentation's steps, in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Deck {
    /// Its title.
    pub title: String,
    /// The steps, at least one.
    pub steps: Vec<Step>,
}

/// One step.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Its title, in one line.
    pub title: String,
    /// The speaker's notes.
    pub notes: String,
    /// Its complete scenario.
    pub scenario: Scenario,
    /// Its differences from the step before; empty for the first step.
    pub changes: Vec<Difference>,
    /// Ids of its panels, one to three.
    pub panels: Vec<String>,
    /// The figure in large digits.
    pub headline: &'static Figure,
    /// Indices of the highlighted machines.
    pub highlight: Vec<usize>,
    /// Planned minutes.
    pub minutes: Option<f64>,
    /// The expected answer.
    pub expect: Option<Expectation>,
    /// The place of the expectation in the deck's file.
    pub expect_at: Option<Place>,
}

impl Deck {
    /// Returns the planned minutes of all steps; `None` if no step has any.
    #[must_use]
    pub fn minutes(&self) -> Option<f64> {
        let known = self.steps.iter().filter_map(|step| step.minutes);
        self.steps.iter().any(|step| step.minutes.is_some()).then(|| known.sum())
    }

    /// Returns a hash of the steps' titles, notes and scenarios, by which two decks are compared.
    #[must_use]
    pub fn fingerprint(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        for step in &self.steps {
            let scenario = step.scenario.to_ron().unwrap_or_default();
            (&step.title, &step.notes, &scenario).hash(&mut hasher);
        }
        hasher.finish()
    }

    /// Returns this deck with the steps of another one after its own.
    #[must_use]
    pub fn followed_by(mut self, other: Self) -> Self {
        self.steps.extend(other.steps);
        self
    }
}

/// A deck with its origin.
#[derive(Clone, Debug)]
pub struct OpenedDeck {
    /// The deck.
    pub deck: Deck,
    /// Its origin: a file, or a built-in deck.
    pub origin: Origin,
}
