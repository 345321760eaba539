//! Prices, rents, events and claims, each with its date; and the assumptions the estimate rests on.

use serde::{Deserialize, Serialize};

use super::{Basis, Date, Fact, MachinePrice, Sources};

/// Money is never added across currencies.
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
    /// The maker's price later.
    List,
    /// The price in shops, or among users where the machine is used.
    Street,
    /// One offer.
    Listing,
}

impl PriceKind {
    /// Returns the word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            PriceKind::Launch => "launch",
            PriceKind::List => "list",
            PriceKind::Street => "street",
            PriceKind::Listing => "listing",
        }
    }

    /// Returns the basis of such a price: the maker states it, or it was observed.
    #[must_use]
    pub fn basis(self) -> Basis {
        match self {
            PriceKind::Launch | PriceKind::List => Basis::Vendor,
            PriceKind::Street | PriceKind::Listing => Basis::Measured,
        }
    }
}

/// One price, once.
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
    /// True where it widens the range and never sets the price: a product with the same inside, another configuration,
    /// an offer that is out of stock.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub secondary: bool,
    /// The day or month on which it was seen.
    pub date: Date,
    /// Sources.
    pub source: Sources,
    /// The offer in the words of who recorded it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl PricePoint {
    /// Returns it as the price in use of its machine. It must be in USD.
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

/// Something that moved the market.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// Identifier.
    pub id: String,
    /// The day or month on which it was seen.
    pub date: Date,
    /// The event in words.
    pub what: String,
    /// Machines it touches.
    pub machines: Vec<String>,
    /// Sources.
    pub source: Sources,
}

/// A claim that sources dispute. Shown as a range, never used to calibrate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// Identifier.
    pub id: String,
    /// The claim in words.
    pub claim: String,
    /// Machines it is about.
    pub machines: Vec<String>,
    /// Model it is about.
    #[serde(default)]
    pub model: Option<String>,
    /// Format it is about, in words.
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
    /// Identifier: the machine's.
    pub id: String,
    /// USD per hour; `low` and `high` are the range found.
    pub usd_per_hour: Fact,
}

/// The price of a model behind an API.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApiPrice {
    /// Identifier: the model's.
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
    /// Identifier: the region.
    pub id: String,
    /// Price per kWh in `currency`.
    pub per_kwh: Fact,
    /// Currency.
    pub currency: Currency,
    /// Period, in words.
    pub period: String,
}

/// A number the estimate rests on that no machine, model or format carries.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assumption {
    /// Identifier, which the estimation asks for.
    pub id: String,
    /// Its meaning in words.
    pub what: String,
    /// The number, in the unit that the id's end states.
    pub fact: Fact,
}
