//! `whichbox measure`: the memory and the memory bandwidth of this machine, as an entry of the catalog.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use serde_json::{Value, json};

use super::output::{Output, Stdout, Table, write};
use super::{DONE, Failure, NOT_WRITTEN};
use crate::cmd::exporters::number;
use crate::cmd::probe::{Platform, Probe, Rounds, catalog_entry, probe};
use crate::model::facts::Date;
use crate::model::ron_file::{self, MARKER, Overwrite, SaveError, save_atomic, visible};
use crate::model::units::{Amount, Digits, Unit, round_significant};

/// Arguments of `measure`.
#[derive(Args, Clone, Debug)]
pub struct MeasureArgs {
    /// About how long to measure, in seconds; five rounds of reading and of copying at the least
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u64).range(0..=3600))]
    seconds: u64,
    /// Memory to measure with, in MiB; by default well beyond the caches, at most a quarter of what is free
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1 << 24))]
    mib: Option<u64>,
    /// Writes the entry to a file, such as one in the directory of catalog files
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
    /// The form of the answer
    #[arg(long, value_enum, default_value_t)]
    output: Output,
}

/// Runs the command.
pub(super) fn run(args: &MeasureArgs, out: &mut Stdout) -> Result<u8, Failure> {
    let date =
        Date::today().ok_or_else(|| Failure::input("the clock of this machine is off; set it and measure again"))?;
    let bytes = args.mib.map(|mib| mib << 20);
    let found = probe(&Platform::here(), Duration::from_secs(args.seconds), bytes).map_err(Failure::input)?;
    let entry = catalog_entry(&found, date);
    if let Some(path) = &args.save {
        let Some(entry) = &entry else {
            return Err(Failure::input("there is no entry to save: the platform does not tell how much memory it has"));
        };
        save_own(path, entry)?;
    }
    let mut table = table(&found);
    if args.output == Output::Table {
        table.notes.extend(entry.iter().map(|entry| format!("\n{}", entry.trim_end())));
    }
    write(out, args.output, &as_json(&found, entry.as_deref()), &table)?;
    Ok(DONE)
}

/// Writes a catalog file, either a new one or one that this program wrote.
pub(super) fn save_own(path: &Path, catalog_text: &str) -> Result<(), Failure> {
    let not_written = |error: &SaveError| Failure { code: NOT_WRITTEN, sentence: error.to_string() };
    let text = format!("{MARKER}\n{catalog_text}");
    // If the file cannot be read, the attempt to write reports the error.
    let overwrite = ron_file::read(path).map_or(Overwrite::Never, |there| Overwrite::Unchanged(there.fingerprint));
    save_atomic(path, &text, overwrite).map_err(|error| not_written(&error))?;
    // An error here means that standard error is closed, so it cannot be reported.
    let _ = writeln!(std::io::stderr(), "whichbox: written to {}", visible(&path.to_string_lossy()));
    Ok(())
}

fn as_json(found: &Probe, entry: Option<&str>) -> Value {
    let Probe { facts, bandwidth, notes } = found;
    let gbs = |rounds: &Rounds| number(round_significant(rounds.best_gbs(), 4));
    let percent = |rounds: &Rounds| number(round_significant(100.0 * rounds.spread(), 3));
    let graphics: Vec<Value> =
        facts.graphics.iter().map(|card| json!({"name": card.name, "memory_bytes": card.memory})).collect();
    json!({
        "read_gbs": gbs(&bandwidth.read),
        "copy_gbs": gbs(&bandwidth.copy),
        "memory_bytes": facts.memory.installed,
        "usable_bytes": facts.memory.usable,
        "threads": bandwidth.threads,
        "cpu": facts.processor.name,
        "product": facts.processor.product,
        "largest_cache_bytes": facts.processor.largest_cache,
        "gpus": graphics,
        "working_set_bytes": bandwidth.bytes,
        "read_rounds": bandwidth.read.rates.len(),
        "copy_rounds": bandwidth.copy.rates.len(),
        "read_spread_pct": percent(&bandwidth.read),
        "copy_spread_pct": percent(&bandwidth.copy),
        "notes": notes,
        "catalog_entry": entry,
    })
}

fn table(found: &Probe) -> Table {
    let Probe { facts, bandwidth, notes } = found;
    let mut table = Table::of(["what", "value", "how"]);
    let how = |rounds: &Rounds| {
        let spread = Amount::new(rounds.spread(), Unit::Share, Digits::Significant(2));
        format!("best of {} rounds on {} threads, slowest {spread} below it", rounds.rates.len(), bandwidth.threads)
    };
    let mut row = |what: &str, value: String, how: String| table.push([what.to_owned(), value, how]);
    let speed = |rounds: &Rounds| Amount::computed(rounds.best(), Unit::BytesPerSecond).to_string();
    row("reading memory", speed(&bandwidth.read), how(&bandwidth.read));
    row("copying memory", speed(&bandwidth.copy), format!("{}; read and written", how(&bandwidth.copy)));
    let memory = |bytes: Option<u64>| bytes.map(|bytes| Amount::computed(bytes as f64, Unit::MemoryBytes).to_string());
    let known = |text: Option<String>| text.unwrap_or_else(|| "not known".to_owned());
    row("memory", known(memory(facts.memory.installed)), "what the system has".to_owned());
    row("usable now", known(memory(facts.memory.usable)), "what is free to be used".to_owned());
    row("processor", known(facts.processor.name.clone()), facts.processor.product.clone().unwrap_or_default());
    row("caches", known(memory(facts.processor.largest_cache)), "of the last level".to_owned());
    row("measured with", known(memory(Some(bandwidth.bytes))), String::new());
    for card in &facts.graphics {
        let memory = memory(card.memory).map_or(String::new(), |memory| format!("{memory} of its own"));
        row("graphics", card.name.clone(), memory);
    }
    table.notes.clone_from(notes);
    table
}
