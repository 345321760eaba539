//! The list of prices: for each machine the observed prices, oldest first, and the price in use, each with its age.

use serde_json::{Value, json};

use super::Failure;
use super::list::values;
use super::output::Table;
use crate::model::answer::{Age, age_today, amount, history};
use crate::model::catalog::Catalog;
use crate::model::facts::{Currency, Date, Machine, MachinePrice, PricePoint};
use crate::model::units::{Amount, Unit};

/// Returns the prices of all machines, and of products that are not in the catalog.
pub(super) fn prices(catalog: &Catalog) -> Result<(Value, Table), Failure> {
    let mut rows = Vec::new();
    for machine in &catalog.machines {
        rows.extend(history(catalog, &machine.id).points.into_iter().map(|point| Row::seen(catalog, point)));
        rows.extend(machine.price.as_ref().map(|price| Row::in_use(catalog, machine, price)));
    }
    let others = catalog.prices.iter().filter(|point| point.machine.is_none());
    rows.extend(others.map(|point| Row::seen(catalog, point)));
    let mut table = Table::of(["machine", "sold as", "price", "kind", "date", "age", "use"]);
    let old = |row: &Row<'_>| row.age.is_some_and(|age| age.outdated.is_some());
    let marked = rows.iter().filter(|row| row.is_in_use && old(row)).count();
    for row in &rows {
        table.push([
            row.machine.unwrap_or("none").to_owned(),
            row.sold_as.to_owned(),
            row.amount.clone(),
            row.kind.to_owned(),
            row.date.map_or("not known".to_owned(), |date| date.to_string()),
            row.age.map_or("not known".to_owned(), |age| Amount::exact(age.days as f64, Unit::Days).to_string()),
            row.remark().to_owned(),
        ]);
    }
    let days = catalog.assumption("price_outdated_days").map(|entry| entry.fact.value);
    table.notes.extend(days.map(|days| {
        format!(
            "{marked} prices in use are older than {}: a verdict that rests on one of them is marked as close",
            Amount::exact(days, Unit::Days)
        )
    }));
    Ok((Value::Array(rows.iter().map(Row::json).collect::<Result<_, _>>()?), table))
}

/// A price with its age.
struct Row<'c> {
    id: &'c str,
    machine: Option<&'c str>,
    sold_as: &'c str,
    amount: String,
    value: f64,
    range: [Option<f64>; 2],
    currency: Currency,
    kind: &'c str,
    date: Option<Date>,
    age: Option<Age>,
    is_in_use: bool,
    secondary: bool,
    source: &'c [String],
    note: &'c str,
}

impl<'c> Row<'c> {
    /// Returns the row of an observed price.
    fn seen(catalog: &Catalog, point: &'c PricePoint) -> Self {
        Self {
            id: &point.id,
            machine: point.machine.as_deref(),
            sold_as: &point.sold_as,
            amount: amount(point),
            value: point.amount,
            range: [None, None],
            currency: point.currency,
            kind: point.kind.word(),
            date: Some(point.date),
            age: age_today(catalog, point.date),
            is_in_use: false,
            secondary: point.secondary,
            source: &point.source,
            note: &point.note,
        }
    }

    /// Returns the row of the price that answers use; it has the id of the machine.
    fn in_use(catalog: &Catalog, machine: &'c Machine, price: &'c MachinePrice) -> Self {
        let fact = &price.usd;
        Self {
            id: &machine.id,
            machine: Some(&machine.id),
            sold_as: &machine.name,
            amount: Amount::exact(fact.value, Unit::Usd).to_string(),
            value: fact.value,
            range: [fact.low, fact.high],
            currency: Currency::Usd,
            kind: &price.kind,
            date: fact.date,
            age: fact.date.and_then(|date| age_today(catalog, date)),
            is_in_use: true,
            secondary: false,
            source: &fact.source,
            note: &fact.note,
        }
    }

    /// Returns the use of the price in answers, in words.
    fn remark(&self) -> &'static str {
        match (self.is_in_use, self.age.is_some_and(|age| age.outdated.is_some())) {
            (true, true) => "in use, outdated",
            (true, false) => "in use",
            (false, _) if self.secondary => "widens the range",
            (false, _) => "",
        }
    }

    fn json(&self) -> Result<Value, Failure> {
        Ok(json!({
            "id": self.id, "machine": self.machine, "sold_as": self.sold_as, "amount": self.value,
            "low": self.range[0], "high": self.range[1], "currency": values(&[self.currency])?[0], "kind": self.kind,
            "date": self.date.map(|date| date.to_string()), "age_days": self.age.map(|age| age.days),
            "outdated": self.age.map(|age| age.outdated.is_some()), "in_use": self.is_in_use,
            "secondary": self.secondary, "source": self.source, "note": self.note,
        }))
    }
}
