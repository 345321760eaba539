//! Reading rows of observed prices of machines, rents of GPUs, prices of APIs and prices of electricity.

use super::cite::free_id;
use super::{Reader, Row};
use crate::model::facts::{
    ApiPrice, Basis, CloudPrice, Currency, Date, Electricity, Fact, PriceKind, PricePoint, Sources,
};
use crate::model::ron_file::FileError;

/// The columns of a table of prices.
pub(super) const PRICES: &[&str] = &["machine", "sold_as", "date", "price", "currency", "kind", "source"];
/// The columns of a table of rents.
pub(super) const CLOUD: &[&str] =
    &["gpu", "usd_per_hour_low", "usd_per_hour_median", "usd_per_hour_high", "date", "source"];
/// The columns of a table of API prices.
pub(super) const API_PRICES: &[&str] = &[
    "model",
    "usd_per_mtok_in_low",
    "usd_per_mtok_in_median",
    "usd_per_mtok_in_high",
    "usd_per_mtok_out_low",
    "usd_per_mtok_out_median",
    "usd_per_mtok_out_high",
    "date",
    "source",
];
/// The columns of a table of electricity prices.
pub(super) const ELECTRICITY: &[&str] = &["region", "price_per_kwh", "currency", "period", "source", "basis"];

const CURRENCIES: &[(&str, Currency)] = &[("USD", Currency::Usd), ("EUR", Currency::Eur), ("THB", Currency::Thb)];

const KINDS: &[(&str, PriceKind)] = &[
    ("launch", PriceKind::Launch),
    ("list", PriceKind::List),
    ("street", PriceKind::Street),
    ("used", PriceKind::Street),
    ("listing", PriceKind::Listing),
];

/// Reads a price. Its id consists of the machine, or else the product, and the date.
pub(super) fn price(reader: &mut Reader<'_>, row: &Row<'_>) -> Result<(), FileError> {
    let Some(date) = row.date("date")? else {
        reader.leave_out(row, "a price needs the day or month on which it was seen");
        return Ok(());
    };
    let amount = row.number("price")?.ok_or_else(|| row.fault("price is empty"))?;
    let currency = row.one_of("currency", CURRENCIES)?.ok_or_else(|| row.fault("currency is empty"))?;
    let kind = row.one_of("kind", KINDS)?.ok_or_else(|| row.fault("kind is empty"))?;
    let sold_as = row.required("sold_as")?;
    let machine = row.text("machine").map(str::to_owned);
    let word = |text: &str| text.to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric() && c != '.', "-");
    let own = format!("own.{}.{date}", word(machine.as_deref().unwrap_or(sold_as)));
    let id = free_id(&own, |id| reader.facts.prices.iter().any(|point| point.id == id));
    let source = reader.citations.cite(row.text("source"), date);
    let sold_as = sold_as.to_owned();
    let note = row.text("source").unwrap_or_default().to_owned();
    let point = PricePoint { id, machine, sold_as, amount, currency, kind, secondary: false, date, source, note };
    reader.facts.prices.push(point);
    Ok(())
}

/// Reads the rent of a machine; a row that has a range and no median is left out.
pub(super) fn cloud(reader: &mut Reader<'_>, row: &Row<'_>) -> Result<(), FileError> {
    let id = row.required("gpu")?.to_owned();
    let Some(date) = row.date("date")? else {
        reader.leave_out(row, &format!("{id}: a rent needs the day or month on which it was seen"));
        return Ok(());
    };
    if row.text("usd_per_hour_median").is_none() {
        reader.leave_out(row, &format!("{id}: it has no median"));
    } else if reader.facts.cloud.iter().any(|there| there.id == id) {
        reader.leave_out(row, &format!("{id}: an earlier row has its rent"));
    } else {
        let usd_per_hour = ranged(reader, row, "usd_per_hour", date)?;
        reader.facts.cloud.push(CloudPrice { id, usd_per_hour });
    }
    Ok(())
}

/// Reads a model's API prices; if several rows are about one model, the newest counts.
pub(super) fn api_price(reader: &mut Reader<'_>, row: &Row<'_>) -> Result<(), FileError> {
    let id = row.required("model")?.to_owned();
    let Some(date) = row.date("date")? else {
        reader.leave_out(row, &format!("{id}: a price needs the day or month on which it was seen"));
        return Ok(());
    };
    let input_usd_per_mtok = ranged(reader, row, "usd_per_mtok_in", date)?;
    let output_usd_per_mtok = ranged(reader, row, "usd_per_mtok_out", date)?;
    let new = ApiPrice { id, input_usd_per_mtok, output_usd_per_mtok };
    let there = reader.facts.api_prices.iter().position(|there| there.id == new.id);
    match there.and_then(|at| reader.facts.api_prices.get_mut(at)) {
        None => reader.facts.api_prices.push(new),
        Some(there) => {
            if there.output_usd_per_mtok.date < new.output_usd_per_mtok.date {
                *there = new;
            }
            reader.leave_out(row, "of several rows about this model the newest counts");
        }
    }
    Ok(())
}

/// Returns the median price on `date` with its range.
fn ranged(reader: &mut Reader<'_>, row: &Row<'_>, column: &str, date: Date) -> Result<Fact, FileError> {
    let median = format!("{column}_median");
    let value = row.number(&median)?.ok_or_else(|| row.fault(&format!("{median} is empty")))?;
    let (low, high) = (row.number(&format!("{column}_low"))?, row.number(&format!("{column}_high"))?);
    let source = reader.citations.cite(row.text("source"), date);
    Ok(Fact { value, basis: Basis::Measured, low, high, source, date: Some(date), note: String::new() })
}

/// Reads the price of electricity in a region; its date is the year or month with which the period begins.
pub(super) fn electricity(reader: &mut Reader<'_>, row: &Row<'_>) -> Result<(), FileError> {
    let id = row.required("region")?.to_lowercase();
    let period = row.required("period")?.to_owned();
    let Some(date) = period.split_whitespace().next().and_then(|word| word.parse::<Date>().ok()) else {
        let why = "its period begins with no year, such as 2025, or month, such as 2026-09";
        reader.leave_out(row, &format!("{id}: {why}"));
        return Ok(());
    };
    let source: Sources = reader.citations.cite(row.text("source"), date);
    let fact = row.fact("price_per_kwh", "basis", &(source, Some(date)))?;
    let per_kwh = fact.ok_or_else(|| row.fault("price_per_kwh is empty"))?;
    let currency = row.one_of("currency", CURRENCIES)?.ok_or_else(|| row.fault("currency is empty"))?;
    if reader.facts.electricity.iter().any(|there| there.id == id) {
        reader.leave_out(row, &format!("{id}: an earlier row has its price"));
        return Ok(());
    }
    reader.facts.electricity.push(Electricity { id, per_kwh, currency, period });
    Ok(())
}
