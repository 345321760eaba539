//! Readers of other programs' files: model weights, benchmark results and tables of facts.

pub mod bench_file;
pub mod fact_table;
pub mod model_file;
