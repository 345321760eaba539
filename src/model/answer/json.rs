//! Answers as JSON with the fields that scripts rely on: the figures at their paths, then descriptions.

use serde::ser::SerializeSeq;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use super::{Against, Answer, Answers, FIGURES, pays};
use crate::model::estimate::case::Load;
use crate::model::estimate::figures::Bound;
use crate::model::facts::{Measurement, Test};
use crate::model::units::short_tokens;

/// Returns a number as JSON: null if it is not known or does not apply, and whole numbers without a fraction.
#[must_use]
pub fn json_number(value: impl Into<Option<f64>>) -> Value {
    value.into().filter(|value| value.is_finite()).map_or(Value::Null, |value| {
        if value.fract() == 0.0 && value.abs() < 9e15 { Value::from(value as i64) } else { Value::from(value) }
    })
}

impl Serialize for Answer<'_> {
    /// Writes the answer of one machine, without the load and without published measurements.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        record(self, None, &[]).serialize(serializer)
    }
}

impl Serialize for Answers<'_> {
    /// Writes a list with an object for each machine, in the scenario's order.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.machines.len()))?;
        for at in 0..self.machines.len() {
            list.serialize_element(&self.record(at))?;
        }
        list.end()
    }
}

impl Answers<'_> {
    /// Returns the answer of the machine at index `at` as a JSON object; null if there is none.
    #[must_use]
    pub fn record(&self, at: usize) -> Value {
        let measured: Vec<&Measurement> = self.measured(at).collect();
        self.machines.get(at).map_or(Value::Null, |answer| record(answer, Some(&self.load), &measured))
    }
}

fn record(answer: &Answer<'_>, load: Option<&Load>, measured: &[&Measurement]) -> Value {
    let mut record = Map::new();
    let mut put = |path: &str, value: Value| insert(&mut record, path, value);
    put("machine", json!(answer.machine.id));
    put("model", json!(answer.model.id));
    put("format", json!(answer.format.id));
    put("runtime", json!(answer.runtime.id));
    put("kv_format", json!(answer.kv_format.id));
    for (name, tokens) in load.into_iter().flat_map(|load| {
        [
            ("context", load.context),
            ("prompt", load.prompt),
            ("generate", load.generate),
            ("concurrency", load.concurrency),
        ]
    }) {
        put(name, json_number(tokens));
    }
    for figure in FIGURES {
        put(figure.json, json_number(answer.estimate.as_ref().and_then(|estimate| figure.json_value(estimate))));
    }
    for (path, value) in descriptions(answer) {
        put(path, value);
    }
    put("measured", measured.iter().map(|row| measurement(row)).collect());
    put("evidence.rows", json!(answer.evidence.0));
    put("basis", json!("derived"));
    put("warnings", json!(answer.warnings));
    Value::Object(record)
}

/// Sets the value at a path, whose levels are separated by dots.
fn insert(record: &mut Map<String, Value>, path: &str, value: Value) {
    match path.split_once('.') {
        None => {
            record.insert(path.to_owned(), value);
        }
        Some((group, rest)) => {
            let group = record.entry(group).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(fields) = group {
                insert(fields, rest, value);
            }
        }
    }
}

/// Returns the fields other than figures, with their paths.
fn descriptions(answer: &Answer<'_>) -> Vec<(&'static str, Value)> {
    let (memory, decode) = (answer.estimate.map(|e| e.memory), answer.estimate.map(|e| e.decode));
    let bound = decode.filter(|d| d.speeds.is_some() || d.bound == Bound::Memory).map(|d| d.bound.word());
    let mut fields = vec![
        ("availability", json!(answer.machine.availability.state.word())),
        ("bandwidth.basis", json!(answer.machine.bandwidth_gbs.basis.word())),
        // A model without a recurrent state needs 0 bytes for it, so the field is not null.
        ("memory.state_bytes", json_number(memory.map(|m| m.state.unwrap_or(0.0).round()))),
        ("memory.fits", json!(memory.map(|m| m.fits))),
        ("decode.bound", json!(bound)),
        ("prefill.bound", json!(answer.estimate.and_then(|e| e.prefill).map(|p| p.bound.word()))),
        ("power.host_load_watts", json_number(answer.host.map(|host| host.load_watts.known.value))),
        ("power.card_only", json!(answer.host.is_some_and(|host| !host.load_watts.stated))),
    ];
    fields.extend(price(answer));
    fields.extend(break_even(answer));
    fields.extend(super::setup_json::fields(answer));
    fields
}

/// Returns the fields about the origin of the price. If the scenario states a host, price and range include it.
fn price(answer: &Answer<'_>) -> Vec<(&'static str, Value)> {
    let fact = answer.price.as_ref().map(|price| &price.fact);
    let age = answer.price.as_ref().and_then(|price| price.age);
    let host = answer.host.filter(|host| host.usd.stated).map_or(0.0, |host| host.usd.known.value);
    vec![
        ("cost.price_usd", json_number(fact.map(|f| f.value + host))),
        ("cost.price_low_usd", json_number(fact.and_then(|f| f.low).map(|low| low + host))),
        ("cost.price_high_usd", json_number(fact.and_then(|f| f.high).map(|high| high + host))),
        ("cost.price_date", json!(fact.and_then(|f| f.date).map(|date| date.to_string()))),
        ("cost.price_basis", json!(fact.map(|f| f.basis.word()))),
        ("cost.price_age_days", json!(age.map(|age| age.days))),
        ("cost.price_outdated", json!(age.is_some_and(|age| age.outdated.is_some()))),
        ("cost.elsewhere", json!(answer.elsewhere)),
        ("cost.card_only", json!(answer.card_only())),
        ("cost.host_usd", json_number(answer.host.map(|host| host.usd.known.value))),
    ]
}

/// Returns the fields about renting and APIs, and the comparisons in words.
fn break_even(answer: &Answer<'_>) -> Vec<(&'static str, Value)> {
    let rented = answer.rented.as_ref();
    vec![
        ("break_even.rented", json!(rented.map(|rented| rented.machine.id.as_str()))),
        ("break_even.rented_usd_per_hour", json_number(rented.map(|rented| rented.usd_per_hour.value))),
        ("break_even.rented_tok_s", json_number(rented.map(|rented| rented.tok_s))),
        ("break_even.rent_text", json!(pays(answer, Against::Rent))),
        ("break_even.api_text", json!(pays(answer, Against::Api))),
    ]
}

fn measurement(row: &Measurement) -> Value {
    let test = match row.test {
        Test::Decode => "decode",
        Test::Prefill => "prefill",
        Test::Aggregate => "aggregate",
    };
    let context = row.context.map_or(String::new(), |context| format!(", context {}", short_tokens(context as u64)));
    let conditions = format!("{} {} {}{context}. {}", row.runtime, row.format, row.kv_format, row.note);
    json!({
        "tok_s": row.tok_s,
        "test": test,
        "source": row.source,
        "date": row.date.to_string(),
        "conditions": conditions,
    })
}
