//! The price of a machine: the scenario's, the price on a date, or the catalog's.

use std::borrow::Cow;

use super::Shared;
use crate::model::catalog::Catalog;
use crate::model::estimate::trace::{Provenance, Sourced};
use crate::model::estimate::verdict::PriceRange;
use crate::model::facts::{Basis, Currency, Date, Event, Fact, Machine, PricePoint};
use crate::model::scenario::what_if::times;
use crate::model::scenario::{PriceLevel, Scenario};
use crate::model::units::{Amount, Unit};

/// Greatest age of an offer that is counted, in days before the newest price.
const HALF_A_YEAR: i64 = 183;
/// Most lower offers that are listed.
const OFFERS: usize = 3;

/// A price in USD with its range, date and basis.
#[derive(Clone, Debug, PartialEq)]
pub struct Price<'c> {
    /// The price in use; `low` and `high` are the range found.
    pub fact: Cow<'c, Fact>,
    /// The kind of price, in words.
    pub kind: Cow<'c, str>,
    /// Its age; `None` for a price that the scenario states or that has no date.
    pub age: Option<Age>,
}

/// The age of a price on [`Catalog::today`], or on the date that the scenario takes prices from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Age {
    /// Days from the price's date to that day; 0 if the price is newer.
    pub days: i64,
    /// Share by which the price may have changed, if it is too old to be relied on.
    pub outdated: Option<f64>,
}

impl Age {
    /// Returns the age in words: `83 days old`.
    #[must_use]
    pub fn words(self) -> String {
        format!("{} old", Amount::exact(self.days as f64, Unit::Days))
    }
}

impl Price<'_> {
    /// Returns the price as an input of the estimate of `machine`.
    pub(super) fn known<'a>(&'a self, machine: &'a Machine) -> Sourced<'a> {
        let known = Sourced::fact(&self.fact, &machine.id, 1.0);
        if self.fact.source.is_empty() { Sourced { provenance: Provenance::Setting("price"), ..known } } else { known }
    }

    /// Returns the price as the verdict takes it: `price_is_uncertain` is true if sources dispute it or it is outdated.
    #[must_use]
    pub fn range(&self) -> PriceRange {
        let Fact { value, low, high, basis, .. } = &*self.fact;
        let drift = self.age.and_then(|age| age.outdated);
        let off = value * drift.unwrap_or(0.0);
        let (low, high) = (low.unwrap_or(value - off), high.unwrap_or(value + off));
        let price_is_uncertain = *basis == Basis::Contested || drift.is_some();
        PriceRange { usd: *value, low, high, price_is_uncertain, host: None }
    }
}

/// Returns the price of `machine` in the scenario; `None` if no price in USD is known.
pub(super) fn of<'c>(catalog: &'c Catalog, scenario: &Scenario, machine: &Shared<'c, Machine>) -> Option<Price<'c>> {
    let asked = &scenario.price;
    let own = asked.own.get(&machine.id).copied().or_else(|| scenario.what_if.get(&machine.id)?.price_usd);
    if let Some(own) = own {
        let fact = Cow::Owned(Fact::assumed(own, "your price"));
        return Some(Price { fact, kind: Cow::Borrowed("your price"), age: None });
    }
    let price = if let Some(date) = asked.as_of {
        let (sold_as, count) = scenario.sold_as(&machine.id);
        let price = as_of(catalog, sold_as, date)?;
        Price { fact: Cow::Owned(times(&price.fact, count)), ..price }
    } else {
        let (fact, kind) = match machine {
            Shared::Known(machine) => {
                machine.price.as_ref().map(|price| (Cow::Borrowed(&price.usd), Cow::Borrowed(price.kind.as_str())))
            }
            // A machine that a what-if changes carries its price itself.
            Shared::Made(machine) => machine.price.clone().map(|price| (Cow::Owned(price.usd), Cow::Owned(price.kind))),
        }?;
        Price { fact, kind, age: None }
    };
    let today = asked.as_of.map(Date::latest_day).or_else(|| catalog.today());
    let age = price.fact.date.zip(today).map(|(date, today)| age(catalog, date, today));
    Some(at_level(Price { age, ..price }, asked.level))
}

/// Returns the age today of a price of `date`; `None` if the catalog does not know today's date.
#[must_use]
pub fn age_today(catalog: &Catalog, date: Date) -> Option<Age> {
    catalog.today().map(|today| age(catalog, date, today))
}

/// Returns the age on `today` of a price of `date`. A price that states only its month counts as of the month's last
/// day.
fn age(catalog: &Catalog, date: Date, today: Date) -> Age {
    let days = (today.days_since_epoch() - date.latest_day().days_since_epoch()).max(0);
    let number = |id: &str| catalog.assumption(id).map(|entry| entry.fact.value);
    let too_old = number("price_outdated_days").is_some_and(|most| days as f64 > most);
    Age { days, outdated: if too_old { number("price_drift_share") } else { None } }
}

fn at_level(mut price: Price<'_>, level: PriceLevel) -> Price<'_> {
    let edge = match level {
        PriceLevel::Low => price.fact.low,
        PriceLevel::Typical => None,
        PriceLevel::High => price.fact.high,
    };
    if let Some(edge) = edge {
        price.fact.to_mut().value = edge;
    }
    price
}

/// Returns the latest launch, list or street price as of `date`; its range is that of all offers of the half year
/// before.
fn as_of(catalog: &Catalog, machine: &str, date: Date) -> Option<Price<'static>> {
    let day = date.latest_day();
    let known: Vec<&PricePoint> = catalog
        .prices
        .iter()
        .filter(|point| point.machine.as_deref() == Some(machine) && point.currency == Currency::Usd)
        .filter(|point| point.date <= day)
        .collect();
    let newest = known.iter().filter(|point| !point.secondary).map(|point| point.date).max()?;
    let on_that_day = |point: &&PricePoint| point.date == newest && !point.secondary;
    let mut latest: Vec<&PricePoint> = known.iter().copied().filter(on_that_day).collect();
    latest.sort_by(|a, b| a.amount.total_cmp(&b.amount));
    let typical = *latest.get(latest.len() / 2)?;
    // The median of an even number of prices is the mean of the two in the middle.
    let other = latest.get((latest.len() - 1) / 2).map_or(typical.amount, |point| point.amount);
    let median = f64::midpoint(typical.amount, other);
    let recent = known.iter().filter(|point| newest.days_since_epoch() - point.date.days_since_epoch() <= HALF_A_YEAR);
    let (low, high) =
        recent.fold((median, median), |(low, high), point| (low.min(point.amount), high.max(point.amount)));
    let fact = Fact {
        value: median,
        basis: typical.kind.basis(),
        low: (low < median).then_some(low),
        high: (high > median).then_some(high),
        source: typical.source.clone(),
        date: Some(typical.date),
        note: format!("{}, as of {date}", typical.sold_as),
    };
    Some(Price { fact: Cow::Owned(fact), kind: Cow::Borrowed(typical.kind.word()), age: None })
}

/// Returns a sentence with the price in use, the lower offers, and the reason why they are not used; `None` if there
/// are none.
pub(super) fn in_use(catalog: &Catalog, machine: &str, price: &Price<'_>) -> Option<String> {
    let newest = price.fact.date?;
    let recent = |point: &&PricePoint| newest.days_since_epoch() - point.date.days_since_epoch() <= HALF_A_YEAR;
    let lower = |point: &&PricePoint| {
        point.machine.as_deref() == Some(machine) && point.currency == Currency::Usd && point.amount < price.fact.value
    };
    let mut lower: Vec<&PricePoint> = catalog.prices.iter().filter(lower).filter(recent).collect();
    lower.sort_by_key(|point| std::cmp::Reverse(point.date));
    let offers: Vec<String> = lower
        .iter()
        .take(OFFERS)
        .map(|point| {
            let why = if point.secondary { ", another product or not in stock" } else { "" };
            format!("{} of {} ({}{why})", amount(point), point.date, point.sold_as)
        })
        .collect();
    let more = lower.len().saturating_sub(offers.len());
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    (!offers.is_empty()).then(|| {
        format!(
            "price in use: {}, {} of {newest}, as the maker's or the street's newest counts; lower offers of the half year \
             before are not used: {}{more}; --price {machine}=USD sets yours",
            Amount::exact(price.fact.value, Unit::Usd),
            price.kind,
            offers.join(", ")
        )
    })
}

/// The prices of a machine over time, oldest first, and the events that moved them.
#[derive(Clone, Debug, Default)]
pub struct History<'c> {
    /// Prices of any kind and currency.
    pub points: Vec<&'c PricePoint>,
    /// Events that affect the machine.
    pub events: Vec<&'c Event>,
}

/// Returns the price history of a machine.
#[must_use]
pub fn history<'c>(catalog: &'c Catalog, machine: &str) -> History<'c> {
    let of_machine = |point: &&PricePoint| point.machine.as_deref() == Some(machine);
    let mut points: Vec<&PricePoint> = catalog.prices.iter().filter(of_machine).collect();
    points.sort_by_key(|point| point.date);
    let mut events: Vec<&Event> =
        catalog.events.iter().filter(|event| event.machines.iter().any(|id| id == machine)).collect();
    events.sort_by_key(|event| event.date);
    History { points, events }
}

/// Returns the latest price of a machine in a currency other than USD, in words. It is shown apart and never counted.
#[must_use]
pub fn elsewhere(catalog: &Catalog, machine: &str) -> Option<String> {
    let told = |point: &&PricePoint| point.machine.as_deref() == Some(machine) && point.currency != Currency::Usd;
    let newest = catalog.prices.iter().filter(told).max_by_key(|point| point.date)?;
    Some(format!("{} of {}", amount(newest), newest.date))
}

/// Returns the amount of an offer in its currency: `EUR 6,600 incl. VAT`.
#[must_use]
pub fn amount(point: &PricePoint) -> String {
    match point.currency {
        Currency::Usd => Amount::exact(point.amount, Unit::Usd).to_string(),
        Currency::Thb => format!("{} THB", Amount::exact(point.amount, Unit::Count)),
        Currency::Eur => format!("{} incl. VAT", Amount::exact(point.amount, Unit::Eur)),
    }
}
