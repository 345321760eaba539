//! The facts that are compiled into the program: the RON files of `assets/`, parsed when they are first needed.

use std::sync::LazyLock;

use super::file::CatalogFile;
use crate::model::ron_file::{self, FileError};

macro_rules! assets {
    ($($name:literal)*) => { [$(($name, include_str!(concat!("../../../assets/", $name)))),*] };
}

/// All built-in facts except measurements, which the start of the program does not need.
static FACTS: LazyLock<Result<Vec<CatalogFile>, FileError>> = LazyLock::new(|| {
    let files = assets! {
        "api_prices.ron" "assumptions.ron" "claims.ron" "cloud.ron" "drafts.ron" "efficiency.ron" "electricity.ron"
        "events.ron" "formats.ron" "hosts.ron" "links.ron" "machines.ron" "models.ron" "prices.ron" "runtimes.ron"
        "setups.ron" "software.ron" "sources.ron"
    };
    files.iter().map(|(name, text)| ron_file::from_str(name, text)).collect()
});

/// Published measurements and the sources that only they cite.
static MEASUREMENTS: LazyLock<CatalogFile> = LazyLock::new(|| {
    let files = assets! { "measurement_sources.ron" "measurements.ron" "measurements_apple_amd.ron" };
    // A test parses these files, so an error in them cannot reach a release.
    let files = files.iter().map(|(name, text)| ron_file::from_str::<CatalogFile>(name, text).unwrap_or_default());
    files.fold(CatalogFile::default(), |mut all, file| {
        all.sources.extend(file.sources);
        all.measurements.extend(file.measurements);
        all
    })
});

/// Published measurements of set-ups and the sources that only they cite.
static SETUP_MEASUREMENTS: LazyLock<CatalogFile> = LazyLock::new(|| {
    let [(name, text)] = assets! { "setup_measurements.ron" };
    // A test parses this file, so an error in it cannot reach a release.
    ron_file::from_str(name, text).unwrap_or_default()
});

/// Parses the measurements on a separate thread, for a program whose first screen needs them.
///
/// If no thread can be started, they are parsed on first use.
pub fn parse_measurements_ahead() {
    let parse = || {
        LazyLock::force(&MEASUREMENTS);
    };
    let _ = std::thread::Builder::new().name("measurements".to_owned()).spawn(parse);
}

/// Returns the published measurements of set-ups and the sources that only they cite.
pub(super) fn setup_measurements() -> &'static CatalogFile {
    &SETUP_MEASUREMENTS
}

/// Returns all built-in facts except measurements, file by file.
///
/// # Errors
/// [`FileError`] if a file cannot be parsed, which a test excludes.
pub(super) fn facts() -> Result<Vec<CatalogFile>, FileError> {
    FACTS.clone()
}

/// Returns the published measurements and the sources that only they cite.
pub(super) fn measurements() -> &'static CatalogFile {
    &MEASUREMENTS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_asset_is_built_in_and_can_be_read() -> Result<(), Box<dyn std::error::Error>> {
        let is_ron = |name: &str| std::path::Path::new(name).extension().is_some_and(|kind| kind == "ron");
        let names: Vec<&str> = include_str!("built_in.rs").split('"').filter(|word| is_ron(word)).collect();
        for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/assets"))? {
            let path = entry?.path();
            let Some(name) = path.file_name().and_then(|name| name.to_str()).filter(|name| is_ron(name)) else {
                continue;
            };
            assert!(names.contains(&name), "{name} is not compiled in");
            let _: CatalogFile = ron_file::from_str(name, &std::fs::read_to_string(&path)?)?;
        }
        assert!(!measurements().measurements.is_empty() && !setup_measurements().setup_measurements.is_empty());
        Ok(())
    }
}
