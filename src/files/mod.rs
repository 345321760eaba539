//! Readers of other programs' files: model weights and benchmark results.

pub mod bench_file;
pub mod model_file;
