//! Reads the built-in facts when the program is built, so that it need not at every start.
//!
//! `assets/*.ron` are read with the program's own types and laid into it as `MessagePack`, which takes a start a fraction
//! of the work. A test of the catalog holds what is packed to what the files say.
#![allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    unused_imports,
    clippy::enum_variant_names,
    clippy::struct_field_names,
    reason = "the program's own types, of which a part is used here"
)]

#[path = "src/catalog/file.rs"]
mod file;
#[path = "src/catalog/packed.rs"]
mod packed;
#[path = "src/spec/mod.rs"]
mod spec;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use ron::extensions::Extensions;
use serde::Serialize;

use file::CatalogFile;
use packed::Run;
use spec::Measurement;

fn main() -> Result<(), Box<dyn Error>> {
    for read in ["assets", "src/catalog/file.rs", "src/catalog/packed.rs", "src/spec"] {
        println!("cargo::rerun-if-changed={read}");
    }
    let (measured, facts): (Vec<_>, Vec<_>) = files()?.into_iter().partition(|file| !file.measurements.is_empty());
    let sources: Vec<_> = measured.iter().flat_map(|file| &file.sources).collect();
    let (runs, rows) = runs(measured.iter().flat_map(|file| &file.measurements))?;
    write("facts", &packed(&facts)?)?;
    write("sources", &packed(&sources)?)?;
    write("runs", &packed(&runs)?)?;
    write("rows", &rows)?;
    order_functions();
    Ok(())
}

/// Lays the functions that a screen needs next to each other: of the rest less is loaded, which a start and the memory
/// show. Only for the linkers that come with the system or the compiler, which all take such a script; whoever chooses
/// another one gets the program as that lays it out.
fn order_functions() {
    const ORDER: &str = "src/order.ld";
    println!("cargo::rerun-if-changed={ORDER}");
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|set| set == value);
    let chosen = !is("CARGO_ENCODED_RUSTFLAGS", "") || env::var_os("RUSTC_LINKER").is_some();
    if is("PROFILE", "release") && is("CARGO_CFG_TARGET_OS", "linux") && !chosen {
        println!("cargo::rustc-link-arg-bins=-T{}/{ORDER}", env!("CARGO_MANIFEST_DIR"));
    }
}

/// The files of facts by name.
fn files() -> Result<Vec<CatalogFile>, Box<dyn Error>> {
    let found: Result<Vec<PathBuf>, io::Error> = fs::read_dir("assets")?.map(|entry| Ok(entry?.path())).collect();
    let mut paths = found?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "ron"));
    paths.sort();
    paths.iter().map(|path| read(path)).collect()
}

fn read(path: &Path) -> Result<CatalogFile, Box<dyn Error>> {
    let options = ron::Options::default().with_default_extension(Extensions::IMPLICIT_SOME);
    let fault = |fault: ron::error::SpannedError| format!("{}:{}: {}", path.display(), fault.span, fault.code);
    Ok(options.from_str(&fs::read_to_string(path)?).map_err(fault)?)
}

/// Measurements in runs, in the order of the files, and the bytes of their rows. A screen reads the runs that metered power
/// and those of one model: each of the two stand together, so that little else is loaded with them.
fn runs<'r>(all: impl Iterator<Item = &'r Measurement>) -> Result<(Vec<Run<'r>>, Vec<u8>), Box<dyn Error>> {
    let mut runs: Vec<(Run<'r>, Vec<u8>)> = Vec::new();
    for row in all {
        let (bytes, metered) = (packed(row)?, row.power_w.is_some());
        match runs.last_mut().filter(|(run, _)| (run.machine, run.model) == (row.machine.as_str(), row.model.as_str()))
        {
            Some((run, rows)) => {
                run.metered |= metered;
                rows.extend(bytes);
            }
            None => {
                runs.push((Run { machine: &row.machine, model: &row.model, metered, start: 0, end: 0 }, bytes));
            }
        }
    }
    let mut laid: Vec<&mut (Run<'r>, Vec<u8>)> = runs.iter_mut().collect();
    laid.sort_by_key(|(run, _)| (!run.metered, run.model, run.machine));
    let mut rows = Vec::new();
    for (run, bytes) in laid {
        run.start = rows.len();
        rows.append(bytes);
        run.end = rows.len();
    }
    Ok((runs.into_iter().map(|(run, _)| run).collect(), rows))
}

/// Fields by name, since those that are empty are left out.
fn packed<T: Serialize>(value: &T) -> Result<Vec<u8>, Box<dyn Error>> {
    Ok(rmp_serde::to_vec_named(value)?)
}

fn write(name: &str, bytes: &[u8]) -> Result<(), Box<dyn Error>> {
    Ok(fs::write(PathBuf::from(env::var("OUT_DIR")?).join(name), bytes)?)
}
