//! The catalog: the built-in facts, overlaid with the user's files.
//!
//! It contains the facts of machines, models, formats, runtimes and prices with their sources. They come from RON files
//! of one structure (`assets/` and the user's directory); adding a machine means adding one entry. The user's entries
//! replace those of the same id. [`check`] finds the problems of a catalog.

pub mod check;

mod built_in;
mod changes;
mod entry;
mod file;
mod file_model;
mod layer;
mod load;
mod measured;
pub mod names;
mod once;
mod unknown;
mod version;

use self::once::Once;
use crate::model::estimate::custom::Custom;
use crate::model::facts::{
    ApiPrice, Assumption, Capability, Claim, CloudPrice, Container, Date, DraftMethod, Efficiency, Electricity, Event,
    Format, HostSystem, KvFormat, Link, Machine, Measurement, Model, NamedModel, PricePoint, Runtime, SetupConstant,
    SetupMeasurement, Source,
};

pub use built_in::parse_measurements_ahead;
pub use changes::{Change, changes};
pub use file_model::FileModel;
pub use layer::OwnEntry;
pub use load::{Faulty, own_files};
pub use unknown::UnknownId;
pub use version::{NotAVersion, Version};

/// All entries, in the order of the files. Every fact has its source and date.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    today: Option<Date>,
    /// Machines.
    pub machines: Vec<Machine>,
    /// Models with an architecture.
    pub models: Vec<Model>,
    /// Models of which only the name and the published size are known.
    pub named_models: Vec<NamedModel>,
    /// Weight formats.
    pub formats: Vec<Format>,
    /// Formats of the key-value cache.
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
    /// Sources, except those of measurements; [`Catalog::source`] finds all of them.
    pub sources: Vec<Source>,
    /// Efficiencies: the shares of the specification that software reaches.
    pub efficiency: Efficiency,
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
    /// Measurements of set-ups from the user's files; [`Catalog::all_setup_measurements`] returns all.
    pub setup_measurements: Vec<SetupMeasurement>,
    /// Entries from the user's files.
    pub own: Vec<OwnEntry>,
    files: Vec<FileModel>,
    measured: measured::Measured,
    followed: Once<Custom>,
    newest: Once<Option<Date>>,
}

impl Catalog {
    /// Returns the machine with this id.
    ///
    /// # Errors
    /// [`UnknownId`] with the nearest id, or with the machine of the catalog that has the same hardware under another
    /// name.
    pub fn machine(&self, id: &str) -> Result<&Machine, UnknownId> {
        let words = |m: &Machine| -> Vec<(String, String)> {
            let words = std::iter::once(&m.id).chain(&m.aliases);
            words.map(|word| (word.clone(), m.id.clone())).collect()
        };
        let known = || self.machines.iter().flat_map(words).collect();
        unknown::find(&self.machines, "machine", id, |m| &m.id, known)
    }

    /// Returns the model with this id.
    ///
    /// # Errors
    /// [`UnknownId`] with the nearest id.
    pub fn model(&self, id: &str) -> Result<&Model, UnknownId> {
        unknown::find_by_id(&self.models, "model", id, |m| &m.id)
    }

    /// Returns a custom model with `total` parameters of which `active` are used per token; its shape follows the
    /// catalog's models. `None` unless 0 < active ≤ total.
    #[must_use]
    pub fn custom_model(&self, total: f64, active: f64) -> Option<Model> {
        self.followed.of(|| Custom::of(&self.models)).model(total, active)
    }

    /// Returns the weight format with this id.
    ///
    /// # Errors
    /// [`UnknownId`] with the nearest id.
    pub fn format(&self, id: &str) -> Result<&Format, UnknownId> {
        unknown::find_by_id(&self.formats, "format", id, |f| &f.id)
    }

    /// Returns the weight format that files of a container call `name`.
    #[must_use]
    pub fn format_called(&self, container: Container, name: &str) -> Option<&Format> {
        let id = name.to_lowercase();
        let is = |format: &&Format| format.id == id || format.called.iter().any(|called| called == name);
        self.formats.iter().filter(|format| format.container == container).find(is)
    }

    /// Returns the cache format with this id.
    ///
    /// # Errors
    /// [`UnknownId`] with the nearest id.
    pub fn kv_format(&self, id: &str) -> Result<&KvFormat, UnknownId> {
        unknown::find_by_id(&self.kv_formats, "cache format", id, |f| &f.id)
    }

    /// Returns the runtime with this id.
    ///
    /// # Errors
    /// [`UnknownId`] with the nearest id.
    pub fn runtime(&self, id: &str) -> Result<&Runtime, UnknownId> {
        unknown::find_by_id(&self.runtimes, "runtime", id, |r| &r.id)
    }

    /// Returns the fact about a capability on a family of machines with any runtime; the capability is a runtime's id
    /// or a word such as `lora`. `None` means "not known", never "no".
    #[must_use]
    pub fn capability(&self, family: &str, capability: &str) -> Option<&Capability> {
        self.capability_cell("", family, capability)
    }

    /// Returns the fact about a capability of a runtime on a family of machines: the one about both, else the one about
    /// the runtime, else the one about the family. `None` means "not known", never "no".
    #[must_use]
    pub fn capability_with(&self, runtime: &str, family: &str, capability: &str) -> Option<&Capability> {
        self.capability_cell(runtime, family, capability)
            .or_else(|| self.capability_cell(runtime, "", capability))
            .or_else(|| self.capability_cell("", family, capability))
    }

    fn capability_cell(&self, runtime: &str, family: &str, capability: &str) -> Option<&Capability> {
        self.capabilities.iter().find(|c| c.runtime == runtime && c.family == family && c.capability == capability)
    }

    /// Returns all measurements of set-ups, the built-in ones first; these are parsed on first use.
    pub fn all_setup_measurements(&self) -> impl Iterator<Item = &SetupMeasurement> {
        let file = self.measured.setups();
        file.into_iter().flat_map(|file| &file.setup_measurements).chain(&self.setup_measurements)
    }

    /// Returns the link with this id.
    ///
    /// # Errors
    /// [`UnknownId`] with the nearest id.
    pub fn link(&self, id: &str) -> Result<&Link, UnknownId> {
        unknown::find_by_id(&self.links, "link", id, |link| &link.id)
    }

    /// Returns the host with this id.
    ///
    /// # Errors
    /// [`UnknownId`] with the nearest id.
    pub fn host(&self, id: &str) -> Result<&HostSystem, UnknownId> {
        unknown::find_by_id(&self.hosts, "host", id, |host| &host.id)
    }

    /// Returns the draft method with this id.
    ///
    /// # Errors
    /// [`UnknownId`] with the nearest id.
    pub fn draft(&self, id: &str) -> Result<&DraftMethod, UnknownId> {
        unknown::find_by_id(&self.drafts, "draft", id, |draft| &draft.id)
    }

    /// Returns the assumption with this id, a number that the estimates use.
    #[must_use]
    pub fn assumption(&self, id: &str) -> Option<&Assumption> {
        self.assumptions.iter().find(|a| a.id == id)
    }

    /// Returns the rent of a machine.
    #[must_use]
    pub fn cloud(&self, machine: &str) -> Option<&CloudPrice> {
        self.cloud.iter().find(|c| c.id == machine)
    }

    /// Returns the API prices of a model.
    #[must_use]
    pub fn api_price(&self, model: &str) -> Option<&ApiPrice> {
        self.api_prices.iter().find(|a| a.id == model)
    }

    /// Returns the date from which ages are counted: the one that was set, else the newest date of the catalog.
    #[must_use]
    pub fn today(&self) -> Option<Date> {
        self.today.or_else(|| self.newest())
    }

    /// Sets the date from which ages are counted, since the library reads no clock.
    pub fn set_today(&mut self, today: Option<Date>) {
        self.today = today;
    }

    /// Returns the newest date among the facts of machines and the market.
    #[must_use]
    pub fn newest(&self) -> Option<Date> {
        *self.newest.of(|| {
            let machines = self.machines.iter().map(|machine| machine.date);
            let market = self.prices.iter().map(|price| price.date).chain(self.events.iter().map(|event| event.date));
            machines.chain(market).chain(self.sources.iter().map(|source| source.date)).max()
        })
    }

    /// Returns the source with this id, including sources of measurements.
    #[must_use]
    pub fn source(&self, id: &str) -> Option<&Source> {
        let known = self.sources.iter().find(|s| s.id == id);
        let setups = || self.measured.setups().and_then(|file| file.sources.iter().find(|s| s.id == id));
        known.or_else(|| self.measured.sources().iter().find(|s| s.id == id)).or_else(setups)
    }

    /// Returns all sources, those of measurements last.
    pub fn all_sources(&self) -> impl Iterator<Item = &Source> {
        let own = |source: &&Source| self.sources.iter().any(|there| there.id == source.id);
        let setups = self.measured.setups().into_iter().flat_map(|file| &file.sources);
        self.sources.iter().chain(self.measured.sources().iter().filter(move |source| !own(source))).chain(setups)
    }

    /// Returns the measurements of a machine with a model.
    #[must_use]
    pub fn measurements_of(&self, machine: &str, model: &str) -> Vec<&Measurement> {
        self.measurements().iter().filter(|row| row.machine == machine && row.model == model).collect()
    }

    /// Returns the measurements on a machine in which power was metered.
    #[must_use]
    pub fn metered_on(&self, machine: &str) -> Vec<&Measurement> {
        self.measurements().iter().filter(|row| row.machine == machine && row.power_w.is_some()).collect()
    }

    /// Returns all measurements. They are parsed on first use, so that the program starts without them.
    #[must_use]
    pub fn measurements(&self) -> &[Measurement] {
        self.measured.all()
    }
}
