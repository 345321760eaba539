//! Reading the built-in files and the user's files into one catalog.

use std::fmt;
use std::path::{Path, PathBuf};

use super::entry::Entry;
use super::file::{CatalogFile, for_each_list};
use super::layer::Layer;
use super::measured::Measured;
use super::{Catalog, built_in, check};
use crate::model::facts::{Currency, Efficiency, Measurement, PricePoint, Source};
use crate::model::ron_file::{self, FileError, TextFile};

/// The most faults that are reported at once.
const MOST_TOLD: usize = 40;

/// All faults of a catalog that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Faulty {
    /// At least one fault, each with its file.
    pub faults: Vec<FileError>,
}

impl fmt::Display for Faulty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, fault) in self.faults.iter().take(MOST_TOLD).enumerate() {
            let before = if at > 0 { "\n" } else { "" };
            write!(f, "{before}{fault}")?;
        }
        match self.faults.len().saturating_sub(MOST_TOLD) {
            0 => Ok(()),
            more => write!(f, "\n… and {more} more"),
        }
    }
}

impl std::error::Error for Faulty {}

impl From<FileError> for Faulty {
    fn from(fault: FileError) -> Self {
        Self { faults: vec![fault] }
    }
}

impl Catalog {
    /// Reads the facts that are built into the program.
    ///
    /// # Errors
    /// [`Faulty`] if a built-in file cannot be parsed, which a test excludes.
    pub fn builtin() -> Result<Self, Faulty> {
        let mut catalog = Self { measured: Measured::built_in(), ..Self::default() };
        for file in built_in::facts()? {
            catalog.lay(file, &mut Layer::BuiltIn);
        }
        Ok(catalog)
    }

    /// Reads the built-in facts and overlays those of each `*.ron` file in `own`, the user's directory, in the order of
    /// the files' names.
    ///
    /// # Errors
    /// [`Faulty`] if the directory or a file cannot be read, or if an entry is wrong: each with file, line and column.
    pub fn load(own: Option<&Path>) -> Result<Self, Faulty> {
        Self::with_files(&own.map(own_files).transpose()?.unwrap_or_default())
    }

    /// Reads the built-in facts and overlays those of `files`, later files over earlier ones.
    ///
    /// # Errors
    /// [`Faulty`] if a file is not a catalog or an entry is wrong.
    pub fn with_files(files: &[TextFile]) -> Result<Self, Faulty> {
        Self::builtin()?.under(files)
    }

    /// Overlays the facts of `files` on this catalog, later files over earlier ones.
    ///
    /// # Errors
    /// [`Faulty`] if a file is not a catalog or an entry is wrong.
    pub fn under(self, files: &[TextFile]) -> Result<Self, Faulty> {
        let mut catalog = self;
        for file in files {
            let read: CatalogFile = ron_file::from_str(&file.name, &file.text)?;
            let faults: Vec<FileError> = check::alone(&read).iter().map(|problem| located(problem, file)).collect();
            if !faults.is_empty() {
                return Err(Faulty { faults });
            }
            let mut layer = Layer::Own { file: &file.name, entries: Vec::new() };
            let prices = read.prices.clone();
            catalog.lay(read, &mut layer);
            catalog.remember(layer);
            catalog.use_newer_prices(&prices);
        }
        let mut faults = if files.is_empty() { Vec::new() } else { catalog.faults_of_own(files) };
        // A wrong name gives several equal faults if a list repeats it.
        faults.dedup();
        if faults.is_empty() { Ok(catalog) } else { Err(Faulty { faults }) }
    }

    /// Overlays measurements, their sources and efficiencies on this catalog, as a file of the user would.
    pub fn lay_own(&mut self, file: &str, measured: (Vec<Source>, Vec<Measurement>), efficiency: Option<Efficiency>) {
        let (sources, measurements) = measured;
        let mut layer = Layer::Own { file, entries: Vec::new() };
        self.lay(CatalogFile { sources, measurements, efficiency, ..CatalogFile::default() }, &mut layer);
        self.measured.invalidate();
        self.remember(layer);
    }

    /// Overlays the entries of a file on those of this catalog.
    fn lay(&mut self, file: CatalogFile, layer: &mut Layer<'_>) {
        macro_rules! lists {
            ($($list:ident)*) => { $(layer.take(&mut self.$list, file.$list);)* };
        }
        for_each_list!(lists);
        layer.take(&mut self.measured.own, file.measurements);
        if let Some(efficiency) = file.efficiency {
            layer.take_efficiency(&mut self.efficiency, efficiency);
        }
    }

    /// Replaces the price of a machine by a newer one from the user's files.
    ///
    /// Prices in other currencies and prices that are marked as secondary only count as history.
    fn use_newer_prices(&mut self, seen: &[PricePoint]) {
        for point in seen.iter().filter(|point| point.currency == Currency::Usd && !point.secondary) {
            let machine = self.machines.iter_mut().find(|machine| Some(&machine.id) == point.machine.as_ref());
            let Some(machine) = machine else { continue };
            let date = machine.price.as_ref().and_then(|price| price.usd.date);
            if date.is_none_or(|date| date < point.date) {
                machine.price = Some(point.as_machine_price());
            }
        }
    }

    /// Records which entries are the user's; if several files have the same entry, the last file is recorded.
    fn remember(&mut self, layer: Layer<'_>) {
        let Layer::Own { entries, .. } = layer else { return };
        for mut entry in entries {
            if entry.list == Measurement::LIST {
                entry.replaces = self.measured.is_built_in(&entry.id);
            }
            let there = self.own.iter_mut().find(|there| (there.list, &there.id) == (entry.list, &entry.id));
            match there {
                Some(there) => there.file = entry.file,
                None => self.own.push(entry),
            }
        }
    }

    fn faults_of_own(&self, files: &[TextFile]) -> Vec<FileError> {
        let of_own = |problem: &check::Problem| {
            let own = self.own.iter().find(|own| own.list == problem.list && own.id == problem.id)?;
            let file = files.iter().rev().find(|file| file.name == own.file)?;
            Some(located(problem, file))
        };
        check::problems_without_built_in_measurements(self).iter().filter_map(of_own).collect()
    }
}

/// Reads the catalog files of a directory: its `*.ron` files by name, except hidden ones, which editors leave behind.
///
/// # Errors
/// [`FileError`] if the directory or a file cannot be read.
pub fn own_files(directory: &Path) -> Result<Vec<TextFile>, FileError> {
    ron_files(directory)?.iter().map(|path| ron_file::read(path)).collect()
}

fn ron_files(directory: &Path) -> Result<Vec<PathBuf>, FileError> {
    let unreadable = |error: std::io::Error| {
        FileError::whole(&directory.to_string_lossy(), format!("the catalog directory cannot be read: {error}"))
    };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(directory).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if !hidden && path.extension().is_some_and(|extension| extension == "ron") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn located(problem: &check::Problem, file: &TextFile) -> FileError {
    FileError::about(&file.name, &file.text, problem.needle(), problem.to_string())
}
