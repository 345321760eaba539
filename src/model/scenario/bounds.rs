//! The readers of a scenario file's values. They check while the parser is at the value, so that an error has its
//! place: numbers must be within their range, texts and lists within their length.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::de::Error;
use serde::{Deserialize, Deserializer};

use super::range::{
    ACCEPTANCE, ACTIVE, BANDWIDTH, BOXES, CONCURRENCY, CONTEXT, CORES, DRAFT, MACHINES, MEMORY, MICRO_BATCH, PARAMS,
    PCIE, READ_GB, REQUEST, Range, SCALING, SPEED, TFLOPS, USD, USD_PER_UNIT, UTILISATION, WAIT, WATTS, YEARS,
};
use super::setups::canonical;

/// Longest list or map.
const LIST: usize = 256;
/// Longest short text, in characters.
const TEXT: usize = 200;
/// Longest note, in bytes.
const NOTE: usize = 4096;

fn check<E: Error>(range: &Range, value: f64) -> Result<f64, E> {
    range.check(value).map_err(E::custom)
}

macro_rules! readers {
    ($($name:ident: $range:ident;)*) => {$(
        pub(crate) fn $name<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
            check(&$range, f64::deserialize(from)?)
        }
    )*};
}

macro_rules! optional_readers {
    ($($name:ident: $range:ident;)*) => {$(
        pub(crate) fn $name<'de, D: Deserializer<'de>>(from: D) -> Result<Option<f64>, D::Error> {
            Option::<f64>::deserialize(from)?.map(|value| check(&$range, value)).transpose()
        }
    )*};
}

macro_rules! whole_readers {
    ($($name:ident: $range:ident;)*) => {$(
        pub(crate) fn $name<'de, D: Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
            let value = u64::deserialize(from)?;
            check(&$range, value as f64)?;
            Ok(value)
        }
    )*};
}

readers! { params: PARAMS; read_gb: READ_GB; }
whole_readers! { concurrency: CONCURRENCY; context: CONTEXT; request: REQUEST; }
optional_readers! {
    active: ACTIVE; usd: USD; usd_per_unit: USD_PER_UNIT; watts: WATTS; speed: SPEED; wait: WAIT; years: YEARS;
    utilisation: UTILISATION; draft: DRAFT; acceptance: ACCEPTANCE; bandwidth: BANDWIDTH; memory: MEMORY; tflops: TFLOPS;
    scaling: SCALING; cores: CORES; pcie: PCIE;
}
#[cfg(feature = "tui")]
use super::range::MINUTES;
#[cfg(feature = "tui")]
optional_readers! { minutes: MINUTES; }

/// Reads the tokens of a request, which may be missing.
pub(crate) fn optional_request<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u64>, D::Error> {
    let check = |tokens: u64| check(&REQUEST, tokens as f64).map(|_| tokens);
    Option::<u64>::deserialize(from)?.map(check).transpose()
}

/// Reads the tokens of a micro-batch, which may be missing.
pub(crate) fn micro_batch<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u64>, D::Error> {
    let check = |tokens: u64| check(&MICRO_BATCH, tokens as f64).map(|_| tokens);
    Option::<u64>::deserialize(from)?.map(check).transpose()
}

/// Reads the number of linked boxes, which may be missing.
pub(crate) fn boxes<'de, D: Deserializer<'de>>(from: D) -> Result<Option<f64>, D::Error> {
    let whole = |count: f64| match count.fract() {
        0.0 => check(&BOXES, count),
        _ => Err(Error::custom("boxes are counted in whole numbers")),
    };
    Option::<f64>::deserialize(from)?.map(whole).transpose()
}

/// Reads a name or title: one line of at most 200 characters.
pub(crate) fn text<'de, D: Deserializer<'de>, T: From<String>>(from: D) -> Result<T, D::Error> {
    let text = String::deserialize(from)?;
    if text.contains('\n') {
        return Err(Error::custom("a line break is not allowed here; only a note may have several lines"));
    }
    if text.chars().count() > TEXT { Err(too_long(TEXT, "characters")) } else { Ok(text.into()) }
}

/// Reads a name that may be missing.
pub(crate) fn optional_text<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<Text>::deserialize(from)?.map(|text| text.0))
}

/// Reads a longer text of several lines, at most 4 KiB.
pub(crate) fn note<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let text = String::deserialize(from)?;
    if text.len() > NOTE { Err(too_long(NOTE, "bytes")) } else { Ok(text) }
}

/// Reads a list of names without duplicates.
pub(crate) fn texts<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let texts: Vec<String> = Vec::<Text>::deserialize(from)?.into_iter().map(|text| text.0).collect();
    for (at, text) in texts.iter().enumerate() {
        if texts[..at].contains(text) {
            return Err(Error::custom(format_args!("\"{text}\" is in this list twice")));
        }
    }
    if texts.len() > LIST { Err(too_long(LIST, "entries")) } else { Ok(texts) }
}

/// Reads the list of the machines that are compared.
pub(crate) fn machines<'de, D: Deserializer<'de>>(from: D) -> Result<Arc<Vec<String>>, D::Error> {
    let machines = texts(from)?;
    if machines.is_empty() {
        return Err(Error::custom("at least one machine is needed here"));
    }
    if machines.len() > *MACHINES.end() {
        return Err(too_long(*MACHINES.end(), "machines"));
    }
    let named: Result<Vec<String>, _> = machines.iter().map(|name| canonical(name)).collect();
    named.map(Arc::new).map_err(Error::custom)
}

/// Reads a map with names as keys.
pub(crate) fn map<'de, D: Deserializer<'de>, V: Deserialize<'de>>(from: D) -> Result<BTreeMap<String, V>, D::Error> {
    let map = BTreeMap::<Text, V>::deserialize(from)?;
    if map.len() > LIST {
        return Err(too_long(LIST, "entries"));
    }
    Ok(map.into_iter().map(|(key, value)| (key.0, value)).collect())
}

/// Reads a map from names to names.
pub(crate) fn names<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<String, String>, D::Error> {
    Ok(map::<D, Text>(from)?.into_iter().map(|(key, value)| (key, value.0)).collect())
}

/// Reads a map from names to prices in USD.
pub(crate) fn prices<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<String, f64>, D::Error> {
    Ok(map::<D, Price>(from)?.into_iter().map(|(key, value)| (key, value.0)).collect())
}

fn too_long<E: Error>(most: usize, what: &str) -> E {
    E::custom(format_args!("this is too long; at most {most} {what} are allowed"))
}

#[derive(Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(transparent)]
struct Text(#[serde(deserialize_with = "text")] String);

struct Price(f64);

impl<'de> Deserialize<'de> for Price {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        check(&USD, f64::deserialize(from)?).map(Price)
    }
}
