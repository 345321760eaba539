//! The structure of a catalog file: any mix of entries, each list optional.

use serde::{Deserialize, Serialize};

use crate::model::facts::{
    ApiPrice, Assumption, Capability, Claim, CloudPrice, DraftMethod, Efficiency, Electricity, Event, Format,
    HostSystem, KvFormat, Link, Machine, Measurement, Model, NamedModel, PricePoint, Runtime, SetupConstant,
    SetupMeasurement, Source,
};

/// Calls a macro with the lists of a catalog file, without measurements and efficiencies, which a catalog stores
/// separately.
macro_rules! for_each_list {
    ($of:ident) => {
        $of! {
            machines models named_models formats kv_formats runtimes prices cloud api_prices electricity capabilities
            events claims sources assumptions links hosts drafts setup_constants setup_measurements
        }
    };
}
pub(super) use for_each_list;

/// The entries of one file. The built-in assets and the user's files have the same structure.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename = "Catalog")]
pub(super) struct CatalogFile {
    /// Machines, one configuration each.
    pub machines: Vec<Machine>,
    /// Models with an architecture.
    pub models: Vec<Model>,
    /// Models of which only the name and the published size are known.
    pub named_models: Vec<NamedModel>,
    /// Weight formats.
    pub formats: Vec<Format>,
    /// Formats of the KV cache.
    pub kv_formats: Vec<KvFormat>,
    /// Runtimes, in the order in which `auto` prefers them.
    pub runtimes: Vec<Runtime>,
    /// Observed prices.
    pub prices: Vec<PricePoint>,
    /// Rents of machines.
    pub cloud: Vec<CloudPrice>,
    /// Prices of APIs.
    pub api_prices: Vec<ApiPrice>,
    /// Prices of electricity.
    pub electricity: Vec<Electricity>,
    /// Software that runs on each family of machines.
    pub capabilities: Vec<Capability>,
    /// Events that moved the market.
    pub events: Vec<Event>,
    /// Claims that sources dispute.
    pub claims: Vec<Claim>,
    /// The sources that entries cite.
    pub sources: Vec<Source>,
    /// Measurements, published or the user's own.
    pub measurements: Vec<Measurement>,
    /// Efficiencies, as `whichbox fit` and `import --calibrate` write them.
    pub efficiency: Option<Efficiency>,
    /// Numbers that the estimates assume.
    pub assumptions: Vec<Assumption>,
    /// Links between devices.
    pub links: Vec<Link>,
    /// Host computers for cards.
    pub hosts: Vec<HostSystem>,
    /// Methods of drafting tokens.
    pub drafts: Vec<DraftMethod>,
    /// Fitted constants of set-ups: losses on links, in system memory and in drafting.
    pub setup_constants: Vec<SetupConstant>,
    /// Measurements of set-ups, published or the user's own.
    pub setup_measurements: Vec<SetupMeasurement>,
}
