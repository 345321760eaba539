//! Checks of a benchmark row against the catalog: layers, bytes and parameters of its model, memory and ceiling of its
//! machine. A difference becomes a sentence with both numbers; an impossible row is refused.

use super::Row;
use super::names::has_params;
use super::which::Unresolved;
use crate::model::calibrate::replay::replay;
use crate::model::catalog::Catalog;
use crate::model::facts::{Date, Format, Measurement, Model};
use crate::model::units::{Amount, Digits, Unit};

/// The largest relative difference in bytes at which a file has the catalog's mix of types.
const SAME_SIZE: f64 = 0.03;
/// The largest relative difference in bytes at which a file's speed counts for the catalog's format.
const OTHER_MIX: f64 = 0.08;
/// Factor by which clocks and rounding may lift a measured speed above its ceiling.
const ABOVE: f64 = 1.05;
/// Factor by which a file may exceed the usable memory, since a part of it is never read.
const FITS: f64 = 1.02;
/// The first day of the year in which such models could be run; an earlier date is an error.
const FIRST_YEAR: &str = "2022-01-01";

/// Returns sentences on the differences between a row and the catalog, and marks the measurement as suspect if its
/// parameters or bytes belong to something else.
///
/// # Errors
/// [`Unresolved`] if the row cannot be a measurement of this machine: some layers on another device, a wrong date, too
/// little memory, or a speed above the ceiling.
pub(super) fn against(
    catalog: &Catalog,
    row: &Row,
    made: &mut Measurement,
    today: Date,
) -> Result<Vec<String>, Unresolved> {
    let (machine, model) = (catalog.machine(&made.machine)?, catalog.model(&made.model)?);
    let format = catalog.format(&made.format)?;
    if let Some(on_device) = row.on_device.filter(|layers| *layers < model.layers) {
        return Err(Unresolved::Offloaded { on_device: on_device as u32, layers: model.layers as u32 });
    }
    // llama.cpp counts the output as one more layer, so a number equal to that of the layers leaves the output in
    // system memory.
    if row.on_device.is_some_and(|layers| layers.total_cmp(&model.layers).is_eq()) {
        return Err(Unresolved::OneShort { layers: model.layers as u32 });
    }
    if let Some(date) = row.date.filter(|date| *date > today || FIRST_YEAR.parse().is_ok_and(|first| *date < first)) {
        return Err(Unresolved::BeyondReach(format!("it is dated {date}, and today is {today}")));
    }
    let mut told = Vec::new();
    if let Some(params) = row.named.params.filter(|params| !has_params(model, *params)) {
        told.push(format!(
            "the file says {} parameters and {} has {}: another model, perhaps",
            count(params as f64),
            model.id,
            count(model.total_params)
        ));
        "the file's number of parameters is another model's".clone_into(&mut made.suspect);
    }
    let expected = bytes(model, format);
    let actual = row.size_bytes.unwrap_or(expected);
    if (actual / expected - 1.0).abs() > SAME_SIZE {
        let gib = |bytes: f64| Amount::new(bytes, Unit::MemoryBytes, Digits::Significant(4)).to_string();
        told.push(format!(
            "the file says {} of weights and {} of {} takes {}: another mix of types",
            gib(actual),
            format.id,
            model.id,
            gib(expected)
        ));
        if (actual / expected - 1.0).abs() > OTHER_MIX {
            made.suspect = format!("{} of weights, where {} takes {}", gib(actual), format.id, gib(expected));
        }
    }
    let usable = machine.most_usable_gib() * 1_073_741_824.0;
    if actual > FITS * usable {
        return Err(Unresolved::BeyondReach(format!(
            "{} of weights do not fit the {} that {} can use",
            Amount::computed(actual, Unit::MemoryBytes),
            Amount::computed(usable, Unit::MemoryBytes),
            machine.id
        )));
    }
    if let Some(ceiling) = ceiling(catalog, made, actual / expected)
        && made.tok_s > ABOVE * ceiling
        && !row.speculative
    {
        return Err(Unresolved::BeyondReach(format!(
            "{} is above the ceiling of {}, {}: no such run can be",
            Amount::exact(made.tok_s, Unit::TokensPerSecond),
            machine.id,
            Amount::computed(ceiling, Unit::TokensPerSecond)
        )));
    }
    if row.speculative {
        told.push("drafts were used: the rows are shown, and no fit takes them".to_owned());
    }
    Ok(told)
}

/// Returns the highest speed that is possible, tokens per second.
///
/// For decode it is the bandwidth divided by the bytes of a step, for prefill [`BEYOND_BAND`] times the upper edge of
/// the band. `size` is the ratio of the row's bytes of weights to the catalog's.
fn ceiling(catalog: &Catalog, made: &Measurement, size: f64) -> Option<f64> {
    let row = Measurement { suspect: String::new(), speculative: false, ..made.clone() };
    let replay = replay(catalog, &catalog.efficiency, &row).ok()?;
    let by_bandwidth = replay.naive().map(|naive| naive / size.min(1.0));
    by_bandwidth.or_else(|| Some(replay.predicted()?.high * BEYOND_BAND))
}

/// Factor on the upper edge of an estimate's band, above which a measured speed is taken for an error.
const BEYOND_BAND: f64 = 4.0;

fn bytes(model: &Model, format: &Format) -> f64 {
    let classes = model.bytes_in(&format.id).copied();
    let classes = classes.unwrap_or_else(|| model.params.zip(&format.bits, |params, bits| params * bits / 8.0));
    classes.total() + model.table_bytes(format)
}

fn count(value: f64) -> Amount {
    Amount::computed(value, Unit::Count)
}
