//! The model of the world: facts, estimates, scenarios and their answers.

pub mod answer;
pub mod calibrate;
pub mod catalog;
pub mod estimate;
pub mod facts;
pub mod ron_file;
pub mod scenario;
pub mod units;
