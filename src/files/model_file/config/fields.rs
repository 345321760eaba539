//! Reading a field of a `config.json`: a number within bounds, a flag, a list, or a sentence naming what is missing.

use std::cell::RefCell;
use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// The largest number that a field of a configuration may hold; far above any model, far below what loses digits.
const MOST: f64 = 1e9;
/// The most layers.
const MOST_LAYERS: f64 = 4096.0;

/// The fields of a configuration.
#[derive(Clone, Copy, Debug)]
pub struct Fields<'a> {
    map: &'a Map<String, Value>,
    read: Option<&'a RefCell<BTreeSet<String>>>,
}

/// A number, or the one that a list of equal numbers holds.
fn number_of(value: &Value) -> Option<f64> {
    match value.as_array() {
        Some(list) => {
            let first = list.first()?.as_f64()?;
            list.iter().all(|other| other.as_f64() == Some(first)).then_some(first)
        }
        None => value.as_f64(),
    }
}

/// A field that is missing or cannot be used, as a sentence.
pub type Read<T> = Result<T, String>;

impl<'a> Fields<'a> {
    /// The fields of an object.
    pub fn new(map: &'a Map<String, Value>) -> Self {
        Self { map, read: None }
    }

    /// The fields of an object; the names of those that are asked for are noted in `read`.
    pub fn noting(map: &'a Map<String, Value>, read: &'a RefCell<BTreeSet<String>>) -> Self {
        Self { map, read: Some(read) }
    }

    /// All of them.
    pub fn all(self) -> &'a Map<String, Value> {
        self.map
    }

    /// The value of a field; null counts as missing.
    pub fn value(self, name: &str) -> Option<&'a Value> {
        if let Some(read) = self.read {
            read.borrow_mut().insert(name.to_owned());
        }
        self.map.get(name).filter(|value| !value.is_null())
    }

    /// The fields of an object within.
    pub fn object(self, name: &str) -> Option<Fields<'a>> {
        self.value(name)?.as_object().map(Fields::new)
    }

    /// A number, where the field is there.
    pub fn maybe(self, name: &str) -> Read<Option<f64>> {
        let Some(value) = self.value(name) else { return Ok(None) };
        let number = number_of(value).filter(|number| number.fract() == 0.0 && (0.0..=MOST).contains(number));
        number.map(Some).ok_or_else(|| format!("the field `{name}` is not a whole number from 0 to 1000000000"))
    }

    /// A number, or what the architecture takes where the field is not there.
    pub fn or(self, name: &str, otherwise: f64) -> Read<f64> {
        Ok(self.maybe(name)?.unwrap_or(otherwise))
    }

    /// A number that has to be there, under the first of the names that is; above zero.
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

    /// A number that has to be there, above zero.
    pub fn number(self, name: &str) -> Read<f64> {
        self.any(&[name])
    }

    /// The number of layers.
    pub fn layers(self) -> Read<usize> {
        let layers = self.any(&["num_hidden_layers", "n_layer", "n_layers", "num_layers"])?;
        if layers > MOST_LAYERS {
            return Err(format!("{layers} layers are more than {MOST_LAYERS}, the most that is read"));
        }
        Ok(layers as usize)
    }

    /// A flag, or what the architecture takes where the field is not there.
    pub fn flag(self, name: &str, otherwise: bool) -> Read<bool> {
        match self.value(name) {
            None => Ok(otherwise),
            Some(value) => value.as_bool().ok_or_else(|| format!("the field `{name}` is neither true nor false")),
        }
    }

    /// A text.
    pub fn text(self, name: &str) -> Option<&'a str> {
        self.value(name)?.as_str()
    }

    /// A list of texts, one per layer.
    pub fn texts(self, name: &str) -> Option<Vec<&'a str>> {
        self.value(name)?.as_array()?.iter().map(Value::as_str).collect()
    }

    /// A list of whole numbers, such as the places of layers.
    pub fn numbers(self, name: &str) -> Option<Vec<usize>> {
        let places = self.value(name)?.as_array()?;
        places.iter().map(|place| place.as_u64().map(|place| place as usize)).collect()
    }
}
