//! The tensors of a file, in what both containers have in common, and the checks that hold for each.

use std::collections::HashSet;

use super::block::Block;
use super::{ModelFileError, class};

/// The most tensors of one model that are read; the largest published models have some two hundred thousand.
pub const MOST_TENSORS: u64 = 1 << 20;
/// The longest name of a tensor, bytes.
pub const LONGEST_NAME: u64 = 1 << 10;

/// One tensor as its file describes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor {
    /// Its name.
    pub name: String,
    /// The storage of its elements.
    pub block: &'static Block,
    /// Its shape as stored, at most eight dimensions; the fastest first in GGUF, last in safetensors.
    pub shape: Vec<u64>,
    /// Elements as stored.
    pub elements: u64,
    /// Bytes.
    pub bytes: u64,
    /// Its class.
    pub role: class::Role,
}

/// The most dimensions a tensor has.
pub const MOST_DIMENSIONS: usize = 8;

/// Elements of a shape.
///
/// # Errors
/// A sentence where there are too many dimensions or elements to count.
pub fn elements(name: &str, shape: &[u64]) -> Result<u64, String> {
    if shape.len() > MOST_DIMENSIONS {
        return Err(format!(
            "the tensor \"{name}\" has {} dimensions; at most {MOST_DIMENSIONS} are known",
            shape.len()
        ));
    }
    let product = shape.iter().try_fold(1_u64, |product, dim| product.checked_mul(*dim));
    product
        .filter(|count| *count < 1 << 56)
        .ok_or_else(|| format!("the dimensions of the tensor \"{name}\" multiply to more elements than can be counted"))
}

/// Notices a name that stands in a file, or in its parts, a second time.
pub(super) fn refuse_repeated(name: &str, tensors: &[Tensor]) -> Result<(), ModelFileError> {
    let mut seen = HashSet::with_capacity(tensors.len());
    match tensors.iter().find(|tensor| !seen.insert(tensor.name.as_str())) {
        Some(tensor) => {
            let sentence = format!("the tensor \"{}\" stands in it a second time", tensor.name);
            Err(ModelFileError::whole(name, sentence))
        }
        None => Ok(()),
    }
}
