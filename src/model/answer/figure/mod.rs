//! The figures of an answer: one row each, from which every listing of figures follows.
//!
//! A row of [`FIGURES`] says a figure's name, its path in JSON, its label, unit and digits, where it is listed, and how it
//! is taken from an estimate. The JSON record, the tables, the comparison, the handout and `explain` read these rows.

mod table;

use crate::model::estimate::figures::{Band, Estimate};
use crate::model::estimate::trace::NodeId;
use crate::model::units::{Amount, Digits, GB, Unit};

use super::Answer;

pub use table::FIGURES;

/// A figure that can be asked for by name.
#[derive(Clone, Copy, Debug)]
pub struct Figure {
    /// The name that `explain` takes.
    pub id: &'static str,
    /// The path of its field in an answer's JSON, groups separated by dots.
    pub json: &'static str,
    /// The name on the screen.
    pub label: &'static str,
    /// The unit of its value.
    pub unit: Unit,
    precision: Precision,
    listed: &'static [Listing],
    value: Accessor,
    band: Option<BandAccessor>,
}

/// A list of figures in which a figure can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listing {
    /// Every page that lists the figures of one machine: sources and `--plain`.
    Page,
    /// The specification table of the explorer and the exports.
    Sheet,
    /// The table of `estimate`.
    Table,
    /// The table of `estimate` where there are several streams.
    TableOfStreams,
    /// Comparisons of two scenarios, decks and the CSV export.
    Comparison,
    /// The table of a handout.
    Handout,
}

/// Digits of a figure that has no band.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Precision {
    /// As the catalog has it.
    Exact,
    /// Three significant digits.
    Computed,
    /// Two significant digits.
    Rough,
}

/// One access to an estimate, for its numbers and for the nodes of its trace.
#[derive(Clone, Copy, Debug)]
struct Accessor {
    number: fn(&Estimate<f64>) -> Option<f64>,
    node: fn(&Estimate<NodeId>) -> Option<NodeId>,
}

/// Access to the band that a figure lies in or rests on.
#[derive(Clone, Copy, Debug)]
struct BandAccessor {
    /// True if the band is the figure's own, in its unit. Costs and energy rest on the band of a speed.
    own: bool,
    number: fn(&Estimate<f64>) -> Option<Band<f64>>,
    node: fn(&Estimate<NodeId>) -> Option<Band<NodeId>>,
}

/// A kind of value that an estimate is made of: numbers, or the nodes of a trace.
pub trait Quantity: Copy + Sized {
    /// Returns the figure's value in an estimate.
    #[doc(hidden)]
    fn value(figure: &Figure, estimate: &Estimate<Self>) -> Option<Self>;
    /// Returns the band that the figure lies in or rests on.
    #[doc(hidden)]
    fn band(figure: &Figure, estimate: &Estimate<Self>) -> Option<Band<Self>>;
}

impl Quantity for f64 {
    fn value(figure: &Figure, estimate: &Estimate<Self>) -> Option<Self> {
        (figure.value.number)(estimate)
    }

    fn band(figure: &Figure, estimate: &Estimate<Self>) -> Option<Band<Self>> {
        figure.band.and_then(|band| (band.number)(estimate))
    }
}

impl Quantity for NodeId {
    fn value(figure: &Figure, estimate: &Estimate<Self>) -> Option<Self> {
        (figure.value.node)(estimate)
    }

    fn band(figure: &Figure, estimate: &Estimate<Self>) -> Option<Band<Self>> {
        figure.band.and_then(|band| (band.node)(estimate))
    }
}

impl PartialEq for Figure {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Figure {}

impl Figure {
    /// Returns the figure called `id`.
    #[must_use]
    pub fn named(id: &str) -> Option<&'static Figure> {
        FIGURES.iter().find(|figure| figure.id == id)
    }

    /// Returns the figures of a list, in its order.
    pub fn listed(listing: Listing) -> impl Iterator<Item = &'static Figure> {
        FIGURES.iter().filter(move |figure| figure.is_listed(listing))
    }

    /// Says whether the figure is in a list.
    #[must_use]
    pub fn is_listed(&self, listing: Listing) -> bool {
        self.listed.contains(&listing)
    }

    /// Returns the figure's value in an estimate; `None` where it does not apply or is not known.
    #[must_use]
    pub fn of<N: Quantity>(&self, estimate: &Estimate<N>) -> Option<N> {
        N::value(self, estimate)
    }

    /// Returns the edges of the band that the figure lies in or rests on; `None` where it has none.
    #[must_use]
    pub fn band<N: Quantity>(&self, estimate: &Estimate<N>) -> Option<(N, N)> {
        N::band(self, estimate).map(|band| (band.low, band.high))
    }

    /// Returns the edges of the figure's band in the figure's own unit; `None` for one that only rests on a speed with a
    /// band, as costs and energy do, and for the edges themselves.
    #[must_use]
    pub fn own_band<N: Quantity>(&self, estimate: &Estimate<N>) -> Option<(N, N)> {
        if self.band.is_some_and(|band| band.own) { self.band(estimate) } else { None }
    }

    /// Returns the figure with the digits that its band supports; `None` where it does not apply or is not known.
    #[must_use]
    pub fn amount(&self, estimate: &Estimate<f64>) -> Option<Amount> {
        let value = self.of(estimate)?;
        let digits = match (self.own_band(estimate), self.precision) {
            (Some((low, high)), _) => Digits::for_band(low, high),
            (None, Precision::Exact) => Digits::Exact,
            (None, Precision::Computed) => Digits::Significant(3),
            (None, Precision::Rough) => Digits::Significant(2),
        };
        Some(Amount::new(value, self.unit, digits))
    }

    /// Returns the figure of a machine as it is written in a table: value and band, or the reason why there is none.
    #[must_use]
    pub fn cell(&self, answer: &Answer<'_>) -> String {
        let Some(estimate) = &answer.estimate else { return "not known".to_owned() };
        let Some(amount) = self.amount(estimate) else {
            let is_speed = self.id.starts_with("decode.");
            let refused = answer.refused.is_some();
            let reason = if !is_speed {
                "not known"
            } else if refused {
                "cannot run"
            } else {
                "does not fit"
            };
            return reason.to_owned();
        };
        let Some((low, high)) = self.own_band(estimate) else { return amount.to_string() };
        let edge = |value| Amount { value, ..amount };
        // Times change their unit with their size, so each says its own.
        let low = if self.unit == Unit::Seconds { edge(low).to_string() } else { edge(low).number() };
        let high = if self.unit == Unit::Seconds { edge(high).to_string() } else { edge(high).number() };
        format!("{amount} ({low} to {high})")
    }

    /// Returns the figure's value in the unit that its JSON field names; bytes and tokens are whole.
    #[must_use]
    pub fn json_value(&self, estimate: &Estimate<f64>) -> Option<f64> {
        let value = self.of(estimate)?;
        Some(match self.unit {
            Unit::BytesPerSecond => value / GB,
            Unit::Bytes | Unit::MemoryBytes | Unit::BytesPerStep | Unit::Tokens => value.round(),
            _ => value,
        })
    }
}
