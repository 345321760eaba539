//! Prices, rents, events and claims, each with its date, and the assumptions of the estimate.

use serde::{Deserialize, Serialize};

use super::{Basis, Date, Fact, MachinePrice, Sources};

/// A currency. Amounts in different currencies are never added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Currency {
    /// US dollars, without tax.
    Usd,
    /// Euros, VAT included.
    Eur,
    /// Thai baht, tax included.
    Thb,
}

/// The kind of a price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PriceKind {
    /// The maker's price at launch.
    Launch,
    /// The maker's current list price.
    List,
    /// The price in shops, or among private sellers for a used machine.
    Street,
    /// A single offer.
    Listing,
}

impl PriceKind {
    /// Returns the kind as a word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            PriceKind::Launch => "launch",
            PriceKind::List => "list",
            PriceKind::Street => "street",
            PriceKind::Listing => "listing",
        }
    }

    /// Returns the basis of a price of this kind: stated by the maker, or observed.
    #[must_use]
    pub fn basis(self) -> Basis {
        match self {
            PriceKind::Launch | PriceKind::List => Basis::Vendor,
            PriceKind::Street | PriceKind::Listing => Basis::Measured,
        }
    }
}

/// One price as seen on one date.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PricePoint {
    /// Identifier.
    pub id: String,
    /// Machine it prices; `None` for a product that is not in the catalog.
    #[serde(default)]
    pub machine: Option<String>,
    /// The product's name in the offer.
    pub sold_as: String,
    /// Amount in `currency`.
    pub amount: f64,
    /// Currency.
    pub currency: Currency,
    /// Kind of price.
    pub kind: PriceKind,
    /// True if the price only widens the range and never sets the price in use: it is for a product with the same
    /// hardware, for another configuration, or for an offer that is out of stock.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub secondary: bool,
    /// The day or month on which it was seen.
    pub date: Date,
    /// Sources.
    pub source: Sources,
    /// A remark about the offer, by its recorder.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl PricePoint {
    /// Returns the price, which must be in USD, as the price in use of its machine.
    #[must_use]
    pub fn as_machine_price(&self) -> MachinePrice {
        let usd = Fact {
            value: self.amount,
            basis: self.kind.basis(),
            low: None,
            high: None,
            source: Sources::clone(&self.source),
            date: Some(self.date),
            note: self.sold_as.clone(),
        };
        MachinePrice { usd, kind: self.kind.word().to_owned() }
    }
}

/// An event that moved market prices.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// Identifier.
    pub id: String,
    /// The day or month of the event.
    pub date: Date,
    /// The event in words.
    pub what: String,
    /// Ids of the machines that it affects.
    pub machines: Vec<String>,
    /// Sources.
    pub source: Sources,
}

/// A disputed claim. It is shown as a range and never used to calibrate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// Identifier.
    pub id: String,
    /// The claim in words.
    pub claim: String,
    /// Ids of the machines that it is about.
    pub machines: Vec<String>,
    /// Id of the model that it is about.
    #[serde(default)]
    pub model: Option<String>,
    /// Format that it is about, in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub format: String,
    /// Conditions, in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub conditions: String,
    /// Lowest value stated.
    #[serde(default)]
    pub low: Option<f64>,
    /// Highest value stated.
    #[serde(default)]
    pub high: Option<f64>,
    /// Unit of the range, in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// The reason why it is contested.
    pub why: String,
    /// Date.
    pub date: Date,
    /// Sources.
    pub source: Sources,
}

/// The rent of a GPU per hour.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CloudPrice {
    /// Id of the machine.
    pub id: String,
    /// Rent, USD per hour; `low` and `high` are the range found.
    pub usd_per_hour: Fact,
}

/// The price of a model at an API.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApiPrice {
    /// Id of the model.
    pub id: String,
    /// USD per million input tokens.
    pub input_usd_per_mtok: Fact,
    /// USD per million output tokens.
    pub output_usd_per_mtok: Fact,
}

/// The price of a kilowatt-hour.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Electricity {
    /// Name of the region.
    pub id: String,
    /// Price per kWh in `currency`.
    pub per_kwh: Fact,
    /// Currency.
    pub currency: Currency,
    /// Period of the price, in words.
    pub period: String,
}

/// A number that the estimate needs and that belongs to no machine, model or format.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assumption {
    /// Identifier by which the estimate looks it up; its end states the unit.
    pub id: String,
    /// Its meaning in words.
    pub what: String,
    /// The number, in the unit that the end of the id states.
    pub fact: Fact,
}
