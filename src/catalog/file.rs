//! The shape of a catalog file: any mix of entries, each list optional.

use serde::Deserialize;

use crate::spec::{
    ApiPrice, Assumption, Capability, Claim, CloudPrice, Efficiency, Electricity, Event, Format, KvFormat, Machine,
    Measurement, Model, PricePoint, Runtime, Source,
};

/// What one file holds. The assets and a person's own files have the same shape.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename = "Catalog")]
pub(super) struct CatalogFile {
    pub machines: Vec<Machine>,
    pub models: Vec<Model>,
    pub formats: Vec<Format>,
    pub kv_formats: Vec<KvFormat>,
    pub runtimes: Vec<Runtime>,
    pub prices: Vec<PricePoint>,
    pub cloud: Vec<CloudPrice>,
    pub api_prices: Vec<ApiPrice>,
    pub electricity: Vec<Electricity>,
    pub capabilities: Vec<Capability>,
    pub events: Vec<Event>,
    pub claims: Vec<Claim>,
    pub sources: Vec<Source>,
    pub measurements: Vec<Measurement>,
    pub efficiency: Option<Efficiency>,
    pub assumptions: Vec<Assumption>,
}
