//! The figures of an answer: one row of a table each, from which every list of figures follows.
//!
//! A row of [`FIGURES`] states a figure's name, its path in JSON, its label, unit and digits, the lists that it is in,
//! and the fields of the estimate that hold it. The JSON record, the tables, the comparison, the handout and `explain`
//! use these rows.

mod table;

use crate::model::estimate::figures::{Band, Estimate};
use crate::model::estimate::trace::NodeId;
use crate::model::units::{Amount, Digits, GB, Unit};

use super::Answer;

pub use table::FIGURES;

/// A figure that can be named in commands.
#[derive(Clone, Copy, Debug)]
pub struct Figure {
    /// The name, as in `whichbox explain NAME`.
    pub id: &'static str,
    /// The path of its field in an answer's JSON, with dots between the levels.
    pub json: &'static str,
    /// The label on screens.
    pub label: &'static str,
    /// The unit of its value.
    pub unit: Unit,
    precision: Precision,
    listed: &'static [Listing],
    value: Accessor,
    band: Option<BandAccessor>,
}

/// A list that a figure can be in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listing {
    /// Pages that list all figures of one machine: the sources view and `--plain`.
    Page,
    /// The specification table of the explorer and the exports.
    Sheet,
    /// The table of `estimate`.
    Table,
    /// The table of `estimate` for several streams.
    TableOfStreams,
    /// Comparisons of two scenarios, decks and the CSV export.
    Comparison,
    /// The table of a handout.
    Handout,
}

/// The digits of a figure that has no band.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Precision {
    /// All digits of the catalog's value.
    Exact,
    /// Three significant digits.
    Computed,
    /// Two significant digits.
    Rough,
}

/// The access to a field of an estimate, for numbers and for nodes of a trace.
#[derive(Clone, Copy, Debug)]
struct Accessor {
    number: fn(&Estimate<f64>) -> Option<f64>,
    node: fn(&Estimate<NodeId>) -> Option<NodeId>,
}

/// The access to the band of a figure, or of the speed that it is computed from.
#[derive(Clone, Copy, Debug)]
struct BandAccessor {
    /// True if the band is in the figure's unit. False for costs and energy, whose digits follow from the band of a
    /// speed.
    own: bool,
    /// Returns the band's numbers.
    number: fn(&Estimate<f64>) -> Option<Band<f64>>,
    /// Returns the nodes of the trace that compute them.
    node: fn(&Estimate<NodeId>) -> Option<Band<NodeId>>,
}

/// A type that the values of an estimate can have: numbers, or nodes of a trace.
pub trait Quantity: Copy + Sized {
    /// Returns the figure's value in an estimate.
    #[doc(hidden)]
    fn value(figure: &Figure, estimate: &Estimate<Self>) -> Option<Self>;
    /// Returns the band of the figure, or of the speed that it is computed from.
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

    /// Returns the figures of a list, in the order of the table.
    pub fn listed(listing: Listing) -> impl Iterator<Item = &'static Figure> {
        FIGURES.iter().filter(move |figure| figure.is_listed(listing))
    }

    /// Returns true if the figure is in a list.
    #[must_use]
    pub fn is_listed(&self, listing: Listing) -> bool {
        self.listed.contains(&listing)
    }

    /// Returns the figure's value in an estimate; `None` if it does not apply or is not known.
    #[must_use]
    pub fn of<N: Quantity>(&self, estimate: &Estimate<N>) -> Option<N> {
        N::value(self, estimate)
    }

    /// Returns the edges of the figure's band, or of the band of the speed that it is computed from; `None` if there is
    /// none.
    #[must_use]
    pub fn band<N: Quantity>(&self, estimate: &Estimate<N>) -> Option<(N, N)> {
        N::band(self, estimate).map(|band| (band.low, band.high))
    }

    /// Returns the edges of the figure's band if they are in its unit; `None` for costs and energy, which have only the
    /// band of a speed, and for the edges themselves.
    #[must_use]
    pub fn own_band<N: Quantity>(&self, estimate: &Estimate<N>) -> Option<(N, N)> {
        if self.band.is_some_and(|band| band.own) { self.band(estimate) } else { None }
    }

    /// Returns the figure with the digits that its band supports; `None` if it does not apply or is not known.
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

    /// Returns the text of the figure in a table: value and band, or the reason why there is none.
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
        // The unit of a time depends on its size, so each edge shows its own unit.
        let low = if self.unit == Unit::Seconds { edge(low).to_string() } else { edge(low).number() };
        let high = if self.unit == Unit::Seconds { edge(high).to_string() } else { edge(high).number() };
        format!("{amount} ({low} to {high})")
    }

    /// Returns the figure's value in the unit that its JSON field names; bytes and tokens are rounded to whole numbers.
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
