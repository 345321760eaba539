//! What a machine costs: the person's own price, the price at a date, or the catalog's.

use crate::catalog::Catalog;
use crate::estimate::trace::{Known, Origin};
use crate::estimate::verdict::PriceRange;
use crate::scenario::{PriceLevel, Scenario};
use crate::spec::{Basis, Currency, Fact, Machine, PriceKind, PricePoint};

/// A price in USD with its range, date and basis.
#[derive(Clone, Debug, PartialEq)]
pub struct Price {
    /// The price in use; `low` and `high` are the range found.
    pub fact: Fact,
    /// What kind of price, in words.
    pub kind: String,
}

impl Price {
    /// The price as an input of the estimate for `machine`.
    pub(super) fn known<'a>(&'a self, machine: &'a Machine) -> Known<'a> {
        let known = Known::fact(&self.fact, &machine.id, 1.0);
        if self.fact.source.is_empty() { Known { origin: Origin::Setting("price"), ..known } } else { known }
    }

    /// The price as the verdict needs it.
    #[must_use]
    pub fn range(&self) -> PriceRange {
        let Fact { value, low, high, basis, .. } = &self.fact;
        let contested = *basis == Basis::Contested;
        PriceRange { usd: *value, low: low.unwrap_or(*value), high: high.unwrap_or(*value), contested }
    }
}

/// The price of `machine` in the scenario; `None` where no price in USD is known.
pub(super) fn of(catalog: &Catalog, scenario: &Scenario, machine: &Machine) -> Option<Price> {
    let asked = &scenario.price;
    let own = asked.own.get(&machine.id).copied().or_else(|| scenario.what_if.get(&machine.id)?.price_usd);
    if let Some(own) = own {
        return Some(Price { fact: Fact::assumed(own, "your price"), kind: "your price".to_owned() });
    }
    let price = match asked.as_of {
        Some(date) => as_of(catalog, machine, date)?,
        None => machine.price.as_ref().map(|price| Price { fact: price.usd.clone(), kind: price.kind.clone() })?,
    };
    Some(at_level(price, asked.level))
}

fn at_level(mut price: Price, level: PriceLevel) -> Price {
    match level {
        PriceLevel::Low => price.fact.value = price.fact.low.unwrap_or(price.fact.value),
        PriceLevel::Typical => {}
        PriceLevel::High => price.fact.value = price.fact.high.unwrap_or(price.fact.value),
    }
    price
}

/// The newest maker's or street price on `date`; the range is that of all offers of the half year before it.
fn as_of(catalog: &Catalog, machine: &Machine, date: crate::spec::Date) -> Option<Price> {
    let day = date.latest_day();
    let known: Vec<&PricePoint> = catalog
        .prices
        .iter()
        .filter(|point| point.machine.as_deref() == Some(&machine.id) && point.currency == Currency::Usd)
        .filter(|point| point.date <= day)
        .collect();
    let newest = known.iter().map(|point| point.date).max()?;
    let mut latest: Vec<&PricePoint> = known.iter().copied().filter(|point| point.date == newest).collect();
    latest.sort_by(|a, b| a.amount.total_cmp(&b.amount));
    let typical = *latest.get(latest.len() / 2)?;
    let recent = known.iter().filter(|point| newest.days_since_epoch() - point.date.days_since_epoch() <= 183);
    let (low, high) = recent
        .fold((typical.amount, typical.amount), |(low, high), point| (low.min(point.amount), high.max(point.amount)));
    let basis = match typical.kind {
        PriceKind::Launch | PriceKind::List => Basis::Vendor,
        PriceKind::Street | PriceKind::Listing => Basis::Measured,
    };
    let fact = Fact {
        value: typical.amount,
        basis,
        low: (low < typical.amount).then_some(low),
        high: (high > typical.amount).then_some(high),
        source: typical.source.clone(),
        date: Some(typical.date),
        note: format!("{}, as of {date}", typical.sold_as),
    };
    Some(Price { fact, kind: typical.kind.word().to_owned() })
}
