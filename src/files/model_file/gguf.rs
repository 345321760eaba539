//! The header of a GGUF file: its metadata and the offsets of its tensors. The tensors themselves are never read.
//!
//! Versions 2 and 3, little-endian. Only single values and short lists of numbers are stored of the metadata; the
//! vocabulary is skipped. Every length is checked against the rest of the file before memory is allocated.

use std::collections::{BTreeMap, BTreeSet};

use super::block;
use super::class;
use super::tensor::{LONGEST_NAME, MOST_TENSORS, Tensor, elements};
use super::{ModelFileError, Source};

/// A metadata value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Any number, or a boolean as 0 or 1.
    Number(f64),
    /// A short text.
    Text(String),
    /// A short list of numbers, usually one per layer.
    Numbers(Vec<f64>),
}

/// The content of a GGUF header.
#[derive(Clone, Debug, Default)]
pub struct Header {
    /// Metadata by key, without texts and lists that are too long to store.
    pub metadata: BTreeMap<String, Value>,
    /// Tensors in the order of the file.
    pub tensors: Vec<Tensor>,
    /// Type numbers that tensors use and that are not in the table of types.
    pub unknown: BTreeSet<u32>,
}

/// The longest header that is read, bytes; the largest vocabularies take about 30 MB.
const LONGEST_HEADER: u64 = 1 << 29;
/// The most metadata entries that are read.
const MOST_ENTRIES: u64 = 1 << 16;
/// The longest key, and the longest text that is stored, bytes.
const LONGEST_TEXT: u64 = 1 << 12;
/// The longest list that is stored, entries.
const LONGEST_LIST: u64 = 1 << 12;
/// The greatest depth of lists within lists.
const DEEPEST: u32 = 4;
/// The fewest bits per element that an unknown type may have.
const LEAST_BITS: f64 = 0.5;
/// The most bits per element that an unknown type may have.
const MOST_BITS: f64 = 72.0;
/// The most list entries that are read one by one, over all lists of a file.
const MOST_ITEMS: u64 = 1 << 25;

/// Reads the header of one file.
///
/// # Errors
/// [`ModelFileError`] with the offset if the file is no GGUF file, is cut off, or describes more than it can hold.
pub fn read(source: &mut Source) -> Result<Header, ModelFileError> {
    let (tensors, entries) = counts(source)?;
    let mut header = Header::default();
    let mut items = MOST_ITEMS;
    for _ in 0..entries {
        let at = source.position();
        let key = text(source, LONGEST_TEXT, "a key of the metadata")?;
        let kind = u32(source, "a value of the metadata")?;
        if let Some(value) = value(source, kind, 0, &mut items)? {
            let repeated = header.metadata.insert(key.clone(), value).is_some();
            if repeated {
                let sentence = format!("the key \"{key}\" stands in the metadata a second time");
                return Err(ModelFileError::at(&source.name, at, sentence));
            }
        }
        check_header_length(source)?;
    }
    let mut places = Vec::new();
    for _ in 0..tensors {
        places.push(tensor(source, &mut header)?);
        check_header_length(source)?;
    }
    check_tensors(source, &mut header, &places)?;
    Ok(header)
}

/// Reads the number of tensors and the number of metadata entries.
fn counts(source: &mut Source) -> Result<(u64, u64), ModelFileError> {
    if source.array::<4>("the mark at the beginning")? != *b"GGUF" {
        return Err(ModelFileError::at(&source.name, 0, "it does not begin with GGUF; it is no GGUF file"));
    }
    let at = source.position();
    let fault = |sentence: String| Err(ModelFileError::at("", at, sentence));
    let version = u32(source, "the version")?;
    let named = |error: ModelFileError| ModelFileError::at(&source.name, at, error.sentence());
    match version {
        2 | 3 => {}
        1 => {
            return fault("GGUF version 1 is not read; convert the file with a present llama.cpp".to_owned())
                .map_err(named);
        }
        swapped if (1..=16).contains(&swapped.swap_bytes()) => {
            return fault("the file is big-endian, which is not read".to_owned()).map_err(named);
        }
        other => {
            return fault(format!("GGUF version {other} is not known; versions 2 and 3 are read")).map_err(named);
        }
    }
    let tensors = u64(source, "the number of tensors")?;
    let entries = u64(source, "the number of metadata entries")?;
    // A tensor's entry takes at least 32 bytes and a metadata entry 13: counts that cannot fit are refused before they
    // are read.
    if tensors > MOST_TENSORS || tensors.saturating_mul(32) > source.left() {
        return Err(ModelFileError::at(&source.name, 8, format!("{tensors} tensors cannot be in a file of this size")));
    }
    if entries > MOST_ENTRIES || entries.saturating_mul(13) > source.left() {
        let sentence = format!("{entries} entries of metadata cannot be in a file of this size");
        return Err(ModelFileError::at(&source.name, 16, sentence));
    }
    Ok((tensors, entries))
}

fn check_header_length(source: &Source) -> Result<(), ModelFileError> {
    if source.position() <= LONGEST_HEADER {
        return Ok(());
    }
    Err(source.fault(format!("the header is longer than {LONGEST_HEADER} bytes, the most that is read")))
}

fn u32(source: &mut Source, what: &str) -> Result<u32, ModelFileError> {
    source.array(what).map(u32::from_le_bytes)
}

fn u64(source: &mut Source, what: &str) -> Result<u64, ModelFileError> {
    source.array(what).map(u64::from_le_bytes)
}

fn text(source: &mut Source, most: u64, what: &str) -> Result<String, ModelFileError> {
    let length = u64(source, what)?;
    let at = source.position();
    let bytes = source.take(length, most, what)?;
    String::from_utf8(bytes).map_err(|_| ModelFileError::at(&source.name, at, format!("{what} is not UTF-8 text")))
}

/// Returns the bytes of a value of fixed size by its type number; `None` for texts and lists.
fn size(kind: u32) -> Option<u64> {
    Some(match kind {
        0 | 1 | 7 => 1,
        2 | 3 => 2,
        4..=6 => 4,
        10..=12 => 8,
        _ => return None,
    })
}

const STRING: u32 = 8;
const ARRAY: u32 = 9;

/// Reads a value, or skips it if it is too long to store.
fn value(source: &mut Source, kind: u32, depth: u32, items: &mut u64) -> Result<Option<Value>, ModelFileError> {
    match kind {
        STRING => {
            let length = u64(source, "a text of the metadata")?;
            if length > LONGEST_TEXT {
                source.skip(length, "a text of the metadata")?;
                return Ok(None);
            }
            let bytes = source.take(length, LONGEST_TEXT, "a text of the metadata")?;
            Ok(Some(Value::Text(String::from_utf8_lossy(&bytes).into_owned())))
        }
        ARRAY => list(source, depth, items),
        kind => match size(kind) {
            Some(_) => number(source, kind).map(|number| Some(Value::Number(number))),
            None => Err(source.fault(format!("values of type {kind} are not known"))),
        },
    }
}

fn number(source: &mut Source, kind: u32) -> Result<f64, ModelFileError> {
    let what = "a number of the metadata";
    Ok(match kind {
        0 | 7 => f64::from(source.array::<1>(what)?[0]),
        1 => f64::from(i8::from_le_bytes(source.array(what)?)),
        2 => f64::from(u16::from_le_bytes(source.array(what)?)),
        3 => f64::from(i16::from_le_bytes(source.array(what)?)),
        4 => f64::from(u32(source, what)?),
        5 => f64::from(i32::from_le_bytes(source.array(what)?)),
        6 => f64::from(f32::from_le_bytes(source.array(what)?)),
        10 => u64(source, what)? as f64,
        11 => i64::from_le_bytes(source.array(what)?) as f64,
        _ => f64::from_le_bytes(source.array(what)?),
    })
}

fn list(source: &mut Source, depth: u32, items: &mut u64) -> Result<Option<Value>, ModelFileError> {
    if depth >= DEEPEST {
        return Err(source.fault(format!("lists stand in lists deeper than {DEEPEST}")));
    }
    let kind = u32(source, "the type of a list")?;
    let count = u64(source, "the length of a list")?;
    if let Some(size) = size(kind) {
        if count <= LONGEST_LIST {
            let numbers = (0..count).map(|_| number(source, kind)).collect::<Result<Vec<_>, _>>()?;
            return Ok(Some(Value::Numbers(numbers)));
        }
        let bytes = count.saturating_mul(size);
        source.skip(bytes, "a list of the metadata")?;
        return Ok(None);
    }
    // A text takes at least the eight bytes of its length, a list at least twelve bytes.
    if count.saturating_mul(8) > source.left() || count > *items {
        return Err(source.fault(format!("a list of {count} entries cannot be in a file of this size")));
    }
    *items -= count;
    for _ in 0..count {
        match kind {
            STRING => {
                let length = u64(source, "a text of a list")?;
                source.skip(length, "a text of a list")?;
            }
            ARRAY => drop(list(source, depth + 1, items)?),
            kind => return Err(source.fault(format!("lists of type {kind} are not known"))),
        }
    }
    check_header_length(source)?;
    Ok(None)
}

/// Reads the header's entry of one tensor and returns the tensor's offset in the data.
fn tensor(source: &mut Source, header: &mut Header) -> Result<u64, ModelFileError> {
    let at = source.position();
    let name = text(source, LONGEST_NAME, "the name of a tensor")?;
    let dimensions = u32(source, "the dimensions of a tensor")?;
    let fault = |source: &Source, sentence: String| ModelFileError::at(&source.name, at, sentence);
    if !(1..=4).contains(&dimensions) {
        return Err(fault(source, format!("the tensor \"{name}\" has {dimensions} dimensions; 1 to 4 are known")));
    }
    let shape = (0..dimensions).map(|_| u64(source, "a dimension")).collect::<Result<Vec<_>, _>>()?;
    let kind = u32(source, "the type of a tensor")?;
    let offset = u64(source, "the offset of a tensor")?;
    let count = elements(&name, &shape).map_err(|sentence| fault(source, sentence))?;
    let block = block::ggml(kind).unwrap_or_else(|| {
        header.unknown.insert(kind);
        &block::UNKNOWN
    });
    let whole = shape.first().is_some_and(|row| row.is_multiple_of(block.elements));
    let Some(bytes) = block.bytes(count).filter(|_| whole) else {
        return Err(fault(
            source,
            format!("the rows of the tensor \"{name}\" are no whole number of {} blocks", block.name),
        ));
    };
    let role = class::role(&name);
    header.tensors.push(Tensor { name, block, shape, elements: count, bytes, role });
    Ok(offset)
}

/// Sets the bytes of tensors of unknown types by the distance to the next tensor or the end of the file.
///
/// # Errors
/// A sentence if these bytes cannot hold the elements.
fn measure(source: &Source, header: &mut Header, offsets: &[u64], data: u64) -> Result<(), ModelFileError> {
    if header.unknown.is_empty() {
        return Ok(());
    }
    let mut ends = offsets.to_vec();
    ends.push(source.length.saturating_sub(data));
    ends.sort_unstable();
    for (tensor, offset) in header.tensors.iter_mut().zip(offsets).filter(|(tensor, _)| tensor.block.bits == 0) {
        let next = ends.partition_point(|end| end <= offset);
        let bytes = ends.get(next).map_or(0, |end| end - offset);
        let bits = bytes as f64 * 8.0 / tensor.elements.max(1) as f64;
        if !(LEAST_BITS..=MOST_BITS).contains(&bits) {
            let numbers: Vec<String> = header.unknown.iter().map(u32::to_string).collect();
            let sentence = format!(
                "the tensor \"{}\" is of a type that is not known ({}), and {bytes} bytes up to the next tensor cannot be its {} elements",
                tensor.name,
                numbers.join(", "),
                tensor.elements
            );
            return Err(ModelFileError::at(&source.name, data.saturating_add(*offset), sentence));
        }
        tensor.bytes = bytes;
    }
    Ok(())
}

/// Checks that every tensor lies within the file and begins at a multiple of the alignment.
fn check_tensors(source: &Source, header: &mut Header, offsets: &[u64]) -> Result<(), ModelFileError> {
    let alignment = match header.metadata.get("general.alignment") {
        Some(Value::Number(number)) => *number as u64,
        _ => 32,
    };
    if !alignment.is_power_of_two() || alignment > 1 << 20 {
        return Err(source.fault(format!("the alignment of {alignment} bytes is not a power of two below a million")));
    }
    let data = source.position().next_multiple_of(alignment);
    measure(source, header, offsets, data)?;
    for (tensor, offset) in header.tensors.iter().zip(offsets) {
        if !offset.is_multiple_of(alignment) {
            let sentence = format!("the tensor \"{}\" begins off the alignment of {alignment} bytes", tensor.name);
            return Err(ModelFileError::at(&source.name, data.saturating_add(*offset), sentence));
        }
        let start = data.checked_add(*offset);
        let end = start.and_then(|start| start.checked_add(tensor.bytes));
        if end.is_none_or(|end| end > source.length) {
            let sentence = format!(
                "the tensor \"{}\" of {} bytes ends beyond the file of {} bytes; get the file again, it may be cut off",
                tensor.name, tensor.bytes, source.length
            );
            return Err(ModelFileError::at(&source.name, start.unwrap_or(u64::MAX), sentence));
        }
    }
    Ok(())
}
