//! Reading fields of a `config.json`: numbers within bounds, flags and lists, with a sentence on what is missing or
//! unusable.

use std::cell::RefCell;
use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// The largest number that a field may hold: far above any model's sizes, far below 2^53, where `f64` loses integers.
const MOST: f64 = 1e9;
/// The most layers of a model that is read.
const MOST_LAYERS: f64 = 4096.0;

/// The fields of a configuration, with an optional record of the names that were read.
#[derive(Clone, Copy, Debug)]
pub struct Fields<'a> {
    map: &'a Map<String, Value>,
    read: Option<&'a RefCell<BTreeSet<String>>>,
}

/// Returns the number, or the number that all entries of a list share.
fn number_of(value: &Value) -> Option<f64> {
    match value.as_array() {
        Some(list) => {
            let first = list.first()?.as_f64()?;
            list.iter().all(|other| other.as_f64() == Some(first)).then_some(first)
        }
        None => value.as_f64(),
    }
}

/// The result of reading a field; the error is a sentence on why it is missing or cannot be used.
pub type Read<T> = Result<T, String>;

impl<'a> Fields<'a> {
    /// Returns the fields of an object without a record of the names that are read.
    pub fn new(map: &'a Map<String, Value>) -> Self {
        Self { map, read: None }
    }

    /// Returns the fields of an object; the names that are read are recorded in `read`.
    pub fn noting(map: &'a Map<String, Value>, read: &'a RefCell<BTreeSet<String>>) -> Self {
        Self { map, read: Some(read) }
    }

    /// Returns all fields.
    pub fn all(self) -> &'a Map<String, Value> {
        self.map
    }

    /// Returns the value of a field; null counts as missing.
    pub fn value(self, name: &str) -> Option<&'a Value> {
        if let Some(read) = self.read {
            read.borrow_mut().insert(name.to_owned());
        }
        self.map.get(name).filter(|value| !value.is_null())
    }

    /// Returns the fields of a nested object; the names that are read in it are not recorded.
    pub fn object(self, name: &str) -> Option<Fields<'a>> {
        self.value(name)?.as_object().map(Fields::new)
    }

    /// Returns a whole number, or `None` if the field is missing.
    pub fn maybe(self, name: &str) -> Read<Option<f64>> {
        let Some(value) = self.value(name) else { return Ok(None) };
        let number = number_of(value).filter(|number| number.fract() == 0.0 && (0.0..=MOST).contains(number));
        number.map(Some).ok_or_else(|| format!("the field `{name}` is not a whole number from 0 to 1000000000"))
    }

    /// Returns a whole number, or `otherwise` if the field is missing.
    pub fn or(self, name: &str, otherwise: f64) -> Read<f64> {
        Ok(self.maybe(name)?.unwrap_or(otherwise))
    }

    /// Returns a number above zero under the first of the names that is present; an error if none is.
    pub fn any(self, names: &[&str]) -> Read<f64> {
        for name in names {
            if let Some(number) = self.maybe(name)? {
                return match number {
                    number if number > 0.0 => Ok(number),
                    _ => Err(format!("the field `{name}` is 0")),
                };
            }
        }
        Err(format!("the field `{}` is missing, and nothing else says it", names.first().copied().unwrap_or_default()))
    }

    /// Returns a number above zero; an error if the field is missing.
    pub fn number(self, name: &str) -> Read<f64> {
        self.any(&[name])
    }

    /// Returns the number of layers.
    pub fn layers(self) -> Read<usize> {
        let layers = self.any(&["num_hidden_layers", "n_layer", "n_layers", "num_layers"])?;
        if layers > MOST_LAYERS {
            return Err(format!("{layers} layers are more than {MOST_LAYERS}, the most that is read"));
        }
        Ok(layers as usize)
    }

    /// Returns a flag, or `otherwise` if the field is missing.
    pub fn flag(self, name: &str, otherwise: bool) -> Read<bool> {
        match self.value(name) {
            None => Ok(otherwise),
            Some(value) => value.as_bool().ok_or_else(|| format!("the field `{name}` is neither true nor false")),
        }
    }

    /// Returns a text; `None` if the field is missing or no text.
    pub fn text(self, name: &str) -> Option<&'a str> {
        self.value(name)?.as_str()
    }

    /// Returns a list of texts, usually one per layer.
    pub fn texts(self, name: &str) -> Option<Vec<&'a str>> {
        self.value(name)?.as_array()?.iter().map(Value::as_str).collect()
    }

    /// Returns a list of whole numbers, such as layer numbers.
    pub fn numbers(self, name: &str) -> Option<Vec<usize>> {
        let places = self.value(name)?.as_array()?;
        places.iter().map(|place| place.as_u64().map(|place| place as usize)).collect()
    }
}
