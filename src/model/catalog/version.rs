//! The version of a catalog: its newest date and marks of its contents, which show later if the catalog has changed.
//!
//! There is one mark for each reason why a figure moves: specifications, efficiencies (a refit) and the market.

use std::fmt::{self, Debug, Write};
use std::str::FromStr;

use super::Catalog;
use crate::model::facts::{Date, Machine};

/// A catalog's version, written as `2026-11-20 specs:1f2e3d4c fit:… market:…`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version {
    /// The newest date in it.
    pub date: Option<Date>,
    /// Mark of machines without their prices, models, formats, runtimes and capabilities.
    pub specs: u32,
    /// Mark of the efficiencies and assumptions.
    pub fit: u32,
    /// Mark of prices, rents and electricity.
    pub market: u32,
}

impl Catalog {
    /// Returns the version of this catalog, the user's entries included. Measurements do not count: no estimate reads
    /// them.
    #[must_use]
    pub fn version(&self) -> Version {
        let (mut specs, mut fit, mut market) = (Mark::default(), Mark::default(), Mark::default());
        for machine in &self.machines {
            market.add(&machine.price);
            specs.add(&Machine { price: None, ..machine.clone() });
        }
        specs.add(&(&self.models, &self.formats, &self.kv_formats, &self.runtimes, &self.capabilities));
        fit.add(&(&self.efficiency, &self.assumptions));
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

/// A text that is not a [`Version`]: it was edited, or another version of the program wrote it.
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

/// FNV-1a over the `Debug` text of a value: short, and the same on every machine.
struct Mark(u32);

impl Default for Mark {
    fn default() -> Self {
        Self(0x811c_9dc5)
    }
}

impl Mark {
    fn add(&mut self, value: &impl Debug) {
        // Writing into a number cannot fail.
        let _ = write!(self, "{value:?};");
    }
}

impl Write for Mark {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 = text.bytes().fold(self.0, |mark, byte| (mark ^ u32::from(byte)).wrapping_mul(0x0100_0193));
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
            mark.write_str(text).map(|()| mark.0)
        };
        // Test vectors of FNV-1a, 32 bits: http://www.isthe.com/chongo/src/fnv/test_fnv.c
        let published = [("", 0x811c_9dc5), ("a", 0xe40c_292c), ("foobar", 0xbf9c_f968)];
        for (text, value) in published {
            assert_eq!(mark(text), Ok(value), "{text}");
        }
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
