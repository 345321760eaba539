//! A scenario: what is asked (which model, how many streams, on which machines, within which limits), as a RON file.
//!
//! Every field but `schema` has a default, so a file holds what is special about its question and nothing else. What
//! comes from a file is checked while it is read (see `bounds`), names of machines and models once the catalog is
//! known (see [`Scenario::check`]).

pub(crate) mod bounds;
mod built_in;
mod check;
mod choice;
mod command;
mod constraints;
mod diff;
mod file;
pub mod knob;
mod names;
mod range;
mod setups;
pub mod what_if;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::estimate::setup::OffloadKind;
use serde::de::Error;
use serde::ser::SerializeStruct;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub use built_in::SCENARIOS;
pub use check::UnknownName;
pub use choice::{CustomModelError, FormatChoice, FormatOn, ModelChoice, RuntimeChoice};
pub use constraints::{
    Economics, Expectation, HostComputer, Limits, PriceLevel, Pricing, Saved, SavedResult, Speculation,
};
pub use diff::Difference;
pub use file::{Opened, Origin, find, from_str, open};
pub use range::{MACHINES, OutOfRange, Range, SPEED, USD};
pub use setups::canonical;
pub use what_if::WhatIf;

/// The version of the file's shape that this program reads and writes.
pub const SCHEMA: u32 = 1;

/// A question about machines. The defaults are those of the command line without a scenario.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Scenario {
    /// Version of the file's shape: [`SCHEMA`].
    #[serde(default = "no_schema", deserialize_with = "schema")]
    pub schema: u32,
    /// The question in a line.
    #[serde(deserialize_with = "bounds::text")]
    pub title: String,
    /// A note for the reader.
    #[serde(deserialize_with = "bounds::note")]
    pub note: String,
    // Shared by copies: a key on a slider makes dozens.
    /// The machines that are compared, by id, in the order shown.
    #[serde(deserialize_with = "bounds::machines")]
    pub machines: Arc<Vec<String>>,
    /// The model.
    pub model: ModelChoice,
    /// The format of its weights.
    pub format: FormatChoice,
    /// The software that runs it.
    pub runtime: RuntimeChoice,
    /// The format of the cache, by id.
    #[serde(deserialize_with = "bounds::text")]
    pub kv_format: String,
    /// Streams at once.
    #[serde(deserialize_with = "bounds::concurrency")]
    pub concurrency: u64,
    /// Tokens in each stream's cache while it decodes, reserved per stream.
    #[serde(deserialize_with = "bounds::context")]
    pub context: u64,
    /// Tokens of one request's prompt, where they are given; [`Scenario::prompt_tokens`] otherwise.
    #[serde(deserialize_with = "bounds::optional_request")]
    pub prompt: Option<u64>,
    /// Tokens before the prompt that are in the cache already.
    #[serde(deserialize_with = "bounds::context")]
    pub cached: u64,
    /// Tokens of one request's answer.
    #[serde(deserialize_with = "bounds::request")]
    pub generate: u64,
    /// Tokens of a prompt that are computed at once, where they are given; each runtime's default otherwise.
    #[serde(deserialize_with = "bounds::micro_batch")]
    pub micro_batch: Option<u64>,
    /// Speculative decoding; off where nothing is drafted.
    pub speculation: Speculation,
    /// The weights that may be in the memory of the host where the device is too small.
    pub offload: OffloadKind,
    /// The limits that a machine must hold to pass.
    pub limits: Limits,
    /// The prices that count.
    pub price: Pricing,
    /// The computer around a bare card.
    pub host: HostComputer,
    /// The costs of running it.
    pub economics: Economics,
    /// Assumptions in place of facts, by machine.
    #[serde(deserialize_with = "bounds::map")]
    pub what_if: BTreeMap<String, WhatIf>,
    /// The answer that is expected.
    pub expect: Option<Expectation>,
    /// The answer when it was saved.
    pub saved: Option<Saved>,
}

/// Fewest tokens of a prompt that is not given.
const LEAST_PROMPT: u64 = 512;

impl Scenario {
    /// Returns the tokens of one request's prompt: those given, else half of the context and at least 512, so that a long
    /// context never shows the wait of a short prompt.
    #[must_use]
    pub fn prompt_tokens(&self) -> u64 {
        self.prompt.unwrap_or((self.context / 2).max(LEAST_PROMPT))
    }

    /// Returns true if both differ in streams and tokens at most.
    #[must_use]
    pub fn differs_in_load_alone(&self, other: &Self) -> bool {
        // Every field is named, so that a new one is placed on either side.
        let Self {
            machines,
            model,
            format,
            runtime,
            kv_format,
            micro_batch,
            speculation,
            offload,
            limits,
            price,
            host,
            economics,
            what_if,
            concurrency: _,
            context: _,
            prompt: _,
            cached: _,
            generate: _,
            schema: _,
            title: _,
            note: _,
            expect: _,
            saved: _,
        } = self;
        (machines, model, format, runtime, kv_format, speculation)
            == (&other.machines, &other.model, &other.format, &other.runtime, &other.kv_format, &other.speculation)
            && (*offload, *micro_batch) == (other.offload, other.micro_batch)
            && (limits, price, host, economics, what_if)
                == (&other.limits, &other.price, &other.host, &other.economics, &other.what_if)
    }

    /// Returns true if both ask the same; the saved answers do not count.
    #[must_use]
    pub fn asks_the_same(&self, other: &Self) -> bool {
        let alike = |scenario: &Self| Self { saved: None, ..scenario.clone() };
        if self.saved == other.saved { self == other } else { alike(self) == alike(other) }
    }
}

impl Default for Scenario {
    fn default() -> Self {
        Self {
            schema: SCHEMA,
            title: String::new(),
            note: String::new(),
            machines: ["dgx-spark", "macbook-pro-m5-max-40", "rtx-pro-6000"].map(str::to_owned).to_vec().into(),
            model: ModelChoice::Catalog("llama-3.3-70b".into()),
            format: FormatChoice::default(),
            runtime: RuntimeChoice::default(),
            kv_format: "kv-f16".into(),
            concurrency: 1,
            context: 4096,
            prompt: None,
            cached: 0,
            generate: 512,
            micro_batch: None,
            speculation: Speculation::default(),
            offload: OffloadKind::None,
            limits: Limits::default(),
            price: Pricing::default(),
            host: HostComputer::default(),
            economics: Economics::default(),
            what_if: BTreeMap::new(),
            expect: None,
            saved: None,
        }
    }
}

impl Serialize for Scenario {
    /// Writes what differs from the defaults; RON needs the count of fields only to tell none from some.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let default = Self::default();
        let mut fields = serializer.serialize_struct("Scenario", 1)?;
        fields.serialize_field("schema", &self.schema)?;
        macro_rules! field {
            ($($name:ident)*) => {$(
                if self.$name != default.$name {
                    fields.serialize_field(stringify!($name), &self.$name)?;
                }
            )*};
        }
        field! {
            title note machines model format runtime kv_format concurrency context prompt cached generate
            micro_batch speculation offload limits price host economics what_if expect saved
        }
        fields.end()
    }
}

fn no_schema() -> u32 {
    0
}

fn schema<'de, D: Deserializer<'de>>(from: D) -> Result<u32, D::Error> {
    match u32::deserialize(from)? {
        SCHEMA => Ok(SCHEMA),
        other => {
            Err(Error::custom(format_args!("schema {other} is not known to this version, which reads schema {SCHEMA}")))
        }
    }
}
