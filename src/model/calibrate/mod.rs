//! Comparing the estimates with measurements, and fitting the efficiencies to them.
//!
//! [`replay`] estimates a measurement under its conditions, [`accuracy`] compares the two over the whole catalog, also
//! with each source left out, and [`fit`] fits the efficiencies. No row is looked up and no factor belongs to one
//! model: factors belong to families of machines, runtimes and classes of kernels.
#![warn(clippy::disallowed_methods)]

pub mod accuracy;
pub mod bands;
pub mod fit;
pub mod own;
pub mod replay;
pub mod setups;
mod solve;
mod structure;
