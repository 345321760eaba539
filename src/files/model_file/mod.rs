//! Model files: what a GGUF file, a safetensors file or a `config.json` says about the model in it.
//!
//! Reads the content of a file, to the byte and the parameter, and the name that the catalog has for it.
//! Headers alone are read, in ranges, so that the size of the file does not matter. A file from outside may be anything:
//! every length is held against the file before memory is taken for it, and what is wrong is said with its offset.

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

pub use adopt::{NotAdopted, adopt, adopt_in, is_named_like_one};
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
