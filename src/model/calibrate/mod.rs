//! The agreement of the estimates with measurements, and the efficiencies that agree best.
//!
//! [`replay`] turns a published measurement into the estimate of its conditions, [`accuracy`] compares the two over the
//! whole catalog, also with every source left out in turn, and [`fit`] finds the efficiencies. No row is looked up and
//! no factor belongs to one model: what is fitted is a family of machines, a runtime, a class of kernels.
#![warn(clippy::disallowed_methods)]

pub mod accuracy;
pub mod bands;
pub mod fit;
pub mod own;
pub mod replay;
pub mod setups;
mod solve;
mod structure;
