//! Scenarios: a question (which model, how many streams, on which machines, within which limits) as a RON file.
//!
//! Every field except `schema` has a default, so a file contains only what its question sets. Values are checked while
//! the file is read (see `bounds`), names of machines and models once the catalog is known (see [`Scenario::check`]).

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

/// The version of the file format that this program reads and writes.
pub const SCHEMA: u32 = 1;

/// A question about machines. Its defaults are those of the command line without a scenario.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Scenario {
    /// Version of the file format, 1 at present ([`SCHEMA`]).
    #[serde(default = "no_schema", deserialize_with = "schema")]
    pub schema: u32,
    /// The question in one line.
    #[serde(deserialize_with = "bounds::text")]
    pub title: String,
    /// A note for the reader.
    #[serde(deserialize_with = "bounds::note")]
    pub note: String,
    // Shared between clones: one key press on a slider clones a scenario dozens of times.
    /// The machines that are compared, by id, in the order shown.
    #[serde(deserialize_with = "bounds::machines")]
    pub machines: Arc<Vec<String>>,
    /// The model.
    pub model: ModelChoice,
    /// The format of its weights.
    pub format: FormatChoice,
    /// The software that runs the model.
    pub runtime: RuntimeChoice,
    /// The format of the cache, by id.
    #[serde(deserialize_with = "bounds::text")]
    pub kv_format: String,
    /// Streams at once.
    #[serde(deserialize_with = "bounds::concurrency")]
    pub concurrency: u64,
    /// Tokens in each stream's cache while it decodes; the cache reserves memory for as many.
    #[serde(deserialize_with = "bounds::context")]
    pub context: u64,
    /// Tokens of one request's prompt; if missing, [`Scenario::prompt_tokens`] derives them from the context.
    #[serde(deserialize_with = "bounds::optional_request")]
    pub prompt: Option<u64>,
    /// Tokens before the prompt that are already in the cache.
    #[serde(deserialize_with = "bounds::context")]
    pub cached: u64,
    /// Output tokens of one request.
    #[serde(deserialize_with = "bounds::request")]
    pub generate: u64,
    /// Tokens of a prompt that are computed at once; if missing, each runtime's default.
    #[serde(deserialize_with = "bounds::micro_batch")]
    pub micro_batch: Option<u64>,
    /// Speculative decoding.
    pub speculation: Speculation,
    /// The weights that may go to the host's memory if the device is too small.
    pub offload: OffloadKind,
    /// The limits that a machine must keep to pass.
    pub limits: Limits,
    /// The prices that count.
    pub price: Pricing,
    /// The host of bare cards.
    pub host: HostComputer,
    /// The costs of running a machine.
    pub economics: Economics,
    /// Assumptions that replace facts, by machine.
    #[serde(deserialize_with = "bounds::map")]
    pub what_if: BTreeMap<String, WhatIf>,
    /// The expected answer, for scenarios that test a decision.
    pub expect: Option<Expectation>,
    /// The answer when the scenario was saved.
    pub saved: Option<Saved>,
}

/// Fewest tokens of a prompt that is derived from the context.
const LEAST_PROMPT: u64 = 512;

impl Scenario {
    /// Returns the tokens of one request's prompt: those given, else half of the context but at least 512, so that the
    /// wait shown for a long context is never that of a short prompt.
    #[must_use]
    pub fn prompt_tokens(&self) -> u64 {
        self.prompt.unwrap_or((self.context / 2).max(LEAST_PROMPT))
    }

    /// Returns true if both differ in streams and tokens at most.
    #[must_use]
    pub fn differs_in_load_alone(&self, other: &Self) -> bool {
        // All fields are named, so that a new field must be put on one side.
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

    /// Returns true if both ask the same question; saved answers are ignored.
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
    /// Writes the fields that differ from the defaults. RON uses the count of fields only to tell zero from more.
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
