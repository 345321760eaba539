//! The tensors of a file in a form common to GGUF and safetensors, and the checks for both.

use std::collections::HashSet;

use super::block::Block;
use super::{ModelFileError, class};

/// The most tensors of one model that are read; the largest published models have about two hundred thousand.
pub const MOST_TENSORS: u64 = 1 << 20;
/// The longest name of a tensor, bytes.
pub const LONGEST_NAME: u64 = 1 << 10;

/// One tensor as its file describes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor {
    /// Name of the tensor.
    pub name: String,
    /// Storage type of the elements.
    pub block: &'static Block,
    /// Dimensions as stored, at most eight; the fastest-varying one is first in GGUF and last in safetensors.
    pub shape: Vec<u64>,
    /// Number of elements as stored.
    pub elements: u64,
    /// Number of bytes.
    pub bytes: u64,
    /// Class and layer of the tensor.
    pub role: class::Role,
}

/// The most dimensions of a tensor.
pub const MOST_DIMENSIONS: usize = 8;

/// Returns the number of elements of a shape.
///
/// # Errors
/// A sentence if there are too many dimensions, or more elements than can be counted.
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

/// Refuses tensors of which two have the same name.
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
