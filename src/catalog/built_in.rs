//! The facts that are compiled into the program, as the build script packed them.

use serde::Deserialize;

use super::file::CatalogFile;
use super::packed::Run;
use crate::ron_file::FileError;
use crate::spec::{Measurement, Source};

macro_rules! packed {
    ($name:literal) => {
        include_bytes!(concat!(env!("OUT_DIR"), "/", $name))
    };
}

/// Everything but measurements, file by file.
///
/// # Errors
/// [`FileError`] where they cannot be read, which a test rules out.
pub(super) fn facts() -> Result<Vec<CatalogFile>, FileError> {
    read(packed!("facts"))
}

/// The sources that only measurements cite. A test holds that they can be read, and so for runs and rows.
pub(super) fn sources() -> Vec<Source> {
    read(packed!("sources")).unwrap_or_default()
}

/// The runs of measurements, in the order of the file.
pub(super) fn runs() -> Vec<Run<'static>> {
    read(packed!("runs")).unwrap_or_default()
}

/// The rows that stand from byte `start` to byte `end`.
pub(super) fn rows(start: usize, end: usize) -> Vec<Measurement> {
    let mut rest = packed!("rows").get(start..end).unwrap_or_default();
    let row =
        || (!rest.is_empty()).then(|| Measurement::deserialize(&mut rmp_serde::Deserializer::new(&mut rest)).ok());
    std::iter::from_fn(row).map_while(|row| row).collect()
}

fn read<T: Deserialize<'static>>(bytes: &'static [u8]) -> Result<T, FileError> {
    rmp_serde::from_slice(bytes).map_err(|fault| FileError::whole("the built-in catalog", fault.to_string()))
}
