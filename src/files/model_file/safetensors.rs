//! The header of a safetensors file: eight bytes of length, then JSON with type, shape and offsets of each tensor.
//!
//! The JSON is read entry by entry, so that a tensor that is named twice is detected and only the tensors are stored.

use std::fmt;

use serde::de::{self, Deserializer, IgnoredAny, MapAccess, Visitor};

use super::block;
use super::class;
use super::tensor::{LONGEST_NAME, MOST_TENSORS, Tensor, elements};
use super::{ModelFileError, Source};

/// The longest header that the format allows, bytes.
const LONGEST_HEADER: u64 = 100_000_000;

/// The header's entry of one tensor.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    dtype: String,
    shape: Vec<u64>,
    data_offsets: [u64; 2],
}

/// Reads the header of one file.
///
/// # Errors
/// [`ModelFileError`] with the offset if the file is no safetensors file, is cut off, or describes more than it can
/// hold.
pub fn read(source: &mut Source) -> Result<Vec<Tensor>, ModelFileError> {
    let length = u64::from_le_bytes(source.array("the length of the header")?);
    if length > LONGEST_HEADER || length > source.left() {
        let left = source.left();
        let sentence = format!(
            "a header of {length} bytes cannot be: {left} bytes are left and the format allows {LONGEST_HEADER}; it is no \
             safetensors file, or cut off"
        );
        return Err(ModelFileError::at(&source.name, 0, sentence));
    }
    let bytes = source.take(length, LONGEST_HEADER, "the header")?;
    if bytes.first() != Some(&b'{') {
        return Err(ModelFileError::at(&source.name, 8, "the header does not begin with {; it is no safetensors file"));
    }
    let data = source.left();
    let mut json = serde_json::Deserializer::from_slice(&bytes);
    let places = json.deserialize_map(Places).and_then(|places| json.end().map(|()| places));
    let places = places.map_err(|error| at_json(source, &bytes, &error))?;
    let mut tensors = Vec::with_capacity(places.len());
    for (name, place) in places {
        tensors.push(tensor(source, 8 + length, data, name, place)?);
    }
    Ok(tensors)
}

/// Returns the error of the header's invalid JSON with its offset in the file.
fn at_json(source: &Source, bytes: &[u8], error: &serde_json::Error) -> ModelFileError {
    let line = error.line().saturating_sub(1);
    let before: usize = bytes.split_inclusive(|byte| *byte == b'\n').take(line).map(<[u8]>::len).sum();
    let offset = 8 + before as u64 + error.column().saturating_sub(1) as u64;
    let sentence = error.to_string();
    let sentence = sentence.split(" at line ").next().unwrap_or_default();
    ModelFileError::at(&source.name, offset, format!("the header is not what the format asks for: {sentence}"))
}

fn tensor(source: &Source, start: u64, data: u64, name: String, place: Place) -> Result<Tensor, ModelFileError> {
    let [begin, end] = place.data_offsets;
    let fault = |sentence| ModelFileError::at(&source.name, start.saturating_add(begin), sentence);
    let Some(block) = block::safetensors(&place.dtype) else {
        return Err(fault(format!("the tensor \"{name}\" is of type {}, which is not known", place.dtype)));
    };
    let count = elements(&name, &place.shape).map_err(fault)?;
    if begin > end || end > data {
        let sentence = format!(
            "the tensor \"{name}\" ends beyond the file of {} bytes; get it again, it may be cut off",
            source.length
        );
        return Err(fault(sentence));
    }
    let bytes = end - begin;
    if block.bytes(count) != Some(bytes) {
        let sentence =
            format!("the tensor \"{name}\" has {bytes} bytes, which {count} elements of {} do not take", block.name);
        return Err(fault(sentence));
    }
    let role = class::role(&name);
    Ok(Tensor { name, block, shape: place.shape, elements: count, bytes, role })
}

/// A visitor that reads all entries of the header except `__metadata__`.
struct Places;

impl<'de> Visitor<'de> for Places {
    type Value = Vec<(String, Place)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with a tensor per name")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut places = Vec::new();
        let mut seen = std::collections::HashSet::new();
        while let Some(name) = map.next_key::<String>()? {
            if name.len() as u64 > LONGEST_NAME || places.len() as u64 >= MOST_TENSORS {
                return Err(de::Error::custom("a name is too long, or there are too many"));
            }
            if !seen.insert(name.clone()) {
                return Err(de::Error::custom(format_args!("the tensor \"{name}\" stands in it a second time")));
            }
            if name == "__metadata__" {
                map.next_value::<IgnoredAny>()?;
            } else {
                places.push((name, map.next_value()?));
            }
        }
        Ok(places)
    }
}
