//! `whichbox export`: writes a deck or a scenario to a file.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use super::{DONE, Failure, NOT_WRITTEN, present};
use crate::cmd::exporters::{endings, exporter};
use crate::model::catalog::Catalog;
use crate::model::ron_file::{Overwrite, SaveError, save_atomic, visible};

/// Arguments of `export`.
#[derive(Args, Clone, Debug)]
pub struct ExportArgs {
    /// A deck or scenario: a built-in name or a file
    #[arg(value_name = "SCENARIO|DECK", required = true)]
    pub(super) files: Vec<String>,
    #[arg(long, value_name = "FILE", help = format!("The file to write; its extension sets the format: {}", endings()))]
    to: PathBuf,
    /// With the speaker's notes
    #[arg(long)]
    notes: bool,
    /// Replace a file that is there
    #[arg(long)]
    force: bool,
}

/// Runs the command: writes the whole file, or leaves the old one unchanged.
pub(super) fn run(catalog: &Catalog, args: &ExportArgs) -> Result<u8, Failure> {
    let ending = args.to.extension().map_or(String::new(), |ending| ending.to_string_lossy().into_owned());
    let exporter = exporter(&ending).map_err(Failure::input)?;
    let (catalog, deck) = present::open(catalog, &args.files)?;
    let text = exporter.export(&catalog, &deck, args.notes).map_err(Failure::input)?;
    let overwrite = if args.force { Overwrite::Anything } else { Overwrite::Never };
    save_atomic(&args.to, &text, overwrite).map_err(|error| {
        let advice = if matches!(error, SaveError::Exists(_)) { ", or replace it with --force" } else { "" };
        Failure { code: NOT_WRITTEN, sentence: format!("{error}{advice}") }
    })?;
    // An error here means that standard error is closed, so it cannot be reported.
    let _ = writeln!(std::io::stderr(), "whichbox: written to {}", visible(&args.to.to_string_lossy()));
    Ok(DONE)
}
