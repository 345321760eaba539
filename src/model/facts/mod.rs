//! Plain data: what a machine, a model, a format, a runtime and a price are. No behaviour beyond looking inside.
//!
//! Which question it answers: what is known, from whom, since when, and how well.
//! The types double as the shape of the catalog's RON files (see `assets/`), so a field added here is a field there.

mod date;
mod efficiency;
mod fact;
mod format;
mod machine;
mod market;
mod measurement;
mod model;
mod runtime;

pub use date::{Date, NotADate};
pub use efficiency::{Class, Efficiency, EfficiencyOn, EfficiencyRow, Level, Parameter};
pub use fact::{Basis, Fact, Source, Sources, is_web};
pub use format::{ComputePath, Container, Format, KvFormat, PathState};
pub use machine::{Host, Machine, MachineKind, MachinePrice, Metered};
pub use market::{ApiPrice, Assumption, Claim, CloudPrice, Currency, Electricity, Event, PriceKind, PricePoint};
pub use measurement::{AggregateKind, Measurement, Test, Tier};
pub use model::{KvShape, Model, ModelKind, MoeShape, PerClass, StateShape};
pub use runtime::{Batching, Capability, Runtime, Support};
