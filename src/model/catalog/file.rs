//! The shape of a catalog file: any mix of entries, each list optional.

use serde::{Deserialize, Serialize};

use crate::model::facts::{
    ApiPrice, Assumption, Capability, Claim, CloudPrice, Efficiency, Electricity, Event, Format, KvFormat, Machine,
    Measurement, Model, PricePoint, Runtime, Source,
};

/// What one file holds. The assets and a person's own files have the same shape.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename = "Catalog")]
pub(super) struct CatalogFile {
    /// Machines, one configuration each.
    pub machines: Vec<Machine>,
    /// Models with an architecture.
    pub models: Vec<Model>,
    /// Weight formats.
    pub formats: Vec<Format>,
    /// Formats of the KV cache.
    pub kv_formats: Vec<KvFormat>,
    /// Runtimes, in the order in which `auto` prefers them.
    pub runtimes: Vec<Runtime>,
    /// Prices as they were seen.
    pub prices: Vec<PricePoint>,
    /// Rents of machines.
    pub cloud: Vec<CloudPrice>,
    /// Prices of APIs.
    pub api_prices: Vec<ApiPrice>,
    /// Prices of electricity.
    pub electricity: Vec<Electricity>,
    /// What runs on which family of machines.
    pub capabilities: Vec<Capability>,
    /// What moved the market.
    pub events: Vec<Event>,
    /// What sources dispute.
    pub claims: Vec<Claim>,
    /// The sources that entries cite.
    pub sources: Vec<Source>,
    /// Published measurements, or your own.
    pub measurements: Vec<Measurement>,
    /// How much of a specification software reaches, as `whichbox fit` and `import --calibrate` write it.
    pub efficiency: Option<Efficiency>,
    /// What the estimates assume.
    pub assumptions: Vec<Assumption>,
}
