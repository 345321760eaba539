//! Model files: the facts that a GGUF file, a safetensors file or a `config.json` states about its model.
//!
//! Only headers are read, in ranges, so the size of the file does not matter. Sizes are exact to the byte and to the
//! parameter. A file from outside may contain anything: every length is checked against the file before memory is
//! allocated, and an error names the offset of the fault.

mod adopt;
mod architectures;
mod block;
mod class;
mod config;
mod describe;
mod entry;
mod error;
mod facts;
mod folder;
mod gather;
mod gguf;
mod gguf_format;
mod gguf_shape;
mod json;
mod known;
mod parts;
mod places;
mod quantization;
mod safetensors;
mod shape;
mod source;
mod sums;
mod tensor;

pub use adopt::{NotAdopted, adopt, adopt_in, has_model_extension};
pub use config::parse as parse_config;
pub use entry::{Entry, NoEntry, entry};
pub use error::ModelFileError;
pub use facts::{Facts, Kind, Weights};
pub use gather::{inspect, inspect_source};
pub use json::with_nulls;
pub use known::complete;
pub use places::{Listing, Place, Places, list};
pub use shape::Shape;
pub use source::Source;
