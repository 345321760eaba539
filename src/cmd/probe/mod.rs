//! A description of this machine: its measured memory bandwidth, and its memory, processor and graphics cards from
//! files.
//!
//! The description becomes the catalog entry of this machine. No other program is started. A fact that the platform
//! does not state is reported as unknown and not guessed. Reading files is separate from parsing them.

mod bandwidth;
mod entry;
mod graphics;
pub mod kernel;
mod memory;
mod platform;
mod processor;

use std::time::Duration;

use crate::model::units::{Amount, Digits, Unit};

pub use bandwidth::{Bandwidth, FEWEST_ROUNDS, NotMeasured, Rounds, measure, working_set};
pub use entry::{ID, catalog_entry};
pub use graphics::Graphics;
pub use memory::Memory;
pub use platform::Platform;
pub use processor::Processor;

/// The facts from the platform's files.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// Processor.
    pub processor: Processor,
    /// Memory.
    pub memory: Memory,
    /// Graphics cards and integrated units.
    pub graphics: Vec<Graphics>,
}

/// The facts and the measured bandwidth of this machine.
#[derive(Clone, Debug, PartialEq)]
pub struct Probe {
    /// Facts from the platform's files.
    pub facts: Facts,
    /// Measured bandwidth.
    pub bandwidth: Bandwidth,
    /// Sentences on unknown facts and on limits of the figures.
    pub notes: Vec<String>,
}

impl Facts {
    /// Reads the facts from the platform's files.
    #[must_use]
    pub fn read(platform: &Platform) -> Self {
        Self {
            processor: Processor::read(platform),
            memory: Memory::read(platform),
            graphics: graphics::read(platform),
        }
    }
}

/// Measures this machine for about `time` with all threads of the processor, and reads its facts.
///
/// `bytes` is the memory to measure with; by default it depends on the caches.
///
/// # Errors
/// [`NotMeasured`] if the system has no memory or threads for it.
pub fn probe(platform: &Platform, time: Duration, bytes: Option<u64>) -> Result<Probe, NotMeasured> {
    let facts = Facts::read(platform);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let wanted = working_set(facts.processor.largest_cache, facts.memory.usable);
    let bandwidth = measure(bytes.unwrap_or(wanted), threads, time)?;
    let notes = notes(&facts, &bandwidth);
    Ok(Probe { facts, bandwidth, notes })
}

/// Returns sentences on unknown facts and on limits of the figures.
#[must_use]
pub fn notes(facts: &Facts, bandwidth: &Bandwidth) -> Vec<String> {
    let mut notes = Vec::new();
    let mut say = |holds: bool, sentence: &str| notes.extend(holds.then(|| sentence.to_owned()));
    say(
        cfg!(debug_assertions),
        "This program was built without optimisation; the bandwidth is lower than the machine's.",
    );
    say(facts.memory.installed.is_none(), "The platform does not tell in files how much memory there is.");
    say(facts.memory.usable.is_none(), "The platform does not tell in files how much memory is free to use.");
    say(facts.processor.name.is_none(), "The platform does not tell in files what processor this is.");
    say(facts.graphics.is_empty(), "The platform's files name no graphics card; what it is and reads is not known.");
    say(
        !facts.graphics.is_empty(),
        "The bandwidth of a graphics card's own memory cannot be measured from here; only the processor's was.",
    );
    match facts.processor.largest_cache {
        None => say(true, "The size of the caches is not known; they may have a part in the bandwidth."),
        Some(cache) => {
            let within = (bandwidth.bytes as f64) < 4.0 * cache as f64;
            let mib = |bytes: u64| Amount::new(bytes as f64, Unit::MemoryBytes, Digits::Significant(2));
            let sentence = format!(
                "{} of memory were read beside a cache of {}; the cache has a part in the bandwidth.",
                mib(bandwidth.bytes),
                mib(cache)
            );
            say(within, &sentence);
        }
    }
    notes
}
