//! The ranges of a scenario's values, for reading files and for checking typed texts.

use std::fmt;
use std::ops::RangeInclusive;

use crate::model::units::{Amount, Unit};

/// A range of values with their unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// Lowest value.
    pub low: f64,
    /// Highest value.
    pub high: f64,
    /// The unit of its values.
    pub unit: Unit,
}

impl Range {
    const fn new(low: f64, high: f64, unit: Unit) -> Self {
        Self { low, high, unit }
    }

    /// Returns true if its values are whole numbers.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        *self == BOXES
    }

    /// Returns `value` if it is in the range.
    ///
    /// # Errors
    /// [`OutOfRange`], whose message states the range.
    pub fn check(&self, value: f64) -> Result<f64, OutOfRange> {
        let inside = (self.low..=self.high).contains(&value);
        if inside { Ok(value) } else { Err(OutOfRange { value, range: *self }) }
    }
}

/// A value outside of its range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OutOfRange {
    value: f64,
    range: Range,
}

impl fmt::Display for OutOfRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let amount = |value| Amount::exact(value, self.range.unit);
        let Range { low, high, .. } = self.range;
        write!(f, "{} is out of range; allowed is {} to {}", amount(self.value), amount(low), amount(high))
    }
}

impl std::error::Error for OutOfRange {}

/// Streams at once.
pub const CONCURRENCY: Range = Range::new(1.0, 4096.0, Unit::Count);
/// Tokens in each stream's cache.
pub const CONTEXT: Range = Range::new(0.0, 16_777_216.0, Unit::Tokens);
/// Tokens of a prompt or an answer.
pub const REQUEST: Range = Range::new(1.0, 16_777_216.0, Unit::Tokens);
/// Tokens of a micro-batch of a prompt.
pub const MICRO_BATCH: Range = Range::new(1.0, 1_048_576.0, Unit::Tokens);
/// Parameters of a custom model.
pub const PARAMS: Range = Range::new(1e6, 1e14, Unit::Parameters);
/// Parameters of a custom model that work on one token.
pub const ACTIVE: Range = Range::new(100.0, 1e14, Unit::Parameters);
/// Share of a custom model's parameters that work on one token.
pub const SHARE: Range = Range::new(0.0001, 1.0, Unit::Share);
/// Gigabytes read per token.
pub const READ_GB: Range = Range::new(0.001, 1e6, Unit::Count);
/// A price or a budget.
pub const USD: Range = Range::new(0.0, 1e9, Unit::Usd);
/// A rent per hour, or a price of a kWh.
pub const USD_PER_UNIT: Range = Range::new(0.0, 1e6, Unit::Usd);
/// Power.
pub const WATTS: Range = Range::new(0.0, 1e7, Unit::Watts);
/// A required speed.
pub const SPEED: Range = Range::new(0.0, 1e9, Unit::TokensPerSecond);
/// A longest wait.
pub const WAIT: Range = Range::new(0.0, 1e9, Unit::Seconds);
/// Years that a machine is used.
pub const YEARS: Range = Range::new(0.01, 100.0, Unit::Years);
/// Tokens drafted per step.
pub const DRAFT: Range = Range::new(1.0, 32.0, Unit::Count);
/// Share of drafted tokens that are accepted.
pub const ACCEPTANCE: Range = Range::new(0.01, 0.99, Unit::Share);
/// Share of the hours in which a machine generates.
pub const UTILISATION: Range = Range::new(0.0001, 1.0, Unit::Share);
/// Memory bandwidth, GB/s.
pub const BANDWIDTH: Range = Range::new(0.1, 1e6, Unit::Count);
/// Memory, GiB.
pub const MEMORY: Range = Range::new(0.01, 1e7, Unit::Count);
/// Cores of a processor.
pub const CORES: Range = Range::new(1.0, 4096.0, Unit::Count);
/// Generation of PCI Express.
pub const PCIE: Range = Range::new(3.0, 5.0, Unit::Count);
/// Dense compute, TFLOPS.
pub const TFLOPS: Range = Range::new(0.01, 1e7, Unit::Count);

/// Number of linked boxes.
pub const BOXES: Range = Range::new(1.0, 64.0, Unit::Count);
/// Speed of several linked boxes over that of one.
pub const SCALING: Range = Range::new(0.01, 64.0, Unit::Factor);

/// Length of a step of a deck, minutes.
#[cfg(feature = "tui")]
pub const MINUTES: Range = Range::new(0.0, 600.0, Unit::Count);

/// Number of machines that are compared.
pub const MACHINES: RangeInclusive<usize> = 1..=64;
