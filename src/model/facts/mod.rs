//! Facts as plain data: machines, models, formats, runtimes and prices, each with its source, date and basis. The
//! methods only read the data.
//!
//! The types are also the schema of the catalog's RON files (see `assets/`), so a new field here is a new field there.

mod date;
mod efficiency;
mod fact;
mod format;
mod linked;
mod machine;
mod market;
mod measurement;
mod model;
mod named_model;
mod runtime;
mod setup;
mod setup_measurement;

pub use date::{Date, NotADate};
pub use efficiency::{Class, ComputeUnit, Efficiency, EfficiencyOn, EfficiencyRow, Kernel, Level, Parameter, Vendor};
pub use fact::{Basis, Fact, Source, Sources, is_web};
pub use format::{ComputePath, Container, Format, KvFormat, PathState};
pub use linked::{DraftMethod, HostClass, HostSystem, Link, LinkClass, SetupConstant, SetupParameter, Task};
pub use machine::{Availability, Host, Machine, MachineKind, MachinePrice, Metered, Offer};
pub use market::{ApiPrice, Assumption, Claim, CloudPrice, Currency, Electricity, Event, PriceKind, PricePoint};
pub use measurement::{AggregateKind, Measurement, Test, Tier};
pub use model::{KvShape, MlaShape, Model, ModelKind, MoeShape, PerClass, SparseShape, StateShape};
pub use named_model::NamedModel;
pub use runtime::{Batching, Capability, Runtime, Support};
pub use setup::{MOST_DEVICES, NotASetup, SetupSpec, SetupUnit, Split};
pub use setup_measurement::{OffloadedPart, SetupKind, SetupMeasurement};
