//! The format of a deck's file.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer};

use crate::model::scenario::{Expectation, bounds};

/// The version of the file format that this program reads.
pub const SCHEMA: u32 = 1;
/// Most steps of a deck.
const MOST_STEPS: usize = 64;

/// A deck as its file has it.
#[derive(Debug, Deserialize)]
#[serde(rename = "Deck", deny_unknown_fields)]
pub(super) struct DeckFile {
    /// Version of the file format, 1 at present ([`SCHEMA`]).
    #[serde(deserialize_with = "schema")]
    #[expect(dead_code, reason = "checked while it is read")]
    pub schema: u32,
    /// The title, in one line.
    #[serde(default, deserialize_with = "bounds::text")]
    pub title: String,
    /// The steps, at least one and at most 64.
    #[serde(deserialize_with = "steps")]
    pub steps: Vec<StepFile>,
}

/// A step as its file has it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct StepFile {
    /// The step's headline.
    #[serde(deserialize_with = "bounds::text")]
    pub title: String,
    /// The notes for the speaker's view.
    #[serde(deserialize_with = "bounds::note")]
    pub notes: String,
    /// The scenario that the step starts from: a built-in one, or a file in the deck's directory; the step before if
    /// missing.
    #[serde(deserialize_with = "bounds::optional_text")]
    pub scenario: Option<String>,
    /// Values of knobs, by the knobs' ids.
    pub set: BTreeMap<String, Typed>,
    /// Ids of the panels that are shown.
    #[serde(deserialize_with = "bounds::texts")]
    pub panels: Vec<String>,
    /// The figure in large digits, such as `decode.expected`.
    #[serde(deserialize_with = "bounds::optional_text")]
    pub headline: Option<String>,
    /// Machines that are highlighted, by id.
    #[serde(deserialize_with = "bounds::texts")]
    pub highlight: Vec<String>,
    /// Planned minutes.
    #[serde(deserialize_with = "bounds::minutes")]
    pub minutes: Option<f64>,
    /// The expected answer.
    pub expect: Option<Expectation>,
}

/// A knob's value as typed text; the file may have a text, a number, or true or false.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Typed(pub String);

impl<'de> Deserialize<'de> for Typed {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl Visitor<'_> for AnyValue {
    type Value = Typed;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("what the knob is set to: a text, a number, true or false")
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Typed, E> {
        if value.chars().count() > 200 {
            return Err(E::custom("this is too long; at most 200 characters are allowed"));
        }
        Ok(Typed(value.to_owned()))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Typed, E> {
        Ok(Typed(if value { "yes" } else { "no" }.to_owned()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Typed, E> {
        Ok(Typed(value.to_string()))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Typed, E> {
        Ok(Typed(value.to_string()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Typed, E> {
        Ok(Typed(value.to_string()))
    }
}

fn schema<'de, D: Deserializer<'de>>(from: D) -> Result<u32, D::Error> {
    match u32::deserialize(from)? {
        SCHEMA => Ok(SCHEMA),
        other => Err(Error::custom(format_args!("schema {other} is not known; a deck begins with Deck(schema: 1,"))),
    }
}

fn steps<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<StepFile>, D::Error> {
    let steps = Vec::<StepFile>::deserialize(from)?;
    match steps.len() {
        0 => Err(Error::custom("a deck needs at least one step")),
        n if n > MOST_STEPS => Err(Error::custom(format_args!("a deck has at most {MOST_STEPS} steps"))),
        _ => Ok(steps),
    }
}
