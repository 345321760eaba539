//! The version of a catalog: its newest date and hashes of its contents, by which later changes are detected.
//!
//! Each hash covers one reason for changed figures: specifications, efficiencies (a refit) and the market.

use std::fmt;
use std::io::{self, Write};
use std::str::FromStr;

use serde::Serialize;

use super::Catalog;
use crate::model::facts::{Date, Machine};

/// A catalog's version, written as `2026-11-20 specs:1f2e3d4c fit:… market:…`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version {
    /// Newest date in the catalog.
    pub date: Option<Date>,
    /// Hash of machines without their prices, models, formats, runtimes, capabilities, links, hosts and drafts.
    pub specs: u32,
    /// Hash of the efficiencies, the assumptions and the constants of set-ups.
    pub fit: u32,
    /// Hash of prices, rents and electricity.
    pub market: u32,
}

impl Catalog {
    /// Returns the version of this catalog with the user's entries. Measurements are excluded, since no estimate reads
    /// them.
    #[must_use]
    pub fn version(&self) -> Version {
        let (mut specs, mut fit, mut market) = (Mark::default(), Mark::default(), Mark::default());
        for machine in &self.machines {
            market.add(&machine.price);
            specs.add(&Machine { price: None, ..machine.clone() });
        }
        specs.add(&(&self.models, &self.formats, &self.kv_formats, &self.runtimes, &self.capabilities));
        specs.add(&(&self.links, &self.hosts, &self.drafts));
        fit.add(&(&self.efficiency, &self.assumptions, &self.setup_constants));
        market.add(&(&self.prices, &self.cloud, &self.api_prices, &self.electricity));
        Version { date: self.newest(), specs: specs.0, fit: fit.0, market: market.0 }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(date) = self.date {
            write!(f, "{date} ")?;
        }
        write!(f, "specs:{:08x} fit:{:08x} market:{:08x}", self.specs, self.fit, self.market)
    }
}

/// The error for a text that is not a [`Version`]: it was edited, or another version of the program wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAVersion;

impl FromStr for Version {
    type Err = NotAVersion;

    fn from_str(text: &str) -> Result<Self, NotAVersion> {
        let mark = |name: &str| {
            let word = text.split(' ').find_map(|word| word.strip_prefix(name)?.strip_prefix(':'));
            word.and_then(|hex| u32::from_str_radix(hex, 16).ok()).ok_or(NotAVersion)
        };
        let date = text.split(' ').next().and_then(|word| word.parse().ok());
        Ok(Self { date, specs: mark("specs")?, fit: mark("fit")?, market: mark("market")? })
    }
}

/// An FNV-1a hash of facts as JSON: short, the same on every machine, and independent of anything but the facts.
struct Mark(u32);

impl Default for Mark {
    fn default() -> Self {
        Self(0x811c_9dc5)
    }
}

impl Mark {
    fn add(&mut self, facts: &impl Serialize) {
        // Writing to a hash cannot fail, and neither can the conversion to JSON, since facts are structs and lists.
        let _ = serde_json::to_writer(&mut *self, facts);
        let _ = self.write_all(b";");
    }
}

impl Write for Mark {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = bytes.iter().fold(self.0, |mark, byte| (mark ^ u32::from(*byte)).wrapping_mul(0x0100_0193));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_that_of_the_published_function() {
        let mark = |text: &str| {
            let mut mark = Mark::default();
            mark.write_all(text.as_bytes()).map(|()| mark.0).ok()
        };
        // Test vectors of FNV-1a, 32 bits: http://www.isthe.com/chongo/src/fnv/test_fnv.c
        let published = [("", 0x811c_9dc5), ("a", 0xe40c_292c), ("foobar", 0xbf9c_f968)];
        for (text, value) in published {
            assert_eq!(mark(text), Some(value), "{text}");
        }
    }

    #[test]
    fn a_mark_is_of_the_facts_as_a_file_states_them() {
        let mark = |facts: &dyn Fn(&mut Mark)| {
            let mut mark = Mark::default();
            facts(&mut mark);
            mark.0
        };
        let date: Date = "2026-09".parse().unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(mark(&|mark| mark.add(&date)), mark(&|mark| mark.add(&"2026-09")), "not of private fields");
        let mut catalog = Catalog::builtin().unwrap_or_else(|faulty| panic!("{faulty}"));
        let before = catalog.version();
        catalog.hosts[0].memory_gb.value += 1.0;
        assert_ne!(catalog.version().specs, before.specs);
    }

    #[test]
    fn a_version_is_read_back_and_tells_a_price_from_a_refit() {
        let catalog = Catalog::builtin().unwrap_or_else(|faulty| panic!("{faulty}"));
        let version = catalog.version();
        assert_eq!(version.to_string().parse(), Ok(version));
        assert_eq!("2026-11".parse::<Version>(), Err(NotAVersion));
        let mut dearer = catalog.clone();
        dearer.machines[0].price = None;
        let moved = dearer.version();
        assert_eq!((moved.specs, moved.fit), (version.specs, version.fit));
        assert_ne!(moved.market, version.market);
        let mut refitted = catalog.clone();
        refitted.efficiency.edit(|rows| {
            rows.pop();
        });
        let moved = refitted.version();
        assert_eq!((moved.specs, moved.market), (version.specs, version.market));
        assert_ne!(moved.fit, version.fit);
    }
}
